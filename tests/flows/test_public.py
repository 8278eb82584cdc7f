"""External communication of the written plan: drafts, a human's yes, and what the public then reads."""

from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

from bot.sandbox.message_view import MessageView
from bot.settings import load_plan
from tests.house import Fired, House

ATOM = "{http://www.w3.org/2005/Atom}"


async def an_alert_in_hand(house: House, severity: str = "critical") -> None:
    """An alert with texts that the public must never read, and Anna has it."""
    await house.post("/hooks/alertmanager", Fired(severity=severity).body())
    await house.write("anna", "/ack")
    await house.settle()


def draft_for(audience: str, house: House, word: str = "Decides") -> MessageView:
    """The newest draft for an audience in the responders chat that says a word."""
    found = [m for m in house.responders.messages if f"draft for {audience}" in m.text and word in m.text]
    assert found, [message.text for message in house.responders.messages]
    return found[-1]


def drafts(house: House) -> list[MessageView]:
    """All drafts that wait."""
    return [message for message in house.responders.messages if message.has_button("Approve")]


async def page(house: House) -> str:
    """What the public reads."""
    status, html = await house.text("/status")
    assert status == 200
    return html


async def publish(house: House, audience: str = "status page") -> MessageView:
    """Boris, the team lead, approves the newest draft for an audience."""
    draft = draft_for(audience, house)
    await house.person("boris").press(draft, "Approve")
    await house.settle()
    return draft


async def test_sev_1_customers_status_page_and_social_media(house: House) -> None:
    """SEV-1: a draft for each audience once somebody is there to judge it; none of them holds the alert's words."""
    await house.post("/hooks/alertmanager", Fired().body())
    await house.settle()
    assert not drafts(house)
    await house.write("anna", "/ack")
    await house.settle()
    for audience in ("customers", "status page", "social media"):
        draft = draft_for(audience, house, "Team Lead or above")
        assert "High error rate on payments-api" not in draft.text
        assert "HighErrorRate" not in draft.text
    assert len(drafts(house)) == 3


async def test_sev_2_customers_and_status_page(house: House) -> None:
    """SEV-2: customers and the status page; SEV-3: the status page alone."""
    await an_alert_in_hand(house, "high")
    assert len(drafts(house)) == 2
    await house.write("dan", "/incident Search is slow")
    await house.settle()
    assert len(drafts(house)) == 3
    assert "Search is slow" in draft_for("status page", house).text


async def test_only_the_authority_approves(house: House) -> None:
    """On-call may change a draft, and not approve it: the refusal is recorded; the team lead's yes publishes."""
    await an_alert_in_hand(house)
    draft = draft_for("status page", house)
    refused = await house.person("anna").press(draft, "Approve")
    assert "Only Team Lead or above" in refused.text
    await house.responders.wait_for("Anna tried to decide on a draft, refused")
    assert "looking into" not in await page(house)
    assert "on the status page" in (await house.person("boris").press(draft, "Approve")).text
    await house.driver.wait_until(lambda _: "on the status page · Boris" in draft.refreshed().text)
    assert not draft.refreshed().buttons
    assert "We are looking into a problem" in await page(house)
    kinds = await house.kinds()
    assert (kinds.count("draft_refused"), kinds.count("draft_approved")) == (1, 1)


async def test_a_reply_is_the_new_text(house: House) -> None:
    """What was written last is approved; a yes to a text that was changed meanwhile is refused."""
    await an_alert_in_hand(house)
    draft = draft_for("status page", house)
    anna, boris = house.person("anna"), house.person("boris")
    old = draft.message.keyboard[0][0].data
    await anna.send(house.responders, "Some <b>payments</b> fail.\n\nWe roll back & hope.", reply_to=draft)
    await house.responders.wait_for("the draft says that now")
    await house.driver.wait_until(lambda _: "Text by Anna" in draft.refreshed().text)
    assert draft.refreshed().message.keyboard[0][0].data != old
    assert "changed since" in (await boris.press(draft, "Approve")).text
    await boris.press(draft.refreshed(), "Approve")
    await house.settle()
    html = await page(house)
    assert "<p>Some &lt;b&gt;payments&lt;/b&gt; fail.</p><p>We roll back &amp; hope.</p>" in html


async def test_by_hand_to_customers(house: House) -> None:
    """An approved text for others than the status page waits to be sent by hand, ready to be copied."""
    await an_alert_in_hand(house)
    draft = await publish(house, "social media")
    await house.driver.wait_until(lambda _: "to be sent by hand to social media" in draft.refreshed().text)
    assert draft.refreshed().has_button("Copy")
    assert "We are working on it" in draft.refreshed().text
    assert "noted as sent" in (await house.person("dan").press(draft.refreshed(), "Sent")).text
    await house.driver.wait_until(lambda _: "sent to social media · Dan" in draft.refreshed().text)
    assert "working on it" not in await page(house)


async def test_the_whole_course_of_a_problem(house: House) -> None:
    """First word, news, the closing word and the return of it: each by a yes of its own, each on the page."""
    await an_alert_in_hand(house)
    assert "No known problems" in await page(house)
    await publish(house)
    assert "1 problem: we are working on it" in await page(house)
    await house.write("anna", "/update We roll a release back")
    await house.settle()
    assert "roll a release back" not in await page(house)
    await publish(house)
    assert "We roll a release back" in await page(house)
    await house.write("anna", "/resolve it was the release")
    await house.settle()
    assert "1 problem" in await page(house)
    closing = await publish(house)
    assert "closing word" in closing.text
    html = await page(house)
    assert "No known problems" in html
    assert "is over" in html
    assert "it was the release" not in html
    await house.write("anna", "/reopen INC-1")
    await house.write("anna", "/ack")
    await house.settle()
    assert "it is back" in (await publish(house)).text
    assert "1 problem" in await page(house)


async def test_nothing_unapproved_is_ever_public(house: House) -> None:
    """Discarded, overtaken and waiting drafts leave no word on the page, in the JSON or in the feed; nor do names."""
    await an_alert_in_hand(house)
    await publish(house)
    await house.write("anna", "/impact Nobody can pay")
    await house.write("anna", "/update Secret one")
    await house.settle()
    await house.write("anna", "/update Secret two")
    await house.settle()
    overtaken = draft_for("status page", house, "Overtaken")
    assert not overtaken.buttons
    await house.person("boris").press(draft_for("status page", house), "Discard")
    await house.settle()
    everything = "".join([(await house.text(path))[1] for path in ("/status", "/status.json", "/status.atom")])
    for word in ("Secret", "Nobody can pay", "Anna", "Boris", "payments-api", "HighErrorRate", "More than 5"):
        assert word not in everything


async def test_the_feed_and_the_json(house: House) -> None:
    """Both tell the posts, escaped, the feed the newest first with names that stay."""
    await an_alert_in_hand(house)
    await publish(house)
    await house.write("anna", "/draft status page Still <slow> & steady\x07")
    await house.settle()
    await publish(house)
    status, told = await house.get("/status.json")
    assert status == 200
    assert told["state"] == "problem"
    (problem,) = told["problems"]
    assert [post["kind"] for post in problem["posts"]] == ["declared", "update"]
    assert problem["posts"][1]["text"].startswith("Still <slow> & steady")
    root = ET.fromstring((await house.text("/status.atom"))[1])  # noqa: S314 - our own feed
    entries = root.findall(f"{ATOM}entry")
    assert "Still <slow> & steady" in (entries[0].findtext(f"{ATOM}title") or "")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    assert root.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")
    assert 'type="application/atom+xml"' in await page(house)


async def test_a_merged_problem_goes_on(house: House) -> None:
    """A merged incident's story is carried on by the one that took it over, and closed with it."""
    await an_alert_in_hand(house)
    await publish(house)
    await house.write("dan", "/incident The whole")
    await house.write("dan", "/ack INC-2")
    await house.write("dan", "/merge INC-1 INC-2")
    await house.settle()
    await house.write("dan", "/resolve INC-2")
    await house.settle()
    await publish(house)
    _, told = await house.get("/status.json")
    (problem,) = told["problems"]
    assert (problem["id"], problem["state"], len(problem["posts"])) == ("INC-2", "over", 2)


async def test_the_page_is_cached_by_its_tag(house: House) -> None:
    """The same page is 304 by its tag; a changed one is whole; HEAD works; no token is asked for."""
    async with house.http.get(house.url("/status")) as first:
        tag = first.headers["ETag"]
        assert first.headers["Cache-Control"] == "public, max-age=10"
        assert "script" not in await first.text()
    async with house.http.get(house.url("/status"), headers={"If-None-Match": tag}) as again:
        assert (again.status, await again.text()) == (304, "")
    async with house.http.head(house.url("/status")) as head:
        assert head.status == 200
    await an_alert_in_hand(house)
    await publish(house)
    async with house.http.get(house.url("/status"), headers={"If-None-Match": tag}) as changed:
        assert changed.status == 200


async def test_what_was_published_stays(house: House) -> None:
    """A restart loses nothing of it, and what has been over for long leaves the page."""
    await an_alert_in_hand(house)
    await publish(house)
    await house.write("anna", "/resolve")
    await house.settle()
    await publish(house)
    before = (await house.get("/status.json"))[1]
    await house.stop_bot()
    await house.start_bot()
    assert (await house.get("/status.json"))[1] == before
    await house.pass_time(timedelta(days=15))
    assert "Nothing was reported" in await page(house)


async def test_the_team_writes_templates_of_its_own(tmp_path: Path) -> None:
    """Templates, the name, the language and the approving role are the plan's."""
    plan = load_plan()
    own = plan.communication.model_validate(
        {
            "approved_by": "cto",
            "name": "Acme Pay",
            "language": "ru",
            "templates": {"status_page": {"declared": "{name} since {since}.\nImpact: {impact}"}},
        }
    )
    async with House(tmp_path, plan.model_copy(update={"communication": own})) as house:
        await an_alert_in_hand(house)
        draft = draft_for("status page", house, "Acme Pay since")
        assert "Impact" not in draft.text
        assert "Only CTO" in (await house.person("boris").press(draft, "Approve")).text
        await house.person("clara").press(draft, "Approve")
        await house.settle()
        html = await page(house)
        assert 'lang="ru"' in html
        assert "Acme Pay: статус" in html
        assert "В работе Acme Pay неполадка" in draft_for("social media", house, "Acme").text


async def test_a_draft_that_waits_for_its_yes(house: House) -> None:
    """Nobody decides: the team lead is asked in private, with texts and buttons, and again; then the CTO is."""
    await an_alert_in_hand(house)
    boris, clara = house.person("boris"), house.person("clara")
    await house.pass_time(timedelta(minutes=15))
    asked = await boris.private.wait_for("wait for your yes")
    first = asked.text.splitlines()[0]
    assert "INC-1: drafts for customers, status page, social media wait for your yes since" in first
    await boris.press(asked, "Approve: status page")
    await house.settle()
    assert "We are looking into a problem" in await page(house)
    await house.pass_time(timedelta(minutes=15))
    again = await boris.private.wait_for("drafts for customers, social media wait", after=asked)
    assert not again.has_button("Approve: status page")
    await house.pass_time(timedelta(minutes=15))
    await clara.private.wait_for("drafts for customers, social media wait for your yes")
    await house.responders.wait_for("drafts (customers, social media) still wait for approval, asked: Clara")
    assert (await house.kinds()).count("drafts_awaited") == 3


async def test_a_closing_word_that_waits_for_its_yes(house: House) -> None:
    """The page still tells of a problem that is over: the team lead is asked until it says so."""
    await an_alert_in_hand(house)
    boris = house.person("boris")
    await boris.press(draft_for("status page", house, "We are looking"), "Approve")
    await house.write("anna", "/resolve now it was one release", house.responders)
    await house.responders.wait_for("closing word")
    await house.pass_time(timedelta(minutes=15))
    asked = await boris.private.wait_for("the draft for status page waits for your yes since")
    assert "is over" in asked.text
    await boris.press(asked, "publish")
    await house.settle()
    assert "is over" in await page(house)
    await house.pass_time(timedelta(minutes=60))
    await house.settle()
    assert (await house.kinds()).count("drafts_awaited") == 1
