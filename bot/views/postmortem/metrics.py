"""The metrics over an incident's time: the picture, and its figures for whoever does not see it."""

from collections.abc import Iterator

from bot.domain.measures import format_measured, format_target
from bot.views.html import joined, text
from bot.views.plan_words import of_plan
from bot.views.postmortem.document import Block, Paragraph, Picture, Table
from bot.views.postmortem.measured import Course, Measured, NotMeasured, Unmeasured
from bot.views.postmortem.view import PostmortemView, when
from bot.views.times import clock

DETAIL_LIMIT = 200


def metrics(view: PostmortemView) -> Iterator[Block]:
    """What was measured, or one line that says why there is nothing; nothing at all without a Prometheus."""
    match view.measured:
        case None:
            return
        case NotMeasured():
            yield Paragraph(_why_not(view, view.measured), quiet=True)
        case Measured():
            yield from _measured(view, view.measured)


def _measured(view: PostmortemView, measured: Measured) -> Iterator[Block]:
    words = view.words
    if measured.png is not None:
        yield Picture(measured.png, _alt(view, measured))
    head = (words("Metric").plain, words("Target").plain, words("Worst").plain, words("In the end").plain)
    yield Table(head, tuple(_row(view, measured, course) for course in measured.courses))


def _row(view: PostmortemView, measured: Measured, course: Course) -> tuple[str, ...]:
    language, worst = view.words.language, course.worst
    value = text(format_measured(course.metric, worst.value, language))
    return (
        of_plan(view.words, course.metric.title).plain,
        format_target(course.metric, language) or "–",
        joined((value, when(view, worst.at))).plain,
        format_measured(course.metric, course.at_the_end(measured.end, measured.step), language),
    )


def _alt(view: PostmortemView, measured: Measured) -> str:
    return view.words(
        "{metrics}: from {start} to {end}",
        metrics=joined((of_plan(view.words, course.metric.title) for course in measured.courses), ", "),
        start=clock(view.words, measured.start, view.incident.declared_at, zone=False),
        end=when(view, measured.end),
    ).plain


def _why_not(view: PostmortemView, reason: NotMeasured) -> str:
    words = view.words
    match reason.why:
        case Unmeasured.READING:
            return words("The metrics of this time are still being read.").plain
        case Unmeasured.NOTHING_KEPT:
            return words("Prometheus keeps no metrics of this time.").plain
        case Unmeasured.UNREADABLE:
            detail = text(reason.detail, DETAIL_LIMIT)
            return words("The metrics of this time can't be read: {why}.", why=detail).plain
