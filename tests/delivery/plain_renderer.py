"""A renderer for tests: incidents are words in a dictionary, and the roster is the demo's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.delivery.rendering import Delivery, EditInPlace, EditMany, Messages, SendNew, Weight
from bot.delivery.slots import CARD_SLOT
from bot.domain.intents import (
    Audience,
    Digest,
    DigestPicture,
    Intent,
    Page,
    Ping,
    RefreshCard,
    RefreshPages,
    RefreshTold,
    ShowPicture,
    TeamPing,
    TeamTell,
    Tell,
)
from bot.store.records import MessageRef, Row
from bot.views.rendered import Button, Rendered

RESPONDERS = -1001001
STAKEHOLDERS = -1001002
PEOPLE = {"anna": 1001, "boris": 1002, "clara": 1003, "dan": 1004, "eve": 1005}


@dataclass
class PlainRenderer:
    """`texts`: what each incident's messages say now. `weights`: how much its card matters. `over`: nothing to say."""

    texts: dict[str, str] = field(default_factory=dict[str, str])
    weights: dict[str, Weight] = field(default_factory=dict[str, Weight])
    over: set[str] = field(default_factory=set[str])
    broken: set[str] = field(default_factory=set[str])

    def chat_of(self, intent: Intent) -> int | None:
        """By the demo's roster."""
        match intent:
            case Page() | Ping() | TeamPing():
                return PEOPLE.get(intent.person)
            case RefreshPages() | ShowPicture():
                return None
            case Digest() | DigestPicture():
                return STAKEHOLDERS
            case RefreshCard() | RefreshTold() | TeamTell():
                return RESPONDERS
            case Tell():
                return RESPONDERS if intent.audience is Audience.THREAD else STAKEHOLDERS

    async def render(  # noqa: C901, PLR0911 - one flat table of intents
        self, intent: Intent, row: Row, messages: Messages
    ) -> Delivery | None:
        """Says the incident's text of this moment."""
        del row
        known = await messages()
        if intent.incident in self.broken:
            raise ZeroDivisionError(intent.incident)
        if intent.incident in self.over:
            return None
        text = self.texts.get(intent.incident, intent.incident)
        match intent:
            case Page():
                slot = f"page:{intent.person}"
                shown = Rendered(f"page {text}", ((Button("Ack", data=f"ack:{intent.incident}"),),))
                return SendNew(PEOPLE[intent.person], shown, slot=slot, replaces=known.get(slot))
            case Ping() | TeamPing():
                return SendNew(PEOPLE[intent.person], Rendered(f"ping {text}"))
            case RefreshPages():
                pages = [(slot, ref) for slot, ref in known.items() if slot.startswith("page:")]
                shown = Rendered(f"page {text}")
                return EditMany(tuple(EditInPlace(ref.chat, shown, ref, slot, or_send=False) for slot, ref in pages))
            case Digest() | DigestPicture():
                return SendNew(STAKEHOLDERS, Rendered(f"digest {intent.number}"))
            case TeamTell():
                return SendNew(RESPONDERS, Rendered(f"team {intent.number}"))
            case RefreshTold() | ShowPicture():
                return None
            case RefreshCard():
                return _card(text, known.get(CARD_SLOT))
            case Tell():
                chat = RESPONDERS if intent.audience is Audience.THREAD else STAKEHOLDERS
                return SendNew(chat, Rendered(f"tell {text} {intent.number}"), reply_to=CARD_SLOT)

    async def weigh(self, incidents: Sequence[str]) -> Mapping[str, Weight]:
        """As told; SEV-3 and nobody acts, if not told."""
        if self.broken & set(incidents):
            raise ZeroDivisionError
        return {i: self.weights.get(i, Weight(2, urgent=False)) for i in incidents if i not in self.over}

    async def render_storm(self, chat: int, incidents: Sequence[str], held: Sequence[str]) -> Rendered:
        """Counts."""
        del chat
        return Rendered(f"storm of {len(incidents)}, {len(held)} held", silent=True)


def _card(text: str, known: MessageRef | None) -> Delivery:
    shown = Rendered(f"card {text}", silent=True)
    if known is None:
        return SendNew(RESPONDERS, shown, slot=CARD_SLOT)
    return EditInPlace(RESPONDERS, shown, known, CARD_SLOT)
