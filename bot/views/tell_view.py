"""What a message about one event is made of."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.drill import Score
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.rules import Rules
from bot.views.damage import Reading
from bot.views.keyboard import Capabilities
from bot.views.translations import Words


@dataclass(frozen=True, slots=True)
class TellView:
    """An event to tell of, and the incident as it stands when it is told.

    `number` is the event's in the log, from 1; `output` what the run that the event began has printed so far;
    `score` how a drill that is over went.
    """

    rules: Rules
    incident: Incident
    event: Event
    now: datetime
    words: Words
    number: int = 0
    output: str = ""
    readings: tuple[Reading, ...] = ()
    capabilities: Capabilities = field(default_factory=Capabilities)
    score: Score | None = None
