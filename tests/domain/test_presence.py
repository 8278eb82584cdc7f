"""A holder who gives no sign is asked, then the next authority is called; any sign ends it."""

import pytest

from bot.domain.commands import (
    Acknowledge,
    Assign,
    ChangeSeverity,
    Escalate,
    MergeInto,
    Note,
    PostUpdate,
    Reopen,
    ReportUnreachable,
    Resolve,
)
from bot.domain.events import Escalated, PageCause
from bot.domain.intents import RefreshPages
from bot.domain.plan import Plan
from bot.domain.presence_commands import GiveSign
from bot.domain.presence_events import HolderAsked, HolderSilent, HolderThere
from bot.domain.rejections import AlreadyAcknowledged, AlreadyClosed
from bot.domain.timers import HOLDER, HOLDER_SILENT, due
from tests.domain.builders import ANNA, BORIS, BUILT_IN, DAN, NABAT, Course, a_plan, a_roster, hours, minutes, the_rules

TIMES = {"ask_after": "20m", "escalate_after": "7m"}
QUIET = a_plan({"SEV-1": {"update_every": "4h", "repeat_every": "5m", "holding": TIMES}})


def held(plan: Plan = QUIET, severity: str = "SEV-1", **people: tuple[str, ...]) -> Course:
    """Anna took it at once, and says nothing more."""
    roster = a_roster(people) if people else None
    course = Course(the_rules(plan, roster)).declare(severity)
    course.do(Acknowledge(by=ANNA))
    return course


def timers(course: Course) -> set[str]:
    """Which timers of the holder's presence are armed."""
    return set(due(course.rules, course.incident)) & {HOLDER, HOLDER_SILENT}


def test_a_silent_holder_is_asked_then_the_next_authority_is_called() -> None:
    """At the plan's times, counted from the last sign; the lead may take it over."""
    course = held().at(minutes(27))
    assert course.happened(HolderAsked) == [20]
    assert course.pinged("anna") == [20]
    assert course.happened(HolderSilent) == [27]
    assert course.paged("boris") == [27]
    assert course.told("thread", HolderAsked) == []
    assert course.told("thread", HolderSilent) == [27]
    assert course.incident.holder == "anna"
    assert timers(course) == set()
    course.do(Acknowledge(by=BORIS))
    assert course.incident.holder == "boris"
    assert timers(course) == {HOLDER}
    course.at(minutes(47))
    assert course.happened(HolderAsked) == [20, 47]


@pytest.mark.parametrize(
    "sign",
    [
        Note(by=ANNA, text="Looking"),
        PostUpdate(by=ANNA, text="Working"),
        GiveSign(by=ANNA),
        ChangeSeverity(by=ANNA, severity="SEV-1"),
        Assign(by=DAN, person="boris"),
    ],
    ids=lambda sign: type(sign).__name__,
)
def test_any_action_of_the_holder_is_a_sign(sign: Note | PostUpdate | GiveSign | ChangeSeverity | Assign) -> None:
    """Whatever the holder does, and a new holder too, starts the time anew."""
    plan = a_plan({"SEV-1": {"update_every": "4h"}, "SEV-2": {"update_every": "4h"}})
    course = held(plan, "SEV-2" if isinstance(sign, ChangeSeverity) else "SEV-1").at(minutes(10))
    course.do(sign)
    assert course.at(minutes(24)).happened(HolderAsked) == []
    assert course.at(minutes(25)).happened(HolderAsked) == [25]


def test_what_others_do_is_no_sign() -> None:
    """A note of somebody else does not speak for the holder."""
    course = held().at(minutes(10))
    course.do(Note(by=DAN, text="Still down"))
    assert course.at(minutes(20)).happened(HolderAsked) == [20]


def test_the_holder_answers() -> None:
    """An answer ends the question; nobody else is called, and the thread hears nothing of it."""
    course = held().at(minutes(22))
    course.do(GiveSign(by=ANNA))
    assert course.at(minutes(30)).happened(HolderSilent) == []
    assert course.told("thread", HolderThere) == []
    assert course.at(minutes(42)).happened(HolderAsked) == [20, 42]


def test_a_holder_who_comes_back_ends_the_call() -> None:
    """The pages of those called stop asking, and the thread hears that the holder is there."""
    course = held().at(minutes(28))
    course.do(GiveSign(by=ANNA))
    assert course.incident.escalation is None
    assert any(isinstance(intent, RefreshPages) for intent in course.moments[-1].intents)
    assert course.told("thread", HolderThere) == [28]
    assert course.at(minutes(40)).paged("boris") == [27]
    assert timers(course) == {HOLDER}


def test_a_call_of_a_person_is_not_ended_by_a_sign() -> None:
    """Who calls for more authority wants an answer, whatever the holder does in the meantime."""
    course = held().at(minutes(28))
    course.do(Escalate(by=DAN, role="cto"))
    course.do(Note(by=ANNA, text="I am here"))
    assert course.incident.escalation is not None
    assert timers(course) == set()
    asked = held().at(minutes(28))
    asked.do(Escalate(by=ANNA))
    assert asked.incident.escalation is not None


def test_an_unanswered_call_climbs() -> None:
    """The lead does not answer, so the CTO is called too, by the plan's rhythm of pages."""
    course = held().at(minutes(33))
    assert course.paged("boris") == [27, 32]
    assert course.paged("clara") == [32]
    course.do(GiveSign(by=ANNA))
    assert course.incident.escalation is None
    assert course.happened(Escalated) == [32]


def test_another_holder_ends_the_call() -> None:
    """Handing it to somebody who is awake is what the call was for."""
    course = held().at(minutes(28))
    course.do(Assign(by=DAN, person="dan"))
    assert course.incident.escalation is None
    assert timers(course) == {HOLDER}


def test_another_severity_leaves_no_stale_timer() -> None:
    """Everything counts from the change, at the new severity's times."""
    slow = {"update_every": "4h", "holding": {"ask_after": "50m", "escalate_after": "9m"}}
    plan = a_plan({"SEV-1": {"update_every": "4h", "holding": TIMES}, "SEV-2": slow})
    course = held(plan, "SEV-2").at(minutes(52))
    assert timers(course) == {HOLDER_SILENT}
    course.do(ChangeSeverity(by=DAN, severity="SEV-1"))
    assert due(course.rules, course.incident)[HOLDER] == course.now + minutes(20)
    assert timers(course) == {HOLDER}


def test_the_end_leaves_no_timer() -> None:
    """Resolved or merged: nobody is asked; reopened: nobody has it, so nobody is asked either."""
    course = held().at(minutes(22))
    course.do(Resolve(by=DAN))
    assert course.refuse(GiveSign(by=ANNA)) == AlreadyClosed()
    course.do(Reopen(by=DAN))
    assert timers(course) == set()
    assert course.do(GiveSign(by=ANNA)).events == ()
    merged = held().at(minutes(22))
    merged.do(MergeInto(by=DAN, incident="INC-2"))
    assert merged.incident.presence.asked_at is None


def test_only_the_holder_answers_for_the_holder() -> None:
    """Somebody else's press on the question says who has it; programs give no sign."""
    course = held().at(minutes(22))
    assert course.refuse(GiveSign(by=BORIS)) == AlreadyAcknowledged("anna")
    assert course.refuse(GiveSign(by=NABAT)) == AlreadyAcknowledged("anna")


def test_a_sign_is_kept_only_when_it_matters() -> None:
    """Looking around fills no log: within the first half of the time nothing is written."""
    course = held().at(minutes(9))
    assert course.do(GiveSign(by=ANNA)).events == ()
    course.at(minutes(10))
    (event,) = course.do(GiveSign(by=ANNA)).events
    assert event == HolderThere(at=course.now, by=ANNA)


def test_a_holder_out_of_reach_is_asked_in_the_thread() -> None:
    """Who can't be written to may still read along; the thread is asked instead."""
    course = held()
    course.do(ReportUnreachable(by=NABAT, person="anna", reason="blocked"))
    course.at(minutes(20))
    assert course.pinged("anna") == []
    assert course.told("thread", HolderAsked) == [20]


def test_who_is_called_when_nobody_stands_above() -> None:
    """The CTO holds it: the highest of the others; without others of rank, the team; alone, nobody, and asked again."""
    course = Course(the_rules(QUIET)).declare()
    course.do(Assign(by=DAN, person="clara"))
    assert course.at(minutes(27)).paged("boris") == [27]
    team = held(anna=("cto",), dan=())
    assert team.at(minutes(27)).paged("dan") == [27]
    alone = held(anna=("on_call",), dan=())
    alone.do(ReportUnreachable(by=NABAT, person="dan", reason="blocked"))
    alone.at(minutes(47))
    assert alone.happened(HolderAsked) == [20, 47]
    assert alone.happened(HolderSilent) == [27]
    assert alone.incident.escalation is None


def test_a_step_at_the_same_instant_pages_once() -> None:
    """The lead hears by the plan's step and is called at one instant: one page, and the call goes on to them."""
    steps = [{"after": "27m", "roles": ["team_lead"]}]
    severity = {"update_every": "4h", "repeat_every": "5m", "holding": TIMES, "notify": steps}
    course = held(a_plan({"SEV-1": severity})).at(minutes(27))
    assert [heard.cause for heard in course.pages() if heard.person == "boris"] == [PageCause.ESCALATION]
    assert course.incident.escalation is not None
    assert course.incident.escalation.people == ("boris",)
    assert course.at(minutes(32)).paged("boris") == [27, 32]


def test_times_that_a_plan_does_not_name() -> None:
    """With a cadence of updates: the time to respond, then that of the chase. As needed: a business day each."""
    urgent = the_rules(a_plan({"SEV-1": {"respond_within": "25m", "update_every": "1h"}, "SEV-2": {}}))
    assert urgent.holding("SEV-1") == (minutes(25), minutes(10))
    assert [str(length) for length in urgent.holding("SEV-2")] == ["1 business day", "1 business day"]
    assert the_rules(BUILT_IN).holding("SEV-1") == (minutes(15), minutes(10))


def test_mild_incidents_wake_nobody() -> None:
    """SEV-3 of the built-in plan: asked a business day on, the lead called the next one, the CTO the one after that."""
    course = held(BUILT_IN, "SEV-3")
    course.at(hours(24 * 5 + 1))
    assert course.happened(HolderAsked) == [24 * 60]
    assert course.happened(HolderSilent) == [96 * 60]
    assert course.paged("clara") == [120 * 60]
