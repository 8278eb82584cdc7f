"""What the responders' thread is told of an event, and the person who must hear of it."""

from datetime import timedelta

from bot.domain.acting_events import (
    ActionFinished,
    ActionLost,
    ActionRefused,
    ActionStarted,
    DecisionExpired,
    DecisionRefused,
    DecisionRejected,
    Flagged,
    TriggerCleared,
    TriggerFired,
    TriggerReadable,
    TriggerUnclear,
)
from bot.domain.chasing_events import UpdateEscalated
from bot.domain.crew_events import IncidentRole, RoleGiven
from bot.domain.draft_events import DraftOffered, DraftRefused, DraftsAwaited
from bot.domain.events import (
    Absorbed,
    AlertsChanged,
    Escalated,
    Event,
    MergedInto,
    PageFailed,
    Reopened,
    ResolutionOverdue,
    Resolved,
    ResponseOverdue,
    SeverityChanged,
    UpdateOverdue,
    UpdatePosted,
    UpdateReminded,
)
from bot.domain.presence_events import HolderAsked, HolderSilent, HolderThere
from bot.domain.resolving_events import VerificationBroken, VerificationStarted
from bot.domain.timers import deadlines, update_every
from bot.views import (
    conditions,
    crew,
    damage,
    deciding,
    drafts,
    drafts_awaited,
    incident_presses,
    naming,
    presence,
    resolving,
    review,
    review_told,
    running,
    verifying,
)
from bot.views.drill import marked, score_lines
from bot.views.headline import severity
from bot.views.html import Line, Piece, bold, joined, message, paragraph, text
from bot.views.keyboard import Row, pressing, signed
from bot.views.plan_words import of_plan
from bot.views.rendered import Button, Rendered, Style
from bot.views.tell_view import TellView
from bot.views.timeline import line, with_reason
from bot.views.times import clock, duration
from bot.views.translations import listed

UPDATE_LIMIT = 3200
_MINUTE = timedelta(minutes=1)


def thread(view: TellView) -> Rendered:
    """A reply to the card: what happened, and what can be done about it."""
    return marked(view.words, view.incident, _in_thread(view))


def _in_thread(view: TellView) -> Rendered:
    match view.event:
        case TriggerFired(asks=True):
            return deciding.decision(view)
        case ActionStarted():
            return running.run(view)
        case DraftOffered():
            return drafts.draft(view)
        case HolderAsked():
            return presence.asked_in_thread(view, view.event)
        case _ if isinstance(view.event, review_told.Told):
            return review_told.in_thread(view, view.event)
        case _:
            return _thread(view)


def _thread(view: TellView) -> Rendered:
    lines, row = _said(view)
    return Rendered(message(lines), (row,) if row else ())


def ping(view: TellView) -> Rendered:
    """A private message to the holder about something that is late."""
    return marked(view.words, view.incident, _in_private(view))


def _in_private(view: TellView) -> Rendered:
    words, incident = view.words, view.incident
    match view.event:
        case UpdateOverdue():
            due = clock(words, view.event.due, view.now)
            first = words("⏰ {incident}: your update was due {time}", incident=incident.id, time=due)
            if incident.in_role(IncidentRole.COMMUNICATIONS) is not None:
                first = _late(view, view.event)
            row = _update_row(view) if incident.is_open else ()
        case UpdateEscalated():
            first = _still_missing(view, view.event)
            row = _update_row(view) if incident.is_open else ()
        case ResolutionOverdue():
            due = clock(words, view.event.deadline, view.now)
            first = words("⏰ {incident}: it was to be resolved by {time}", incident=incident.id, time=due)
            row = _overdue_row(view) if incident.is_open else ()
        case _ if isinstance(view.event, review_told.Told):
            return review_told.in_private(view, view.event)
        case DraftsAwaited():
            return drafts_awaited.asked(view, view.event)
        case HolderAsked():
            return presence.question(view, view.event)
        case RoleGiven():
            return crew.told(view, view.event)
        case _:
            return _in_thread(view)
    title = text(incident.title)
    return Rendered(message([Line(bold(first)), Line(title, 1)]), (row,) if row else ())


def _said(view: TellView) -> tuple[list[Line], Row]:  # noqa: C901, PLR0911, PLR0912 - one flat table of what is said
    words, incident, event, now = view.words, view.incident, view.event, view.now
    match event:
        case UpdateReminded():
            return _reminder(view, event), _update_row(view) if incident.is_open else ()
        case AlertsChanged() if incident.all_alerts_resolved and incident.is_open:
            over = words("🟢 {incident}: every alert has resolved. Is it over?", incident=incident.id)
            return [Line(over)], (_resolve(view),)
        case UpdateOverdue():
            return [Line(_late(view, event))], _update_row(view) if incident.is_open else ()
        case UpdateEscalated():
            called = naming.people(words, view.rules.roster, event.people)
            asked = words("asked: {who}", who=called) if called else words("there is nobody above to ask")
            late = joined((_still_missing(view, event), asked))
            return [Line(late)], _update_row(view) if incident.is_open else ()
        case ResolutionOverdue():
            due = clock(words, event.deadline, now)
            late = words("⏰ {incident} was to be resolved by {time}", incident=incident.id, time=due)
            return [Line(joined((late, _holder(view))))], _overdue_row(view) if incident.is_open else ()
        case HolderSilent():
            return [Line(presence.silent(view, event))], ()
        case ResponseOverdue():
            due = clock(words, event.deadline, now)
            return [Line(words("⏰ {incident}: nobody answered by {time}", incident=incident.id, time=due))], ()
        case UpdatePosted():
            who = naming.actor(words, view.rules.roster, event.by)
            head = words("📝 {incident}: update by {who}", incident=incident.id, who=who)
            return [Line(head), Line(paragraph(event.text, UPDATE_LIMIT))], ()
        case VerificationStarted():
            return _watched(view, event), ()
        case VerificationBroken():
            return _not_over(view, event), ()
        case Resolved():
            asked_for = review.on_card(review.ReviewView(view.rules, incident, now, words))
            lines = [Line(with_reason(_over(view, event), event.reason)), *score_lines(words, view.score)]
            seen = (verifying.verified(words, event.verified), verifying.unverified(words, event.unverified))
            asked = [Line(asked_for, 1), *(Line(piece, 1) for piece in seen), _asked(view)]
            return [*lines, *asked], _resolved_row(view)
        case PageFailed():
            person = naming.person(view.rules.roster, event.person)
            head = words("⚠️ {person} can't be written to about {incident}", person=person, incident=incident.id)
            cure = words("They must open a private chat with Nabat and press Start.")
            return [Line(head), Line(cure)], ()
        case Escalated():
            return [Line(_called(view, event))], ()
        case TriggerFired():
            return _by_itself(view, event), ()
        case Flagged(raises_to=str() as raised):
            said = line(words, view.rules.roster, event, now)
            worse = words("{severity} now", severity=severity(raised))
            head = words("{sign} {incident}: {said}", sign=_sign(event), incident=incident.id, said=said)
            return [Line(joined((head, bold(worse))))], ()
        case ActionFinished():
            return [Line(running.ended(view, event))], ()
        case ActionLost():
            return [Line(running.ended(view, event)), Line(running.advice(view))], ()
        case _:
            said = line(words, view.rules.roster, event, now)
            return [Line(words("{sign} {incident}: {said}", sign=_sign(event), incident=incident.id, said=said))], ()


def _by_itself(view: TellView, event: TriggerFired) -> list[Line]:
    words = view.words
    what = conditions.condition_of(words, view.rules, event.trigger, event.value)
    return [
        Line(bold(words("⏪ {incident}: Nabat rolls back by itself", incident=view.incident.id))),
        Line(what),
    ]


def _sign(event: Event) -> str:  # noqa: C901, PLR0911 - one flat table of signs
    match event:
        case SeverityChanged():
            return "🎚"
        case Reopened():
            return "↩️"
        case MergedInto() | Absorbed():
            return "🔗"
        case DecisionRefused() | ActionRefused() | DraftRefused():
            return "⛔️"
        case TriggerUnclear():
            return "⚪️"
        case DecisionExpired() | TriggerCleared() | TriggerReadable():
            return "🟢"
        case DecisionRejected():
            return "✖️"
        case DraftsAwaited():
            return "📣"
        case HolderThere():
            return "👍"
        case Flagged():
            return "🚩"
        case _:
            return "•"


def _reminder(view: TellView, event: UpdateReminded) -> list[Line]:
    words, incident = view.words, view.incident
    every = update_every(view.rules, incident)
    rhythm = Piece()
    if every is not None:
        length = duration(words, every)
        rhythm = words("{severity} has one every {length}", severity=severity(incident.severity), length=length)
    last = Piece()
    if incident.last_update is not None:
        last = words("(last {time})", time=clock(words, incident.last_update.at, view.now))
    due = words("⏰ {incident}: update due", incident=incident.id)
    if not rhythm:
        due = words("⏰ {incident}: update due {time}", incident=incident.id, time=clock(words, event.due, view.now))
    how = words("Reply to this message: what users notice, what we do, when we write next.")
    return [Line(joined((joined((due, rhythm), ", "), last), " ")), Line(how, 1)]


def _still_missing(view: TellView, event: UpdateEscalated) -> Piece:
    due = clock(view.words, event.due, view.now)
    missing = view.words("⏰ {incident}: still no update, due {time}", incident=view.incident.id, time=due)
    return joined((missing, _holder(view)))


def _late(view: TellView, event: UpdateOverdue) -> Piece:
    """Names whoever has communications, where somebody has: the update is their job."""
    words, incident = view.words, view.incident
    due = clock(words, event.due, view.now)
    late = words("⏰ {incident}: the update due {time} has not come", incident=incident.id, time=due)
    speaker = incident.in_role(IncidentRole.COMMUNICATIONS)
    if speaker is None:
        return joined((late, _holder(view)))
    return joined((late, words("{who} has communications", who=naming.person(view.rules.roster, speaker))))


def _over(view: TellView, event: Resolved) -> Piece:
    words, incident = view.words, view.incident
    who = naming.actor(words, view.rules.roster, event.by)
    length = duration(words, event.at - damage.began_at(incident))
    return words("🏁 {incident} resolved by {who} after {length}", incident=incident.id, who=who, length=length)


def _asked(view: TellView) -> Line:
    return Line(resolving.asked_for(view.words, view.incident) if not view.incident.is_open else Piece(), 2)


def _watched(view: TellView, event: VerificationStarted) -> list[Line]:
    words, incident = view.words, view.incident
    who, until = naming.actor(words, view.rules.roster, event.by), clock(words, event.until, view.now)
    head = words("🧪 {incident}: {who} calls it fixed, watched until {time}", incident=incident.id, who=who, time=until)
    watched = [view.rules.plan.metrics[name].title for name in event.metrics if name in view.rules.plan.metrics]
    if event.action in view.rules.plan.actions:
        watched.append(view.rules.plan.actions[event.action].title)
    what = words("Watched: {what}", what=listed(of_plan(words, title) for title in watched)) if watched else Piece()
    return [Line(head), Line(what, 1), Line(verifying.unverified(words, event.unverified), 1)]


def _not_over(view: TellView, event: VerificationBroken) -> list[Line]:
    words, incident = view.words, view.incident
    metric = view.rules.plan.metrics.get(event.metric) if event.metric is not None else None
    said = verifying.broken(words, view.rules.roster, event, metric)
    head = words("{sign} {incident}: {said}", sign="🔴", incident=incident.id, said=with_reason(said, event.reason))
    back = words("Back to the response")
    return [Line(bold(head)), Line(joined((back, _holder(view))), 1)]


def _called(view: TellView, event: Escalated) -> Piece:
    words, incident = view.words, view.incident
    said = line(words, view.rules.roster, event, view.now)
    head = words("{sign} {incident}: {said}", sign="⬆️", incident=incident.id, said=said)
    call = incident.escalation
    if call is None or call.role != event.role:
        return head
    return joined((head, words("paged: {who}", who=naming.people(words, view.rules.roster, call.people))))


def _holder(view: TellView) -> Piece:
    if view.incident.holder is None:
        return view.words("nobody has it yet")
    return view.words("{who} has it", who=naming.person(view.rules.roster, view.incident.holder))


def _update_row(view: TellView) -> Row:
    words, incident = view.words, view.incident
    update = pressing(signed("📝", words("Update")), incident_presses.AskUpdate(incident.id), Style.PRIMARY)
    every = update_every(view.rules, incident)
    if every is None or deadlines(view.rules, incident).update_by is None:
        return (update,)
    length = min(view.rules.plan.updates.snooze, every)
    minutes = length // _MINUTE
    if not minutes:
        return (update,)
    label = words("Snooze {length}", length=duration(words, timedelta(minutes=minutes))).plain
    return (update, pressing(label, incident_presses.Snooze(incident.id, minutes)))


def _overdue_row(view: TellView) -> Row:
    escalate = pressing(signed("⬆️", view.words("Escalate")), incident_presses.EscalateTo(view.incident.id, None))
    return (escalate, _resolve(view))


def _resolved_row(view: TellView) -> Row:
    if view.incident.is_open or view.incident.merged_into is not None:
        return ()
    again = pressing(signed("↩️", view.words("Reopen")), incident_presses.Reopen(view.incident.id))
    return (*resolving.ask_buttons(view.words, view.incident), again)


def _resolve(view: TellView) -> Button:
    return pressing(signed("🏁", view.words("Resolve")), incident_presses.Resolve(view.incident.id), Style.SUCCESS)
