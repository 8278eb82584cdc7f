"""Drafts for the outside: when one is offered and to whom, and what overtakes it."""

from bot.domain.commands import Absorb, Acknowledge, ChangeSeverity, Escalate, MergeInto, PostUpdate, Reopen, Resolve
from bot.domain.decide import Decided, decide
from bot.domain.draft_commands import AskDraft, EditDraft
from bot.domain.draft_events import DraftOffered
from bot.domain.draft_rejections import DraftOver, DrillStaysInside, UnknownAudience
from bot.domain.events import Declared
from bot.domain.evolving import replay
from bot.domain.intents import Lane, RefreshTold, Tell
from bot.domain.plan_communication import Moment
from bot.domain.rejections import AlreadyClosed, TooLong
from tests.domain.builders import ANNA, THURSDAY, Course, a_plan, minutes, the_rules
from tests.domain.drafted import EVERY_AUDIENCE, by_alert, in_hand, newest, offered, open_drafts, publish


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
