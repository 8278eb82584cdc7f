"""The document for programs: what the incident was, what was promised and kept, who was called, and what happened."""

from bot.domain.assessment_events import Aspect
from bot.domain.review_facts import ReviewFacts
from bot.views.postmortem.values import Values, actor, person, seconds, time
from bot.views.postmortem.view import PostmortemView
from bot.views.timeline import line
from bot.views.times import iso


def incident(view: PostmortemView) -> Values:
    """What it is called, how bad it was, and when it began and ended."""
    about = view.incident
    return {
        "id": about.id,
        "title": about.title,
        "description": about.description,
        "severity": about.severity,
        "status": about.status.value,
        "drill": about.drill,
        "declared_at": iso(about.declared_at),
        "declared_by": actor(view, about.declared_by),
        "acknowledged_at": time(about.first_acknowledged_at),
        "resolved_at": time(about.resolved_at),
        "resolved_by": actor(view, about.resolved_by),
        "follows": about.follows,
        "merged_into": about.merged_into,
        "url": about.url,
    }


def measures(facts: ReviewFacts) -> Values:
    """How long it took."""
    return {
        "detection_s": seconds(facts.detection),
        "acknowledgement_s": seconds(facts.acknowledgement),
        "recovery_s": seconds(facts.recovery),
        "impact_s": seconds(facts.impact.length),
        "impact_started_at": iso(facts.impact.start),
        "impact_ended_at": time(facts.impact.end),
    }


def deadlines(facts: ReviewFacts) -> list[Values]:
    """Each promise, and whether it was kept."""
    return [
        {
            "promise": outcome.promise.value,
            "due_at": iso(outcome.due),
            "met_at": time(outcome.met_at),
            "held": outcome.held,
        }
        for outcome in facts.deadlines
    ]


def assessment(view: PostmortemView) -> Values:
    """Each question of the scope and the impact, null where nobody answered it."""
    known = view.incident.assessment.known
    return {aspect.value: known[aspect].answer.value if aspect in known else None for aspect in Aspect}


def people_called(view: PostmortemView, facts: ReviewFacts) -> list[Values]:
    """Who was paged, and when they answered."""
    return [
        {
            "person": person(view, called.person),
            "pages": called.pages,
            "first_at": iso(called.first_at),
            "answered_at": time(called.answered_at),
            "reached": called.reached,
        }
        for called in facts.called
    ]


def holders(view: PostmortemView, facts: ReviewFacts) -> list[Values]:
    """Who had it, from when to when."""
    return [
        {"person": person(view, hold.person), "from": iso(hold.start), "to": time(hold.end)} for hold in facts.holders
    ]


def alerts(view: PostmortemView) -> list[Values]:
    """As their source told them."""
    return [
        {
            "name": alert.name,
            "status": alert.status.value,
            "labels": alert.labels,
            "summary": alert.summary,
            "started_at": iso(alert.starts_at),
            "ended_at": time(alert.ends_at),
        }
        for alert in view.incident.alerts.values()
    ]


def timeline(view: PostmortemView) -> list[Values]:
    """Every event of the log."""
    return [
        {
            "at": iso(event.at),
            "kind": event.kind,
            "by": actor(view, event.by),
            "text": line(view.words, view.rules.roster, event, event.at).plain,
        }
        for event in view.history
    ]
