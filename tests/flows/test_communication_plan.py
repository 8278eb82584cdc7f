"""The communication plan of the written plan, lived through by the real bot: who inside the team hears what, and when.

What goes to the public is in tests/flows/test_public.py.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sandbox.message_view import MessageView
from tests.flows.written_course import THURSDAY, Course
from tests.house import Fired, House

FRIDAY_EVENING = datetime(2030, 3, 8, 17, tzinfo=UTC)
"""An hour before the plan's working week ends."""
HOUR = 60.0


@pytest.fixture
async def course(tmp_path: Path) -> AsyncIterator[Course]:
    """A house in which everybody can be written to."""
    async with House(tmp_path) as house:
        house.world.person("eve").started = True
        yield Course(house)


async def take(course: Course) -> None:
    """Anna takes it at once."""
    anna = course.house.person("anna")
    await anna.press(await anna.private.wait_for(lambda message: message.has_button("Ack")), "Ack")
    await course.house.settle()


async def test_sev_1_immediate_team_lead_and_cto(course: Course) -> None:
    """SEV-1, immediate: Team Lead, CTO."""
    await course.declare("SEV-1")
    assert course.pages["boris"] == course.pages["clara"] == [0]


async def test_sev_1_within_15_minutes_all_team_members(course: Course) -> None:
    """SEV-1, within 15 min: all team members, also when somebody has had it from the first minute."""
    await course.declare("SEV-1")
    await take(course)
    await course.at(15)
    assert {person for person, minutes in course.pages.items() if minutes[0] <= 15} == set(course.house.roster.people)


async def test_sev_1_updates_every_30_minutes(course: Course) -> None:
    """SEV-1, status updates: every 30 minutes, each counted from the last one that was really posted."""
    await course.declare("SEV-1")
    await take(course)
    anna, chat = course.house.person("anna"), course.house.responders
    await course.at(30)
    reminder = await chat.wait_for("update due")
    assert "SEV-1 has one every 30 min" in reminder.text.replace("\N{NO-BREAK SPACE}", " ")
    for asked in ("what users notice", "what we do", "when we write next"):
        assert asked in reminder.text
    await course.at(33)
    await anna.send(chat, "Payments fail, we roll back", reply_to=reminder)
    await course.house.stakeholders.wait_for("Payments fail, we roll back")
    await course.at(63)
    assert course.thread["update due"] == [30, 63]


async def test_sev_2_within_an_hour_team_lead(course: Course) -> None:
    """SEV-2, within 1 hour: Team Lead. Status updates: every hour."""
    await course.declare("SEV-2")
    await take(course)
    await course.at(HOUR)
    assert course.pages["boris"] == [HOUR]
    assert "clara" not in course.pages
    assert course.thread["update due"] == [HOUR]


@pytest.mark.parametrize("severity", ["SEV-3", "SEV-4"])
async def test_sev_3_and_4_next_business_day_team_lead(course: Course, severity: str) -> None:
    """SEV-3/4, next business day: Team Lead. Of a Friday evening that is Monday. Status updates: as needed."""
    course.began = FRIDAY_EVENING
    await course.declare(severity)
    await take(course)
    await course.at(71 * HOUR)
    assert "boris" not in course.pages
    await course.at(72 * HOUR)
    assert course.pages["boris"] == [72 * HOUR]
    assert "update due" not in course.thread


async def test_a_missed_update_pings_the_holder_then_the_next_authority(course: Course) -> None:
    """Nobody writes: the holder is pinged, then the team lead, then the CTO; each is reported in the thread."""
    await course.declare("SEV-1")
    await take(course)
    await course.at(75)
    assert course.pings == {"anna": [35, 65], "boris": [45], "clara": [75]}
    assert course.thread["update late"] == [35, 65]
    assert course.thread["authority asked"] == [45, 75]
    reported = course.house.responders.messages[-1].text
    assert "INC-1: still no update, due 10:30 UTC · Anna has it · asked: Clara" in reported
    asked = course.house.person("clara").private.messages[-1]
    assert asked.has_button("Update")
    await course.house.person("clara").send(course.house.person("clara").private, "We fail over", reply_to=asked)
    await course.house.stakeholders.wait_for("We fail over")


async def test_a_snooze_asks_why(course: Course) -> None:
    """Snooze puts the update off at once and asks why: a ready reason by its button, any other by a reply."""
    await course.declare("SEV-1")
    await take(course)
    anna, chat = course.house.person("anna"), course.house.responders
    await course.at(30)
    reminder = await chat.wait_for("update due")
    assert "I'll ask again at 10:40 UTC" in (await anna.press(reminder, "Snooze 10 min")).text
    question = await chat.wait_for("why does the update wait?")
    await anna.press(question, "A fix is being tried")
    await course.house.driver.wait_until(lambda _: "A fix is being tried" in question.refreshed().text)
    assert not question.refreshed().buttons
    await course.at(40)
    await anna.press(await last_reminder(course), "Snooze 10 min")
    again = await chat.wait_for("why does the update wait?", after=question)
    await anna.send(chat, "The database restores, 5 < 7 minutes more", reply_to=again)
    await course.house.driver.wait_until(lambda _: "5 < 7" in again.refreshed().text)
    said = [event["text"] for event in await course.house.timeline() if event["kind"] == "snooze_explained"]
    assert said == [
        "Anna on why the update waits: A fix is being tried",
        "Anna on why the update waits: The database restores, 5 < 7 minutes more",
    ]


async def last_reminder(course: Course) -> MessageView:
    """The newest reminder in the thread."""
    return [message for message in course.house.responders.messages if "update due" in message.text][-1]


async def test_stakeholders_hear_of_each_change_and_never_the_alert(course: Course) -> None:
    """Notify stakeholders of SEV-1 or SEV-2: declared, worse, an update, over: four calm messages, no alert text."""
    house = course.house
    house.clock.set_speed(0)
    house.clock.advance(THURSDAY - house.clock.now())
    await house.post("/hooks/alertmanager", Fired(severity="high").body())
    first = await house.stakeholders.wait_for("INC-1")
    await house.write("anna", "/ack")
    await house.write("anna", "/impact Some payments fail")
    await house.write("anna", "/sev 1")
    worse = await house.stakeholders.wait_for("worse than it looked", after=first)
    await house.write("anna", "/update We roll a release back")
    news = await house.stakeholders.wait_for("We roll a release back", after=worse)
    await house.write("anna", "/resolve")
    over = await house.stakeholders.wait_for("is over", after=news)
    await house.settle()
    told = house.stakeholders.messages
    assert [message.id for message in told] == [first.id, worse.id, news.id, over.id]
    assert "Some payments fail" in worse.text
    assert "Next news by 10:30 UTC" in news.text
    for message in told:
        assert "HighErrorRate" not in message.text
        assert "High error rate on payments-api" not in message.text
        assert "Anna" not in message.text
        assert len(message.text.splitlines()) <= 4
