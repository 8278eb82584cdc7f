"""Two bots on one Redis: one polls, sends and keeps time, the other stands by and takes webhooks all the same."""

import os
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.engine.singles import LEASE
from bot.sandbox.journal import Call
from tests.faults.lives import PATIENCE_S, ROLES, Lives, free_port, until
from tests.house import Fired

LEASE_FOR = timedelta(seconds=1.5)
ONE_TRY_S = 5.0
"""What a takeover may cost besides the lease, on a machine that is busy with other tests."""
SECOND = Fired(name="DiskFull", group="{}:{alertname='DiskFull'}", summary="The disk is full")


@dataclass(frozen=True)
class Pair:
    """`first` began first and holds the lease; `other` stands by."""

    first: Lives
    other: Lives

    async def holder_is(self, bot: Lives) -> bool:
        """Whether that one does what must be single."""
        holder = await bot.store.holder(LEASE)
        return holder is not None and f":{bot.environment['NABAT_HTTP_PORT']}:" in holder

    def pages(self, key: str, incident: str) -> int:
        """How many pages of an incident somebody was sent."""
        return sum(incident in view.text for view in self.first.person(key).private.messages)


@pytest.fixture
async def pair(bot: Lives) -> AsyncIterator[Pair]:
    """Two bots that live."""
    first = replace(bot, lease_for=LEASE_FOR)
    other = replace(first, environment={**bot.environment, "NABAT_HTTP_PORT": str(free_port())}, kills=[])
    replicas = Pair(first, other)
    try:
        first.start()
        await until(lambda: replicas.holder_is(first))
        other.start()
        await other.until_ready()
        yield replicas
    finally:
        for replica in (first, other):
            if replica.pid:
                os.kill(replica.pid, signal.SIGCONT)
                replica.kill()


async def test_one_does_what_is_single_and_both_take_webhooks(pair: Pair) -> None:
    """An alert that came to the one that stands by is paged by the other, once; nobody else polls."""
    await pair.other.insist("/hooks/alertmanager", Fired().body())
    page = await pair.first.person("anna").private.wait_for("INC-1", timeout=PATIENCE_S)
    assert "You have INC-1" in (await pair.first.person("anna").press(page, "Ack", timeout=PATIENCE_S)).text
    await pair.first.responders.wait_for("Anna has it", timeout=PATIENCE_S)
    await pair.first.until_quiet()
    assert [pair.pages(key, "INC-1") for key in ROLES] == [1, 1, 1]
    assert await pair.holder_is(pair.first)
    assert not [call for call in pair.first.telegram.journal.of("getUpdates") if call.status == 409]
    await pair.first.until_ready()
    await pair.other.until_ready()


async def test_both_see_at_once_what_the_other_wrote(pair: Pair) -> None:
    """Alerts of one group that come to both, one after the other, are one incident with one timeline."""
    answers = [
        await replica.insist("/hooks/alertmanager", Fired().body()) for replica in (pair.first, pair.other, pair.first)
    ]
    assert answers == [{"incidents": ["INC-1"]}] * 3
    assert await pair.first.timeline("INC-1") == await pair.other.timeline("INC-1")


async def test_when_the_holder_dies_the_other_goes_on(pair: Pair) -> None:
    """Within the life of the lease it pages, answers presses and edits the card; nothing comes twice."""
    await pair.first.insist("/hooks/alertmanager", Fired().body())
    page = await pair.first.person("anna").private.wait_for("INC-1", timeout=PATIENCE_S)
    await pair.first.until_quiet()
    pair.first.kill()
    died_s = time.monotonic()
    await pair.other.insist("/hooks/alertmanager", SECOND.body())
    await pair.other.person("anna").private.wait_for("INC-2", timeout=PATIENCE_S)
    assert time.monotonic() - died_s < LEASE_FOR.total_seconds() + ONE_TRY_S
    assert "You have INC-1" in (await pair.other.person("anna").press(page, "Ack", timeout=PATIENCE_S)).text
    await pair.other.responders.wait_for("Anna has it", timeout=PATIENCE_S)
    await pair.other.until_quiet()
    for incident in ("INC-1", "INC-2"):
        assert [pair.pages(key, incident) for key in ROLES] == [1, 1, 1]


async def test_a_holder_that_wakes_up_late_sends_nothing_any_more(pair: Pair) -> None:
    """Frozen with pages in hand, it finds that another has sent them: its own calls and writes come to nothing."""
    faults = pair.first.telegram.faults
    faults.fail("sendMessage", 429, "Too Many Requests: retry after 1", retry_after_s=1, times=None)
    await pair.first.insist("/hooks/alertmanager", Fired().body())
    await until(lambda: len({call.params["chat_id"] for call in refused(pair)} & people(pair)) == len(ROLES))
    os.kill(pair.first.pid, signal.SIGSTOP)
    faults.clear()
    for key in ROLES:
        await pair.other.person(key).private.wait_for("INC-1", timeout=PATIENCE_S)
    assert await pair.holder_is(pair.other)

    os.kill(pair.first.pid, signal.SIGCONT)
    await pair.first.insist("/hooks/alertmanager", SECOND.body())
    for key in ROLES:
        await pair.other.person(key).private.wait_for("INC-2", timeout=PATIENCE_S)
    await until(lambda: stands_by(pair.first))
    await pair.other.until_quiet()
    for incident in ("INC-1", "INC-2"):
        assert [pair.pages(key, incident) for key in ROLES] == [1, 1, 1]
    assert await pair.holder_is(pair.other)


async def test_the_first_takes_over_again_when_the_other_dies(pair: Pair) -> None:
    """A replica that lost the lease and gets it back begins anew: sender, clock and poller live."""
    os.kill(pair.first.pid, signal.SIGSTOP)
    await until(lambda: pair.holder_is(pair.other))
    os.kill(pair.first.pid, signal.SIGCONT)
    await until(lambda: stands_by(pair.first))
    pair.other.kill()
    await until(lambda: pair.holder_is(pair.first))
    await pair.first.insist("/hooks/alertmanager", Fired().body())
    page = await pair.first.person("anna").private.wait_for("INC-1", timeout=PATIENCE_S)
    assert "You have INC-1" in (await pair.first.person("anna").press(page, "Ack", timeout=PATIENCE_S)).text
    await pair.first.responders.wait_for("Anna has it", timeout=PATIENCE_S)


async def stands_by(bot: Lives) -> bool:
    """Whether the bot says of itself that another one holds the lease."""
    async with bot.http.get(bot.url("/metrics")) as response:
        return "nabat_singles_held 0.0" in await response.text()


def people(pair: Pair) -> set[str]:
    """The private chats of those who are paged at once, as calls name them."""
    return {str(pair.first.person(key).id) for key in ROLES}


def refused(pair: Pair) -> list[Call]:
    """Messages that Telegram did not take."""
    return [call for call in pair.first.telegram.journal.of("sendMessage") if call.status == 429]
