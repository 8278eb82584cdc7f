"""The post-incident review in the chat: lessons, action items, documentation, and its end."""

from typing import assert_never

from telegram import Message

from bot.delivery.slots import REVIEW_SLOT
from bot.domain.days import EXAMPLES, UnreadableDayError, read_day
from bot.domain.incident import Incident
from bot.domain.review_commands import (
    CloseReview,
    CreateActionItem,
    LearnLesson,
    ReviewCommand,
    SettleActionItem,
    SortLesson,
    TickDocumentation,
)
from bot.domain.review_events import ActionItemCreated, LessonKind, LessonLearned
from bot.domain.review_rejections import LeftOpen
from bot.domain.review_times import day_of
from bot.engine.outcomes import Done, Outcome, Refused, is_answered
from bot.views import answers, review_presses
from bot.views.rendered import Rendered
from bot.views.review import ReviewView, action_item, lesson_kept, question, review
from bot.views.review_presses import ReviewPress, ReviewQuestion
from bot.views.translations import Words
from bot.views.verbs import Verb
from handlers import postmortem, surfaces
from handlers.askers import Asker
from handlers.item_reading import read_item
from handlers.pressed import Pressed, Reaction
from handlers.room import Asked, Room, said

_SIGNS = {"+": LessonKind.WENT_WELL, "-": LessonKind.COULD_BE_BETTER, "\N{MINUS SIGN}": LessonKind.COULD_BE_BETTER}


async def lesson(room: Room, asked: Asked, incident_id: str) -> Rendered:
    """This was learned."""
    if not asked.text:
        return said(answers.usage(asked.words, asked.verb))
    return await _learn(room, asked.asker, incident_id, asked.text, asked.operation)


async def action(room: Room, asked: Asked, incident_id: str) -> Rendered:
    """This person is to do that."""
    return await _create(room, asked.asker, incident_id, asked.text, asked.operation)


async def answered(
    room: Room, asker: Asker, incident_id: str, slot: str, message: Message, operation: str
) -> Rendered | None:
    """The answer to what the review asked for; None where what the thread is told says what came of it."""
    written = (message.text or message.caption or "").strip()
    asked_for = ReviewQuestion(slot.removeprefix(REVIEW_SLOT).partition(":")[0])
    match asked_for:
        case ReviewQuestion.LESSON:
            return await _learn(room, asker, incident_id, written, operation)
        case ReviewQuestion.ACTION:
            return await _create(room, asker, incident_id, written, operation)
        case ReviewQuestion.REASON:
            in_thread = None if asker.private else message.message_id
            command = CloseReview(asker.actor, written)
            outcome = await room.desk.handle(incident_id, command, operation, answers=in_thread)
            return None if is_answered(outcome) else said(await room.sentence(asker, outcome))
        case _:
            assert_never(asked_for)


async def open_review(room: Room, pressed: Pressed, incident: Incident) -> None:
    """How the review stands, as an answer to the card."""
    current = await room.desk.incident(incident.id) or incident
    await surfaces.say_in_thread(room, pressed.asker, current, await shown(room, pressed.asker.words, current))


async def shown(room: Room, words: Words, incident: Incident) -> Rendered:
    """The review as a message."""
    return review(await _view(room, words, incident))


async def pressed_on(room: Room, pressed: Pressed, press: ReviewPress, incident: Incident) -> Reaction:
    """A button of the review."""
    if isinstance(press, review_presses.AskForReview):
        if not pressed.asker.on_team:
            return Reaction(room.for_the_team_only(pressed.asker))
        return Reaction("", lambda: ask(room, pressed.asker, incident, press.question))
    if isinstance(press, review_presses.ShowDocument):
        return postmortem.pressed_on(room, pressed, press, incident)
    outcome = await room.desk.handle(incident.id, _command(pressed, press), pressed.operation)
    if isinstance(outcome, Refused) and isinstance(outcome.reason, LeftOpen):
        toast = await room.sentence(pressed.asker, outcome)
        return Reaction(toast, lambda: ask(room, pressed.asker, incident, ReviewQuestion.REASON))
    return Reaction(
        await room.sentence(pressed.asker, outcome), lambda: _show_anew(room, pressed, press, incident, outcome)
    )


async def ask(room: Room, asker: Asker, incident: Incident, what: ReviewQuestion) -> None:
    """Ask for a text; the reply to the question is the answer."""
    asked = question(asker.words, incident, what)
    await surfaces.say_in_thread(room, asker, incident, asked, slot=f"{REVIEW_SLOT}{what}:")


_Ordered = (
    review_presses.SortLesson
    | review_presses.SettleItem
    | review_presses.TickDocumentation
    | review_presses.CloseReview
)


def _command(pressed: Pressed, press: _Ordered) -> ReviewCommand:
    by = pressed.asker.actor
    match press:
        case review_presses.SortLesson():
            return SortLesson(by, press.lesson, press.about)
        case review_presses.SettleItem():
            return SettleActionItem(by, press.item, done=bool(press.done))
        case review_presses.TickDocumentation():
            return TickDocumentation(by, press.part, done=bool(press.done))
        case review_presses.CloseReview():
            return CloseReview(by)
        case _:
            assert_never(press)


async def _show_anew(room: Room, pressed: Pressed, press: _Ordered, incident: Incident, outcome: Outcome) -> None:
    """The message under the finger as it stands now, also when somebody else was faster."""
    now = outcome.incident if isinstance(outcome, Done) else await room.desk.incident(incident.id) or incident
    words = pressed.asker.words
    match press:
        case review_presses.SortLesson():
            kept = now.review.lesson(press.lesson)
            rendered = lesson_kept(words, now, kept) if kept is not None else None
        case review_presses.SettleItem(listed=0):
            rendered = action_item(await _view(room, words, now), press.item)
        case _:
            rendered = await shown(room, words, now)
    if rendered is not None:
        await surfaces.show_instead(room, pressed, now, rendered)


async def _learn(room: Room, asker: Asker, incident_id: str, written: str, operation: str) -> Rendered:
    about = _SIGNS.get(written.lstrip()[:1], LessonKind.PLAIN)
    text = written if about is LessonKind.PLAIN else written.lstrip()[1:]
    outcome = await room.desk.handle(incident_id, LearnLesson(asker.actor, text, about), operation)
    match outcome:
        case Done(incident=incident, events=(LessonLearned() as learned, *_)):
            kept = incident.review.lesson(learned.lesson)
            return lesson_kept(asker.words, incident, kept) if kept else said(await room.sentence(asker, outcome))
        case _:
            return said(await room.sentence(asker, outcome))


async def _create(room: Room, asker: Asker, incident_id: str, written: str, operation: str) -> Rendered:
    item = read_item(room.rules.roster, written)
    if item is None or not item.text:
        return said(answers.usage(asker.words, Verb.ACTION))
    try:
        due = read_day(item.day, day_of(room.rules, item.owner, room.now())) if item.day else None
    except UnreadableDayError:
        return said(answers.no_day(asker.words, item.day, EXAMPLES))
    command = CreateActionItem(asker.actor, item.text, item.owner, due)
    outcome = await room.desk.handle(incident_id, command, operation)
    match outcome:
        case Done(incident=incident, events=(ActionItemCreated() as created, *_)):
            return action_item(await _view(room, asker.words, incident), created.item)
        case _:
            return said(await room.sentence(asker, outcome))


async def _view(room: Room, words: Words, incident: Incident) -> ReviewView:
    rules = await room.desk.rulebook.rules_for(incident.plan)
    return ReviewView(rules, incident, room.now(), words)
