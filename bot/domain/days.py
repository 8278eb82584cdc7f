"""A day as people write it in a chat: `2026-12-05`, `tomorrow`, `friday`, `2w`. Nothing that could mean two days."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

EXAMPLES = "2026-12-05, tomorrow, friday, 3d, 2w"
FURTHEST = timedelta(days=365)
"""A date beyond a year is a slip of the finger, or a wish; not something a person is reminded of."""

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_AHEAD = re.compile(r"(?:in\s+|через\s+)?(\d{1,3})\s*([dwдн])")
_DAYS = {"d": 1, "д": 1, "w": 7, "н": 7}
_NAMED = {"today": 0, "сегодня": 0, "tomorrow": 1, "завтра": 1, "послезавтра": 2}
_WEEKDAYS = (
    ("monday", "понедельник", "пн"),
    ("tuesday", "вторник", "вт"),
    ("wednesday", "среда", "среду", "ср"),
    ("thursday", "четверг", "чт"),
    ("friday", "пятница", "пятницу", "пт"),
    ("saturday", "суббота", "субботу", "сб"),
    ("sunday", "воскресенье", "вс"),
)
_SHORT = 3
"""Letters of `mon`, `fri`."""
_PREPOSITIONS = ("by ", "on ", "until ", "к ", "ко ", "до ", "в ", "во ")


class UnreadableDayError(ValueError):
    """What was written is no day."""


def read_day(written: str, today: date) -> date:
    """The day that is meant, seen from `today`; a weekday is the next one after today.

    Raises:
        UnreadableDayError: it is none of the forms of `EXAMPLES`, or no day of the calendar.
    """
    text = " ".join(written.casefold().split()).rstrip(".")
    for preposition in _PREPOSITIONS:
        text = text.removeprefix(preposition)
    for found in _readings(text, today):
        return found
    raise UnreadableDayError(written)


def _readings(text: str, today: date) -> Iterator[date]:
    if text in _NAMED:
        yield today + timedelta(days=_NAMED[text])
    if match := _AHEAD.fullmatch(text):
        yield today + timedelta(days=int(match[1]) * _DAYS[match[2]])
    for number, names in enumerate(_WEEKDAYS):
        if text in names or text == names[0][:_SHORT]:
            yield today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    if _ISO.fullmatch(text):
        try:
            yield date.fromisoformat(text)
        except ValueError:
            return
