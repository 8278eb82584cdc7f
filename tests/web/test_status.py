"""`GET /status`, `/status.json`, `/status.atom`: public, cacheable, and calm while the store is away."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.house import House
from tests.redis_server import redis_server

PUBLIC = ("/status", "/status.json", "/status.atom")


async def published(house: House) -> None:
    """An incident with one word on the page."""
    await house.write("anna", "/incident Checkout fails")
    await house.write("anna", "/draft status_page Some payments fail & we are on it.")
    await house.settle()
    (draft,) = [m for m in house.responders.messages if "Some payments fail" in m.text and m.has_button("Approve")]
    await house.person("boris").press(draft, "Approve")
    await house.settle()


@pytest.mark.parametrize("path", PUBLIC)
async def test_the_public_needs_no_token(guarded: House, path: str) -> None:
    """A house that guards its API lets everybody read what was published, and tells caches how long it holds."""
    await published(guarded)
    async with guarded.http.get(guarded.url(path)) as response:
        assert response.status == 200
        assert "Some payments fail &" in await response.text()
        assert response.headers["Cache-Control"] == "public, max-age=10"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        tag = response.headers["ETag"]
    async with guarded.http.get(guarded.url(path), headers={"If-None-Match": tag}) as again:
        assert (again.status, await again.read()) == (304, b"")


async def test_the_json_is_as_described(house: House) -> None:
    """Every field of the answer is in the API's own description, and every required one is there."""
    await published(house)
    schemas: dict[str, Any] = (await house.get("/api/openapi.json"))[1]["components"]["schemas"]
    status = (await house.get("/status.json"))[1]
    (problem,) = status["problems"]
    for name, value in (("Status", status), ("Problem", problem), ("Post", problem["posts"][0])):
        assert set(value) == set(schemas[name]["required"]) == set(schemas[name]["properties"])
        for key, schema in schemas[name]["properties"].items():
            assert value[key] in schema.get("enum", [value[key]])


async def test_while_the_store_is_away_the_page_says_so_calmly(tmp_path: Path) -> None:
    """503 and when to come again, as a page for people and as an error for programs; nothing of it is cached."""
    with redis_server("--appendonly", "yes", "--appendfsync", "always") as server:
        async with House(tmp_path, redis_url=SecretStr(f"unix://{server.socket}")) as house:
            await published(house)
            server.process.kill()
            server.process.wait(timeout=10)
            for path in PUBLIC:
                async with house.http.get(house.url(path)) as response:
                    assert response.status == 503
                    assert response.headers["Retry-After"] == "30"
                    assert response.headers["Cache-Control"] == "no-store"
                    text = await response.text()
                    assert "at the moment" in text
                    assert "Some payments fail" not in text
            assert "This says nothing about the service itself." in (await house.text("/status"))[1]
            assert (await house.get("/status.json"))[1]["error"]["code"] == "unavailable"


async def test_links_of_the_feed_lead_to_the_public_address(tmp_path: Path) -> None:
    """With a public address set the feed names it, whatever host the request came to."""
    async with House(tmp_path, public_url="https://status.example.org") as house:
        await published(house)
        feed = (await house.text("/status.atom"))[1]
        assert 'href="https://status.example.org/status"' in feed
        assert "127.0.0.1" not in feed
