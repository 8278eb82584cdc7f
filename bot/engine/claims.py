"""What stands across incidents: which action runs where, and which incident carries a row of the rollback matrix.

Kept as index fields that change in the very commit of the events behind them, each only while it still holds what the
decision was made on: so an action runs once among all incidents and replicas, and a breach fires once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.acting import Across, Standing
from bot.domain.acting_commands import ActingCommand
from bot.domain.acting_events import (
    ActionFinished,
    ActionLost,
    ActionStarted,
    DecisionExpired,
    TriggerCleared,
    TriggerFired,
    TriggerReadable,
    TriggerUnclear,
)
from bot.domain.commands import Command, Resolve
from bot.domain.events import Absorbed, Event
from bot.store.records import IndexChange
from bot.store.store import Store

ACTIONS = "action"
"""The index from an action to its last run: `INC-7 12 running 2026-01-11T12:00:00+00:00`, or `ended` and when."""
EPISODES = "trigger"
"""The index from a metric row of the matrix that fired to the incident that carries its breach, until that ends."""
UNCLEAR = "unclear"
"""The index from a row that can't be read to the incident that tells of it."""

_RUNNING, _ENDED = "running", "ended"


@dataclass(slots=True)
class Claims:
    """The three indexes as they were read, and as a draft leaves them."""

    before: Mapping[str, Mapping[str, str]]
    now: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def __post_init__(self) -> None:
        self.now = {index: dict(fields) for index, fields in self.before.items()}

    @property
    def across(self) -> Across:
        """As the rulings read them."""
        standings = {action: _standing(text) for action, text in self.now[ACTIONS].items()}
        return Across(standings, dict(self.now[EPISODES]), dict(self.now[UNCLEAR]))

    def note(self, incident: str, events: Iterable[Event]) -> None:
        """Take in what a decision led to."""
        for event in events:
            self._note(incident, event)

    def changes(self) -> tuple[IndexChange, ...]:
        """What to write with the events."""
        return tuple(
            IndexChange(index, name, self.before[index].get(name), fields.get(name))
            for index, fields in self.now.items()
            for name in {**self.before[index], **fields}
            if self.before[index].get(name) != fields.get(name)
        )

    def _note(self, incident: str, event: Event) -> None:
        match event:
            case TriggerFired() if event.value is not None:
                self.now[EPISODES][event.trigger] = incident
            case DecisionExpired() | TriggerCleared():
                self._free(EPISODES, event.trigger, incident)
            case TriggerUnclear():
                self.now[UNCLEAR].update(dict.fromkeys(event.triggers, incident))
            case TriggerReadable():
                for trigger in event.triggers:
                    self._free(UNCLEAR, trigger, incident)
            case Absorbed():
                self._move(EPISODES, event.episodes, event.incident, incident)
                self._move(UNCLEAR, event.unclear, event.incident, incident)
            case ActionStarted():
                self.now[ACTIONS][event.action] = _written(Standing(incident, event.run, running=True, at=event.at))
            case ActionFinished() | ActionLost():
                known = self.now[ACTIONS].get(event.action)
                standing = _standing(known) if known else None
                if standing is not None and (standing.incident, standing.run) == (incident, event.run):
                    ended = Standing(incident, event.run, running=False, at=event.at)
                    self.now[ACTIONS][event.action] = _written(ended)
            case _:
                return

    def _move(self, index: str, names: Iterable[str], before: str, after: str) -> None:
        """Rows that another incident carried are this one's."""
        for name in names:
            if self.now[index].get(name) == before:
                self.now[index][name] = after

    def _free(self, index: str, name: str, incident: str) -> None:
        if self.now[index].get(name) == incident:
            del self.now[index][name]


def concern(command: Command) -> bool:
    """Whether a command must know what stands across incidents."""
    return isinstance(command, ActingCommand | Resolve)


async def read_claims(store: Store) -> Claims:
    """The claims as the store has them.

    Raises:
        StoreUnavailableError: Redis did not answer.
    """
    return Claims({index: await store.index_all(index) for index in (ACTIONS, EPISODES, UNCLEAR)})


def no_claims() -> Claims:
    """For commands that none of them concerns."""
    return Claims({ACTIONS: {}, EPISODES: {}, UNCLEAR: {}})


def _written(standing: Standing) -> str:
    word = _RUNNING if standing.running else _ENDED
    return f"{standing.incident} {standing.run} {word} {standing.at.isoformat()}"


def _standing(text: str) -> Standing:
    incident, run, word, at = text.split(" ", 3)
    return Standing(incident, int(run), word == _RUNNING, datetime.fromisoformat(at))
