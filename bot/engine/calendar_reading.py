"""What reading an on-call calendar brings. Apart from `bot.engine.ical`, whose library takes long to import."""

from dataclasses import dataclass

from bot.domain.duty import Shift


class CalendarError(Exception):
    """The calendar can't be used; the message says why, for the operator, without the address."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a calendar says: its shifts in order, and the events that name nobody on the roster."""

    shifts: tuple[Shift, ...]
    unknown: tuple[str, ...]
