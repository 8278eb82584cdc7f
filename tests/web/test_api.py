"""The API: declaring, listing, looking at one, and its own description."""

from typing import Any, cast

from tests.house import House

MAKE = "/api/incidents"


async def test_declaring(house: House) -> None:
    """201 with the incident and its address; the card comes, and on-call is paged."""
    async with house.http.post(house.url(MAKE), json={"title": " Checkout  fails ", "severity": "SEV-2"}) as response:
        answer = await response.json()
        assert response.status == 201
        assert response.headers["Location"] == "/api/incidents/INC-1"
    assert (answer["id"], answer["severity"], answer["title"]) == ("INC-1", "SEV-2", "Checkout fails")
    assert answer["respond_by"] is not None
    assert await house.get("/api/incidents/INC-1") == (200, answer)
    await house.responders.wait_for("Checkout fails")
    await house.person("anna").private.wait_for("Checkout fails")


async def test_without_a_severity_the_plan_decides(house: House) -> None:
    """What names no severity gets the plan's default."""
    status, answer = await house.post(MAKE, {"title": "Odd", "description": "a" * 3000})
    assert (status, answer["severity"]) == (201, "SEV-3")


async def test_a_repeated_request_is_harmless_with_a_key(house: House) -> None:
    """The same Idempotency-Key declares once and answers with the first incident; another key declares another."""
    body = {"title": "Checkout fails"}
    status, first = await house.post(MAKE, body, **{"Idempotency-Key": "k1"})
    assert status == 201
    status, again = await house.post(MAKE, {"title": "Something else"}, **{"Idempotency-Key": "k1"})
    assert (status, again["id"], again["title"]) == (200, first["id"], "Checkout fails")
    status, other = await house.post(MAKE, body, **{"Idempotency-Key": "k2"})
    assert (status, other["id"]) == (201, "INC-2")
    assert [await status_of(house, name) for name in ("INC-1", "INC-2", "INC-3")] == [200, 200, 404]


BAD: dict[str, object] = {
    "no JSON": b"title",
    "nothing": b"",
    "a list": [],
    "no title": {},
    "an empty title": {"title": "  "},
    "a title of controls": {"title": "\u200b\0\n"},
    "a title that is a number": {"title": 5},
    "a long title": {"title": "x" * 301},
    "a severity that is a number": {"title": "x", "severity": 1},
    "an unknown field": {"title": "x", "sev": "SEV-1"},
    "a long description": {"title": "x", "description": "x" * 3001},
    "deep JSON": b'{"title":' * 9_999,
}


async def test_a_malformed_declaration_is_refused(house: House) -> None:
    """400 names the field, in the one form, and declares nothing."""
    for name, body in BAD.items():
        status, answer = await (house.post_raw if isinstance(body, bytes) else house.post)(MAKE, cast("Any", body))
        assert status == 400, name
        assert set(answer["error"]) == {"code", "message"}, name
    status, answer = await house.post(MAKE, {"title": "x", "sev": "SEV-1"})
    assert answer["error"]["message"].startswith("sev: ")
    assert await house.get(MAKE) == (200, {"incidents": []})


async def test_an_unknown_severity_names_those_there_are(house: House) -> None:
    """400 says what is allowed."""
    status, answer = await house.post(MAKE, {"title": "x", "severity": "SEV-9"})
    assert (status, answer["error"]["code"]) == (400, "unknown_severity")
    assert "SEV-1, SEV-2, SEV-3, SEV-4" in answer["error"]["message"]


async def test_lists(house: House) -> None:
    """Open ones worst first, closed ones, all of them newest first; any other filter is refused."""
    for severity in ("SEV-3", "SEV-1", "SEV-2"):
        await house.declare(severity, severity)
    anna = house.person("anna")
    await anna.send(anna.private, "/resolve INC-3")
    await anna.private.wait_for("is resolved")
    assert await ids(house, "?status=open") == ["INC-2", "INC-1"]
    assert await ids(house, "?status=closed") == ["INC-3"]
    assert await ids(house, "?status=resolved") == ["INC-3"]
    assert await ids(house, "") == await ids(house, "?status=all") == ["INC-3", "INC-2", "INC-1"]
    status, answer = await house.get(f"{MAKE}?status=burning")
    assert (status, answer["error"]["code"]) == (400, "bad_request")


async def test_pages(house: House) -> None:
    """A list of all or of closed ones comes in pages, each naming the next; the open ones come all at once."""
    for number in range(5):
        await house.post(MAKE, {"title": f"Problem {number}"})
    status, answer = await house.get(f"{MAKE}?limit=2")
    pages: list[list[str]] = []
    while "next" in answer:
        pages.append([incident["id"] for incident in answer["incidents"]])
        status, answer = await house.get(answer["next"])
        assert status == 200
    assert pages == [["INC-5", "INC-4"], ["INC-3", "INC-2"]]
    assert [incident["id"] for incident in answer["incidents"]] == ["INC-1"]
    assert len(await ids(house, "?status=open&limit=2")) == 5
    assert await ids(house, "?status=closed&before=inc-4") == []


async def test_no_open_incident_is_left_out(house: House) -> None:
    """More open incidents than fit a page are all told, and closed ones are found behind them."""
    anna = house.person("anna")
    await house.declare("The first")
    await anna.send(anna.private, "/resolve INC-1")
    await anna.private.wait_for("is resolved")
    for number in range(210):
        await house.post(MAKE, {"title": f"Problem {number}"})
    assert len(await ids(house, "?status=open")) == 210
    assert await ids(house, "?status=closed") == ["INC-1"]


async def test_what_cannot_be_a_page_is_refused(house: House) -> None:
    """400 names the parameter that is wrong."""
    for query in ("limit=0", "limit=-1", "limit=201", "limit=x", "limit=", "before=1", "before=INC-0", "before="):
        status, answer = await house.get(f"{MAKE}?{query}")
        assert (status, answer["error"]["code"]) == (400, "bad_request"), query
        assert answer["error"]["message"].startswith(query.partition("=")[0] + ": ")


async def test_what_is_not_there(house: House) -> None:
    """404 in the one form for an incident that does not exist, whatever its name looks like."""
    for name in (
        "INC-1",
        "INC-0",
        "INC-999999999999",
        "inc-1",
        "SEV-1",
        "x" * 2000,
        "INC-1%00",
        "%D0%B0",
        "INC-1:timers",
        "*",
    ):
        for path in (f"{MAKE}/{name}", f"{MAKE}/{name}/timeline"):
            status, answer = await house.get(path)
            assert (status, answer["error"]["code"]) == (404, "not_found"), path


async def test_the_timeline_tells_everything(house: House) -> None:
    """Numbered, timed, by whom, in words and as data."""
    await house.declare()
    card = await house.responders.wait_for("nobody has it yet")
    await house.person("anna").press(card, "Ack")
    declared, paged, acknowledged, *_ = await house.timeline()
    assert [event["number"] for event in (declared, paged, acknowledged)] == [1, 2, 3]
    assert (declared["kind"], declared["by"]) == ("declared", {"kind": "source", "name": "api"})
    assert paged["data"]["people"] == ["anna", "boris", "clara"]
    assert (acknowledged["by"]["person"], acknowledged["data"]["person"]) == ("anna", "anna")
    assert "Anna" in acknowledged["text"]
    assert "<" not in acknowledged["text"]
    status, incident = await house.get(f"{MAKE}/inc-1")
    assert (status, incident["acknowledged_at"]) == (200, acknowledged["at"])


async def test_the_api_describes_itself(house: House) -> None:
    """The description is OpenAPI 3.1, its references lead somewhere, and an incident is as it says."""
    status, document = await house.get("/api/openapi.json")
    assert status == 200
    assert document["openapi"].startswith("3.1.")
    assert {"title", "version"} <= set(document["info"])
    for operation in (operation for path in document["paths"].values() for operation in path.values()):
        assert operation["summary"]
        assert operation["responses"]
    for reference in references(document):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
    await house.declare()
    schema = document["components"]["schemas"]["Incident"]
    incident = await house.incident()
    assert set(schema["required"]) <= set(incident) == set(schema["properties"])
    assert incident["status"] in schema["properties"]["status"]["enum"]
    body = document["paths"][MAKE]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["severity"]["enum"] == ["SEV-1", "SEV-2", "SEV-3", "SEV-4", None]


def references(value: object) -> list[str]:
    """All `$ref` of a document."""
    if isinstance(value, dict):
        known = cast("dict[str, object]", value)
        here = [str(known["$ref"])] if "$ref" in known else []
        return here + [found for part in known.values() for found in references(part)]
    if isinstance(value, list):
        return [found for part in cast("list[object]", value) for found in references(part)]
    return []


async def ids(house: House, query: str) -> list[str]:
    """The ids in a list."""
    status, answer = await house.get(MAKE + query)
    assert status == 200
    return [incident["id"] for incident in answer["incidents"]]


async def status_of(house: House, incident: str) -> int:
    """How asking for an incident is answered."""
    return (await house.get(f"{MAKE}/{incident}"))[0]
