"""Text from outside made fit to be shown: without what hides, reorders or piles up, and cut where a reader would."""

import re
import unicodedata
from collections.abc import Iterator

MORE = "…"
MARKS_KEPT = 4
"""Combining marks on one letter: Vietnamese and Hebrew need up to three; more is a joke that covers other lines."""

_LINE_BREAKS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_BETWEEN_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n")
_BLANK_LINES = re.compile(r"\n\s*\n\s*")
_SPACES = re.compile(r"[^\S\u00a0]+|\u00a0{2,}")
_JOINER = "\u200d"
_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_FIRST_AFTER_ASCII = 0x80
_INVISIBLE_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5")
"""Letters that show nothing: a name of them alone is a name nobody can see."""


def utf16_length(value: str) -> int:
    """Length in UTF-16 code units, which is how Telegram counts."""
    return len(value.encode("utf-16-le", "surrogatepass")) // 2


def clean(value: str) -> str:
    """The text without control, bidirectional and invisible characters; line breaks stay, empty lines don't pile up."""
    if value.isascii() and value.isprintable():
        return value.strip()  # most names and titles: nothing in them can hide
    lines = _LINE_BREAKS.sub("\n", value).replace("\t", " ")
    visible = "".join(_visible(lines))
    return _BLANK_LINES.sub("\n", visible).strip()


def paragraphs(value: str) -> str:
    """The same with an empty line kept between paragraphs."""
    broken = _LINE_BREAKS.sub("\n", value)
    return "\n\n".join(filter(None, map(clean, _BETWEEN_PARAGRAPHS.split(broken))))


def one_line(value: str) -> str:
    """The text without line breaks and runs of spaces; a no-break space keeps a number and its unit together."""
    return _SPACES.sub(" ", clean(value)).strip()


def cut(value: str, limit: int) -> str:
    """At most `limit` UTF-16 units of an already clean text, with an ellipsis for what was left out.

    Never inside what a reader sees as one character; at a space when there is one near the end.
    """
    if utf16_length(value) <= limit:
        return value
    kept: list[str] = []
    room = limit - utf16_length(MORE)
    for cluster in _clusters(value):
        room -= utf16_length(cluster)
        if room < 0:
            break
        kept.append(cluster)
    return _at_a_space("".join(kept)).rstrip() + MORE


def _at_a_space(value: str) -> str:
    space = value.rfind(" ")
    return value[:space] if space > len(value) * 4 // 5 else value


def _visible(value: str) -> Iterator[str]:
    marks = 0
    for index, letter in enumerate(value):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if marks > MARKS_KEPT or letter in _INVISIBLE_FILLERS:
            continue
        if letter == "\n" or kind not in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            if not _is_noncharacter(letter):
                yield letter
        elif kind == "Cs":
            yield "\ufffd"
        elif letter == _JOINER and _joins(value, index):
            yield letter


def _is_noncharacter(letter: str) -> bool:
    return ord(letter) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(letter) <= 0xFDEF  # noqa: PLR2004 - Unicode's own ranges


def _joins(value: str, index: int) -> bool:
    """Whether a joiner makes one emoji or ligature of its neighbours, instead of hiding between them."""
    around = value[index - 1 : index] + value[index + 1 : index + 2]
    return len(around) == 2 and all(ord(letter) >= _FIRST_AFTER_ASCII and letter != _JOINER for letter in around)  # noqa: PLR2004 - one on each side


def _clusters(value: str) -> Iterator[str]:
    """What a reader sees as single characters: near enough to Unicode's grapheme clusters to cut between them."""
    cluster = ""
    for letter in value:
        if cluster and _continues(cluster, letter):
            cluster += letter
        else:
            if cluster:
                yield cluster
            cluster = letter
    if cluster:
        yield cluster


def _continues(cluster: str, letter: str) -> bool:
    if unicodedata.category(letter) in {"Mn", "Me", "Mc"} or letter == _JOINER or ord(letter) in _TONES:
        return True
    flags = sum(1 for part in cluster if ord(part) in _FLAG_LETTERS)
    return cluster.endswith(_JOINER) or (ord(letter) in _FLAG_LETTERS and flags == 1 and len(cluster) == 1)
