"""What a post-incident document consists of, before it takes a form: plain text, which every form escapes itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Mark(StrEnum):
    """What a figure or an entry is, so that a form can show it."""

    PLAIN = ""
    GOOD = "good"
    BAD = "bad"
    TURN = "turn"
    """A turn of events: it began, somebody had it, it was over."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of text; `quiet` is said in passing."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure with its name, and what it is to be held against."""

    name: str
    value: str
    note: str = ""
    mark: Mark = Mark.PLAIN


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures side by side."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """An entry of a timeline. `shown` is the time as it is read."""

    at: datetime
    shown: str
    text: str
    mark: Mark = Mark.PLAIN


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened, in order."""

    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list; `mark` says whether it is good news, or done."""

    text: str
    mark: Mark = Mark.PLAIN


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `ticked` ones can be done."""

    items: tuple[Item, ...]
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of the same kind."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, and what it shows for whoever does not see it."""

    png: bytes
    alt: str


Block = Paragraph | Figures | Timeline | Items | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document under its own heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole of it. `language` is that of the text, as in HTML; `mark` says whether it is over."""

    language: str
    title: str
    labels: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: str
