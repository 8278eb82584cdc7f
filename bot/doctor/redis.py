"""Redis: whether it can be reached and keeps what it acknowledges. Nothing is written to it."""

import asyncio
import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.doctor.findings import Broken, Doubtful, Finding, Findings, Well
from bot.settings import ClusterRedis, EmbeddedRedis, SentinelRedis, Settings, SingleRedis
from bot.store.dial import dial, dial_socket
from bot.store.durability import Problem, Severity
from bot.store.embedded import EmbeddedServer, EmbeddedServerError
from bot.store.records import StoreUnavailableError
from bot.store.store import Store

PATIENCE: Final = timedelta(seconds=7)
"""The store's own timeouts: a connect of 3 s, tried twice."""

_KEPT = "kept: append-only file, written through, nothing evicted"


def undialled_store(settings: Settings) -> Store:
    """The store the bot would use, or uses at this moment where it is an embedded one. Nothing is connected yet."""
    target = settings.redis
    if isinstance(target, EmbeddedRedis):
        return Store(dial_socket(str(EmbeddedServer(settings.data_dir).socket)))
    return Store(dial(target))


async def examine_redis(store: Store, settings: Settings) -> Findings:
    """Reachable, durable; an embedded server that does not run is tried on an empty folder."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            return await _examine(store, settings)
    except TimeoutError:
        said = f"{_where(settings)} does not answer within {PATIENCE.total_seconds():g} s"
    except StoreUnavailableError as error:
        said = f"{_where(settings)}: {error}"
    except EmbeddedServerError as error:
        return (Broken(str(error), "Until then no incident can be kept."),)
    return (Broken(said, "Start it, or correct NABAT_REDIS_URL: address, password, TLS."),)


async def _examine(store: Store, settings: Settings) -> Findings:
    if not isinstance(settings.redis, EmbeddedRedis):
        return await _looked_at(store, settings, _where(settings))
    try:
        return await _looked_at(store, settings, f"a running bot uses {settings.data_dir}; its embedded Redis")
    except StoreUnavailableError:
        return await _tried(settings)


async def _looked_at(store: Store, settings: Settings, name: str) -> Findings:
    took = await store.health()
    problems = await store.durability()
    answers = Well(f"{name} answers in {took.total_seconds() * 1000:.1f} ms")
    if not problems:
        return answers, Well(_KEPT)
    return answers, *(_finding(problem, allowed=settings.redis_allow_volatile) for problem in problems)


async def _tried(settings: Settings) -> Findings:
    """The bot's own data stay untouched: a server that reads them would keep the bot from starting meanwhile."""
    unusable = _unusable(settings.data_dir)
    if unusable:
        return (Broken(unusable, "Set NABAT_DATA_DIR to a folder that the bot's user may write to."),)
    with tempfile.TemporaryDirectory(prefix="nabat-check-") as folder:
        server = EmbeddedServer(Path(folder))
        await server.start()
        trial = Store(dial_socket(str(server.socket)))
        try:
            await trial.health()
            problems = await trial.durability()
        finally:
            await trial.batches.close()
            await trial.connection.close()
            await server.stop()
    starts = Well(f"embedded, starts with the bot; its data go to {settings.data_dir}")
    return (
        starts,
        *(_finding(problem, allowed=settings.redis_allow_volatile) for problem in problems or ()),
        *(() if problems else (Well(_KEPT),)),
    )


def _unusable(data_dir: Path) -> str:
    """Why nothing could be kept there; empty: it can be made, or written to."""
    place = EmbeddedServer(data_dir).folder
    while not os.access(place, os.F_OK) and place != place.parent:  # `exists` raises where nobody may look
        place = place.parent
    if not place.is_dir():
        return f"{place} is not a folder"
    return "" if os.access(place, os.W_OK | os.X_OK) else f"{place} can't be written to"


def _finding(problem: Problem, *, allowed: bool) -> Finding:
    said = f"{problem.setting} is {problem.found}"
    advice = problem.advice[:1].upper() + problem.advice[1:] + "."
    if problem.severity is Severity.FATAL and not allowed:
        return Broken(said, advice)
    return Doubtful(said, advice)


def _where(settings: Settings) -> str:
    """Host and port, without what may be secret."""
    target = settings.redis
    match target:
        case EmbeddedRedis():
            return "the embedded Redis"
        case SingleRedis():
            address = target.url.get_secret_value().rpartition("@")[2].partition("?")[0]
            return f"Redis at {address.partition('://')[2] or address}"
        case SentinelRedis():
            return f"Redis {target.service} of {len(target.sentinels)} sentinels"
        case ClusterRedis():
            return f"the Redis Cluster at {target.nodes[0].host}:{target.nodes[0].port}"
