"""The post-incident document for programs: stable keys, ISO 8601 times in UTC, durations in seconds (`_s`)."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.actors import Actor, Responder
from bot.domain.assessment_events import Aspect
from bot.domain.checklist import Phase, checklist
from bot.domain.incident_measures import Promise
from bot.domain.resolving import Written
from bot.domain.review import Settled
from bot.domain.review_events import Documentation, LessonKind
from bot.domain.review_facts import WENT_WELL
from bot.views import naming
from bot.views.charts.model import Series
from bot.views.postmortem.measured import Measured, NotMeasured
from bot.views.postmortem.sections import summary
from bot.views.postmortem.view import PostmortemView
from bot.views.timeline import line
from bot.views.times import iso

SCHEMA = "nabat.postmortem/1"
"""Keys are only added to a schema; one that would change its meaning gets another number."""


def postmortem_json(view: PostmortemView) -> str:
    """The document as a file's text, indented, ending in a line break."""
    return json.dumps(data(view), indent=2, ensure_ascii=False) + "\n"


def data(view: PostmortemView) -> dict[str, object]:
    """The document in plain JSON values; null where something is not known."""
    incident, facts, known = view.incident, view.facts, view.incident.assessment.known
    return {
        "schema": SCHEMA,
        "generated_at": iso(view.now),
        "incident": {
            "id": incident.id,
            "title": incident.title,
            "description": incident.description,
            "severity": incident.severity,
            "status": incident.status.value,
            "drill": incident.drill,
            "declared_at": iso(incident.declared_at),
            "declared_by": _actor(view, incident.declared_by),
            "acknowledged_at": _time(incident.first_acknowledged_at),
            "resolved_at": _time(incident.resolved_at),
            "resolved_by": _actor(view, incident.resolved_by),
            "follows": incident.follows,
            "merged_into": incident.merged_into,
            "url": incident.url,
        },
        "summary": list(summary(view)),
        "measures": {
            "detection_s": _seconds(facts.detection),
            "acknowledgement_s": _seconds(facts.acknowledgement),
            "recovery_s": _seconds(facts.recovery),
            "impact_s": _seconds(facts.impact.length),
            "impact_started_at": iso(facts.impact.start),
            "impact_ended_at": _time(facts.impact.end),
        },
        "deadlines": [
            {
                "promise": outcome.promise.value,
                "due_at": iso(outcome.due),
                "met_at": _time(outcome.met_at),
                "held": outcome.held,
            }
            for outcome in facts.deadlines
        ],
        "updates_in_time": facts.held(Promise.UPDATE),
        "impact": incident.impact,
        "metrics": _metrics(view),
        "assessment": {aspect.value: known[aspect].answer.value if aspect in known else None for aspect in Aspect},
        "cause": _written(view, incident.resolution.cause),
        "fix": _written(view, incident.resolution.fix),
        "went_well": [finding.value for finding in facts.findings if finding in WENT_WELL],
        "could_be_better": [finding.value for finding in facts.findings if finding not in WENT_WELL],
        "lessons": [
            {
                "number": lesson.number,
                "about": None if lesson.about is LessonKind.PLAIN else lesson.about.value,
                "text": lesson.text,
                "by": _actor(view, lesson.by),
                "at": iso(lesson.at),
            }
            for lesson in incident.review.lessons
        ],
        "action_items": [
            {
                "number": item.number,
                "text": item.text,
                "owner": _person(view, item.owner),
                "due": item.due.isoformat(),
                "done": item.done is not None,
                **_settled(view, "done", item.done),
            }
            for item in incident.review.items
        ],
        "people_called": [
            {
                "person": _person(view, called.person),
                "pages": called.pages,
                "first_at": iso(called.first_at),
                "answered_at": _time(called.answered_at),
                "reached": called.reached,
            }
            for called in facts.called
        ],
        "holders": [
            {"person": _person(view, hold.person), "from": iso(hold.start), "to": _time(hold.end)}
            for hold in facts.holders
        ],
        "alerts": [
            {
                "name": alert.name,
                "status": alert.status.value,
                "labels": alert.labels,
                "summary": alert.summary,
                "started_at": iso(alert.starts_at),
                "ended_at": _time(alert.ends_at),
            }
            for alert in incident.alerts.values()
        ],
        "actions_run": [
            {
                "action": run.action,
                "by": _actor(view, run.by),
                "started_at": iso(run.started_at),
                "ended_at": _time(run.ended.at if run.ended else None),
                "ok": run.ok if run.ended else None,
            }
            for run in incident.acting.runs
        ],
        "decisions": [
            {
                "rule": decision.trigger,
                "value": decision.value,
                "asked_at": iso(decision.asked_at),
                "answer": decision.settled_by.kind if decision.settled_by else None,
                **_settled(
                    view,
                    "answered",
                    Settled(decision.settled_by.by, decision.settled_by.at) if decision.settled_by else None,
                ),
            }
            for decision in incident.acting.decisions
        ],
        "checklists": [
            {
                "phase": phase.value,
                "id": line.item.id,
                "text": line.item.text,
                "done": line.tick is not None,
                **_settled(view, "done", Settled(line.tick.by, line.tick.at) if line.tick else None),
                "evidence": [evidence.text for evidence in line.evidence],
            }
            for phase in Phase
            for line in checklist(view.rules, incident, phase)
        ],
        "documentation": {part.value: part in incident.review.documented for part in Documentation},
        "review": {
            "due_at": _time(incident.review.due),
            "follow_up_at": _time(incident.review.follow_up),
            **_settled(view, "closed", incident.review.closed),
            "left_open_because": incident.review.left_open_because or None,
        },
        "timeline": [
            {
                "at": iso(event.at),
                "kind": event.kind,
                "by": _actor(view, event.by),
                "text": line(view.words, view.rules.roster, event, event.at).plain,
            }
            for event in view.history
        ],
    }


def _metrics(view: PostmortemView) -> dict[str, object] | None:
    """The values on one grid of moments: `from`, and then every `step_s`."""
    measured = view.measured
    match measured:
        case None:
            return None
        case NotMeasured():
            return {"missing_because": measured.why.value, "series": []}
        case Measured():
            return {
                "missing_because": None,
                "from": iso(measured.start),
                "to": iso(measured.end),
                "step_s": measured.step.total_seconds(),
                "series": [
                    {
                        "metric": course.name,
                        "name": series.name,
                        "unit": course.metric.unit.value,
                        "target": course.metric.target.model_dump(mode="json") if course.metric.target else None,
                        "values": _on_grid(measured, series),
                    }
                    for course in measured.courses
                    for series in course.series
                ],
            }


def _on_grid(measured: Measured, series: Series) -> list[float | None]:
    """A value for each step, null in gaps."""
    start_s, step_s = measured.start.timestamp(), measured.step.total_seconds()
    values: list[float | None] = [None] * ((measured.end - measured.start) // measured.step + 1)
    for at_s, value in series.points:
        place = round((at_s - start_s) / step_s)
        if 0 <= place < len(values):
            values[place] = value
    return values


def _written(view: PostmortemView, written: Written | None) -> dict[str, object] | None:
    if written is None:
        return None
    return {"text": written.text, "by": _actor(view, written.by), "at": iso(written.at)}


def _time(at: datetime | None) -> str | None:
    return None if at is None else iso(at)


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else round(length.total_seconds(), 3)


def _person(view: PostmortemView, key: str) -> dict[str, str]:
    return {"id": key, "name": view.rules.roster.name_of(key)}


def _actor(view: PostmortemView, actor: Actor | None) -> Mapping[str, str | None] | None:
    if actor is None:
        return None
    key = actor.person if isinstance(actor, Responder) else None
    return {"kind": actor.kind, "id": key, "name": naming.actor(view.words, view.rules.roster, actor).plain}


def _settled(view: PostmortemView, name: str, settled: Settled | None) -> dict[str, object]:
    return {
        f"{name}_at": _time(settled.at if settled else None),
        f"{name}_by": _actor(view, settled.by if settled else None),
    }
