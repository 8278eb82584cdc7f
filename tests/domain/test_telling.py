"""Who is told of what: events become intents."""

from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from bot.domain.commands import Acknowledge, ChangeSeverity, MergeInto, Note, PostUpdate, Reopen, Resolve
from bot.domain.decide import Decided, decide
from bot.domain.events import Declared, Event, MergedInto, Reopened, Resolved, SeverityChanged, UpdatePosted
from bot.domain.evolving import begin, evolve, replay
from bot.domain.intents import INTENT, Audience, Lane, Page, Ping, RefreshCard, RefreshPages, Tell
from bot.domain.telling import intents_of
from tests.domain.builders import ANNA, THURSDAY, Course, a_roster, minutes, the_rules


def through_its_life(severity: str = "SEV-1", *, stakeholders: bool = True) -> Course:
    """Declared, taken, made milder by one, told about, resolved and reopened."""
    course = Course(the_rules(roster=a_roster(stakeholders=stakeholders))).declare(severity)
    course.do(Acknowledge(by=ANNA))
    milder = f"SEV-{int(severity[-1]) + 1}"
    course.do(ChangeSeverity(by=ANNA, severity=milder, confirmed=True))
    course.do(PostUpdate(by=ANNA, text="x"))
    course.do(Resolve(by=ANNA))
    course.do(Reopen(by=ANNA))
    return course


@pytest.mark.parametrize(
    ("severity", "kinds"),
    [
        ("SEV-1", [Declared, SeverityChanged, UpdatePosted, Resolved, Reopened]),
        ("SEV-2", [Declared, SeverityChanged, UpdatePosted]),
        ("SEV-3", [UpdatePosted]),
    ],
)
def test_stakeholders_hear_of_what_owes_them_updates(severity: str, kinds: list[type[Event]]) -> None:
    """A severity with a cadence of updates is told at each turn, also as it leaves it; any other by updates alone."""
    course = through_its_life(severity)
    told = [kind for kind in (Declared, SeverityChanged, UpdatePosted, Resolved, Reopened) if said(course, kind)]
    assert told == kinds


def said(course: Course, kind: type[Event]) -> bool:
    """Whether the stakeholders were told of such an event."""
    return bool(course.told("stakeholders", kind))


def test_without_a_stakeholders_chat_only_updates_are_for_them() -> None:
    """The responders, who see the card, read the updates for stakeholders and not each turn once more."""
    course = through_its_life(stakeholders=False)
    assert course.told("stakeholders", UpdatePosted) == [0]
    for kind in (Declared, SeverityChanged, Resolved, Reopened):
        assert not said(course, kind)


def test_a_drill_is_kept_from_the_stakeholders() -> None:
    """Of a drill the stakeholders hear nothing, not even an update."""
    course = Course().declare()
    course.state = replace(course.incident, drill=True)
    decided = decide(course.rules, course.incident, PostUpdate(by=ANNA, text="x"), THURSDAY)
    assert isinstance(decided, Decided)
    assert intents_of(course.rules, course.incident, decided) == (RefreshCard(incident="INC-1"),)


def test_the_thread_hears_of_turns_and_not_of_notes() -> None:
    """Changes of severity, the end and its undoing are said in the thread; notes only refresh the card."""
    course = through_its_life()
    for kind in (SeverityChanged, Resolved, Reopened):
        assert course.told("thread", kind) == [0]
    course.do(Note(by=ANNA, text="x"))
    assert course.moments[-1].intents == (RefreshCard(incident="INC-1"),)
    course.do(MergeInto(by=ANNA, incident="INC-2"))
    assert course.told("thread", MergedInto) == [0]


def test_pages_and_card_are_refreshed_once_a_decision() -> None:
    """Whatever happens at once costs one refresh of the pages and one of the card, after everything else."""
    course = Course().declare("SEV-3").at(minutes(1))
    course.do(ChangeSeverity(by=ANNA, severity="SEV-1"))
    intents = course.moments[-1].intents
    assert intents[-2:] == (RefreshPages(incident="INC-1"), RefreshCard(incident="INC-1"))
    assert sum(isinstance(intent, RefreshPages | RefreshCard) for intent in intents) == 2


def test_a_page_is_known_by_its_event() -> None:
    """Each intent names the number of its event in the log, so that a page is found again after a crash."""
    course = Course().declare()
    page = next(intent for intent in course.moments[0].intents if isinstance(intent, Page))
    assert (page.number, page.key) == (2, "page:INC-1:anna:2")


def test_lanes_put_pages_first() -> None:
    """Pages go before words, words before cards; keys tell rows apart."""
    page = INTENT.validate_python({"kind": "page", "incident": "INC-1", "person": "a", "cause": "step", "number": 1})
    tell = Tell(incident="INC-1", audience=Audience.THREAD, number=3)
    ping = Ping(incident="INC-1", person="a", number=4)
    rows = (page, tell, ping, RefreshCard(incident="INC-1"), RefreshPages(incident="INC-1"))
    assert [row.lane for row in rows] == [Lane.PAGES, Lane.REPLIES, Lane.REPLIES, Lane.CARDS, Lane.CARDS]
    keys = ["page:INC-1:a:1", "tell:INC-1:thread:3", "ping:INC-1:a:4", "card:INC-1", "pages:INC-1"]
    assert [row.key for row in rows] == keys


def test_events_survive_being_written_down() -> None:
    """Every event of a life comes back from JSON as it was, and the log still makes the same state."""
    course = through_its_life()
    course.do(MergeInto(by=ANNA, incident="INC-2"))
    written: TypeAdapter[Event] = TypeAdapter(Event)
    read = [written.validate_json(written.dump_json(event)) for event in course.log]
    assert read == course.log
    assert replay("INC-1", read) == course.incident


def test_a_damaged_log_is_refused() -> None:
    """A log that is empty, begins in the middle or is declared twice is no incident."""
    course = Course().declare()
    with pytest.raises(ValueError, match="empty log"):
        replay("INC-1", [])
    with pytest.raises(ValueError, match="begins with paged"):
        begin("INC-1", course.log[1])
    with pytest.raises(ValueError, match="declared a second time"):
        evolve(course.incident, course.log[0])


@pytest.mark.parametrize(("stakeholders", "drill", "times"), [(True, False, 1), (False, False, 0), (False, True, 1)])
def test_an_update_written_in_private_is_said_in_the_thread(*, stakeholders: bool, drill: bool, times: int) -> None:
    """The responders must see it, unless it comes to their chat as news for stakeholders anyway."""
    course = Course(the_rules(roster=a_roster(stakeholders=stakeholders))).declare()
    course.state = replace(course.incident, drill=drill)
    decided = decide(course.rules, course.incident, PostUpdate(by=ANNA, text="x", privately=True), THURSDAY)
    assert isinstance(decided, Decided)
    intents = intents_of(course.rules, course.incident, decided)
    assert [i.audience for i in intents if isinstance(i, Tell)].count(Audience.THREAD) == times
