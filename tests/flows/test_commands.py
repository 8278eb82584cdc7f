"""Every command, written by people in the chat and in private."""

from collections.abc import Awaitable, Callable

import pytest

from bot.sandbox.message_view import MessageView
from bot.views.verbs import Verb
from tests.house import House


async def an_incident(house: House, severity: str = "SEV-2", title: str = "Checkout fails") -> MessageView:
    """One that is open, and its card."""
    incident = await house.declare(title, severity)
    return await house.responders.wait_for(lambda message: f"{incident} ·" in message.text)


async def incident(house: House) -> None:
    """Declares, and tells who is paged."""
    assert "say" not in (await house.write("dan", "/incident Search is slow & <b>")).text
    (listed,) = (await house.get("/api/incidents"))[1]["incidents"]
    assert (listed["title"], listed["severity"]) == ("Search is slow & <b>", "SEV-3")
    card = await house.responders.wait_for("Search is slow & <b>")
    assert "Declared by Dan" in card.text
    assert (await house.write("dan", "/incident")).text.startswith("/incident TITLE")


async def incidents(house: House) -> None:
    """The open ones, worst first, each with a button that shows its card."""
    assert "No incident is open" in (await house.write("dan", "/incidents")).text
    await an_incident(house, "SEV-3", "Small")
    await an_incident(house, "SEV-1", "Large")
    listed = await house.write("dan", "/incidents")
    assert listed.text.index("INC-2") < listed.text.index("INC-1")
    await house.person("dan").press(listed, "INC-2")
    shown = await house.person("dan").private.wait_for("INC-2 ·", after=listed)
    assert shown.has_button("Ack")


async def ack(house: House) -> None:
    """Takes it; who has it already is told."""
    card = await an_incident(house)
    assert "You have INC-1 now" in (await house.write("anna", "/ack")).text
    await house.driver.wait_until(lambda _: "Anna has it" in card.refreshed().text)
    assert "Already acknowledged by Anna" in (await house.write("dan", "/ack INC-1")).text
    assert "You have it already" in (await house.write("anna", "/ack@nabat_bot inc-1")).text


async def sev(house: House) -> None:
    """Up at once, down after a confirmation; nonsense names what there is; the reason is kept."""
    await an_incident(house)
    assert "INC-1 is SEV-1 now" in (await house.write("anna", "/sev 1 everything is down")).text
    assert "everything is down" in {event["data"].get("reason") for event in await house.timeline()}
    asked = await house.write("anna", "/sev 3")
    assert (await house.incident())["severity"] == "SEV-1"
    assert asked.has_button("Cancel")
    assert "SEV-3" in (await house.person("anna").press(asked, "Confirm")).text
    assert (await house.incident())["severity"] == "SEV-3"
    assert "SEV-3 already" in (await house.write("anna", "/sev SEV-3")).text
    assert "There is: SEV-1, SEV-2, SEV-3, SEV-4" in (await house.write("anna", "/sev 9")).text
    assert (await house.write("anna", "/sev")).text.startswith("/sev 1..4")


async def escalate(house: House) -> None:
    """Calls the next authority, or a named role with a reason, which the page says."""
    await an_incident(house)
    assert "Boris" in (await house.write("anna", "/escalate")).text
    await house.person("boris").private.wait_for("INC-1")
    await house.write("anna", "/escalate cto database is lost <now>")
    page = await house.person("clara").private.wait_for("INC-1")
    assert "database is lost <now>" in page.text
    await house.responders.wait_for("database is lost <now>")


async def assign(house: House) -> None:
    """Makes somebody the holder and tells them; a name nobody has says who there is."""
    await an_incident(house)
    assert "Dan has INC-1 now" in (await house.write("anna", "/assign Dan")).text
    await house.person("dan").private.wait_for("you have it")
    assert "You have INC-1 now" in (await house.write("boris", "/assign @boris")).text
    assert "There is: anna" in (await house.write("anna", "/assign Zoe")).text
    assert (await house.write("anna", "/assign")).text.startswith("/assign PERSON")


async def update(house: House) -> None:
    """Reaches the card and the stakeholders."""
    await an_incident(house)
    assert "Update posted" in (await house.write("anna", "/update Rolled back, 5 < 7 & falling")).text
    await house.stakeholders.wait_for("Rolled back, 5 < 7 & falling")
    await house.responders.wait_for("Anna: Rolled back, 5 < 7 & falling")
    assert (await house.incident())["last_update"]["text"] == "Rolled back, 5 < 7 & falling"
    assert "Too long" in (await house.write("anna", "/update " + "x" * 3500)).text
    assert (await house.write("anna", "/update")).text.startswith("/update TEXT")


async def note(house: House) -> None:
    """Stays in the log and on the card; stakeholders don't hear of it."""
    await an_incident(house)
    assert "Noted" in (await house.write("anna", "/note It began with the deployment")).text
    await house.responders.wait_for("Anna: It began with the deployment")
    await house.settle()
    assert house.stakeholders.find("deployment") is None


async def impact(house: House) -> None:
    """What users notice is on the card."""
    await an_incident(house)
    assert "Impact noted" in (await house.write("anna", "/impact Nobody can pay")).text
    await house.responders.wait_for("Impact: Nobody can pay")
    assert (await house.incident())["impact"] == "Nobody can pay"


async def timeline(house: House) -> None:
    """Everything that happened, in words."""
    await an_incident(house)
    await house.write("anna", "/ack")
    told = (await house.write("boris", "/timeline INC-1")).text
    assert told.index("declared") < told.index("Anna")
    assert "There is no INC-7" in (await house.write("boris", "/timeline INC-7")).text
    for number in range(20):
        await house.write("anna", f"/note step {number}")
    newest = await house.write("boris", "/timeline INC-1")
    assert "step 19" in newest.text
    await house.person("boris").press(newest, "Earlier")
    await house.driver.wait_until(lambda _: "step 5" in newest.refreshed().text)
    await house.person("boris").press(newest.refreshed(), "As a file")
    await house.person("boris").private.wait_for(lambda message: message.document is not None)
    await house.write("anna", "/resolve")
    assert "Timeline of INC-1" in (await house.write("anna", "/timeline")).text


async def draft(house: House) -> None:
    """A text for the outside, which the team lead approves in the responders chat; whom it knows it names."""
    await an_incident(house)
    assert "to be approved" in (await house.write("dan", "/draft status page All is <well>")).text
    await house.responders.wait_for("All is <well>")
    assert "There is: customers, status_page" in (await house.write("dan", "/draft press Hello")).text


async def resolve(house: House) -> None:
    """Ends it; a second time it says so."""
    card = await an_incident(house)
    assert "INC-1 is resolved" in (await house.write("anna", "/resolve rolled back")).text
    await house.responders.wait_for("rolled back")
    await house.driver.wait_until(lambda _: card.refreshed().has_button("Reopen"))
    assert "Already resolved" in (await house.write("anna", "/resolve INC-1")).text
    assert "No incident is open" in (await house.write("anna", "/resolve")).text


async def checklist(house: House) -> None:
    """What is done of the checklist that matters now; without an incident it says so."""
    assert "No incident is open" in (await house.write("anna", "/checklist")).text
    assert "There is no INC-7" in (await house.write("anna", "/checklist INC-7")).text
    await an_incident(house)
    await house.person("anna").send(house.person("anna").private, "/checklist")
    during = await house.person("anna").private.wait_for("During the incident · 3 of 8")
    await house.write("anna", "/resolve")
    await house.person("anna").send(house.person("anna").private, "/checklist")
    await house.person("anna").private.wait_for("After the incident", after=during)


async def cause(house: House) -> None:
    """What was wrong is on the card after the end; it can be written before and after it."""
    card = await an_incident(house)
    assert (await house.write("anna", "/cause")).text.startswith("/cause TEXT")
    assert "on the root cause: A small pool" in (await house.write("anna", "/cause A small pool")).text
    await house.write("anna", "/resolve")
    await house.driver.wait_until(lambda _: "Cause: A small pool" in card.refreshed().text)
    assert "on the root cause: A leak" in (await house.write("dan", "/cause A leak")).text
    await house.driver.wait_until(lambda _: "Cause: A leak" in card.refreshed().text)


async def fix(house: House) -> None:
    """What mended it is on the card after the end."""
    card = await an_incident(house)
    assert (await house.write("anna", "/fix")).text.startswith("/fix TEXT")
    await house.write("anna", "/resolve")
    assert "on the fix: Raised the pool" in (await house.write("anna", "/fix Raised the pool")).text
    await house.driver.wait_until(lambda _: "Fix: Raised the pool" in card.refreshed().text)


async def reopen(house: House) -> None:
    """With no id it means the only closed one; it is open again, and on-call is paged anew."""
    await an_incident(house)
    assert "No incident" in (await house.write("anna", "/reopen")).text
    assert "still open" in (await house.write("anna", "/reopen INC-1")).text
    await house.write("anna", "/resolve")
    reopened = await house.write("boris", "/reopen it is back")
    assert "INC-1 is open again" in reopened.text
    assert (await house.incident())["status"] == "unanswered"
    await house.person("anna").private.wait_for(lambda message: message.has_button("Ack"))


async def lesson(house: House) -> None:
    """Kept while it burns and after it; sorted by its first sign, or with a press."""
    assert (await house.write("anna", "/lesson Something")).text == "No incident is open"
    await an_incident(house)
    assert (await house.write("anna", "/lesson")).text.startswith("/lesson TEXT")
    kept = await house.write("anna", "/lesson Alert on the pool")
    assert "Lesson 1 of INC-1 is kept" in kept.text
    assert "could be better" in (await house.person("anna").press(kept, "Could be better")).text
    await house.write("anna", "/resolve")
    assert "Lesson 2" in (await house.write("dan", "/lesson + The rollback took a minute")).text
    assert [event["data"]["text"] for event in await house.timeline() if event["kind"] == "lesson_learned"] == [
        "Alert on the pool",
        "The rollback took a minute",
    ]


async def action(house: House) -> None:
    """Takes somebody and a day; the owner hears of it, and settles it with a press."""
    await an_incident(house)
    await house.write("anna", "/resolve")
    for wrong in ("/action", "/action Raise the pool", "/action @dan"):
        assert (await house.write("anna", wrong)).text.startswith("/action TEXT @PERSON [DATE]")
    assert "don't know zoe" in (await house.write("anna", "/action Raise the pool @zoe")).text
    assert "is no day" in (await house.write("anna", "/action Raise the pool @dan some day")).text
    assert "is no day between" in (await house.write("anna", "/action Raise the pool @dan 2020-01-01")).text
    made = await house.write("anna", "/action Raise the pool @dan tomorrow")
    assert "1. Raise the pool · Dan · by tomorrow" in made.text
    told = await house.person("dan").private.wait_for("an action item of yours")
    assert "settled" in (await house.person("dan").press(told, "Done")).text
    await house.driver.wait_until(lambda _: told.refreshed().has_button("Not done"))
    assert "done already" in (await house.person("anna").press(made, "Done")).text


async def postmortem(house: House) -> None:
    """The document of the one under review, as a file in the thread; other forms by buttons."""
    await an_incident(house)
    await house.write("anna", "/resolve")
    anna = house.person("anna")
    await anna.send(house.responders, "/postmortem")
    sent = await house.responders.wait_for("INC-1: post-incident document")
    assert sent.document is not None
    assert sent.document.name == "INC-1.md"
    assert "no INC-9" in (await house.write("anna", "/postmortem INC-9")).text
    assert "Writing" in (await anna.press(sent, "HTML")).text
    await house.responders.wait_for(
        lambda message: message.document is not None and message.document.name == "INC-1.html"
    )


async def merge(house: House) -> None:
    """The first becomes a part of the second; the card of the part leads to the whole."""
    part, whole = await an_incident(house, title="Part"), await an_incident(house, title="Whole")
    assert "INC-1 is part of INC-2 now" in (await house.write("anna", "/merge INC-1 inc-2")).text
    await house.driver.wait_until(lambda _: part.refreshed().has_button("Open INC-2"))
    await house.driver.wait_until(lambda _: "INC-1" in whole.refreshed().text)
    assert (await house.incident("INC-1"))["merged_into"] == "INC-2"
    assert "into itself" in (await house.write("anna", "/merge INC-2 INC-2")).text
    assert "There is no INC-9" in (await house.write("anna", "/merge INC-2 INC-9")).text
    assert (await house.write("anna", "/merge INC-1")).text.startswith("/merge INC-1 INC-2")


async def metrics(house: House) -> None:
    """Without Prometheus it says so."""
    assert "Prometheus" in (await house.write("anna", "/metrics")).text


async def chart(house: House) -> None:
    """Without Prometheus it says so."""
    assert "Prometheus" in (await house.write("anna", "/chart")).text


async def health(house: House) -> None:
    """The health checks of the plan are answered, well or not."""
    assert "api" in (await house.write("anna", "/health")).text


async def oncall(house: House) -> None:
    """Role by role, and who can't be written to."""
    await house.declare(severity="SEV-1")
    await house.write("anna", "/ack")
    duty = (await house.write("dan", "/oncall")).text
    assert duty.index("Anna") < duty.index("Boris") < duty.index("Clara")


async def roll_back(house: House) -> None:
    """Whoever may run it is asked once more; whoever may not is told who may."""
    await an_incident(house)
    asked = await house.write("anna", "/rollback")
    assert asked.has_button("Confirm")
    assert not (await house.write("dan", "/rollback")).has_button("Confirm")


async def run(house: House) -> None:
    """An action of the plan, once it is confirmed; without one, how it is written."""
    await an_incident(house)
    assert (await house.write("anna", "/run smoke_tests")).has_button("Confirm")
    assert "/run" in (await house.write("anna", "/run")).text


async def approve(house: House) -> None:
    """The CTO approves what a security breach asks; the rollback begins."""
    await an_incident(house)
    await house.write("anna", "/flag security_breach")
    await house.write("clara", "/approve contain it")
    await house.settle()
    assert "action_started" in await house.kinds("INC-1")


async def reject(house: House) -> None:
    """The CTO says no, with a reason for the log; nothing runs."""
    await an_incident(house)
    await house.write("anna", "/flag security breach")
    await house.write("clara", "/reject a false alarm")
    await house.settle()
    kinds = await house.kinds("INC-1")
    assert "decision_rejected" in kinds
    assert "action_started" not in kinds


async def flag(house: House) -> None:
    """A flag that the matrix watches pages its authority at once."""
    await an_incident(house)
    await house.write("anna", "/flag security_breach")
    await house.person("clara").private.wait_for("decision")


async def override(house: House) -> None:
    """Somebody stands in for a while, and it can be taken back."""
    assert "Boris" in (await house.write("anna", "/override boris 4h")).text
    await house.write("anna", "/override off")
    assert "Anna" in (await house.write("anna", "/oncall")).text


async def beta(house: House) -> None:
    """On for so long, off again, and what is on; nonsense says how it is written."""
    assert "Beta is off" in (await house.write("dan", "/beta")).text
    assert "2 d to go" in (await house.write("anna", "/beta on 2d")).text
    assert "2 d to go" in (await house.write("dan", "/beta on")).text
    assert "3 h to go" in (await house.write("anna", "/beta on 3h")).text
    assert "Beta is off" in (await house.write("anna", "/beta off")).text
    assert "Beta is not on" in (await house.write("anna", "/beta off")).text
    assert "no length of time" in (await house.write("anna", "/beta on long")).text
    assert "28 d at most" in (await house.write("anna", "/beta on 40d")).text
    assert (await house.write("anna", "/beta maybe")).text.startswith("/beta on [2d] | off | status")


async def digest(house: House) -> None:
    """How everything is goes to those who wait for news."""
    assert "goes to the stakeholders" in (await house.write("dan", "/digest")).text
    await house.stakeholders.wait_for("Digest")


async def whoami(house: House) -> None:
    """How the bot knows who asks."""
    told = (await house.write("boris", "/whoami")).text
    assert "Boris" in told
    assert "Europe/Moscow" in told


async def show_help(house: House) -> None:
    """Every command is listed."""
    told = (await house.write("dan", "/help")).text
    assert [verb for verb in Verb if f"/{verb}" not in told] == []
    assert told.startswith("/ack")


async def stats(house: House) -> None:
    """Figures of a month, unless told otherwise; what is no period is said to be none."""
    await an_incident(house, "SEV-1")
    await house.write("anna", "/ack")
    told = (await house.write("anna", "/stats")).text
    assert told.startswith("📊 Last 30 days: 1 incident")
    assert "SEV-1 1" in told
    assert "is no period" in (await house.write("anna", "/stats long")).text


async def drill(house: House) -> None:
    """An exercise, as it is named or by the plan; a severity alone takes the plan's words for it."""
    assert (await house.write("anna", "/drill SEV-2 Search is slow")).text.startswith("DRILL · INC-1")
    assert (await house.incident())["severity"] == "SEV-2"
    await house.write("anna", "/drill 1")
    assert (await house.incident("INC-2"))["title"] == "Service completely unavailable"
    await house.write("anna", "/drill Something odd")
    assert (await house.incident("INC-3"))["title"] == "Something odd"


STORIES: dict[Verb, Callable[[House], Awaitable[None]]] = {
    Verb.INCIDENT: incident,
    Verb.INCIDENTS: incidents,
    Verb.ACK: ack,
    Verb.SEV: sev,
    Verb.ESCALATE: escalate,
    Verb.ASSIGN: assign,
    Verb.UPDATE: update,
    Verb.NOTE: note,
    Verb.IMPACT: impact,
    Verb.TIMELINE: timeline,
    Verb.STATS: stats,
    Verb.DRAFT: draft,
    Verb.DRILL: drill,
    Verb.RESOLVE: resolve,
    Verb.CHECKLIST: checklist,
    Verb.CAUSE: cause,
    Verb.FIX: fix,
    Verb.REOPEN: reopen,
    Verb.LESSON: lesson,
    Verb.ACTION: action,
    Verb.POSTMORTEM: postmortem,
    Verb.MERGE: merge,
    Verb.METRICS: metrics,
    Verb.CHART: chart,
    Verb.HEALTH: health,
    Verb.ROLLBACK: roll_back,
    Verb.RUN: run,
    Verb.APPROVE: approve,
    Verb.REJECT: reject,
    Verb.FLAG: flag,
    Verb.ONCALL: oncall,
    Verb.OVERRIDE: override,
    Verb.BETA: beta,
    Verb.DIGEST: digest,
    Verb.WHOAMI: whoami,
    Verb.HELP: show_help,
}


@pytest.mark.parametrize("verb", STORIES)
async def test_a_command(house: House, verb: Verb) -> None:
    """Each command does what its story says, and says what it did."""
    await STORIES[verb](house)
    await house.settle()
