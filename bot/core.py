"""The part of the bot that decides, remembers and looks, whatever it is reached by."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import aiohttp

from bot.configuration import Configuration
from bot.domain.roster import Roster
from bot.engine.abilities import verifiable
from bot.engine.beta_watch import BetaWatch
from bot.engine.calendar_reader import CalendarReader
from bot.engine.charting import Charting
from bot.engine.courses import Courses
from bot.engine.desk import Desk
from bot.engine.duty import OnDuty
from bot.engine.errands import Errands
from bot.engine.evidence import Evidence
from bot.engine.log_reader import LogReader
from bot.engine.offering import Offering
from bot.engine.prometheus import Prometheus
from bot.engine.readings import Readings
from bot.engine.rulebook import Rulebook
from bot.engine.runner import Runner
from bot.engine.silences import Silences
from bot.engine.team_desk import TeamDesk
from bot.logs import secrets_of
from bot.store.store import Store
from bot.views.charts.process import ChartWorker
from handlers.room import Looking


@dataclass(frozen=True, slots=True)
class Core:
    """What decides, remembers and looks, whatever it is reached by."""

    store: Store
    looking: Looking
    duty: OnDuty
    rulebook: Rulebook
    team: TeamDesk
    calendar: CalendarReader | None
    desk: Desk
    beta: BetaWatch


async def open_core(
    stack: AsyncExitStack, configuration: Configuration, store: Store, measured_at: Callable[[], datetime]
) -> Core:
    """The core, with what was remembered of the team and its calendar; `stack` closes what it opened.

    Raises:
        StoreUnavailableError: Redis can't be reached at the start.
    """
    looking = await _looking(stack, configuration, measured_at)
    duty = OnDuty(configuration.plan, configuration.roster)
    rulebook = _rulebook(configuration, store, duty, looking)
    await rulebook.keep()
    team = TeamDesk(store, duty)
    calendar = _calendar(configuration.roster, store, team, looking.http)
    await team.refresh()
    if calendar is not None:
        await calendar.recall()
    desk = Desk(store, rulebook)
    desk.verifiable = partial(verifiable, folder=Path.cwd(), has_metrics=looking.has_metrics)
    beta = BetaWatch(store, team, looking.http, looking.readings)
    return Core(store, looking, duty, rulebook, team, calendar, desk, beta)


def _rulebook(configuration: Configuration, store: Store, duty: OnDuty, looking: Looking) -> Rulebook:
    return Rulebook(
        store,
        configuration.plan,
        configuration.roster,
        duty,
        read=looking.readings.values,
        launches=lambda: duty.beta,
    )


def _calendar(roster: Roster, store: Store, team: TeamDesk, http: aiohttp.ClientSession) -> CalendarReader | None:
    url = roster.on_call.ical_url if roster.on_call else None
    return CalendarReader(store, team, http, url) if url else None


async def _looking(stack: AsyncExitStack, configuration: Configuration, measured_at: Callable[[], datetime]) -> Looking:
    """What evidence is gathered with; the chart worker starts with the first chart."""
    settings = configuration.settings
    url = settings.prometheus_url
    prometheus = Prometheus(url)
    stack.callback(prometheus.close)
    worker = ChartWorker()
    stack.push_async_callback(worker.stop)
    http = await stack.enter_async_context(aiohttp.ClientSession())
    errands = Errands()
    stack.push_async_callback(errands.close)
    evidence = Evidence(prometheus)
    readings = Readings(evidence, configuration.plan, measured_at)
    charting = Charting(evidence, worker, measured_at)
    return Looking(
        evidence,
        readings,
        charting,
        Courses(evidence, charting, has_metrics=url is not None),
        errands,
        http,
        LogReader(Runner(Path.cwd(), http, secrets_of(settings))),
        Silences(settings.alertmanager_url, http, measured_at),
        Offering(has_metrics=url is not None),
    )
