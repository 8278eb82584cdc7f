"""Where messages are, and the small things that are kept."""

from datetime import timedelta

import pytest

from bot.store.records import Lease, LeaseLostError, MessageRef
from bot.store.store import Store


async def test_a_message_leads_back_to_its_incident(store: Store) -> None:
    """Slots hold messages, messages know their slot, and a replaced message is still known."""
    await store.remember("INC-1", {"card": MessageRef(-100, 7, "d"), "page:anna b": MessageRef(5, 8)})
    await store.remember("INC-1", {"card": MessageRef(-100, 9)})
    assert await store.messages("INC-1") == {"card": MessageRef(-100, 9), "page:anna b": MessageRef(5, 8)}
    assert await store.find_message(5, 8) == ("INC-1", "page:anna b")
    assert await store.find_message(-100, 7) == ("INC-1", "card")
    assert await store.find_message(-100, 10) is None
    assert await store.messages_many(["INC-1", "INC-2"]) == {"INC-1": await store.messages("INC-1"), "INC-2": {}}


async def test_a_deleted_message_is_forgotten(store: Store) -> None:
    """An emptied slot forgets its message; emptying it again does nothing."""
    await store.remember("INC-1", {"card": MessageRef(-100, 7)})
    await store.remember("INC-1", {"card": None})
    await store.remember("INC-1", {"card": None})
    assert await store.messages("INC-1") == {}
    assert await store.find_message(-100, 7) is None


async def test_messages_are_fenced(store: Store, lease: Lease) -> None:
    """A sender that lost its lease can't overwrite what its heir knows."""
    await store.release_lease(lease)
    with pytest.raises(LeaseLostError):
        await store.remember("INC-1", {"card": MessageRef(-100, 7)}, lease)


async def test_plans_are_kept_by_digest(store: Store) -> None:
    """A plan is found by its digest, another digest has none."""
    await store.keep_plan("9f", '{"name": "x"}')
    assert await store.plan("9f") == '{"name": "x"}'
    assert await store.plan("00") is None
    assert await store.plans() == {"9f": '{"name": "x"}'}


async def test_moved_chats_are_followed(store: Store) -> None:
    """A group that became a supergroup is known by both ids."""
    await store.remember_migration(-1, -1001)
    assert await store.migrations() == {-1: -1001}


async def test_facts_are_found_by_their_beginning(store: Store) -> None:
    """Facts are set, listed by prefix, and forgotten."""
    await store.set_fact("unreachable:anna", "blocked")
    await store.set_fact("unreachable:boris", "never started")
    await store.set_fact("override", "anna")
    await store.set_fact("unreachable:boris", None)
    assert await store.facts("unreachable:") == {"unreachable:anna": "blocked"}
    assert len(await store.facts()) == 2


async def test_health_is_a_round_trip(store: Store) -> None:
    """Asking for the health of a Redis on this machine takes less than a second."""
    assert timedelta() < await store.health() < timedelta(seconds=1)
