"""A message as a test sees it."""

from dataclasses import dataclass

from bot.sandbox.entities import Entity
from bot.sandbox.files import File
from bot.sandbox.messages import Button, Keyboard, Message
from bot.sandbox.people import Bot


class NoSuchButtonError(LookupError):
    """The message has no button with that word; the error lists those it has."""


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as it was when it was looked at; `refreshed` looks again."""

    message: Message

    @property
    def id(self) -> int:
        """Its id in the chat."""
        return self.message.message_id

    @property
    def chat_id(self) -> int:
        """Where it is."""
        return self.message.chat.id

    @property
    def sender(self) -> str:
        """The sender's name; the chat's title for an anonymous admin."""
        return self.message.chat.title if self.message.anonymous else self.message.sender.name

    @property
    def from_bot(self) -> bool:
        """The bot wrote it."""
        return isinstance(self.message.sender, Bot)

    @property
    def text(self) -> str:
        """The text, or the caption."""
        return self.message.body.text

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Bold, links, commands and the like."""
        return self.message.body.entities

    @property
    def keyboard(self) -> Keyboard:
        """The rows of buttons."""
        return self.message.keyboard

    @property
    def buttons(self) -> list[str]:
        """The labels of all buttons, in reading order."""
        return [button.text for row in self.message.keyboard for button in row]

    @property
    def photo(self) -> File | None:
        """Its picture."""
        return self.message.photo

    @property
    def document(self) -> File | None:
        """Its file."""
        return self.message.document

    @property
    def edited(self) -> bool:
        """It was changed after it was sent."""
        return self.message.edited is not None

    @property
    def silent(self) -> bool:
        """It made no sound."""
        return self.message.silent

    @property
    def pinned(self) -> bool:
        """It is pinned now."""
        return self.id in self.message.chat.pinned

    @property
    def deleted(self) -> bool:
        """It is gone by now."""
        return self.id not in self.message.chat.messages

    @property
    def reply_to(self) -> "MessageView | None":
        """The message it answers."""
        return None if self.message.reply_to is None else MessageView(self.message.reply_to)

    def refreshed(self) -> "MessageView":
        """The message as it is now; KeyError once it is deleted."""
        return MessageView(self.message.chat.messages[self.id])

    def has_button(self, word: str) -> bool:
        """A button's label holds the word."""
        return any(word in label for label in self.buttons)

    def button(self, word: str) -> Button:
        """The button with that label, else the first whose label holds the word.

        Raises:
            NoSuchButtonError: there is none.
        """
        buttons = [button for row in self.message.keyboard for button in row]
        fitting = [button for button in buttons if button.text == word]
        fitting += [button for button in buttons if word in button.text]
        if fitting:
            return fitting[0]
        raise NoSuchButtonError(f"no button {word!r} among {self.buttons} under: {self.text}")

    def __str__(self) -> str:
        return f"#{self.id} {self.sender}: {self.text} {self.buttons or ''}".rstrip()
