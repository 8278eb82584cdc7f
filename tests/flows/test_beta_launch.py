"""The written plan's "Beta Launch Specific Procedures", lived through: the launch days, and the two weeks after."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from bot.domain.beta_events import BetaLooked
from bot.domain.plan import Plan
from bot.engine.singles import LEASE
from bot.sandbox.message_view import MessageView
from bot.settings import load_plan
from tests.house import House

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONG_AHEAD = datetime(2031, 1, 1, tzinfo=UTC)
"""The clock of a house never runs backwards: the launch is moved to a year in which it lies ahead."""
FIRST_DAY = datetime(2032, 1, 11, tzinfo=UTC)
"""A Sunday, as January 11, 2026 is."""
THE_END = FIRST_DAY + 2 * DAY
PHASE_END = FIRST_DAY + 14 * DAY


class Service:
    """Something with a health endpoint that can be broken."""

    def __init__(self) -> None:
        self.well = True
        self.asked = 0
        self.url = ""

    @asynccontextmanager
    async def served(self) -> AsyncGenerator["Service"]:
        """Listen for as long as the block lasts."""
        app = web.Application()
        app.router.add_get("/health", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/health"
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        del request
        self.asked += 1
        return web.Response(status=200 if self.well else 503, text="ok" if self.well else "database is away")


def the_plan(service: Service, **beta: Any) -> Plan:
    """The built-in plan with its launch days in the year of the test, and the service's own health check."""
    document = load_plan().model_dump(mode="json", by_alias=True)
    days = {"from": FIRST_DAY.date(), "to": (FIRST_DAY + DAY).date()}
    document["beta"] = {**document["beta"], "launch": days, **beta}
    document["health_checks"] = [{"name": "api", "url": service.url, "timeout": "5s"}]
    return Plan.model_validate(document)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """One that is well."""
    async with Service().served() as served:
        yield served


def a_house(tmp_path: Path, service: Service, start: datetime, **beta: Any) -> House:
    """A house whose clock stands at `start`."""
    house = House(tmp_path, the_plan(service, **beta))
    house.clock.advance(start - house.clock.now())
    return house


async def go_to(house: House, at: datetime) -> None:
    """Move the clock to a moment, and let what falls due happen."""
    await house.pass_time(at - house.clock.now())
    await house.settle()


async def looked(house: House, count: int) -> list[BetaLooked]:
    """So many looks were noted."""

    async def enough() -> bool:
        return len(await looks(house)) >= count

    await house.until(enough)
    await house.settle()
    return await looks(house)


async def looks(house: House) -> list[BetaLooked]:
    """What was looked at so far."""
    return [event for event in await house.bot.store.load_team() if isinstance(event, BetaLooked)]


def digests(house: House) -> list[MessageView]:
    """The digests that the stakeholders have."""
    return [message for message in house.stakeholders.messages if "Health " in message.text]


async def test_the_launch_days_begin_and_end_by_themselves(tmp_path: Path, service: Service) -> None:
    """January 11 to 12, whole days: everybody is told what applies, and when it no longer does."""
    async with a_house(tmp_path, service, FIRST_DAY - HOUR) as house:
        before = await house.write("clara", "/beta status")
        assert "Beta is off" in before.text
        assert "The plan's launch begins" in before.text
        await go_to(house, FIRST_DAY)
        told = await house.responders.wait_for("Beta launch is on until Jan 13, 00:00 UTC")
        assert "Every alert is to be answered within 5 min · Team Lead hears of every issue at once" in told.text
        assert "Health is checked every hour · digest every hour, next 01:00 UTC" in told.text
        assert (
            "Beta phase until Jan 25, 00:00 UTC\nNext reviews: daily 09:00 UTC · weekly Jan 12, 10:00 UTC" in told.text
        )
        calm = await house.stakeholders.wait_for("Beta launch is on until Jan 13, 00:00 UTC")
        assert "\nDigest every hour, next 01:00 UTC" in calm.text
        assert "answered" not in calm.text

        await go_to(house, FIRST_DAY + 9 * HOUR + MINUTE)
        assert "hour 9 of 48" in (await house.write("clara", "/beta status")).text
        await go_to(house, THE_END)
        over = await house.responders.wait_for("The beta launch is over: the usual times apply again")
        assert "Beta phase until Jan 25, 00:00 UTC" in over.text
        await house.stakeholders.wait_for("The beta launch is over")
        await go_to(house, PHASE_END)
        brought = await house.responders.wait_for("What the beta phase brought")
        assert brought.text.splitlines()[0].endswith("14 days · Jan 11, 00:00 – Jan 25, 00:00 UTC")
        await house.responders.wait_for("The beta phase is over", after=brought)
        await house.stakeholders.wait_for("The beta phase is over")
        assert "Beta is off" in (await house.write("clara", "/beta status")).text


@pytest.mark.parametrize("severity", ["SEV-1", "SEV-2", "SEV-3", "SEV-4"])
async def test_every_alert_is_to_be_answered_within_five_minutes(
    tmp_path: Path, service: Service, severity: str
) -> None:
    """And the Team Lead is told at once, whatever the severity; nobody answers, so the next authority is."""
    async with a_house(tmp_path, service, FIRST_DAY + HOUR) as house:
        await house.responders.wait_for("Beta launch is on")
        incident = await house.declare("Search is slow", severity)
        card = await house.responders.wait_for(f"{incident} · nobody has it yet")
        assert "Answer by 01:05" in card.text
        await house.person("boris").private.wait_for(incident)
        await house.stakeholders.wait_for(f"{incident}: a problem")
        await house.pass_time(5 * MINUTE)
        await house.responders.wait_for("nobody answered")
        await house.person("clara").private.wait_for(incident)


async def test_the_stricter_of_two_times_wins(tmp_path: Path, service: Service) -> None:
    """A launch that gives ten minutes and an update every hour takes nothing from SEV-1's half-hourly updates."""
    async with a_house(tmp_path, service, FIRST_DAY + HOUR, respond_within="2h") as house:
        await house.responders.wait_for("Beta launch is on")
        worst = await house.declare("Everything is down", "SEV-1")
        mild = await house.declare("A typo", "SEV-4")
        assert (await house.incident(worst))["respond_by"][:16] == f"{FIRST_DAY + HOUR + 15 * MINUTE:%Y-%m-%dT%H:%M}"
        assert (await house.incident(worst))["update_by"][:16] == f"{FIRST_DAY + HOUR + 30 * MINUTE:%Y-%m-%dT%H:%M}"
        assert (await house.incident(mild))["respond_by"][:16] == f"{FIRST_DAY + 3 * HOUR:%Y-%m-%dT%H:%M}"
        assert (await house.incident(mild))["update_by"][:16] == f"{FIRST_DAY + 2 * HOUR:%Y-%m-%dT%H:%M}"


async def test_switching_plans_every_open_incident_anew(tmp_path: Path, service: Service) -> None:
    """By hand, for two days: open incidents get the five minutes from then on, and lose them when it ends."""
    async with a_house(tmp_path, service, LONG_AHEAD) as house:
        first, second = await house.declare("Search is slow", "SEV-3"), await house.declare("A typo", "SEV-4")
        usual = {each: await house.bot.store.timers_of(each) for each in (first, second)}
        await house.pass_time(HOUR)
        answer = await house.write("clara", "/beta on 2d", house.responders)
        assert "Beta launch is on until Jan 3, 01:00 UTC" in answer.text
        await house.responders.wait_for("Set by Clara")
        for each in (first, second):
            await house.person("boris").private.wait_for(f"{each} ·")
        await house.responders.wait_for(
            lambda message: f"{first} ·" in message.text and "Answer by 01:05" in message.text
        )
        await house.write("clara", "/beta off", house.responders)
        await house.responders.wait_for("Beta is over: the usual times apply again")
        await house.settle()
        await house.until(lambda: _has_usual_times(house, usual))
        await house.pass_time(10 * MINUTE)
        await house.settle()
        assert "response_overdue" not in [*await house.kinds(first), *await house.kinds(second)]


async def _has_usual_times(house: House, usual: dict[str, dict[str, datetime]]) -> bool:
    """Nothing is left of the launch in the store: the timers are those from before it, but for the plan's own days."""
    now = {each: await house.bot.store.timers_of(each) for each in usual}
    return {each: {k: t for k, t in timers.items() if k in usual[each]} for each, timers in now.items()} == usual


async def test_health_is_checked_every_hour_and_news_of_it_told(tmp_path: Path, service: Service) -> None:
    """What begins to fail goes to the responders and the Team Lead at once, what is well again to the responders."""
    async with a_house(tmp_path, service, FIRST_DAY - MINUTE) as house:
        await go_to(house, FIRST_DAY)
        await looked(house, 1)
        service.well = False
        await house.pass_time(HOUR)
        failing = await house.responders.wait_for("Health check api fails: HTTP 503: database is away")
        assert "/incident" in failing.text
        await house.person("boris").private.wait_for("Health check api fails")
        await house.pass_time(HOUR)
        assert len(await looked(house, 3)) == 3
        assert len([m for m in house.responders.messages if "Health check api fails" in m.text]) == 1
        service.well = True
        await house.pass_time(HOUR)
        await house.responders.wait_for("Health check api is well again")


async def test_stakeholders_get_a_digest_every_hour(tmp_path: Path, service: Service) -> None:
    """Also when all is well; what is not known is said, and never green."""
    async with a_house(tmp_path, service, FIRST_DAY - MINUTE) as house:
        await go_to(house, FIRST_DAY)
        await house.pass_time(HOUR)
        quiet = await house.stakeholders.wait_for("Beta launch, hour 1 of 48 · 01:00 UTC")
        assert "not all is known" in quiet.text
        assert "Health 1 of 1\nMetrics unknown" in quiet.text
        assert "Last hour: no alert · open: none" in quiet.text
        assert "Next digest 02:00 UTC" in quiet.text

        incident = await house.declare("Search is slow", "SEV-2")
        await house.pass_time(48 * SECOND)
        await house.write("anna", f"/ack {incident}")
        await house.pass_time(HOUR - 48 * SECOND)
        busy = await house.stakeholders.wait_for("Beta launch, hour 2 of 48")
        assert "1 thing is not well" in busy.text
        assert f"open: 🟠 {incident} (SEV-2)" in busy.text
        assert "Last hour: 1 incident, answered in 48 s" in busy.text
        assert "Anna" not in busy.text
        await house.write("anna", f"/resolve {incident}")
        await house.pass_time(HOUR)
        assert f"resolved: {incident} (SEV-2) · open: none" in (await house.stakeholders.wait_for("hour 3 of 48")).text


async def test_the_last_digest_comes_as_the_launch_ends(tmp_path: Path, service: Service) -> None:
    """Hour 48 of 48, and none after it; a start just before a digest sends none to catch up with the last."""
    async with a_house(tmp_path, service, THE_END - 2 * HOUR - MINUTE) as house:
        await go_to(house, THE_END - 2 * HOUR)
        await house.stakeholders.wait_for("hour 46 of 48")
        await go_to(house, THE_END - HOUR)
        assert "Next digest Jan 13, 00:00 UTC" in (await house.stakeholders.wait_for("hour 47 of 48")).text
        await go_to(house, THE_END)
        assert "Next digest" not in (await house.stakeholders.wait_for("hour 48 of 48")).text
        await go_to(house, THE_END + 2 * HOUR)
        assert len(digests(house)) == 3


async def test_what_fell_due_during_a_stop_comes_once(tmp_path: Path, service: Service) -> None:
    """One digest for five that were missed, one review for three days."""
    async with a_house(tmp_path, service, FIRST_DAY - MINUTE) as house:
        await go_to(house, FIRST_DAY)
        await looked(house, 1)
        await house.stop_bot()
        house.clock.advance(5 * HOUR + 10 * MINUTE)
        await house.start_bot()
        await house.stakeholders.wait_for("hour 5 of 48 · 05:10 UTC")
        await house.settle()
        await house.stop_bot()
        await house.start_bot()
        await house.until(lambda: _works(house))
        await house.settle()
        assert len(digests(house)) == 1
        await house.stop_bot()
        house.clock.advance(3 * DAY + 5 * HOUR)
        await house.start_bot()
        await house.responders.wait_for("Daily review")
        await house.responders.wait_for("The beta launch is over")
        await house.settle()
        assert len([m for m in house.responders.messages if "Daily review" in m.text]) == 1
        assert len(digests(house)) == 1


async def test_a_digest_that_was_skipped_leaves_no_time_untold(tmp_path: Path, service: Service) -> None:
    """The bot is away over a digest; the next one tells of everything since the last that was sent, and says so."""
    async with a_house(tmp_path, service, FIRST_DAY - MINUTE) as house:
        await go_to(house, FIRST_DAY)
        await go_to(house, FIRST_DAY + HOUR)
        await house.stakeholders.wait_for("hour 1 of 48")
        await house.pass_time(20 * MINUTE)
        incident = await house.declare("Search is slow", "SEV-2")
        await house.write("anna", f"/ack {incident}")
        await house.write("anna", f"/resolve {incident} now it was one")
        await house.settle()
        await house.stop_bot()
        house.clock.advance(FIRST_DAY + 2 * HOUR + 50 * MINUTE - house.clock.now())
        await house.start_bot()
        await go_to(house, FIRST_DAY + 3 * HOUR)
        told = await house.stakeholders.wait_for("hour 3 of 48")
        assert "Last 2 h: 1 incident" in told.text
        assert f"resolved: {incident}" in told.text
        assert len(digests(house)) == 2


async def _works(house: House) -> bool:
    """Whether the bot has begun with what only one replica does."""
    return await house.bot.store.holder(LEASE) is not None


async def test_digest_sends_one_now(tmp_path: Path, service: Service) -> None:
    """Also outside of a launch; a stranger can't."""
    async with a_house(tmp_path, service, LONG_AHEAD) as house:
        assert "goes to the stakeholders" in (await house.write("dan", "/digest")).text
        told = await house.stakeholders.wait_for("📋 Digest · 00:00 UTC")
        assert "Beta launch" not in told.text
        assert "Health 1 of 1" in told.text


async def test_every_day_of_the_phase_all_is_reviewed(tmp_path: Path, service: Service) -> None:
    """At nine, all alerts and incidents of the day; on Monday at ten, what they have in common."""
    async with a_house(tmp_path, service, FIRST_DAY) as house:
        await house.responders.wait_for("Beta launch is on")
        incident = await house.declare("Search is slow", "SEV-2")
        await house.pass_time(2 * MINUTE)
        await house.write("anna", f"/ack {incident}")
        await house.pass_time(HOUR)
        await house.write("anna", f"/resolve {incident}")
        await go_to(house, FIRST_DAY + 9 * HOUR)
        review = await house.responders.wait_for("Daily review")
        assert "beta day 1 of 14" in review.text
        assert f"SEV-2 · {incident} · answered in 2 min · over after 1 h 2 min" in review.text
        assert "Search is slow" in review.text

        await go_to(house, FIRST_DAY + DAY + 10 * HOUR)
        weekly = await house.responders.wait_for("Weekly review")
        assert "1 × SEV-2" in weekly.text
        assert "Recurring: none" in weekly.text
        assert "Answered in time: 1 of 1, typically 2 min" in weekly.text
        assert "Over in time: 1 of 1, typically 1 h 2 min" in weekly.text
        quiet = await house.responders.wait_for("No alert and no incident")
        assert "beta day 2 of 14" in quiet.text


async def test_every_week_causes_and_open_action_items_are_looked_at(tmp_path: Path, service: Service) -> None:
    """What was written down in the week, and what is still to be done, also of an incident from long before."""
    async with a_house(tmp_path, service, FIRST_DAY - 20 * DAY) as house:
        old = await house.declare("Search is slow", "SEV-4")
        await house.write("anna", f"/ack {old}")
        await house.write("anna", f"/resolve {old}")
        await house.write("anna", f"/action {old} Raise the pool @dan 2w")
        await go_to(house, FIRST_DAY + HOUR)
        new = await house.declare("Checkout fails", "SEV-3")
        await house.write("anna", f"/ack {new}")
        await house.write("anna", f"/cause {new} The pool was exhausted")
        await house.write("anna", f"/resolve {new}")
        await house.write("anna", f"/action {new} Alert on the pool @anna 1w")
        await go_to(house, FIRST_DAY + DAY + 10 * HOUR)
        weekly = await house.responders.wait_for("Weekly review")
        assert "beta day 2 of 14 · Jan 11, 00:00 – Jan 12, 10:00 UTC" in weekly.text
        assert "Causes: The pool was exhausted 1×" in weekly.text
        assert "2 action items open · 1 overdue" in weekly.text
        assert f"⚠️ {old} · Raise the pool · Dan · was due Jan 5" in weekly.text
        assert f"⬜ {new} · Alert on the pool · Anna · by Sun, Jan 18" in weekly.text


async def test_in_the_phase_customers_hear_of_every_issue(tmp_path: Path, service: Service) -> None:
    """Proactive updates: a draft for them also where the severity does not list them, and none once it is over."""
    async with a_house(tmp_path, service, PHASE_END - HOUR) as house:
        within = await house.declare("A typo", "SEV-4")
        await house.write("anna", f"/ack {within}")
        draft = await house.responders.wait_for(f"{within}: draft for customers")
        assert "Beta phase: customers hear of every issue." in draft.text
        await house.person("boris").press(draft, "Approve")
        await house.responders.wait_for(f"{within}: to be sent by hand to customers")
        await go_to(house, PHASE_END)
        after = await house.declare("Another typo", "SEV-4")
        await house.write("anna", f"/ack {after}")
        await house.responders.wait_for(f"{after}: draft for status page")
        await house.settle()
        assert not [m for m in house.responders.messages if f"{after}: draft for customers" in m.text]


async def test_midnight_is_the_plan_s_own(tmp_path: Path, service: Service) -> None:
    """The launch days are whole days in the plan's time zone."""
    plan = the_plan(service).model_copy(update={"timezone": ZoneInfo("Europe/Moscow")})
    house = House(tmp_path, plan)
    house.clock.advance(FIRST_DAY - 3 * HOUR - MINUTE - house.clock.now())
    async with house:
        assert "Beta is off" in (await house.write("clara", "/beta")).text
        await go_to(house, FIRST_DAY - 3 * HOUR)
        await house.responders.wait_for("Beta launch is on until Jan 13, 00:00 MSK")
