"""What was looked at and done: findings, runbooks that fit and their steps, silences and what they match."""

import pytest

from bot.domain.commands import Command, Resolve
from bot.domain.decide import Decided, Rejected, decide
from bot.domain.incident import Incident
from bot.domain.log_lines import errors_among, log_action, log_actions
from bot.domain.looking_commands import RecordFindings, RecordSilence, RecordSilenceEnd, TickRunbookStep
from bot.domain.looking_events import InformationGathered, RunbookStepTicked, Silenced, Unsilenced
from bot.domain.rejections import AlreadyClosed, NoSuchStep
from bot.domain.rulings.looking import FINDINGS_LIMIT
from bot.domain.runbooks import addresses, fitting
from bot.domain.silencing import MOST_VALUES, matchers_for
from tests.domain.builders import ANNA, BORIS, STRANGER, THURSDAY, Course, a_plan, an_alert, hours, the_rules

BOOKS = a_plan(
    {"SEV-1": {}, "SEV-2": {}},
    runbooks=[
        {"title": "Errors", "labels": {"alertname": ".*Error.*"}, "steps": ["Look", "Roll back"]},
        {"title": "Worst", "severities": ["SEV-1"], "steps": ["Call everybody"]},
        {"title": "Mild errors", "labels": {"alertname": ".*Error.*"}, "severities": ["SEV-2"]},
    ],
)
RULES = the_rules(BOOKS)


def an_incident(severity: str = "SEV-1", *names: str) -> Incident:
    """An incident under that plan, with an alert a name."""
    course = Course(RULES)
    alerts = tuple(an_alert(name, alertname=name) for name in names)
    course.declare(severity=severity, alerts=alerts)
    return course.incident


def after(incident: Incident, command: Command) -> Decided:
    """The decision on a command that must be taken."""
    decided = decide(RULES, incident, command, THURSDAY)
    assert isinstance(decided, Decided), decided
    return decided


@pytest.mark.parametrize(
    ("severity", "names", "fit"),
    [
        ("SEV-1", ("Latency", "HighErrorRate"), (0, 1)),
        ("SEV-2", ("HighErrorRate",), (0, 2)),
        ("SEV-1", (), (1,)),
        ("SEV-2", ("Latency",), ()),
    ],
)
def test_a_runbook_fits_by_the_labels_of_any_alert_and_by_severity(
    severity: str, names: tuple[str, ...], fit: tuple[int, ...]
) -> None:
    """Labels must match one alert whole; severities, where there are any, must name the incident's."""
    assert fitting(BOOKS, an_incident(severity, *names)) == fit


def test_alerts_may_name_runbooks_of_their_own() -> None:
    """An address is named once, by the first alert that has it."""
    alerts = [an_alert(name, alertname=name).model_copy(update={"runbook_url": "https://x.y/a"}) for name in "ab"]
    course = Course(RULES)
    course.declare(severity="SEV-1", alerts=(*alerts, an_alert("c")))
    assert addresses(course.incident) == {"https://x.y/a": "a"}


def test_a_step_is_ticked_and_taken_back() -> None:
    """The event says what was done, in words; the incident knows by whom; what stands already changes nothing."""
    incident = an_incident("SEV-1", "HighErrorRate")
    done = after(incident, TickRunbookStep(ANNA, 0, 1, done=True))
    (event,) = done.events
    assert isinstance(event, RunbookStepTicked)
    assert (event.runbook, event.step, event.text, event.done) == ("Errors", 1, "Roll back", True)
    assert done.incident.looked.steps_ticked["Errors", 1].by == ANNA
    assert not after(done.incident, TickRunbookStep(BORIS, 0, 1, done=True)).events
    undone = after(done.incident, TickRunbookStep(BORIS, 0, 1, done=False))
    assert not undone.incident.looked.steps_ticked
    assert not after(undone.incident, TickRunbookStep(BORIS, 0, 1, done=False)).events


@pytest.mark.parametrize(("runbook", "step"), [(3, 0), (0, 2)])
def test_a_step_that_is_not_there_is_refused(runbook: int, step: int) -> None:
    """A forged button ticks nothing."""
    refused = decide(RULES, an_incident(), TickRunbookStep(ANNA, runbook, step, done=True), THURSDAY)
    assert isinstance(refused, Rejected)
    assert refused.reason == NoSuchStep()


def test_nothing_is_ticked_after_the_end() -> None:
    """The runbook of a closed incident is history."""
    over = after(an_incident(), Resolve(ANNA)).incident
    refused = decide(RULES, over, TickRunbookStep(ANNA, 0, 0, done=True), THURSDAY)
    assert isinstance(refused, Rejected)
    assert refused.reason == AlreadyClosed()


def test_findings_are_kept_and_bounded() -> None:
    """What a look at everything said is an event, and the incident knows when that was."""
    kept = after(an_incident(), RecordFindings(ANNA, "x" * (FINDINGS_LIMIT + 1)))
    (event,) = kept.events
    assert isinstance(event, InformationGathered)
    assert len(event.text) == FINDINGS_LIMIT
    assert kept.incident.looked.gathered_at == THURSDAY
    assert isinstance(decide(RULES, an_incident(), RecordFindings(STRANGER, "x"), THURSDAY), Rejected)


def test_a_silence_is_known_until_it_ends() -> None:
    """It holds until its time, or until somebody ends it; an end is kept once."""
    record = RecordSilence(ANNA, "s1", 'alertname="A"', THURSDAY + hours(1), 2, "known")
    made = after(an_incident(), record)
    (event,) = made.events
    assert isinstance(event, Silenced)
    assert (event.silence, event.alerts, event.reason) == ("s1", 2, "known")
    assert made.incident.looked.silenced(THURSDAY)["s1"].by == ANNA
    assert not made.incident.looked.silenced(THURSDAY + hours(1))
    ended = after(made.incident, RecordSilenceEnd(BORIS, "s1"))
    assert [type(each) for each in ended.events] == [Unsilenced]
    assert not ended.incident.looked.silences
    assert not after(ended.incident, RecordSilenceEnd(BORIS, "s1")).events


def with_labels(*labels: dict[str, str]) -> Incident:
    """An incident with an alert for each set of labels."""
    course = Course(RULES)
    alerts = tuple(an_alert(str(number)).model_copy(update={"labels": each}) for number, each in enumerate(labels))
    course.declare(severity="SEV-1", alerts=alerts)
    return course.incident


def test_a_silence_matches_what_the_alerts_share() -> None:
    """One value is matched as it is, several by an expression; a label that one lacks would match nothing."""
    incident = with_labels(
        {"alertname": "A", "service": "pay.eu", "job": "x", "severity": "critical"},
        {"alertname": "A", "service": 'se"arch', "severity": "warning"},
    )
    name, service = matchers_for(incident)
    assert (name.name, name.value, name.is_regex, name.written) == ("alertname", "A", False, 'alertname="A"')
    assert (service.value, service.is_regex) == (r'pay\.eu|se"arch', True)
    assert service.written == r'service=~"pay\\.eu|se\"arch"'


def test_what_nothing_tells_apart_cannot_be_silenced() -> None:
    """Without alerts, without telling labels, or with too many values there is no matcher."""
    assert matchers_for(an_incident()) == ()
    assert matchers_for(with_labels({"severity": "critical"})) == ()
    assert matchers_for(with_labels(*({"alertname": f"A{n}"} for n in range(MOST_VALUES + 1)))) == ()


def test_lines_that_tell_of_an_error() -> None:
    """Whole words in any case; a word that only holds one of them is none."""
    lines = ("INFO ok", "ERROR no disk", "fatal: x", "terrors of the deep", "panic!")
    assert errors_among(lines) == ("ERROR no disk", "fatal: x", "panic!")


def test_which_actions_read_logs() -> None:
    """By their name, the usual one first; a kind picks another; a plan may have none."""
    plan = the_rules().plan
    assert list(log_actions(plan)) == ["logs", "error_logs", "security_logs"]
    assert [found[0] for kind in ("", "errors", "security", "Logs") if (found := log_action(plan, kind))] == [
        "logs",
        "error_logs",
        "security_logs",
        "logs",
    ]
    assert log_action(plan, "poetry") is None
    assert log_action(a_plan(), "") is None
