"""`POST /hooks/pagerduty`: PagerDuty's V3 webhook feeds the same way in."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.house import House
from tests.web.pagerduty_events import SECRET, event, send, signature


@pytest.fixture
async def signed(tmp_path: Path) -> AsyncIterator[House]:
    """A bot that knows PagerDuty's secret."""
    async with House(tmp_path, pagerduty_secret=SecretStr(SECRET)) as built:
        yield built


async def test_a_triggered_incident_is_declared(signed: House) -> None:
    """The title, the service, the address and the priority (P1 is SEV-2's alias) come along."""
    assert await send(signed, event()) == (200, {"incidents": ["INC-1"]})
    incident = await signed.incident()
    assert (incident["title"], incident["severity"]) == ("Checkout is down", "SEV-2")
    assert incident["url"] == "https://acme.pagerduty.com/incidents/Q1"
    assert incident["alerts"][0]["labels"]["service"] == "checkout"
    await signed.responders.wait_for("Checkout is down")


async def test_an_acknowledgement_there_counts_here(signed: House) -> None:
    """Who acknowledges at PagerDuty under the name of somebody of the roster has it; somebody else is named as told."""
    await send(signed, event())
    assert await send(signed, event("incident.acknowledged", "01B")) == (200, {"incidents": ["INC-1"]})
    assert (await signed.incident())["holder"] == {"id": "boris", "name": "Boris"}
    await signed.responders.wait_for("Boris has it")

    await send(signed, event(id="Q2"))
    body = event("incident.acknowledged", "01C", id="Q2")
    body["event"]["agent"]["summary"] = "Zoe <b>"
    assert await send(signed, body) == (200, {"incidents": ["INC-2"]})
    await signed.responders.wait_for("Zoe <b> (PagerDuty) has it")


async def test_a_priority_change_changes_the_severity(signed: House) -> None:
    """Up and down alike, without a question: somebody decided it at PagerDuty. An unknown priority changes nothing."""
    await send(signed, event())
    await send(signed, event("incident.priority_updated", "01B", priority={"summary": "P0"}))
    assert (await signed.incident())["severity"] == "SEV-1"
    await send(signed, event("incident.priority_updated", "01C", priority={"summary": "P2"}))
    assert (await signed.incident())["severity"] == "SEV-3"
    assert (await send(signed, event("incident.priority_updated", "01D", priority={"summary": "urgent"})))[0] == 200
    assert (await send(signed, event("incident.priority_updated", "01E", priority=None)))[0] == 200
    assert (await signed.incident())["severity"] == "SEV-3"


async def test_another_title_is_taken_over(signed: House) -> None:
    """A title that changed at PagerDuty changes on the card, whatever event brings it."""
    await send(signed, event())
    await send(signed, event("incident.annotated", "01B", title="Checkout and search are down"))
    assert (await signed.incident())["title"] == "Checkout and search are down"
    await signed.responders.wait_for("Checkout and search are down")


async def test_resolved_there_asks_here(signed: House) -> None:
    """The end at PagerDuty makes the card ask whether it is over; reopened there the same incident fires again."""
    await send(signed, event())
    assert await send(signed, event("incident.resolved", "01B")) == (200, {"incidents": ["INC-1"]})
    await signed.responders.wait_for("Is it over?")
    assert (await signed.incident())["open"]
    assert await send(signed, event("incident.reopened", "01C")) == (200, {"incidents": ["INC-1"]})
    assert (await signed.incident())["alerts"][0]["status"] == "firing"


async def test_a_repeated_event_acts_once(signed: House) -> None:
    """PagerDuty repeats what was not answered in time: the same id changes nothing again."""
    await send(signed, event())
    changed = event("incident.priority_updated", "01B", priority={"summary": "P0"})
    await send(signed, changed)
    await send(signed, event("incident.priority_updated", "01C", priority={"summary": "P1"}))
    before = await signed.timeline()
    assert await send(signed, changed) == (200, {"incidents": ["INC-1"]})
    assert await send(signed, event()) == (200, {"incidents": ["INC-1"]})
    assert await signed.timeline() == before


async def test_the_test_event_is_answered(signed: House) -> None:
    """PagerDuty's 'Send Test Event' (`pagey.ping`) gets 200, and no incident."""
    ping = event("pagey.ping")
    ping["event"].update(resource_type="pagey", data={"message": "Hello from your friend Pagey!", "type": "ping"})
    assert await send(signed, ping) == (200, {"incidents": []})
    service = event("service.updated")
    service["event"].update(resource_type="service", data={"id": "S", "type": "service"})
    assert await send(signed, service) == (200, {"incidents": []})


async def test_while_the_secret_changes_one_signature_has_to_fit(signed: House) -> None:
    """PagerDuty sends the signatures of the old and the new secret: one that fits will do, wherever it stands."""
    raw = json.dumps(event()).encode()
    old, new = signature(raw, "the-old-secret"), signature(raw)
    for header in (f"{old},{new}", f"{new},{old}", f"{old}, {new}"):
        assert (await send(signed, raw, header))[0] == 200


FORGED = {
    "nothing": "",
    "another secret": signature(json.dumps(event()).encode(), "another"),
    "another body": signature(b"{}"),
    "no version": signature(json.dumps(event()).encode()).removeprefix("v1="),
    "another version": signature(json.dumps(event()).encode()).replace("v1=", "v0="),
    "not ASCII": "v1=ключ",
    "very many": ",".join(["v1=0"] * 500),
}


async def test_a_forged_event_is_refused(signed: House) -> None:
    """Without a signature that fits: 401 in the one form, and nothing happened."""
    for name, header in FORGED.items():
        status, answer = await send(signed, event(), header)
        assert (status, answer["error"]["code"]) == (401, "unauthorized"), name
    assert await signed.get("/api/incidents") == (200, {"incidents": []})


BAD: dict[str, object] = {
    "no JSON": b"event",
    "no event": {},
    "an event that is a text": {"event": "incident.triggered"},
    "no incident": {"event": {**event()["event"], "data": {}}},
    "data that is a list": {"event": {**event()["event"], "data": []}},
    "a title that is a number": event(title=1),
    "no time": {"event": {**event()["event"], "occurred_at": None}},
    "an id of any length": event(event_id="x" * 300),
    "a priority that is a text": event(priority="P1"),
    "deep JSON": b"[" * 50_000,
}


async def test_a_malformed_event_is_refused(signed: House) -> None:
    """400 with what is wrong, and nothing happened."""
    for name, body in BAD.items():
        status, answer = await send(signed, body)
        assert (status, answer["error"]["code"]) == (400, "malformed"), name
    assert await signed.get("/api/incidents") == (200, {"incidents": []})


async def test_what_is_missing_is_done_without(signed: House) -> None:
    """No title, no service, no priority, no agent: still an incident, by the plan's classification."""
    bare = event(title="", html_url="javascript:alert(1)", created_at=None, urgency=None, service=None, priority=None)
    bare["event"]["agent"] = None
    assert await send(signed, bare) == (200, {"incidents": ["INC-1"]})
    incident = await signed.incident()
    assert (incident["title"], incident["severity"], incident["url"]) == ("PagerDuty incident", "SEV-3", None)


async def test_without_its_secret_the_token_has_to_do(guarded: House) -> None:
    """Where PagerDuty's secret is not set, the hook asks for the bearer token as the others do."""
    assert (await send(guarded, event()))[0] == 401
    status, _ = await guarded.post("/hooks/pagerduty", event(), Authorization="Bearer a-token-for-tests")
    assert status == 200
