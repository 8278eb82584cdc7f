"""The post-incident document for programs: stable keys, ISO 8601 times in UTC, durations in seconds (`_s`)."""

import json

from bot.domain.incident_measures import Promise
from bot.domain.review_events import Documentation
from bot.domain.review_facts import WENT_WELL
from bot.views.postmortem import data_aftermath as aftermath
from bot.views.postmortem import data_course as course
from bot.views.postmortem.data_metrics import metrics
from bot.views.postmortem.sections import summary
from bot.views.postmortem.values import written
from bot.views.postmortem.view import PostmortemView
from bot.views.times import iso

SCHEMA = "nabat.postmortem/1"
"""Keys are only added to a schema; one that would change its meaning gets another number."""


def postmortem_json(view: PostmortemView) -> str:
    """The document as a file's text, indented, ending in a line break."""
    return json.dumps(data(view), indent=2, ensure_ascii=False) + "\n"


def data(view: PostmortemView) -> dict[str, object]:
    """The document in plain JSON values; null where something is not known."""
    incident, facts = view.incident, view.facts
    return {
        "schema": SCHEMA,
        "generated_at": iso(view.now),
        "incident": course.incident(view),
        "summary": list(summary(view)),
        "measures": course.measures(facts),
        "deadlines": course.deadlines(facts),
        "updates_in_time": facts.held(Promise.UPDATE),
        "impact": incident.impact,
        "metrics": metrics(view),
        "assessment": course.assessment(view),
        "cause": written(view, incident.resolution.cause),
        "fix": written(view, incident.resolution.fix),
        "went_well": [finding.value for finding in facts.findings if finding in WENT_WELL],
        "could_be_better": [finding.value for finding in facts.findings if finding not in WENT_WELL],
        "lessons": aftermath.lessons(view),
        "action_items": aftermath.action_items(view),
        "people_called": course.people_called(view, facts),
        "holders": course.holders(view, facts),
        "alerts": course.alerts(view),
        "actions_run": aftermath.actions_run(view),
        "decisions": aftermath.decisions(view),
        "checklists": aftermath.checklists(view),
        "documentation": {part.value: part in incident.review.documented for part in Documentation},
        "review": aftermath.review(view),
        "timeline": course.timeline(view),
    }
