"""The picture beside a decision: drawn when it is about to be sent, and not sent once the decision is made."""

from collections.abc import Mapping
from typing import Protocol

from bot.delivery.rendering import SendNew
from bot.delivery.slots import CARD_SLOT
from bot.domain.incident import Incident
from bot.domain.intents import ShowPicture
from bot.domain.plan import Trigger
from bot.domain.rules import Rules
from bot.domain.rulings.rollback import row
from bot.store.records import MessageRef
from bot.views.evidence import chart, decision_range
from bot.views.translations import Words


class PictureCases(Protocol):
    """Those who draw. The method may raise `StoreUnavailableError`; delivery then asks again."""

    async def picture(self, incident: Incident, row: Trigger, words: Words) -> bytes | None:
        """What a decision on this row of the matrix is about; None where there is no picture now."""
        ...


async def show_picture(
    cases: PictureCases,
    intent: ShowPicture,
    incident: Incident,
    rules: Rules,
    words: Words,
    messages: Mapping[str, MessageRef],
    slot: str,
) -> SendNew | None:
    """The chart of a decision that still waits; it answers the decision's message in `slot`, or else the card."""
    asked = incident.acting.decision(intent.number)
    trigger = row(rules, asked.trigger) if asked is not None and asked.settled_by is None else None
    if trigger is None or trigger.metric is None or not incident.is_open:
        return None
    png = await cases.picture(incident, trigger, words)
    if png is None:
        return None
    rendered = chart(words, rules.plan, (trigger.metric,), decision_range(trigger), incident, png)
    chat = rules.roster.chats.responders.id
    return SendNew(chat, rendered, reply_to=slot if slot in messages else CARD_SLOT)
