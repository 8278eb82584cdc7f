"""What the chat does beside the figures: logs, everything at once, runbooks and silences, with the real parts below."""

import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.domain.plan import Action, HealthCheck, Runbook
from bot.sandbox.alert_hook import Hook
from bot.sandbox.driver import PersonView
from bot.sandbox.message_view import MessageView
from bot.sandbox.monitoring import Monitoring, MonitoringKind
from bot.sandbox.service import BreakableService
from bot.sandbox.traffic import SetPoints
from bot.settings import load_plan
from tests.house import Fired, House
from tests.needs import need_program

SOME_LINES = "print('INFO ready'); print('ERROR no disk token=abcdef123456'); print('INFO <b>served</b>')"
MANY_LINES = "for n in range(4000): print(f'INFO request {n} served')"


def python(code: str, *, title: str = "Application logs", **more: Any) -> Action:
    """A log action that is a small program."""
    return Action.model_validate(
        {"title": title, "run": [sys.executable, "-c", code], "timeout": "20s", "authority": "on_call", **more}
    )


@asynccontextmanager
async def a_house(
    path: Path, actions: dict[str, Action], health_checks: tuple[HealthCheck, ...] | None = None, **settings: Any
) -> AsyncGenerator[House]:
    """The demo's team with the built-in plan and these actions in the place of its own."""
    house = House(path, **settings)
    changed: dict[str, Any] = {"actions": {**house.plan.actions, **actions}}
    if health_checks is not None:
        changed["health_checks"] = health_checks
    house.plan = load_plan().model_copy(update=changed)
    async with house:
        yield house


def stranger_in(house: House) -> PersonView:
    """Somebody in the responders chat whom the roster does not know."""
    mallory = house.world.add_person("mallory", 6666, "Mallory")
    house.responders.chat.members[mallory.id] = mallory
    return PersonView(house.driver, mallory)


async def test_the_log_follows_as_text(tmp_path: Path) -> None:
    """The answer comes at once and becomes the log; secrets are masked, markup is text."""
    async with a_house(tmp_path, {"logs": python(SOME_LINES)}) as house:
        await house.person("anna").send(house.responders, "/logs")
        shown = await house.responders.wait_for("3 lines")
        assert shown.text.startswith("📜 Application logs, ")
        assert "ERROR no disk token=•••" in shown.text
        assert "INFO <b>served</b>" in shown.text
        assert len([message for message in house.responders.messages if "Application logs" in message.text]) == 1


async def test_a_long_log_is_a_file_with_its_end_in_the_chat(tmp_path: Path) -> None:
    """What does not fit a message is a document; the chat shows the last lines."""
    async with a_house(tmp_path, {"logs": python(MANY_LINES)}) as house:
        await house.person("anna").send(house.responders, "/logs")
        document = await house.responders.wait_for(lambda message: message.document is not None)
        shown = house.responders.find("The whole of it is in the file")
        assert shown is not None
        assert "INFO request 3999 served" in shown.text
        assert "INFO request 10 served" not in shown.text
        assert "4,000 lines" in shown.text or "4000 lines" in shown.text
        assert "left out" in document.text


async def test_a_kind_of_log_and_one_that_does_not_exist(tmp_path: Path) -> None:
    """`/logs errors` runs the action of that kind and keeps its lines alone; another kind is answered with what is."""
    errors = python(SOME_LINES, title="Error logs", only_lines_with="ERROR")
    async with a_house(tmp_path, {"error_logs": errors}) as house:
        anna = house.person("anna")
        await anna.send(house.responders, "/logs errors")
        shown = await house.responders.wait_for("📜 Error logs")
        shown = await house.responders.wait_for("1 line")
        assert "INFO" not in shown.text
        await anna.send(house.responders, "/logs poetry")
        refusal = await house.responders.wait_for("I don't know poetry")
        assert "Error logs" in refusal.text


@pytest.mark.parametrize(
    ("action", "says"),
    [
        (python("import sys; print('half a line'); sys.exit(3)"), "It ended with exit status 3"),
        (python("import time; time.sleep(60)", timeout="1s"), "It was not done within 1 s and was ended"),
        (Action(title="Logs", run=("no-such-program-here",), authority="on_call"), "could not be started"),
        (python("pass"), "it is empty"),
        (python("print('all is well')", only_lines_with="ERROR"), "no line with ERROR"),
    ],
)
async def test_how_reading_a_log_ended_is_told_in_words(tmp_path: Path, action: Action, says: str) -> None:
    """A failure is no silence, and an empty log no failure."""
    async with a_house(tmp_path, {"logs": action}) as house:
        await house.person("anna").send(house.responders, "/logs")
        await house.responders.wait_for(says)


async def test_logs_take_authority(tmp_path: Path) -> None:
    """On-call is refused what is the CTO's, a stranger everything; nothing runs."""
    ran = tmp_path / "ran"
    action = python(f"open({str(ran)!r}, 'w')", authority="cto")
    async with a_house(tmp_path / "bot", {"logs": action}) as house:
        await house.person("anna").send(house.responders, "/logs")
        await house.responders.wait_for("Application logs is for CTO or above.")
        await stranger_in(house).send(house.responders, "/logs")
        await house.responders.wait_for("Only people on the roster")
        assert not ran.exists()


@asynccontextmanager
async def watched(tmp_path: Path, kind: MonitoringKind, **plan: Any) -> AsyncGenerator[tuple[House, Monitoring]]:
    """A house beside a monitoring; the service has failed 12 % of its requests for ten minutes.

    Nothing is rolled back for it: what a person looks at is the subject here.
    """
    async with AsyncExitStack() as stack:
        house = House(tmp_path / "bot")
        made = BreakableService(house.clock.now, replace(SetPoints(), error_ratio=0.12), history=timedelta(minutes=10))
        service = await stack.enter_async_context(made.serve())
        hook = Hook("http://127.0.0.1:1/nobody")
        monitoring = await stack.enter_async_context(Monitoring.start(service, hook, tmp_path, kind=kind))
        house.settings["prometheus_url"] = monitoring.prometheus_url
        house.settings["alertmanager_url"] = monitoring.alertmanager_url
        checks = (
            HealthCheck(name="api", url=f"{service.url}/health"),
            HealthCheck(name="search", url="http://127.0.0.1:1/health"),
        )
        actions = {**load_plan().actions, "logs": python(SOME_LINES)}
        changed: dict[str, Any] = {"health_checks": checks, "actions": actions, "rollback": None, **plan}
        house.plan = load_plan().model_copy(update=changed)
        await stack.enter_async_context(house)
        yield house, monitoring


async def test_gather_looks_at_everything_at_once(tmp_path: Path) -> None:
    """One press: health, metrics, the log and a picture in one message of the thread, and an entry of the log."""
    async with watched(tmp_path, MonitoringKind.STAND_IN) as (house, _):
        await house.driver.wait_until(lambda _: house.bot.looking.readings.measured())
        await house.post("/hooks/alertmanager", Fired().body())
        card = await house.responders.wait_for("nobody has it yet")
        anna = house.person("anna")
        assert (await anna.press(card, "Gather")).text == "Looking at everything…"
        summary = await house.responders.wait_for("🔎 INC-1: looked at", timeout=60)
        assert summary.reply_to is not None
        assert summary.reply_to.id == card.id
        text = summary.text.replace("\N{NO-BREAK SPACE}", " ")
        assert "🩺 Health: 1 of 2 well · search: no connection" in text
        assert "📊 Metrics: out of target: Error rate 12 %" in text
        assert "📜 Application logs: 3 lines · 1 tells of an error" in text
        assert "ERROR no disk token=•••" in text
        picture = await house.responders.wait_for(lambda message: message.photo is not None, timeout=60)
        assert len([message for message in house.responders.messages if message.photo]) == 1
        assert picture.id >= summary.id
        (gathered,) = [event for event in await house.timeline() if event["kind"] == "information_gathered"]
        assert "1 of 2 well" in gathered["text"]
        await anna.send(house.responders, "/timeline")
        await house.responders.wait_for("Anna gathered: 🩺 Health")


async def test_gather_without_anything_says_what_is_unknown(tmp_path: Path) -> None:
    """No Prometheus, a log that can't be read: each is said, nothing is green; a stranger gathers nothing."""
    broken = Action(title="Logs", run=("no-such-program-here",), authority="on_call")
    async with a_house(tmp_path, {"logs": broken}, health_checks=()) as house:
        await house.declare()
        card = await house.responders.wait_for("nobody has it yet")
        refusal = await stranger_in(house).press(card, "Gather")
        assert "Only people on the roster" in (refusal.text or "")
        await house.person("boris").press(card, "Gather")
        summary = await house.responders.wait_for("🔎 INC-1: looked at", timeout=30)
        assert "unknown: Error rate, Latency P95" in summary.text
        assert "📜 Logs: It could not be started" in summary.text
        assert "the plan names no checks" in summary.text


async def opened_runbook(house: House) -> MessageView:
    """The runbook behind the card's button."""
    await house.post("/hooks/alertmanager", Fired().body())
    card = await house.responders.wait_for("nobody has it yet")
    await house.person("anna").press(card, "Runbook")
    return await house.responders.wait_for("📖 High error rate")


async def test_a_runbook_is_worked_step_by_step(house: House) -> None:
    """Steps are ticked and taken back by whoever does them; the timeline says who did what."""
    book = await opened_runbook(house)
    assert "0 of 5 steps done" in book.text
    anna, boris = house.person("anna"), house.person("boris")
    answer = await anna.press(book, "⬜ 2")
    assert "Anna did: Read the error logs" in (answer.text or "")
    ticked = await house.responders.wait_for("✅ 2. Read the error logs · Anna")
    assert "1 of 5 steps done" in ticked.text
    assert "nothing had to change" in ((await boris.press(book, "⬜ 2")).text or "")
    refusal = await stranger_in(house).press(ticked, "⬜ 1")
    assert "Only people on the roster" in (refusal.text or "")
    await boris.press(ticked, "✅ 2")
    await house.driver.wait_until(lambda _: "0 of 5 steps done" in book.refreshed().text)
    await anna.send(house.responders, "/timeline")
    timeline = await house.responders.wait_for("Timeline of INC-1")
    assert "Anna did: Read the error logs (High error rate)" in timeline.text
    assert "Boris took back: Read the error logs" in timeline.text


async def test_a_runbook_offers_its_logs(tmp_path: Path) -> None:
    """Those of its actions that read logs are buttons; a forged one runs nothing."""
    async with a_house(tmp_path, {"logs": python(SOME_LINES)}) as house:
        book = await opened_runbook(house)
        anna = house.person("anna")
        assert (await anna.press(book, "Application logs")).text == "Reading the log…"
        await house.responders.wait_for("ERROR no disk")
        rollback = list(house.plan.actions).index("rollback")
        forged = await anna.press_raw(book, f"1:logs:INC-1:{rollback}")
        assert "out of date" in (forged.text or "")


async def test_several_runbooks_and_their_full_texts(tmp_path: Path) -> None:
    """What fits besides is a press away; the plan's and the alerts' own addresses are links."""
    books = (
        Runbook(title="Errors", labels={"alertname": ".*Error.*"}, steps=("Look",), url="https://wiki.example.org/e"),
        Runbook(title="The worst", labels={}, severities=("SEV-1",), steps=("Call",)),
    )
    house = House(tmp_path)
    house.plan = load_plan().model_copy(update={"runbooks": books})
    async with house:
        body = Fired().body()
        alerts: Any = body["alerts"]
        alerts[0]["annotations"]["runbook_url"] = "https://alerts.example.org/r"
        await house.post("/hooks/alertmanager", body)
        card = await house.responders.wait_for("nobody has it yet")
        assert card.has_button("Runbook")
        await house.person("anna").send(house.responders, "/runbook")
        book = await house.responders.wait_for("📖 Errors")
        assert "The full text" in book.text
        assert "Runbook of HighErrorRate" in book.text
        await house.person("anna").press(book, "The worst")
        await house.responders.wait_for("📖 The worst")


async def test_without_a_runbook_it_is_said(house: House) -> None:
    """The card has no button for what is not there; the command says so."""
    await house.declare("Something odd")
    card = await house.responders.wait_for("nobody has it yet")
    assert not card.has_button("Runbook")
    await house.person("anna").send(house.responders, "/runbook")
    await house.responders.wait_for("No runbook fits INC-1.")


async def silences_of(monitoring: Monitoring) -> list[dict[str, Any]]:
    """What Alertmanager has."""
    async with aiohttp.ClientSession() as http, http.get(f"{monitoring.alertmanager_url}/api/v2/silences") as answer:
        return await answer.json()


@pytest.fixture(params=[MonitoringKind.REAL, MonitoringKind.STAND_IN])
async def alarmed(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[tuple[House, Monitoring]]:
    """A house beside an Alertmanager, the real one and the demo's stand-in, in which three alerts fire."""
    if request.param is MonitoringKind.REAL:
        need_program("prometheus")
        need_program("prometheus-alertmanager", "alertmanager")
    async with watched(tmp_path, request.param) as (house, monitoring):
        for summary in ("one", "two"):
            await monitoring.raise_alert("DiskFull", "critical", summary)
        await monitoring.raise_alert("Unrelated", "critical", "three")
        fired = Fired(name="DiskFull", service="demo", group="disk")
        body = fired.body()
        alerts: Any = body["alerts"]
        alerts[0]["labels"].pop("service")
        await house.post("/hooks/alertmanager", body)
        yield house, monitoring


async def test_a_silence_is_made_in_alertmanager_and_undone(alarmed: tuple[House, Monitoring]) -> None:
    """It says first what it would mute, then makes it, says until when, and can be undone; the log has both."""
    house, monitoring = alarmed
    anna = house.person("anna")
    await anna.send(house.responders, "/silence 1h")
    preview = await house.responders.wait_for("🔕 Silence INC-1 for 1 h, until")
    assert "UTC?" in preview.text
    assert "Mutes 2 alerts now: DiskFull (× 2)" in preview.text
    assert 'alertname="DiskFull"' in preview.text
    assert await silences_of(monitoring) == []

    await anna.press(preview, "Confirm")
    made = await house.responders.wait_for("🔕 INC-1 is silent until")
    assert "Anna" in made.text
    (silence,) = await silences_of(monitoring)
    assert silence["status"]["state"] == "active"
    assert silence["createdBy"] == "Anna"
    assert silence["comment"].startswith("INC-1: ")
    await house.responders.wait_for("🔕 silent until")

    await house.person("boris").press(made, "Undo")
    await house.responders.wait_for("🔔 INC-1: its alerts are heard again")
    (silence,) = await silences_of(monitoring)
    assert silence["status"]["state"] == "expired"
    kinds = await house.kinds()
    assert [kind for kind in kinds if "silenced" in kind] == ["silenced", "unsilenced"]


async def answered(house: House) -> bool:
    """Whether Alertmanager is asked nothing any more."""
    return not house.bot.looking.errands.under_way("silence:INC-1")


async def test_a_silence_by_buttons_and_its_cancel(tmp_path: Path) -> None:
    """From the summary: for how long, what it mutes; Cancel takes the question away and mutes nothing."""
    async with watched(tmp_path, MonitoringKind.STAND_IN) as (house, monitoring):
        await house.post("/hooks/alertmanager", Fired().body())
        card = await house.responders.wait_for("nobody has it yet")
        anna = house.person("anna")
        await anna.press_raw(card, "1:panel:INC-1:silence")
        question = await house.responders.wait_for("for how long are its alerts silent?")
        await anna.press(question, "30 min")
        preview = await house.responders.wait_for("🔕 Silence INC-1 for 30 min")
        changed = await anna.press_raw(preview, "1:mute!:INC-1:30:1")
        assert changed.text == "Asking Alertmanager…"
        await house.until(lambda: answered(house))
        assert await silences_of(monitoring) == []
        refusal = await stranger_in(house).press(preview, "Confirm")
        assert "Only people on the roster" in (refusal.text or "")


async def test_when_alertmanager_is_away_it_is_said(tmp_path: Path) -> None:
    """Nothing is called silent that is not; without an address there is nothing to ask; a length must be one."""
    async with a_house(tmp_path, {}, alertmanager_url="http://127.0.0.1:1") as house:
        anna = house.person("anna")
        await house.post("/hooks/alertmanager", Fired().body())
        await house.responders.wait_for("nobody has it yet")
        await anna.send(house.responders, "/silence")
        await house.responders.wait_for("/silence 1h")
        await anna.send(house.responders, "/silence 1h")
        await house.responders.wait_for("🔴 Alertmanager did not do it: no connection")
        assert "silenced" not in await house.kinds()


async def test_without_alertmanager_nothing_can_be_silenced(house: House) -> None:
    """The command says that it is not set up."""
    await house.post("/hooks/alertmanager", Fired().body())
    await house.responders.wait_for("nobody has it yet")
    await house.person("anna").send(house.responders, "/silence 1h")
    await house.responders.wait_for("That is not set up here")


async def test_an_incident_without_alerts_has_nothing_to_silence(tmp_path: Path) -> None:
    """What was declared by hand has no labels to match."""
    async with a_house(tmp_path, {}, alertmanager_url="http://127.0.0.1:1") as house:
        await house.declare()
        await house.responders.wait_for("nobody has it yet")
        await house.person("anna").send(house.responders, "/silence 1h")
        await house.responders.wait_for("INC-1 has no alerts that could be silenced")
