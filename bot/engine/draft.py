"""What a batch of commands amounts to, before it is committed."""

from dataclasses import dataclass, field

from bot.domain.decide import Decided
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.intents import Intent
from bot.domain.telling import is_answered
from bot.engine.claims import Claims, no_claims
from bot.engine.mailbox import Letter
from bot.engine.outcomes import Done, Outcome
from bot.engine.publishing import Board


@dataclass(slots=True)
class Draft:
    """What a batch of commands amounts to so far: each decided on the state the one before left."""

    incident: Incident
    events: tuple[Event, ...] = ()
    intents: dict[str, Intent] = field(default_factory=dict[str, Intent])
    operations: list[str] = field(default_factory=list[str])
    outcomes: list[tuple[Letter, Outcome]] = field(default_factory=list[tuple[Letter, Outcome]])
    claims: Claims = field(default_factory=no_claims)
    board: Board = field(default_factory=Board)

    def take(self, letter: Letter, decided: Decided, intents: tuple[Intent, ...]) -> None:
        """Another command, and what it led to."""
        self.incident = decided.incident
        self.events += decided.events
        self.intents.update({intent.key: intent for intent in intents})
        self.outcomes.append((letter, Done(decided.incident, decided.events, answered=is_answered(intents))))
        if not decided.incident.drill:
            self.claims.note(decided.incident.id, decided.events)
        self.board.note(decided.incident, decided.events)
        if letter.operation and decided.events:
            self.operations.append(letter.operation)
