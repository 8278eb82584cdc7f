"""Action items of a review: what is one, by which day, and how its owner is reminded."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.events import ActionItemReminded
from bot.domain.rejections import NothingSaid, TooLong, UnknownPerson
from bot.domain.review_commands import CreateActionItem, SettleActionItem
from bot.domain.review_rejections import AlreadySettled, DayOutOfRange, NoSuchActionItem, TooMany
from bot.domain.roster import Person
from bot.domain.rulings.review import ITEM_LIMIT, MOST
from tests.domain.builders import ANNA, DAN, EVERYBODY, THURSDAY, Course, a_roster, the_rules, without
from tests.domain.to_review import DAY, FRIDAY, resolved


def days(course: Course, kind: type[ActionItemReminded]) -> list[datetime]:
    """When a kind of event happened."""
    return [event.at for event in course.log if isinstance(event, kind)]


def test_action_items_have_an_owner_and_a_day() -> None:
    """Without a day it is that of a follow-up from now; the owner hears of it, unless they wrote it themselves."""
    course = resolved()
    course.do(CreateActionItem(ANNA, "Raise the pool", "dan", FRIDAY))
    course.do(CreateActionItem(DAN, "Write it down", "dan"))
    first, second = course.incident.review.items
    assert (first.number, first.text, first.owner, first.due) == (1, "Raise the pool", "dan", FRIDAY)
    assert second.due == date(2026, 3, 19)
    assert course.pinged("dan") == [60]


@pytest.mark.parametrize("day", [date(2026, 3, 4), date(2027, 3, 6)])
def test_a_day_that_is_over_or_far_away_is_refused(day: date) -> None:
    """Between today, where the owner is, and a year from now."""
    assert resolved().refuse(CreateActionItem(ANNA, "Raise the pool", "dan", day)) == DayOutOfRange(day, 365)


def test_what_is_no_action_item_is_refused() -> None:
    """It takes a text that fits, somebody on the roster, and there is a limit to how many are kept."""
    course = resolved()
    assert course.refuse(CreateActionItem(ANNA, " ", "dan")) == NothingSaid()
    assert course.refuse(CreateActionItem(ANNA, "x" * (ITEM_LIMIT + 1), "dan")) == TooLong(ITEM_LIMIT)
    assert course.refuse(CreateActionItem(ANNA, "Do it", "zoe")) == UnknownPerson("zoe", EVERYBODY)
    for number in range(MOST):
        course.do(CreateActionItem(ANNA, f"Do {number}", "dan"))
    assert course.refuse(CreateActionItem(ANNA, "One more", "dan")) == TooMany(MOST)
    course.sleep_until(20 * DAY).wake()
    assert len(days(course, ActionItemReminded)) == MOST


def test_owners_are_reminded_on_the_day_and_every_working_day_after() -> None:
    """At nine where the owner is; not on the weekend; until it is done."""
    dan = Person.model_validate({"name": "Dan", "telegram": 7, "timezone": "Asia/Tokyo"})
    roster = a_roster().model_copy(update={"people": {**a_roster().people, "dan": dan}})
    course = resolved(course=Course(the_rules(roster=roster)))
    course.do(CreateActionItem(ANNA, "Raise the pool", "dan", FRIDAY))
    course.at(5 * DAY).do(SettleActionItem(DAN, 1))
    course.at(9 * DAY)
    nine_in_tokyo = [datetime(2026, 3, day, 0, tzinfo=UTC) for day in (6, 9, 10)]
    assert days(course, ActionItemReminded) == nine_in_tokyo
    assert course.refuse(SettleActionItem(DAN, 1)) == AlreadySettled(1, done=True)
    assert course.refuse(SettleActionItem(DAN, 2)) == NoSuchActionItem()
    course.do(SettleActionItem(DAN, 1, done=False))
    assert course.incident.review.open_items


def test_an_item_of_today_is_reminded_of_in_the_morning() -> None:
    """Its morning was over when it was asked for: not at once, the owner has just heard of it."""
    course = resolved()
    course.do(CreateActionItem(ANNA, "Raise the pool", "dan", THURSDAY.date()))
    course.at(2 * DAY)
    assert days(course, ActionItemReminded) == [datetime(2026, 3, 6, 9, tzinfo=UTC)]


def test_an_owner_who_left_the_roster_is_not_written_to() -> None:
    """The item stays, in the plan's own hours, and nobody is asked in their place."""
    course = resolved()
    course.do(CreateActionItem(ANNA, "Raise the pool", "dan", FRIDAY))
    course.with_rules(roster=a_roster(without("dan"))).at(2 * DAY)
    assert course.happened(ActionItemReminded) == [23 * 60]
    assert course.pinged("dan") == [60]
