"""What was looked at and done about it: findings, steps of runbooks, silences."""

from datetime import datetime

from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.looking_commands import RecordFindings, RecordSilence, RecordSilenceEnd, TickRunbookStep
from bot.domain.looking_events import InformationGathered, RunbookStepTicked, Silenced, Unsilenced
from bot.domain.rejections import AlreadyClosed, NoSuchStep, Rejection
from bot.domain.rules import Rules

FINDINGS_LIMIT = 1000
"""Characters of a summary that are kept: what fits the caption of a picture (Bot API, sendPhoto: 1024)."""


def record_findings(command: RecordFindings, now: datetime) -> tuple[Event, ...]:
    """Keep what was found; looking is never too late."""
    return (InformationGathered(at=now, by=command.by, text=command.text[:FINDINGS_LIMIT]),)


def tick(rules: Rules, incident: Incident, command: TickRunbookStep, now: datetime) -> tuple[Event, ...] | Rejection:
    """A step is done, or is not; what it is already changes nothing."""
    if not incident.is_open:
        return AlreadyClosed(incident.merged_into)
    runbooks = rules.plan.runbooks
    if command.runbook >= len(runbooks) or command.step >= len(runbooks[command.runbook].steps):
        return NoSuchStep()
    runbook = runbooks[command.runbook]
    if ((runbook.title, command.step) in incident.looked.steps_ticked) == command.done:
        return ()
    text = runbook.steps[command.step]
    return (
        RunbookStepTicked(
            at=now, by=command.by, runbook=runbook.title, step=command.step, text=text, done=command.done
        ),
    )


def record_silence(incident: Incident, command: RecordSilence | RecordSilenceEnd, now: datetime) -> tuple[Event, ...]:
    """Keep what Alertmanager did; an end is kept once, by whoever was first."""
    if isinstance(command, RecordSilence):
        return (
            Silenced(
                at=now,
                by=command.by,
                silence=command.silence,
                what=command.what,
                until=command.until,
                alerts=command.alerts,
                reason=command.reason,
            ),
        )
    if command.silence not in incident.looked.silences:
        return ()
    return (Unsilenced(at=now, by=command.by, silence=command.silence),)
