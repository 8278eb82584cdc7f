"""On-call as people live it: a week with a daylight-saving change, an override and a holiday; handovers; silence."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from bot.demo import demo_roster
from bot.domain.roster import Roster
from bot.domain.team_events import TEAM_LOG
from bot.store.clock import Clock
from tests.house import House

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)


def the_monday_before_the_clocks_change() -> datetime:
    """The next Monday, 10:00 in Berlin, after which the clocks go forward within the week."""
    monday = datetime.combine(Clock().now().date(), datetime.min.time(), BERLIN).replace(hour=10)
    monday += timedelta(days=7 - monday.weekday())
    while shift(monday) >= shift(monday + timedelta(days=7)):
        monday += timedelta(days=7)
    return monday


def shift(moment: datetime) -> timedelta:
    """By how much daylight saving has moved the clock."""
    return moment.dst() or timedelta(0)


def taking_turns(monday: datetime, **on_call: Any) -> Roster:
    """The demo's team: Anna and Boris take turns by the week from that Monday on."""
    turns = {
        "name": "primary",
        "people": ["anna", "boris"],
        "every": "1w",
        "starts": monday.replace(tzinfo=None),
        "timezone": "Europe/Berlin",
    }
    document = demo_roster().model_dump(mode="json")
    return Roster.model_validate({**document, "on_call": {"rotations": [turns], **on_call}})


class Calendar:
    """A calendar that is served, and can be out of order. `secret` stands in its address."""

    secret = "a-private-address"  # noqa: S105 - opens nothing but this test's calendar

    def __init__(self, *events: str) -> None:
        self.events = list(events)
        self.works = True
        self.url = ""

    @asynccontextmanager
    async def served(self) -> AsyncGenerator["Calendar"]:
        """Listen for as long as the block lasts."""
        app = web.Application()
        app.router.add_get("/{secret}/on-call.ics", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/{self.secret}/on-call.ics"
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        del request
        if not self.works:
            return web.Response(status=503)
        begin = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", "X-WR-TIMEZONE:Europe/Berlin"]
        return web.Response(text="\r\n".join([*begin, *self.events, "END:VCALENDAR", ""]), content_type="text/calendar")


def a_whole_day(summary: str, day: datetime) -> str:
    """An event that lasts a day."""
    dates = f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\nDTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    return f"BEGIN:VEVENT\r\nUID:{summary}\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:{summary}\r\n{dates}\r\nEND:VEVENT"


async def go_to(house: House, at: datetime) -> None:
    """Move the clock to a moment, and let what falls due happen."""
    await house.pass_time(at - house.clock.now())
    await house.settle()


async def paged(house: House, person: str) -> None:
    """An incident that is declared now pages this person, and nobody else; it is then over."""
    incident = await house.declare("Search is slow", "SEV-2")
    await house.person(person).private.wait_for(f"{incident} · you are on call")
    (first, *_) = (event for event in await house.timeline(incident) if event["kind"] == "paged")
    assert first["data"]["people"] == [person]
    await house.person("clara").send(house.responders, f"/resolve {incident}")
    await house.responders.wait_for(f"{incident} resolved by")
    await house.settle()


async def test_a_week_pages_the_right_person_every_time(tmp_path: Path) -> None:
    """A rotation, an override of four hours, a holiday in the calendar, and clocks that go forward on the Sunday."""
    monday = the_monday_before_the_clocks_change()
    holiday = (monday + timedelta(days=3)).replace(hour=0)
    async with Calendar(a_whole_day("Holiday cover: Dan", holiday)).served() as calendar:
        house = House(tmp_path, roster=taking_turns(monday, ical_url=calendar.url))
        house.clock.advance(monday - MINUTE - house.clock.now())
        async with house:
            await house.until(lambda: _is_read(house))
            await paged(house, "boris")
            await go_to(house, monday + MINUTE)
            told = await house.responders.wait_for("On call: Anna takes over from Boris")
            assert "No incident is open" in told.text
            assert "You are on call now" in (await house.person("anna").private.wait_for("on call now")).text
            await paged(house, "anna")

            tuesday = monday + timedelta(days=1, hours=4)
            await go_to(house, tuesday)
            await house.person("clara").send(house.responders, "/override Boris 4h")
            answer = await house.responders.wait_for("Boris is on call from")
            start, end = (tuesday + timedelta(hours=hours) for hours in (0, 4))
            assert f"from {_on_the_wall(start)} until {_on_the_wall(end)} UTC" in answer.text
            await paged(house, "boris")
            await go_to(house, tuesday + timedelta(hours=4, minutes=1))
            await paged(house, "anna")

            await go_to(house, holiday - MINUTE)
            await paged(house, "anna")
            await go_to(house, holiday + MINUTE)
            await paged(house, "dan")
            await go_to(house, holiday + timedelta(days=1, minutes=1))
            await paged(house, "anna")

            handover = monday + timedelta(days=7)
            assert (handover.astimezone(UTC) - monday.astimezone(UTC)) == timedelta(days=7) - timedelta(hours=1)
            await go_to(house, handover.astimezone(UTC) - MINUTE)
            await paged(house, "anna")
            await go_to(house, handover.astimezone(UTC) + MINUTE)
            await paged(house, "boris")


async def test_oncall_says_now_next_and_until_when(tmp_path: Path) -> None:
    """And an override survives a restart, until it is ended."""
    monday = the_monday_before_the_clocks_change()
    house = House(tmp_path, roster=taking_turns(monday))
    house.clock.advance(monday + timedelta(hours=1) - house.clock.now())
    async with house:
        clara = house.person("clara")
        await clara.send(clara.private, "/oncall")
        shown = await clara.private.wait_for("On call now")
        assert "On-call: Anna · until" in shown.text
        assert "08:00 UTC · then Boris" in shown.text

        await clara.send(house.responders, "/override Dan 4h")
        told = await house.responders.wait_for("On call: Dan takes over from Anna")
        assert "then Anna" in told.text
        assert "set by Clara" in (await house.person("dan").private.wait_for("You are on call now")).text
        await house.stop_bot()
        await house.start_bot()
        await clara.send(clara.private, "/oncall")
        shown = await clara.private.wait_for("Dan stands in until", after=shown)
        assert "On-call: Dan · until" in shown.text

        await clara.send(house.responders, "/override off")
        await house.responders.wait_for("The override is over. On call now: Anna")
        await house.responders.wait_for("On call: Anna takes over from Dan")
        await clara.send(house.responders, "/override off")
        await house.responders.wait_for("Nobody stands in")


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("/override", "/override PERSON 4h | off"),
        ("/override dan", "/override PERSON 4h | off"),
        ("/override dan long", "long is no length of time"),
        ("/override Zoe 4h", "I don't know Zoe"),
        ("/override dan 40d", "4 weeks at most"),
    ],
)
async def test_what_is_no_override_is_answered(house: House, written: str, answer: str) -> None:
    """In one sentence that says what is allowed."""
    expected = "at most" if "at most" in answer else answer
    await house.person("clara").send(house.responders, written)
    await house.responders.wait_for(expected)


async def test_a_handover_says_what_is_open_and_comes_once_after_a_stop(tmp_path: Path) -> None:
    """Incidents with their severity and who has them; the bot was down when it fell due."""
    monday = the_monday_before_the_clocks_change()
    house = House(tmp_path, roster=taking_turns(monday))
    house.clock.advance(monday - timedelta(hours=1) - house.clock.now())
    async with house:
        held = await house.declare("Search is slow", "SEV-3")
        await house.person("boris").send(house.responders, f"/ack {held}")
        await house.responders.wait_for("Boris has it")
        await house.declare("Images are missing", "SEV-4")
        await house.settle()
        await house.stop_bot()
        house.clock.advance(timedelta(hours=2))
        await house.start_bot()
        told = await house.responders.wait_for("On call: Anna takes over from Boris")
        assert "2 incidents are open" in told.text
        assert "SEV-3 · INC-1 · Boris has it\nSearch is slow" in told.text
        assert "SEV-4 · INC-2 · nobody has it yet\nImages are missing" in told.text
        await house.settle()
        assert len([m for m in house.responders.messages if "takes over from Boris" in m.text]) == 1


async def test_a_page_that_waited_goes_to_who_is_on_call_when_it_is_sent(tmp_path: Path) -> None:
    """Telegram was away over a handover: whoever went off is left in peace, and the log says so."""
    monday = the_monday_before_the_clocks_change()
    house = House(tmp_path, roster=taking_turns(monday))
    house.clock.advance(monday - MINUTE - house.clock.now())
    async with house:
        await house.sandbox.faults.refuse_connections()
        incident = await house.declare("Search is slow", "SEV-2")
        house.clock.advance(2 * MINUTE)
        await house.sandbox.faults.accept_connections()
        await house.person("anna").private.wait_for(f"{incident} · you are on call now")
        await house.settle()
        assert house.person("boris").private.find(incident) is None
        paged_people = [e["data"]["people"] for e in await house.timeline(incident) if e["kind"] == "paged"]
        assert paged_people == [["boris"], ["anna"]]
        handed = next(event for event in await house.timeline(incident) if event["kind"] == "page_handed_over")
        assert handed["text"] == "Boris went off call before the page was sent"


async def test_who_cannot_be_written_to_is_said_every_day(house: House) -> None:
    """At the opening of business, for as long as there is somebody."""
    dan = house.person("dan")
    await dan.block()
    await house.until(lambda: _is_known(house, "unreachable:dan"))
    await house.until(lambda: _will_look(house))
    for _ in range(2):
        last = house.responders.messages[-1] if house.responders.messages else None
        await house.pass_time(timedelta(days=1))
        await house.responders.wait_for("Can't be written to: Dan", after=last)
    await dan.start()
    await dan.private.wait_for("pages will reach you")
    count = len(house.responders.messages)
    await house.pass_time(timedelta(days=1))
    await house.settle()
    assert len(house.responders.messages) == count


async def test_a_calendar_out_of_order_leaves_what_it_said(tmp_path: Path) -> None:
    """Its last good reading counts through an outage and a restart, and `/oncall` says so without the address."""
    today = Clock().now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [today + timedelta(days=ahead) for ahead in range(-1, 3)]
    events = [a_whole_day("Dan", day).replace("UID:Dan", f"UID:{day:%d}") for day in days]
    async with Calendar(*events, a_whole_day("Zoe", today)).served() as calendar:
        roster = taking_turns(the_monday_before_the_clocks_change(), ical_url=calendar.url)
        async with House(tmp_path, roster=roster) as house:
            await house.until(lambda: _is_read(house))
            calendar.works = False
            await house.pass_time(timedelta(minutes=6))
            await house.until(lambda: _has_failed(house))
            await house.stop_bot()
            await house.start_bot()
            clara = house.person("clara")
            await clara.send(clara.private, "/oncall")
            shown = await clara.private.wait_for("The calendar can't be read since")
            assert "HTTP 503" in shown.text
            assert "On-call: Dan · until" in shown.text
            assert "names nobody on the roster in: Zoe" in shown.text
            assert calendar.secret not in shown.text


async def _is_read(house: House) -> bool:
    known = house.bot.desk.rulebook.current.duty
    return known is not None and await _is_known(house, "on_call_calendar")


async def _has_failed(house: House) -> bool:
    return "503" in (await house.bot.store.facts("on_call_calendar")).get("on_call_calendar", "")


async def _is_known(house: House, fact: str) -> bool:
    return fact in await house.bot.store.facts(fact)


async def _will_look(house: House) -> bool:
    """Whether the team's next look is planned: a clock that moves before that moves it, too."""
    return bool(await house.bot.store.timers_of(TEAM_LOG))


def _on_the_wall(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M}"
