"""Instants as Redis keeps them: whole microseconds since 1970-01-01 UTC.

Microseconds, because `datetime` has no more and a sorted set's score (a double) holds them exactly until the year 2255.
A coarser unit would let a timer be claimed a moment before its rule holds.
"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(instant: datetime) -> int:
    """Microseconds since 1970 of an aware `instant`."""
    return (instant - EPOCH) // _MICROSECOND


def from_us(us: int) -> datetime:
    """The instant, in UTC, that many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=us)


def to_ms(span: timedelta) -> int:
    """A span in whole milliseconds, as `PX` takes it."""
    return span // timedelta(milliseconds=1)
