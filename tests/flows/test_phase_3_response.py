"""Phase 3 of the written plan, Response: mitigate, tell, escalate, and look for the cause."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.message_view import MessageView
from tests.flows.staging import Staging, plan_of
from tests.flows.written_course import Course
from tests.house import Fired, House

HOUR = 60.0


@pytest.fixture
async def responding(tmp_path: Path, staging: Staging) -> AsyncIterator[House]:
    """A SEV-1 that Anna has, in a house whose rollback can be counted."""
    async with House(tmp_path / "bot", plan_of(staging.action)) as house:
        await house.post("/hooks/alertmanager", Fired().body())
        await house.write("anna", "/ack INC-1")
        yield house


@pytest.fixture
async def course(tmp_path: Path) -> AsyncIterator[Course]:
    """A house whose clock goes from timer to timer."""
    async with House(tmp_path) as house:
        yield Course(house)


async def runbook_of(house: House) -> MessageView:
    """The runbook behind the card's button."""
    card = await house.responders.wait_for("Anna has it")
    await house.person("anna").press(card, "Runbook")
    return await house.responders.wait_for("📖 High error rate")


async def test_execute_runbook_procedures(responding: House) -> None:
    """The runbook that fits lists what to do: look, roll back, restart; each step is ticked by whoever did it."""
    book = await runbook_of(responding)
    for step in ("Check the health endpoint", "Check recent deployments", "Roll back", "Restart the service"):
        assert step in book.text
    await responding.person("anna").press(book, "⬜ 3")
    await responding.responders.wait_for("✅ 3. Check recent deployments")
    assert (await responding.kinds())[-1] == "runbook_step_ticked"


async def test_rollback_if_necessary(responding: House, staging: Staging) -> None:
    """From the runbook: its rollback is a button that asks once more, runs once and says how it ended."""
    anna = responding.person("anna")
    await anna.press(await runbook_of(responding), "▶️ Rollback")
    question = await responding.responders.wait_for("Run Rollback")
    assert staging.runs == 0
    await anna.press(question, "Confirm")
    await responding.responders.wait_for("exit status 0", timeout=30)
    assert staging.runs == 1


async def test_an_action_that_is_not_in_the_plan_is_out_of_date(responding: House, staging: Staging) -> None:
    """A forged number runs nothing, and whoever may not run an action is told who may."""
    book = await runbook_of(responding)
    anna = responding.person("anna")
    assert "out of date" in ((await anna.press_raw(book, "1:run?:INC-1:99")).text or "")
    deploy = list(responding.plan.actions).index("deploy")
    assert "Team Lead" in ((await anna.press_raw(book, f"1:run?:INC-1:{deploy}")).text or "")
    await responding.settle()
    assert responding.responders.find("Run Deployment") is None
    assert staging.runs == 0


async def test_notify_stakeholders_and_update_the_ticket(responding: House) -> None:
    """What is noted stands on the card; stakeholders hear of a SEV-1 at once, and each update."""
    await responding.stakeholders.wait_for("SEV-1")
    await responding.write("anna", "/note Scaled search to 6 nodes")
    await responding.responders.wait_for("Anna: Scaled search to 6 nodes")
    await responding.write("anna", "/update Half of the payments work again")
    news = await responding.stakeholders.wait_for("Half of the payments work again")
    assert "Scaled search" not in news.text


@pytest.mark.parametrize(("severity", "told"), [("SEV-1", True), ("SEV-2", True), ("SEV-3", False), ("SEV-4", False)])
async def test_notify_stakeholders_if_sev_1_or_sev_2(course: Course, severity: str, *, told: bool) -> None:
    """Stakeholders are told of the declaration of SEV-1 and SEV-2, and of no milder one."""
    await course.declare(severity)
    assert bool(course.stakeholders) is told


async def test_sev_1_escalates_to_the_team_lead_immediately(course: Course) -> None:
    """SEV-1: the Team Lead is paged with on-call, in the same minute."""
    await course.declare("SEV-1")
    assert course.pages["anna"] == course.pages["boris"] == [0]


async def test_sev_2_escalates_to_the_team_lead_within_1_hour(course: Course) -> None:
    """SEV-2: on-call at once, the Team Lead after an hour."""
    await course.declare("SEV-2")
    assert course.pages["anna"] == [0]
    assert "boris" not in course.pages
    await course.at(HOUR)
    assert course.pages["boris"] == [HOUR]


@pytest.mark.parametrize("severity", ["SEV-3", "SEV-4"])
async def test_sev_3_and_4_are_handled_at_on_call_level(course: Course, severity: str) -> None:
    """SEV-3/4: while on-call has it, nobody above is paged that day."""
    await course.declare(severity)
    anna = course.house.person("anna")
    await anna.press(await anna.private.wait_for(lambda message: message.has_button("Ack")), "Ack")
    await course.at(8 * HOUR)
    assert set(course.pages) == {"anna"}


async def test_the_cause_is_looked_for_with_what_the_card_offers(responding: House) -> None:
    """Logs, recent deployments, infrastructure, dependencies: the runbook asks for each, its logs are buttons."""
    book = await runbook_of(responding)
    assert "infrastructure changes and external dependencies" in book.text
    assert book.has_button("Application logs")
    assert book.has_button("Error logs")
