"""Pressed buttons. Every press is authorised anew by the desk, and always answered; the rest comes after that."""

from collections.abc import Awaitable, Callable
from typing import assert_never

import structlog
from telegram import CallbackQuery

from bot.delivery.thin_updates import under
from bot.domain.acting_commands import StartAction
from bot.domain.acting_rejections import ConfirmAction
from bot.domain.incident import Incident
from bot.engine.outcomes import Refused
from bot.store.records import MessageRef, StoreUnavailableError
from bot.views import (
    action_presses,
    answers,
    browsing_presses,
    callbacks,
    checklist_presses,
    crew_presses,
    draft_presses,
    incident_presses,
    lookup_presses,
    panel_presses,
    review_presses,
    storm_presses,
)
from bot.views.callbacks import Press, parse
from bot.views.card import ChoosingSeverity, ConfirmingAction, Normal
from bot.views.incident_presses import Panel
from bot.views.translations import words_in
from handlers import (
    acting,
    assessing,
    checking,
    crew,
    drafts,
    gathering,
    logs,
    ordering,
    resolution,
    reviewing,
    runbooks,
    silencing,
    storming,
    surfaces,
    timeline,
)
from handlers.askers import asker_of, may_read
from handlers.drilling import marking_of
from handlers.evidence import send_chart, send_chart_to_thread
from handlers.pressed import Pressed, Reaction
from handlers.room import Asked, Room, not_saved
from handlers.verbs import OF_INCIDENT

log = structlog.get_logger(__name__)

_Shown = (
    incident_presses.AskSeverity | incident_presses.Cancel | incident_presses.AskUpdate | incident_presses.OpenIncident
)
_RECORDED = (
    action_presses.Approve,
    action_presses.Reject,
    action_presses.RunAction,
    draft_presses.ApproveDraft,
    draft_presses.DiscardDraft,
)


async def react(room: Room, query: CallbackQuery, operation: str) -> None:
    """Carry a press out and answer it. What can't be saved is said to be lost, and is lost: it acts on no later try.

    What it shows comes beside that: an edit may wait seconds for its chat's budget, and the next poll must not.
    """
    try:
        reaction = await _reaction(room, query, operation)
    except StoreUnavailableError as error:
        words = words_in(room.rules.roster.chats.responders, room.rules.plan.timezone)
        reaction = Reaction(not_saved(words, error))
    await room.gateway.answer(query.id, reaction.toast)
    if reaction.then is not None:
        room.looking.errands.run(_follow_up(reaction.then))


async def _follow_up(then: Callable[[], Awaitable[None]]) -> None:
    try:
        await then()
    except StoreUnavailableError as error:
        # It was answered; taken once more it could act a second time.
        log.warning("a press was answered, and what it shows waits for the next one", reason=str(error))


async def _reaction(room: Room, query: CallbackQuery, operation: str) -> Reaction:
    place = under(query)
    press = parse(query.data or "")
    if place is None or press is None:
        words = words_in(room.rules.roster.chats.responders, room.rules.plan.timezone)
        return Reaction(answers.stale_button(words))
    asker = asker_of(room.rules, query.from_user, place.chat)
    # A press on a decision or an action goes to the desk all the same: who may not do it is recorded there.
    if not may_read(room.rules, asker) and not isinstance(press, _RECORDED):
        return Reaction(room.for_the_team_only(asker))
    pressed = Pressed(asker, MessageRef(place.chat.id, place.message), place.written, operation)
    return await _carry_out(room, pressed, press)


async def _carry_out(room: Room, pressed: Pressed, press: Press) -> Reaction:
    match press:
        case browsing_presses.ShowList():
            return Reaction("", lambda: surfaces.show_list(room, pressed, press))
        case browsing_presses.PickFor():
            return await _picked(room, pressed, press)
        case browsing_presses.ShowTimeline():
            return timeline.turned(room, pressed, press)
        case browsing_presses.ShowChart():
            room.looking.errands.run(send_chart(room, pressed.asker, press, instead=pressed.ref))
            return Reaction(answers.drawing(pressed.asker.words))
        case (
            storm_presses.AckService()
            | storm_presses.AskToMerge()
            | storm_presses.MergeService()
            | storm_presses.KeepApart()
        ):
            return await storming.pressed_on(room, pressed, press)
        case _:
            return await _of_incident(room, pressed, press)


async def _of_incident(room: Room, pressed: Pressed, press: callbacks.OfIncident) -> Reaction:
    incident = await room.desk.casebook.get(press.incident)
    if incident is None:
        return Reaction(answers.unknown_incident(pressed.asker.words, press.incident))
    reaction = await _by_family(room, pressed, press, incident)
    room.looking.errands.run(crew.notice(room, pressed.asker, incident.id, pressed.operation))
    return reaction


async def _by_family(  # noqa: C901, PLR0911 - one flat table of families
    room: Room, pressed: Pressed, press: callbacks.OfIncident, incident: Incident
) -> Reaction:
    if isinstance(press, draft_presses.OfDraft):
        return await drafts.decided(room, pressed, press)
    if isinstance(press, callbacks.Order):
        return await ordering.carry_out(room, pressed, press, incident)
    if isinstance(press, callbacks.Lookup):
        return await _looked_up(room, pressed, press, incident)
    if isinstance(press, review_presses.ReviewPress):
        return await reviewing.pressed_on(room, pressed, press, incident)
    if isinstance(press, panel_presses.OnAssessment):
        return await assessing.chosen(room, pressed, press, incident)
    if isinstance(press, checklist_presses.ChecklistPress):
        return await checking.pressed_on(room, pressed, press, incident)
    if isinstance(press, checklist_presses.ResolutionPress):
        return await resolution.pressed_on(room, pressed, press, incident)
    if isinstance(press, crew_presses.OnCrew):
        return await crew.chosen(room, pressed, press, incident)
    if isinstance(press, incident_presses.OpenPanel):
        return await _panel(room, pressed, press, incident)
    if isinstance(press, incident_presses.AskUpdate) and not pressed.asker.on_team:
        return Reaction(room.for_the_team_only(pressed.asker))
    return Reaction("", lambda: _show(room, pressed, press, incident))


async def _panel(room: Room, pressed: Pressed, press: incident_presses.OpenPanel, incident: Incident) -> Reaction:  # noqa: PLR0911 - one flat table of panels
    match press.panel:
        case Panel.CHARTS if room.looking.has_metrics:
            room.looking.errands.run(send_chart_to_thread(room, pressed.asker, incident))
            return Reaction(answers.drawing(pressed.asker.words))
        case Panel.ROLLBACK:
            return await _roll_back(room, pressed, incident)
        case Panel.GATHER:
            return gathering.begin(room, pressed, incident)
        case Panel.ASSESS:
            return assessing.open_assessment(room, pressed, incident)
        case Panel.ROLES:
            return crew.open_roles(room, pressed, incident)
        case Panel.RUNBOOK:
            return Reaction("", lambda: runbooks.open_runbook(room, pressed, incident))
        case Panel.CHECKLIST:
            return Reaction("", lambda: checking.open_checklist(room, pressed, incident))
        case Panel.REVIEW:
            return Reaction("", lambda: reviewing.open_review(room, pressed, incident))
        case Panel.SILENCE:
            return silencing.open_silence(room, pressed, incident)
        case _:
            return Reaction(answers.not_set_up(pressed.asker.words))


async def _looked_up(room: Room, pressed: Pressed, press: callbacks.Lookup, incident: Incident) -> Reaction:
    match press:
        case lookup_presses.ShowRunbook():
            return Reaction("", lambda: runbooks.another(room, pressed, press, incident))
        case lookup_presses.TickStep():
            return await runbooks.tick(room, pressed, press, incident)
        case lookup_presses.ShowLogs():
            if incident.drill:
                return Reaction(answers.not_in_a_drill(pressed.asker.words))
            return logs.pressed(room, pressed.asker, press.action, pressed.ref)
        case action_presses.AskAction():
            return await acting.ask(room, pressed, press, incident)
        case lookup_presses.AskSilence() | lookup_presses.ConfirmSilence() | lookup_presses.EndSilence():
            return silencing.chosen(room, pressed, press, incident)
        case _:
            assert_never(press)


async def _roll_back(room: Room, pressed: Pressed, incident: Incident) -> Reaction:
    """The first of the two yeses that a rollback takes: the card asks for the second."""
    plan = (await room.desk.rulebook.rules_for(incident.plan)).plan
    if plan.rollback is None:
        return Reaction(answers.not_set_up(pressed.asker.words))
    command = StartAction(pressed.asker.actor, plan.rollback.action)
    outcome = await room.desk.handle(incident.id, command, pressed.operation)
    asks = isinstance(outcome, Refused) and isinstance(outcome.reason, ConfirmAction) and outcome.incident is not None
    mode = ConfirmingAction(plan.rollback.action)
    then = (lambda: surfaces.show_mode(room, pressed.ref, incident, mode)) if asks else None
    return Reaction(await room.sentence(pressed.asker, outcome), then)


async def _show(room: Room, pressed: Pressed, press: _Shown, incident: Incident) -> None:
    """What a press that changes nothing makes visible."""
    match press:
        case incident_presses.AskSeverity():
            await surfaces.show_mode(room, pressed.ref, incident, ChoosingSeverity())
        case incident_presses.Cancel():
            await surfaces.show_mode(room, pressed.ref, incident, Normal())
        case incident_presses.OpenIncident():
            await surfaces.open_card(room, pressed.asker, incident)
        case incident_presses.AskUpdate():
            await surfaces.ask_for_update(room, pressed.asker, incident)


async def _picked(room: Room, pressed: Pressed, press: browsing_presses.PickFor) -> Reaction:
    """Carry out the command that was ambiguous; its text is in the message that the choice answers."""
    written = pressed.written
    if written is None or press.verb not in OF_INCIDENT:
        return Reaction(answers.stale_button(pressed.asker.words))
    _, _, text = (written.text or "").strip().partition(" ")
    asked = Asked(pressed.asker, press.verb, text.strip(), written, pressed.operation)
    marking = await marking_of(room, press.incident, pressed.asker)
    answer = await OF_INCIDENT[press.verb](room, asked, press.incident)
    rendered = answer and marking(answer)

    async def show_instead() -> None:
        if rendered is None:
            await room.gateway.delete(pressed.ref)
        else:
            await room.direct.show(pressed.ref, rendered)

    return Reaction("", show_instead)
