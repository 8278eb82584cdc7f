"""A bot killed around an automatic rollback: never two of them, none missed, and what nobody knows is said to be so."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.acting_events import ActionFinished, ActionLost
from tests.faults.breaches import ONE_CHECK, Watched, breach
from tests.faults.lives import PATIENCE_S, Lives, free_port, until

LEASE_FOR = timedelta(seconds=1)
"""A run whose runner was silent for so long counts as lost."""


@pytest.fixture
def mortal(bot: Lives) -> Lives:
    """A bot whose runs count as lost soon."""
    return replace(bot, lease_for=LEASE_FOR)


async def is_ready(watched: Watched) -> None:
    """It is ready, and may be about to look."""
    await watched.bot.until_ready()


async def has_declared(watched: Watched) -> None:
    """The incident is there."""

    async def is_there() -> bool:
        return (await watched.bot.store.versions(("INC-1",)))["INC-1"] > 0

    await until(is_there)


async def has_fired(watched: Watched) -> None:
    """The run is committed; whether its process has begun is a race."""
    await watched.until_fired()


async def has_run(watched: Watched) -> None:
    """The script has begun; whether its end is noted is a race."""
    await until(lambda: bool(watched.staging.runs))


@pytest.mark.parametrize("moment", [is_ready, has_declared, has_fired, has_run])
async def test_killed_at_a_moment_of_the_rollback(
    moment: Callable[[Watched], Awaitable[None]], mortal: Lives, tmp_path: Path
) -> None:
    """The next life ends what this one began: one rule fired, at most one run, and one that may be lost is said so."""
    with breach(mortal, tmp_path) as watched:
        mortal.start()
        await moment(watched)
        mortal.kill()
        mortal.start()
        await watched.until_ended()
        await watched.until_looked_at()
        await watched.rolled_back_once()
        if await watched.happened(ActionLost):
            await mortal.responders.wait_for("nobody knows how Rollback ended", timeout=PATIENCE_S)


async def test_killed_in_the_middle_of_a_breach(mortal: Lives, tmp_path: Path) -> None:
    """Before it has held for its time and after the rollback: it is not missed, and not run again."""
    with breach(mortal, tmp_path, holds_in_s=25) as watched:
        mortal.start()
        await watched.until_looked_at(ONE_CHECK)
        assert not watched.staging.runs
        mortal.kill()
        mortal.start()
        await watched.until_ended()
        assert await watched.happened(ActionFinished, ActionLost) == ["action_finished"]
        mortal.kill()
        mortal.start()
        await mortal.until_ready()
        await watched.until_looked_at()
        await watched.rolled_back_once()
        assert len(watched.staging.runs) == 1


async def test_killed_in_the_middle_of_the_action(mortal: Lives, tmp_path: Path) -> None:
    """Its outcome is unknown: the thread and on-call hear it, and only a human may run it again."""
    with breach(mortal, tmp_path, endless=True) as watched:
        mortal.start()
        await has_run(watched)
        mortal.kill()
        mortal.start()
        message = await mortal.responders.wait_for("nobody knows how Rollback ended", timeout=PATIENCE_S)
        assert "It is not run again by itself" in message.text
        await mortal.person("anna").private.wait_for("nobody knows how Rollback ended", timeout=PATIENCE_S)
        await watched.until_looked_at()
        await watched.rolled_back_once()
        assert await watched.happened(ActionFinished, ActionLost) == ["action_lost"]


async def test_two_replicas_roll_back_once(mortal: Lives, tmp_path: Path) -> None:
    """Both live while the rule holds, and the one that ran it dies: the other runs nothing."""
    with breach(mortal, tmp_path) as watched:
        other = replace(mortal, environment=mortal.environment | {"NABAT_HTTP_PORT": str(free_port())}, kills=[])
        mortal.start()
        other.start()
        try:
            await watched.until_ended()
            await other.until_ready()
            await watched.until_looked_at()
            mortal.kill()
            await watched.until_looked_at()
            await watched.rolled_back_once()
            assert await watched.happened(ActionFinished, ActionLost) == ["action_finished"]
            assert len(watched.staging.runs) == 1
        finally:
            other.kill()
