"""`/checklist`, the Checklist button, its ticks, and evidence as a reply to it."""

import re

from bot.delivery.slots import CHECKLIST_SLOT
from bot.domain.checklist import Phase, items_of, phase_of
from bot.domain.checklist_commands import AddEvidence, TickItem
from bot.domain.incident import Incident
from bot.domain.looking import Tick
from bot.domain.plan import ChecklistItem
from bot.views import answers, checklist_presses
from bot.views.checklist import ChecklistView, checklist_message
from bot.views.checklist_presses import ChecklistPress
from bot.views.rendered import Rendered
from bot.views.translations import Words
from handlers import surfaces
from handlers.askers import Asker
from handlers.pressed import Pressed, Reaction
from handlers.room import Asked, Room, said

_NUMBERED = re.compile(r"\s*(\d{1,2})\s*[.):,\N{EN DASH}-]?\s+(?=\S)")


async def show_checklist(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """The checklist that matters now, as a message that can be answered."""
    incident = await room.desk.incident(incident_id)
    if incident is None:
        return said(answers.unknown_incident(asked.words, incident_id))
    await _open(room, asked.asker, incident)
    return None


async def open_checklist(room: Room, pressed: Pressed, incident: Incident) -> None:
    """The checklist as an answer to the card."""
    await _open(room, pressed.asker, await room.desk.incident(incident.id) or incident)


async def pressed_on(room: Room, pressed: Pressed, press: ChecklistPress, incident: Incident) -> Reaction:
    """A button of a checklist; the message shows how it stands now, also when somebody else was faster."""
    rules = await room.desk.rulebook.rules_for(incident.plan)
    if isinstance(press, checklist_presses.ShowChecklist):
        phase = Phase.AFTER if press.after else Phase.DURING
        return Reaction("", lambda: _turn(room, pressed, incident, phase))
    during = items_of(rules.plan, Phase.DURING)
    every = (*during, *items_of(rules.plan, Phase.AFTER))
    if press.item >= len(every):
        return Reaction(answers.stale_button(pressed.asker.words))
    command = TickItem(pressed.asker.actor, every[press.item].id, done=bool(press.done))
    outcome = await room.desk.handle(incident.id, command, pressed.operation)
    phase = Phase.DURING if press.item < len(during) else Phase.AFTER
    return Reaction(await room.sentence(pressed.asker, outcome), lambda: _show_anew(room, pressed, incident, phase))


async def answered(
    room: Room, asker: Asker, incident_id: str, slot: str, written: str, operation: str
) -> Rendered | None:
    """Evidence for the line whose number begins the text, else for the one that its writer ticked last.

    None: the slot is none of a checklist.
    """
    if not slot.startswith(CHECKLIST_SLOT):
        return None
    incident = await room.desk.incident(incident_id)
    if incident is None:
        return said(answers.unknown_incident(asker.words, incident_id))
    rules = await room.desk.rulebook.rules_for(incident.plan)
    items = items_of(rules.plan, Phase(slot.removeprefix(CHECKLIST_SLOT).partition(":")[0]))
    numbered = _NUMBERED.match(written)
    item = _at(items, int(numbered[1])) if numbered else _ticked_last(incident, items, asker)
    if item is None:
        return said(answers.which_line(asker.words))
    text = written[numbered.end() :] if numbered else written
    outcome = await room.desk.handle(incident_id, AddEvidence(asker.actor, item.id, text), operation)
    return said(await room.sentence(asker, outcome))


def _at(items: tuple[ChecklistItem, ...], number: int) -> ChecklistItem | None:
    return items[number - 1] if 0 < number <= len(items) else None


def _ticked_last(incident: Incident, items: tuple[ChecklistItem, ...], asker: Asker) -> ChecklistItem | None:
    def when(pair: tuple[Tick, ChecklistItem]) -> float:
        return pair[0].at.timestamp()

    ticks = ((incident.checked.by_hand.get(item.id), item) for item in items)
    mine = [(tick, item) for tick, item in ticks if tick is not None and tick.by == asker.actor]
    return max(mine, key=when)[1] if mine else None


async def _open(room: Room, asker: Asker, incident: Incident) -> None:
    phase = phase_of(incident)
    shown = await _rendered(room, asker.words, incident, phase)
    await surfaces.say_in_thread(room, asker, incident, shown, slot=f"{CHECKLIST_SLOT}{phase}:")


async def _turn(room: Room, pressed: Pressed, incident: Incident, phase: Phase) -> None:
    """The other checklist in the place of this one; from now on an answer is about that."""
    name = f"{CHECKLIST_SLOT}{phase}:{pressed.ref.chat}:{pressed.ref.message}"
    await room.store.remember(incident.id, {name: pressed.ref})
    await _show_anew(room, pressed, incident, phase)


async def _show_anew(room: Room, pressed: Pressed, incident: Incident, phase: Phase) -> None:
    current = await room.desk.incident(incident.id) or incident
    shown = await _rendered(room, pressed.asker.words, current, phase)
    await surfaces.show_instead(room, pressed, current, shown)


async def _rendered(room: Room, words: Words, incident: Incident, phase: Phase) -> Rendered:
    rules = await room.desk.rulebook.rules_for(incident.plan)
    return checklist_message(ChecklistView(rules, incident, phase, room.now(), words))
