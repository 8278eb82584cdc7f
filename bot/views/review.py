"""The post-incident review as a message: when it is due, what was learned, what is to be done, what was documented."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.checklist import open_items
from bot.domain.incident import Incident
from bot.domain.review import ActionItem, Lesson, Review
from bot.domain.review_events import DOCUMENTATION, Documentation, LessonKind
from bot.domain.rules import Rules
from bot.domain.rulings.review import lacks_cause
from bot.views import naming, resolving
from bot.views.html import BLANK, Line, Piece, bold, joined, message, text
from bot.views.keyboard import Row, Rows, pressing, signed
from bot.views.plan_words import of_plan
from bot.views.rendered import Button, Rendered, Style
from bot.views.review_presses import (
    AskForReview,
    CloseReview,
    DocumentForm,
    ReviewQuestion,
    SettleItem,
    ShowDocument,
    SortLesson,
    TickDocumentation,
)
from bot.views.review_timeline import PARTS
from bot.views.times import clock, day
from bot.views.translations import Words, listed

LESSONS_SHOWN, ITEMS_SHOWN = 4, 6
"""What fits a phone beside the rest; all of them are in the document."""
LINES_NAMED, LINE_LIMIT = 3, 60
TITLE_LIMIT, LESSON_LIMIT, ITEM_LIMIT, REASON_LIMIT = 200, 140, 120, 300
LESSON_SIGNS = {LessonKind.WENT_WELL: "👍", LessonKind.COULD_BE_BETTER: "🔧", LessonKind.PLAIN: "💡"}


@dataclass(frozen=True, slots=True)
class ReviewView:
    """All that the message is made of."""

    rules: Rules
    incident: Incident
    now: datetime
    words: Words


def review(view: ReviewView) -> Rendered:
    """How the review stands, with a button for each thing that can be done about it."""
    words, state = view.words, view.incident.review
    head = joined((text(f"📄 {view.incident.id}"), standing(view)))
    return Rendered(
        message(
            [
                Line(bold(head)),
                Line(text(view.incident.title, TITLE_LIMIT)),
                Line(text(state.left_open_because, REASON_LIMIT), 2),
                *(Line(piece, 1) for piece in resolving.on_card(words, view.incident)),
                Line(not_done(view), 1),
                BLANK,
                *_lessons(words, state),
                *_items(view),
                Line(_documented(words, state), 3),
            ]
        ),
        _buttons(view),
    )


def standing(view: ReviewView) -> Piece:
    """`review by 14:02 UTC`, or since when it is overdue, or who closed it when."""
    words, state = view.words, view.incident.review
    if state.closed is not None:
        who = naming.actor(words, view.rules.roster, state.closed.by)
        return words("review closed by {who}, {time}", who=who, time=clock(words, state.closed.at, view.now))
    if state.due is None:
        return words("no review is planned")
    due = clock(words, state.due, view.now)
    if state.due <= view.now:
        return words("⚠️ review was due {time}", time=due)
    return words("review by {time}", time=due)


def not_done(view: ReviewView) -> Piece:
    """`Not done yet: Fix implemented, Verification completed, 2 more`; nothing when everything is, or it is closed."""
    words, incident = view.words, view.incident
    if incident.is_open or incident.review.closed is not None:
        return Piece()
    lines = open_items(view.rules, incident)
    named = [of_plan(words, line.text, LINE_LIMIT) for line in lines]
    every = [words("root cause"), *named] if lacks_cause(view.rules, incident) else named
    rest = len(every) - LINES_NAMED
    shown = listed([*every[:LINES_NAMED], words("{n} more", n=rest)] if rest > 0 else every)
    return words("Not done yet: {what}", what=shown) if shown else Piece()


def item_line(view: ReviewView, item: ActionItem) -> Piece:
    """`⬜ 1. Raise the pool · Dan · by Fri, Mar 6`."""
    sign = "✅" if item.done else "⬜"
    return joined(
        (
            text(f"{sign} {item.number}. {text(item.text, ITEM_LIMIT).plain}"),
            naming.person(view.rules.roster, item.owner),
            due_day(view, item) if item.done is None else Piece(),
        )
    )


def due_day(view: ReviewView, item: ActionItem) -> Piece:
    """`by tomorrow`, `due today`, `was due Mar 6`: seen from where the owner is."""
    member = view.rules.roster.people.get(item.owner)
    today = view.now.astimezone(member.timezone if member else view.words.zone).date()
    shown = day(view.words, item.due, today)
    if item.due < today:
        return view.words("⚠️ was due {day}", day=shown)
    if item.due == today:
        return view.words("due {day}", day=shown)
    return view.words("by {day}", day=shown)


def action_item(view: ReviewView, number: int) -> Rendered:
    """One action item as a message of its own, with its button."""
    item = view.incident.review.item(number)
    if item is None:
        return Rendered(message([Line(view.words("There is no such action item"))]))
    head = joined((text(f"🔨 {view.incident.id}"), item_line(view, item)))
    return Rendered(message([Line(head)]), ((settle_button(view, item, listed=False),),))


def settle_button(view: ReviewView, item: ActionItem, *, listed: bool) -> Button:
    """Done, or not done after all; in a list it says which."""
    number = f" {item.number}" if listed else ""
    if item.done is None:
        label, style = signed("✅", view.words("Done")), Style.SUCCESS
    else:
        label, style = signed("↩️", view.words("Not done")), None
    return pressing(
        label + number, SettleItem(view.incident.id, item.number, int(item.done is None), int(listed)), style
    )


def lesson_kept(words: Words, incident: Incident, lesson: Lesson) -> Rendered:
    """A lesson was taken; what it is about can be said with a press."""
    kept = words("💡 Lesson {n} of {incident} is kept", n=lesson.number, incident=incident.id)
    kinds = (
        (LessonKind.WENT_WELL, signed("👍", words("Went well"))),
        (LessonKind.COULD_BE_BETTER, signed("🔧", words("Could be better"))),
    )
    row = tuple(
        pressing(label, SortLesson(incident.id, lesson.number, kind), Style.PRIMARY if kind is lesson.about else None)
        for kind, label in kinds
    )
    return Rendered(message([Line(kept)]), (row,))


def question(words: Words, incident: Incident, what: ReviewQuestion) -> Rendered:
    """What somebody is asked for; the reply is the answer."""
    match what:
        case ReviewQuestion.LESSON:
            head = words("💡 {incident}: what did we learn?", incident=incident.id)
            how = words("Reply to this message; begin with + for what went well, with - for what could be better.")
        case ReviewQuestion.ACTION:
            head = words("🔨 {incident}: who is to do what, until when?", incident=incident.id)
            how = words("Reply to this message, like: Alert on the pool @anna friday")
        case ReviewQuestion.REASON:
            head = words("📄 {incident}: why is the review closed as it is?", incident=incident.id)
            how = words("Reply to this message with the reason; it is kept with the review.")
    return Rendered(message([Line(bold(head)), Line(how)]))


def on_card(view: ReviewView) -> Piece:
    """The review on the card of an incident that is over: when it is due, and what is still to be done."""
    state = view.incident.review
    if state.due is None and state.closed is None:
        return Piece()
    done = view.words("review closed") if state.closed is not None else standing(view)
    still = len(state.open_items)
    open_items = view.words.plural("{n} action item open", "{n} action items open", still) if still else Piece()
    return joined((text("📄"), joined((done, open_items))), " ")


def add_buttons(words: Words, incident: Incident) -> Row:
    """Ask me for a lesson, or for an action item."""
    return (
        pressing(signed("💡", words("Add lesson")), AskForReview(incident.id, ReviewQuestion.LESSON)),
        pressing(signed("🔨", words("Add action")), AskForReview(incident.id, ReviewQuestion.ACTION)),
    )


def document_buttons(words: Words, incident: Incident, forms: tuple[DocumentForm, ...]) -> Row:
    """The document in other forms."""
    labels = {DocumentForm.MARKDOWN: words("Document").plain, DocumentForm.HTML: "HTML", DocumentForm.JSON: "JSON"}
    return tuple(pressing(f"📄 {labels[form]}", ShowDocument(incident.id, form)) for form in forms)


def _lessons(words: Words, state: Review) -> list[Line]:
    if not state.lessons:
        return [Line(words("No lesson is written down yet"), 3)]
    shown = state.lessons[-LESSONS_SHOWN:]
    lines = [Line(text(f"{LESSON_SIGNS[one.about]} {text(one.text, LESSON_LIMIT).plain}"), 2) for one in shown]
    rest = len(state.lessons) - len(shown)
    more = (
        words.plural("{n} more lesson in the document", "{n} more lessons in the document", rest) if rest else Piece()
    )
    return [*lines, Line(more, 3)]


def _items(view: ReviewView) -> list[Line]:
    words, state = view.words, view.incident.review
    if not state.items:
        return [Line(words("No action item yet"), 3)]
    shown = _first_the_open(state)[:ITEMS_SHOWN]
    rest = len(state.items) - len(shown)
    more = words.plural("{n} more item in the document", "{n} more items in the document", rest) if rest else Piece()
    return [*(Line(item_line(view, item), 1) for item in shown), Line(more, 3)]


def _first_the_open(state: Review) -> list[ActionItem]:
    return sorted(state.items, key=lambda item: (item.done is not None, item.number))


def _documented(words: Words, state: Review) -> Piece:
    parts = [words(PARTS[part]) for part in Documentation if part in state.documented]
    if not parts:
        return Piece()
    left = [words(PARTS[part]) for part in DOCUMENTATION if part not in state.documented]
    missing = words("not yet: {parts}", parts=listed(left)) if left else Piece()
    return joined((words("📚 Up to date: {parts}", parts=listed(parts)), missing))


def _buttons(view: ReviewView) -> Rows:
    words, incident, state = view.words, view.incident, view.incident.review
    settle = [settle_button(view, item, listed=True) for item in state.open_items[:ITEMS_SHOWN]]
    ticks = [
        pressing(
            f"{'✅' if part in state.documented else '⬜'} {words(name).plain}",
            TickDocumentation(incident.id, part, int(part not in state.documented)),
        )
        for part, name in PARTS.items()
    ]
    end: Row = document_buttons(words, incident, (DocumentForm.MARKDOWN,))
    if state.closed is None and not incident.is_open:
        end = (*end, pressing(signed("🏁", words("Close review")), CloseReview(incident.id), Style.SUCCESS))
    causes = () if incident.is_open else resolving.ask_buttons(words, incident)
    return (
        *((causes,) if causes else ()),
        add_buttons(words, incident),
        *_in_rows(settle, 3),
        *_in_rows(ticks, 2),
        end,
    )


def _in_rows(buttons: list[Button], width: int) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
