"""Every call of the Bot API, for assertions."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One call and its answer; status 0 when it got none (it hung, or was dropped after it took effect).

    `at` and `answered_at` are `time.monotonic()` seconds.
    """

    token: str = field(repr=False)
    method: str
    params: Mapping[str, Any]
    status: int
    result: Any
    description: str
    at: float
    answered_at: float

    @property
    def ok(self) -> bool:
        """The caller was told that it worked."""
        return self.status == 200  # noqa: PLR2004 - HTTP's OK


class Journal:
    """The newest calls, oldest first."""

    def __init__(self, *, keep: int = 20_000) -> None:
        self._calls: deque[Call] = deque(maxlen=keep)

    def add(self, call: Call) -> None:
        """Notes a call."""
        self._calls.append(call)

    def of(self, *methods: str) -> list[Call]:
        """Calls of these methods (as the caller spelt them, case aside); all calls when none is named."""
        wanted = {method.lower() for method in methods}
        return [call for call in self._calls if not wanted or call.method.lower() in wanted]

    def clear(self) -> None:
        """Forgets everything."""
        self._calls.clear()

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._calls))

    def __len__(self) -> int:
        return len(self._calls)
