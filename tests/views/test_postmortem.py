"""The post-incident document in its three forms: what it says, and that text from outside stays text in each."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.domain.commands import Acknowledge, MergeInto, Resolve
from bot.domain.review_commands import LearnLesson
from bot.domain.review_facts import Finding
from bot.views.html import MESSAGE_LIMIT
from bot.views.outside_text import one_line, utf16_length
from bot.views.postmortem.data import SCHEMA, data
from bot.views.postmortem.findings import finding
from bot.views.postmortem.forms import CAPTION_LIMIT, file, with_summary
from bot.views.postmortem.markdown import escaped
from bot.views.postmortem.sections import document
from bot.views.review_presses import DocumentForm
from tests.views.reviewed import NASTY, a_nasty_story, a_story, viewed
from tests.views.scenes import ANNA, ENGLISH, RUSSIAN, labels, lines, scene

GOLDEN = Path(__file__).with_name("golden")
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
VOID = {"meta", "br", "img", "link", "input"}
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


def written(form: DocumentForm, story: Any = None, **more: Any) -> str:
    """The document of a story in a form."""
    return file(viewed(story or a_story(), **more), form).content.decode()


class Elements(HTMLParser):
    """Every element of a page with its attributes; the text between; and whether each was closed in turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends: the one that began last."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text += data


def tokens(markdown: str) -> list[Token]:
    """Everything a reader of Markdown makes of it."""
    flat: list[Token] = []
    for token in READER.parse(markdown):
        flat.extend((token, *(token.children or ())))
    return flat


@pytest.mark.parametrize(
    ("form", "name"), [(DocumentForm.MARKDOWN, "postmortem.md"), (DocumentForm.JSON, "postmortem.json")]
)
def test_the_document_reads_as_it_did(form: DocumentForm, name: str) -> None:
    """The golden documents, which were looked at: a change of theirs is a change on purpose."""
    assert written(form) == (GOLDEN / name).read_text("utf-8")


def test_the_page_says_what_the_markdown_says() -> None:
    """Both are made of one document: every text of the one is in the other."""
    page, plain = Elements(written(DocumentForm.HTML)).text, written(DocumentForm.MARKDOWN).replace("\\", "")
    for section in document(viewed(a_story())).sections:
        assert section.title in page
        assert f"## {section.title}" in plain
    for said in ("Nobody watched the connection pool", "Load test with the production pool size", "12:04 UTC"):
        assert said in page
        assert said in plain


def test_the_page_stands_alone_and_runs_nothing() -> None:
    """No element loads or runs anything, whatever text came from outside; and each is closed."""
    for story in (a_story(), a_nasty_story()):
        found = Elements(written(DocumentForm.HTML, story))
        assert found.names <= ALLOWED
        assert not {name for name in found.attributes if name.startswith("on") or name in {"src", "href", "style"}}
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
    assert not kinds & {
        "link_open",
        "image",
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


def test_the_json_has_stable_keys_and_units() -> None:
    """Times are ISO 8601 in UTC, durations are seconds and end in `_s`."""
    told = data(viewed(a_story()))
    assert told["schema"] == SCHEMA
    assert told["measures"] == {
        "detection_s": 120.0,
        "acknowledgement_s": 240.0,
        "recovery_s": 3600.0,
        "impact_s": 1800.0,
        "impact_started_at": "2026-01-20T11:58:00Z",
        "impact_ended_at": "2026-01-20T12:28:00Z",
    }
    assert json.loads(written(DocumentForm.JSON)) == told


@pytest.mark.parametrize("words", [ENGLISH, RUSSIAN])
@pytest.mark.parametrize("form", DocumentForm)
def test_every_state_of_an_incident_has_a_document(form: DocumentForm, words: Any) -> None:
    """Just declared, in hand, merged, over, with and without everything: each form is written, in both languages."""
    states = (
        scene(),
        scene(by=ANNA, alerts=()),
        scene(alerts=()).do(1, Acknowledge(ANNA)),
        scene().do(1, MergeInto(ANNA, "INC-8")),
        scene("SEV-4").do(1, Resolve(ANNA)),
        a_story(),
        a_nasty_story(),
    )
    for state in states:
        assert written(form, state, words=words)
        shown = with_summary(viewed(state, words=words), form)
        assert 0 < utf16_length(shown.text) <= MESSAGE_LIMIT
        assert utf16_length("\n".join(lines(shown))) <= CAPTION_LIMIT
        assert len(labels(shown)[0]) == 2


def test_half_a_letter_is_no_reason_to_lose_the_document() -> None:
    """A lone surrogate, which JSON can carry, becomes a sign that it was there."""
    told = scene().do(1, LearnLesson(ANNA, "half \ud800 letter"))
    assert "half" in written(DocumentForm.MARKDOWN, told)
    assert "half" in written(DocumentForm.JSON, told)


def test_every_finding_has_words() -> None:
    """Each of what a log can say is a sentence of its own."""
    view = viewed(a_story())
    said = {finding(view, view.facts, each).plain for each in Finding}
    assert len(said) == len(Finding)
