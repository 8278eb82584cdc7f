"""What is to be said, to whom: rows of the outbox. Never text; text is rendered when it is sent."""

from enum import IntEnum, StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.domain.events import PageCause
from bot.domain.team_events import TEAM_LOG


class Lane(IntEnum):
    """The order in which the outbox drains: a lower lane goes first."""

    PAGES = 0
    REPLIES = 1
    CARDS = 2
    DIGESTS = 3


class _Intent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Page(_Intent):
    """A private message with Ack to one person, known by the number of the event that caused it."""

    kind: Literal["page"] = "page"
    incident: str
    person: str
    cause: PageCause
    number: int

    @property
    def key(self) -> str:
        """Two rows with the same key are the same page."""
        return f"page:{self.incident}:{self.person}:{self.number}"

    @property
    def lane(self) -> Lane:
        """Pages go before everything else."""
        return Lane.PAGES


class RefreshPages(_Intent):
    """The private pages already sent show the present state: who has it, and no Ack where none is wanted."""

    kind: Literal["refresh_pages"] = "refresh_pages"
    incident: str

    @property
    def key(self) -> str:
        """One row an incident: many changes cost one round of edits."""
        return f"pages:{self.incident}"

    @property
    def lane(self) -> Lane:
        """As urgent as a card."""
        return Lane.CARDS


class RefreshCard(_Intent):
    """The card in the responders chat shows the present state; sent when there is none yet, else edited in place."""

    kind: Literal["refresh_card"] = "refresh_card"
    incident: str

    @property
    def key(self) -> str:
        """One row an incident: ten quick changes cost one edit."""
        return f"card:{self.incident}"

    @property
    def lane(self) -> Lane:
        """After pages and replies."""
        return Lane.CARDS


class Audience(StrEnum):
    """Where a message about an event goes."""

    THREAD = "thread"
    """A reply to the card in the responders chat."""
    STAKEHOLDERS = "stakeholders"
    """The stakeholders chat; without one, the responders chat."""


class Tell(_Intent):
    """Says one event of the log, by its number, to an audience in words made for it.

    `answers` is the message in the responders chat that asked for the event: what is said then answers it, and stands
    for an answer of its own.
    """

    kind: Literal["tell"] = "tell"
    incident: str
    audience: Audience
    number: int
    can_wait: bool = False
    answers: int | None = None

    @property
    def key(self) -> str:
        """An event is told to an audience once."""
        return f"tell:{self.incident}:{self.audience}:{self.number}"

    @property
    def lane(self) -> Lane:
        """After pages; what can wait comes after the cards, which may show that something is over."""
        return Lane.DIGESTS if self.can_wait else Lane.REPLIES


class Ping(_Intent):
    """A private message to one person about one event of the log, for example an overdue update to the holder."""

    kind: Literal["ping"] = "ping"
    incident: str
    person: str
    number: int

    @property
    def key(self) -> str:
        """A person is pinged about an event once."""
        return f"ping:{self.incident}:{self.person}:{self.number}"

    @property
    def lane(self) -> Lane:
        """After pages."""
        return Lane.REPLIES


class RefreshTold(_Intent):
    """A message in the thread about one event shows the present state: a decision that was made, a run that goes on."""

    kind: Literal["refresh_told"] = "refresh_told"
    incident: str
    number: int

    @property
    def key(self) -> str:
        """One row a message: many changes cost one edit."""
        return f"told:{self.incident}:{self.number}"

    @property
    def lane(self) -> Lane:
        """As urgent as a card."""
        return Lane.CARDS


class ShowPicture(_Intent):
    """The chart of what a decision is about, beside the message about the event of that number. No text waits."""

    kind: Literal["show_picture"] = "show_picture"
    incident: str
    number: int

    @property
    def key(self) -> str:
        """One picture a message."""
        return f"picture:{self.incident}:{self.number}"

    @property
    def lane(self) -> Lane:
        """After everything that is text."""
        return Lane.DIGESTS


class TeamTell(_Intent):
    """Says one event of the team's log, by its number, in the responders chat or to the stakeholders.

    `answers` is the message in the responders chat that asked for the event.
    """

    kind: Literal["team_tell"] = "team_tell"
    incident: str = TEAM_LOG
    number: int
    audience: Audience = Audience.THREAD
    answers: int | None = None

    @property
    def key(self) -> str:
        """An event is told to an audience once."""
        return f"team:{self.number}" if self.audience is Audience.THREAD else f"team:{self.number}:{self.audience}"

    @property
    def lane(self) -> Lane:
        """After pages."""
        return Lane.REPLIES


class TeamPing(_Intent):
    """A private message to one person about one event of the team's log: a handover to whoever is on call now."""

    kind: Literal["team_ping"] = "team_ping"
    incident: str = TEAM_LOG
    person: str
    number: int

    @property
    def key(self) -> str:
        """A person is told of an event once."""
        return f"team:{self.number}:{self.person}"

    @property
    def lane(self) -> Lane:
        """After pages."""
        return Lane.REPLIES


class Digest(_Intent):
    """The digest for which one event of the team's log looked around, by its number, to the stakeholders."""

    kind: Literal["digest"] = "digest"
    incident: str = TEAM_LOG
    number: int

    @property
    def key(self) -> str:
        """One look, one digest."""
        return f"digest:{self.number}"

    @property
    def lane(self) -> Lane:
        """It can wait for everything else."""
        return Lane.DIGESTS


class DigestPicture(_Intent):
    """The chart that answers a digest: a text never waits for its picture."""

    kind: Literal["digest_picture"] = "digest_picture"
    incident: str = TEAM_LOG
    number: int

    @property
    def key(self) -> str:
        """A digest has one picture."""
        return f"digest_picture:{self.number}"

    @property
    def lane(self) -> Lane:
        """After its text, as it is queued after it."""
        return Lane.DIGESTS


Intent = Annotated[
    Page
    | RefreshPages
    | RefreshCard
    | Tell
    | RefreshTold
    | ShowPicture
    | Ping
    | TeamTell
    | TeamPing
    | Digest
    | DigestPicture,
    Field(discriminator="kind"),
]
INTENT: TypeAdapter[Intent] = TypeAdapter(Intent)
