"""The menu of commands that Telegram shows beside the text field, a language at a time."""

from zoneinfo import ZoneInfo

from bot.domain.roster import Language
from bot.views.translations import Words
from bot.views.verbs import EXPLANATIONS

_LANGUAGES: tuple[Language, ...] = ("en", "ru")


def menus() -> dict[str | None, dict[str, str]]:
    """Language code -> command -> what it does; None is for every language that has no menu of its own."""
    by_language = {language: _menu(language) for language in _LANGUAGES}
    return {None: by_language["en"], **{language: menu for language, menu in by_language.items() if language != "en"}}


def _menu(language: Language) -> dict[str, str]:
    words = Words(language, ZoneInfo("UTC"))
    return {verb.value: words(meaning).plain for verb, meaning in EXPLANATIONS.items()}
