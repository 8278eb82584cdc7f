"""What delivery asks of those who know the incidents: an intent becomes a plan of calls at the moment it is sent."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.intents import Intent
from bot.store.records import MessageRef, Row
from bot.views.rendered import Rendered


@dataclass(frozen=True, slots=True)
class SendNew:
    """A new message, remembered under `slot` if one is given.

    `reply_to` is the message it answers, or its slot, if that is in the same chat. `replaces`: an older message (a page
    that is repeated) that goes once the new one arrived; where it can't be deleted it loses its buttons.
    """

    chat: int
    rendered: Rendered
    slot: str | None = None
    reply_to: str | MessageRef | None = None
    replaces: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class EditInPlace:
    """A message shows the present state. Is it gone, a new one takes its slot (`or_send`), or the slot is emptied."""

    chat: int
    rendered: Rendered
    message: MessageRef
    slot: str
    or_send: bool = True


@dataclass(frozen=True, slots=True)
class EditMany:
    """Several messages, in chats of their own, show the present state; the intent is done when all are."""

    edits: tuple[EditInPlace, ...]


Delivery = SendNew | EditInPlace | EditMany


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a card matters in a storm: `rank` 0 is the worst severity; `urgent`: somebody acted on the incident.

    `answered`: somebody has it, which the summary shows; one press may have taken many.
    """

    rank: int
    urgent: bool
    answered: bool = False


Messages = Callable[[], Awaitable[Mapping[str, MessageRef]]]
"""Reads an incident's messages, by slot. Asked for beside the incident itself, both take one round trip together."""


class Renderer(Protocol):
    """Reads the newest state whenever it is asked. May raise `StoreUnavailableError`; delivery then asks again."""

    def chat_of(self, intent: Intent) -> int | None:
        """Where an intent goes, by the roster alone; None when it concerns several chats or somebody unknown."""
        ...

    async def render(self, intent: Intent, row: Row, messages: Messages) -> Delivery | None:
        """What to send now. None: no longer relevant."""
        ...

    async def weigh(self, incidents: Sequence[str]) -> Mapping[str, Weight]:
        """The weight of each incident's card; one that wants no card any more is left out."""
        ...

    async def render_storm(self, chat: int, incidents: Sequence[str], held: Sequence[str]) -> Rendered:
        """The summary of a storm over all its incidents; the cards of `held` still wait. Nothing held: it is over."""
        ...
