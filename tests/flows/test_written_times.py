"""Every time of the written plan, lived through by the real bot: who hears what, at which minute.

That no time of a plan goes unwatched, a plan with any of them altered shows: tests/domain/test_plan_times.py for those
of severities, tests/plans/test_built_in_plan.py for all figures, and the end of this file for the others that act.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.commands import Acknowledge, Resolve, SnoozeUpdate
from bot.domain.durations import parse_duration
from bot.domain.plan import Plan
from bot.domain.rulings.alerting import fires_too_late
from bot.sandbox.message_view import MessageView
from tests.domain import builders
from tests.domain.builders import ANNA, BUILT_IN, an_alert, minutes, patient, the_rules
from tests.flows.written_course import THURSDAY, Course
from tests.house import House

HOUR, DAY, WEEK = 60.0, 24 * 60.0, 7 * 24 * 60.0


def every(step: float, first: float, last: float) -> list[float]:
    """Minutes from `first` to `last`, `step` apart."""
    return [first + number * step for number in range(int((last - first) // step) + 1)]


@dataclass(frozen=True)
class Written:
    """What the written plan says of a severity, in minutes since the declaration.

    `unanswered` are the pages up to `until` while nobody has it, `told` those when Anna took it at once: who has it
    is not told of it again.
    """

    answer_by: float
    resolve_by: float
    update_every: float | None
    until: float
    unanswered: dict[str, list[float]]
    told: dict[str, list[float]]


WRITTEN = {
    "SEV-1": Written(
        answer_by=15,
        resolve_by=4 * HOUR,
        update_every=30,
        until=31,
        unanswered={
            **dict.fromkeys(("anna", "boris", "clara"), every(5, 0, 30)),
            **dict.fromkeys(("dan", "eve"), every(5, 15, 30)),
        },
        told={"anna": [0], "boris": [0, 15], "clara": [0, 15], "dan": [15], "eve": [15]},
    ),
    "SEV-2": Written(
        answer_by=HOUR,
        resolve_by=24 * HOUR,
        update_every=HOUR,
        until=91,
        unanswered={"anna": every(15, 0, 90), "boris": [60, 75, 90]},
        told={"anna": [0], "boris": [HOUR]},
    ),
    "SEV-3": Written(
        answer_by=4 * HOUR,
        resolve_by=72 * HOUR,
        update_every=None,
        until=DAY + 1,
        unanswered={"anna": [0], "boris": [4 * HOUR, DAY]},
        told={"anna": [0], "boris": [DAY]},
    ),
    "SEV-4": Written(
        answer_by=DAY,
        resolve_by=WEEK,
        update_every=None,
        until=DAY + 1,
        unanswered={"anna": [0], "boris": [DAY]},
        told={"anna": [0], "boris": [DAY]},
    ),
}
each_severity = pytest.mark.parametrize("name", WRITTEN)


@pytest.fixture
async def course(tmp_path: Path) -> AsyncIterator[Course]:
    """A house in which everybody can be written to, and a holder who says nothing is left alone.

    What happens otherwise is in tests/flows/test_roles_and_presence.py.
    """
    async with House(tmp_path, patient(BUILT_IN)) as house:
        house.world.person("eve").started = True
        yield Course(house)


@each_severity
async def test_while_nobody_answers(course: Course, name: str) -> None:
    """Who is paged at once, whom a repeat reaches, who comes when the time to answer has run out."""
    written = WRITTEN[name]
    await course.declare(name)
    await course.at(max(written.until, written.answer_by))
    assert course.pages == written.unanswered
    assert course.thread["nobody answered"] == [written.answer_by]
    assert not course.pings


@each_severity
async def test_once_somebody_has_it(course: Course, name: str) -> None:
    """Who is told without being asked; updates are asked for once and chased; the time to resolve is asked for."""
    written = WRITTEN[name]
    await course.declare(name)
    await ack(course.house)
    await course.at(written.resolve_by)
    asked, late, called = list[float](), list[float](), dict[str, list[float]]()
    if written.update_every is not None:
        asked = [written.update_every]
        late = every(written.update_every, written.update_every + 5, written.resolve_by)
        first, *again = [minute + 10 for minute in late if minute + 10 <= written.resolve_by]
        called = {"boris": [first], "clara": again}
    assert course.pages == written.told
    assert course.thread["update due"] == asked
    assert course.thread["update late"] == late
    assert course.thread["not resolved"] == [written.resolve_by]
    assert course.pings == {"anna": [*late, written.resolve_by], **called}
    assert "nobody answered" not in course.thread
    assert course.stakeholders == ([0] if written.update_every else [])


@each_severity
async def test_deadlines_are_shown(course: Course, name: str) -> None:
    """The API gives the three deadlines as the plan writes them."""
    written = WRITTEN[name]
    await course.declare(name)
    incident = await course.house.incident()
    assert incident["respond_by"] == at(written.answer_by)
    assert incident["resolve_by"] == at(written.resolve_by)
    assert incident["update_by"] == (at(written.update_every) if written.update_every else None)


async def test_updates_come_at_the_cadence(course: Course) -> None:
    """An update that was posted puts the next one off by the cadence; nobody is chased."""
    await course.declare("SEV-1")
    await ack(course.house)
    anna, chat = course.house.person("anna"), course.house.responders
    for minute in (30.0, 60.0, 90.0):
        await course.at(minute)
        reminder = await chat.wait_for("update due")
        sent = await anna.send(chat, f"At minute {minute}", reply_to=reminder)
        await chat.wait_for("Update posted", after=sent)
        await course.house.settle()
    assert course.thread["update due"] == [30, 60, 90]
    assert "update late" not in course.thread
    assert course.stakeholders == [0, 30, 60, 90]
    assert (await course.house.incident())["update_by"] == at(120)


async def test_a_snoozed_reminder_comes_ten_minutes_later(course: Course) -> None:
    """Snooze on the reminder puts it off by the plan's 10 minutes, and the chase with it."""
    await course.declare("SEV-1")
    await ack(course.house)
    await course.at(30)
    reminder = await course.house.responders.wait_for("update due")
    answered = await course.house.person("anna").press(reminder, "Snooze 10 min")
    assert "I'll ask again at" in answered.text
    await course.at(50)
    assert course.thread["update due"] == [30, 40]
    assert course.thread["update late"] == [45]


async def test_another_severity_plans_everything_anew(course: Course) -> None:
    """Raised to SEV-1 after 10 minutes: lead and CTO at once, the team 15 minutes on, and every deadline from there."""
    await course.declare("SEV-3")
    await course.at(10)
    anna, chat = course.house.person("anna"), course.house.responders
    sent = await anna.send(chat, "/sev 1")
    await chat.wait_for("INC-1: Anna changed SEV-3 to SEV-1", after=sent)
    await course.house.settle()
    incident = await course.house.incident()
    assert [incident[key] for key in ("respond_by", "update_by", "resolve_by")] == [at(25), at(40), at(10 + 4 * HOUR)]
    await course.at(25)
    assert course.pages["boris"] == course.pages["clara"] == [10, 15, 20, 25]
    assert course.pages["dan"] == course.pages["eve"] == [25]
    assert course.thread["nobody answered"] == [25]


async def ack(house: House) -> None:
    """Anna takes it, at once."""
    page = await house.person("anna").private.wait_for(wants_an_answer)
    await house.person("anna").press(page, "Ack")
    await house.settle()


def wants_an_answer(message: MessageView) -> bool:
    """Whether a message has the button."""
    return message.has_button("Ack")


def at(minute: float) -> str:
    """A time of the course as the API writes it."""
    return (THURSDAY + minutes(minute)).isoformat()


def minute_of_the_first_chase(plan: Plan) -> object:
    """When the holder is pinged for a missed update."""
    course = builders.Course(the_rules(plan)).declare("SEV-1")
    course.do(Acknowledge(by=ANNA))
    return course.at(minutes(45)).pinged("anna")


def minute_of_the_call(plan: Plan) -> object:
    """When the next authority is asked for a missed update."""
    course = builders.Course(the_rules(plan)).declare("SEV-1")
    course.do(Acknowledge(by=ANNA))
    return course.at(minutes(60)).pinged("boris")


def what_a_snooze_is_worth(plan: Plan) -> object:
    """When the reminder comes again."""
    course = builders.Course(the_rules(plan)).declare("SEV-1")
    course.do(Acknowledge(by=ANNA))
    course.at(minutes(30)).do(SnoozeUpdate(by=ANNA))
    return course.incident.snoozed_until


def what_makes_a_new_incident(plan: Plan) -> object:
    """At which whole minutes after the end an alert that fires anew is too late to reopen."""
    course = builders.Course(the_rules(plan)).declare("SEV-1", alerts=(an_alert(),))
    course.do(Resolve(by=ANNA))
    again = (an_alert(starts_at=builders.THURSDAY + minutes(1)),)
    return [
        minute
        for minute in range(60)
        if fires_too_late(course.rules, course.incident, again, course.now + minutes(minute))
    ]


ACTING: dict[tuple[str, str], Callable[[Plan], object]] = {
    ("updates", "overdue_after"): minute_of_the_first_chase,
    ("updates", "escalate_after"): minute_of_the_call,
    ("updates", "snooze"): what_a_snooze_is_worth,
    ("alerts", "reopen_within"): what_makes_a_new_incident,
}


@pytest.mark.parametrize("where", ACTING, ids=".".join)
def test_a_time_that_is_altered_shows(where: tuple[str, str]) -> None:
    """With the time a minute longer, the bot does something else."""
    observe, (part, key) = ACTING[where], where
    dump: dict[str, Any] = BUILT_IN.model_dump(mode="json", by_alias=True)
    longer = parse_duration(dump[part][key])
    assert isinstance(longer, timedelta)
    changed = dump | {part: dump[part] | {key: f"{int((longer + minutes(1)).total_seconds())}s"}}
    assert observe(Plan.model_validate(changed)) != observe(BUILT_IN)
