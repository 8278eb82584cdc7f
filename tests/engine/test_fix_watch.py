"""The watch over fixes, look by look: what can't be read once is asked for again, and one trouble stops nobody else."""

from datetime import datetime

from bot.engine.verification import LOOK_EVERY
from bot.store.store import Store
from tests.domain.builders import BUILT_IN
from tests.engine.conftest import MINUTE, Bench, new_desk


def breaks(bench: Bench, first: float, last: float) -> None:
    """Errors are at 20 % from one minute of the future to another."""
    now = bench.store.clock.now()

    def errors(at: datetime) -> float:
        return 0.2 if now + first * MINUTE <= at <= now + last * MINUTE else 0.0

    bench.past.courses["errors"] = errors


async def a_breach_in_a_stop(bench: Bench) -> str:
    """A watch whose time runs out while the bot is down; errors were up for five minutes of it."""
    incident = await bench.watched()
    breaks(bench, 5, 10)
    bench.pass_time(40 * MINUTE)
    bench.start_anew()
    return incident


async def test_a_history_that_can_not_be_read_once_is_asked_for_again(bench: Bench) -> None:
    """Prometheus is away at the first look: nothing is concluded from the present, and the next look finds the past."""
    incident = await a_breach_in_a_stop(bench)
    bench.past.is_away = True
    await bench.fixes.check()
    bench.past.is_away = False
    bench.pass_time(LOOK_EVERY)
    await bench.fixes.check()
    kinds = await bench.kinds(incident)
    assert "verification_broken" in kinds
    assert "resolved" not in kinds


async def test_two_failed_looks_at_one_moment_are_one(bench: Bench) -> None:
    """Right after a start the end of a watch and its next look ask at once: Prometheus may start just then, too."""
    incident = await a_breach_in_a_stop(bench)
    bench.past.is_away = True
    await bench.fixes.check()
    assert not await bench.fixes.last_look(incident)
    bench.past.is_away = False
    assert await bench.fixes.last_look(incident)
    assert "verification_broken" in await bench.kinds(incident)


async def test_a_history_that_stays_unread_is_not_waited_for(bench: Bench) -> None:
    """At the next look it is called unknown: the watch may end, and says what it has not seen."""
    incident = await a_breach_in_a_stop(bench)
    bench.past.is_away = True
    assert not await bench.fixes.last_look(incident)
    bench.pass_time(LOOK_EVERY)
    assert await bench.fixes.last_look(incident)
    assert (await bench.kinds(incident)).count("metric_seen") == 2


async def test_one_fix_that_can_not_be_watched_stops_no_other(bench: Bench, store: Store) -> None:
    """The plan of one incident is missing from the store: the fixes of the others are watched all the same."""
    lost = new_desk(store, BUILT_IN.model_copy(update={"name": "lost"}))
    kept, bench.desk = bench.desk, lost
    await bench.watched()
    bench.desk = kept
    incident = await bench.watched()
    bench.start_anew()
    await bench.fixes.check()
    assert (await bench.kinds(incident)).count("metric_seen") == 2
