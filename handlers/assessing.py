"""The Assess button: questions about scope and impact, one at a time, and what a confirmed breach offers."""

from bot.delivery.slots import IMPACT_SLOT
from bot.domain.acting_commands import Flag
from bot.domain.assessment_commands import Assess
from bot.domain.assessment_events import CHOICES, Answer, Aspect
from bot.domain.incident import Incident
from bot.engine.outcomes import Refused
from bot.views import answers, assessing
from bot.views.assessing import AssessmentView
from bot.views.panel_presses import AnswerAspect, AskAspect, OnAssessment, SetFlag, ShowAssessment
from bot.views.rendered import Rendered
from handlers import surfaces
from handlers.pressed import Pressed, Reaction
from handlers.room import Room

_ASPECTS = tuple(Aspect)


def open_assessment(room: Room, pressed: Pressed, incident: Incident) -> Reaction:
    """The first open question as an answer to the card; once everything was asked, all answers."""
    if not pressed.asker.on_team:
        return Reaction(room.for_the_team_only(pressed.asker))
    return Reaction("", lambda: _open(room, pressed, incident))


async def chosen(room: Room, pressed: Pressed, press: OnAssessment, incident: Incident) -> Reaction:
    """What was pressed on the panel; the message shows what comes next."""
    if not pressed.asker.on_team:
        return Reaction(room.for_the_team_only(pressed.asker))
    match press:
        case AskAspect(aspect=place):
            if place >= len(_ASPECTS):
                return Reaction(answers.stale_button(pressed.asker.words))
            return Reaction("", lambda: _show_question(room, pressed, incident, _ASPECTS[place]))
        case ShowAssessment():
            return Reaction("", lambda: _show_overview(room, pressed, incident))
        case AnswerAspect():
            return await _answer(room, pressed, press, incident)
        case SetFlag():
            return await _flag(room, pressed, press, incident)


async def _open(room: Room, pressed: Pressed, incident: Incident) -> None:
    view = await _view(room, pressed, incident)
    asked = assessing.first_question(incident)
    shown = assessing.overview(view) if asked is None else assessing.question(view, asked)
    await surfaces.open_panel(room, pressed.asker, incident, IMPACT_SLOT, shown)


async def _show_question(room: Room, pressed: Pressed, incident: Incident, aspect: Aspect) -> None:
    shown = assessing.question(await _view(room, pressed, incident), aspect)
    await surfaces.show_instead(room, pressed, incident, shown)


async def _show_overview(room: Room, pressed: Pressed, incident: Incident) -> None:
    await surfaces.show_instead(room, pressed, incident, assessing.overview(await _view(room, pressed, incident)))


async def _answer(room: Room, pressed: Pressed, press: AnswerAspect, incident: Incident) -> Reaction:
    """Keep an answer; then the next open question, or all answers. A confirmed breach offers first."""
    aspect = _ASPECTS[press.aspect] if press.aspect < len(_ASPECTS) else None
    choices = (Answer.DONT_KNOW, *CHOICES[aspect]) if aspect is not None else ()
    if aspect is None or press.answer >= len(choices):
        return Reaction(answers.stale_button(pressed.asker.words))
    answer = choices[press.answer]
    outcome = await room.desk.handle(incident.id, Assess(pressed.asker.actor, aspect, answer), pressed.operation)
    toast = await room.sentence(pressed.asker, outcome)
    if isinstance(outcome, Refused):
        return Reaction(toast)

    async def go_on() -> None:
        view = await _view(room, pressed, incident)
        await surfaces.show_instead(room, pressed, incident, _next(view, aspect, answer))

    return Reaction(toast, go_on)


def _next(view: AssessmentView, aspect: Aspect, answer: Answer) -> Rendered:
    if aspect is Aspect.SECURITY and answer is Answer.CONFIRMED and assessing.offers_something(view):
        return assessing.offer(view)
    following = view.incident.assessment.next_unknown(aspect)
    return assessing.overview(view) if following is None else assessing.question(view, following)


async def _flag(room: Room, pressed: Pressed, press: SetFlag, incident: Incident) -> Reaction:
    known = tuple((await room.desk.rulebook.rules_for(incident.plan)).plan.flags)
    if press.flag >= len(known):
        return Reaction(answers.stale_button(pressed.asker.words))
    outcome = await room.desk.handle(incident.id, Flag(pressed.asker.actor, known[press.flag]), pressed.operation)
    return Reaction(await room.sentence(pressed.asker, outcome), lambda: _show_overview(room, pressed, incident))


async def _view(room: Room, pressed: Pressed, incident: Incident) -> AssessmentView:
    current = await room.desk.incident(incident.id) or incident
    rules = await room.desk.rulebook.rules_for(current.plan)
    return AssessmentView(rules, current, room.now(), pressed.asker.words)
