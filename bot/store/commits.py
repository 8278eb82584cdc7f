"""The one write: a commit as KEYS and ARGV of `scripts/commit.lua`, and its reply as a result."""

import asyncio
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, cast

from bot.domain.intents import Intent
from bot.store import codec
from bot.store.batch import Batches, Call
from bot.store.connect import Connection
from bot.store.instants import to_ms, to_us
from bot.store.keys import Keys
from bot.store.names import check_name, number_of
from bot.store.outbox import LANE_STEP_MS, Outbox
from bot.store.records import (
    Append,
    Commit,
    CommitResult,
    Committed,
    Conflicted,
    IndexChange,
    LeaseLostError,
    Repeated,
    StoreUnavailableError,
)
from bot.store.scripts import COMMIT
from bot.store.wakes import Topic, Wakes

REMEMBERED_FOR: Final = timedelta(days=7)
"""How long an operation is known as carried out.

Telegram keeps updates for 24 hours (Bot API, getUpdates) and Alertmanager and PagerDuty repeat a failed delivery for
minutes to hours; a week covers a Redis restored after a long weekend, too.
"""

UNNAMED_REMEMBERED_FOR: Final = timedelta(minutes=10)
"""The same for a commit that names no operation: only the store's own second try, a moment later, may meet it."""

_TRIES_IN_TIME: Final = 2


class Commits:
    """Writes commits."""

    def __init__(self, connection: Connection, batches: Batches, keys: Keys, wakes: Wakes, outbox: Outbox) -> None:
        self._connection = connection
        self._batches = batches
        self._keys = keys
        self._wakes = wakes
        self._outbox = outbox

    async def commit(self, commit: Commit, now: datetime) -> CommitResult:
        """Writes all of it or nothing, and wakes whoever waits for it; rows of the outbox are queued at `now`.

        Raises:
            StoreUnavailableError: Redis did not take it.
            LeaseLostError: `commit.lease` is old.
            ValueError: A log occurs twice or has an impossible name.
        """
        topics = _topics(commit)
        call = self._call(commit, now, topics)
        claim = self._outbox.claim_behind() if commit.outbox else None
        tries = self._batches.second_tries
        word, *rest = await self._in_time(call)
        match word:
            case "committed":
                taken = claim is not None and self._batches.second_tries == tries
                self._wakes.ring(topics - {Topic.OUTBOX} if taken else topics)
                return Committed()
            case "conflicted":
                return Conflicted(tuple(rest))
            case "repeated":
                return _repeated(commit, rest)
            case _:
                raise LeaseLostError(f"The lease {commit.lease.name if commit.lease else ''} has another holder.")

    async def _in_time(self, call: Call) -> list[str]:
        """The reply of the script. Late is what Redis comes to after a stop, or when its clock was put forward."""
        for _ in range(_TRIES_IN_TIME):
            reply = cast("list[str]", await self._batches.run(call))
            if reply[0] != "late":
                return reply
            self._batches.second_tries += 1
            server_s = int(reply[1]) + int(reply[2]) / 1e6
            self._connection.server_ahead_s = server_s - asyncio.get_running_loop().time()
        raise StoreUnavailableError("Redis comes to what it is asked too late; nothing was saved")

    def _call(self, commit: Commit, now: datetime, topics: frozenset[Topic]) -> Call:
        keys = self._keys
        token = secrets.token_hex(16)
        markers = {keys.seen(operation): REMEMBERED_FOR for operation in commit.operations} or {
            keys.seen(f"commit:{token}"): UNNAMED_REMEMBERED_FOR
        }
        logs = [check_name(append.log) for append in commit.appends]
        if len(set(logs)) < len(logs):
            raise ValueError("A commit appends to a log once.")
        return Call(
            COMMIT,
            (
                *(keys.epochs, keys.logs, keys.open, keys.timers, keys.indexes),
                *keys.outbox.all(),
                *markers,
                *(key for log in logs for key in (keys.log(log), keys.timers_of(log))),
                *(keys.index(change.index) for change in commit.index),
            ),
            (
                token,
                *((commit.lease.name, commit.lease.epoch) if commit.lease else ("", 0)),
                *(len(markers), *map(to_ms, markers.values())),
                *(len(commit.appends), *(part for append in commit.appends for part in _append(append))),
                *(len(commit.index), *(part for change in commit.index for part in _change(change))),
                *(len(commit.outbox), *(part for intent in commit.outbox for part in _row(intent, now))),
            ),
            self._wakes.announcement(topics) if topics else None,
            expires=True,
        )


def _repeated(commit: Commit, found: list[str]) -> Repeated:
    numbers, logs = zip(*(entry.split(" ", 1) for entry in found), strict=True)
    operations = tuple(dict.fromkeys(commit.operations))
    return Repeated(tuple(operations[int(number) - 1] for number in numbers), tuple(logs))


def _topics(commit: Commit) -> frozenset[Topic]:
    timers = (Topic.TIMERS,) if commit.appends else ()
    logs = (Topic.LOGS,) if any(not number_of(append.log) for append in commit.appends) else ()
    return frozenset((*timers, *logs, *((Topic.OUTBOX,) if commit.outbox else ())))


def timers(log: str, due: Mapping[str, datetime]) -> tuple[str | int, ...]:
    """A log's timers as arguments: how many, then of each its member of the sorted set and its score."""
    members = tuple(part for key, at in due.items() for part in (f"{to_us(at)} {log} {key}", to_us(at)))
    return (len(due), *members)


def _append(append: Append) -> tuple[str | int, ...]:
    return (
        append.log,
        append.expected,
        number_of(append.log),
        int(append.is_open),
        *(len(append.events), *map(codec.encode, append.events)),
        *timers(append.log, append.due),
    )


def _change(change: IndexChange) -> tuple[str | int, ...]:
    return (
        change.index,
        change.field,
        *((1, change.expected) if change.expected is not None else (0, "")),
        *((1, change.value) if change.value is not None else (0, "")),
    )


def _row(intent: Intent, now: datetime) -> tuple[str | int, ...]:
    now_us = to_us(now)
    return (intent.key, intent.lane * LANE_STEP_MS + now_us // 1000, now_us, intent.model_dump_json())
