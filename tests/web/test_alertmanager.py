"""`POST /hooks/alertmanager`: alerts become incidents, and bodies that are none are refused without a trace."""

import gzip
import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.house import Fired, House

HOOK = "/hooks/alertmanager"
DOWN = Fired("ServiceDown", summary="payments-api is down", group="{}:{alertname='ServiceDown'}")


def changed(**fields: object) -> dict[str, object]:
    """A good body with other fields."""
    return {**Fired().body(), **fields}


def with_alert(**fields: object) -> dict[str, object]:
    """A good body with other fields in its one alert."""
    return changed(alerts=[{**Fired().alert(), **fields}])


async def test_an_alert_is_stored_before_it_is_answered(house: House) -> None:
    """200 names the incident, and the incident is there with its alert, its severity and its source."""
    assert await house.post(HOOK, Fired().body()) == (200, {"incidents": ["INC-1"]})
    incident = await house.incident()
    assert (incident["severity"], incident["status"], incident["open"]) == ("SEV-1", "unanswered", True)
    assert incident["title"] == "High error rate on payments-api"
    (alert,) = incident["alerts"]
    assert (alert["name"], alert["status"]) == ("HighErrorRate", "firing")
    assert alert["labels"]["service"] == "payments-api"
    assert (await house.timeline())[0]["by"] == {"kind": "source", "name": "alertmanager"}


async def test_a_repeat_changes_nothing(house: House) -> None:
    """The same body again, as Alertmanager sends it every `repeat_interval`, leaves no event."""
    await house.post(HOOK, Fired().body())
    before = await house.timeline()
    assert await house.post(HOOK, Fired().body()) == (200, {"incidents": ["INC-1"]})
    assert await house.timeline() == before


async def test_a_new_alert_of_a_firing_group_joins(house: House) -> None:
    """A second alert of the group joins the incident, a worse one raises its severity; another group is another one."""
    await house.post(HOOK, Fired(severity="warning").body())
    assert (await house.incident())["severity"] == "SEV-3"
    second = Fired(severity="critical", service="auth")
    assert await house.post(HOOK, Fired(severity="warning").body(second)) == (200, {"incidents": ["INC-1"]})
    incident = await house.incident()
    assert {alert["labels"]["service"] for alert in incident["alerts"]} == {"payments-api", "auth"}
    assert incident["severity"] == "SEV-1"
    assert await house.post(HOOK, DOWN.body()) == (200, {"incidents": ["INC-2"]})


async def test_a_resolved_group_offers_to_resolve(house: House) -> None:
    """When the last alert has resolved the incident stays open, and its card asks whether it is over."""
    await house.post(HOOK, Fired().body())
    assert await house.post(HOOK, replace(Fired(), status="resolved").body()) == (200, {"incidents": ["INC-1"]})
    assert (await house.incident())["status"] == "unanswered"
    card = await house.responders.wait_for("Is it over?")
    assert card.has_button("Resolve")


async def test_a_resolution_of_something_unknown_opens_nothing(house: House) -> None:
    """An alert that resolved before Nabat ever heard of it is no incident."""
    assert await house.post(HOOK, replace(Fired(), status="resolved").body()) == (200, {"incidents": []})
    assert await house.get("/api/incidents") == (200, {"incidents": []})


async def test_what_was_left_out_is_told(house: House) -> None:
    """`truncatedAlerts` is kept, and the card says that there are more alerts than were sent."""
    await house.post(HOOK, changed(truncatedAlerts=37))
    assert (await house.incident())["truncated_alerts"] == 37
    await house.responders.wait_for("37")


async def test_an_alert_that_fires_soon_after_the_end_reopens(house: House) -> None:
    """Within the plan's 30 minutes the same incident is open again; later a new one follows it."""
    await house.post(HOOK, Fired().body())
    await resolve(house, "INC-1")
    await house.pass_time(timedelta(minutes=29))
    again = replace(Fired(), starts_at="2026-01-09T15:02:00Z")
    assert await house.post(HOOK, again.body()) == (200, {"incidents": ["INC-1"]})
    assert (await house.incident())["status"] == "unanswered"
    await resolve(house, "INC-1")
    await house.pass_time(timedelta(minutes=31))
    later = replace(Fired(), starts_at="2026-01-09T16:02:00Z")
    assert await house.post(HOOK, later.body()) == (200, {"incidents": ["INC-2"]})
    assert (await house.incident("INC-2"))["follows"] == "INC-1"


async def test_grafana_is_understood(house: House) -> None:
    """Grafana's alerting sends the same with other fields beside it, `message` for a description and its own values."""
    alert = {
        **Fired().alert(),
        "annotations": {"message": "CPU is hot"},
        "silenceURL": "https://g/s",
        "valueString": "x",
    }
    body = changed(
        alerts=[alert],
        commonAnnotations={},
        orgId=1,
        state="alerting",
        title="[FIRING:1] HighErrorRate",
        message="**Firing**",
        values={"A": 1.5},
    )
    assert await house.post(HOOK, body) == (200, {"incidents": ["INC-1"]})
    incident = await house.incident()
    assert incident["title"] == "HighErrorRate"
    assert incident["description"] == "CPU is hot"


async def test_alerts_without_a_fingerprint_are_told_apart_by_their_labels(house: House) -> None:
    """A sender that gives no fingerprint has its alerts identified by what labels them."""
    one, other = ({**Fired(service=name).alert(), "fingerprint": ""} for name in ("auth", "search"))
    await house.post(HOOK, changed(alerts=[one, other]))
    await house.post(HOOK, changed(alerts=[one, other]))
    assert len((await house.incident())["alerts"]) == 2
    assert (await house.kinds()).count("alerts_changed") == 1


async def test_ten_thousand_alerts_are_taken(house: House) -> None:
    """10,000 alerts in one body are stored within seconds, the bot goes on answering, and the card comes."""
    slim = [
        {
            "status": "firing",
            "startsAt": "2026-01-09T14:02:00Z",
            "fingerprint": f"{n}",
            "labels": {"alertname": "A", "n": f"{n}"},
        }
        for n in range(10_000)
    ]
    began_s = time.monotonic()
    assert await house.post(HOOK, changed(alerts=slim)) == (200, {"incidents": ["INC-1"]})
    assert time.monotonic() - began_s < 10
    assert await house.get("/healthz") == (200, {"status": "alive"})
    await house.responders.wait_for("10000 alerts")
    assert len((await house.incident())["alerts"]) == 10_000
    answered = await house.person("anna").press(await house.responders.wait_for("INC-1"), "Ack")
    assert "You have INC-1" in answered.text


HOSTILE = "<b>&amp; </b>&lt;script>alert('x')</script> \N{FIRE}\N{FAMILY}\u202e\u0301" + "\0"


@pytest.mark.parametrize("text", [HOSTILE, "x" * 6_000, "<" * 6_000, "\N{FIRE}" * 6_000, " \n " * 500], ids=range(5))
async def test_hostile_text_is_shown_as_it_is(house: House, text: str) -> None:
    """Markup, emoji, control characters and 6,000 characters in every field end in a card, not in an error."""
    labels = {"alertname": text, "severity": "critical", "service": text, text[:50]: text}
    body = changed(
        commonAnnotations={"summary": text, "description": text},
        commonLabels=labels,
        alerts=[{**Fired().alert(), "labels": labels, "annotations": {"summary": text, "description": text}}],
        externalURL=text,
    )
    raw = json.dumps(body).encode()
    assert await house.post_raw(HOOK, raw) == (200, {"incidents": ["INC-1"]})
    card = await house.responders.wait_for("INC-1")
    page = await house.person("anna").private.wait_for("INC-1")
    assert card.has_button("Ack")
    assert page.has_button("Ack")
    assert len((await house.incident())["title"]) <= 300
    await house.settle()


DEEP = "[" * 50_000 + "]" * 50_000
BAD: dict[str, Any] = {
    "nothing": b"",
    "no JSON": b"alerts: 1",
    "half of it": json.dumps(Fired().body()).encode()[:200],
    "NUL bytes": b"\0\0\0\0",
    "not UTF-8": b'{"groupKey": "\xff\xfe"}',
    "a list": [],
    "a number": 1,
    "null": None,
    "an empty object": {},
    "no group": changed(groupKey=""),
    "a group that is a number": changed(groupKey=1),
    "no alerts": changed(alerts=[]),
    "alerts that are an object": changed(alerts={"a": 1}),
    "alerts that are null": changed(alerts=None),
    "alerts that are texts": changed(alerts=["firing"]),
    "an unknown status": with_alert(status="burning"),
    "a time without a zone": with_alert(startsAt="2026-01-09T14:02:00"),
    "a time that is none": with_alert(startsAt="yesterday"),
    "no time": with_alert(startsAt=None),
    "labels that are a list": with_alert(labels=["a"]),
    "a label that is a number": with_alert(labels={"alertname": 1}),
    "a label that is an object": with_alert(labels={"alertname": {"a": "b"}}),
    "annotations that are a text": with_alert(annotations="high"),
    "a fingerprint of any length": with_alert(fingerprint="f" * 200),
    "a negative number left out": changed(truncatedAlerts=-1),
    "a number left out that is a text": changed(truncatedAlerts="many"),
    "deep JSON": DEEP.encode(),
    "deep JSON in a field": json.dumps(changed(alerts=0)).replace(": 0}", f": {DEEP}}}").encode(),
    "half an emoji": json.dumps(with_alert(annotations={"summary": "\ud83d"})).encode(),
    "gzip that is none": b"\x1f\x8bnothing",
}


async def test_a_malformed_body_is_refused(house: House) -> None:
    """400 says which field is wrong, in the one form of errors; nothing changes, and no traceback is told."""
    for name, body in BAD.items():
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, answer = await house.post_raw(HOOK, raw)
        assert status == 400, name
        assert set(answer) == {"error"}, name
        assert answer["error"]["code"] == "malformed", name
        assert answer["error"]["message"], name
        assert "Traceback" not in answer["error"]["message"], name
    assert await house.get("/api/incidents") == (200, {"incidents": []})


async def test_a_body_may_be_compressed(house: House) -> None:
    """A proxy may compress what it passes on; a body that unpacks to more than the limit is refused all the same."""
    packed = gzip.compress(json.dumps(Fired().body()).encode())
    assert await house.post_raw(HOOK, packed, **{"Content-Encoding": "gzip"}) == (200, {"incidents": ["INC-1"]})
    bomb = gzip.compress(b" " * (64 * 1024 * 1024))
    status, answer = await house.post_raw(HOOK, bomb, **{"Content-Encoding": "gzip"})
    assert (status, answer["error"]["code"]) == (413, "too_large")
    status, answer = await house.post_raw(HOOK, b"no gzip", **{"Content-Encoding": "gzip"})
    assert (status, set(answer)) == (400, {"error"})


async def test_null_stands_for_nothing(house: House) -> None:
    """A sender that writes null for what it does not know loses no alert over it."""
    unknown = dict.fromkeys(("annotations", "endsAt", "generatorURL", "dashboardURL", "fingerprint"))
    body = with_alert(**unknown)
    body |= dict.fromkeys(("groupLabels", "commonLabels", "commonAnnotations", "externalURL"))
    assert await house.post(HOOK, body) == (200, {"incidents": ["INC-1"]})
    assert (await house.incident())["title"] == "HighErrorRate"


async def test_an_oversized_body_is_refused(house: House) -> None:
    """413 from 4 MiB on, whatever is in it."""
    limit = 4 * 1024 * 1024
    padded = json.dumps(Fired().body()).encode()
    assert (await house.post_raw(HOOK, padded + b" " * (limit - len(padded))))[0] == 200
    status, answer = await house.post_raw(HOOK, padded + b" " * (limit - len(padded) + 1))
    assert (status, answer["error"]["code"]) == (413, "too_large")
    assert "4 MiB" in answer["error"]["message"]


WRONG = (None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic a-token-for-tests", "a-token-for-tests", "Bearer ключ")


async def test_without_the_token_nothing_is_taken(guarded: House) -> None:
    """401 in the one form, for the hook and for the API, whatever is sent instead of the token."""
    for header in WRONG:
        headers = {} if header is None else {"Authorization": header}
        for method, path in (("POST", HOOK), ("POST", "/api/incidents"), ("GET", "/api/incidents/INC-1")):
            status, answer = await guarded.ask(method, path, json=Fired().body(), headers=headers)
            assert (status, answer["error"]["code"]) == (401, "unauthorized"), header


async def test_what_a_refusal_tells_a_client(guarded: House) -> None:
    """401 names the scheme to use, and 405 the methods there are, as HTTP asks for."""
    async with guarded.http.get(guarded.url("/api/incidents")) as response:
        assert (response.status, response.headers["WWW-Authenticate"].split()[0]) == (401, "Bearer")
    for path, methods in ((HOOK, "POST"), ("/api/incidents", "GET, HEAD, POST"), ("/status", "GET, HEAD")):
        async with guarded.http.delete(guarded.url(path)) as response:
            assert (response.status, response.headers["Allow"]) == (405, methods)


async def test_the_token_opens(guarded: House) -> None:
    """The right token is taken, with the scheme in any case."""
    for scheme in ("Bearer", "bearer"):
        status, _ = await guarded.post(HOOK, Fired().body(), Authorization=f"{scheme} a-token-for-tests")
        assert status == 200


async def test_other_methods_and_paths_are_refused_in_the_same_form(house: House) -> None:
    """404 and 405 have the one form of errors, too."""
    status, answer = await house.get("/hooks/nagios")
    assert (status, answer["error"]["code"]) == (404, "not_found")
    status, answer = await house.get(HOOK)
    assert (status, answer["error"]["code"]) == (405, "method_not_allowed")


async def resolve(house: House, incident: str) -> None:
    """Anna ends an incident by a command, and the answer is awaited."""
    anna = house.person("anna")
    sent = await anna.send(anna.private, f"/resolve {incident}")
    await anna.private.wait_for("is resolved", after=sent)
