"""People, chats and rotations: what a roster file may say."""

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.domain.plan import ClockDuration, Name, Part, Text, Zone

Language = Literal["en", "ru"]
TelegramId = Annotated[int, Field(strict=True)]


class Person(Part):
    """Somebody on the team. `telegram` is the numeric user id; `timezone` is where the person's night is."""

    name: Text
    telegram: TelegramId
    roles: tuple[Name, ...] = ()
    timezone: Zone = ZoneInfo("UTC")
    language: Language = "en"


class Chat(Part):
    """A Telegram chat by its numeric id, and the language spoken in it."""

    id: TelegramId
    language: Language = "en"


class Chats(Part):
    """Where incidents are worked, and where stakeholders read; without the latter they read with the responders."""

    responders: Chat
    stakeholders: Chat | None = None


class Rotation(Part):
    """People taking turns: each is on call for `every`, handing over at the time of day of `starts` in `timezone`."""

    name: Name
    people: tuple[Name, ...] = Field(min_length=1)
    every: ClockDuration
    starts: datetime
    timezone: Zone = ZoneInfo("UTC")


class OnCall(Part):
    """Where it is written who is on call."""

    rotations: tuple[Rotation, ...] = ()
    ical_url: str | None = None


class Roster(Part):
    """The team. The key of a person is a short name that commands and the log use."""

    people: dict[Name, Person] = Field(min_length=1)
    chats: Chats
    on_call: OnCall | None = None

    def by_telegram(self, user_id: int) -> str | None:
        """The key of the person with this Telegram user id; None for a stranger."""
        return next((key for key, person in self.people.items() if person.telegram == user_id), None)

    def name_of(self, key: str) -> str:
        """The person's name; the key itself for somebody who has left the roster."""
        person = self.people.get(key)
        return person.name if person else key

    def with_role(self, role: str) -> tuple[str, ...]:
        """Keys of everybody with a role, in the roster's order; `team` is everybody."""
        return tuple(key for key, person in self.people.items() if role == "team" or role in person.roles)
