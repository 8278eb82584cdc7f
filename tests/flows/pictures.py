"""Charts in a chat, on machines that may be too busy to ask a Prometheus in time."""

from collections.abc import Awaitable, Callable

from bot.sandbox.driver import ChatView
from bot.sandbox.message_view import MessageView

TRIES = 3
DRAWN_WITHIN_S = 30.0


async def picture_of(chat: ChatView, ask: Callable[[], Awaitable[object]]) -> MessageView:
    """The chart that was asked for. A bot that says that Prometheus was too slow is asked again, as a person would."""
    said = ""
    for _ in range(TRIES):
        known = {message.id for message in chat.messages}

        def is_answer(message: MessageView, known: set[int] = known) -> bool:
            return message.id not in known and (message.photo is not None or "No chart" in message.text)

        await ask()
        answer = await chat.wait_for(is_answer, timeout=DRAWN_WITHIN_S)
        if answer.photo is not None:
            return answer
        said = answer.text
    raise AssertionError(said)
