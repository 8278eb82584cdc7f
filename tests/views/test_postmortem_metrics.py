"""The metrics in the post-incident document: its picture, its figures, and where there are none."""

import json

from bot.views.postmortem.forms import file, picture_beside, picture_message
from bot.views.postmortem.measured import NotMeasured, Unmeasured
from bot.views.review_presses import DocumentForm
from tests.views.documents import Elements, written
from tests.views.reviewed import DOT, a_story, measured, viewed
from tests.views.scenes import ENGLISH, lines


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
