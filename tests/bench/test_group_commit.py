"""How many incidents a second the store takes with every one of them synced to disk."""

import asyncio
import time

import pytest

from bot.domain.intents import RefreshCard
from bot.store.records import Commit, Committed
from bot.store.store import Store
from tests.store.writing import NOON, append

COMMITS = 1_000
ROUNDS = 5
WITHIN_S = 0.5
"""A storm of 1,000 alerts is stored long before Alertmanager thinks of repeating the first."""


@pytest.mark.bench
async def test_a_thousand_commits_share_their_syncs(store: Store) -> None:
    """1,000 commits at once, each an event, a timer and a card, on 1,000 logs, `appendfsync always`; the best round."""
    took_s = [await storm(store, first=number * COMMITS + 1) for number in range(ROUNDS)]
    print(f"\n{COMMITS} commits at once: {', '.join(f'{s * 1000:.0f} ms' for s in sorted(took_s))}")  # noqa: T201 - a bench reports
    assert min(took_s) < WITHIN_S


async def storm(store: Store, first: int) -> float:
    """Declares incidents from number `first` on, all at once; gives the seconds it took."""
    commits = [
        Commit((f"am:{n}",), (append(f"INC-{n}", 0, due={"respond": NOON}),), (RefreshCard(incident=f"INC-{n}"),))
        for n in range(first, first + COMMITS)
    ]
    started_s = time.perf_counter()
    results = await asyncio.gather(*(store.commit(commit) for commit in commits))
    took_s = time.perf_counter() - started_s
    assert results == [Committed()] * COMMITS
    return took_s
