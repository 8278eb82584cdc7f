"""The post-incident document as Markdown (CommonMark with GitHub's tables and ticks).

Whatever came from outside stays text: no emphasis, link, picture, HTML, heading, list, mention or table of its own.
"""

import re
from typing import assert_never
from urllib.parse import quote

from bot.views.postmortem.document import (
    Block,
    Document,
    Figure,
    Figures,
    Item,
    Items,
    Mark,
    Moment,
    Paragraph,
    Picture,
    Section,
    Table,
    Timeline,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&#@$^])")
_AUTOLINK = re.compile(r"(?i)(?<=[a-z0-9+.-])(?=://)|(?<=www)(?=\.)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)")
_LIST_NUMBER = re.compile(r"^(\d{1,9})([.)])")
_LEADING = re.compile(r"^([-+=:!])")
_MARKS = {Mark.GOOD: "✅", Mark.BAD: "⚠️", Mark.TURN: "", Mark.PLAIN: ""}


def markdown(document: Document, picture: str | None = None) -> str:
    """The document as a file's text, ending in a line break.

    `picture` is the name of the file beside it that holds its picture; without one no picture is shown.
    """
    head = [f"# {escaped(document.title)}", " · ".join(escaped(label) for label in document.labels)]
    sections = [part for section in document.sections for part in _section(section, picture)]
    return "\n\n".join([*head, *sections, "---", f"*{escaped(document.footer)}*"]) + "\n"


def escaped(text: str) -> str:
    """The text so that Markdown shows it as it is, on one line."""
    line = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    line = _AUTOLINK.sub(lambda _: "\\", line)
    return _LEADING.sub(r"\\\1", _LIST_NUMBER.sub(r"\1\\\2", line))


def _section(section: Section, picture: str | None) -> list[str]:
    shown = [block for block in section.blocks if picture or not isinstance(block, Picture)]
    return [f"## {escaped(section.title)}", *(_block(block, picture or "") for block in shown)]


def _block(block: Block, picture: str) -> str:
    match block:
        case Paragraph():
            return f"*{escaped(block.text)}*" if block.quiet else escaped(block.text)
        case Figures():
            return "\n".join(_figure(figure) for figure in block.figures)
        case Timeline():
            return "\n".join(_moment(moment) for moment in block.moments)
        case Items():
            return "\n".join(_item(item, ticked=block.ticked) for item in block.items)
        case Table():
            return _table(block)
        case Picture():
            return f"![{escaped(block.alt)}]({quote(picture)})"
        case _:
            assert_never(block)


def _figure(figure: Figure) -> str:
    value = f"**{escaped(figure.name)}:** {escaped(figure.value)}"
    sign = _MARKS[figure.mark]
    note = f" ({escaped(figure.note)})" if figure.note else ""
    return f"- {value}{note}{f' {sign}' if sign else ''}"


def _moment(moment: Moment) -> str:
    text = escaped(moment.text)
    return f"- {escaped(moment.shown)} – {f'**{text}**' if moment.mark is Mark.TURN else text}"


def _item(item: Item, *, ticked: bool) -> str:
    tick = f"[{'x' if item.mark is Mark.GOOD else ' '}] " if ticked else ""
    return f"- {tick}{escaped(item.text)}"


def _table(table: Table) -> str:
    lines = [_row(table.head), "|" + " --- |" * len(table.head)]
    return "\n".join([*lines, *(_row(row) for row in table.rows)])


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |"
