"""Who changes and approves a draft for the outside, and what becomes of it."""

import pytest

from bot.domain.acting_events import WhyRefused
from bot.domain.acting_rejections import TakesMoreAuthority
from bot.domain.approval import approver
from bot.domain.commands import PostUpdate, Resolve
from bot.domain.draft_commands import ApproveDraft, DiscardDraft, EditDraft, MarkDraftSent
from bot.domain.draft_events import DraftApproved, DraftRefused, DraftSent
from bot.domain.draft_rejections import DraftChanged, DraftOver, NoSuchDraft, NothingToSend
from bot.domain.rejections import NothingSaid, NotOnTheTeam, TooLong
from tests.domain.builders import ANNA, BORIS, CLARA, DAN, STRANGER, a_plan
from tests.domain.drafted import in_hand, newest, offered, publish


def test_only_the_authority_or_a_higher_one_decides() -> None:
    """On-call and strangers are refused, recorded once each; the team lead and the CTO decide."""
    course = in_hand()
    draft = newest(course).number
    for by, why, again in (
        (ANNA, WhyRefused.AUTHORITY, TakesMoreAuthority("team_lead")),
        (STRANGER, WhyRefused.STRANGER, NotOnTheTeam()),
    ):
        (refused,) = course.do(ApproveDraft(by=by, draft=draft, seen=0)).events
        assert isinstance(refused, DraftRefused)
        assert refused.why is why
        assert course.refuse(DiscardDraft(by=by, draft=draft)) == again
    (approved,) = course.do(ApproveDraft(by=CLARA, draft=draft, seen=0)).events
    assert isinstance(approved, DraftApproved)
    assert approved.text == newest(course).text
    (late,) = course.do(DiscardDraft(by=BORIS, draft=draft)).events
    assert isinstance(late, DraftRefused)
    assert late.why is WhyRefused.OVER
    assert course.refuse(DiscardDraft(by=BORIS, draft=draft)) == DraftOver()


def test_what_is_approved_is_what_was_read() -> None:
    """A yes to a text that somebody changed meanwhile is refused."""
    course = in_hand()
    draft = newest(course).number
    course.do(EditDraft(by=DAN, draft=draft, text=" Some payments fail. "))
    assert course.refuse(ApproveDraft(by=BORIS, draft=draft, seen=0)) == DraftChanged()
    (approved,) = course.do(ApproveDraft(by=BORIS, draft=draft, seen=1)).events
    assert isinstance(approved, DraftApproved)
    assert (approved.text, newest(course).edited_by) == ("Some payments fail.", DAN)
    assert course.refuse(EditDraft(by=DAN, draft=draft, text="x")) == DraftOver()


@pytest.mark.parametrize(("text", "why"), [(" ", NothingSaid()), ("x" * 1501, TooLong(1500))])
def test_a_new_text_has_bounds(text: str, why: object) -> None:
    """It says something, and fits."""
    course = in_hand()
    assert course.refuse(EditDraft(by=ANNA, draft=newest(course).number, text=text)) == why
    assert course.refuse(EditDraft(by=ANNA, draft=99, text="x")) == NoSuchDraft()


def test_nothing_may_be_said() -> None:
    """A discarded draft goes nowhere, and the audience is not told of the end either."""
    course = in_hand("SEV-3")
    course.do(DiscardDraft(by=BORIS, draft=newest(course).number))
    course.do(PostUpdate(by=ANNA, text="x"))
    course.do(Resolve(by=ANNA))
    assert len(offered(course)) == 1


def test_sent_by_hand_is_kept() -> None:
    """Once, of an approved text, for audiences other than the status page."""
    course = in_hand()
    customers = newest(course, "customers").number
    assert course.refuse(MarkDraftSent(by=DAN, draft=customers)) == NothingToSend()
    publish(course, "customers")
    (sent,) = course.do(MarkDraftSent(by=DAN, draft=customers)).events
    assert isinstance(sent, DraftSent)
    assert course.refuse(MarkDraftSent(by=DAN, draft=customers)) == NothingToSend()
    publish(course)
    assert course.refuse(MarkDraftSent(by=DAN, draft=newest(course).number)) == NothingToSend()


def test_who_approves() -> None:
    """The role that the plan names, else team_lead, else the highest."""
    assert approver(a_plan()) == "team_lead"
    assert approver(a_plan(roles=["on_call", "boss"])) == "boss"
    assert approver(a_plan(communication={"approved_by": "cto"})) == "cto"
