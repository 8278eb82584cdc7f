"""Carries out one delivery: the calls it takes, and what is known of the messages afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from bot.delivery.gateway import Gateway
from bot.delivery.outcome import Done, Forbidden, MessageGone, Outcome, Sent, Unchanged
from bot.delivery.rendering import EditInPlace, SendNew
from bot.store.records import MessageRef


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a delivery. `called`: Telegram was asked. `outdated`: a message that the new one replaces."""

    outcome: Outcome
    called: bool = True
    learnt: Mapping[str, MessageRef | None] = field(default_factory=dict[str, MessageRef | None])
    outdated: MessageRef | None = None


class Courier:
    """Sends, edits and retires messages through the gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def carry_out(
        self, delivery: SendNew | EditInPlace, messages: Mapping[str, MessageRef], *, sure: bool
    ) -> Report:
        """Makes the calls. `sure`: what is remembered is what is shown, so an edit to the same needs no call."""
        match delivery:
            case SendNew():
                return await self._send(delivery, messages)
            case EditInPlace():
                return await self._edit(delivery, messages, sure=sure)
            case _:
                assert_never(delivery)

    async def retire(self, message: MessageRef) -> None:
        """Deletes an older page, or takes its buttons. If neither works, its first press retires it."""
        outcome = await self._gateway.delete(message)
        if not isinstance(outcome, Done):
            await self._gateway.strip_buttons(message)

    async def _send(self, delivery: SendNew, messages: Mapping[str, MessageRef]) -> Report:
        answered = messages.get(delivery.reply_to) if isinstance(delivery.reply_to, str) else delivery.reply_to
        outcome = await self._gateway.send(delivery.chat, delivery.rendered, reply_to=answered)
        if not isinstance(outcome, Sent):
            return Report(outcome)
        ref = MessageRef(outcome.chat, outcome.message, delivery.rendered.digest)
        return Report(outcome, learnt={delivery.slot: ref} if delivery.slot else {}, outdated=delivery.replaces)

    async def _edit(self, delivery: EditInPlace, messages: Mapping[str, MessageRef], *, sure: bool) -> Report:
        digest = delivery.rendered.digest
        message = delivery.message
        if sure and message.digest == digest:
            return Report(Unchanged(), called=False)
        outcome = await self._gateway.edit(message, delivery.rendered)
        match outcome:
            case Sent() | Unchanged():
                return Report(outcome, learnt={delivery.slot: MessageRef(message.chat, message.message, digest)})
            case MessageGone() if delivery.or_send:
                return await self._send(SendNew(delivery.chat, delivery.rendered, delivery.slot), messages)
            case MessageGone() | Forbidden():
                return Report(outcome, learnt={delivery.slot: None})
            case _:
                return Report(outcome)
