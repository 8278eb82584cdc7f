"""Out and in again: what a backup holds, and what it refuses."""

import json

import pytest

from bot.store.backup import BackupError, BackupSummary, check_backup, export_all, restore_all
from bot.store.keys import Keys
from bot.store.records import Commit, IndexChange, MessageRef
from bot.store.store import Store
from tests.store.writing import NOON, append, appending


@pytest.fixture
async def lines(store: Store) -> list[str]:
    """A backup of a store with a bit of everything."""
    await store.commit(Commit(appends=(append("INC-1", 0, "a\nb", due={"update due": NOON}),)))
    await store.commit(Commit(appends=(append("INC-2", 0, "c", "d", is_open=False), append("rotation"))))
    await store.commit(Commit(index=(IndexChange("group", "g", None, "INC-1"),)))
    await store.remember("INC-1", {"card": MessageRef(-100, 7, "d")})
    await store.keep_plan("9f", "{}")
    await store.set_fact("override", "anna")
    await store.remember_migration(-1, -1001)
    return [line async for line in export_all(store)]


@pytest.fixture
def empty(store: Store) -> Store:
    """An empty store in the same Redis."""
    return Store(store.connection, Keys(f"{store.keys.root}-restored"))


async def test_everything_comes_back(store: Store, empty: Store, lines: list[str]) -> None:
    """A restored store holds what was backed up, and its own backup is the same."""
    assert check_backup(lines) == BackupSummary(logs=3, events=4)
    assert await restore_all(empty, lines) == BackupSummary(logs=3, events=4)
    assert [line async for line in export_all(empty)] == lines
    assert await empty.load("INC-2") == await store.load("INC-2")
    assert await empty.open_logs() == ("rotation", "INC-1")
    assert await empty.next_due() == NOON
    assert await empty.find_message(-100, 7) == ("INC-1", "card")


async def test_a_store_that_holds_something_is_left_alone(store: Store, lines: list[str]) -> None:
    """Restoring over incidents is refused."""
    with pytest.raises(BackupError, match="empty"):
        await restore_all(store, lines)


def test_a_cut_file_is_noticed(lines: list[str]) -> None:
    """A backup without its end, or with a line missing, is refused before anything is written."""
    for cut in (lines[:-1], lines[:-2] + lines[-1:], lines + lines, []):
        with pytest.raises(BackupError):
            check_backup(cut)


@pytest.mark.parametrize(
    ("number", "line", "says"),
    [
        (0, '{"kind":"nabat_backup","format":2}', "format 2"),
        (1, "not JSON", "Line 2"),
        (0, '{"kind":"plans","values":{}}', "Line 1 is out of place"),
    ],
)
def test_a_strange_line_is_named(lines: list[str], number: int, line: str, says: str) -> None:
    """The error says which line and what is wrong with it."""
    lines[number] = line
    with pytest.raises(BackupError, match=says):
        check_backup(lines)


def test_an_event_of_a_newer_nabat_is_named(lines: list[str]) -> None:
    """Events are read while the backup is checked, so a restored store is a readable one."""
    at = next(n for n, line in enumerate(lines) if '"INC-1"' in line and '"kind":"log"' in line)
    log = json.loads(lines[at])
    log["events"][0] = log["events"][0].replace('"v":1', '"v":7')
    lines[at] = json.dumps(log)
    with pytest.raises(BackupError, match="INC-1, event 1"):
        check_backup(lines)


async def test_a_log_is_read_as_it_is_after_a_commit(store: Store, empty: Store) -> None:
    """A restored log goes on from its version."""
    await store.commit(appending("INC-1"))
    await restore_all(empty, [line async for line in export_all(store)])
    await empty.commit(appending("INC-1", 1))
    assert await empty.versions(["INC-1"]) == {"INC-1": 2}
