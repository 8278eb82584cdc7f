"""`nabat check`: what the doctor finds, and that it leaves no trace."""

import socket
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.doctor.table import COLUMNS
from bot.domain.plan import Plan
from bot.sandbox.driver import Driver
from bot.sandbox.people import BotRole
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import RESPONDERS_ID
from bot.store.embedded import EmbeddedServer
from tests.cli.examination import Examination
from tests.redis_server import redis_server

SUBJECTS = (
    *("settings", "plan", "roster", "Redis", "Telegram", "people", "chats", "on call"),
    *("metrics", "health checks", "Alertmanager"),
)


async def test_a_sound_set_up_has_nothing_broken(examination: Examination) -> None:
    """With a token that is taken and a Redis that keeps its data the exit status is 0, and every subject is told."""
    assert await examination() == 0
    told = [line[:14].strip() for line in examination.text.splitlines() if line[:14].strip()]
    assert tuple(told[: len(SUBJECTS)]) == SUBJECTS
    assert "BROKEN" not in examination.text
    assert "@nabat_bot" in examination.of("Telegram")
    assert "kept" in examination.of("Redis")


async def test_the_table_fits_a_terminal(examination: Examination) -> None:
    """No line is wider than 80 columns."""
    await examination()
    assert max(map(len, examination.text.splitlines())) <= COLUMNS


async def test_nobody_hears_of_an_examination(examination: Examination, telegram: SandboxServer) -> None:
    """Nothing that is read goes to Telegram: no message, no change, and no update is taken away."""
    await examination()
    assert {call.method.lower() for call in telegram.journal} == {"getme", "getchat", "sendchataction", "getchatmember"}


async def test_an_examination_makes_no_files(examination: Examination, tmp_path: Path) -> None:
    """The data directory of a bot that never ran is not made by looking."""
    await examination()
    assert not (tmp_path / "data").exists()


async def test_who_never_started_the_bot_is_named(examination: Examination) -> None:
    """Eve can't be written to: she is named with what she has to do; the others are said to be reachable."""
    await examination()
    people = examination.of("people")
    assert "can be paged: Anna, Boris, Clara" in people
    assert "Eve (eve) never started the bot" in people
    assert "t.me/nabat_bot" in people


async def test_who_only_wrote_in_a_group_is_named(examination: Examination, driver: Driver) -> None:
    """Telegram shows the bot the chat of somebody it met in a group: that is no Start, and a block is none either."""
    await driver.person("eve").send(driver.chat(RESPONDERS_ID), "good morning")
    await driver.person("boris").block()
    await examination()
    people = examination.of("people")
    assert "can be paged: Anna, Clara" in people
    assert "Eve (eve) never started the bot" in people
    assert "Boris (boris) blocked the bot" in people


async def test_a_server_without_typing_is_believed_as_it_is(examination: Examination, telegram: SandboxServer) -> None:
    """Where the second question can't be asked, what Telegram shows decides alone."""
    telegram.faults.fail("sendChatAction", 404, "Not Found", times=None)
    assert await examination() == 0
    assert "can be paged: Anna, Boris, Clara" in examination.of("people")
    assert "Eve (eve) never started the bot" in examination.of("people")


async def test_nobody_on_call_within_reach_is_broken(examination: Examination, driver: Driver) -> None:
    """When none of those who take turns on call ever started the bot, something is broken."""
    driver.person("anna").person.started = False
    assert await examination() == 1
    assert "nobody who takes turns on call can be paged" in examination.of("people")


@pytest.mark.parametrize(
    ("role", "status", "said"),
    [
        (BotRole.ADMINISTRATOR, 0, "administrator"),
        (BotRole.MEMBER, 0, "plain member"),
        (BotRole.KICKED, 1, "not in this chat"),
    ],
)
async def test_what_the_bot_may_do_in_a_chat_is_told(
    examination: Examination, driver: Driver, role: BotRole, status: int, said: str
) -> None:
    """The responders chat is told by its id, with what the bot is in it."""
    driver.chat(RESPONDERS_ID).set_bot_role(role)
    assert await examination() == status
    assert f"responders ({RESPONDERS_ID}): " in examination.of("chats")
    assert said in examination.of("chats")


async def test_a_group_that_moved_is_told_with_its_new_id(examination: Examination, telegram: SandboxServer) -> None:
    """When Telegram says that a group became a supergroup, the new id is there to be copied."""
    moved = "Bad Request: group chat was upgraded to a supergroup chat"
    telegram.faults.fail("getChatMember", 400, moved, migrate_to_chat_id=-1009009, times=None)
    assert await examination() == 0
    assert f"responders ({RESPONDERS_ID}) is a supergroup now, with the id -1009009" in examination.of("chats")


async def test_a_wrong_token_is_told_and_never_shown(examination: Examination) -> None:
    """A token that Telegram refuses is broken; the token itself stands nowhere."""
    assert await examination(TELEGRAM_TOKEN="987654:not-this-one") == 1  # noqa: S106 - opens nothing
    assert "does not take the token" in examination.of("Telegram")
    assert "not asked" in examination.of("people")
    assert "not-this-one" not in examination.text


async def test_a_missing_token_is_broken(examination: Examination) -> None:
    """Without a token the bot can't run, and Telegram is not asked."""
    assert await examination(TELEGRAM_TOKEN="") == 1
    assert "NABAT_TELEGRAM_TOKEN is missing" in examination.of("settings")


async def test_a_volatile_redis_is_broken(examination: Examination) -> None:
    """A Redis without its append-only file is broken, unless losing incidents was allowed."""
    with redis_server("--appendonly", "no") as server:
        assert await examination(REDIS_URL=f"unix://{server.socket}") == 1
        assert "BROKEN appendonly is no" in examination.of("Redis")
        assert await examination(REDIS_URL=f"unix://{server.socket}", REDIS_ALLOW_VOLATILE="true") == 0


async def test_a_durable_redis_is_well(examination: Examination, redis_socket: Path) -> None:
    """A Redis as Nabat wants it answers and keeps, and gets no key from the examination."""
    assert await examination(REDIS_URL=f"unix://{redis_socket}") == 0
    assert "answers in" in examination.of("Redis")
    assert "append-only file" in examination.of("Redis")


async def test_a_redis_that_is_not_there_is_broken(examination: Examination, tmp_path: Path) -> None:
    """A Redis that can't be reached is broken; Telegram is looked at all the same."""
    assert await examination(REDIS_URL=f"unix://{tmp_path}/none.sock") == 1
    assert "BROKEN" in examination.of("Redis")
    assert "@nabat_bot" in examination.of("Telegram")


async def test_a_redis_password_is_never_shown(examination: Examination) -> None:
    """Of a Redis address only host and port are told."""
    assert await examination(REDIS_URL="redis://bot:correct-horse@127.0.0.1:1/0") == 1
    assert "127.0.0.1:1" in examination.of("Redis")
    assert "correct-horse" not in examination.text


async def test_the_embedded_redis_of_a_running_bot_is_looked_at(examination: Examination, tmp_path: Path) -> None:
    """While a bot runs on the data, its own Redis is asked, and goes on running."""
    server = EmbeddedServer(tmp_path / "data")
    await server.start()
    try:
        assert await examination() == 0
        assert "a running bot uses" in examination.of("Redis")
        assert server.pid
    finally:
        await server.stop()


async def test_a_data_directory_that_is_a_file_is_broken(examination: Examination, tmp_path: Path) -> None:
    """Where no folder can be made, no incident can be kept."""
    (tmp_path / "data").write_text("")
    assert await examination() == 1
    assert "is not a folder" in examination.of("Redis")


async def test_every_metric_query_is_asked(examination: Examination, prometheus_url: str) -> None:
    """A figure, an empty answer and a query that is no query are told apart; only the last is broken."""
    examination.plan = _with_metrics({"one": "vector(1)", "none": "no_such_metric", "wrong": "sum("})
    assert await examination(PROMETHEUS_URL=prometheus_url) == 1
    metrics = examination.of("metrics")
    assert "ok one: 1" in metrics
    assert "warning none: the query returned nothing" in metrics
    assert "BROKEN wrong: Prometheus refused the query" in metrics


async def test_a_prometheus_that_is_not_there_is_one_line(examination: Examination) -> None:
    """When Prometheus can't be reached that is said once, not for each metric, and its password stays hidden."""
    assert await examination(PROMETHEUS_URL="http://reader:open-sesame@127.0.0.1:1") == 1
    assert examination.of("metrics").count("BROKEN") == 1
    assert "open-sesame" not in examination.text


async def test_alertmanager_is_asked_for_its_status(examination: Examination) -> None:
    """Alertmanager's status is well; another service at its address is broken."""

    async def status(_request: web.Request) -> web.Response:
        return web.json_response({"versionInfo": {"version": "0.27.0"}})

    async with _serving(status) as url:
        assert await examination(ALERTMANAGER_URL=url) == 0
        assert "ok Alertmanager" in examination.of("Alertmanager")
        assert await examination(ALERTMANAGER_URL=f"{url}/elsewhere") == 1
        assert "HTTP 404" in examination.of("Alertmanager")


async def test_an_ill_service_is_no_fault_of_the_set_up(examination: Examination) -> None:
    """A failing health check of the plan is a warning, not broken."""

    async def ill(_request: web.Request) -> web.Response:
        return web.Response(status=500, text="database away")

    async with _serving(ill) as url:
        checks = [{"name": "api", "url": f"{url}/api/v2/status"}]
        examination.plan = Plan.model_validate({**_content(examination.plan), "health_checks": checks})
        assert await examination() == 0
    assert "warning api: HTTP 500: database away" in examination.of("health checks")


async def test_an_examination_ends_though_everything_hangs(examination: Examination, telegram: SandboxServer) -> None:
    """With Redis, Telegram, Prometheus, Alertmanager and the service silent, the report is there within 15 seconds."""
    telegram.faults.hang("*")
    # The kernel takes the connections; nobody reads them.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        checks = [{"name": "api", "url": f"http://{address}/", "timeout": "1h"}]
        examination.plan = Plan.model_validate({**_content(examination.plan), "health_checks": checks})
        began_s = time.monotonic()
        status = await examination(
            REDIS_URL=f"redis://{address}", PROMETHEUS_URL=f"http://{address}", ALERTMANAGER_URL=f"http://{address}"
        )
        took_s = time.monotonic() - began_s
    assert status == 1
    assert took_s < 15
    for subject in ("Redis", "Telegram", "metrics", "Alertmanager"):
        assert "BROKEN" in examination.of(subject)


@asynccontextmanager
async def _serving(handler: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncGenerator[str]:
    app = web.Application()
    app.router.add_get("/api/v2/status", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _content(plan: Plan) -> dict[str, object]:
    return plan.model_dump(mode="json", by_alias=True)


def _with_metrics(queries: dict[str, str]) -> Plan:
    """A plan with these metrics and nothing that asks for others."""
    metrics = {name: {"title": name.title(), "query": query, "unit": "count"} for name, query in queries.items()}
    severity = {"title": "Critical", "impact": "all", "respond_within": "15m", "resolve_within": "4h"}
    return Plan.model_validate(
        {
            "name": "small",
            "version": "1",
            "roles": ["on_call", "team_lead", "cto"],
            "severities": {"SEV-1": severity},
            "classification": {"default": "SEV-1"},
            "metrics": metrics,
        }
    )
