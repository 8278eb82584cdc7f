"""The composition root: every part is made here and handed to those who need it."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
import structlog
from prometheus_client import CollectorRegistry

from bot.delivery.direct import Direct
from bot.delivery.figures import Figures
from bot.delivery.flight import Pace
from bot.delivery.gateway import Gateway, open_gateway
from bot.delivery.outcome import Done, Later, NotReached, Outcome, Unknown
from bot.delivery.sender import OnUnreachable, Sender
from bot.delivery.speaker import Speaker
from bot.domain.actors import System
from bot.domain.commands import ReportUnreachable
from bot.domain.plan import Plan
from bot.domain.roster import Roster
from bot.engine.abilities import verifiable
from bot.engine.acts import Acts
from bot.engine.beta_watch import BetaWatch
from bot.engine.calendar_reader import CalendarReader
from bot.engine.cases import Cases
from bot.engine.charting import Charting
from bot.engine.clockwork import Clockwork
from bot.engine.desk import Desk
from bot.engine.duty import OnDuty
from bot.engine.errands import Errands
from bot.engine.evidence import Evidence
from bot.engine.freshness import Freshness
from bot.engine.log_reader import LogReader
from bot.engine.offering import Offering
from bot.engine.pictures import Pictures
from bot.engine.prometheus import Prometheus
from bot.engine.readings import Readings
from bot.engine.records import Records
from bot.engine.replanning import Replanning
from bot.engine.rulebook import Rulebook
from bot.engine.runner import Runner
from bot.engine.silences import Silences
from bot.engine.singles import TTL, Role, Single, Singles
from bot.engine.team_desk import UNREACHABLE, TeamDesk
from bot.engine.verification import FixWatch
from bot.engine.watch import Watch
from bot.logs import secrets_of
from bot.readiness import Readiness
from bot.settings import ConfigurationError, Settings, TelegramMode
from bot.store.clock import Clock
from bot.store.durability import Severity
from bot.store.opening import open_store
from bot.store.records import Lease
from bot.store.store import Store
from bot.views.charts.process import ChartWorker
from bot.views.menu import menus
from bot.web.api import Api
from bot.web.figures import Metrics, RequestFigures
from bot.web.health import Health
from bot.web.hooks import Hooks, HookSecrets
from bot.web.server import HttpServer
from bot.web.status import StatusPage
from handlers.intake import TAKEN, Intake
from handlers.polling import Poller
from handlers.room import Looking, Room

_TRY_AGAIN_S = 2.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What an operator decided, checked."""

    settings: Settings
    plan: Plan
    roster: Roster


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that runs: where it listens, its desk and its clock, and the task that ends only when something broke."""

    port: int
    desk: Desk
    store: Store
    readiness: Readiness
    looking: Looking
    work: asyncio.Task[None]


@asynccontextmanager
async def running(
    configuration: Configuration,
    clock: Clock | None = None,
    measured_at: Callable[[], datetime] | None = None,
    pace: Pace | None = None,
    lease_for: timedelta = TTL,
) -> AsyncGenerator[Running]:
    """The bot, for as long as the block lasts.

    `measured_at` is the time that Prometheus is asked about, where that is not the clock's; `pace` holds delivery back,
    by Telegram's own budgets unless another one is given. After a replica dies another takes over within `lease_for`.

    Raises:
        StoreUnavailableError: Redis can't be reached at the start.
        EmbeddedServerError: the embedded Redis can't run.
        ConfigurationError: the store would lose what it is given, and nobody allowed that.
        OSError: the HTTP address is taken.
    """
    settings = configuration.settings
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings.redis, settings.data_dir, clock=clock))
        await _refuse_volatile(store, settings)
        looking = await _looking(stack, configuration, measured_at or store.clock.now)
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
        gateway = await stack.enter_async_context(_gateway(settings, store))
        registry = CollectorRegistry()
        pace = pace or Pace()
        records = Records(store, rulebook)
        room = Room(desk, store, gateway, Direct(gateway, pace), looking, team, records, beta)
        intake = Intake(room)
        poller = Poller(gateway.bot, intake)
        acts = _acting(stack, configuration, looking, desk, lease_for, lambda: _holder(settings, server.port))
        pictures = Pictures(looking.charting)
        speaker = Speaker(Cases(desk, store, team, pictures), store.clock, looking.readings, looking.offering)
        figures, unreachable = Figures(registry), _telling_the_desk(desk, store)

        async def send(lease: Lease) -> None:
            # What a sender knows of rows under way is of its lease alone.
            await Sender(store, gateway, speaker, unreachable, figures, pace, singles.surely_holds).run(lease)

        fixes = FixWatch(store, desk, looking.evidence, measured_at or store.clock.now)
        watch = Watch(store, desk, team, looking.evidence, measured_at or store.clock.now)
        polls = settings.telegram_mode is TelegramMode.POLLING
        work: list[Single] = [
            send,
            Clockwork(store, desk, team).run,
            team.run,
            Replanning(store, desk, duty).run,
            beta.run,
            *([calendar.run] if calendar else []),
            Freshness(store, desk).run,
            acts.look_after,
            *([watch.run, fixes.run] if looking.has_metrics else []),
            *([poller.run] if polls else []),
        ]
        singles = Singles(store, work, lease_for)
        readiness = Readiness(store, gateway, singles, duty)
        server = HttpServer(
            (
                *Hooks(desk, _secrets(settings), None if polls else intake.take_json).routes(),
                *Api(desk, store, settings.http_token).routes(),
                *Health(readiness.reasons, readiness.doubts).routes(),
                *StatusPage(store, lambda: rulebook.current.plan, settings.public_url).routes(),
                *Metrics(registry, desk, store, lambda: singles.role is Role.HOLDING).routes(),
            ),
            RequestFigures(registry),
        )
        stack.push_async_callback(server.stop)
        await server.start(settings.http_host, settings.http_port)
        holding = singles.run(_holder(settings, server.port))
        following = (team.watch(), *([calendar.follow()] if calendar else []))
        work_of_all = (holding, readiness.watch(), _introduce(gateway, settings), *following)
        task = asyncio.create_task(_work(work_of_all, looking), name="nabat")
        stack.push_async_callback(_end, task)
        yield Running(server.port, desk, store, readiness, looking, task)


async def _work(parts: tuple[Coroutine[None, None, None], ...], looking: Looking) -> None:
    async with asyncio.TaskGroup() as group:
        for part in parts:
            group.create_task(part)
        if looking.has_metrics:
            group.create_task(looking.readings.run())


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
    return Looking(
        evidence,
        readings,
        Charting(evidence, worker, measured_at),
        errands,
        http,
        LogReader(Runner(Path.cwd(), http, secrets_of(settings))),
        Silences(settings.alertmanager_url, http, measured_at),
        Offering(has_metrics=url is not None),
    )


def _acting(
    stack: AsyncExitStack,
    configuration: Configuration,
    looking: Looking,
    desk: Desk,
    ttl: timedelta,
    replica: Callable[[], str],
) -> Acts:
    """What runs the plan's actions; whatever still runs at the end is ended, and told."""
    runner = Runner(Path.cwd(), looking.http, secrets_of(configuration.settings))
    acts = Acts(desk.store, desk, runner, ttl, replica)
    desk.on_started = acts.begin
    stack.push_async_callback(acts.close)
    return acts


async def _introduce(gateway: Gateway, settings: Settings) -> None:
    """The menu of commands, and how updates come. While Telegram is away it is tried again."""
    secret = settings.telegram_webhook_secret
    if settings.telegram_mode is TelegramMode.WEBHOOK and secret is not None:
        url = f"{settings.public_url}/hooks/telegram"
        await _until(_is_done, lambda: gateway.expect_updates(url, secret.get_secret_value(), TAKEN))
    else:
        await _until(_is_done, gateway.ask_for_updates)
    for language, menu in menus().items():
        outcome = await _until(_is_an_answer, partial(gateway.set_commands, menu, language=language))
        if not isinstance(outcome, Done):
            log.info("the menu of commands was refused", language=language, outcome=outcome)


def _is_done(outcome: Outcome) -> bool:
    return isinstance(outcome, Done)


def _is_an_answer(outcome: Outcome) -> bool:
    """Whether Telegram said yes or no: the menu may be refused, and then the bot goes on without."""
    return not isinstance(outcome, Later | NotReached | Unknown)


async def _until(wanted: Callable[[Outcome], bool], call: Callable[[], Awaitable[Outcome]]) -> Outcome:
    while not wanted(outcome := await call()):
        wait_s = max(_TRY_AGAIN_S, outcome.after.total_seconds()) if isinstance(outcome, Later) else _TRY_AGAIN_S
        log.warning("the bot is not introduced to Telegram yet", outcome=outcome, again_in_s=wait_s)
        await asyncio.sleep(wait_s)
    return outcome


def _gateway(settings: Settings, store: Store) -> AbstractAsyncContextManager[Gateway]:
    token, proxy = settings.telegram_token, settings.telegram_proxy
    if token is None:
        raise ConfigurationError(("environment: NABAT_TELEGRAM_TOKEN: is missing",))
    return open_gateway(
        token.get_secret_value(), settings.telegram_api_url, store, proxy=proxy.get_secret_value() if proxy else None
    )


async def _refuse_volatile(store: Store, settings: Settings) -> None:
    problems = await store.durability()
    for problem in problems:
        log.warning("redis may lose data", setting=problem.setting, found=problem.found, advice=problem.advice)
    fatal = [problem for problem in problems if problem.severity is Severity.FATAL]
    if fatal and not settings.redis_allow_volatile:
        raise ConfigurationError(
            tuple(
                f"redis: {p.setting}: is {p.found}, so incidents could be lost; allowed: {p.advice}, "
                "or NABAT_REDIS_ALLOW_VOLATILE=true"
                for p in fatal
            )
        )


def _telling_the_desk(desk: Desk, store: Store) -> OnUnreachable:
    async def tell(person: str, incident: str, reason: str) -> None:
        await store.set_fact(UNREACHABLE + person, reason)
        await desk.handle(incident, ReportUnreachable(System(), person, reason))

    return tell


def _secrets(settings: Settings) -> HookSecrets:
    return HookSecrets(settings.http_token, settings.pagerduty_secret, settings.telegram_webhook_secret)


def _holder(settings: Settings, port: int) -> str:
    """The same after a restart, so that a replica takes its own lease over at once; another for each replica."""
    return f"{socket.gethostname()}:{port}:{settings.data_dir.resolve()}"


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
