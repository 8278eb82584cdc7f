"""`/healthz`, `/readyz` and `/metrics`: what supervisors, load balancers and Prometheus ask."""

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from bot.sandbox.world import DEMO_TOKEN
from tests.house import Fired, House
from tests.redis_server import redis_server

HOOK = "/hooks/alertmanager"


async def is_ready(house: House) -> bool:
    """Whether the bot says so."""
    return await house.get("/readyz") == (200, {"status": "ready"})


async def test_alive_and_ready(guarded: House) -> None:
    """Both probes answer 200 without a token once Redis and Telegram are reached and the singletons are held."""
    assert await guarded.get("/healthz") == (200, {"status": "alive"})
    await guarded.until(lambda: is_ready(guarded))


async def test_without_redis_nothing_is_taken(tmp_path: Path) -> None:
    """Redis gone: alive, not ready with the reason, hooks and API answer 503, figures say that the store is down."""
    with redis_server("--appendonly", "yes", "--appendfsync", "always") as server:
        async with House(tmp_path, redis_url=SecretStr(f"unix://{server.socket}")) as house:
            await house.until(lambda: is_ready(house))
            await house.post(HOOK, Fired().body())
            await house.settle()
            server.process.kill()
            server.process.wait(timeout=10)

            assert await house.get("/healthz") == (200, {"status": "alive"})
            status, answer = await house.get("/readyz")
            assert status == 503
            assert "Redis" in answer["error"]["message"]
            declared = await house.post("/api/incidents", {"title": "x"})
            for status, answer in (await house.post(HOOK, Fired(service="auth").body()), declared):
                assert (status, answer["error"]["code"]) == (503, "store_unavailable")
                assert "Nothing was saved" in answer["error"]["message"]
            figures = await read_figures(house)
            assert figures["nabat_store_up", ()] == 0
            assert not any(name == "nabat_incidents_open" for name, _ in figures)

            card = house.responders.last
            pressed = await house.person("anna").press(card, "Ack")
            assert "Nothing was saved" in pressed.text


async def test_a_second_program_at_the_token_is_told(house: House) -> None:
    """Ready, with a warning that no presses come, from when another program takes the updates until they come again."""
    await house.until(lambda: is_ready(house))

    async def is_warned() -> bool:
        status, answer = await house.get("/readyz")
        return status == 200 and any("another program polls" in warning for warning in answer.get("warnings", ()))

    await house.sandbox.wait_for_poll()
    async with house.http.get(f"{house.sandbox.url}/bot{DEMO_TOKEN}/getUpdates", params={"timeout": 1}):
        await house.until(is_warned)
    await house.write("anna", "/whoami")
    await house.until(lambda: is_ready(house))


async def test_telegram_gone_is_told_in_words(house: House) -> None:
    """503 says why Telegram can't be reached, as a sentence."""
    await house.sandbox.faults.refuse_connections()

    async def is_told() -> bool:
        status, answer = await house.get("/readyz")
        return status == 503 and answer["error"]["message"].startswith("Telegram: No connection")

    await house.until(is_told)


async def test_without_telegram_incidents_are_taken(house: House) -> None:
    """Telegram gone: alerts are taken all the same, and delivered once it is back."""
    await house.sandbox.faults.refuse_connections()
    assert (await house.post(HOOK, Fired().body()))[0] == 200
    assert (await read_figures(house))["nabat_outbox_waiting", (("lane", "pages"),)] == 3
    await house.sandbox.faults.accept_connections()
    await house.responders.wait_for("INC-1")
    await house.person("anna").private.wait_for("INC-1")


async def test_figures_are_prometheus_text(house: House) -> None:
    """Prometheus' own parser reads them; they tell of open incidents, what waits, and requests by route."""
    await house.declare()
    await house.settle()
    figures = await read_figures(house)
    assert figures["nabat_incidents_open", (("severity", "SEV-1"), ("status", "unanswered"))] == 1
    assert figures["nabat_incidents_open", (("severity", "SEV-2"), ("status", "unanswered"))] == 0
    assert figures["nabat_outbox_waiting", (("lane", "pages"),)] == 0
    assert figures["nabat_store_up", ()] == 1
    assert figures["nabat_singles_held", ()] == 1
    assert figures["nabat_http_requests_total", (("path", "/api/incidents"), ("status", "201"))] == 1


async def test_no_caller_can_swell_the_figures(house: House) -> None:
    """Paths that do not exist, and ids in paths, make no series of their own."""
    for number in range(20):
        await house.get(f"/nowhere/{number}")
        await house.get(f"/api/incidents/INC-{number}")
    paths = {labels for name, labels in await read_figures(house) if name == "nabat_http_requests_total"}
    assert len(paths) <= 4


async def read_figures(house: House) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """All figures by name and labels."""
    status, text = await house.text("/metrics")
    assert status == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
