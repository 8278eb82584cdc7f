"""Times and durations as they are read."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.durations import BusinessDays
from bot.views.times import clock, duration, iso, planned
from bot.views.translations import Words
from tests.views.scenes import ENGLISH, NOON, RUSSIAN


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "0 s"),
        (48, "48 s"),
        (60, "1 min"),
        (90, "90 s"),
        (360, "6 min"),
        (4800, "1 h 20 min"),
        (7200, "2 h"),
        (86400, "1 d"),
        (183600, "2 d 3 h"),
    ],
)
def test_durations(seconds: int, shown: str) -> None:
    """Two units at most, and seconds only while they matter."""
    assert duration(ENGLISH, timedelta(seconds=seconds)).plain == shown


def test_business_days_are_declined() -> None:
    """A business day is said in words, in the right form."""
    assert planned(RUSSIAN, BusinessDays(2)).plain == "2 рабочих дня"
    assert planned(ENGLISH, BusinessDays(1)).plain == "1 business day"


def test_a_time_is_the_readers_own_with_its_zone() -> None:
    """The same moment reads differently in Moscow and in UTC, and carries the moment itself for Telegram."""
    assert clock(ENGLISH, NOON, NOON).html == '<tg-time unix="1768910400">12:00 UTC</tg-time>'
    assert clock(RUSSIAN, NOON, NOON).plain == "15:00 MSK"


def test_another_day_is_named() -> None:
    """The date is added when it is not today for the reader, the year when it is not this year's."""
    assert clock(ENGLISH, NOON, NOON + timedelta(days=1)).plain == "Jan 20, 12:00 UTC"
    assert clock(RUSSIAN, NOON, NOON + timedelta(days=1)).plain == "20 янв., 15:00 MSK"
    assert "2026" in clock(ENGLISH, NOON, NOON + timedelta(days=400)).plain
    late = datetime(2026, 1, 20, 22, 30, tzinfo=UTC)
    assert clock(RUSSIAN, late, late).plain == "01:30 MSK"


def test_a_zone_without_a_name_shows_its_offset() -> None:
    """Some zones have no letters of their own."""
    assert clock(Words("en", ZoneInfo("Asia/Dubai")), NOON, NOON).plain == "16:00 UTC+04"


def test_programs_get_iso_times() -> None:
    """A time for programs is ISO 8601 in UTC."""
    assert iso(NOON) == "2026-01-20T12:00:00Z"
