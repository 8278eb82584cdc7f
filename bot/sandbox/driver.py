"""Drives the sandbox from a test: people who write and press, chats to wait in. Everything happens at once, in process.

`timeout` is in seconds of the wall clock, whatever the sandbox's clock says: it only ends a test that would hang.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from bot.sandbox import actions
from bot.sandbox.events import Happening
from bot.sandbox.files import Upload
from bot.sandbox.message_view import MessageView, NoSuchButtonError
from bot.sandbox.people import BotRole, Chat, Person
from bot.sandbox.world import Answer, World

__all__ = ["Answer", "ChatView", "Driver", "MessageView", "NoSuchButtonError", "PersonView"]

FoundT = TypeVar("FoundT")
PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class ChatView:
    """A chat to look at and to wait in."""

    driver: "Driver"
    chat: Chat

    @property
    def id(self) -> int:
        """Its chat id."""
        return self.chat.id

    @property
    def messages(self) -> list[MessageView]:
        """What was said, oldest first, as it is now; service messages are left out."""
        said = self.chat.messages.values()
        return [MessageView(message) for message in said if message.service is None]

    @property
    def last(self) -> MessageView:
        """The newest message; IndexError in an empty chat."""
        return self.messages[-1]

    @property
    def pinned(self) -> MessageView | None:
        """The newest pinned message."""
        if not self.chat.pinned:
            return None
        return MessageView(self.chat.messages[self.chat.pinned[-1]])

    def find(
        self, wanted: str | Callable[[MessageView], bool], *, after: MessageView | None = None
    ) -> MessageView | None:
        """The newest message that holds the text, or fulfils the predicate; only ones newer than `after`."""
        newer = (view for view in reversed(self.messages) if after is None or view.id > after.id)
        if isinstance(wanted, str):
            return next((view for view in newer if wanted in view.text), None)
        return next(filter(wanted, newer), None)

    async def wait_for(
        self,
        wanted: str | Callable[[MessageView], bool],
        *,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109 - the caller's words, handed to asyncio.timeout
        after: MessageView | None = None,
    ) -> MessageView:
        """Waits until `find` finds one, at once if it is there already; an edit counts as well as a new message.

        Raises:
            TimeoutError: it never came; the error shows what the chat holds instead.
        """
        try:
            return await self.driver.wait_until(lambda _: self.find(wanted, after=after), timeout=timeout)
        except TimeoutError:
            held = "\n".join(map(str, self.messages[-10:])) or "(nothing)"
            raise TimeoutError(f"no {wanted!r} in {self.chat.title} within {timeout} s; it holds:\n{held}") from None

    def set_bot_role(self, role: BotRole) -> None:
        """Makes the bot an admin or a member, or removes it."""
        actions.set_bot_role(self.driver.world, self.chat, role)

    def upgrade(self, new_id: int) -> "ChatView":
        """Makes the group a supergroup with a new id."""
        return ChatView(self.driver, actions.upgrade_to_supergroup(self.driver.world, self.chat, new_id))


ChatLike = ChatView | int | str


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody at their phone. A chat is named by its view, its id or its title."""

    driver: "Driver"
    person: Person

    @property
    def id(self) -> int:
        """Their user id."""
        return self.person.id

    @property
    def private(self) -> ChatView:
        """Their private chat with the bot."""
        return self.driver.chat(self.person.id)

    async def send(
        self, chat: ChatLike, text: str, *, reply_to: MessageView | int | None = None, anonymous: bool = False
    ) -> MessageView:
        """Writes a message; `anonymous` as an admin who hides behind the group.

        Raises:
            NotAllowedError: Telegram's apps would not let them.
        """
        answered = reply_to.id if isinstance(reply_to, MessageView) else reply_to
        message = actions.say(
            self.driver.world,
            self.person,
            self.driver.chat(chat).chat,
            text,
            reply_to=answered,
            anonymous=anonymous,
        )
        return MessageView(message)

    async def edit(self, message: MessageView, text: str) -> MessageView:
        """Corrects a message of theirs."""
        return MessageView(actions.rewrite(self.driver.world, self.person, message.message, text))

    async def send_file(self, chat: ChatLike, upload: Upload, *, caption: str = "") -> MessageView:
        """Sends a document."""
        world = self.driver.world
        message = actions.send_file(world, self.person, self.driver.chat(chat).chat, upload, caption=caption)
        return MessageView(message)

    async def press(
        self,
        message: MessageView,
        word: str,
        *,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109 - the caller's words, handed to asyncio.timeout
    ) -> Answer:
        """Presses the button with that word, as the message was when the view was taken, and waits for the answer.

        Raises:
            NoSuchButtonError: no label holds the word.
            TimeoutError: the bot did not answer.
        """
        data = message.button(word).data
        if data is None:
            raise NoSuchButtonError(f"the button {word!r} leaves the chat, it has no data to press")
        return await self.press_raw(message, data, timeout=timeout)

    async def press_raw(
        self,
        message: MessageView,
        data: str,
        *,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109 - the caller's words, handed to asyncio.timeout
    ) -> Answer:
        """Sends a press with any data, as a forged client could, and waits for the answer."""
        query = actions.press(self.driver.world, self.person, message.message, data)
        try:
            return await self.driver.wait_until(lambda _: query.answer, timeout=timeout)
        except TimeoutError:
            raise TimeoutError(f"the press of {data!r} got no answer within {timeout} s") from None

    def press_unanswered(self, message: MessageView, word: str) -> str:
        """Presses and does not wait; gives the id of the callback query."""
        data = message.button(word).data or ""
        return actions.press(self.driver.world, self.person, message.message, data).id

    async def start(self) -> MessageView:
        """Presses Start in the private chat."""
        return MessageView(actions.start(self.driver.world, self.person))

    async def block(self, *, blocked: bool = True) -> None:
        """Blocks the bot, or takes it back."""
        actions.block(self.driver.world, self.person, blocked=blocked)

    async def forward(self, message: MessageView, chat: ChatLike) -> MessageView:
        """Forwards a message with its buttons."""
        copy = actions.forward(self.driver.world, self.person, message.message, self.driver.chat(chat).chat)
        return MessageView(copy)


class Driver:
    """A test's hands and eyes in a world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def person(self, key: str) -> PersonView:
        """The person with this key; KeyError for a stranger."""
        return PersonView(self, self.world.person(key))

    def chat(self, chat: ChatLike) -> ChatView:
        """The chat with this id, or the group with this title; KeyError when there is none."""
        if isinstance(chat, ChatView):
            return chat
        found = self.world.chats[chat] if isinstance(chat, int) else self.world.group(chat)
        return ChatView(self, found)

    def __iter__(self) -> Iterator[ChatView]:
        return (ChatView(self, chat) for chat in self.world.chats.values())

    async def wait_until(
        self,
        condition: Callable[[World], FoundT | None],
        *,
        timeout: float = PATIENCE_S,  # noqa: ASYNC109 - the caller's words, handed to asyncio.timeout
    ) -> FoundT:
        """Waits until the condition gives something true, and gives that; asks anew at everything that happens.

        Raises:
            TimeoutError: it never did.
        """
        news = asyncio.Event()

        def notice(_: Happening) -> None:
            news.set()

        end_watching = self.world.subscribe(notice)
        try:
            async with asyncio.timeout(timeout):
                while not (found := condition(self.world)):
                    news.clear()
                    await news.wait()
                return found
        finally:
            end_watching()
