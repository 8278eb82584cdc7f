"""Incidents with drafts for the outside: what was offered, what waits for a yes, and the yes itself."""

from bot.domain.approval import waits
from bot.domain.commands import Acknowledge
from bot.domain.decide import Decided
from bot.domain.draft_commands import ApproveDraft
from bot.domain.draft_events import DraftOffered
from bot.domain.drafts import Draft
from bot.domain.plan_communication import Moment
from tests.domain.builders import ALERTMANAGER, ANNA, BORIS, Course, an_alert

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
