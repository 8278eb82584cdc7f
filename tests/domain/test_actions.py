"""Actions of the plan: who may start one, that it runs once, and how its end is kept."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.acting import Across, Standing
from bot.domain.acting_commands import FinishAction, LoseAction, StartAction
from bot.domain.acting_events import ActionEnding, ActionFinished, ActionLost, ActionRefused, ActionStarted, WhyRefused
from bot.domain.acting_rejections import (
    ActionBusy,
    ConfirmAction,
    NoSuchRun,
    RunSince,
    TakesMoreAuthority,
    UnknownAction,
)
from bot.domain.commands import Resolve
from bot.domain.intents import Ping, RefreshTold, Tell
from bot.domain.rejections import AlreadyClosed, NotOnTheTeam
from tests.domain.builders import ANNA, BORIS, CLARA, DAN, NABAT, STRANGER, Course


def started(course: Course, by: Any = ANNA) -> int:
    """A confirmed rollback; the number of its run."""
    course.do(StartAction(by, "rollback", confirmed=True))
    event = course.log[-1]
    assert isinstance(event, ActionStarted)
    assert event.run == len(course.log)
    return event.run


def test_an_action_takes_two_yeses() -> None:
    """The first asks for the second; a second that saw fewer runs is an old button."""
    course = Course().declare()
    assert course.refuse(StartAction(ANNA, "rollback")) == ConfirmAction("rollback", 0)
    course.do(StartAction(ANNA, "rollback", confirmed=True, seen=0))
    run = course.incident.acting.runs[0].number
    course.do(FinishAction(NABAT, run, ActionEnding.EXITED, 0))
    assert course.refuse(StartAction(ANNA, "rollback", confirmed=True, seen=0)) == RunSince()


def test_only_actions_of_the_plan_run() -> None:
    """Anything else is refused with what there is."""
    refused = Course().declare().refuse(StartAction(ANNA, "rm", confirmed=True))
    assert isinstance(refused, UnknownAction)
    assert "rollback" in refused.allowed


def test_it_takes_the_authority_of_the_action() -> None:
    """A higher one suffices; others are refused, and recorded once."""
    course = Course().declare()
    for by, why, then in (
        (ANNA, WhyRefused.AUTHORITY, TakesMoreAuthority("team_lead")),
        (DAN, WhyRefused.AUTHORITY, TakesMoreAuthority("team_lead")),
        (STRANGER, WhyRefused.STRANGER, NotOnTheTeam()),
    ):
        course.do(StartAction(by, "deploy", confirmed=True))
        event = course.log[-1]
        assert isinstance(event, ActionRefused)
        assert (event.by, event.why) == (by, why)
        assert course.refuse(StartAction(by, "deploy", confirmed=True)) == then
    course.do(StartAction(CLARA, "deploy", confirmed=True))
    assert isinstance(course.log[-1], ActionStarted)


def test_one_at_a_time_among_all_incidents() -> None:
    """While it runs anywhere nobody starts it again; once it has ended anybody may."""
    course = Course().declare()
    runs = Standing("INC-9", 4, running=True, at=course.now)
    course.with_rules(across=Across(standings={"rollback": runs}))
    assert course.refuse(StartAction(ANNA, "rollback", confirmed=True)) == ActionBusy("rollback", "INC-9")
    ended = Standing("INC-9", 4, running=False, at=course.now)
    course.with_rules(across=Across(standings={"rollback": ended}))
    started(course)


def test_a_closed_incident_starts_nothing() -> None:
    """But what it started still ends in its log."""
    course = Course().declare()
    run = started(course)
    course.do(Resolve(ANNA))
    assert course.refuse(StartAction(ANNA, "smoke_tests", confirmed=True)) == AlreadyClosed()
    course.do(FinishAction(NABAT, run, ActionEnding.EXITED, 0))
    assert RefreshTold(incident="INC-1", number=run) in course.moments[-1].intents


@pytest.mark.parametrize(("took_s", "code", "told"), [(59, 0, False), (60, 0, True), (1, 1, True)])
def test_an_end_is_said_twice_only_where_nobody_may_have_seen_it(took_s: int, code: int, *, told: bool) -> None:
    """The run's own message shows how it ended; after a minute, and where it failed, the thread hears of it, too."""
    course = Course().declare()
    run = started(course)
    course.do(FinishAction(NABAT, run, ActionEnding.EXITED, code, took=timedelta(seconds=took_s)))
    intents = course.moments[-1].intents
    assert RefreshTold(incident="INC-1", number=run) in intents
    assert any(isinstance(intent, Tell) for intent in intents) is told


def test_a_good_end_calls_nobody() -> None:
    """Its message shows it; the output is kept bounded."""
    course = Course().declare()
    run = started(course)
    course.do(FinishAction(NABAT, run, ActionEnding.EXITED, 0, tail="x" * 5000 + "done", took=timedelta(seconds=12.5)))
    event = course.log[-1]
    assert isinstance(event, ActionFinished)
    assert (len(event.tail), event.tail[-4:], event.took_s) == (2000, "done", 12.5)
    intents = course.moments[-1].intents
    assert RefreshTold(incident="INC-1", number=run) in intents
    assert not any(isinstance(intent, Ping) for intent in intents)
    assert course.incident.acting.running == ()
    assert course.incident.acting.runs[0].ok


@pytest.mark.parametrize(
    ("ending", "code", "ok"),
    [
        (ActionEnding.EXITED, 0, True),
        (ActionEnding.EXITED, 1, False),
        (ActionEnding.ANSWERED, 200, True),
        (ActionEnding.ANSWERED, 299, True),
        (ActionEnding.ANSWERED, 300, False),
        (ActionEnding.ANSWERED, 199, False),
        (ActionEnding.TIMED_OUT, None, False),
        (ActionEnding.KILLED, None, False),
        (ActionEnding.NOT_STARTED, None, False),
        (ActionEnding.NOT_ANSWERED, None, False),
        (ActionEnding.STOPPED, None, False),
    ],
)
def test_a_bad_end_calls_whoever_started_it(ending: ActionEnding, code: int | None, ok: bool) -> None:
    """And those on call."""
    course = Course().declare("SEV-3")
    run = started(course, BORIS)
    course.do(FinishAction(NABAT, run, ending, code))
    told = {intent.person for intent in course.moments[-1].intents if isinstance(intent, Ping)}
    assert told == (set() if ok else {"anna", "boris"})


def test_a_run_ends_once() -> None:
    """What ended has ended; what was given up as lost may still turn out to have ended, once."""
    course = Course().declare()
    run = started(course)
    course.do(LoseAction(NABAT, run))
    assert isinstance(course.log[-1], ActionLost)
    assert not course.incident.acting.runs[0].ok
    assert course.refuse(LoseAction(NABAT, run)) == NoSuchRun()
    course.do(FinishAction(NABAT, run, ActionEnding.EXITED, 0))
    assert course.incident.acting.runs[0].ok
    assert course.refuse(FinishAction(NABAT, run, ActionEnding.EXITED, 0)) == NoSuchRun()
    assert course.refuse(LoseAction(NABAT, 99)) == NoSuchRun()
    assert course.incident.acting.run(99) is None
