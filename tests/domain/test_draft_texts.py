"""What a draft for the outside says: the words, times and language of its plan, and never those of an alert."""

from typing import Any

import pytest

from bot.domain.commands import Acknowledge, DescribeImpact, Resolve
from bot.domain.draft_commands import AskDraft
from tests.domain.builders import ALERTMANAGER, ANNA, Course, a_plan, a_roster, an_alert, minutes, the_rules
from tests.domain.drafted import newest, publish


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


def test_the_outside_is_written_to_in_the_team_s_language() -> None:
    """That of the responders chat, unless the plan says another."""
    roster = a_roster()
    responders = roster.chats.responders.model_copy(update={"language": "ru"})
    spoken = roster.model_copy(update={"chats": roster.chats.model_copy(update={"responders": responders})})
    assert "неполадк" in newest(Course(the_rules(roster=spoken)).declare("SEV-4"), "status_page").text
    plan = a_plan({"SEV-1": {"external": ["status_page"]}}, communication={"language": "en"})
    assert "problem" in newest(Course(the_rules(plan, roster=spoken)).declare(), "status_page").text
