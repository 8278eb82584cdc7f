"""Statistics in the chat: figures of a period in words and a picture, counted without holding anybody up."""

from datetime import UTC, datetime, timedelta

from bot.domain.actors import Responder
from bot.domain.commands import Declare
from bot.engine.outcomes import Done
from tests.house import Fired, House


async def test_a_month_in_figures_and_a_picture(house: House) -> None:
    """Severities, medians and worst, deadlines, the period before, and nothing of a drill or of what was merged."""
    anna = house.person("anna")
    await house.declare("An older one", "SEV-3")
    await house.write("anna", "/resolve")
    await house.pass_time(timedelta(days=31))
    began = house.clock.now() - timedelta(minutes=3)
    await house.post("/hooks/alertmanager", Fired(starts_at=f"{began:%Y-%m-%dT%H:%M:%SZ}").body())
    await house.pass_time(timedelta(minutes=4))
    await house.write("anna", "/ack")
    await house.declare("Part of it", "SEV-3")
    await house.write("anna", "/merge INC-3 INC-2")
    await house.pass_time(timedelta(minutes=20))
    await house.write("anna", "/resolve INC-2")
    drill = await house.bot.desk.declare(Declare(Responder(person="anna"), "Practice", severity="SEV-1", drill=True))
    assert isinstance(drill, Done)

    told = (await house.write("anna", "/stats 30d")).text
    lines = told.splitlines()
    assert lines[0] == "📊 Last 30 days: 1 incident (before: 1)"
    assert lines[1] == "SEV-1 1"
    assert any(line.startswith("MTTD 3 min") for line in lines)
    assert any(line.startswith("MTTA 4 min") for line in lines)
    assert any(line.startswith("MTTR 24 min") for line in lines)
    assert any(line.startswith("Deadlines held: answers 1 of 1, ends 1 of 1") for line in lines)
    picture = await anna.private.wait_for(lambda message: message.photo is not None, timeout=30)
    assert picture.text == "Last 30 days"


async def test_nights_are_those_of_the_people(house: House) -> None:
    """02:00 in Moscow is a night there, whatever the hour in the plan's zone."""
    now = house.clock.now()
    midnight_in_moscow = datetime(now.year, now.month, now.day, 21, 30, tzinfo=UTC) + timedelta(days=1)
    await house.pass_time(midnight_in_moscow - now)
    await house.declare("Everything is down", "SEV-1")
    await house.write("anna", "/ack")
    told = (await house.write("anna", "/stats 1d")).text
    assert "Pages at night (22–08): Boris 1" in told


async def test_what_is_no_period_is_said(house: House) -> None:
    """With what is allowed; without incidents the figures are none, and no picture is sent."""
    assert "is no period" in (await house.write("anna", "/stats soon")).text
    assert "is no period" in (await house.write("anna", "/stats 10m")).text
    assert "0 incidents" in (await house.write("anna", "/stats")).text
