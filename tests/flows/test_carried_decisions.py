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
