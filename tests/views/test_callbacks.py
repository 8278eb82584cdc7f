"""What buttons carry: small, read back exactly, and worthless when forged."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.review_events import Documentation, LessonKind
from bot.views import (
    action_presses,
    browsing_presses,
    callbacks,
    checklist_presses,
    crew_presses,
    draft_presses,
    incident_presses,
    lookup_presses,
    panel_presses,
    review_presses,
    storm_presses,
)
from bot.views.callbacks import DATA_LIMIT_BYTES, Press, data_of, parse
from bot.views.checklist_presses import ResolutionQuestion
from bot.views.incident_presses import Panel
from bot.views.review_presses import DocumentForm, ReviewQuestion
from bot.views.verbs import Verb

INCIDENTS = st.integers(1, 999_999_999).map(lambda number: f"INC-{number}")
NUMBERS = st.integers(0, 999_999)
SERVICES = st.text("0123456789abcdef", min_size=12, max_size=12).map(storm_presses.ServiceKey)
PRESSES: st.SearchStrategy[Press] = st.one_of(
    *(
        st.builds(kind, INCIDENTS)
        for kind in (
            incident_presses.Ack,
            incident_presses.AskSeverity,
            incident_presses.Cancel,
            incident_presses.AskUpdate,
            incident_presses.Resolve,
            incident_presses.Reopen,
            incident_presses.OpenIncident,
            lookup_presses.EndSilence,
            panel_presses.ShowAssessment,
            crew_presses.ShowRoles,
            crew_presses.StillOnIt,
        )
    ),
    st.builds(incident_presses.EscalateTo, INCIDENTS, st.none() | NUMBERS),
    st.builds(incident_presses.ChooseSeverity, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(incident_presses.ConfirmSeverity, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(incident_presses.Snooze, INCIDENTS, NUMBERS),
    st.builds(incident_presses.ExplainSnooze, INCIDENTS, NUMBERS),
    st.builds(draft_presses.ApproveDraft, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(draft_presses.DiscardDraft, INCIDENTS, NUMBERS),
    st.builds(draft_presses.DraftSent, INCIDENTS, NUMBERS),
    st.builds(browsing_presses.PickFor, st.sampled_from(Verb), INCIDENTS),
    st.builds(incident_presses.OpenPanel, INCIDENTS, st.sampled_from(Panel)),
    st.builds(lookup_presses.ShowRunbook, INCIDENTS, NUMBERS),
    st.builds(lookup_presses.TickStep, INCIDENTS, NUMBERS, NUMBERS, NUMBERS),
    st.builds(lookup_presses.ShowLogs, INCIDENTS, NUMBERS),
    st.builds(action_presses.AskAction, INCIDENTS, NUMBERS),
    st.builds(lookup_presses.AskSilence, INCIDENTS, NUMBERS),
    st.builds(lookup_presses.ConfirmSilence, INCIDENTS, NUMBERS, NUMBERS),
    *(
        st.builds(kind, INCIDENTS, NUMBERS)
        for kind in (crew_presses.TakeRole, crew_presses.AskRole, crew_presses.LeaveRole)
    ),
    st.builds(crew_presses.HandRole, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(panel_presses.AskAspect, INCIDENTS, NUMBERS),
    st.builds(panel_presses.AnswerAspect, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(panel_presses.SetFlag, INCIDENTS, NUMBERS),
    st.builds(action_presses.Approve, INCIDENTS, NUMBERS),
    st.builds(action_presses.Reject, INCIDENTS, NUMBERS),
    st.builds(action_presses.RunAction, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(checklist_presses.TickItem, INCIDENTS, NUMBERS, NUMBERS),
    st.builds(checklist_presses.ShowChecklist, INCIDENTS, NUMBERS),
    st.builds(checklist_presses.ResolveNow, INCIDENTS, NUMBERS),
    st.builds(checklist_presses.AskForResolution, INCIDENTS, st.sampled_from(ResolutionQuestion)),
    st.builds(review_presses.AskForReview, INCIDENTS, st.sampled_from(ReviewQuestion)),
    st.builds(review_presses.SortLesson, INCIDENTS, NUMBERS, st.sampled_from(LessonKind)),
    st.builds(review_presses.SettleItem, INCIDENTS, NUMBERS, NUMBERS, NUMBERS),
    st.builds(review_presses.TickDocumentation, INCIDENTS, st.sampled_from(Documentation), NUMBERS),
    st.builds(review_presses.CloseReview, INCIDENTS),
    st.builds(review_presses.ShowDocument, INCIDENTS, st.sampled_from(DocumentForm)),
    st.builds(browsing_presses.ShowList, NUMBERS, st.none() | NUMBERS),
    st.builds(browsing_presses.ShowTimeline, INCIDENTS, st.none() | NUMBERS),
    st.builds(storm_presses.AckService, SERVICES, INCIDENTS, INCIDENTS),
    st.builds(storm_presses.AskToMerge, SERVICES, INCIDENTS, INCIDENTS),
    st.builds(storm_presses.MergeService, SERVICES, INCIDENTS, INCIDENTS, INCIDENTS),
    st.builds(storm_presses.KeepApart),
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
        "1:acks:search:INC-1:INC-2",
        "1:acks:0123456789AB:INC-1:INC-2",
        "1:apart:",
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
        data_of(incident_presses.Ack("INC-1:evil"))
