"""`/logs [errors]` and its buttons: the end of a log, as text or as a file."""

from typing import assert_never

from bot.delivery.outcome import Sent
from bot.domain.acting_rejections import TakesMoreAuthority
from bot.domain.actors import Responder
from bot.domain.log_lines import log_action, log_actions
from bot.domain.plan import Action
from bot.domain.rules import Rules
from bot.engine.endings import ActionResult, Answered, Exited, Killed, NotAnswered, NotStarted, TimedOut
from bot.store.records import MessageRef
from bot.views import answers, logs
from bot.views.html import Piece
from bot.views.refusals import refused
from bot.views.rendered import Rendered
from bot.views.translations import Words
from handlers.askers import Asker
from handlers.pressed import Reaction
from handlers.room import Asked, Room, said


async def show_logs(room: Room, asked: Asked) -> Rendered | None:
    """The end of the log of that kind; it follows by itself."""
    plan = room.rules.plan
    found = log_action(plan, asked.text.strip())
    if found is None:
        titles = [action.title for action in log_actions(plan).values()]
        return logs.no_logs(asked.words, asked.text, titles)
    _, action = found
    if not asked.asker.on_team:
        return said(room.for_the_team_only(asked.asker))
    if not may_run(room.rules, asked.asker, action):
        return logs.not_allowed(asked.words, action.title, action.authority)
    room.looking.errands.run(send_logs(room, asked.asker, action, asked.ref))
    return None


def pressed(room: Room, asker: Asker, index: int, under: MessageRef) -> Reaction:
    """The same by a button; one that names no log action is out of date, or forged."""
    named = list(room.rules.plan.actions)
    if index >= len(named) or named[index] not in log_actions(room.rules.plan):
        return Reaction(answers.stale_button(asker.words))
    action = room.rules.plan.actions[named[index]]
    if not asker.on_team:
        return Reaction(room.for_the_team_only(asker))
    if not may_run(room.rules, asker, action):
        return Reaction(refused(asker.words, room.rules, TakesMoreAuthority(action.authority)))
    # Hasty fingers press twice; the log is read once.
    name = f"logs:{named[index]}:{asker.chat}"
    if not room.looking.errands.run_once(name, lambda: send_logs(room, asker, action, under)):
        return Reaction(answers.under_way(asker.words))
    return Reaction(answers.reading_logs(asker.words))


def may_run(rules: Rules, asker: Asker, action: Action) -> bool:
    """Whether the asker's authority suffices."""
    if not isinstance(asker.actor, Responder) or asker.actor.person not in rules.roster.people:
        return False
    return rules.authority_of(asker.actor.person) >= rules.plan.authority(action.authority)


async def send_logs(room: Room, asker: Asker, action: Action, reply_to: MessageRef) -> None:
    """Say that it is read, then show it in the same message; what is longer follows as a file."""
    waiting = await room.direct.say(asker.chat, logs.reading(asker.words, action.title), reply_to=reply_to)
    read = tail_of(asker.words, action, await room.looking.logs.read(action))
    shown = logs.tail(asker.words, read, room.now())
    if isinstance(waiting, Sent):
        await room.direct.show(MessageRef(waiting.chat, waiting.message), shown)
    else:
        waiting = await room.direct.say(asker.chat, shown, reply_to=reply_to)
    if logs.is_long(read):
        below = MessageRef(waiting.chat, waiting.message) if isinstance(waiting, Sent) else reply_to
        await room.direct.say(asker.chat, logs.file(asker.words, read, room.now()), reply_to=below)


def tail_of(words: Words, action: Action, result: ActionResult) -> logs.LogTail:
    """What a log action printed and how it ended, for people."""
    output = result.output
    trouble = Piece() if result.ok else _how_it_ended(words, result)
    lines = (*output.head, *output.tail)
    return logs.LogTail(action.title, lines, output.text, output.omitted, action.only_lines_with, trouble)


def _how_it_ended(words: Words, result: ActionResult) -> Piece:
    match result.ending:
        case Exited(code):
            return logs.exited(words, code)
        case Killed(signal):
            return logs.killed(words, signal)
        case TimedOut(limit):
            return logs.timed_out(words, limit)
        case NotStarted(reason):
            return logs.not_started(words, reason)
        case Answered(status):
            return logs.answered(words, status)
        case NotAnswered(reason):
            return logs.not_answered(words, reason)
        case _:
            assert_never(result.ending)
