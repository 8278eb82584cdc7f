"""The outbox: what is to be sent, and who sends it now.

A row is ready or being sent. A sender takes it (`claim`), and then settles it or puts it back; until when it waits for
Telegram is the sender's own affair. What a sender left behind when it died comes back when the lease changes its epoch.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

import structlog
from pydantic import ValidationError

from bot.domain.intents import INTENT, Lane
from bot.store.batch import Batches, Call
from bot.store.connect import Connection
from bot.store.instants import from_us, to_us
from bot.store.keys import Keys
from bot.store.messages import slots
from bot.store.records import Backlog, Lease, LeaseLostError, Row, Settlement
from bot.store.scripts import CLAIM_ROWS, PUT_BACK, SETTLE
from bot.store.wakes import Wake

LANE_STEP_MS: Final = 10**13
"""One lane's share of a queue score: more milliseconds than pass until the year 2286, so lanes never mix."""

_FIELDS: Final = 5
"""Replies of `scripts/claim_rows.lua` for one row."""

_log = structlog.get_logger("nabat.store")


@dataclass(slots=True)
class _Follower:
    """A sender that waits for work, and the claim that a commit of this process has taken along for it."""

    now: Callable[[], datetime]
    limit: int
    lease: Lease
    wake: Wake
    claim: asyncio.Task[tuple[Row, ...]] | None = None


class Outbox:
    """Rows and who sends them. All writes are made in the name of the sender's lease."""

    def __init__(self, connection: Connection, batches: Batches, keys: Keys) -> None:
        self._connection = connection
        self._batches = batches
        self._keys = keys
        self._unheard: set[str] = set()
        self._follower: _Follower | None = None

    async def claim(self, now: datetime, limit: int, lease: Lease) -> tuple[Row, ...]:
        """Takes at most `limit` rows that may be sent at `now`: by lane, then by the time they were queued.

        They are marked as being sent, on disk, before this returns. `sending_since` is None in a row that nobody tried
        to send, and set in one that an earlier life of the sender took: what it sent may have arrived.

        Raises:
            LeaseLostError: `lease` is old.
            StoreUnavailableError: Redis did not take it; what it may have claimed comes with the next claim.
        """
        token, unheard = secrets.token_hex(8), frozenset(self._unheard)
        keys = (self._keys.epochs, *self._keys.outbox.all())
        arguments = (lease.name, lease.epoch, to_us(now), limit, token)
        call = Call(CLAIM_ROWS, keys, (*arguments, len(unheard), *unheard))
        again = Call(CLAIM_ROWS, keys, (*arguments, len(unheard) + 1, *unheard, token))
        try:
            reply = cast("list[str]", await self._batches.run(call, again))
        except BaseException:  # also when this task is cancelled, nobody learns what the claim took
            self._unheard.add(token)
            raise
        self._unheard -= unheard
        if reply[0] == "fenced":
            raise _lost(lease)
        rows = [_row(reply[at : at + _FIELDS]) for at in range(1, len(reply), _FIELDS)]
        return tuple(row for row in rows if row is not None)

    async def claim_next(self, now: Callable[[], datetime], limit: int, lease: Lease, wake: Wake) -> tuple[Row, ...]:
        """As `claim`, once there may be something: a wake-up came, or its time is over.

        A commit of this process takes the claim along: both are one round trip, and one write to disk.
        """
        follower = self._follower = _Follower(now, limit, lease, wake)
        try:
            await wake.wait()
        except asyncio.CancelledError:
            if follower.claim is not None:
                follower.claim.cancel()
            raise
        finally:
            self._follower = None  # from here on it claims, and no commit claims for it
        return await (follower.claim or self.claim(now(), limit, lease))

    def claim_behind(self) -> asyncio.Task[tuple[Row, ...]] | None:
        """To be called just before a commit is handed in: a claim goes right behind it, if a sender waits for one."""
        follower, self._follower = self._follower, None
        if follower is None:
            return None
        # The task runs in the next turn, and the commit is handed in before that: so the claim sees its rows.
        claim = self.claim(follower.now(), follower.limit, follower.lease)
        follower.claim = asyncio.create_task(claim, name="claim behind a commit")
        follower.wake.event.set()
        return follower.claim

    async def settle(self, settlements: Sequence[Settlement], lease: Lease) -> tuple[bool, ...]:
        """Removes rows that are done and keeps their messages, in one round trip.

        False stands for a row that was asked for again meanwhile: it is back in the queue.

        Raises:
            LeaseLostError: `lease` is old.
            StoreUnavailableError: Redis did not take it, or not all; settling again is safe.
        """
        replies = await self._batches.run_all(self._settle(settlement, lease) for settlement in settlements)
        if "fenced" in replies:
            raise _lost(lease)
        return tuple(reply == "gone" for reply in replies)

    async def release(self, row: Row, lease: Lease) -> None:
        """Puts a row back into the queue as it was when it was claimed."""
        since = to_us(row.sending_since) if row.sending_since else ""
        keys = (self._keys.epochs, *self._keys.outbox.all())
        if await self._batches.run(Call(PUT_BACK, keys, (lease.name, lease.epoch, row.key, since))) == "fenced":
            raise _lost(lease)

    async def backlog(self) -> Backlog:
        """What waits, by lane, whether it is ready or being sent."""
        queue = self._keys.outbox.queue
        ranges = {lane: (lane * LANE_STEP_MS, f"({(lane + 1) * LANE_STEP_MS}") for lane in Lane}
        counts = await self._connection.ask(*(("ZCOUNT", queue, *ends) for ends in ranges.values()))
        first = await self._connection.ask(
            *(("ZRANGEBYSCORE", queue, *ends, "WITHSCORES", "LIMIT", 0, 1) for ends in ranges.values())
        )
        oldest = zip(Lane, cast("list[list[str]]", first), strict=True)
        return Backlog(
            counts=dict(zip(Lane, cast("list[int]", counts), strict=True)),
            oldest={lane: _queued_at(lane, pair[1]) for lane, pair in oldest if pair},
        )

    def _settle(self, settlement: Settlement, lease: Lease) -> Call:
        row, incident = settlement.row, settlement.row.intent.incident
        return Call(
            SETTLE,
            (
                self._keys.epochs,
                *self._keys.outbox.all(),
                *(self._keys.messages(incident), self._keys.message_slots),
            ),
            (lease.name, lease.epoch, row.key, row.revision, *slots(incident, settlement.messages)),
        )


def _row(fields: Sequence[str]) -> Row | None:
    """None for one that a newer Nabat wrote: it stays where it is for that one, and keeps no other waiting."""
    key, revision, queued_at, sending_since, text = fields
    try:
        intent = INTENT.validate_json(text)
    except ValidationError:
        _log.error("a message of the outbox can't be read; did a newer Nabat ask for it?", row=key)
        return None
    return Row(
        key=key,
        intent=intent,
        revision=int(revision),
        queued_at=from_us(int(queued_at)),
        sending_since=from_us(int(sending_since)) if sending_since else None,
    )


def _queued_at(lane: Lane, score: str) -> datetime:
    return from_us((int(float(score)) - lane * LANE_STEP_MS) * 1000)


def _lost(lease: Lease) -> LeaseLostError:
    return LeaseLostError(f"The lease {lease.name} has another holder.")
