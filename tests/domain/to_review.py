"""An incident that is over, and is to be reviewed."""

from datetime import date, timedelta

from bot.domain.commands import Acknowledge, Resolve
from tests.domain.builders import ANNA, BORIS, Course, hours

DAY = timedelta(days=1)
FRIDAY = date(2026, 3, 6)


def resolved(severity: str = "SEV-3", course: Course | None = None) -> Course:
    """Acknowledged by Anna at once, resolved by Boris after an hour."""
    course = (course or Course()).declare(severity, by=ANNA)
    course.do(Acknowledge(ANNA))
    course.at(hours(1)).do(Resolve(BORIS))
    return course
