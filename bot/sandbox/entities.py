"""Text and its entities: lengths as Telegram counts them, clean-up, and what it finds by itself.

Offsets and lengths are UTF-16 code units (Bot API, MessageEntity).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

MAX_ENTITIES = 100
"""Entities a message keeps; the surplus is ignored (Bot API, Message: "up to 100 entities")."""


class EntityType(StrEnum):
    """Bot API, MessageEntity.type."""

    MENTION = "mention"
    HASHTAG = "hashtag"
    BOT_COMMAND = "bot_command"
    URL = "url"
    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRIKETHROUGH = "strikethrough"
    SPOILER = "spoiler"
    BLOCKQUOTE = "blockquote"
    EXPANDABLE_BLOCKQUOTE = "expandable_blockquote"
    CODE = "code"
    PRE = "pre"
    TEXT_LINK = "text_link"
    TEXT_MENTION = "text_mention"
    CUSTOM_EMOJI = "custom_emoji"
    DATE_TIME = "date_time"


VERBATIM = frozenset({EntityType.CODE, EntityType.PRE})
STYLES = frozenset(
    {EntityType.BOLD, EntityType.ITALIC, EntityType.UNDERLINE, EntityType.STRIKETHROUGH, EntityType.SPOILER}
)
QUOTES = frozenset({EntityType.BLOCKQUOTE, EntityType.EXPANDABLE_BLOCKQUOTE})


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a text with a meaning. `unix_time` is in seconds, UTC."""

    type: EntityType
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None
    custom_emoji_id: str | None = None
    user_id: int | None = None

    @property
    def end(self) -> int:
        """The offset just behind the last unit."""
        return self.offset + self.length

    def json(self) -> dict[str, Any]:
        """The Bot API's form, without the `user` of a mention."""
        shown: dict[str, Any] = {"type": self.type.value, "offset": self.offset, "length": self.length}
        for name in ("url", "language", "unix_time", "custom_emoji_id"):
            value = getattr(self, name)
            if value is not None:
                shown[name] = value
        if self.date_time_format is not None:
            shown["date_time_format"] = self.date_time_format
        return shown


@dataclass(frozen=True)
class Formatted:
    """A text with its entities, in order."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    @cached_property
    def length(self) -> int:
        """UTF-16 code units."""
        return utf16_length(self.text)


EMPTY = Formatted()


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units; what Telegram's limits count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cleaned(formatted: Formatted) -> Formatted:
    """The text as Telegram keeps it: ends trimmed, entities that can't nest cut, commands and links found, 100 kept."""
    text = formatted.text.rstrip()
    entities = [entity for entity in formatted.entities if entity.length > 0]
    first = min((entity.offset for entity in entities), default=len(text))
    lead = 0
    while lead < min(first, len(text)) and text[lead] in " \n":
        lead += 1
    text = text[lead:]
    kept = _without_clashes(_clipped(entities, lead, utf16_length(text)))
    kept.extend(_found(text, kept))
    kept.sort(key=lambda entity: (entity.offset, -entity.length))
    return Formatted(text, tuple(kept[:MAX_ENTITIES]))


def _clipped(entities: Iterable[Entity], lead: int, end: int) -> list[Entity]:
    moved = (replace(entity, offset=entity.offset - lead) if lead else entity for entity in entities)
    cut = (entity if entity.end <= end else replace(entity, length=end - entity.offset) for entity in moved)
    return [entity for entity in cut if entity.length > 0]


def _without_clashes(entities: list[Entity]) -> list[Entity]:
    """Nothing lies inside code or pre, no quotation inside a quotation (Bot API, Formatting options)."""
    verbatim = [entity for entity in entities if entity.type in VERBATIM]
    quotes = [entity for entity in entities if entity.type in QUOTES]
    kept: list[Entity] = []
    for entity in entities:
        if entity.type in STYLES and verbatim:
            kept.extend(_around(entity, verbatim))
        elif not any(_inside(entity, block) for block in _blockers(entity, verbatim, quotes)):
            kept.append(entity)
    return kept


def _blockers(entity: Entity, verbatim: list[Entity], quotes: list[Entity]) -> list[Entity]:
    """The entities that this one must not lie in."""
    if entity.type in VERBATIM:
        return []
    return [quote for quote in quotes if quote is not entity] if entity.type in QUOTES else verbatim


def _inside(inner: Entity, outer: Entity) -> bool:
    return outer.offset <= inner.offset and inner.end <= outer.end


def _around(entity: Entity, blocks: Iterable[Entity]) -> list[Entity]:
    """What is left of an entity with the blocks cut out of it."""
    pieces: list[Entity] = []
    start = entity.offset
    for block in sorted(blocks, key=lambda block: block.offset):
        if block.end <= start or block.offset >= entity.end:
            continue
        if block.offset > start:
            pieces.append(replace(entity, offset=start, length=block.offset - start))
        start = block.end
    if start < entity.end:
        pieces.append(replace(entity, offset=start, length=entity.end - start))
    return pieces


_FINDABLE = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]+\.[^\s<>\"]+)"
    r"|(?P<bot_command>(?<![\w/<>@.])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z]\w{3,31}\b)"
    r"|(?P<hashtag>(?<![\w#])#(?=\w*[^\W\d])\w{1,256})"
)


def _found(text: str, taken: list[Entity]) -> list[Entity]:
    """Commands, mentions, hashtags and addresses that Telegram marks without being asked."""
    if not ("/" in text or "@" in text or "#" in text):
        return []
    opaque = [entity for entity in taken if entity.type not in STYLES | QUOTES]
    found: list[Entity] = []
    for match in _FINDABLE.finditer(text):
        kind = EntityType(match.lastgroup or "url")
        shown = match[0].rstrip(".,;:!?)'") if kind is EntityType.URL else match[0]
        entity = Entity(kind, utf16_length(text[: match.start()]), utf16_length(shown))
        if not any(entity.offset < other.end and other.offset < entity.end for other in opaque):
            found.append(entity)
    return found
