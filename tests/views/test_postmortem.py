"""The post-incident document in its three forms: what it says in each."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.commands import Acknowledge, MergeInto, Resolve
from bot.domain.review_commands import LearnLesson
from bot.domain.review_facts import Finding
from bot.views.html import MESSAGE_LIMIT
from bot.views.outside_text import utf16_length
from bot.views.postmortem.data import SCHEMA, data
from bot.views.postmortem.findings import finding
from bot.views.postmortem.forms import CAPTION_LIMIT, with_summary
from bot.views.postmortem.sections import document
from bot.views.review_presses import DocumentForm
from tests.views.documents import Elements, written
from tests.views.reviewed import a_nasty_story, a_story, measured, viewed
from tests.views.scenes import ANNA, ENGLISH, RUSSIAN, labels, lines, scene

GOLDEN = Path(__file__).with_name("golden")


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


def test_the_severity_stands_in_the_reader_s_language() -> None:
    """What the built-in plan calls it is translated like the rest of the document."""
    assert document(viewed(scene(), words=RUSSIAN)).labels[0] == "SEV-1 Критичный"
