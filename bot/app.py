"""The composition root: every part is made here and handed to those who need it."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry

from bot.configuration import Configuration
from bot.core import Core, open_core
from bot.delivery.direct import Direct
from bot.delivery.figures import Figures
from bot.delivery.flight import Pace
from bot.delivery.gateway import Gateway, open_gateway
from bot.delivery.sender import OnUnreachable, Sender
from bot.delivery.speaker import Speaker
from bot.domain.actors import System
from bot.domain.commands import ReportUnreachable
from bot.engine.acts import Acts
from bot.engine.cases import Cases
from bot.engine.clockwork import Clockwork
from bot.engine.desk import Desk
from bot.engine.freshness import Freshness
from bot.engine.pictures import Pictures
from bot.engine.records import Records
from bot.engine.replanning import Replanning
from bot.engine.runner import Runner
from bot.engine.singles import TTL, Role, Single, Singles
from bot.engine.team_desk import UNREACHABLE
from bot.engine.verification import FixWatch
from bot.engine.watch import Watch
from bot.introduction import introduce
from bot.logs import secrets_of
from bot.readiness import Readiness
from bot.settings import ConfigurationError, Settings, TelegramMode, unusable, why_not_listening
from bot.store.clock import Clock
from bot.store.durability import Severity
from bot.store.opening import open_store
from bot.store.records import Lease
from bot.store.store import Store
from bot.web.api import Api
from bot.web.figures import Metrics, RequestFigures
from bot.web.health import Health
from bot.web.hooks import Hooks, HookSecrets
from bot.web.server import HttpServer
from bot.web.status import StatusPage
from handlers.intake import Intake
from handlers.polling import Poller
from handlers.room import Looking, Room

log = structlog.get_logger(__name__)


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
        ConfigurationError: the store would lose what it is given, and nobody allowed that; or the data directory or the
            HTTP address can't be used.
    """
    settings = configuration.settings
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings.redis, settings.data_dir, clock=clock))
        await _refuse_volatile(store, settings)
        measured_at, pace = measured_at or store.clock.now, pace or Pace()
        core = await open_core(stack, configuration, store, measured_at)
        gateway = await stack.enter_async_context(_gateway(settings, store))
        intake = Intake(_room(core, gateway, pace))
        acts = _acting(stack, configuration, core, lease_for, lambda: _replica(settings, server.port))
        registry = CollectorRegistry()
        speaker, figures, unreachable = _speaker(core), Figures(registry), _telling_the_desk(core.desk, store)

        async def send(lease: Lease) -> None:
            # What a sender knows of rows under way is of its lease alone.
            await Sender(store, gateway, speaker, unreachable, figures, pace, singles.surely_holds).run(lease)

        poller = Poller(gateway.bot, intake)
        polling = [poller.run] if settings.telegram_mode is TelegramMode.POLLING else []
        singles = Singles(store, [send, *_singles(core, acts, measured_at), *polling], lease_for)
        readiness = Readiness(store, gateway, singles, core.duty, lambda: poller.silence)
        server = _server(settings, core, intake, readiness, singles, registry)
        stack.push_async_callback(server.stop)
        await _listen(server, settings)
        work = (singles.run(_replica(settings, server.port)), readiness.watch(), introduce(gateway, settings))
        task = asyncio.create_task(_work(core, work), name="nabat")
        stack.push_async_callback(_end, task)
        yield Running(server.port, core.desk, store, readiness, core.looking, task)


def _room(core: Core, gateway: Gateway, pace: Pace) -> Room:
    records = Records(core.store, core.rulebook)
    direct = Direct(gateway, pace)
    return Room(core.desk, core.store, gateway, direct, core.looking, core.team, records, core.beta)


def _speaker(core: Core) -> Speaker:
    cases = Cases(core.desk, core.store, core.team, Pictures(core.looking.charting))
    return Speaker(cases, core.store.clock, core.looking.readings, core.looking.offering)


def _singles(core: Core, acts: Acts, measured_at: Callable[[], datetime]) -> Sequence[Single]:
    """What one replica does for all, besides sending and polling."""
    store, desk, evidence = core.store, core.desk, core.looking.evidence
    watch = Watch(store, desk, core.team, evidence, measured_at)
    fixes = FixWatch(store, desk, evidence, measured_at)
    return [
        Clockwork(store, desk, core.team, fixes.last_look if core.looking.has_metrics else None).run,
        core.team.run,
        Replanning(store, desk, core.duty).run,
        core.beta.run,
        *([core.calendar.run] if core.calendar else []),
        Freshness(store, desk).run,
        acts.look_after,
        *([watch.run, fixes.run] if core.looking.has_metrics else []),
    ]


def _server(
    settings: Settings,
    core: Core,
    intake: Intake,
    readiness: Readiness,
    singles: Singles,
    registry: CollectorRegistry,
) -> HttpServer:
    store, desk = core.store, core.desk
    take_update = intake.take_json if settings.telegram_mode is TelegramMode.WEBHOOK else None
    routes = (
        *Hooks(desk, _secrets(settings), take_update).routes(),
        *Api(desk, store, settings.http_token).routes(),
        *Health(readiness.reasons, readiness.doubts).routes(),
        *StatusPage(store, lambda: core.rulebook.current, settings.public_url).routes(),
        *Metrics(registry, desk, store, lambda: singles.role is Role.HOLDING).routes(),
    )
    return HttpServer(routes, RequestFigures(registry))


async def _listen(server: HttpServer, settings: Settings) -> None:
    try:
        await server.start(settings.http_host, settings.http_port)
    except OSError as error:
        why = why_not_listening(error, settings.http_host, settings.http_port)
        raise unusable(why.variable, why.wrong, why.allowed) from error


async def _work(core: Core, parts: tuple[Coroutine[None, None, None], ...]) -> None:
    """What every replica does, until one of its parts breaks."""
    async with asyncio.TaskGroup() as group:
        for part in (*parts, core.team.watch()):
            group.create_task(part)
        if core.calendar is not None:
            group.create_task(core.calendar.follow())
        if core.looking.has_metrics:
            group.create_task(core.looking.readings.run())


def _acting(
    stack: AsyncExitStack,
    configuration: Configuration,
    core: Core,
    ttl: timedelta,
    replica: Callable[[], str],
) -> Acts:
    """What runs the plan's actions; whatever still runs at the end is ended, and told."""
    runner = Runner(Path.cwd(), core.looking.http, secrets_of(configuration.settings))
    acts = Acts(core.store, core.desk, runner, ttl, replica)
    core.desk.on_started = acts.begin
    stack.push_async_callback(acts.close)
    return acts


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


def _replica(settings: Settings, port: int) -> str:
    """The same after a restart, so that a replica takes its own lease over at once; another for each replica."""
    return f"{socket.gethostname()}:{port}:{settings.data_dir.resolve()}"


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
