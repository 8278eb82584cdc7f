"""What a decision makes us say, and to whom: events become intents."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from bot.domain import review_telling
from bot.domain.acting_events import (
    ActionFinished,
    ActionLost,
    ActionRefused,
    ActionStarted,
    DecisionApproved,
    DecisionExpired,
    DecisionRefused,
    DecisionRejected,
    Flagged,
    TriggerCleared,
    TriggerFired,
    TriggerReadable,
    TriggerUnclear,
)
from bot.domain.actors import Responder
from bot.domain.approval import approver
from bot.domain.chasing_events import UpdateEscalated
from bot.domain.crew_events import RoleGiven
from bot.domain.decide import Decided
from bot.domain.draft_events import DraftOffered, DraftRefused, DraftsAwaited
from bot.domain.drafts import Draft
from bot.domain.events import (
    Acknowledged,
    AlertsChanged,
    Assigned,
    Declared,
    Escalated,
    Event,
    MergedInto,
    Paged,
    PageFailed,
    Reopened,
    ResolutionOverdue,
    Resolved,
    ResponseOverdue,
    Retitled,
    SeverityChanged,
    UpdateOverdue,
    UpdatePosted,
    UpdateReminded,
)
from bot.domain.following_events import BetaFollowed
from bot.domain.incident import Incident
from bot.domain.intents import (
    Audience,
    Intent,
    Page,
    Ping,
    RefreshCard,
    RefreshPages,
    RefreshTold,
    ShowPicture,
    TeamTell,
    Tell,
)
from bot.domain.paging import responsible
from bot.domain.presence_events import HolderAsked, HolderSilent, HolderThere
from bot.domain.resolving_events import VerificationBroken, VerificationStarted, WhyBroken
from bot.domain.review_events import ReviewClosed
from bot.domain.rules import ON_CALL, Rules
from bot.domain.telling_crew import concerned, owes_updates

_SHOWN_ON_PAGES = (
    Acknowledged,
    Assigned,
    SeverityChanged,
    Resolved,
    Reopened,
    VerificationStarted,
    VerificationBroken,
    MergedInto,
    Retitled,
    TriggerFired,
    DecisionApproved,
    DecisionRejected,
    DecisionExpired,
    ActionStarted,
    BetaFollowed,
)
_SAID_IN_THREAD = (
    SeverityChanged,
    Escalated,
    ResponseOverdue,
    ResolutionOverdue,
    UpdateReminded,
    UpdateOverdue,
    UpdateEscalated,
    HolderSilent,
    VerificationStarted,
    VerificationBroken,
    Resolved,
    Reopened,
    MergedInto,
    PageFailed,
    TriggerFired,
    DecisionRejected,
    DecisionRefused,
    DecisionExpired,
    TriggerCleared,
    TriggerUnclear,
    TriggerReadable,
    ActionStarted,
    ActionFinished,
    ActionLost,
    ActionRefused,
    Flagged,
    *review_telling.IN_THREAD,
    DraftOffered,
    DraftRefused,
)
_LOOKED_AWAY_S = 60.0
"""A run that took longer is told anew when it ends well: an edit of its message makes no sound."""
_ANSWERS_A_COMMAND = (
    SeverityChanged,
    Flagged,
    Escalated,
    VerificationStarted,
    Resolved,
    Reopened,
    MergedInto,
    ReviewClosed,
)
"""What people ask for in so many words: where the thread is told of it, no answer has to say it again."""
_AFTER_THE_END = (
    ActionFinished,
    ActionLost,
    Resolved,
    Reopened,
    MergedInto,
    SeverityChanged,
    *review_telling.IN_THREAD,
    DraftOffered,
    DraftRefused,
)
"""What the thread hears of an incident that is over, too."""


def intents_of(
    rules: Rules, before: Incident | None, decided: Decided, answers: int | None = None
) -> tuple[Intent, ...]:
    """Everything that must be said because of a decision; the same intent once.

    `answers` is the message in the responders chat by which somebody asked for it: the first of what the thread is told
    that says what was asked for answers it.
    """
    if not decided.events:
        return ()
    first = 1 if before is None else before.version + 1
    said: list[Intent] = []
    # What the thread is told of the flag names the severity, too.
    raised_by_flag = any(isinstance(event, Flagged) and event.raises_to is not None for event in decided.events)
    for number, event in enumerate(decided.events, start=first):
        said.extend(_to_people(rules, decided.incident, event, number))
        told = tuple(_to_chats(rules, decided.incident, event, number))
        if raised_by_flag and isinstance(event, SeverityChanged):
            told = tuple(intent for intent in told if not _is_for_thread(intent))
        if answers is not None and isinstance(event, _ANSWERS_A_COMMAND) and not is_answered(said):
            told = tuple(map(partial(_answering, answers), told))
        said.extend(told)
        if isinstance(event, AlertsChanged) and _last_alert_resolved(before, decided.incident):
            said.append(Tell(incident=decided.incident.id, audience=Audience.THREAD, number=number))
    said.extend(_shown_anew(before, decided.incident))
    answered = before is not None and before.escalation is not None and decided.incident.escalation is None
    if answered or any(isinstance(event, _SHOWN_ON_PAGES) for event in decided.events):
        said.append(RefreshPages(incident=decided.incident.id))
    return (*said, RefreshCard(incident=decided.incident.id))


def is_answered(intents: Iterable[Intent]) -> bool:
    """Whether one of them answers the message that asked for it."""
    return any(isinstance(intent, Tell | TeamTell) and intent.answers is not None for intent in intents)


def _answering(message: int, intent: Intent) -> Intent:
    return intent.model_copy(update={"answers": message}) if _is_for_thread(intent) else intent


def _is_for_thread(intent: Intent) -> bool:
    return isinstance(intent, Tell) and intent.audience is Audience.THREAD


def _shown_anew(before: Incident | None, incident: Incident) -> Iterator[Intent]:
    """Messages about decisions, runs and drafts whose state has changed since they were sent."""
    if before is None:
        return
    over = before.is_open and not incident.is_open
    for decision in before.acting.decisions:
        if over or incident.acting.decision(decision.number) != decision:
            yield RefreshTold(incident=incident.id, number=decision.number)
    for run in before.acting.runs:
        if incident.acting.run(run.number) != run:
            yield RefreshTold(incident=incident.id, number=run.number)
    for draft in before.drafts.all:
        if _shown(incident.drafts.draft(draft.number)) != _shown(draft) or before.severity != incident.severity:
            yield RefreshTold(incident=incident.id, number=draft.number)


def _shown(draft: Draft | None) -> Draft | None:
    """What its message shows of a draft: not how often somebody was asked to decide on it."""
    return None if draft is None else replace(draft, asked=0, asked_at=None)


def _to_people(rules: Rules, incident: Incident, event: Event, number: int) -> Iterator[Intent]:  # noqa: C901, PLR0912 - one flat table of events
    match event:
        case Paged():
            for person in event.people:
                yield Page(incident=incident.id, person=person, cause=event.cause, number=number)
        case UpdateOverdue() if incident.holder is not None:
            for person in owes_updates(rules, incident, event.at):
                yield Ping(incident=incident.id, person=person, number=number)
        case ResolutionOverdue() if incident.holder is not None:
            for person in responsible(rules, incident, event.at):
                yield Ping(incident=incident.id, person=person, number=number)
        case HolderAsked() | RoleGiven():
            for person in concerned(rules, incident, event):
                yield Ping(incident=incident.id, person=person, number=number)
        case VerificationBroken(why=why) if why is not WhyBroken.BY_HAND:
            for person in responsible(rules, incident, event.at):
                yield Ping(incident=incident.id, person=person, number=number)
        case UpdateEscalated() | DraftsAwaited():
            for person in event.people:
                yield Ping(incident=incident.id, person=person, number=number)
        case TriggerFired(asks=False):
            for person in rules.roster.people:
                yield Ping(incident=incident.id, person=person, number=number)
        case ActionLost() | ActionFinished() if needs_a_human(incident, event):
            for person in _answerable_for(rules, incident, event):
                yield Ping(incident=incident.id, person=person, number=number)
        case _:
            yield from review_telling.pings(rules, incident, event, number)


def needs_a_human(incident: Incident, event: ActionFinished | ActionLost) -> bool:
    """Whether a run ended so that somebody must look: it did not do what it was to do, or nobody knows whether."""
    run = incident.acting.run(event.run)
    return run is not None and not run.ok


def _answerable_for(rules: Rules, incident: Incident, event: ActionFinished | ActionLost) -> tuple[str, ...]:
    """Whoever has it, whoever started it, and those on call."""
    run = incident.acting.run(event.run)
    starter = run.by.person if run is not None and isinstance(run.by, Responder) else None
    named = [person for person in (incident.holder, starter) if person in rules.roster.people]
    return tuple(dict.fromkeys((*filter(None, named), *rules.people_with(ON_CALL, event.at))))


def _to_chats(rules: Rules, incident: Incident, event: Event, number: int) -> Iterator[Intent]:
    if _said_in_thread(rules, incident, event) or _is_news_to_the_responders(rules, incident, event):
        # A SEV-1 offers several drafts in one moment: they must not keep what people ask for meanwhile.
        can_wait = isinstance(event, DraftOffered)
        yield Tell(incident=incident.id, audience=Audience.THREAD, number=number, can_wait=can_wait)
    if isinstance(event, TriggerFired) and event.asks and event.value is not None:
        yield ShowPicture(incident=incident.id, number=number)
    if _concerns_stakeholders(rules, incident, event):
        yield Tell(incident=incident.id, audience=Audience.STAKEHOLDERS, number=number)


def _is_news_to_the_responders(rules: Rules, incident: Incident, event: Event) -> bool:
    """An update that was written in private, unless their chat is where stakeholders read it anyway."""
    read_there = rules.roster.chats.stakeholders is None and not incident.drill
    return isinstance(event, UpdatePosted) and event.privately and not read_there


def _said_in_thread(rules: Rules, incident: Incident, event: Event) -> bool:  # noqa: PLR0911 - one flat table of events
    if isinstance(event, HolderAsked | DraftsAwaited):
        return not _is_between_two(rules, incident, event)
    if isinstance(event, HolderThere):
        return event.ended_call
    if isinstance(event, MergedInto) and event.together:
        return False  # said once for all of them
    if isinstance(event, TriggerFired) and not event.asks:
        return False  # the message about the run says it
    if isinstance(event, ActionStarted) and incident.drill:
        return False  # it ended as it began: that is told
    if isinstance(event, ActionFinished) and not incident.drill and _is_seen_to_end(incident, event):
        return False  # the message about the run says it
    return isinstance(event, _SAID_IN_THREAD) and (incident.is_open or isinstance(event, _AFTER_THE_END))


def _is_between_two(rules: Rules, incident: Incident, event: HolderAsked | DraftsAwaited) -> bool:
    """Whether a question in private is enough: the holder can be asked; the approver is, and nobody above."""
    if isinstance(event, HolderAsked):
        return bool(concerned(rules, incident, event))
    return bool(event.people) and event.role == approver(rules.plan)


def _is_seen_to_end(incident: Incident, event: ActionFinished) -> bool:
    """Whether whoever started it still looks at the run's own message, and nobody has to do anything about it."""
    return event.took_s < _LOOKED_AWAY_S and not needs_a_human(incident, event)


def _concerns_stakeholders(rules: Rules, incident: Incident, event: Event) -> bool:
    """An update always; a turn of events only of a severity that owes updates, and only where they have a chat."""
    if incident.drill:
        return False
    if isinstance(event, UpdatePosted):
        return True
    if rules.roster.chats.stakeholders is None:
        return False
    launched = incident.following.since is not None  # then those who wait hear of every issue
    match event:
        case Declared() | Resolved() | Reopened() | VerificationStarted() | VerificationBroken():
            return launched or rules.owes_updates(incident.severity)
        case SeverityChanged():
            return launched or rules.owes_updates(event.before) or rules.owes_updates(event.severity)
        case _:
            return False


def _last_alert_resolved(before: Incident | None, incident: Incident) -> bool:
    was_firing = before is not None and bool(before.firing)
    return was_firing and incident.is_open and incident.all_alerts_resolved
