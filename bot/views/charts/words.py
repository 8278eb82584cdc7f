"""The few words that stand in a picture."""

from dataclasses import dataclass

from bot.domain.roster import Language


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words."""

    no_data: str
    now: str
    lowest: str
    highest: str
    yesterday: str
    more: str


WORDS: dict[Language, Words] = {
    "en": Words(no_data="No data", now="now", lowest="min", highest="max", yesterday="yesterday", more="+{} more"),
    "ru": Words(no_data="Нет данных", now="сейчас", lowest="мин.", highest="макс.", yesterday="вчера", more="ещё {}"),
}
