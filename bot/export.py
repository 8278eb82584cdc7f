"""`nabat export`: the post-incident document of an incident, read from the store without a bot that runs."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot.configuration import Configuration
from bot.domain.evolving import replay
from bot.domain.incident import Incident
from bot.domain.rules import Rules
from bot.engine.charting import Charting
from bot.engine.courses import Courses
from bot.engine.evidence import Evidence
from bot.engine.prometheus import Prometheus
from bot.engine.rulebook import Rulebook
from bot.settings import Settings
from bot.store.clock import Clock
from bot.store.names import number_of
from bot.store.opening import open_store
from bot.views.charts.process import ChartWorker
from bot.views.postmortem.forms import File, file, picture_beside
from bot.views.postmortem.measured import Measured, NotMeasured
from bot.views.postmortem.view import PostmortemView
from bot.views.review_presses import DocumentForm
from bot.views.translations import Words, words_in


class NoSuchIncidentError(Exception):
    """No incident has that id."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A document, and the picture that is to lie beside it where its form can't hold one."""

    document: bytes
    picture: File | None


async def exported(configuration: Configuration, incident_id: str, form: str, stem: str | None = None) -> Exported:
    """The document in a form, in the language of the responders chat.

    `stem` is how the name of its file begins; without one it goes where nothing can lie beside it.

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
        measured = await _measured(settings, store.clock, rules, incident, words)
        view = PostmortemView(rules, incident, history, store.clock.now(), words, measured)
    picture = picture_beside(view, DocumentForm(form), stem) if stem else None
    return Exported(file(view, DocumentForm(form), picture.name if picture else None).content, picture)


async def _measured(
    settings: Settings, clock: Clock, rules: Rules, incident: Incident, words: Words
) -> Measured | NotMeasured | None:
    """What the metrics were, asked for and drawn for this one document."""
    url = settings.prometheus_url
    async with AsyncExitStack() as stack:
        prometheus = Prometheus(url)
        stack.callback(prometheus.close)
        worker = ChartWorker()
        stack.push_async_callback(worker.stop)
        evidence = Evidence(prometheus)
        courses = Courses(evidence, Charting(evidence, worker, clock.now), has_metrics=url is not None)
        return await courses.of(rules, incident, words, clock.now())
