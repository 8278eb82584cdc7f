"""A day as people write it in a chat."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import UnreadableDayError, read_day

THURSDAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-12-05", date(2026, 12, 5)),
        ("today", THURSDAY),
        ("Tomorrow", date(2026, 3, 6)),
        ("послезавтра", date(2026, 3, 7)),
        ("friday", date(2026, 3, 6)),
        ("by Fri", date(2026, 3, 6)),
        ("к пятнице", None),
        ("в пятницу", date(2026, 3, 6)),
        ("thursday", date(2026, 3, 12)),
        ("wed", date(2026, 3, 11)),
        ("вс", date(2026, 3, 8)),
        ("3d", date(2026, 3, 8)),
        ("2w", date(2026, 3, 19)),
        ("in 2 w", date(2026, 3, 19)),
        ("2н", date(2026, 3, 19)),
        ("через 3д", date(2026, 3, 8)),
        ("999w", THURSDAY + timedelta(weeks=999)),
        ("2026-02-30", None),
        ("05.12.2026", None),
        ("12/5/2026", None),
        ("next month", None),
        ("4h", None),
        ("", None),
    ],
)
def test_a_day_is_read_or_refused(written: str, day: date | None) -> None:
    """The forms that mean one day are read, in both languages; what could mean two, or none, is refused."""
    if day is None:
        with pytest.raises(UnreadableDayError):
            read_day(written, THURSDAY)
    else:
        assert read_day(written, THURSDAY) == day


@given(st.text(max_size=30))
def test_noise_is_no_day(written: str) -> None:
    """Whatever is written is a day or refused."""
    with suppress(UnreadableDayError):
        assert read_day(written, THURSDAY) >= THURSDAY
