"""Decisions as people read them: what holds, who decides, what would run, and what became of it."""

from datetime import timedelta

from bot.domain.acting import Decision
from bot.domain.acting_events import (
    ActionStarted,
    DecisionApproved,
    DecisionExpired,
    DecisionRejected,
    TriggerFired,
    WhyAsked,
)
from bot.domain.actors import Responder
from bot.domain.incident import Incident
from bot.domain.measures import format_value
from bot.domain.rules import Rules
from bot.domain.rulings.actions import has_authority
from bot.domain.rulings.rollback import decider, row
from bot.domain.timers import DECISION, due
from bot.views import action_presses, incident_presses, naming
from bot.views.conditions import condition_of
from bot.views.html import Line, Piece, bold, joined, message, text
from bot.views.incident_presses import Panel
from bot.views.keyboard import Row, pressing, signed
from bot.views.plan_words import of_plan
from bot.views.rendered import Rendered, Style
from bot.views.running import COMMAND_LIMIT, REASON_LIMIT, command_of, title
from bot.views.tell_view import TellView
from bot.views.times import clock, duration
from bot.views.translations import Words, mark

_WHY = {
    WhyAsked.DISABLED: mark("Automatic rollbacks are switched off."),
    WhyAsked.COOLDOWN: mark("It ran a short time ago, so it does not act by itself now."),
}


def decision(view: TellView) -> Rendered:
    """The question to humans, or what became of it."""
    words, incident = view.words, view.incident
    asked = incident.acting.decision(view.number)
    if asked is None:
        return Rendered(message([Line(words("{incident}: nothing is asked", incident=incident.id))]))
    what = condition_of(words, view.rules, asked.trigger, asked.value)
    head = words("⏪ {incident}: roll back? {condition}", incident=incident.id, condition=what)
    if asked.settled_by is not None or not incident.is_open:
        return Rendered(message([Line(bold(head)), Line(_settled(view, asked))]))
    who = _decides(words, view.rules, asked)
    times = _asked_at(view, asked)
    lines = [
        Line(bold(head)),
        Line(_carried(view)),
        Line(_now(view, asked), 2),
        Line(joined((who, times, _runs(words, view.rules)), " ")),
        Line(words(_WHY[asked.why]) if asked.why is not None and asked.why in _WHY else Piece(), 1),
    ]
    charts = pressing(signed("📈", words("Charts")), incident_presses.OpenPanel(incident.id, Panel.CHARTS))
    return Rendered(
        message(lines), (answer_row(words, incident, asked), *(((charts,),) if view.capabilities.charts else ()))
    )


def _carried(view: TellView) -> Piece:
    event = view.event
    if not isinstance(event, TriggerFired) or event.carried_from is None:
        return Piece()
    return view.words("Carried over from {incident}, which was merged.", incident=event.carried_from)


def answer_row(words: Words, incident: Incident, asked: Decision) -> Row:
    """Approve and Reject."""
    return (
        pressing(signed("✔️", words("Approve")), action_presses.Approve(incident.id, asked.number), Style.DANGER),
        pressing(signed("✖️", words("Reject")), action_presses.Reject(incident.id, asked.number)),
    )


def question(words: Words, rules: Rules, asked: Decision) -> Piece:
    """The question in one line, for a page and for the card."""
    what = condition_of(words, rules, asked.trigger, asked.value)
    return joined((words("⏪ Roll back? {condition}", condition=what), _decides(words, rules, asked)))


def waiting_for(rules: Rules, incident: Incident, person: str) -> tuple[Decision, ...]:
    """The open decisions that this person may make."""
    if not incident.is_open:
        return ()
    return tuple(asked for asked in incident.acting.pending if _may_decide(rules, asked, person))


def _may_decide(rules: Rules, asked: Decision, person: str) -> bool:
    known = row(rules, asked.trigger)
    return known is not None and has_authority(rules, Responder(person=person), decider(rules, known))


def _decides(words: Words, rules: Rules, asked: Decision) -> Piece:
    known = row(rules, asked.trigger)
    if known is None:
        return Piece()
    role = decider(rules, known)
    if role == rules.plan.roles[-1]:
        return words("Decides: {role}.", role=naming.role(words, role))
    return words("Decides: {role} or above.", role=naming.role(words, role))


def _asked_at(view: TellView, asked: Decision) -> Piece:
    words = view.words
    last = clock(words, asked.last_asked_at, view.now)
    again = due(view.rules, view.incident).get(f"{DECISION}{asked.number}")
    if again is None:
        return words("Asked {time}.", time=last)
    return words("Asked {time}, again at {again}.", time=last, again=clock(words, again, view.now))


def _now(view: TellView, asked: Decision) -> Piece:
    """What the metric reads as the message is shown."""
    known = row(view.rules, asked.trigger)
    metric = view.rules.plan.metrics.get(known.metric or "") if known is not None else None
    value = next((r.value for r in view.readings if known is not None and r.metric == known.metric), None)
    if metric is None or value is None:
        return Piece()
    lasts = duration(view.words, view.now - asked.asked_at + (known.for_ if known is not None else timedelta(0)))
    shown = format_value(metric.unit, value, view.words.language)
    return view.words("Now {value}, in breach for {length}.", value=shown, length=lasts)


def _runs(words: Words, rules: Rules) -> Piece:
    rollback = rules.plan.rollback
    action = rules.plan.actions.get(rollback.action) if rollback is not None else None
    if action is None:
        return Piece()
    return words(
        "Runs: {action} ({command}).",
        action=of_plan(words, action.title),
        command=text(command_of(action), COMMAND_LIMIT),
    )


def _settled(view: TellView, asked: Decision) -> Piece:
    words, roster = view.words, view.rules.roster
    match asked.settled_by:
        case DecisionApproved() as by:
            time = clock(words, by.at, view.now)
            said = words("✔️ Approved by {who} at {time}", who=naming.actor(words, roster, by.by), time=time)
            return joined((said, text(by.reason, REASON_LIMIT)), ": ")
        case DecisionRejected() as by:
            time = clock(words, by.at, view.now)
            said = words("✖️ Rejected by {who} at {time}", who=naming.actor(words, roster, by.by), time=time)
            return joined((said, text(by.reason, REASON_LIMIT)), ": ")
        case DecisionExpired() as by:
            return words("No longer asked: the breach ended at {time}", time=clock(words, by.at, view.now))
        case ActionStarted() as by:
            return words("No longer asked: a rollback began at {time}", time=clock(words, by.at, view.now))
        case None if view.incident.merged_into is not None:
            return words("Asked in {incident} from now on", incident=view.incident.merged_into)
        case None:
            return words("No longer asked: the incident is over")


def on_card(words: Words, rules: Rules, incident: Incident) -> tuple[Piece, ...]:
    """Lines of the card: what runs, and what is asked."""
    going = tuple(
        words("⏳ {action} is running", action=title(words, rules, run.action)) for run in incident.acting.running
    )
    return (*going, *(question(words, rules, asked) for asked in incident.acting.pending))
