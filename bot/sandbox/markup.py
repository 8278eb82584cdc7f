"""The HTML parse mode, as strict as Telegram's own parser (Bot API, HTML style).

A tag that is not on the list, is left open or is closed by another one refuses the whole message.
"""

import re
from dataclasses import dataclass, replace

from bot.sandbox.entities import Entity, EntityType, Formatted, utf16_length
from bot.sandbox.links import checked_link, mentioned_user

SIMPLE_TAGS = {
    "b": EntityType.BOLD,
    "strong": EntityType.BOLD,
    "i": EntityType.ITALIC,
    "em": EntityType.ITALIC,
    "u": EntityType.UNDERLINE,
    "ins": EntityType.UNDERLINE,
    "s": EntityType.STRIKETHROUGH,
    "strike": EntityType.STRIKETHROUGH,
    "del": EntityType.STRIKETHROUGH,
    "tg-spoiler": EntityType.SPOILER,
    "span": EntityType.SPOILER,
}
TAGS = frozenset(SIMPLE_TAGS) | {"a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}

DATE_TIME_FORMAT = re.compile(r"(?:[rR]|[wW]?[dD]?[tT]?)\Z")
"""Bot API, Date-time entity formatting: `r|w?[dD]?[tT]?`; empty shows the text as it stands."""

_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_SPACE = re.compile(r"\s*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")


class MarkupError(ValueError):
    """The text is not Telegram's HTML; the message is what follows "can't parse entities: "."""


@dataclass(frozen=True, slots=True)
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int
    piece: int


def parse_html(source: str) -> Formatted:
    """The plain text and its entities.

    Raises:
        MarkupError: Telegram would not parse it.
    """
    if "<" not in source and "&" not in source:
        return Formatted(source)
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._pieces: list[str] = []
        self._length = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def read(self) -> Formatted:
        while (bracket := self._source.find("<", self._at)) != -1:
            self._take_text(self._source[self._at : bracket])
            self._at = bracket + 1
            if self._source.startswith("/", self._at):
                self._take_end_tag(bracket)
            else:
                self._take_start_tag(bracket)
        self._take_text(self._source[self._at :])
        if self._open:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        entities = [replace(one, language=None) if one.type is EntityType.CODE else one for one in self._entities]
        entities.sort(key=lambda entity: (entity.offset, -entity.length))
        return Formatted("".join(self._pieces), tuple(entities))

    def _take_text(self, raw: str) -> None:
        text = _decoded(raw)
        self._pieces.append(text)
        self._length += utf16_length(text)

    def _take_start_tag(self, bracket: int) -> None:
        name = self._match(_TAG_NAME).lower()
        if self._at >= len(self._source):
            raise MarkupError(f"Unclosed start tag at byte offset {self._bytes(bracket)}")
        if name not in TAGS:
            raise MarkupError(f'Unsupported start tag "{name}" at byte offset {self._bytes(bracket)}')
        attributes = self._take_attributes(name, bracket)
        self._at += 1
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(bracket)}')
        self._open.append(_OpenTag(name, attributes, self._length, len(self._pieces)))

    def _take_attributes(self, tag: str, bracket: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._match(_SPACE)
            if self._peek() == ">":
                return attributes
            name = self._match(_ATTRIBUTE_NAME)
            if not name:
                raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {self._bytes(bracket)}')
            self._match(_SPACE)
            if self._peek() == "=":
                self._at += 1
                self._match(_SPACE)
                attributes[name] = self._take_value(tag, bracket)
            else:
                attributes[name] = ""
            if not self._peek():
                raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {self._bytes(bracket)}')

    def _take_value(self, tag: str, bracket: int) -> str:
        quote = self._peek()
        if not quote:
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {self._bytes(bracket)}')
        if quote in "\"'":
            end = self._source.find(quote, self._at + 1)
            if end == -1:
                raise MarkupError(f"Unclosed start tag at byte offset {self._bytes(bracket)}")
            value = _decoded(self._source[self._at + 1 : end])
            self._at = end + 1
            return value
        start = self._at
        value = self._match(_TOKEN).lower()
        following = self._peek()
        if following and following != ">" and not following.isspace():
            raise MarkupError(f"Unexpected end of name token at byte offset {self._bytes(start)}")
        return value

    def _take_end_tag(self, bracket: int) -> None:
        if not self._open:
            raise MarkupError(f"Unexpected end tag at byte offset {self._bytes(bracket)}")
        self._at += 1
        name = self._match(_TAG_NAME).lower()
        self._match(_SPACE)
        if self._peek() != ">":
            raise MarkupError(f"Unclosed end tag at byte offset {self._bytes(bracket)}")
        self._at += 1
        tag = self._open.pop()
        if name and name != tag.name:
            raise MarkupError(
                f'Unmatched end tag at byte offset {self._bytes(bracket)}, expected "</{tag.name}>", found "</{name}>"'
            )
        if self._length > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        entity = Entity(EntityType.BOLD, tag.offset, self._length - tag.offset)
        if tag.name in SIMPLE_TAGS:
            self._entities.append(replace(entity, type=SIMPLE_TAGS[tag.name]))
        elif tag.name == "blockquote":
            expandable = "expandable" in tag.attributes
            kind = EntityType.EXPANDABLE_BLOCKQUOTE if expandable else EntityType.BLOCKQUOTE
            self._entities.append(replace(entity, type=kind))
        elif tag.name == "a":
            self._close_link(tag, entity)
        elif tag.name == "tg-time":
            self._close_time(tag, entity)
        elif tag.name == "tg-emoji":
            self._close_emoji(tag, entity)
        else:
            self._close_verbatim(tag, entity)

    def _close_link(self, tag: _OpenTag, entity: Entity) -> None:
        url = tag.attributes.get("href") or "".join(self._pieces[tag.piece :])
        user_id = mentioned_user(url)
        if user_id is not None:
            self._entities.append(replace(entity, type=EntityType.TEXT_MENTION, user_id=user_id))
        elif (link := checked_link(url)) is not None:
            self._entities.append(replace(entity, type=EntityType.TEXT_LINK, url=link))

    def _close_time(self, tag: _OpenTag, entity: Entity) -> None:
        unix = tag.attributes.get("unix", "")
        shape = tag.attributes.get("format", "")
        if not DATE_TIME_FORMAT.match(shape):
            raise MarkupError("Invalid date format used")
        if unix.isdecimal() and int(unix) > 0:
            self._entities.append(
                replace(entity, type=EntityType.DATE_TIME, unix_time=int(unix), date_time_format=shape)
            )

    def _close_emoji(self, tag: _OpenTag, entity: Entity) -> None:
        emoji = tag.attributes.get("emoji-id", "")
        if not emoji.isdecimal() or int(emoji) == 0:
            raise MarkupError("Invalid custom emoji identifier specified")
        self._entities.append(replace(entity, type=EntityType.CUSTOM_EMOJI, custom_emoji_id=emoji))

    def _close_verbatim(self, tag: _OpenTag, entity: Entity) -> None:
        """`<pre><code class="language-x">` is one `pre` entity with a language."""
        if tag.name == "code":
            marker = tag.attributes.get("class", "")
            language = marker.removeprefix("language-") if marker.startswith("language-") else None
            self._entities.append(replace(entity, type=EntityType.CODE, language=language))
            return
        block = replace(entity, type=EntityType.PRE)
        last = self._entities[-1] if self._entities else block
        if last.type is EntityType.CODE and (last.offset, last.length) == (block.offset, block.length):
            self._entities[-1] = replace(block, language=last.language)
        else:
            self._entities.append(block)

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._source, self._at)
        found = match[0] if match else ""
        self._at += len(found)
        return found

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _bytes(self, position: int) -> int:
        return len(self._source[:position].encode())


def _decoded(raw: str) -> str:
    if "&" not in raw:
        return raw
    text = _REFERENCE.sub(_character, raw)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise MarkupError(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
            "surrogate code units"
        )
    return text


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, named = match.groups()
    if named:
        return _NAMED[named]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code <= 0x10FFFF else match[0]  # noqa: PLR2004 - the last code point of Unicode
