"""`/postmortem`, and the buttons of the document: the file in the thread, with what matters in a few lines."""

from bot.domain.evolving import replay
from bot.domain.incident import Incident
from bot.views import answers
from bot.views.postmortem.forms import with_summary
from bot.views.postmortem.view import PostmortemView
from bot.views.rendered import Rendered
from bot.views.review_presses import DocumentForm, ShowDocument
from handlers import surfaces
from handlers.askers import Asker
from handlers.pressed import Pressed, Reaction
from handlers.room import Asked, Room, said


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
    """Write the document from the log as it is now, and send it."""
    history = await room.store.load(incident.id)
    current = replay(incident.id, history)
    rules = await room.desk.rulebook.rules_for(current.plan)
    view = PostmortemView(rules, current, history, room.now(), asker.words)
    await surfaces.say_in_thread(room, asker, current, with_summary(view, form))
