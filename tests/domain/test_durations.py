"""Durations as a plan writes them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.durations import BusinessDays, Duration, at_least, parse_duration, parse_timedelta, written

DURATIONS = st.one_of(
    st.integers(0, 3650 * 86_400).map(lambda seconds: timedelta(seconds=seconds)), st.integers(0, 999).map(BusinessDays)
)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        (" 4 H ", timedelta(hours=4)),
        ("2d", timedelta(days=2)),
        ("1w", timedelta(weeks=1)),
        ("1 business day", BusinessDays(1)),
        ("3 Business Days", BusinessDays(3)),
    ],
)
def test_each_form_is_read(text: str, duration: Duration) -> None:
    """Every documented form means its time."""
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text", ["", "15", "15 minutes", "-1h", "1.5h", "4h 30m", "3651d", 15, None, timedelta(days=-1)]
)
def test_anything_else_is_refused(text: object) -> None:
    """What is no duration is refused, with what is allowed."""
    with pytest.raises(ValueError, match="is not a duration; allowed: a number with s, m, h, d or w"):
        parse_duration(text)
    with pytest.raises(ValueError, match="is not a duration; allowed: a number with s, m, h, d or w"):
        parse_timedelta(text)


def test_clock_time_takes_no_business_days() -> None:
    """Where only clock time makes sense, business days are refused by name."""
    assert parse_timedelta("90s") == timedelta(seconds=90)
    with pytest.raises(ValueError, match="counts business days"):
        parse_timedelta("1 business day")


def test_the_shortest_length_of_a_duration() -> None:
    """A business day ends no earlier than a day later; clock time is what it is."""
    assert at_least(BusinessDays(2)) == timedelta(days=2)
    assert at_least(timedelta(hours=5)) == timedelta(hours=5)


@given(duration=DURATIONS)
def test_a_duration_written_reads_back(duration: Duration) -> None:
    """A duration survives being written and read, unless its whole seconds no longer fit the form."""
    text = written(duration)
    if len(text) <= len("999999s") or isinstance(duration, BusinessDays):
        assert parse_duration(text) == duration
