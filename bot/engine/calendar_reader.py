"""Keeps the on-call calendar read: fetched every few minutes, the last good reading kept in the store."""

import asyncio
import hashlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import structlog
from pydantic import ValidationError

from bot.domain.calendar_snapshot import CalendarSnapshot
from bot.domain.roster import Roster
from bot.engine.calendar_reading import CalendarError, Reading
from bot.engine.team_desk import TeamDesk
from bot.store.records import Lease, StoreUnavailableError
from bot.store.store import Store

EVERY = timedelta(minutes=5)
"""A change in the calendar counts after so long; calendars ask to be read no more often."""
ANSWER_WITHIN_S = 15
LARGEST_BYTES = 1024 * 1024
"""Years of shifts take less."""
READ_WITHIN_S = 20
_LOOK_AGAIN_S = 30.0
"""How often a replica that does not fetch looks at what another one has read."""

FACT = "on_call_calendar"

log = structlog.get_logger(__name__)


class CalendarReader:
    """Fetches, reads and keeps the calendar at `url`; the address may hold a secret, and is never said."""

    def __init__(self, store: Store, desk: TeamDesk, http: aiohttp.ClientSession, url: str) -> None:
        self._store = store
        self._desk = desk
        self._http = http
        self._url = url
        self._address = hashlib.sha256(url.encode()).hexdigest()[:16]

    async def recall(self) -> None:
        """Take what was read last, by this replica or another, before a restart or after.

        Raises:
            StoreUnavailableError: Redis did not answer.
        """
        kept = (await self._store.facts(FACT)).get(FACT)
        if kept is None:
            return
        try:
            snapshot = CalendarSnapshot.model_validate_json(kept)
        except ValidationError:
            log.warning("the kept on-call calendar can't be read; it is fetched anew")
            return
        if snapshot.address == self._address:
            self._desk.duty.calendar = snapshot

    async def run(self, lease: Lease) -> None:
        """Read it again and again, until cancelled; one replica does this at a time."""
        del lease  # what two replicas read is the same
        while True:
            began = self._store.clock.now()
            try:
                await self.read()
            except StoreUnavailableError as error:
                log.info("the on-call calendar is not kept without the store", reason=str(error))
            await self._store.clock.sleep_until(began + EVERY)

    async def follow(self) -> None:
        """Take what another replica reads, until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_AGAIN_S)
            try:
                await self.recall()
            except StoreUnavailableError as error:
                log.info("the on-call calendar is not recalled without the store", reason=str(error))

    async def read(self) -> None:
        """Read it now. What it says counts at once; when it can't be read, what it said last goes on to count.

        Raises:
            StoreUnavailableError: it was read, and could not be kept.
        """
        before = self._desk.duty.calendar or CalendarSnapshot(address=self._address)
        now = self._store.clock.now()
        try:
            found = await self._found(now)
        except CalendarError as error:
            log.warning("the on-call calendar can't be read", reason=str(error))
            failure = {"failed": str(error), "failed_since": before.failed_since or now}
            after = before.model_copy(update=failure)
        else:
            after = CalendarSnapshot(address=self._address, read_at=now, shifts=found.shifts, unknown=found.unknown)
        self._desk.duty.calendar = after
        await self._store.set_fact(FACT, after.model_dump_json())
        if after.shifts != before.shifts:
            await self._desk.look_around()

    async def _found(self, now: datetime) -> Reading:
        rules = self._desk.duty.rules
        content = await fetch(self._http, self._url)
        try:
            async with asyncio.timeout(READ_WITHIN_S):
                return await asyncio.to_thread(_read, content, rules.roster, rules.plan.timezone, now)
        except TimeoutError as error:
            raise CalendarError("it takes too long to read") from error


def _read(content: bytes, roster: Roster, zone: ZoneInfo, now: datetime) -> Reading:
    # Imported by the first reading, in its thread: the library takes a twentieth of the bot's whole start.
    from bot.engine.ical import read_calendar  # noqa: PLC0415 - see above

    return read_calendar(content, roster, zone, now)


async def fetch(http: aiohttp.ClientSession, url: str) -> bytes:
    """The file behind an address.

    Raises:
        CalendarError: it can't be had; the message does not tell the address.
    """
    timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN_S)
    try:
        async with http.get(url, timeout=timeout, max_redirects=3) as answer:
            if answer.status != 200:  # noqa: PLR2004 - HTTP's OK
                raise CalendarError(f"HTTP {answer.status}")
            content = bytearray()
            async for chunk in answer.content.iter_chunked(64 * 1024):
                content += chunk
                if len(content) > LARGEST_BYTES:
                    raise CalendarError(f"it is larger than {LARGEST_BYTES // 1024} KiB")
            return bytes(content)
    except TimeoutError as error:
        raise CalendarError(f"no answer within {ANSWER_WITHIN_S} s") from error
    except (aiohttp.ClientError, ValueError) as error:
        # The text of the error may hold the address with its secret.
        raise CalendarError(f"it can't be reached ({type(error).__name__})") from error
