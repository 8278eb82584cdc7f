"""What was looked at and done about an incident from its card: findings, steps of runbooks, silences."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from bot.domain.actors import Actor
from bot.domain.looking_events import InformationGathered, RunbookStepTicked, Silenced, Unsilenced

LookingEvent = InformationGathered | RunbookStepTicked | Silenced | Unsilenced


@dataclass(frozen=True, slots=True)
class Tick:
    """Who did a step, and when."""

    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """What Alertmanager does not tell, until when, and who wanted it so."""

    what: str
    until: datetime
    by: Actor


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking has brought so far.

    `steps_ticked` are done steps of runbooks, by the runbook's title and the step counted from 0; `silences` those that
    nobody ended before their time, by Alertmanager's id.
    """

    gathered_at: datetime | None = None
    steps_ticked: Mapping[tuple[str, int], Tick] = field(default_factory=lambda: MappingProxyType({}))
    silences: Mapping[str, Silence] = field(default_factory=lambda: MappingProxyType({}))

    def silenced(self, now: datetime) -> Mapping[str, Silence]:
        """The silences that hold at a time."""
        return {key: silence for key, silence in self.silences.items() if silence.until > now}


def after_looking(looked: Looked, event: LookingEvent) -> Looked:
    """What looking has brought after one more event."""
    match event:
        case InformationGathered():
            return replace(looked, gathered_at=event.at)
        case RunbookStepTicked():
            return _ticked(looked, event)
        case _:
            return _silenced(looked, event)


def _ticked(looked: Looked, event: RunbookStepTicked) -> Looked:
    place = (event.runbook, event.step)
    others = {key: tick for key, tick in looked.steps_ticked.items() if key != place}
    done = {place: Tick(event.by, event.at)} if event.done else {}
    return replace(looked, steps_ticked=MappingProxyType({**others, **done}))


def _silenced(looked: Looked, event: Silenced | Unsilenced) -> Looked:
    others = {key: silence for key, silence in looked.silences.items() if key != event.silence}
    if isinstance(event, Silenced):
        others[event.silence] = Silence(event.what, event.until, event.by)
    return replace(looked, silences=MappingProxyType(others))
