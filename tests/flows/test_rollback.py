"""The rollback matrix beside a real Prometheus: it acts once, asks those who decide, and never acts on the unknown."""

import socket
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.domain.acting_commands import StartAction
from bot.domain.acting_events import ActionStarted, DecisionRefused, TriggerUnclear, WhyRefused
from bot.domain.actors import Responder
from bot.engine.desk import Desk
from bot.engine.outcomes import Done
from bot.engine.rulebook import Rulebook
from bot.sandbox.alert_hook import Hook
from bot.sandbox.monitoring import Monitoring, MonitoringKind
from bot.sandbox.service import BreakableService
from bot.sandbox.traffic import SetPoints
from bot.sandbox.world import RESPONDERS_ID
from bot.settings import Settings
from bot.store.opening import open_store
from tests.flows.staging import QUICKLY, Staging, plan_of, told, watched
from tests.house import House
from tests.needs import need_program


async def start_and_die(house: House) -> None:
    """What a bot leaves that is killed just after it committed the start of a run: nobody carries the run out."""
    target = Settings(**house.settings).redis
    async with open_store(target, house.data_dir, clock=house.clock) as store:
        desk = Desk(store, Rulebook(store, house.plan, house.roster))
        started = await desk.handle("INC-1", StartAction(Responder(person="anna"), "rollback", confirmed=True))
        assert isinstance(started, Done)
        assert isinstance(started.events[0], ActionStarted)


async def test_an_error_rate_of_12_percent_rolls_back_once(tmp_path: Path, staging: Staging) -> None:
    """It runs at once and once, everybody is told, no token shows in the chat, and a restart doubles nothing."""
    points = replace(SetPoints(), error_ratio=0.12)
    async with watched(tmp_path, plan_of(staging.action), points, timedelta(minutes=12)) as house:
        message = await house.responders.wait_for(told("✅ INC-1", "exit status 0"), timeout=30)
        assert "Rollback" in message.text
        live = await house.responders.wait_for("rolled back")
        assert "s3cr3t" not in live.text
        assert "Error rate 12" in live.text
        for person in ("anna", "boris", "clara", "dan"):
            await house.person(person).private.wait_for("rolls back by itself")
        await house.stop_bot()
        await house.start_bot()
        for _ in range(3):
            await house.bot.looking.readings.look()
        await house.settle()
        kinds = await house.kinds()
        assert kinds.count("trigger_fired") == 1
        assert staging.runs == 1


async def test_a_hung_prometheus_does_not_act_and_is_told(tmp_path: Path, staging: Staging) -> None:
    """Nothing can be read: no row acts, and humans hear of it once."""
    with socket.socket() as hung:
        hung.bind(("127.0.0.1", 0))
        hung.listen(100)
        url = f"http://127.0.0.1:{hung.getsockname()[1]}"
        async with watched(tmp_path, plan_of(staging.action), SetPoints(), timedelta(0), prometheus_url=url) as house:
            message = await house.responders.wait_for("can't tell whether these rules hold", timeout=60)
            assert "error rate critical" in message.text
            events = await house.bot.store.load("INC-1")
            told_of = [row for event in events if isinstance(event, TriggerUnclear) for row in event.triggers]
            assert "error-rate-critical" in told_of
            assert len(told_of) == len(set(told_of))
            assert staging.runs == 0


async def test_a_breach_with_a_gap_asks_humans(tmp_path: Path, staging: Staging) -> None:
    """What has watched a broken service for a moment only can't say that it held: no action, and humans hear."""
    points = replace(SetPoints(), error_ratio=0.12)
    async with watched(tmp_path, plan_of(staging.action), points, timedelta(minutes=2)) as house:
        await house.responders.wait_for(told("can't tell whether these rules hold", "samples"), timeout=60)
        assert staging.runs == 0


async def test_what_never_could_be_read_is_said_once_and_calmly(tmp_path: Path, staging: Staging) -> None:
    """Without cAdvisor there is no memory figure: the chat hears of it once, and nobody is paged."""
    plan = plan_of(staging.action)
    memory = plan.metrics["memory_ratio"].model_copy(update={"query": "nothing_of_that_name"})
    plan = plan.model_copy(update={"metrics": {**plan.metrics, "memory_ratio": memory}})
    async with watched(tmp_path, plan, SetPoints(), timedelta(minutes=1)) as house:
        said = await house.responders.wait_for("can't read Memory usage of its limit", timeout=30)
        assert "the query returned nothing" in said.text
        await house.stop_bot()
        await house.start_bot()
        await house.settle()
        assert (await house.get("/api/incidents"))[1]["incidents"] == []
        assert len([message for message in house.responders.messages if "can't read" in message.text]) == 1
        assert house.person("anna").private.find("INC-1") is None


async def test_what_was_readable_and_is_gone_concerns_humans(tmp_path: Path, staging: Staging) -> None:
    """A series that vanishes is an incident: a rule that watched watches no more."""
    plan = plan_of(staging.action)
    vanishing = plan.metrics["memory_ratio"].model_copy(update={"query": "pqc_fallback_enabled == 0"})
    plan = plan.model_copy(update={"metrics": {**plan.metrics, "memory_ratio": vanishing}})
    assert plan.rollback is not None
    rows = tuple(row for row in plan.rollback.triggers if row.metric == "memory_ratio")
    plan = plan.model_copy(update={"rollback": plan.rollback.model_copy(update={"triggers": rows})})
    need_program("prometheus")
    async with AsyncExitStack() as stack:
        house = House(tmp_path / "bot", plan)
        made = BreakableService(history=timedelta(minutes=1))
        service = await stack.enter_async_context(made.serve())
        monitoring = await stack.enter_async_context(
            Monitoring.start(service, Hook("http://127.0.0.1:1/nobody"), tmp_path / "m", kind=MonitoringKind.REAL)
        )
        house.settings["prometheus_url"] = monitoring.prometheus_url
        await stack.enter_async_context(house)

        async def was_read() -> bool:
            return any(event.kind == "rows_read" for event in await house.bot.store.load_team())

        await house.until(was_read)
        service.change(replace(SetPoints(), pqc_fallback=True))
        await house.responders.wait_for("can't tell whether these rules hold", timeout=60)
        assert staging.runs == 0


async def test_5_to_10_percent_asks_on_call(tmp_path: Path, staging: Staging) -> None:
    """The decision card names the rule and who decides; on-call approves, the rollback runs, the buttons go."""
    points = replace(SetPoints(), error_ratio=0.072)
    async with watched(tmp_path, plan_of(staging.action), points, timedelta(minutes=20)) as house:
        card = await house.responders.wait_for(told("roll back?", "Error rate 7.2 %"), timeout=30)
        assert "Decides: on-call or above." in card.text
        assert card.has_button("Approve")
        picture = await house.responders.wait_for(lambda message: message.photo is not None, timeout=30)
        assert "Error rate" in picture.text
        assert picture.reply_to is not None
        assert picture.reply_to.id == card.id
        anna = house.person("anna")
        page = await anna.private.wait_for("your decision is asked")
        assert page.has_button("Reject")
        dan = await house.person("dan").press(card, "Approve")
        assert "Only on-call or above" in dan.text
        assert staging.runs == 0
        answer = await anna.press(card, "Approve")
        assert "approved" in answer.text
        await house.responders.wait_for(told("✅ INC-1", "exit status 0"), timeout=30)
        await house.driver.wait_until(lambda _: not card.refreshed().has_button("Approve"))
        assert "Approved by Anna" in card.refreshed().text
        assert staging.runs == 1
        kinds = await house.kinds()
        assert kinds.count("decision_refused") == 1


async def test_memory_above_90_percent_asks_on_call_and_expires(tmp_path: Path, staging: Staging) -> None:
    """Rejecting it leaves the service alone."""
    points = replace(SetPoints(), memory_bytes=2_800_000_000)
    async with watched(tmp_path, plan_of(staging.action), points, timedelta(minutes=32)) as house:
        card = await house.responders.wait_for(told("roll back?", "Memory usage of its"), timeout=30)
        await house.person("anna").send(house.responders, "/reject a known leak")
        await house.driver.wait_until(lambda _: "Rejected by Anna" in card.refreshed().text)
        assert "a known leak" in card.refreshed().text
        assert staging.runs == 0


async def test_pqc_fallback_pages_the_team_lead(tmp_path: Path, staging: Staging) -> None:
    """At once and at SEV-1; on-call may not decide, and the question ends when the fallback does, saying so."""
    need_program("prometheus")
    async with AsyncExitStack() as stack:
        house = House(tmp_path / "bot", plan_of(staging.action))
        points = replace(SetPoints(), pqc_fallback=True)
        made = BreakableService(set_points=points, history=timedelta(minutes=2))
        service = await stack.enter_async_context(made.serve())
        monitoring = await stack.enter_async_context(
            Monitoring.start(service, Hook("http://127.0.0.1:1/nobody"), tmp_path / "m", kind=MonitoringKind.REAL)
        )
        house.settings["prometheus_url"] = monitoring.prometheus_url
        await stack.enter_async_context(house)
        page = await house.person("boris").private.wait_for("your decision is asked", timeout=30)
        assert "SEV-1" in page.text
        card = await house.responders.wait_for(told("roll back?", "Decides: Team Lead or above."))
        refused = await house.person("anna").press(card, "Approve")
        assert "Only Team Lead or above" in refused.text
        service.change(SetPoints())
        await house.driver.wait_until(lambda _: "the breach ended" in card.refreshed().text, timeout=60)
        assert not card.refreshed().has_button("Approve")
        late = await house.person("boris").press(page, "Approve") if page.refreshed().has_button("Approve") else None
        assert late is None or "no longer" in late.text
        assert staging.runs == 0


async def test_a_security_breach_is_the_ctos_to_decide(tmp_path: Path, staging: Staging) -> None:
    """The flag pages the CTO; on-call pressing the button is refused and recorded; the CTO's press runs it."""
    async with House(tmp_path / "bot", plan_of(staging.action)) as house:
        await house.declare("Strange logins", severity="SEV-2")
        anna, clara = house.person("anna"), house.person("clara")
        await anna.send(house.responders, "/flag security breach")
        card = await house.responders.wait_for(told("roll back?", "Decides: CTO."))
        await clara.private.wait_for("your decision is asked")
        assert (await house.incident())["severity"] == "SEV-1"
        for _ in range(2):
            refused = await anna.press(card, "Approve")
            assert "CTO" in refused.text
        mallory = house.world.add_person("mallory", 666, "Mallory")
        house.world.chats[RESPONDERS_ID].members[mallory.id] = mallory
        stranger = await house.person("mallory").press(card, "Approve")
        assert "roster" in stranger.text
        assert (await house.kinds()).count("decision_refused") == 2
        copy = await anna.forward(card, anna.private)
        assert "CTO" in (await anna.press(copy, "Approve")).text
        await clara.press(card, "Approve")
        await house.responders.wait_for("exit status 0", timeout=30)
        over = await anna.press(copy, "Approve")
        assert "CTO" in over.text
        old = await clara.forward(card, clara.private)
        for answer in ("no longer asked", "It was decided"):
            assert answer in (await clara.press(old, "Approve")).text
        await house.settle()
        refused_for = [e.why for e in await house.bot.store.load("INC-1") if isinstance(e, DecisionRefused)]
        assert refused_for == [WhyRefused.AUTHORITY, WhyRefused.STRANGER, WhyRefused.OVER]
        assert staging.runs == 1


async def test_the_rollback_button_asks_once_more(tmp_path: Path, staging: Staging) -> None:
    """Rollback, then Confirm: it runs once, and the old Confirm starts no second run."""
    async with House(tmp_path / "bot", plan_of(staging.action)) as house:
        await house.declare()
        anna = house.person("anna")
        card = await house.responders.wait_for("nobody has it yet")
        await anna.press(card, "Rollback")
        await house.driver.wait_until(lambda _: card.refreshed().has_button("Confirm"))
        assert "Run Rollback" in card.refreshed().text
        answer = await anna.press(card.refreshed(), "Confirm")
        assert "runs now" in answer.text
        await house.responders.wait_for("exit status 0", timeout=30)
        assert staging.runs == 1


async def test_a_command_runs_an_action_of_the_plan(tmp_path: Path, staging: Staging) -> None:
    """`/run` asks once more; who lacks the authority is refused, and nothing but the plan's actions runs."""
    async with House(tmp_path / "bot", plan_of(staging.action)) as house:
        await house.declare()
        anna = house.person("anna")
        await anna.send(house.responders, "/run rm -rf /")
        assert "rollback" in (await house.responders.wait_for("I don't know rm")).text
        await anna.send(house.responders, "/run deploy")
        await house.responders.wait_for("Only Team Lead or above")
        await house.person("dan").send(house.responders, "/rollback")
        await house.responders.wait_for("Only on-call or above")
        await anna.send(house.responders, "/rollback")
        question = await house.responders.wait_for("Run Rollback")
        await anna.press(question, "Confirm")
        await house.responders.wait_for("exit status 0", timeout=30)
        assert staging.runs == 1


async def test_a_stopped_bot_ends_what_runs_and_says_so(tmp_path: Path, staging: Staging) -> None:
    """A stop in order ends the run with everything it started; after the start it is told, and not run again."""
    async with House(tmp_path / "bot", plan_of(staging.slow())) as house:
        await house.declare()
        anna = house.person("anna")
        await anna.send(house.responders, "/rollback")
        await anna.press(await house.responders.wait_for("Run Rollback"), "Confirm")
        await house.responders.wait_for("begun", timeout=30)
        await house.stop_bot()
        await house.start_bot()
        await house.responders.wait_for("the bot was stopped and ended it half-way", timeout=30)
        await house.settle()
        assert staging.runs == 1


async def test_a_bot_that_died_says_that_the_outcome_is_unknown(tmp_path: Path, staging: Staging) -> None:
    """A run whose runner is gone is told to humans as of unknown outcome, and is never run again by itself."""
    async with House(tmp_path / "bot", plan_of(staging.action), lease_for=QUICKLY) as house:
        await house.declare()
        await house.stop_bot()
        await start_and_die(house)
        await house.start_bot()
        message = await house.responders.wait_for("nobody knows how Rollback ended", timeout=30)
        assert "/rollback" in message.text
        await house.person("anna").private.wait_for("nobody knows how Rollback ended")
        assert staging.runs == 0
