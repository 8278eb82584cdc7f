"""Whether a Redis keeps what it acknowledges: read by the doctor and at the start."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from redis.exceptions import RedisError

from bot.store.connect import Connection, ReplyLostError
from bot.store.records import StoreUnavailableError


class Severity(StrEnum):
    """What a problem means for the data."""

    FATAL = "fatal"
    """Acknowledged incidents can be lost: the bot starts only when told so."""
    WARNING = "warning"
    """They can be lost in a failure that is rare, or writes may be refused."""
    UNKNOWN = "unknown"
    """The server does not tell."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A setting of the server that endangers the data, what was found, and what to do."""

    setting: str
    found: str
    advice: str
    severity: Severity


async def durability(connection: Connection) -> tuple[Problem, ...]:
    """What endangers the data on this server; nothing on one set up as Nabat wants it.

    Raises:
        StoreUnavailableError: Redis can't be reached.
    """
    try:
        replies = await connection.send([("CONFIG GET", "*"), ("INFO", "replication")])
    except ReplyLostError as error:
        raise StoreUnavailableError(str(error)) from error
    config, info = replies
    return (*_of_config(config), *_of_role(info))


def _of_config(reply: object) -> tuple[Problem, ...]:
    if isinstance(reply, RedisError):
        return (
            Problem(
                "CONFIG",
                "this server does not let the bot read its settings",
                "see to it that appendonly is yes, appendfsync always and maxmemory-policy noeviction",
                Severity.UNKNOWN,
            ),
        )
    config = cast("Mapping[str, str]", reply)
    checks = (_append_only(config), _fsync(config), _eviction(config))
    return tuple(problem for problem in checks if problem)


def _append_only(config: Mapping[str, str]) -> Problem | None:
    if config.get("appendonly") == "yes":
        return None
    return Problem(
        "appendonly",
        config.get("appendonly", "unknown"),
        "set appendonly yes: without the append-only file a crash loses everything since the last snapshot",
        Severity.FATAL,
    )


def _fsync(config: Mapping[str, str]) -> Problem | None:
    found = config.get("appendfsync", "unknown")
    if found == "always" or config.get("appendonly") != "yes":
        return None
    lost = "the last second" if found == "everysec" else "whatever the system had not written yet"
    severity = Severity.WARNING if found == "everysec" else Severity.FATAL
    return Problem("appendfsync", found, f"set appendfsync always: a crash of the machine loses {lost}", severity)


def _eviction(config: Mapping[str, str]) -> Problem | None:
    found = config.get("maxmemory-policy", "unknown")
    if found == "noeviction" or config.get("maxmemory") == "0":
        return None
    return Problem(
        "maxmemory-policy",
        found,
        "set maxmemory-policy noeviction: any other policy throws incidents away when memory runs out",
        Severity.FATAL,
    )


def _of_role(reply: object) -> tuple[Problem, ...]:
    if isinstance(reply, RedisError):
        return (Problem("INFO", "refused", "allow INFO, so that the role can be checked", Severity.UNKNOWN),)
    info = cast("Mapping[str, object]", reply)
    if info.get("role") == "slave":
        return (Problem("role", "replica", "connect to the master: a replica takes no writes", Severity.FATAL),)
    if info.get("connected_slaves") and not info.get("min_slaves_good_slaves"):
        return (
            Problem(
                "min-replicas-to-write",
                "0",
                "set min-replicas-to-write 1: after a split of the network the old master's writes are thrown away",
                Severity.WARNING,
            ),
        )
    return ()
