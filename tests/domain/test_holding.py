"""Acknowledging, assigning, and who may do anything at all."""

import pytest

from bot.domain.actors import Actor, Source
from bot.domain.commands import (
    Absorb,
    Acknowledge,
    Assign,
    ChangeSeverity,
    Command,
    Declare,
    DescribeImpact,
    Escalate,
    FireTimer,
    MergeInto,
    Note,
    PostUpdate,
    Reopen,
    ReportReachable,
    ReportUnreachable,
    Resolve,
    Retitle,
    SnoozeUpdate,
    TakeAlerts,
)
from bot.domain.decide import Rejected, decide, open_incident
from bot.domain.events import Acknowledged, Assigned, ResponseOverdue
from bot.domain.incident import Status
from bot.domain.intents import Page
from bot.domain.rejections import (
    AlreadyAcknowledged,
    AlreadyClosed,
    AlreadyThatSeverity,
    AlreadyYours,
    NothingSaid,
    NotOnTheTeam,
    Rejection,
    TooLong,
    UnknownPerson,
    UnknownSeverity,
)
from bot.domain.timers import REPEAT, RESPOND, deadlines, due
from tests.domain.builders import (
    ALERTMANAGER,
    ANNA,
    BORIS,
    DAN,
    EVERYBODY,
    NABAT,
    PEOPLE,
    STRANGER,
    THURSDAY,
    Course,
    a_roster,
    an_alert,
    minutes,
    the_rules,
)


def every_command(by: Actor) -> list[Command]:
    """One of each command to an existing incident."""
    return [
        TakeAlerts(by=by, alerts=(an_alert(),)),
        Retitle(by=by, title="Other"),
        Acknowledge(by=by),
        Assign(by=by, person="dan"),
        ChangeSeverity(by=by, severity="SEV-2", confirmed=True),
        Escalate(by=by),
        Note(by=by, text="x"),
        DescribeImpact(by=by, text="x"),
        PostUpdate(by=by, text="x"),
        SnoozeUpdate(by=by),
        Resolve(by=by),
        Reopen(by=by),
        MergeInto(by=by, incident="INC-2"),
        Absorb(by=by, incident="INC-2", title="x", alerts=(), groups=()),
        FireTimer(by=by, key=RESPOND),
        ReportUnreachable(by=by, person="anna", reason="403"),
        ReportReachable(by=by, person="anna"),
    ]


@pytest.mark.parametrize("command", every_command(STRANGER), ids=lambda command: type(command).__name__)
def test_a_stranger_changes_nothing(command: Command) -> None:
    """Every command of somebody who is not on the roster is refused."""
    assert Course().declare().refuse(command) == NotOnTheTeam()


@pytest.mark.parametrize("command", every_command(ANNA), ids=lambda command: type(command).__name__)
def test_who_left_the_roster_is_a_stranger(command: Command) -> None:
    """Every command of somebody who was taken off the roster is refused, an old card in their chat or not."""
    course = Course().declare()
    course.with_rules(roster=a_roster({name: roles for name, roles in PEOPLE.items() if name != "anna"}))
    assert course.refuse(command) == NotOnTheTeam()


def test_a_stranger_opens_nothing() -> None:
    """A declaration by somebody who is not on the roster is refused, and there is no incident."""
    rejected = open_incident(the_rules(), "INC-1", Declare(by=STRANGER, title="Hello"), THURSDAY)
    assert rejected == Rejected(NotOnTheTeam(), None)


@pytest.mark.parametrize(
    ("declaration", "reason"),
    [
        (Declare(by=DAN, title=" \n "), NothingSaid()),
        (Declare(by=DAN, title="x" * 301), TooLong(300)),
        (
            Declare(by=DAN, title="x", severity="SEV-9"),
            UnknownSeverity("SEV-9", ("SEV-1", "SEV-2", "SEV-3", "SEV-4")),
        ),
    ],
    ids=["no title", "too long", "unknown severity"],
)
def test_a_bad_declaration_is_refused(declaration: Declare, reason: Rejection) -> None:
    """A declaration needs a title of bounded length and a severity of the plan."""
    assert open_incident(the_rules(), "INC-1", declaration, THURSDAY) == Rejected(reason, None)


def test_a_title_is_one_line() -> None:
    """A title's line breaks and runs of spaces become single spaces."""
    course = Course().declare()
    course.do(Retitle(by=ALERTMANAGER, title=" High \n error\trate "))
    assert course.incident.title == "High error rate"


def test_an_incident_is_not_declared_twice() -> None:
    """A declaration to an incident that exists is a mistake of the program, said aloud."""
    course = Course().declare()
    with pytest.raises(ValueError, match="opens an incident"):
        decide(course.rules, course.incident, Declare(by=DAN, title="x"), THURSDAY)


def test_acknowledging_ends_the_repeats_and_the_deadline() -> None:
    """Once somebody has it, no page is repeated and no answer is due."""
    course = Course().declare().at(minutes(7))
    course.do(Acknowledge(by=ANNA))
    assert course.incident.status is Status.IN_HAND
    assert course.incident.holder == "anna"
    assert not {REPEAT, RESPOND} & set(due(course.rules, course.incident))
    assert deadlines(course.rules, course.incident).respond_by is None
    course.at(minutes(240))
    assert course.happened(ResponseOverdue) == []
    assert course.paged("anna") == [0, 5, 15]


def test_acknowledging_at_the_deadline_still_counts() -> None:
    """An acknowledgement that arrives at the very instant of the deadline comes before the timer."""
    course = Course().declare().sleep_until(minutes(15))
    course.do(Acknowledge(by=ANNA))
    assert course.happened(ResponseOverdue) == []
    assert course.paged_at(minutes(15)) == set(EVERYBODY)


def test_a_second_acknowledgement_says_who_has_it() -> None:
    """Whoever comes second learns who has it; whoever has it, that they do."""
    course = Course().declare()
    course.do(Acknowledge(by=ANNA))
    assert course.refuse(Acknowledge(by=BORIS)) == AlreadyAcknowledged("anna")
    assert course.refuse(Acknowledge(by=ANNA)) == AlreadyYours()


@pytest.mark.parametrize(("on_behalf_of", "holder"), [("Zoe at PagerDuty", "Zoe at PagerDuty"), (None, "?")])
def test_a_source_acknowledges_for_somebody(on_behalf_of: str | None, holder: str) -> None:
    """PagerDuty may say that somebody has it whom the roster does not know."""
    course = Course().declare()
    course.do(Acknowledge(by=Source(name="pagerduty"), on_behalf_of=on_behalf_of))
    assert course.incident.holder == holder


def test_when_the_holder_cannot_be_pinged_on_call_is() -> None:
    """An overdue update of a holder outside the roster is asked of on-call instead: no reminder goes nowhere."""
    course = Course().declare()
    course.do(Acknowledge(by=Source(name="pagerduty"), on_behalf_of="Zoe"))
    assert course.at(minutes(35)).pinged("anna") == [35]


def test_when_holder_and_on_call_cannot_be_pinged_the_next_role_is() -> None:
    """A holder who blocked the bot is not pinged; the lowest role that can be written to is."""
    course = Course().declare()
    course.do(Acknowledge(by=ANNA))
    course.lose("anna")
    assert course.at(minutes(35)).pinged("boris") == [35]
    for person in ("boris", "clara", "dan", "eve"):
        course.lose(person)
    course.at(minutes(65))
    assert {person: course.pinged(person) for person in EVERYBODY} == {
        **{person: list[float]() for person in EVERYBODY},
        "boris": [35],
    }


def test_assigning_tells_the_person() -> None:
    """Who is made the holder by another is told at once, and pages end."""
    course = Course().declare()
    decided = course.do(Assign(by=BORIS, person="dan"))
    assert course.incident.holder == "dan"
    assert [page.person for page in course.moments[-1].intents if isinstance(page, Page)] == ["dan"]
    assert isinstance(decided.events[0], Assigned)
    assert REPEAT not in due(course.rules, course.incident)


def test_assigning_oneself_pages_nobody() -> None:
    """Who takes it by assigning themselves needs no page about it."""
    course = Course().declare()
    course.do(Assign(by=DAN, person="dan"))
    assert course.paged("dan") == []
    assert course.refuse(Assign(by=DAN, person="dan")) == AlreadyYours()
    assert course.refuse(Assign(by=BORIS, person="dan")) == AlreadyAcknowledged("dan")


def test_a_source_assigns_a_person() -> None:
    """A program that hands an incident to somebody has them told."""
    course = Course().declare("SEV-3")
    course.do(Assign(by=Source(name="pagerduty"), person="eve"))
    assert course.paged("eve") == [0]


def test_nobody_unknown_is_assigned() -> None:
    """Only people on the roster can be made the holder."""
    assert Course().declare().refuse(Assign(by=BORIS, person="zoe")) == UnknownPerson("zoe", EVERYBODY)


def test_handing_on_keeps_the_first_acknowledgement() -> None:
    """The time to acknowledge is that of the first answer, whoever has it later."""
    course = Course().declare().at(minutes(3))
    course.do(Acknowledge(by=ANNA))
    course.at(minutes(9))
    course.do(Assign(by=ANNA, person="boris"))
    assert course.incident.first_acknowledged_at == THURSDAY + minutes(3)
    assert course.incident.acknowledged_at == THURSDAY + minutes(9)
    assert course.happened(Acknowledged) == [3]


CLOSED_TO = [
    command
    for command in every_command(ANNA)
    if not isinstance(command, TakeAlerts | Retitle | Note | DescribeImpact | Reopen | FireTimer)
    and not isinstance(command, ReportUnreachable | ReportReachable)
]


@pytest.mark.parametrize("command", CLOSED_TO, ids=lambda command: type(command).__name__)
def test_a_resolved_incident_takes_no_more(command: Command) -> None:
    """After the end only words for the log, news from the source, and reopening are taken."""
    course = Course().declare()
    course.do(Resolve(by=ANNA))
    assert course.refuse(command) == AlreadyClosed()


@pytest.mark.parametrize(
    "command", [Note(by=ANNA, text="It was the cache"), DescribeImpact(by=ANNA, text="Checkout failed")]
)
def test_words_may_follow_the_end(command: Command) -> None:
    """A note and the impact may be written down after the end."""
    course = Course().declare()
    course.do(Resolve(by=ANNA))
    assert len(course.do(command).events) == 1


@pytest.mark.parametrize("kind", [Note, DescribeImpact, PostUpdate])
def test_words_are_bounded(kind: type[Note | DescribeImpact | PostUpdate]) -> None:
    """A note, an impact and an update need words, and no more of them than a message holds."""
    course = Course().declare()
    assert course.refuse(kind(by=ANNA, text="  ")) == NothingSaid()
    assert course.refuse(kind(by=ANNA, text="x" * 3001)) == TooLong(3000)


def test_the_last_words_are_kept() -> None:
    """The state holds the last note and the last impact."""
    course = Course().declare()
    course.do(Note(by=ANNA, text=" Looking "))
    course.do(DescribeImpact(by=BORIS, text="EU checkout"))
    assert course.incident.last_note is not None
    assert (course.incident.last_note.text, course.incident.impact) == ("Looking", "EU checkout")


def test_the_same_severity_is_no_change() -> None:
    """A press on the severity that stands is answered so."""
    assert Course().declare().refuse(ChangeSeverity(by=ANNA, severity="SEV-1")) == AlreadyThatSeverity("SEV-1")


def test_a_stale_timer_changes_nothing() -> None:
    """A timer that was re-planned, is not due, or never existed leads to nothing, also with others due."""
    course = Course().declare()
    for key in (RESPOND, "notify:0", "notify:99", "no such timer"):
        assert course.do(FireTimer(by=NABAT, key=key)).events == ()
    course.sleep_until(minutes(5))
    assert course.do(FireTimer(by=NABAT, key=RESPOND)).events == ()
