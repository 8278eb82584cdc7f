"""What must hold after any number of kills, read from the bot's own API and from what Telegram holds."""

import itertools
import re
from collections import defaultdict

from bot.delivery.slots import CARD_SLOT
from bot.domain.events import Declared
from bot.domain.intents import Lane
from bot.sandbox.journal import Call
from bot.sandbox.world import RESPONDERS_ID
from tests.faults.lives import Lives
from tests.faults.workload import ON_CALL, TAKEN, Told

_HEAD = re.compile(r"\S+ SEV-\d · (INC-\d+) ·")
"""How a card begins, and a page; one that only informs has no number."""
_HOLDER = re.compile(r"by (Anna|Boris|Clara)")


async def check_alerts(bot: Lives, told: Told) -> None:
    """Each acknowledged group has one incident of its own, and everybody on call has its page."""
    titles = await _titles(bot)
    assert len(titles) == len(set(titles.values())), "an incident is there twice"
    assert len({incident for incident, _ in told.alerts.values()}) == len(told.alerts)
    assert {incident for incident, _ in told.alerts.values()} <= set(titles)
    told_of = ((call.result["chat"]["id"], _HEAD.match(call.result["text"])) for call in _sent(bot))
    paged = {(chat, head[1]) for chat, head in told_of if head}
    for incident, severity in told.alerts.values():
        for key in ON_CALL[severity]:
            assert (bot.person(key).id, incident) in paged, f"{key} has no page of {incident}"


async def check_declared(bot: Lives, told: Told) -> None:
    """What the API and people declared is there, once."""
    titles = {title: incident for incident, title in (await _titles(bot)).items()}
    assert told.declared.items() <= titles.items()
    assert set(told.commanded) <= set(titles)


async def check_cards(bot: Lives) -> None:
    """Every incident has its card, or a storm's summary stands for it and the card waits."""
    incidents = await bot.store.all_logs()
    without = [name for name, slots in (await bot.store.messages_many(incidents)).items() if CARD_SLOT not in slots]
    assert len(without) <= (await bot.store.rows_waiting()).counts[Lane.CARDS], f"{without} have no card"


async def check_presses(bot: Lives, told: Told) -> None:
    """Who was told to have an incident has it in its timeline, once; whoever is named as holder is one."""
    for key, incident, toast in told.presses:
        acknowledged = [event for event in await bot.timeline(incident) if event["kind"] == "acknowledged"]
        assert len(acknowledged) == 1, (incident, acknowledged)
        person = acknowledged[0]["data"]["person"]
        if TAKEN.search(toast):
            assert person == key, (toast, acknowledged)
        elif found := _HOLDER.search(toast):
            assert person == found[1].lower(), (toast, acknowledged)


async def check_notes(bot: Lives, told: Told) -> None:
    """Every note that was answered stands in the timeline, once."""
    for text, incident in told.notes.items():
        noted = [event for event in await bot.timeline(incident) if event["data"].get("text") == text]
        assert len(noted) == 1, (text, incident, noted)


async def unnoted(bot: Lives) -> set[tuple[int, int]]:
    """The chat and id of messages that Telegram took of the life that was ended, and that the store does not know."""
    since_s = bot.kills[-2] if len(bot.kills) > 1 else 0.0
    calls = [call for call in _sent(bot) if call.at > since_s and _name_of(call) is not None]
    messages = [(call.result["chat"]["id"], call.result["message_id"]) for call in calls]
    return {message for message in messages if await bot.store.find_message(*message) is None}


def doubled(bot: Lives, lost: set[tuple[int, int]]) -> int:
    """How many messages Telegram took twice: only those of which a kill left the bot without the id (`lost`)."""
    sent: defaultdict[tuple[object, ...], list[Call]] = defaultdict(list)
    for call in _sent(bot):
        if (name := _name_of(call)) is not None:
            sent[name].append(call)
    pairs = [pair for calls in sent.values() for pair in itertools.pairwise(calls)]
    for first, second in pairs:
        message = (first.result["chat"]["id"], first.result["message_id"])
        assert message in lost, f"known to the bot, and sent again: {first.result}, {second.result}"
    return len(pairs)


def _sent(bot: Lives) -> list[Call]:
    """The messages that Telegram took, also those whose sender died before it heard so."""
    return [call for call in bot.telegram.journal.of("sendMessage") if call.result is not None]


def _name_of(call: Call) -> tuple[object, ...] | None:
    """What makes two messages the same one; None for what the outbox did not send."""
    chat, text = call.result["chat"]["id"], call.result["text"]
    if page := _page_in(text):
        return (chat, *page)
    card = _HEAD.match(text) if chat == RESPONDERS_ID and "reply_to_message" not in call.result else None
    return (chat, card[1]) if card else None


def _page_in(text: str) -> tuple[str, ...]:
    """The incident and the number that a page shows; nothing where it is no page."""
    found = re.search(r"(INC-\d+).*page (\d+)", text, re.DOTALL)
    return found.groups() if found else ()


async def _titles(bot: Lives) -> dict[str, str]:
    """Every incident that was ever opened, and what it was called."""
    logs = await bot.store.load_many(await bot.store.all_logs())
    return {name: events[0].title for name, events in logs.items() if isinstance(events[0], Declared)}
