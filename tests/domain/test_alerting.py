"""How alerts open, join, resolve and reopen an incident."""

from datetime import timedelta

import pytest

from bot.domain.alerts import Alert
from bot.domain.commands import Absorb, Acknowledge, ChangeSeverity, MergeInto, Resolve, Retitle, TakeAlerts
from bot.domain.events import AlertsChanged, Reopened, SeverityChanged
from bot.domain.incident import Status
from bot.domain.intents import RefreshCard, RefreshPages, Tell
from bot.domain.rejections import NothingSaid
from bot.domain.rulings.alerting import fires_too_late, news_in
from tests.domain.builders import ALERTMANAGER, ANNA, THURSDAY, Course, an_alert, minutes


def alerted(*alerts: str, severity: str | None = None, label: str = "warning") -> Course:
    """An incident that Alertmanager opened with firing alerts of these fingerprints."""
    firing = tuple(an_alert(name, severity=label) for name in alerts or ("a",))
    return Course().declare(severity, by=ALERTMANAGER, alerts=firing, group="g")


def taking(*alerts: Alert, truncated: int = 0) -> TakeAlerts:
    """Alertmanager says how these alerts stand."""
    return TakeAlerts(by=ALERTMANAGER, alerts=alerts, truncated=truncated)


def test_alerts_open_an_incident_and_page_at_once() -> None:
    """A declaration by alerts is classified, keeps its alerts and group, and pages on-call in the same breath."""
    course = alerted("a", "b")
    assert (course.incident.severity, course.incident.groups) == ("SEV-3", ("g",))
    assert set(course.incident.alerts) == {"a", "b"}
    assert course.paged("anna") == [0]


def test_a_repeat_changes_nothing() -> None:
    """The same alerts once more lead to no event and no word."""
    course = alerted("a")
    assert course.do(taking(an_alert("a", severity="warning"))).events == ()
    assert course.moments[-1].intents == ()


def test_an_alert_joins_without_another_page() -> None:
    """A further alert of the group joins; the card is refreshed and nobody is paged."""
    course = alerted("a").at(minutes(1))
    course.do(taking(an_alert("b", severity="warning")))
    assert set(course.incident.alerts) == {"a", "b"}
    assert course.moments[-1].intents == (RefreshCard(incident="INC-1"),)


def test_a_worse_alert_raises_the_severity() -> None:
    """A critical alert joins a mild incident that nobody rated: everything of SEV-1 begins."""
    course = alerted("a").at(minutes(1))
    course.do(taking(an_alert("b", severity="critical")))
    assert course.incident.severity == "SEV-1"
    assert course.paged("clara") == [1]


@pytest.mark.parametrize("label", ["info", "warning"])
def test_a_milder_alert_does_not_lower_it(label: str) -> None:
    """An alert that is no worse leaves the severity."""
    course = alerted("a", label="high")
    course.do(taking(an_alert("b", severity=label)))
    assert course.incident.severity == "SEV-2"


def test_what_a_person_rated_stands() -> None:
    """After a person set the severity, no label changes it."""
    course = alerted("a", label="critical")
    course.do(ChangeSeverity(by=ANNA, severity="SEV-3", confirmed=True))
    course.do(taking(an_alert("b", severity="critical")))
    assert course.incident.severity == "SEV-3"


def test_the_last_resolved_alert_is_said_once_and_leaves_it_open() -> None:
    """When no alert fires any more the thread is told; a human ends the incident."""
    course = alerted("a", "b")
    course.do(taking(an_alert("a", firing=False)))
    assert course.told("thread", AlertsChanged) == []
    course.do(taking(an_alert("b", firing=False)))
    assert course.told("thread", AlertsChanged) == [0]
    assert course.incident.all_alerts_resolved
    assert course.incident.is_open


def test_the_last_resolved_alert_is_said_also_when_a_timer_was_due() -> None:
    """A timer that is settled in the same decision does not swallow the news that no alert fires any more."""
    course = alerted("a", label="high").sleep_until(minutes(15))
    course.do(taking(an_alert("a", firing=False)))
    assert course.paged("anna") == [0, 15]
    assert course.told("thread", AlertsChanged) == [15]


def test_firing_again_soon_reopens() -> None:
    """An alert that fires again soon after the end reopens its incident and pages on-call."""
    course = alerted("a")
    course.do(taking(an_alert("a", firing=False)))
    course.do(Resolve(by=ANNA))
    course.at(minutes(30))
    again = an_alert("a", severity="warning", starts_at=THURSDAY + minutes(29))
    assert not fires_too_late(course.rules, course.incident, (again,), course.now)
    course.do(taking(again))
    assert course.incident.status is Status.UNANSWERED
    assert course.paged("anna") == [0, 30]


def test_firing_again_with_the_same_start_reopens_too() -> None:
    """Some sources keep the start of an alert that fires again: its status alone tells."""
    course = alerted("a")
    course.do(taking(an_alert("a", firing=False)))
    course.do(Resolve(by=ANNA))
    course.do(taking(an_alert("a", severity="warning")))
    assert course.happened(Reopened) == [0]


def test_firing_again_late_makes_a_new_incident() -> None:
    """Past the plan's time the alert belongs to a new incident; what only repeats or resolves never does."""
    course = alerted("a", "b")
    assert not fires_too_late(course.rules, course.incident, (an_alert("c"),), course.now)
    course.do(taking(an_alert("a", firing=False)))
    course.do(Resolve(by=ANNA))
    late = THURSDAY + minutes(30) + timedelta(microseconds=1)
    again = an_alert("a", starts_at=THURSDAY + minutes(29))
    assert fires_too_late(course.rules, course.incident, (again,), late)
    assert not fires_too_late(course.rules, course.incident, (again,), THURSDAY + minutes(30))
    assert not fires_too_late(course.rules, course.incident, (an_alert("b"),), late)
    assert not fires_too_late(course.rules, course.incident, (an_alert("b", firing=False),), late)


def test_firing_again_worse_reopens_with_the_worse_severity() -> None:
    """A critical alert that reopens a mild incident raises it, and pages by SEV-1 once."""
    course = alerted("a")
    course.do(Resolve(by=ANNA))
    course.at(minutes(5))
    decided = course.do(taking(an_alert("b", severity="critical")))
    assert [type(event) for event in decided.events[:3]] == [Reopened, AlertsChanged, SeverityChanged]
    assert course.incident.severity == "SEV-1"
    assert course.paged("anna") == [0, 5]
    assert course.paged("clara") == [5]


def test_what_still_fires_after_the_end_reopens_nothing() -> None:
    """A person ended it while an alert still fires: the source's repeats do not undo that."""
    course = alerted("a")
    course.do(Resolve(by=ANNA))
    assert course.do(taking(an_alert("a", severity="warning"))).events == ()


def test_alerts_resolving_after_the_end_are_kept_quietly() -> None:
    """A resolution that comes after the end is kept, and said to nobody."""
    course = alerted("a")
    course.do(Resolve(by=ANNA))
    course.do(taking(an_alert("a", firing=False)))
    assert course.incident.status is Status.RESOLVED
    assert course.moments[-1].intents == (RefreshCard(incident="INC-1"),)


def test_alerts_for_a_merged_incident_wake_nobody_there() -> None:
    """What still arrives at a merged incident is kept; the other incident carries it on."""
    course = alerted("a")
    course.do(MergeInto(by=ANNA, incident="INC-2"))
    course.do(taking(an_alert("b", severity="critical")))
    assert course.incident.status is Status.MERGED
    assert course.incident.severity == "SEV-3"
    assert course.paged("anna") == [0]


def test_what_resolved_unseen_is_no_news() -> None:
    """A resolution of an alert that never fired here brings nothing."""
    course = alerted("a")
    assert news_in(course.incident, (an_alert("z", firing=False),)) == ()
    assert course.do(taking(an_alert("z", firing=False))).events == ()


def test_what_the_source_left_out_is_counted() -> None:
    """A changed count of truncated alerts is news, the same count is not."""
    course = alerted("a")
    course.do(taking(an_alert("a", severity="warning"), truncated=7))
    assert course.incident.truncated == 7
    assert course.do(taking(an_alert("a", severity="warning"), truncated=7)).events == ()


def test_an_answered_incident_takes_alerts_quietly() -> None:
    """More alerts of the same severity do not disturb the holder."""
    course = alerted("a")
    course.do(Acknowledge(by=ANNA))
    course.do(taking(an_alert("b", severity="warning")))
    assert course.incident.holder == "anna"
    assert course.paged("anna") == [0]


def test_a_source_renames() -> None:
    """Another title from the source is taken, cut to its limit; the same or none is no change."""
    course = alerted("a")
    course.do(Retitle(by=ALERTMANAGER, title="x" * 400))
    assert course.incident.title == "x" * 300
    assert course.moments[-1].intents == (RefreshPages(incident="INC-1"), RefreshCard(incident="INC-1"))
    assert course.do(Retitle(by=ALERTMANAGER, title="x" * 300)).events == ()
    assert course.refuse(Retitle(by=ALERTMANAGER, title=" ")) == NothingSaid()


def test_a_merge_takes_over_what_the_other_had() -> None:
    """Alerts and groups of the other are added; of the same alert the later occurrence counts."""
    course = alerted("a", "b")
    course.do(taking(an_alert("a", firing=False)))
    later = an_alert("a", starts_at=THURSDAY + minutes(1))
    older = an_alert("b", firing=False, starts_at=THURSDAY - minutes(1))
    command = Absorb(by=ANNA, incident="INC-2", title="x", alerts=(later, older, an_alert("c")), groups=("g", "h"))
    course.do(command)
    assert course.incident.alerts["a"] == later
    assert course.incident.alerts["b"].starts_at == THURSDAY
    assert set(course.incident.alerts) == {"a", "b", "c"}
    assert course.incident.groups == ("g", "h")
    assert course.incident.absorbed == ("INC-2",)


@pytest.mark.parametrize(
    ("other", "after"), [(None, "SEV-3"), ("SEV-1", "SEV-1"), ("SEV-4", "SEV-3"), ("GONE", "SEV-3")]
)
def test_a_merge_keeps_the_worse_severity(other: str | None, after: str) -> None:
    """Merging a worse incident into a milder one raises it: no merge ends the pages that a bad incident needs."""
    course = alerted("a")
    course.do(Absorb(by=ANNA, incident="INC-2", title="x", alerts=(), groups=(), severity=other))
    assert course.incident.severity == after


def test_no_word_for_nothing() -> None:
    """The thread hears nothing of an incident whose alerts merely join."""
    course = alerted("a")
    course.do(taking(an_alert("b", severity="warning")))
    assert [intent for moment in course.moments for intent in moment.intents if isinstance(intent, Tell)] == []


@pytest.mark.parametrize(
    ("labels", "summary", "name"),
    [({"alertname": "Down"}, "It is down", "Down"), ({}, "It is down", "It is down"), ({}, "", "f1")],
)
def test_an_alert_has_a_name(labels: dict[str, str], summary: str, name: str) -> None:
    """An alert is called by its `alertname`, else by its summary, else by its fingerprint."""
    alert = an_alert("f1").model_copy(update={"labels": labels, "summary": summary})
    assert alert.name == name
