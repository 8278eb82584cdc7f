"""Faults for tests: a Telegram that is slow, silent, wrong, gone, or that takes a message and breaks off."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from bot.sandbox.errors import ApiError

ALL_METHODS = "*"


@dataclass(slots=True)
class Hang:
    """Calls that wait: `reached` is set by the first one, `release` lets all of them go on."""

    method: str
    times: int | None
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Ends the fault; calls whose client still waits take effect now."""
        self.times = 0
        self.released.set()


@dataclass(slots=True)
class _Failure:
    method: str
    error: Callable[[], ApiError]
    times: int | None


@dataclass(slots=True)
class _Drop:
    method: str
    times: int | None


FaultT = TypeVar("FaultT", Hang, _Failure, _Drop)


class Faults:
    """What goes wrong from now on. A method is named as in the Bot API, case aside; `"*"` means every one.

    `times` counts the calls to spoil; None spoils them until `clear`. `latency` is added to every call.
    """

    def __init__(self, stop_listening: Callable[[], Awaitable[None]], listen: Callable[[], Awaitable[None]]) -> None:
        self.latency = timedelta(0)
        self._stop_listening = stop_listening
        self._listen = listen
        self._hangs: list[Hang] = []
        self._failures: list[_Failure] = []
        self._drops: list[_Drop] = []

    async def refuse_connections(self) -> None:
        """Closes every connection and the port; a connect is refused."""
        await self._stop_listening()

    async def accept_connections(self) -> None:
        """Listens again, on the same port."""
        await self._listen()

    def hang(self, method: str, *, times: int | None = None) -> Hang:
        """Calls get no answer, and take no effect before they are released."""
        hang = Hang(method.lower(), times)
        self._hangs.append(hang)
        return hang

    def fail(
        self,
        method: str,
        status: int,
        description: str,
        *,
        migrate_to_chat_id: int | None = None,
        retry_after_s: int | None = None,
        times: int | None = 1,
    ) -> None:
        """Calls take no effect and get this error."""

        def error() -> ApiError:
            return ApiError(status, description, migrate_to_chat_id=migrate_to_chat_id, retry_after_s=retry_after_s)

        self._failures.append(_Failure(method.lower(), error, times))

    def take_then_drop(self, method: str, *, times: int | None = 1) -> None:
        """Calls take effect, but the connection breaks before the answer."""
        self._drops.append(_Drop(method.lower(), times))

    def clear(self) -> None:
        """Ends all faults but a closed port."""
        self.latency = timedelta(0)
        for hang in self._hangs:
            hang.release()
        self._hangs.clear()
        self._failures.clear()
        self._drops.clear()

    async def before(self, method: str) -> bool:
        """Waits and fails as told. True when the call hung, so that its client may be gone.

        Raises:
            ApiError: this call is to fail.
        """
        if self.latency:
            await asyncio.sleep(self.latency.total_seconds())
        hang = _take(self._hangs, method)
        if hang is not None:
            hang.reached.set()
            await hang.released.wait()
        failure = _take(self._failures, method)
        if failure is not None:
            raise failure.error()
        return hang is not None

    def drops(self, method: str) -> bool:
        """Whether this call's connection is to break before its answer."""
        return _take(self._drops, method) is not None


def _take(faults: list[FaultT], method: str) -> FaultT | None:
    """The first fault that still has a call of this method to spoil; it is counted."""
    for fault in faults:
        if fault.method in {method, ALL_METHODS} and fault.times != 0:
            if fault.times is not None:
                fault.times -= 1
            return fault
    return None
