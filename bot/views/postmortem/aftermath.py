"""What was done and what is to be done: lessons, action items, who was called, what ran, and the follow-up."""

from collections.abc import Iterator

from babel.dates import format_date

from bot.domain.checklist import Phase, checklist
from bot.domain.review_events import Documentation, LessonKind
from bot.domain.review_facts import ReviewFacts
from bot.views import naming
from bot.views.html import Piece, joined, text
from bot.views.plan_words import of_plan
from bot.views.postmortem.course import moments
from bot.views.postmortem.document import Block, Item, Items, Mark, Paragraph, Table, Timeline
from bot.views.postmortem.view import TEXT_LIMIT, PostmortemView, actions, when
from bot.views.review import ReviewView, standing
from bot.views.review_timeline import PARTS
from bot.views.translations import mark

_ANSWERS = {
    "decision_approved": mark("yes"),
    "decision_rejected": mark("no"),
    "decision_expired": mark("the breach ended before anybody answered"),
    "action_started": mark("it was done"),
}


def lessons(view: PostmortemView) -> Iterator[Block]:
    """The lessons that nobody sorted."""
    plain = view.incident.review.about(LessonKind.PLAIN)
    if plain:
        yield Items(tuple(Item(text(lesson.text, TEXT_LIMIT).plain) for lesson in plain))


def action_items(view: PostmortemView) -> Iterator[Block]:
    """Who is to do what, until when, and whether it is done."""
    words, roster = view.words, view.rules.roster
    items = view.incident.review.items
    if not items:
        yield Paragraph(words("None yet: /action TEXT @PERSON [DATE]").plain, quiet=True)
        return
    head = ("#", words("What").plain, words("Who").plain, words("Until").plain, words("State").plain)
    rows = tuple(
        (
            str(item.number),
            text(item.text, TEXT_LIMIT).plain,
            naming.person(roster, item.owner).plain,
            format_date(item.due, format="medium", locale=words.language),
            words("open").plain if item.done is None else words("done").plain,
        )
        for item in items
    )
    yield Table(head, rows)


def timeline(view: PostmortemView) -> Iterator[Block]:
    """What happened, in order."""
    yield Timeline(moments(view.words, view.rules.roster, view.incident, view.history))


def people(view: PostmortemView, facts: ReviewFacts) -> Iterator[Block]:
    """Who was called and answered, and who had it."""
    words, roster = view.words, view.rules.roster
    if facts.called:
        head = (words("Who").plain, words("Called").plain, words("First at").plain, words("Answered").plain)
        yield Table(
            head,
            tuple(
                (
                    naming.person(roster, one.person).plain,
                    words.plural("{n} time", "{n} times", one.pages).plain
                    if one.reached
                    else words("not reached").plain,
                    when(view, one.first_at).plain,
                    "–" if one.answered_at is None else when(view, one.answered_at).plain,
                )
                for one in facts.called
            ),
        )
    else:
        yield Paragraph(words("Nobody was called.").plain, quiet=True)
    for hold in facts.holders:
        who, start = naming.person(roster, hold.person), when(view, hold.start)
        if hold.end is None:
            yield Paragraph(words("{who} has it since {start}.", who=who, start=start).plain)
        else:
            end = when(view, hold.end)
            yield Paragraph(words("{who} had it from {start} to {end}.", who=who, start=start, end=end).plain)


def runs(view: PostmortemView) -> Iterator[Block]:
    """What ran, and what was decided."""
    words, acting = view.words, view.incident.acting
    rows = [
        (
            when(view, run.started_at).plain,
            actions(view, [run.action]).plain,
            naming.actor(words, view.rules.roster, run.by).plain,
            words("runs").plain
            if run.ended is None
            else words("ended well").plain
            if run.ok
            else words("failed").plain,
        )
        for run in acting.runs
    ]
    if rows:
        yield Table(
            (words("When").plain, words("Action").plain, words("By").plain, words("Outcome").plain), tuple(rows)
        )
    settled = [decision for decision in acting.decisions if decision.settled_by is not None]
    if settled:
        yield Items(
            tuple(
                Item(
                    words(
                        "{rule}, asked at {time}: {answer}",
                        rule=text(decision.trigger),
                        time=when(view, decision.asked_at),
                        answer=words(_ANSWERS[decision.settled_by.kind]) if decision.settled_by else Piece(),
                    ).plain
                )
                for decision in settled
            )
        )


def checklists(view: PostmortemView) -> Iterator[Block]:
    """Both checklists: what was done, by whom and when."""
    words, roster = view.words, view.rules.roster
    for phase in Phase:
        lines = checklist(view.rules, view.incident, phase)
        if lines:
            yield Items(
                tuple(
                    Item(
                        of_plan(words, line.item.text).plain
                        if line.tick is None
                        else joined(
                            (
                                of_plan(words, line.item.text),
                                naming.actor(words, roster, line.tick.by),
                                when(view, line.tick.at),
                            )
                        ).plain,
                        Mark.PLAIN if line.tick is None else Mark.GOOD,
                    )
                    for line in lines
                ),
                ticked=True,
            )


def follow_up(view: PostmortemView) -> Iterator[Block]:
    """What was brought up to date, and how the review stands."""
    words, review = view.words, view.incident.review
    yield Items(
        tuple(
            Item(words(name).plain, Mark.GOOD if part in review.documented else Mark.PLAIN)
            for part, name in ((part, PARTS[part]) for part in Documentation)
        ),
        ticked=True,
    )
    state = standing(ReviewView(view.rules, view.incident, view.now, words)).plain
    yield Paragraph(state[:1].upper() + state[1:] + ".")
    if review.left_open_because:
        yield Paragraph(words("The reason: {text}", text=text(review.left_open_because, TEXT_LIMIT)).plain)
    if review.follow_up is not None:
        yield Paragraph(words("Follow-up review: {time}.", time=when(view, review.follow_up)).plain)
