"""Presses on a storm's summary: all incidents of one service are taken, or made one, by one press.

The press is answered at once; the work goes on beside it, one command for each incident, each with an operation id of
its own that comes from the press: where the press is taken again after a crash, each acts once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import assert_never

import structlog

from bot.delivery.outcome import Sent
from bot.domain.actors import Responder
from bot.domain.commands import Acknowledge
from bot.domain.incident import Incident
from bot.domain.service_groups import ServiceGroup
from bot.engine.outcomes import Done, DoneBefore, Outcome
from bot.store.records import StoreUnavailableError
from bot.views import answers, storm_answers
from bot.views.rendered import Rendered
from bot.views.storm_answers import Tally
from bot.views.storm_presses import AckService, AskToMerge, KeepApart, MergeService, OnStorm
from bot.views.translations import Words, words_of
from handlers import storm_summary
from handlers.pressed import Pressed, Reaction
from handlers.room import Room, said
from handlers.storm_summary import OfService

AT_ONCE = 20
"""Commands side by side: their commits share the way to the disk, and between two batches others have their turn."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What somebody wants of all incidents of a service; `group` is what of it is open as they press."""

    room: Room
    pressed: Pressed
    press: OfService
    by: Responder
    group: ServiceGroup

    @property
    def words(self) -> Words:
        return self.pressed.asker.words

    def operation(self, incident: Incident) -> str:
        """What makes the press act once for an incident."""
        return f"{self.pressed.operation}:{incident.id}"

    def begin(self, errand: Callable[[], Coroutine[None, None, None]]) -> bool:
        """One press at a time for a service: a second one would find half of it done."""
        return self.room.looking.errands.run_once(f"storm:{self.group.key}", errand)

    def answer(self, sentence: str) -> Reaction:
        """The answer, and the summary as it stands."""
        return Reaction(sentence, lambda: storm_summary.show(self.room, self.pressed, self.press))


async def pressed_on(room: Room, pressed: Pressed, press: OnStorm) -> Reaction:
    """Answer a press on the summary, or on the question that followed it."""
    by, words = pressed.asker.actor, pressed.asker.words
    if not isinstance(by, Responder):
        return Reaction(room.for_the_team_only(pressed.asker))
    if isinstance(press, KeepApart):
        sentence = storm_answers.kept_apart(words)
        return Reaction(sentence, lambda: _show_instead(room, pressed, said(sentence)))
    group = await storm_summary.group_of(room, press)
    if group is None:
        return Reaction(storm_answers.over(words), lambda: storm_summary.show(room, pressed, press))
    wish = _Wish(room, pressed, press, by, group)
    match press:
        case AckService():
            return _acknowledge(wish)
        case AskToMerge():
            return await _ask(wish, press)
        case MergeService():
            return _merge(wish, press)
        case _:
            assert_never(press)


def _acknowledge(wish: _Wish) -> Reaction:
    free = wish.group.unanswered
    if not free:
        return wish.answer(storm_answers.already_held(wish.words, wish.room.rules.roster, wish.group, wish.by.person))
    if not wish.begin(lambda: _acknowledge_all(wish)):
        return Reaction(answers.under_way(wish.words))
    return Reaction(storm_answers.acknowledging(wish.words, wish.group, len(free)))


async def _ask(wish: _Wish, press: AskToMerge) -> Reaction:
    if len(wish.group.incidents) == 1:
        return wish.answer(storm_answers.already_one(wish.words, wish.group))
    into = wish.group.incidents[0]
    rules = await wish.room.desk.rulebook.rules_for(into.plan)
    confirm = MergeService(press.service, into.id, press.first, press.last)

    def question(words: Words, *, private: bool) -> Rendered:
        del private  # it names nobody by who is asked
        return storm_answers.question(words, rules, wish.group, into, confirm)

    return Reaction("", lambda: _tell(wish, question))


def _merge(wish: _Wish, press: MergeService) -> Reaction:
    if len(wish.group.incidents) == 1:
        return wish.answer(storm_answers.already_one(wish.words, wish.group))
    if wish.group.incidents[0].id != press.into:
        return Reaction(storm_answers.changed(wish.words))
    if not wish.begin(lambda: _merge_all(wish)):
        return Reaction(answers.under_way(wish.words))
    return Reaction(storm_answers.merging(wish.words, wish.group))


async def _acknowledge_all(wish: _Wish) -> None:
    command = Acknowledge(wish.by, together=True)

    def take(incident: Incident) -> Awaitable[Outcome]:
        return wish.room.desk.handle(incident.id, command, wish.operation(incident))

    tally = await _each(wish.group.unanswered, take, at_once=AT_ONCE)
    had = wish.group.holders.get(wish.by.person, 0)
    roster = wish.room.rules.roster

    def report(words: Words, *, private: bool) -> Rendered:
        return storm_answers.acknowledged(words, roster, wish.group, wish.by.person, had, tally, private=private)

    wish.room.looking.errands.run(_follow_up(wish, lambda: _tell(wish, report)))


async def _merge_all(wish: _Wish) -> None:
    into, *others = wish.group.incidents

    def merge(incident: Incident) -> Awaitable[Outcome]:
        return wish.room.desk.merge(into.id, incident.id, wish.by, wish.operation(incident), together=True)

    tally = await _each(others, merge, at_once=1)
    report = storm_answers.merged(wish.words, wish.group, into, tally)
    wish.room.looking.errands.run(_follow_up(wish, lambda: _show_instead(wish.room, wish.pressed, report)))


async def _each(
    incidents: Sequence[Incident], command: Callable[[Incident], Awaitable[Outcome]], *, at_once: int
) -> Tally:
    """Hands a command for each to the desk; without the store the rest is left as it is."""
    outcomes: list[Outcome | None] = []
    for start in range(0, len(incidents), at_once):
        batch = incidents[start : start + at_once]
        outcomes.extend(await asyncio.gather(*(_saved(command(incident)) for incident in batch)))
        if None in outcomes:
            break
    done = sum(isinstance(outcome, Done | DoneBefore) for outcome in outcomes)
    refused = sum(outcome is not None for outcome in outcomes) - done
    return Tally(done, refused, unsaved=len(incidents) - done - refused)


async def _saved(outcome: Awaitable[Outcome]) -> Outcome | None:
    try:
        return await outcome
    except StoreUnavailableError as error:
        log.warning("one of many could not be saved", reason=str(error))
        return None


async def _follow_up(wish: _Wish, tell: Callable[[], Awaitable[None]]) -> None:
    """Say what came of it, and show the summary as it stands: both may wait for the chat, and keep no press waiting."""
    await tell()
    try:
        await storm_summary.show(wish.room, wish.pressed, wish.press)
    except StoreUnavailableError as error:
        log.warning("the summary of a storm waits for the store", reason=str(error))


async def _tell(wish: _Wish, told: Callable[..., Rendered]) -> None:
    """Below the summary; where the group takes no more in time, whoever pressed reads it in private."""
    asker = wish.pressed.asker
    rendered = told(asker.words, private=asker.private)
    outcome = await wish.room.direct.say(asker.chat, rendered, reply_to=wish.pressed.ref)
    if not isinstance(outcome, Sent) and not asker.private:
        person = wish.room.rules.roster.people[wish.by.person]
        await wish.room.direct.say(person.telegram, told(words_of(person), private=True))


async def _show_instead(room: Room, pressed: Pressed, rendered: Rendered) -> None:
    await room.direct.show(pressed.ref, rendered)
