"""People, chats and rotations: what a roster file may say."""

from datetime import datetime
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from bot.domain.fields import Name, Part, PositiveClockDuration, Text, WebAddress, Zone

Language = Literal["en", "ru"]
UserId = Annotated[int, Field(strict=True, gt=0, lt=2**52)]  # Bot API, User: at most 52 significant bits
ChatId = Annotated[int, Field(strict=True, gt=-(2**52), lt=2**52)]


def _wall_clock(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    try:
        parsed = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise ValueError(f'{value!r} is not a date and time; allowed: one like "2026-01-05T10:00"') from error
    if parsed.tzinfo:
        raise ValueError(f"{value!r} carries a zone; allowed: a wall-clock time, its zone in the key timezone")
    return parsed


WallClock = Annotated[
    datetime,
    BeforeValidator(_wall_clock),
    WithJsonSchema({"type": "string", "examples": ["2026-01-05T10:00"]}),
]
"""A naive date and time on the wall of the zone that stands beside it."""


class Person(Part):
    """Somebody on the team. `telegram` is the numeric user id; `timezone` is where the person's night is."""

    name: Text
    telegram: UserId
    roles: tuple[Name, ...] = ()
    timezone: Zone = ZoneInfo("UTC")
    language: Language = "en"


class Chat(Part):
    """A Telegram chat by its numeric id, below zero for a group, and the language spoken in it."""

    id: ChatId
    language: Language = "en"


class Chats(Part):
    """Where incidents are worked, and where stakeholders read; without the latter they read with the responders."""

    responders: Chat
    stakeholders: Chat | None = None


class Rotation(Part):
    """People taking turns: each is on call for `every`, handing over at the time of day of `starts` in `timezone`."""

    name: Name
    people: tuple[Name, ...] = Field(min_length=1)
    every: PositiveClockDuration
    starts: WallClock
    timezone: Zone = ZoneInfo("UTC")


class OnCall(Part):
    """Where it is written who is on call: rotations, an iCalendar address, or both."""

    rotations: tuple[Rotation, ...] = ()
    ical_url: WebAddress | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not self.rotations and self.ical_url is None:
            raise ValueError("it is not written who is on call; allowed: rotations, ical_url, or no on_call at all")
        return self


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
