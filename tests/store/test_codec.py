"""Stored events stay readable for ever, and what can't be read is named."""

import json
from pathlib import Path
from typing import cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actors import System
from bot.domain.events import Event, Noted, Resolved
from bot.domain.team_events import TeamEvent
from bot.store.codec import UnreadableEventError, decode, encode
from bot.store.store import Store
from tests.store.writing import NOON, appending

GOLDEN = Path(__file__).with_name("events_v1.jsonl")
"""One event of every kind as version 1 stored it. Lines are only ever added: a released event stays readable."""

STORED = GOLDEN.read_text(encoding="utf-8").splitlines()


def as_document(text: str) -> dict[str, object]:
    """The JSON object in a text."""
    return cast("dict[str, object]", json.loads(text))


def holds(whole: object, part: object) -> bool:
    """Whether a document has all that is in another, at every depth."""
    match whole, part:
        case dict(), dict():
            mine, others = cast("dict[str, object]", whole), cast("dict[str, object]", part)
            return all(key in mine and holds(mine[key], value) for key, value in others.items())
        case list(), list():
            all_mine, all_others = cast("list[object]", whole), cast("list[object]", part)
            return len(all_mine) == len(all_others) and all(map(holds, all_mine, all_others))
        case _:
            return whole == part


@pytest.mark.parametrize("text", STORED, ids=lambda text: str(as_document(text)["kind"]))
def test_an_event_of_version_1_is_read_whole(text: str) -> None:
    """Nothing of the stored event is lost: written again it holds all that it held, and perhaps more."""
    before, after = as_document(text), as_document(encode(decode(text, where="INC-1, event 1")))
    assert holds(after, before)


def test_every_kind_has_a_stored_example() -> None:
    """A new kind of event is added to the golden file before it is released."""
    members = (*get_args(get_args(Event)[0]), *get_args(get_args(TeamEvent)[0]))
    kinds = {cast("type[Noted]", member).model_fields["kind"].default for member in members}
    assert {as_document(text)["kind"] for text in STORED} == kinds


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    """Whatever a person wrote is stored as it is."""
    event = Noted(at=NOON, by=System(), text=text.encode("utf-8", "replace").decode())
    assert decode(encode(event), where="INC-1, event 1") == event


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"v":2,"kind":"noted"}', r"INC-7, event 3 \(noted\) has schema version 2; this Nabat reads up to 1"),
        ('{"v":1,"kind":"teleported"}', r"INC-7, event 3 has the unknown kind 'teleported' \(schema version 1\)"),
        ('{"v":1,"kind":"noted"}', r"INC-7, event 3 \(noted, schema version 1\) is damaged: noted\.at"),
        ('{"kind":"noted"}', r"INC-7, event 3 is damaged: its schema version is None"),
        ("[]", r"INC-7, event 3 is damaged: not a JSON object"),
        ('{"v":1,', r"INC-7, event 3 is damaged: not JSON"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, says: str) -> None:
    """The error names the log, the number of the event, its kind and its version."""
    with pytest.raises(UnreadableEventError, match=says):
        decode(text, where="INC-7, event 3")


def test_an_older_version_is_brought_up_to_date() -> None:
    """An upcast takes what the older version wrote and returns what the next one would have written."""

    def rename(document: dict[str, object]) -> dict[str, object]:
        return document | {"kind": "resolved", "reason": document["why"]}

    stored = encode(Resolved(at=NOON, by=System())).replace('"resolved"', '"closed"').replace("reason", "why")
    event = decode(stored, where="INC-1, event 1", version=2, upcasts={1: rename})
    assert event == Resolved(at=NOON, by=System())


async def test_an_unreadable_event_is_not_skipped(store: Store) -> None:
    """Loading a log with an event of a newer Nabat fails and names it."""
    await store.commit(appending("INC-7", 0, "one"))
    await store.connection.ask(("RPUSH", store.keys.log("INC-7"), '{"v":9,"kind":"noted"}'))
    with pytest.raises(UnreadableEventError, match="INC-7, event 2"):
        await store.load("INC-7")
