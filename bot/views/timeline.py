"""What happened, one line an event: for the timeline, the API and wherever an event has no words of its own."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.alerts import AlertStatus
from bot.domain.assessment_events import Assessed
from bot.domain.chasing_events import SnoozeExplained, UpdateEscalated
from bot.domain.crew_events import RoleGiven
from bot.domain.draft_events import (
    DraftApproved,
    DraftDiscarded,
    DraftEdited,
    DraftOffered,
    DraftRefused,
    DraftsAwaited,
    DraftSent,
)
from bot.domain.events import (
    Absorbed,
    Acknowledged,
    AlertsChanged,
    Assigned,
    Declared,
    Escalated,
    Event,
    ImpactDescribed,
    MergedInto,
    Noted,
    PageCause,
    Paged,
    PageFailed,
    PageHandedOver,
    ReachableAgain,
    Reopened,
    ResolutionOverdue,
    Resolved,
    ResponseOverdue,
    Retitled,
    SeverityChanged,
    UpdateOverdue,
    UpdatePosted,
    UpdateReminded,
    UpdateSnoozed,
)
from bot.domain.following_events import BetaFollowed
from bot.domain.looking_events import InformationGathered, RunbookStepTicked, Silenced, Unsilenced
from bot.domain.presence_events import HolderAsked, HolderSilent, HolderThere
from bot.domain.resolving_events import MetricSeen, VerificationBroken, VerificationStarted
from bot.domain.review import ReviewEvent
from bot.domain.roster import Roster
from bot.views import damage, naming
from bot.views.acting_timeline import acting_line
from bot.views.checklist_timeline import Told as CheckedEvent
from bot.views.checklist_timeline import checklist_line
from bot.views.crew_timeline import crew_line
from bot.views.drafts_timeline import draft_line
from bot.views.headline import severity
from bot.views.html import Piece, joined, text
from bot.views.plan_words import of_plan
from bot.views.review_timeline import review_line
from bot.views.times import clock
from bot.views.translations import Words, listed, mark
from bot.views.verifying import verification_line

TEXT_LIMIT = 200
TITLE_LIMIT = 120
ALERTS_NAMED = 3

_CAUSES = {
    PageCause.STEP: mark("told: {who}"),
    PageCause.REPEAT: mark("paged again: {who}"),
    PageCause.ESCALATION: mark("called: {who}"),
    PageCause.UNANSWERED: mark("paged, as nobody answered: {who}"),
    PageCause.UNREACHABLE: mark("paged, as others can't be reached: {who}"),
    PageCause.HANDOVER: mark("paged, as on-call changed meanwhile: {who}"),
    PageCause.ASSIGNED: mark("told of the assignment: {who}"),
    PageCause.DECISION: mark("asked to decide: {who}"),
    PageCause.BETA: mark("told at once, as the beta launch is on: {who}"),
}


def line(words: Words, roster: Roster, event: Event, now: datetime) -> Piece:  # noqa: C901, PLR0911, PLR0912 - one flat table of all events is the point
    """One event in words, with who did it and without its time; `now` decides whether other times need a date."""
    who = naming.actor(words, roster, event.by)
    match event:
        case Declared():
            title = text(event.title, TITLE_LIMIT)
            return words(
                "{who} declared it as {severity}: {title}", who=who, severity=severity(event.severity), title=title
            )
        case AlertsChanged():
            return _alerts(words, event)
        case Retitled():
            return words("{who} retitled it: {title}", who=who, title=text(event.title, TITLE_LIMIT))
        case Paged():
            people = naming.people(words, roster, event.people) or words("nobody new")
            return words(_CAUSES[event.cause], who=people)
        case ReachableAgain():
            return words("{person} can be written to again", person=naming.person(roster, event.person))
        case PageHandedOver():
            return words("{person} went off call before the page was sent", person=naming.person(roster, event.person))
        case PageFailed():
            person = naming.person(roster, event.person)
            # Telegram's own reason is in the log and in the JSON: it is English, and means the one thing said here.
            return words("{person} can't be written to", person=person)
        case Acknowledged():
            return words("{person} has it", person=naming.person(roster, event.person))
        case Assigned():
            return words("{who} gave it to {person}", who=who, person=naming.person(roster, event.person))
        case SeverityChanged():
            before, after = severity(event.before), severity(event.severity)
            changed = words("{who} changed {before} to {after}", who=who, before=before, after=after)
            return with_reason(changed, event.reason)
        case Escalated():
            called = words("{who} called for {role}", who=who, role=naming.role(words, event.role))
            return with_reason(called, event.reason)
        case ResponseOverdue():
            return words("nobody answered by {time}", time=clock(words, event.deadline, now))
        case ResolutionOverdue():
            return words("not resolved by {time}", time=clock(words, event.deadline, now))
        case Noted():
            return words("{who} noted: {text}", who=who, text=text(event.text, TEXT_LIMIT))
        case ImpactDescribed():
            return words("{who} on the impact: {text}", who=who, text=text(event.text, TEXT_LIMIT))
        case UpdatePosted():
            return words("{who} posted an update: {text}", who=who, text=text(event.text, TEXT_LIMIT))
        case UpdateReminded():
            return words("an update was asked for, due {time}", time=clock(words, event.due, now))
        case UpdateOverdue():
            return words("the update due {time} did not come", time=clock(words, event.due, now))
        case UpdateSnoozed():
            later = words("{who} put the update off until {time}", who=who, time=clock(words, event.until, now))
            return with_reason(later, event.reason)
        case InformationGathered():
            return words("{who} gathered: {text}", who=who, text=text(event.text, TEXT_LIMIT))
        case RunbookStepTicked():
            return _ticked(words, who, event)
        case Silenced():
            until, what = clock(words, event.until, now), text(event.what, TEXT_LIMIT)
            muted = words("{who} silenced {what} until {time}", who=who, what=what, time=until)
            return with_reason(muted, event.reason)
        case Unsilenced():
            return words("{who} ended the silence", who=who)
        case UpdateEscalated():
            called = naming.people(words, roster, event.people) or words("nobody new")
            return words("the update still did not come, asked: {who}", who=called)
        case SnoozeExplained():
            return words("{who} on why the update waits: {text}", who=who, text=text(event.reason, TEXT_LIMIT))
        case (
            DraftOffered()
            | DraftEdited()
            | DraftApproved()
            | DraftDiscarded()
            | DraftRefused()
            | DraftsAwaited()
            | DraftSent()
        ):
            return draft_line(words, roster, event)
        case Assessed() | RoleGiven() | HolderAsked() | HolderSilent() | HolderThere():
            return crew_line(words, roster, event, now)
        case Resolved():
            return with_reason(words("{who} resolved it", who=who), event.reason)
        case Reopened():
            return with_reason(words("{who} reopened it", who=who), event.reason)
        case MergedInto():
            return words("{who} merged it into {incident}", who=who, incident=event.incident)
        case Absorbed():
            title = text(event.title, TITLE_LIMIT)
            return words("{who} merged {incident} into it: {title}", who=who, incident=event.incident, title=title)
        case BetaFollowed():
            return _launch(words, event, now)
        case _:
            if isinstance(event, VerificationStarted | MetricSeen | VerificationBroken):
                return verification_line(words, roster, event, now)
            if isinstance(event, CheckedEvent):
                return checklist_line(words, roster, event)
            if isinstance(event, ReviewEvent):
                return review_line(words, roster, event, now)
            return acting_line(words, roster, event)


def with_reason(sentence: Piece, reason: str) -> Piece:
    """The sentence, and why, where somebody said why."""
    return joined((sentence, text(reason, TEXT_LIMIT)), ": ")


def _ticked(words: Words, who: Piece, event: RunbookStepTicked) -> Piece:
    step, runbook = of_plan(words, event.text, TEXT_LIMIT), of_plan(words, event.runbook, TITLE_LIMIT)
    if event.done:
        return words("{who} did: {step} ({runbook})", who=who, step=step, runbook=runbook)
    return words("{who} took back: {step} ({runbook})", who=who, step=step, runbook=runbook)


def _launch(words: Words, event: BetaFollowed, now: datetime) -> Piece:
    if event.until is not None:
        return words("the rules of the beta launch apply, until {time}", time=clock(words, event.until, now))
    if event.before is not None:
        return words("the rules of the beta launch no longer apply")
    return words("a beta launch came and went")


def _alerts(words: Words, event: AlertsChanged) -> Piece:
    firing = [alert.name for alert in event.alerts if alert.status is AlertStatus.FIRING]
    over = [alert.name for alert in event.alerts if alert.status is AlertStatus.RESOLVED]
    began = words("firing: {alerts}", alerts=_named(words, firing)) if firing else Piece()
    ended = words("no longer firing: {alerts}", alerts=_named(words, over)) if over else Piece()
    return joined((began, ended)) or damage.truncated(words, event.truncated)


def _named(words: Words, names: Sequence[str]) -> Piece:
    distinct = tuple(dict.fromkeys(names))
    shown = [text(name, TITLE_LIMIT) for name in distinct[:ALERTS_NAMED]]
    rest = len(distinct) - len(shown)
    named = listed([*shown, words("{n} more", n=rest)] if rest else shown)
    return named if len(names) == len(distinct) else joined((named, text(f"(× {len(names)})")), " ")
