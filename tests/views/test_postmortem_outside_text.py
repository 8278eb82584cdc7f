"""Text from outside stays text in each form of the post-incident document."""

import re
from base64 import b64encode
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.views.outside_text import one_line
from bot.views.postmortem.markdown import escaped
from bot.views.review_presses import DocumentForm
from tests.views.documents import Elements, written
from tests.views.reviewed import DOT, NASTY, a_nasty_story, a_story

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ALLOWED = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "h1",
    "ul",
    "li",
    "main",
    "section",
    "h2",
    "img",
    "p",
    "dl",
    "div",
    "dt",
    "dd",
    "ol",
    "time",
    "span",
    "table",
    "thead",
    "tr",
    "th",
    "tbody",
    "td",
    "footer",
}


def tokens(markdown: str) -> list[Token]:
    """Everything a reader of Markdown makes of it."""
    flat: list[Token] = []
    for token in READER.parse(markdown):
        flat.extend((token, *(token.children or ())))
    return flat


def test_the_page_stands_alone_and_runs_nothing() -> None:
    """No element loads or runs anything, whatever text came from outside; and each is closed."""
    for story in (a_story(), a_nasty_story()):
        found = Elements(written(DocumentForm.HTML, story))
        assert found.names <= ALLOWED
        assert not {name for name in found.attributes if name.startswith("on") or name in {"href", "style"}}
        assert found.sources == ["data:image/png;base64," + b64encode(DOT).decode()]
    assert "default-src 'none'" in written(DocumentForm.HTML)


def test_text_from_outside_is_shown_as_it_is() -> None:
    """A reader of the page sees the attacker's text, as text."""
    text = " ".join(Elements(written(DocumentForm.HTML, a_nasty_story())).text.split())
    assert "<script>alert(1)</script>" in text
    assert "&lt;b&gt;" in text


def test_markdown_from_outside_makes_no_markup() -> None:
    """No link, picture, HTML, code, strike-through or emphasis but ours; no heading and no cell more than ours."""
    calm, nasty = tokens(written(DocumentForm.MARKDOWN)), tokens(written(DocumentForm.MARKDOWN, a_nasty_story()))
    kinds = {token.type for token in nasty}
    sources = [token.attrGet("src") for token in nasty if token.type == "image"]
    assert sources == ["INC-7-metrics.png"]
    assert not kinds & {
        "link_open",
        "html_inline",
        "html_block",
        "code_inline",
        "code_block",
        "fence",
        "s_open",
    }
    assert kinds <= {token.type for token in calm}
    headings = [after.content for token, after in pairwise(nasty) if token.type == "heading_open"]
    assert [heading for heading in headings if "Owned" in heading] == headings[:1]
    rows = sum(token.type == "tr_open" for token in nasty)
    cells = sum(token.type in {"td_open", "th_open"} for token in nasty)
    of_items = 2
    assert cells == 5 * of_items + 4 * (rows - of_items)


@pytest.mark.parametrize(
    "text",
    [
        NASTY,
        "# heading",
        "- item",
        "+ item",
        "1. item",
        "12) item",
        "> quote",
        "===",
        "---",
        "***",
        "~~~",
        "    indented",
        "| a | b |",
        "[a]: http://evil.example",
        "<http://evil.example>",
        "![x](y)",
        "&copy;",
        "a\\",
        "__init__ *args **kwargs `x` ~~y~~",
        "http://evil.example www.evil.example mailto:x@evil.example",
        ": a",
    ],
)
def test_escaped_markdown_reads_as_it_was_written(text: str) -> None:
    """On a line of its own, in a list and in a cell: what is shown is the text, and nothing else."""
    shown = one_line(text)
    for before, after in (("", ""), ("- ", ""), ("| a |\n| --- |\n| ", " |")):
        parsed = tokens(before + escaped(shown) + after)
        inline = [token for token in parsed if token.type == "inline"]
        seen = "".join(child.content for child in inline[-1].children or () if child.type != "softbreak")
        assert seen == shown
        assert {child.type for child in inline[-1].children or ()} <= {"text", "text_special"}


def test_bare_addresses_are_broken_for_readers_that_link_them() -> None:
    """GitHub makes links of addresses without any markup: a backslash stands where it looks for one."""
    said = escaped("see https://evil.example and www.evil.example or mailto:x@evil.example")
    assert not re.search(r"(https?://|www\.|mailto:)", said)
    assert "@" not in said.replace("\\@", "")
