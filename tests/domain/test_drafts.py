"""Drafts for the outside: when one is offered, who changes and approves it, and what overtakes it."""

from typing import Any

import pytest

from bot.domain.acting_events import WhyRefused
from bot.domain.acting_rejections import TakesMoreAuthority
from bot.domain.approval import approver, waits
from bot.domain.beta import BetaSchedule, Period
from bot.domain.commands import (
    Absorb,
    Acknowledge,
    ChangeSeverity,
    DescribeImpact,
    Escalate,
    MergeInto,
    PostUpdate,
    Reopen,
    Resolve,
)
from bot.domain.decide import Decided, decide
from bot.domain.draft_commands import ApproveDraft, AskDraft, DiscardDraft, EditDraft, MarkDraftSent
from bot.domain.draft_events import DraftApproved, DraftOffered, DraftRefused, DraftsAwaited, DraftSent
from bot.domain.draft_rejections import (
    DraftChanged,
    DraftOver,
    DrillStaysInside,
    NoSuchDraft,
    NothingToSend,
    UnknownAudience,
)
from bot.domain.drafts import Draft
from bot.domain.events import Declared
from bot.domain.evolving import replay
from bot.domain.intents import Lane, RefreshTold, Tell
from bot.domain.plan_communication import Moment
from bot.domain.rejections import AlreadyClosed, NothingSaid, NotOnTheTeam, TooLong
from tests.domain.builders import (
    ALERTMANAGER,
    ANNA,
    BORIS,
    CLARA,
    DAN,
    STRANGER,
    THURSDAY,
    Course,
    a_plan,
    a_roster,
    an_alert,
    minutes,
    the_rules,
    without,
)

EVERY_AUDIENCE = ["customers", "status_page", "social_media"]


def by_alert(severity: str = "SEV-1") -> Course:
    """An incident that an alert declared."""
    return Course().declare(severity, by=ALERTMANAGER, alerts=(an_alert(),))


def in_hand(severity: str = "SEV-1") -> Course:
    """The same, and Anna has it."""
    course = by_alert(severity)
    course.do(Acknowledge(by=ANNA))
    return course


def offered(course: Course) -> list[tuple[str, Moment]]:
    """Every draft so far: for whom, and of what it tells."""
    return [(event.audience, event.moment) for event in course.log if isinstance(event, DraftOffered)]


def newest(course: Course, audience: str = "status_page") -> Draft:
    """The newest draft for an audience."""
    return [draft for draft in course.incident.drafts.all if draft.audience == audience][-1]


def open_drafts(course: Course) -> list[str]:
    """Whom the drafts are for that wait for a yes."""
    return [draft.audience for draft in course.incident.drafts.all if waits(course.rules, course.incident, draft)]


def publish(course: Course, audience: str = "status_page") -> Decided:
    """The team lead says yes to the newest draft for an audience."""
    draft = newest(course, audience)
    return course.do(ApproveDraft(by=BORIS, draft=draft.number, seen=draft.edits))


def test_the_first_word_waits_for_somebody_to_judge_it() -> None:
    """An alert alone offers nothing; once somebody has it there is a draft for each audience of the severity."""
    assert offered(by_alert()) == []
    assert [audience for audience, _ in offered(in_hand())] == EVERY_AUDIENCE
    assert offered(in_hand("SEV-3")) == [("status_page", Moment.DECLARED)]


def test_drafts_can_wait_for_what_people_ask() -> None:
    """Several come in one moment: they go last; what is said of a call for help goes before everything but pages."""
    course = in_hand()
    drafts = [intent for moment in course.moments for intent in moment.intents if isinstance(intent, Tell)]
    assert {intent.lane for intent in drafts if intent.can_wait} == {Lane.DIGESTS}
    course.do(Escalate(by=ANNA))
    said = [intent for intent in course.moments[-1].intents if isinstance(intent, Tell)]
    assert {intent.lane for intent in said} == {Lane.REPLIES}


def test_a_person_who_declares_is_there() -> None:
    """What a person declared has its drafts at once."""
    assert [audience for audience, _ in offered(Course().declare())] == EVERY_AUDIENCE


def test_a_worse_severity_adds_its_audiences() -> None:
    """Those who have a draft get no second one."""
    course = in_hand("SEV-3")
    course.do(ChangeSeverity(by=ANNA, severity="SEV-1"))
    assert [audience for audience, _ in offered(course)] == ["status_page", "customers", "social_media"]


def test_a_milder_severity_takes_audiences_back() -> None:
    """Nobody whom the severity no longer lists is told, unless they were told before."""
    course = in_hand()
    publish(course, "customers")
    decided = course.do(ChangeSeverity(by=ANNA, severity="SEV-3", confirmed=True))
    assert open_drafts(course) == ["status_page"]
    assert course.refuse(EditDraft(by=ANNA, draft=newest(course, "social_media").number, text="x")) == DraftOver()
    assert any(isinstance(intent, RefreshTold) for intent in course.moments[-1].intents)
    assert decided.events
    course.do(PostUpdate(by=ANNA, text="x"))
    assert open_drafts(course) == ["status_page", "customers"]


def test_news_goes_to_those_who_were_told() -> None:
    """An update makes drafts for those alone who were told; the newer draft takes the place of the older one."""
    course = in_hand()
    course.do(PostUpdate(by=ANNA, text="x"))
    assert len(offered(course)) == 3
    publish(course)
    course.do(PostUpdate(by=ANNA, text="First"))
    course.do(PostUpdate(by=ANNA, text="Second"))
    assert offered(course)[3:] == [("status_page", Moment.UPDATE)] * 2
    assert [draft.overtaken for draft in course.incident.drafts.all] == [False, False, False, True, False]
    assert "Second" in newest(course).text


def test_the_closing_word_goes_to_those_who_were_told() -> None:
    """What was never told to anybody needs no closing word; drafts that wait are overtaken by the end."""
    course = in_hand()
    publish(course)
    course.at(minutes(20))
    course.do(Resolve(by=ANNA))
    assert offered(course)[3:] == [("status_page", Moment.RESOLVED)]
    assert open_drafts(course) == ["status_page"]
    assert "lasted 20 min" in newest(course).text
    assert course.told("thread", DraftOffered)[-1] == 20
    publish(course)
    assert course.incident.drafts.told == {"status_page": Moment.RESOLVED}
    silent = in_hand()
    silent.do(Resolve(by=ANNA))
    assert open_drafts(silent) == []


def test_what_comes_back_is_told_again() -> None:
    """Reopened: those who read that it is over are told that it is back, the others get a first word."""
    course = in_hand()
    publish(course)
    publish(course, "customers")
    course.do(Resolve(by=ANNA))
    publish(course)
    course.do(Reopen(by=ANNA))
    assert open_drafts(course) == []
    course.do(Acknowledge(by=ANNA))
    assert offered(course)[-2:] == [("status_page", Moment.REOPENED), ("social_media", Moment.DECLARED)]
    course.do(PostUpdate(by=ANNA, text="x"))
    assert offered(course)[-2:] == [("status_page", Moment.REOPENED), ("customers", Moment.UPDATE)]


def test_a_merged_incident_leaves_its_audiences() -> None:
    """Whoever was told of the part is owed the rest by the whole; drafts of the part are overtaken."""
    part, whole = in_hand("SEV-3"), Course(id="INC-2").declare("SEV-3")
    publish(part)
    part.do(MergeInto(by=ANNA, incident="INC-2"))
    whole.do(Absorb(by=ANNA, incident="INC-1", title="", alerts=(), groups=(), told=part.incident.drafts.told))
    assert part.refuse(AskDraft(by=ANNA)) == AlreadyClosed("INC-2")
    assert whole.incident.drafts.told == {"status_page": Moment.DECLARED}
    whole.do(Resolve(by=ANNA))
    assert offered(whole)[-1] == ("status_page", Moment.RESOLVED)


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


def test_a_draft_may_be_asked_for() -> None:
    """For any audience of the plan and at any time, with a text of one's own; a person's wish outweighs the list."""
    course = in_hand("SEV-3")
    course.do(AskDraft(by=ANNA, audience="customers", text="Dear customers"))
    assert (newest(course, "customers").text, open_drafts(course)) == ("Dear customers", ["status_page", "customers"])
    publish(course, "customers")
    course.do(AskDraft(by=ANNA, audience="customers"))
    assert newest(course, "customers").moment is Moment.UPDATE
    course.do(Resolve(by=ANNA))
    course.do(AskDraft(by=ANNA))
    assert newest(course).moment is Moment.RESOLVED
    assert open_drafts(course) == ["customers", "status_page"]


def test_a_wish_that_cant_be_met_is_refused() -> None:
    """An audience that no severity names, a text too long, or a severity that lists nobody."""
    known = ("customers", "status_page", "social_media")
    course = in_hand()
    assert course.refuse(AskDraft(by=ANNA, audience="press")) == UnknownAudience("press", known)
    assert course.refuse(AskDraft(by=ANNA, text="x" * 1501)) == TooLong(1500)
    quiet = Course(the_rules(a_plan())).declare()
    assert quiet.refuse(AskDraft(by=ANNA)) == UnknownAudience("", ())


def test_a_drill_never_reaches_the_outside() -> None:
    """No draft is offered, and none may be asked for."""
    declared = Declared(at=THURSDAY, by=ANNA, title="Drill", severity="SEV-1", plan="digest", drill=True)
    drill = replay("INC-1", (declared,))
    taken = decide(the_rules(), drill, Acknowledge(by=ANNA), THURSDAY)
    assert isinstance(taken, Decided)
    assert not any(isinstance(event, DraftOffered) for event in taken.events)
    assert not taken.incident.drafts.all
    course = Course(state=taken.incident)
    assert course.refuse(AskDraft(by=ANNA)) == DrillStaysInside()


def test_no_alert_speaks_in_a_draft() -> None:
    """Neither the alert's texts nor the title it gave; a person's impact, title and update do."""
    nasty = an_alert(summary="secret-host is down")
    course = Course()
    course.declare("SEV-1", by=ALERTMANAGER, alerts=(nasty,), description="secret-host")
    course.do(Acknowledge(by=ANNA))
    assert not any("It burns" in draft.text or "secret" in draft.text for draft in course.incident.drafts.all)
    course.do(DescribeImpact(by=ANNA, text="Nobody can pay"))
    course.do(AskDraft(by=ANNA, audience="status_page"))
    assert "Nobody can pay" in newest(course).text
    assert "It burns" in newest(Course().declare()).text


def test_who_approves() -> None:
    """The role that the plan names, else team_lead, else the highest."""
    assert approver(a_plan()) == "team_lead"
    assert approver(a_plan(roles=["on_call", "boss"])) == "boss"
    assert approver(a_plan(communication={"approved_by": "cto"})) == "cto"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{name} {{x}}\n{severity}", "test {x}\nSEV-1"),
        ("A\n\n{impact}\n\nB {since}", "A\n\nB 10:00 UTC"),
        ("A\n{length}\nB {next_update}\nC", "A\nC"),
        ("A\n{page}", "A\nhttps://status.example.org"),
    ],
)
def test_a_line_that_would_say_nothing_is_left_out(template: str, text: str) -> None:
    """Placeholders are filled; a line with an unknown one goes, and empty lines don't pile up."""
    communication: dict[str, Any] = {
        "page_url": "https://status.example.org",
        "templates": {"partners": {"declared": template}},
    }
    plan = a_plan({"SEV-1": {"external": ["partners"]}}, communication=communication)
    course = Course(the_rules(plan)).declare(by=ALERTMANAGER, alerts=(an_alert(),))
    course.do(Acknowledge(by=ANNA))
    assert newest(course, "partners").text == text


def test_the_times_of_a_draft() -> None:
    """When the next word comes, and how long it lasted, in the plan's zone and language."""
    plan = a_plan(
        {"SEV-1": {"external": ["status_page"], "update_every": "30m", "resolve_within": "4d"}},
        communication={"language": "ru", "name": "Платежи"},
        timezone="Europe/Moscow",
    )
    course = Course(the_rules(plan)).declare()
    assert "Платежи, она началась в 13:00 MSK" in newest(course).text
    assert "не позже 13:30 MSK" in newest(course).text
    publish(course)
    course.at(minutes(2 * 24 * 60 + 65))
    course.do(Resolve(by=ANNA))
    assert "началась в 13:00 MSK, 2026-03-05" in newest(course).text
    assert "продолжалась 2 д 1 ч" in newest(course).text


PHASE = Period(since=THURSDAY, until=THURSDAY + minutes(60))
IN_A_PHASE = the_rules(beta=BetaSchedule((), (PHASE,)))


@pytest.mark.parametrize("severity", ["SEV-3", "SEV-4"])
@pytest.mark.parametrize(("at", "proactive"), [(-1, False), (0, True), (59, True), (60, False)])
def test_in_the_phase_of_a_launch_customers_hear_of_every_issue(severity: str, at: float, *, proactive: bool) -> None:
    """Also where the severity does not list them, from its first moment until before its end."""
    course = Course(IN_A_PHASE, THURSDAY + minutes(at)).declare(severity)
    assert [audience for audience, _ in offered(course)] == ["status_page", *(["customers"] if proactive else [])]
    assert open_drafts(course) == [audience for audience, _ in offered(course)]


def test_an_alert_in_the_phase_waits_for_somebody_to_judge_it() -> None:
    """The customers' draft comes with the holder, once; of a drill there is none."""
    course = Course(IN_A_PHASE).declare("SEV-4", by=ALERTMANAGER, alerts=(an_alert(),))
    assert offered(course) == []
    course.do(Acknowledge(by=ANNA))
    course.do(PostUpdate(by=ANNA, text="x"))
    assert [audience for audience, _ in offered(course)] == ["status_page", "customers"]
    assert offered(Course(IN_A_PHASE).declare("SEV-4", drill=True)) == []


def test_what_the_phase_offered_outlives_it() -> None:
    """Neither its end nor a milder severity takes it back; a yes to it is owed the closing word."""
    course = Course(IN_A_PHASE).declare("SEV-1")
    course.do(ChangeSeverity(by=ANNA, severity="SEV-3", confirmed=True))
    assert open_drafts(course) == ["customers", "status_page"]
    course.with_rules(beta=BetaSchedule())
    publish(course, "customers")
    course.do(Resolve(by=ANNA))
    assert offered(course)[-1] == ("customers", Moment.RESOLVED)


def test_asking_in_the_phase_asks_for_customers_too() -> None:
    """`/draft` without an audience is for everybody who is to hear of it."""
    course = Course(IN_A_PHASE).declare("SEV-4")
    course.do(AskDraft(by=ANNA))
    assert [audience for audience, _ in offered(course)[2:]] == ["status_page", "customers"]


def test_a_plan_without_customers_has_nobody_to_tell() -> None:
    """The phase adds no audience that the plan does not name."""
    plan = a_plan({"SEV-1": {"external": ["partners"]}})
    course = Course(the_rules(plan, beta=IN_A_PHASE.beta)).declare()
    assert offered(course) == [("partners", Moment.DECLARED)]


def test_the_outside_is_written_to_in_the_team_s_language() -> None:
    """That of the responders chat, unless the plan says another."""
    roster = a_roster()
    responders = roster.chats.responders.model_copy(update={"language": "ru"})
    spoken = roster.model_copy(update={"chats": roster.chats.model_copy(update={"responders": responders})})
    assert "неполадк" in newest(Course(the_rules(roster=spoken)).declare("SEV-4"), "status_page").text
    plan = a_plan({"SEV-1": {"external": ["status_page"]}}, communication={"language": "en"})
    assert "problem" in newest(Course(the_rules(plan, roster=spoken)).declare(), "status_page").text


def test_a_draft_that_nobody_decides_on_is_asked_for() -> None:
    """Its approver after the plan's time, once more, then the next authority, and then nobody: one ping for all."""
    course = in_hand("SEV-1").at(minutes(90))
    assert course.asked_for_a_yes("boris") == [15, 30]
    assert course.asked_for_a_yes("clara") == [45]
    first = next(event for event in course.log if isinstance(event, DraftsAwaited))
    assert (first.audiences, first.role, first.times) == (tuple(EVERY_AUDIENCE), "team_lead", 1)
    assert course.told("thread", DraftsAwaited) == [45]


def test_a_decision_ends_the_asking() -> None:
    """A yes or a no; what is left is still asked for, and a newer draft begins anew."""
    course = in_hand("SEV-2").at(minutes(20))
    publish(course)
    course.at(minutes(30))
    last = next(event for event in reversed(course.log) if isinstance(event, DraftsAwaited))
    assert last.audiences == ("customers",)
    course.do(DiscardDraft(by=BORIS, draft=newest(course, "customers").number))
    course.at(minutes(40))
    course.do(PostUpdate(by=ANNA, text="x"))
    assert course.at(minutes(55)).asked_for_a_yes("boris") == [15, 30, 55]


def test_the_closing_word_is_asked_for_after_the_end() -> None:
    """Those who were told that something is broken must be told that it is not: in turn, and no more."""
    course = in_hand()
    publish(course)
    course.at(minutes(10))
    course.do(Resolve(by=ANNA, reason="x", at_once=True))
    assert open_drafts(course) == ["status_page"]
    course.at(minutes(120))
    assert course.asked_for_a_yes("boris") == [25, 40]
    assert course.asked_for_a_yes("clara") == [55]


def test_a_decision_on_the_closing_word_ends_the_asking() -> None:
    """What was published, or is not to be, is asked for no more; the incident's other drafts ended with it."""
    course = in_hand("SEV-1")
    publish(course)
    course.do(Resolve(by=ANNA, reason="x", at_once=True))
    publish(course)
    assert course.at(minutes(120)).asked_for_a_yes("boris") == []


def test_nobody_is_asked_out_of_hours_where_updates_come_as_needed() -> None:
    """A mild incident's draft is asked for a business day later; a launch makes it pressing."""
    day = 24 * 60.0
    assert in_hand("SEV-3").at(minutes(2 * day)).asked_for_a_yes("boris") == [day]
    launch = Period(since=THURSDAY, until=THURSDAY + minutes(60))
    course = Course(the_rules(beta=BetaSchedule((launch,), ()))).declare("SEV-3")
    assert course.at(minutes(20)).asked_for_a_yes("boris") == [15]


def test_a_change_of_severity_begins_the_time_anew() -> None:
    """What waited long at a mild severity is asked for by the time of the present one."""
    course = in_hand("SEV-3").at(minutes(60))
    course.do(ChangeSeverity(by=ANNA, severity="SEV-2"))
    assert course.at(minutes(75)).asked_for_a_yes("boris") == [75]


def test_who_cant_be_written_to_is_passed_over_for_a_yes() -> None:
    """The next authority that can be; where there is none the thread says that nobody could be asked."""
    course = in_hand("SEV-2")
    course.lose("boris")
    assert course.at(minutes(15)).asked_for_a_yes("clara") == [15]
    assert course.told("thread", DraftsAwaited) == [15]
    alone = Course(the_rules(roster=a_roster(without("boris", "clara")))).declare("SEV-2")
    alone.do(Acknowledge(by=ANNA))
    alone.at(minutes(15))
    assert alone.told("thread", DraftsAwaited) == [15]
    assert [event.people for event in alone.log if isinstance(event, DraftsAwaited)] == [()]
