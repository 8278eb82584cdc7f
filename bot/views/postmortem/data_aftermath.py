"""The document for programs: what was done and decided, what was learned, and what is to be done."""

from bot.domain.checklist import Phase, checklist
from bot.domain.review import Settled
from bot.domain.review_events import LessonKind
from bot.views.postmortem.values import Values, actor, person, settled, time
from bot.views.postmortem.view import PostmortemView
from bot.views.times import iso


def lessons(view: PostmortemView) -> list[Values]:
    """What was learned, and what it is about where somebody said so."""
    return [
        {
            "number": lesson.number,
            "about": None if lesson.about is LessonKind.PLAIN else lesson.about.value,
            "text": lesson.text,
            "by": actor(view, lesson.by),
            "at": iso(lesson.at),
        }
        for lesson in view.incident.review.lessons
    ]


def action_items(view: PostmortemView) -> list[Values]:
    """Who is to do what until when."""
    return [
        {
            "number": item.number,
            "text": item.text,
            "owner": person(view, item.owner),
            "due": item.due.isoformat(),
            "done": item.done is not None,
            **settled(view, "done", item.done),
        }
        for item in view.incident.review.items
    ]


def actions_run(view: PostmortemView) -> list[Values]:
    """What ran, and whether it ended well."""
    return [
        {
            "action": run.action,
            "by": actor(view, run.by),
            "started_at": iso(run.started_at),
            "ended_at": time(run.ended.at if run.ended else None),
            "ok": run.ok if run.ended else None,
        }
        for run in view.incident.acting.runs
    ]


def decisions(view: PostmortemView) -> list[Values]:
    """What was asked, and what was answered by whom."""
    return [
        {
            "rule": decision.trigger,
            "value": decision.value,
            "asked_at": iso(decision.asked_at),
            "answer": by.kind if by else None,
            **settled(view, "answered", Settled(by.by, by.at) if by else None),
        }
        for decision in view.incident.acting.decisions
        for by in (decision.settled_by,)
    ]


def checklists(view: PostmortemView) -> list[Values]:
    """Each line of both."""
    return [
        {
            "phase": phase.value,
            "id": line.item.id,
            "text": line.item.text,
            "done": line.tick is not None,
            **settled(view, "done", Settled(line.tick.by, line.tick.at) if line.tick else None),
            "evidence": [evidence.text for evidence in line.evidence],
        }
        for phase in Phase
        for line in checklist(view.rules, view.incident, phase)
    ]


def review(view: PostmortemView) -> Values:
    """How the review itself stands."""
    state = view.incident.review
    return {
        "due_at": time(state.due),
        "follow_up_at": time(state.follow_up),
        **settled(view, "closed", state.closed),
        "left_open_because": state.left_open_because or None,
    }
