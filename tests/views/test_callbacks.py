"""What buttons carry: small, read back exactly, and worthless when forged."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.review_events import Documentation, LessonKind
from bot.views import callbacks, crew_presses, panel_presses
from bot.views.callbacks import DATA_LIMIT_BYTES, Panel, Press, data_of, parse
from bot.views.checklist_presses import ResolutionQuestion
from bot.views.review_presses import DocumentForm, ReviewQuestion
from bot.views.verbs import Verb

INCIDENTS = st.integers(1, 999_999_999).map(lambda number: f"INC-{number}")
NUMBERS = st.integers(0, 999_999)
PRESSES: st.SearchStrategy[Press] = st.one_of(
    *(
        st.builds(kind, INCIDENTS)
        for kind in (
            callbacks.Ack,
            callbacks.AskSeverity,
            callbacks.Cancel,
            callbacks.AskUpdate,
            callbacks.Resolve,
            callbacks.Reopen,
            callbacks.OpenIncident,
            callbacks.EndSilence,
            panel_presses.ShowAssessment,
            crew_presses.ShowRoles,
            crew_presses.StillOnIt,
        )
    ),
    st.builds(callbacks.EscalateTo, INCIDENTS, st.none() | NUMBERS),
    st.builds(callbacks.ChooseSeverity, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(callbacks.ConfirmSeverity, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(callbacks.Snooze, INCIDENTS, NUMBERS),
    st.builds(callbacks.ExplainSnooze, INCIDENTS, NUMBERS),
    st.builds(callbacks.ApproveDraft, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(callbacks.DiscardDraft, INCIDENTS, NUMBERS),
    st.builds(callbacks.DraftSent, INCIDENTS, NUMBERS),
    st.builds(callbacks.PickFor, st.sampled_from(Verb), INCIDENTS),
    st.builds(callbacks.OpenPanel, INCIDENTS, st.sampled_from(Panel)),
    st.builds(callbacks.ShowRunbook, INCIDENTS, NUMBERS),
    st.builds(callbacks.TickStep, INCIDENTS, NUMBERS, NUMBERS, NUMBERS),
    st.builds(callbacks.ShowLogs, INCIDENTS, NUMBERS),
    st.builds(callbacks.AskAction, INCIDENTS, NUMBERS),
    st.builds(callbacks.AskSilence, INCIDENTS, NUMBERS),
    st.builds(callbacks.ConfirmSilence, INCIDENTS, NUMBERS, NUMBERS),
    *(
        st.builds(kind, INCIDENTS, NUMBERS)
        for kind in (crew_presses.TakeRole, crew_presses.AskRole, crew_presses.LeaveRole)
    ),
    st.builds(crew_presses.HandRole, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(panel_presses.AskAspect, INCIDENTS, NUMBERS),
    st.builds(panel_presses.AnswerAspect, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(panel_presses.SetFlag, INCIDENTS, NUMBERS),
    st.builds(callbacks.Approve, INCIDENTS, NUMBERS),
    st.builds(callbacks.Reject, INCIDENTS, NUMBERS),
    st.builds(callbacks.RunAction, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(callbacks.TickItem, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(callbacks.ShowChecklist, INCIDENTS, NUMBERS),
    st.builds(callbacks.ResolveNow, INCIDENTS, NUMBERS),
    st.builds(callbacks.AskForResolution, INCIDENTS, st.sampled_from(ResolutionQuestion)),
    st.builds(callbacks.AskForReview, INCIDENTS, st.sampled_from(ReviewQuestion)),
    st.builds(callbacks.SortLesson, INCIDENTS, NUMBERS, st.sampled_from(LessonKind)),
    st.builds(callbacks.SettleItem, INCIDENTS, NUMBERS, NUMBERS, NUMBERS),
    st.builds(callbacks.TickDocumentation, INCIDENTS, st.sampled_from(Documentation), NUMBERS),
    st.builds(callbacks.CloseReview, INCIDENTS),
    st.builds(callbacks.ShowDocument, INCIDENTS, st.sampled_from(DocumentForm)),
    st.builds(callbacks.ShowList, NUMBERS, st.none() | NUMBERS),
    st.builds(callbacks.ShowTimeline, INCIDENTS, st.none() | NUMBERS),
)


@settings(deadline=None)
@given(PRESSES)
def test_a_press_is_read_back_as_it_was_written(press: Press) -> None:
    """Every press fits 64 bytes and comes back unchanged."""
    data = data_of(press)
    assert 1 <= len(data.encode()) <= DATA_LIMIT_BYTES
    assert parse(data) == press


def test_every_kind_of_press_has_a_name() -> None:
    """No press is left that a button could not carry."""
    assert {kind.__name__ for kind in get_args(Press)} == {kind.__name__ for kind in callbacks.NAMED.values()}


@settings(deadline=None)
@given(st.text(max_size=80))
def test_noise_is_no_press(data: str) -> None:
    """Made-up data never raises, and what is read from it is exactly what would be written."""
    press = parse(data)
    assert press is None or data_of(press) == data


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "1",
        "1:",
        "1:ack",
        "1:ack:",
        "2:ack:INC-1",
        "1:ack:INC-0",
        "1:ack:INC-٣",
        "1:ack:INC-1:x",
        "1:sev:INC-1:-1:0",
        "1:sev:INC-1:01:0",
        "1:sev:INC-1:1e3:0",
        "1:pick:rm:INC-1",
        "1:panel:INC-1:../x",
        "1:ack:INC-1" + "0" * 60,
        "1:ack:\ud800",
    ],
)
def test_forged_data_is_refused(forged: str) -> None:
    """Another version, a missing field, a number that is none: no press."""
    assert parse(forged) is None


def test_an_id_that_is_none_of_ours_is_not_put_on_a_button() -> None:
    """A mistake of ours is an error here, not a dead button in the chat."""
    with pytest.raises(ValueError, match="can't be carried"):
        data_of(callbacks.Ack("INC-1:evil"))
