"""`/postmortem`, and the buttons of the document: the file in the thread, with what matters in a few lines."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.evolving import replay
from bot.domain.incident import Incident
from bot.views import answers
from bot.views.drill import marked
from bot.views.postmortem.forms import picture_beside, picture_message, with_summary
from bot.views.postmortem.measured import NotMeasured, Unmeasured
from bot.views.postmortem.view import PostmortemView
from bot.views.rendered import Rendered
from bot.views.review_presses import DocumentForm, ShowDocument
from handlers import surfaces
from handlers.askers import Asker
from handlers.pressed import Pressed, Reaction
from handlers.room import Asked, Room, said

METRICS_PATIENCE = timedelta(seconds=3)
"""How long a document waits to go as one with its metrics; after that it goes, and they are put into it."""


async def show(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """The document as Markdown; it follows by itself."""
    incident = await room.desk.incident(incident_id)
    if incident is None:
        return said(answers.unknown_incident(asked.words, incident_id))
    if not asked.asker.on_team:
        return said(room.for_the_team_only(asked.asker))
    room.looking.errands.run(send(room, asked.asker, incident, DocumentForm.MARKDOWN))
    return None


def pressed_on(room: Room, pressed: Pressed, press: ShowDocument, incident: Incident) -> Reaction:
    """The same in another form, by a button. It names people and what they did: it is for the team."""
    if not pressed.asker.on_team:
        return Reaction(room.for_the_team_only(pressed.asker))
    # Hasty fingers press twice; the file comes once.
    name = f"document:{incident.id}:{press.form}:{pressed.asker.chat}"
    if not room.looking.errands.run_once(name, lambda: send(room, pressed.asker, incident, press.form)):
        return Reaction(answers.under_way(pressed.asker.words))
    return Reaction(answers.writing(pressed.asker.words))


async def send(room: Room, asker: Asker, incident: Incident, form: DocumentForm) -> None:
    """Write the document from the log as it is now, and send it; metrics that take long are put into it afterwards."""
    history = await room.store.load(incident.id)
    current = replay(incident.id, history)
    rules = await room.desk.rulebook.rules_for(current.plan)
    view = PostmortemView(rules, current, history, room.now(), asker.words)
    async with asyncio.TaskGroup() as group:
        drawn = form is not DocumentForm.JSON
        measuring = group.create_task(room.looking.courses.of(rules, current, asker.words, room.now(), drawn=drawn))
        await asyncio.wait({measuring}, timeout=METRICS_PATIENCE.total_seconds())
        early = measuring.done()
        known = await measuring if early else NotMeasured(Unmeasured.READING)
        shown = await surfaces.said_in_thread(room, asker, current, with_summary(replace(view, measured=known), form))
        complete = replace(view, measured=await measuring)
    if shown is not None and not early:
        await room.direct.show(shown, marked(asker.words, current, with_summary(complete, form)))
    await _send_picture(room, asker, complete, form)


async def _send_picture(room: Room, asker: Asker, view: PostmortemView, form: DocumentForm) -> None:
    picture = picture_beside(view, form, view.incident.id)
    if picture is not None:
        rendered = picture_message(asker.words, view.incident, picture)
        await surfaces.say_in_thread(room, asker, view.incident, rendered)
