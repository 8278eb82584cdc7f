"""Telegram's HTML, put together from pieces that are cut before they are rendered.

A piece knows its text after entity parsing, so a message is held to Telegram's limits by leaving whole lines out;
rendered HTML is never cut. Everything that is not a piece yet is outside text: cleaned, bounded, escaped.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from bot.views.outside_text import MORE, clean, cut, one_line, paragraphs, utf16_length

MESSAGE_LIMIT = 4096
"""UTF-16 units of a message after entity parsing (Bot API, sendMessage: 1-4096 characters)."""
ENTITY_LIMIT = 100
"""Entities of a message; Telegram drops what comes after (Bot API, MessageEntity)."""
LINE_LIMIT = 300
COPIED_LIMIT = 120
"""An address that can't be tapped is a wall beyond two lines of a phone."""
LINK_LIMIT = 1000
"""A longer address is a query nobody reads on a phone, and Telegram's clients cut links at about 2,000."""

_TIME_TAG = re.compile(r"</?tg-time[^>]*>")


@dataclass(frozen=True, slots=True)
class Piece:
    """Well-formed HTML, the text it shows, and how many entities it costs."""

    html: str = ""
    plain: str = ""
    entities: int = 0

    def __add__(self, other: "Piece") -> "Piece":
        return Piece(self.html + other.html, self.plain + other.plain, self.entities + other.entities)

    def __bool__(self) -> bool:
        return bool(self.plain)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a message; one that says nothing is left out.

    Of a message that is too long the lines of the highest `weight` go first, of the same weight the last first.
    """

    piece: Piece
    weight: int = 0


BLANK = Line(Piece())
"""An empty line between paragraphs; one that ends up first, last or doubled is left out."""


def text(value: str, limit: int = LINE_LIMIT) -> Piece:
    """Outside text as one line of at most `limit` UTF-16 units."""
    return _verbatim(cut(one_line(value), limit))


def paragraph(value: str, limit: int) -> Piece:
    """Outside text that may keep its line breaks, at most `limit` UTF-16 units."""
    return _verbatim(cut(clean(value), limit))


def bold(piece: Piece) -> Piece:
    """The piece in bold; it may hold a time, and nothing else that is bold."""
    return _tagged("b", piece)


def italic(piece: Piece) -> Piece:
    """The piece in italics: what is said in passing."""
    return _tagged("i", piece)


def code(value: str, limit: int = LINE_LIMIT) -> Piece:
    """Outside text in a fixed-width font, copied with a tap."""
    return _tagged("code", text(value, limit))


def pre(lines: Sequence[str], limit: int) -> Piece:
    """The last lines of outside text that fit, in a fixed-width font; of a single longer line its beginning."""
    kept: list[str] = []
    room = limit
    for line in reversed([clean(line) for line in lines]):
        room -= utf16_length(line) + 1
        if room < 0:
            break
        kept.append(line)
    if lines and not kept:
        kept = [cut(clean(lines[-1]), limit)]
    return _tagged("pre", _verbatim("\n".join(reversed(kept)).strip("\n")))


def quote(value: str, limit: int) -> Piece:
    """Outside text of several lines as a quotation."""
    return _tagged("blockquote", paragraph(value, limit))


def prose(value: str, limit: int) -> Piece:
    """Outside text with its line breaks and its paragraphs, at most `limit` UTF-16 units."""
    return _verbatim(cut(paragraphs(value), limit))


def quoted(piece: Piece) -> Piece:
    """The piece as a quotation."""
    return _tagged("blockquote", piece)


def preformatted(piece: Piece) -> Piece:
    """The piece in a fixed-width font, in a block that is copied with a tap."""
    return _tagged("pre", piece)


def link(label: Piece, address: str) -> Piece:
    """The label as a link; where Telegram would not make one of the address, the label with the address to copy.

    Telegram makes no link of `http://localhost` and other hosts without a dot. Nothing, where the address is too long
    to be looked at.
    """
    if is_link(address):
        return Piece(f'<a href="{escape(address)}">{label.html}</a>', label.plain, label.entities + 1)
    if utf16_length(address) > COPIED_LIMIT:
        return Piece()
    return joined((label, code(address)), ": ")


def mention(name: Piece, user_id: int) -> Piece:
    """A name that calls its owner's attention (Bot API, formatting options: `tg://user?id=`)."""
    return Piece(f'<a href="tg://user?id={user_id}">{name.html}</a>', name.plain, name.entities + 1)


def moment(shown: Piece, unix: int) -> Piece:
    """A time that Telegram also shows in the reader's own zone (Bot API 9.5, `date_time` entity without a format)."""
    return Piece(f'<tg-time unix="{unix}">{shown.html}</tg-time>', shown.plain, shown.entities + 1)


def opening(piece: Piece) -> Piece:
    """The piece at the beginning of a line: with a capital letter, unless it opens with a tag."""
    first = piece.plain[:1]
    if not first.islower() or not piece.html.startswith(first):
        return piece
    return Piece(first.upper() + piece.html[1:], first.upper() + piece.plain[1:], piece.entities)


def joined(pieces: Iterable[Piece], separator: str = " · ") -> Piece:
    """The pieces that say something, with a separator between them."""
    glue = Piece(escape(separator, quote=False), separator)
    whole = Piece()
    for piece in pieces:
        if piece:
            whole = whole + glue + piece if whole else piece
    return whole


def message(lines: Sequence[Line], limit: int = MESSAGE_LIMIT) -> str:
    """The HTML of a message within Telegram's limits; the least important lines are left out where they must be."""
    kept = list(lines)
    while kept and not _fits(shown := _without_idle_blanks(kept), limit):
        heaviest = max(range(len(kept)), key=lambda index: (kept[index].weight, index))
        if len(shown) == 1:
            return _verbatim(cut(shown[0].piece.plain, limit)).html
        del kept[heaviest]
    return "\n".join(line.piece.html for line in _without_idle_blanks(kept))


def without_times(html: str) -> str:
    """The same HTML for a Bot API server that does not know `tg-time` yet: the times stay as they are written."""
    return _TIME_TAG.sub("", html)


def is_link(address: str) -> bool:
    """Whether Telegram makes a link of it, in a text or on a button; only the web's own schemes are let through."""
    if len(address) > LINK_LIMIT or address != clean(address) or any(letter.isspace() for letter in address):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in host.strip(".")


def _verbatim(shown: str) -> Piece:
    return Piece(escape(shown, quote=False), shown)


def _tagged(tag: str, piece: Piece) -> Piece:
    return Piece(f"<{tag}>{piece.html}</{tag}>", piece.plain, piece.entities + 1) if piece else piece


def _fits(lines: Sequence[Line], limit: int) -> bool:
    length = sum(utf16_length(line.piece.plain) + 1 for line in lines) - 1
    return length <= limit and sum(line.piece.entities for line in lines) <= ENTITY_LIMIT


def _without_idle_blanks(lines: Sequence[Line]) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        if line.piece or (line is BLANK and kept and kept[-1].piece):
            kept.append(line)
    while kept and not kept[-1].piece:
        kept.pop()
    return kept


__all__ = [
    "BLANK",
    "ENTITY_LIMIT",
    "LINE_LIMIT",
    "MESSAGE_LIMIT",
    "MORE",
    "Line",
    "Piece",
    "bold",
    "code",
    "is_link",
    "italic",
    "joined",
    "link",
    "message",
    "moment",
    "opening",
    "paragraph",
    "pre",
    "preformatted",
    "prose",
    "quote",
    "quoted",
    "text",
    "without_times",
]
