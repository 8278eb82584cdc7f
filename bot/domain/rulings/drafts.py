"""What the outside is told: when a draft is offered, who may change it, and whose yes makes it public."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.acting_events import WhyRefused
from bot.domain.acting_rejections import TakesMoreAuthority
from bot.domain.actors import Actor, Responder, System
from bot.domain.approval import approver, waits
from bot.domain.draft_commands import (
    ApproveDraft,
    AskDraft,
    DiscardDraft,
    DraftCommand,
    EditDraft,
    MarkDraftSent,
)
from bot.domain.draft_events import (
    DraftApproved,
    DraftDiscarded,
    DraftEdited,
    DraftOffered,
    DraftRefused,
    DraftSent,
)
from bot.domain.draft_rejections import (
    DraftChanged,
    DraftOver,
    DrillStaysInside,
    NoSuchDraft,
    NothingToSend,
    UnknownAudience,
)
from bot.domain.drafting import drafted
from bot.domain.drafts import Draft, refusal
from bot.domain.events import Event, Resolved, UpdatePosted
from bot.domain.incident import Incident, Status
from bot.domain.plan import Plan
from bot.domain.plan_communication import CUSTOMERS, PUBLIC_TEXT_LIMIT, STATUS_PAGE, Moment
from bot.domain.rejections import AlreadyClosed, NothingSaid, NotOnTheTeam, Rejection, TooLong
from bot.domain.rules import Rules
from bot.domain.rulings.actions import has_authority, why_refused


def offers(rules: Rules, incident: Incident, events: Iterable[Event], now: datetime) -> tuple[Event, ...]:
    """The drafts that `events` call for, of which `incident` is the outcome. A drill never reaches the outside.

    The first word waits until somebody is there to judge it: a person declared the incident, or has it in hand. So a
    storm of alerts makes no drafts. News and the closing word go to those who were told before. In the phase of a beta
    launch customers are offered a word about every issue (written plan, "Beta Phase": proactive updates).
    """
    if incident.drill:
        return ()
    happened = tuple(events)
    if any(isinstance(event, Resolved) for event in happened):
        owed = {audience: Moment.RESOLVED for audience, last in _told(incident) if last is not Moment.RESOLVED}
    elif incident.is_open:
        news = any(isinstance(event, UpdatePosted) and isinstance(event.by, Responder) for event in happened)
        owed = {audience: _moment_for(incident, audience) for audience, _ in _told(incident)} if news else {}
        owed |= _first_words(rules, incident, now)
    else:
        owed = {}
    return tuple(_offer(rules, incident, audience, moment, System(), now) for audience, moment in owed.items())


def _told(incident: Incident) -> Iterable[tuple[str, Moment]]:
    return incident.drafts.told.items()


def _first_words(rules: Rules, incident: Incident, now: datetime) -> dict[str, Moment]:
    if incident.status is not Status.IN_HAND and not isinstance(incident.declared_by, Responder):
        return {}
    told = incident.drafts.told
    return {
        audience: Moment.REOPENED if told.get(audience) is Moment.RESOLVED else Moment.DECLARED
        for audience in (*_listed(rules, incident, now), *told)
        if audience not in incident.drafts.begun and (audience not in told or told[audience] is Moment.RESOLVED)
    }


def _offer(
    rules: Rules, incident: Incident, audience: str, moment: Moment, by: Actor, now: datetime, text: str = ""
) -> Event:
    text = text or drafted(rules, incident, audience, moment, now)
    proactive = audience in _told_of_everything(rules, now)
    return DraftOffered(at=now, by=by, audience=audience, moment=moment, text=text, proactive=proactive)


def _listed(rules: Rules, incident: Incident, now: datetime) -> tuple[str, ...]:
    """Whom the severity lists, and who hears of every issue now."""
    return tuple(dict.fromkeys((*rules.severity(incident.severity).external, *_told_of_everything(rules, now))))


def _told_of_everything(rules: Rules, now: datetime) -> tuple[str, ...]:
    """The customers in the phase of a beta launch, where the plan knows of any."""
    proactive = rules.beta.phase_at(now) is not None and CUSTOMERS in audiences(rules.plan)
    return (CUSTOMERS,) if proactive else ()


def audiences(plan: Plan) -> tuple[str, ...]:
    """Everybody outside whom some severity of the plan names."""
    return tuple(dict.fromkeys(name for severity in plan.severities.values() for name in severity.external))


def rule(rules: Rules, incident: Incident, command: DraftCommand, now: datetime) -> tuple[Event, ...] | Rejection:
    """What a command about a draft leads to."""
    if isinstance(command, AskDraft):
        return _ask(rules, incident, command, now)
    draft = incident.drafts.draft(command.draft)
    if draft is None:
        return NoSuchDraft()
    match command:
        case EditDraft():
            return _edit(rules, incident, draft, command, now)
        case MarkDraftSent():
            if not isinstance(draft.ended, DraftApproved) or draft.audience == STATUS_PAGE or draft.sent is not None:
                return NothingToSend()
            return (DraftSent(at=now, by=command.by, draft=draft.number, audience=draft.audience),)
        case _:
            return _decide(rules, incident, draft, command, now)


def _ask(rules: Rules, incident: Incident, command: AskDraft, now: datetime) -> tuple[Event, ...] | Rejection:
    known = audiences(rules.plan)
    wanted = _listed(rules, incident, now) if command.audience is None else (command.audience,)
    text = command.text.strip()
    if incident.drill:
        return DrillStaysInside()
    if incident.status is Status.MERGED:
        return AlreadyClosed(incident.merged_into)
    if not wanted or any(audience not in known for audience in wanted):
        return UnknownAudience(command.audience or "", known)
    if len(text) > PUBLIC_TEXT_LIMIT:
        return TooLong(PUBLIC_TEXT_LIMIT)
    return tuple(
        _offer(rules, incident, audience, _moment_for(incident, audience), command.by, now, text) for audience in wanted
    )


def _moment_for(incident: Incident, audience: str) -> Moment:
    if not incident.is_open:
        return Moment.RESOLVED
    match incident.drafts.told.get(audience):
        case None:
            return Moment.DECLARED
        case Moment.RESOLVED:
            return Moment.REOPENED
        case _:
            return Moment.UPDATE


def _edit(
    rules: Rules, incident: Incident, draft: Draft, command: EditDraft, now: datetime
) -> tuple[Event, ...] | Rejection:
    text = command.text.strip()
    if not waits(rules, incident, draft):
        return DraftOver()
    if not text:
        return NothingSaid()
    if len(text) > PUBLIC_TEXT_LIMIT:
        return TooLong(PUBLIC_TEXT_LIMIT)
    return (DraftEdited(at=now, by=command.by, draft=draft.number, text=text),)


def _decide(
    rules: Rules, incident: Incident, draft: Draft, command: ApproveDraft | DiscardDraft, now: datetime
) -> tuple[Event, ...] | Rejection:
    role = approver(rules.plan)
    if not has_authority(rules, command.by, role):
        why = why_refused(rules, command.by)
        otherwise = TakesMoreAuthority(role) if why is WhyRefused.AUTHORITY else NotOnTheTeam()
        return _refused(incident, command.by, draft, why, role, now) or otherwise
    if not waits(rules, incident, draft):
        return _refused(incident, command.by, draft, WhyRefused.OVER, None, now) or DraftOver()
    known = {"at": now, "by": command.by, "draft": draft.number, "audience": draft.audience}
    if isinstance(command, DiscardDraft):
        return (DraftDiscarded.model_validate(known),)
    if command.seen != draft.edits:
        return DraftChanged()
    return (DraftApproved.model_validate({**known, "moment": draft.moment, "text": draft.text}),)


def _refused(
    incident: Incident, by: Actor, draft: Draft, why: WhyRefused, role: str | None, now: datetime
) -> tuple[Event, ...]:
    """Recorded once for each person and draft."""
    if refusal(draft.number, by) in incident.drafts.refused:
        return ()
    return (DraftRefused(at=now, by=by, draft=draft.number, why=why, role=role),)
