"""A merge in the middle of a decision: the question goes on where the incident is carried on."""

from pathlib import Path

from bot.domain.acting_commands import Breach, Clear, ObserveTrigger
from bot.domain.actors import System
from tests.flows.staging import Staging, plan_of, told
from tests.house import House


async def test_a_merged_incidents_question_is_decided_where_it_is_carried_on(tmp_path: Path, staging: Staging) -> None:
    """The CTO is asked again in the incident that absorbs it; the old card says so, and one press runs one rollback."""
    async with House(tmp_path / "bot", plan_of(staging.action)) as house:
        await house.declare("Strange traffic", severity="SEV-2")
        await house.declare("Strange logins", severity="SEV-2")
        anna, clara = house.person("anna"), house.person("clara")
        await house.write("anna", "/flag INC-2 security breach", house.responders)
        asked = await house.responders.wait_for(told("INC-2: roll back?"))
        await house.write("boris", "/merge INC-2 INC-1", house.responders)
        anew = await house.responders.wait_for(told("INC-1: roll back?", "Carried over from INC-2"))
        await house.driver.wait_until(lambda _: "Asked in INC-1 from now on" in asked.refreshed().text)
        assert not asked.refreshed().has_button("Approve")
        assert (await house.incident("INC-1"))["severity"] == "SEV-1"
        assert "CTO" in (await anna.press(anew, "Approve")).text
        await clara.press(anew, "Approve")
        await house.responders.wait_for(told("✅ INC-1", "exit status 0"), timeout=30)
        assert staging.runs == 1


async def test_the_end_of_a_breach_reaches_the_question_that_was_carried_over(tmp_path: Path, staging: Staging) -> None:
    """The row is carried by the incident that goes on: its breach fires nothing else, and its end ends the question."""
    async with House(tmp_path / "bot", plan_of(staging.action)) as house:
        await house.declare("Checkout is slow", severity="SEV-3")
        await house.declare("Errors", severity="SEV-3")
        row = "error-rate-elevated"
        await house.bot.desk.handle("INC-2", ObserveTrigger(System(), row, Breach(0.07)))
        await house.responders.wait_for(told("INC-2: roll back?"))
        await house.write("boris", "/merge INC-2 INC-1", house.responders)
        anew = await house.responders.wait_for(told("INC-1: roll back?"))
        assert await house.bot.store.index_get("trigger", row) == "INC-1"
        await house.bot.desk.handle("INC-1", ObserveTrigger(System(), row, Clear(0.01)))
        await house.driver.wait_until(lambda _: "the breach ended" in anew.refreshed().text)
        assert await house.bot.store.index_get("trigger", row) is None
        assert staging.runs == 0


async def test_a_decided_row_stays_decided_where_the_incident_is_carried_on(tmp_path: Path, staging: Staging) -> None:
    """A merge fires nothing anew: not the row that was answered no, nor the one that rolled back."""
    async with House(tmp_path / "bot", plan_of(staging.action)) as house:
        await house.declare("Checkout is slow", severity="SEV-3")
        await house.declare("Errors", severity="SEV-3")
        desk, elevated, critical = house.bot.desk, "error-rate-elevated", "error-rate-critical"
        await desk.handle("INC-2", ObserveTrigger(System(), elevated, Breach(0.07)))
        asked = await house.responders.wait_for(told("INC-2: roll back?"))
        assert "rejected" in (await house.person("anna").press(asked, "Reject")).text.lower()
        await desk.handle("INC-2", ObserveTrigger(System(), critical, Breach(0.12)))
        await house.responders.wait_for(told("✅ INC-2", "exit status 0"), timeout=30)
        await house.write("boris", "/merge INC-2 INC-1", house.responders)

        index = house.bot.store.index_get
        assert [await index("trigger", row) for row in (elevated, critical)] == ["INC-1", "INC-1"]
        for row in (elevated, critical):
            await desk.handle("INC-1", ObserveTrigger(System(), row, Breach(0.12)))
        assert "trigger_fired" not in await house.kinds()
        # Another automatic row within the cooldown is asked about, though the rollback ran in the other incident.
        await desk.handle("INC-1", ObserveTrigger(System(), "latency-critical", Breach(0.7)))
        await house.responders.wait_for(told("INC-1: roll back?", "ran a short time ago"))
        for row in (elevated, critical):
            await desk.handle("INC-1", ObserveTrigger(System(), row, Clear(0.01)))
        assert (await house.kinds()).count("trigger_cleared") == 2
        assert [await index("trigger", row) for row in (elevated, critical)] == [None, None]
        assert staging.runs == 1
