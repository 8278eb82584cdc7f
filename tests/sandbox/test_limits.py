"""Flood limits."""

from datetime import timedelta

import pytest

from bot.sandbox.errors import ApiError
from bot.sandbox.limits import FloodControl, Limits
from bot.sandbox.world import World
from tests.sandbox.conftest import RESPONDERS, Clock


def refusal(flood: FloodControl, world: World, chat_id: int) -> int:
    """Send once more; give the seconds to wait, or 0 when it passed."""
    try:
        flood.take(1, world.chats[chat_id], world.now())
    except ApiError as error:
        return error.retry_after_s or -1
    return 0


def test_a_chat_takes_a_burst_then_one_a_second(world: World, clock: Clock) -> None:
    """Three messages pass at once, the next after a second each; another chat is not held up."""
    flood = FloodControl(Limits())
    assert [refusal(flood, world, 1001) for _ in range(4)] == [0, 0, 0, 1]
    assert refusal(flood, world, 1002) == 0
    clock.move(timedelta(seconds=1))
    assert [refusal(flood, world, 1001) for _ in range(2)] == [0, 1]


def test_a_group_takes_twenty_a_minute(world: World, clock: Clock) -> None:
    """The twenty-first message within a minute waits until the first is a minute old."""
    flood = FloodControl(Limits())
    for _ in range(20):
        assert refusal(flood, world, RESPONDERS) == 0
        clock.move(timedelta(seconds=1))
    assert refusal(flood, world, RESPONDERS) == 40
    clock.move(timedelta(seconds=40))
    assert refusal(flood, world, RESPONDERS) == 0


def test_thirty_a_second_over_all(world: World) -> None:
    """The thirty-first message within a second is refused, whatever its chat."""
    flood = FloodControl(Limits(chat_burst=100))
    assert [refusal(flood, world, 1001 + n % 4) for n in range(31)] == [0] * 30 + [1]


@pytest.mark.parametrize("chat_id", [1001, RESPONDERS])
def test_limits_can_be_switched_off(world: World, chat_id: int) -> None:
    """Without limits everything passes."""
    flood = FloodControl(Limits.none())
    assert not any(refusal(flood, world, chat_id) for _ in range(100))
