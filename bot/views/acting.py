"""Decisions and runs, as people read them: what holds, who decides, what runs, and how it ended."""

from datetime import timedelta

from bot.domain.acting import Decision, Run
from bot.domain.acting_events import (
    ActionEnding,
    ActionFinished,
    ActionLost,
    ActionStarted,
    DecisionApproved,
    DecisionExpired,
    DecisionRejected,
    TriggerFired,
    WhyAsked,
)
from bot.domain.actors import Responder
from bot.domain.incident import Incident
from bot.domain.masking import Masker
from bot.domain.measures import format_value
from bot.domain.plan import Action, Metric, Trigger
from bot.domain.rules import Rules
from bot.domain.rulings.actions import has_authority
from bot.domain.rulings.rollback import decider, row
from bot.domain.timers import DECISION, due
from bot.views import action_presses, incident_presses, naming
from bot.views.drill import not_run
from bot.views.html import Line, Piece, bold, joined, message, quote, text
from bot.views.incident_presses import Panel
from bot.views.keyboard import Row, pressing, signed
from bot.views.outside_text import MORE
from bot.views.plan_words import of_plan
from bot.views.rendered import Rendered, Style
from bot.views.tell_view import TellView
from bot.views.times import clock, duration
from bot.views.translations import Words, mark

OUTPUT_LIMIT = 300
"""Characters of an action's output in the chat, and its last lines: what a phone shows beside what came of it."""
OUTPUT_LINES = 6
REASON_LIMIT = 200
COMMAND_LIMIT = 80

_INTERPRETERS = {"bash", "sh"}
_mask = Masker()
_WHY = {
    WhyAsked.DISABLED: mark("Automatic rollbacks are switched off."),
    WhyAsked.COOLDOWN: mark("It ran a short time ago, so it does not act by itself now."),
}


def condition(words: Words, rules: Rules, trigger: Trigger, value: float | None) -> Piece:
    """`Error rate 7.2 % for 15 min (rule: 5–10 % for 15 min)`; a flag by its name."""
    metric = rules.plan.metrics.get(trigger.metric or "")
    if metric is None:
        return words("The flag {flag} is set", flag=naming.in_words(words, trigger.flag or trigger.name))
    name = of_plan(words, metric.title)
    rule = _rule(words, metric, trigger)
    known = {"metric": name, "value": format_value(metric.unit, value, words.language), "rule": rule}
    if not trigger.for_:
        return words("{metric} {value} (rule: {rule})", **known)
    length = duration(words, trigger.for_)
    return words("{metric} {value} for {length} (rule: {rule} for {length})", length=length, **known)


def _rule(words: Words, metric: Metric, trigger: Trigger) -> Piece:
    if trigger.below is not None:
        return text(f"< {format_value(metric.unit, trigger.below, words.language)}")
    low = format_value(metric.unit, trigger.above, words.language)
    if trigger.up_to is None:
        return text(f"> {low}")
    return text(f"{low} – {format_value(metric.unit, trigger.up_to, words.language)}")


def condition_of(words: Words, rules: Rules, trigger: str, value: float | None) -> Piece:
    """The same for a row by its name; the name itself for one that the plan does not have."""
    known = row(rules, trigger)
    return condition(words, rules, known, value) if known is not None else naming.in_words(words, trigger)


def blind(words: Words) -> Piece:
    """The title of an incident about figures that can't be read."""
    return words("Nabat can't read what the rollback rules watch")


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


def command_of(action: Action) -> str:
    """What an action does, shortly: the command without its interpreter, or the request; without what may be secret."""
    if action.http is not None:
        return _mask(f"{action.http.method} {action.http.url}")
    program, *arguments = action.run or ("",)
    return _mask(" ".join(arguments if program in _INTERPRETERS and arguments else (program, *arguments)))


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


def run(view: TellView) -> Rendered:
    """A run as it stands: going on with what it prints, or ended with how."""
    words, incident = view.words, view.incident
    known = incident.acting.run(view.number)
    if known is None:
        return Rendered(message([Line(words("{incident}: nothing runs", incident=incident.id))]))
    if known.ended is not None:
        tail = known.ended.tail if isinstance(known.ended, ActionFinished) else view.output
        what_now = advice(view) if isinstance(known.ended, ActionLost) else Piece()
        lines = [Line(bold(ended(view, known.ended))), Line(what_now), Line(_why(view, known), 1), _output(tail)]
        return Rendered(message(lines))
    return Rendered(message([Line(bold(_going(view, known))), Line(_why(view, known), 1), _output(view.output)]))


def _going(view: TellView, known: Run) -> Piece:
    words = view.words
    about = {
        "incident": text(view.incident.id),
        "action": title(words, view.rules, known.action),
        "time": clock(words, known.started_at, view.now),
    }
    if isinstance(known.by, Responder):
        who = naming.actor(words, view.rules.roster, known.by)
        return words("⏳ {incident}: {action} runs since {time}, started by {who}", who=who, **about)
    return words("⏪ {incident}: {action} runs by itself since {time}", **about)


def _why(view: TellView, known: Run) -> Piece:
    """The row of the matrix that it runs for."""
    if known.trigger is None:
        return Piece()
    return condition_of(view.words, view.rules, known.trigger, view.incident.acting.values.get(known.trigger))


def ended(view: TellView, event: ActionFinished | ActionLost) -> Piece:
    """How a run ended, in words."""
    words = view.words
    known = view.incident.acting.run(event.run)
    about = {"incident": text(view.incident.id), "action": title(words, view.rules, event.action)}
    if isinstance(event, ActionLost):
        return words("❓ {incident}: nobody knows how {action} ended, the bot died meanwhile", **about)
    took = duration(words, timedelta(seconds=event.took_s))
    how = outcome(words, event)
    if event.ending is ActionEnding.SIMULATED:
        return words("🎓 {incident}: {action}: {how}", how=how, **about)
    if known is not None and known.ok:
        return words("✅ {incident}: {action} ended well after {took} ({how})", took=took, how=how, **about)
    if event.ending in {ActionEnding.NOT_STARTED, ActionEnding.STOPPED}:
        return words("❌ {incident}: {action}: {how}", how=how, **about)
    return words("❌ {incident}: {action} failed after {took}: {how}", took=took, how=how, **about)


def advice(view: TellView) -> Piece:
    """What to do about a run of unknown outcome."""
    return view.words("Look at the service first. It is not run again by itself: /rollback or /run does that.")


def outcome(words: Words, event: ActionFinished) -> Piece:  # noqa: PLR0911 - one flat table of endings
    """The ending alone."""
    detail = text(event.detail, REASON_LIMIT)
    match event.ending:
        case ActionEnding.EXITED:
            return words("exit status {code}", code=event.code or 0)
        case ActionEnding.KILLED:
            return words("ended by signal {signal}", signal=detail)
        case ActionEnding.TIMED_OUT:
            return words("ended at its time limit")
        case ActionEnding.NOT_STARTED:
            return words("did not start: {reason}", reason=detail)
        case ActionEnding.ANSWERED:
            return words("answered with status {code}", code=event.code or 0)
        case ActionEnding.NOT_ANSWERED:
            return words("no answer ({reason}): whether it took effect is not known", reason=detail)
        case ActionEnding.STOPPED:
            return words("the bot was stopped and ended it half-way")
        case ActionEnding.SIMULATED:
            return not_run(words)


def title(words: Words, rules: Rules, action: str) -> Piece:
    """What an action is called."""
    known = rules.plan.actions.get(action)
    return of_plan(words, known.title if known is not None else action)


def run_it(words: Words, rules: Rules, action: str) -> Piece:
    """The question before an action runs."""
    known = rules.plan.actions[action]
    return words(
        "Run {action} ({command})?", action=of_plan(words, known.title), command=text(command_of(known), COMMAND_LIMIT)
    )


def on_card(words: Words, rules: Rules, incident: Incident) -> tuple[Piece, ...]:
    """Lines of the card: what runs, and what is asked."""
    going = tuple(
        words("⏳ {action} is running", action=title(words, rules, run.action)) for run in incident.acting.running
    )
    return (*going, *(question(words, rules, asked) for asked in incident.acting.pending))


def _output(tail: str) -> Line:
    last = "\n".join(tail.strip().splitlines()[-OUTPUT_LINES:])
    cut_off = len(last) > OUTPUT_LIMIT
    shown = MORE + last[-(OUTPUT_LIMIT - len(MORE)) :] if cut_off else last
    return Line(quote(shown, OUTPUT_LIMIT) if shown else Piece(), 3)
