"""What went well and what could be better: lessons that were sorted so, and what the log itself says."""

from collections.abc import Iterator

from bot.domain.incident_measures import Promise
from bot.domain.review_events import LessonKind
from bot.domain.review_facts import WENT_WELL, Finding, ReviewFacts, failed, first_severity, not_reached, worked
from bot.views import naming
from bot.views.headline import severity
from bot.views.html import Piece, text
from bot.views.postmortem.document import Block, Item, Items, Mark, Paragraph
from bot.views.postmortem.view import TEXT_LIMIT, PostmortemView, actions
from bot.views.times import duration


def learned(view: PostmortemView, facts: ReviewFacts, kind: LessonKind) -> Iterator[Block]:
    """Lessons of a kind, and the findings that go with them."""
    good = kind is LessonKind.WENT_WELL
    mark = Mark.GOOD if good else Mark.BAD
    found = [finding(view, facts, one) for one in facts.findings if (one in WENT_WELL) is good]
    lessons = [text(lesson.text, TEXT_LIMIT) for lesson in view.incident.review.about(kind)]
    items = tuple(Item(piece.plain, mark) for piece in (*lessons, *found))
    if items:
        yield Items(items)
    else:
        yield Paragraph(view.words("Nothing was noted.").plain, quiet=True)


def finding(view: PostmortemView, facts: ReviewFacts, found: Finding) -> Piece:  # noqa: C901, PLR0911, PLR0912 - one flat table of what is found
    """One finding, as a sentence without its full stop."""
    words, incident, roster = view.words, view.incident, view.rules.roster
    match found:
        case Finding.DETECTED_SOON | Finding.DETECTED_LATE if facts.detection is not None:
            length = duration(words, facts.detection)
            if found is Finding.DETECTED_SOON:
                return words("An alert told of it within {length}", length=length)
            return words("The alert told of it only after {length}", length=length)
        case Finding.NOT_DETECTED:
            return words("No alert told of it: a person noticed")
        case Finding.ANSWERED_IN_TIME:
            return words("Somebody had it in time")
        case Finding.ANSWERED_LATE:
            return words("Nobody had it in time")
        case Finding.RESOLVED_IN_TIME:
            return words("It was over in time")
        case Finding.RESOLVED_LATE:
            return words("It was not over in time")
        case Finding.UPDATES_IN_TIME:
            return words("Every status update came in time")
        case Finding.UPDATES_LATE:
            late = sum(not outcome.held for outcome in facts.of(Promise.UPDATE))
            return words.plural(
                "{n} status update came late or not at all", "{n} status updates came late or not at all", late
            )
        case Finding.ACTIONS_WORKED:
            return words("It worked: {actions}", actions=actions(view, [run.action for run in worked(incident)]))
        case Finding.ACTIONS_FAILED:
            return words("It did not work: {actions}", actions=actions(view, [run.action for run in failed(incident)]))
        case Finding.NOT_REACHED:
            return words("Nabat could not write to: {who}", who=naming.people(words, roster, not_reached(view.history)))
        case Finding.RATED_TOO_MILD:
            before = severity(first_severity(view.rules, view.history) or incident.severity)
            return words("It was first taken for {severity}", severity=before)
        case _:
            return words("It was resolved and came back")
