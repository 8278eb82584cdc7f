"""What the log says for the post-incident document."""

from bot.domain.acting_commands import FinishAction, StartAction
from bot.domain.acting_events import ActionEnding
from bot.domain.commands import (
    Acknowledge,
    Assign,
    ChangeSeverity,
    MergeInto,
    Note,
    PostUpdate,
    Reopen,
    Resolve,
)
from bot.domain.events import SeverityChanged
from bot.domain.incident_measures import Promise
from bot.domain.review_facts import Called, Finding, Hold, ReviewFacts, facts_of, failed, worked
from tests.domain.builders import ALERTMANAGER, ANNA, BORIS, NABAT, THURSDAY, Course, an_alert, hours, minutes


def facts(course: Course) -> ReviewFacts:
    """What the log of a course says."""
    return facts_of(course.rules, course.incident, course.log)


def test_a_calm_incident_has_only_good_news() -> None:
    """Seen by an alert, answered, updated and over in time, with a rollback that worked."""
    course = Course().declare(by=ALERTMANAGER, alerts=(an_alert(starts_at=THURSDAY - minutes(1)),))
    course.at(minutes(2)).do(Acknowledge(ANNA))
    course.do(StartAction(ANNA, "rollback", confirmed=True, seen=0))
    run = course.incident.acting.runs[0]
    course.do(FinishAction(NABAT, run.number, ActionEnding.EXITED, code=0))
    course.at(minutes(20)).do(PostUpdate(ANNA, "Rolled back"))
    course.at(minutes(30)).do(Resolve(ANNA))
    found = facts(course)
    assert found.findings == (
        Finding.DETECTED_SOON,
        Finding.ANSWERED_IN_TIME,
        Finding.RESOLVED_IN_TIME,
        Finding.UPDATES_IN_TIME,
        Finding.ACTIONS_WORKED,
    )
    assert (found.detection, found.acknowledgement, found.recovery) == (minutes(1), minutes(2), minutes(30))
    assert [run.action for run in worked(course.incident)] == ["rollback"]
    assert found.held(Promise.RESPONSE) is True


def test_a_bad_day_says_what_could_be_better() -> None:
    """Noticed by a person, answered late, rated too mild, with late news, a failed run, and a second round."""
    course = Course().declare("SEV-2")
    course.lose("anna")
    course.at(hours(2)).do(Acknowledge(BORIS))
    course.do(ChangeSeverity(BORIS, "SEV-1"))
    course.do(StartAction(BORIS, "rollback", confirmed=True, seen=0))
    course.do(FinishAction(NABAT, course.incident.acting.runs[0].number, ActionEnding.EXITED, code=1))
    course.at(hours(9)).do(Resolve(BORIS))
    course.at(hours(10)).do(Reopen(BORIS))
    course.do(Resolve(BORIS))
    found = facts(course)
    assert set(found.findings) == {
        Finding.NOT_DETECTED,
        Finding.ANSWERED_LATE,
        Finding.RESOLVED_LATE,
        Finding.UPDATES_LATE,
        Finding.ACTIONS_FAILED,
        Finding.NOT_REACHED,
        Finding.RATED_TOO_MILD,
        Finding.REOPENED,
    }
    assert [run.action for run in failed(course.incident)] == ["rollback"]
    assert found.held(Promise.RESPONSE) is False


def test_an_alert_that_told_late_is_a_finding() -> None:
    """Written plan, Phase 1: detection takes at most five minutes."""
    course = Course().declare(by=ALERTMANAGER, alerts=(an_alert(starts_at=THURSDAY - minutes(6)),))
    assert facts(course).findings == (Finding.DETECTED_LATE,)
    assert facts(course).held(Promise.UPDATE) is None


def test_who_was_called_and_who_answered() -> None:
    """Each person once, with how often and when first; who is reachable again counts as reached."""
    course = Course().declare("SEV-1").at(minutes(5))
    course.lose("clara")
    course.lose("boris")
    course.find("boris")
    course.at(minutes(6)).do(Acknowledge(ANNA))
    called = {one.person: one for one in facts(course).called}
    assert called["anna"] == Called("anna", 2, THURSDAY, THURSDAY + minutes(6), reached=True)
    assert called["boris"].reached
    assert not called["clara"].reached
    assert called["clara"].answered_at is None


def test_who_had_it_and_until_when() -> None:
    """Hands change by assignment, and end with the incident; the same hands again are no change."""
    course = Course().declare("SEV-3")
    assert facts(course).holders == ()
    course.at(minutes(1)).do(Acknowledge(ANNA))
    course.log.append(course.log[-1])
    course.at(minutes(2)).do(Assign(ANNA, "boris"))
    assert facts(course).holders == (
        Hold("anna", THURSDAY + minutes(1), THURSDAY + minutes(2)),
        Hold("boris", THURSDAY + minutes(2), None),
    )
    course.at(minutes(3)).do(MergeInto(BORIS, "INC-2"))
    course.log.append(course.log[-1])
    assert facts(course).holders[-1].end == THURSDAY + minutes(3)


def test_a_severity_that_became_milder_was_no_mistake() -> None:
    """Only a worse one says that it was taken too lightly; a name of another plan says nothing."""
    course = Course().declare("SEV-1")
    course.do(Note(ANNA, "Looks small"))
    course.do(ChangeSeverity(ANNA, "SEV-2", confirmed=True, seen="SEV-1"))
    course.log.append(SeverityChanged(at=course.now, by=ANNA, before="SEV-8", severity="SEV-1"))
    assert Finding.RATED_TOO_MILD not in facts(course).findings
