"""What an incident that absorbs another takes over of its decisions: an open question is asked anew, never lost."""

from datetime import datetime

from bot.domain.acting_events import Flagged, TriggerFired
from bot.domain.actors import System
from bot.domain.commands import Absorb
from bot.domain.events import Event
from bot.domain.evolving import replay
from bot.domain.incident import Incident
from bot.domain.rules import Rules
from bot.domain.rulings.rollback import page_for, row


def carry(rules: Rules, incident: Incident, command: Absorb, now: datetime) -> tuple[Event, ...]:
    """The other's flags, and its open questions; one that waits here already is not asked twice."""
    if command.acting is None:
        return ()
    events: tuple[Event, ...] = tuple(
        Flagged(at=now, by=command.by, flag=flag) for flag in command.acting.flags if flag not in incident.acting.flags
    )
    waiting = {decision.trigger for decision in incident.acting.pending}
    for asked in command.acting.pending:
        if asked.trigger in waiting:
            continue
        waiting.add(asked.trigger)
        again = TriggerFired(
            at=now,
            by=System(),
            trigger=asked.trigger,
            value=asked.value,
            asks=True,
            why_asks=asked.why,
            carried_from=command.incident,
        )
        events = (*events, again)
        trigger = row(rules, asked.trigger)
        if trigger is not None:
            events = (*events, *page_for(rules, replay(incident.id, events, incident), trigger, now))
    return events
