"""The post-incident document in its three forms: what it says, and that text from outside stays text in each."""

import json
import re
from base64 import b64encode
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
from bot.views.postmortem.forms import CAPTION_LIMIT, file, picture_beside, picture_message, with_summary
from bot.views.postmortem.markdown import escaped
from bot.views.postmortem.measured import NotMeasured, Unmeasured
from bot.views.postmortem.sections import document
from bot.views.review_presses import DocumentForm
from tests.views.reviewed import DOT, NASTY, a_nasty_story, a_story, measured, viewed
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


def written(form: DocumentForm, story: Any = None, **more: Any) -> str:
    """The document of a story in a form, with its metrics."""
    with_metrics: dict[str, Any] = {"measured": measured(), **more}
    view = viewed(story or a_story(), **with_metrics)
    beside = picture_beside(view, form, "INC-7")
    return file(view, form, beside.name if beside else None).content.decode()


class Elements(HTMLParser):
    """Every element of a page with its attributes; the text between; and whether each was closed in turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.sources: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources.extend(value or "" for name, value in attrs if name == "src")
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


def test_the_json_has_stable_keys_and_units() -> None:
    """Times are ISO 8601 in UTC, durations are seconds and end in `_s`."""
    told = data(viewed(a_story(), measured=measured()))
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
        shown = with_summary(viewed(state, words=words, measured=measured()), form)
        assert 0 < utf16_length(shown.text) <= MESSAGE_LIMIT
        assert utf16_length("\n".join(lines(shown))) <= CAPTION_LIMIT
        assert len(labels(shown)[0]) == 2


def test_markdown_names_its_picture_only_where_that_lies_beside_it() -> None:
    """To standard output, and without a picture, the figures stand alone."""
    view = viewed(a_story(), measured=measured())
    beside = picture_beside(view, DocumentForm.MARKDOWN, "of last friday")
    assert beside is not None
    assert (beside.name, beside.content) == ("of last friday-metrics.png", DOT)
    assert "](of%20last%20friday-metrics.png)" in file(view, DocumentForm.MARKDOWN, beside.name).content.decode()
    assert beside.name in "\n".join(lines(picture_message(ENGLISH, view.incident, beside)))
    alone = file(view, DocumentForm.MARKDOWN).content.decode()
    assert "![" not in alone
    assert "| Error rate |" in alone
    for form in (DocumentForm.HTML, DocumentForm.JSON):
        assert picture_beside(view, form, "x") is None
    assert "![" not in written(DocumentForm.MARKDOWN, measured=measured(None))
    assert "<img" not in written(DocumentForm.HTML, measured=measured(None))


def test_metrics_that_are_not_there_are_one_calm_line() -> None:
    """Without a Prometheus nothing is said; while it is asked, or when it can't tell, one line says so."""
    for form in (DocumentForm.MARKDOWN, DocumentForm.HTML):
        assert "## Metrics" not in written(form, measured=None)
        for why, line in (
            (Unmeasured.READING, "are still being read"),
            (Unmeasured.NOTHING_KEPT, "keeps no metrics of this time"),
            (Unmeasured.UNREADABLE, "be read: did not answer <in> time."),
        ):
            missing = NotMeasured(why, "did not answer <in> time")
            text = written(form, measured=missing)
            shown = text.replace("\\", "") if form is DocumentForm.MARKDOWN else Elements(text).text
            assert line in shown
            assert "<img" not in text
    assert json.loads(written(DocumentForm.JSON, measured=None))["metrics"] is None
    missing = json.loads(written(DocumentForm.JSON, measured=NotMeasured(Unmeasured.UNREADABLE, "x")))["metrics"]
    assert missing == {"missing_because": "unreadable", "series": []}


def test_the_metrics_of_the_json_stand_on_one_grid() -> None:
    """A value for each step between the two ends, null where nothing was measured; each series with its metric."""
    told = json.loads(written(DocumentForm.JSON))["metrics"]
    assert (told["from"], told["to"], told["step_s"]) == ("2026-01-20T11:50:00Z", "2026-01-20T13:10:00Z", 600.0)
    by_name = {series["name"]: series for series in told["series"]}
    assert by_name["Latency P95"]["values"] == [0.03, 0.43, None, None, 0.03, None, None, None, None]
    assert by_name["web-2"]["metric"] == "throughput"
    assert by_name["web-2"]["target"] == {"above": 6000.0, "below": None}


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
