"""`nabat export`: the post-incident document of an incident, read from the store without a bot that runs."""

from bot.configuration import Configuration
from bot.domain.evolving import replay
from bot.engine.rulebook import Rulebook
from bot.store.names import number_of
from bot.store.opening import open_store
from bot.views.postmortem.forms import file
from bot.views.postmortem.view import PostmortemView
from bot.views.review_presses import DocumentForm
from bot.views.translations import words_in


class NoSuchIncidentError(Exception):
    """No incident has that id."""


async def exported(configuration: Configuration, incident_id: str, form: str) -> bytes:
    """The document in a form, in the language of the responders chat.

    Raises:
        NoSuchIncidentError: there is no such incident.
        StoreUnavailableError: Redis can't be reached.
        EmbeddedServerError: the embedded Redis can't run; a bot that runs may hold it.
        UnreadableEventError: a newer Nabat wrote to the incident.
        LookupError: its plan is not in the store.
    """
    settings, plan, roster = configuration.settings, configuration.plan, configuration.roster
    wanted = incident_id.strip().upper()
    async with open_store(settings.redis, settings.data_dir) as store:
        history = await store.load(wanted) if number_of(wanted) else ()
        if not history:
            raise NoSuchIncidentError(incident_id)
        incident = replay(wanted, history)
        rules = await Rulebook(store, plan, roster).rules_for(incident.plan)
        words = words_in(roster.chats.responders, rules.plan.timezone)
        view = PostmortemView(rules, incident, history, store.clock.now(), words)
        return file(view, DocumentForm(form)).content
