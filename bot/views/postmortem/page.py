"""The post-incident document as one HTML page: nothing is loaded, nothing runs, and everything from outside is text."""

from base64 import b64encode
from html import escape
from importlib import resources
from typing import assert_never

from bot.views.postmortem.document import (
    Block,
    Document,
    Figure,
    Figures,
    Item,
    Items,
    Moment,
    Paragraph,
    Picture,
    Section,
    Table,
    Timeline,
)
from bot.views.times import iso

_NOTHING_FROM_OUTSIDE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page(document: Document) -> str:
    """The whole page, UTF-8."""
    labels = "".join(f"<li>{_text(label)}</li>" for label in document.labels)
    sections = "\n".join(_section(number, section) for number, section in enumerate(document.sections, start=1))
    return f"""<!DOCTYPE html>
<html lang="{_text(document.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="{_NOTHING_FROM_OUTSIDE}">
<title>{_text(document.title)}</title>
<style>
{_style()}
</style>
</head>
<body>
<header>
<h1>{_text(document.title)}</h1>
<ul class="labels">{labels}</ul>
</header>
<main>
{sections}
</main>
<footer><p>{_text(document.footer)}</p></footer>
</body>
</html>
"""


def _style() -> str:
    return resources.files("bot.views.postmortem").joinpath("page.css").read_text("utf-8").strip()


def _section(number: int, section: Section) -> str:
    blocks = "\n".join(_block(block) for block in section.blocks)
    return (
        f'<section aria-labelledby="s{number}">\n<h2 id="s{number}">{_text(section.title)}</h2>\n{blocks}\n</section>'
    )


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return f"<p{_class('quiet') if block.quiet else ''}>{_text(block.text)}</p>"
        case Figures():
            return f'<dl class="figures">{"".join(map(_figure, block.figures))}</dl>'
        case Timeline():
            return f'<ol class="timeline">{"".join(map(_moment, block.moments))}</ol>'
        case Items():
            ticks = _class("ticks") if block.ticked else ""
            return f"<ul{ticks}>{''.join(map(_item, block.items))}</ul>"
        case Table():
            return _table(block)
        case Picture():
            png = b64encode(block.png).decode("ascii")
            return f'<img class="picture" src="data:image/png;base64,{png}" alt="{_text(block.alt)}">'
        case _:
            assert_never(block)


def _figure(figure: Figure) -> str:
    note = f'<dd class="note">{_text(figure.note)}</dd>' if figure.note else ""
    name, value = _text(figure.name), _text(figure.value)
    return f"<div{_class(figure.mark)}><dt>{name}</dt><dd>{value}</dd>{note}</div>"


def _moment(moment: Moment) -> str:
    time = f'<time datetime="{iso(moment.at)}">{_text(moment.shown)}</time>'
    return f"<li{_class(moment.mark)}>{time}<span>{_text(moment.text)}</span></li>"


def _item(item: Item) -> str:
    return f"<li{_class(item.mark)}>{_text(item.text)}</li>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{_text(cell)}</th>' for cell in table.head)
    rows = "".join(f"<tr>{_row(table.head, row)}</tr>" for row in table.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(head: tuple[str, ...], row: tuple[str, ...]) -> str:
    # On a phone a row becomes a card, and each cell says what it is.
    return "".join(f'<td data-name="{_text(name)}">{_text(cell)}</td>' for name, cell in zip(head, row, strict=True))


def _class(mark: str) -> str:
    return f' class="{mark}"' if mark else ""


def _text(text: str) -> str:
    return escape(text, quote=True)
