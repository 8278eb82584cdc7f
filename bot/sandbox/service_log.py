"""What the breakable service would have written to its log: a line a second, as bad as it was told to be."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.sandbox.traffic import SetPoints, Traffic

LINES = 100
_GOLDEN = 0.618034
"""Multiples of the golden ratio spread evenly over 0 to 1, so that a ratio of lines is met without chance."""
_PATHS = ("/orders", "/cart", "/pay", "/search", "/login")


def log_lines(traffic: Traffic, now: datetime) -> Iterator[str]:
    """The last hundred lines, the newest last."""
    second = int(now.timestamp())
    for number in range(second - LINES + 1, second + 1):
        at = now - timedelta(seconds=second - number)
        yield f"{at:%Y-%m-%dT%H:%M:%SZ} {_line(number, traffic.set_points_at(at))}"


def _line(number: int, set_points: SetPoints) -> str:
    path = _PATHS[number % len(_PATHS)]
    if set_points.down:
        return "FATAL can't serve: the listener is gone"
    if number * _GOLDEN % 1 < set_points.error_ratio:
        return f"ERROR POST {path} 500 upstream answered too late"
    took = set_points.latency_p95 * (0.3 + 0.7 * (number * _GOLDEN % 1))
    return f"INFO GET {path} 200 {took / timedelta(milliseconds=1):.0f} ms"
