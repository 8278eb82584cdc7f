"""Decisions and runs in the timeline, one line an event. Rows and actions by the names that the plan gives them."""

from typing import assert_never

from bot.domain.acting import ActingEvent
from bot.domain.acting_events import (
    ActionEnding,
    ActionFinished,
    ActionLost,
    ActionRefused,
    ActionStarted,
    DecisionApproved,
    DecisionExpired,
    DecisionRefused,
    DecisionRejected,
    DecisionRepeated,
    Flagged,
    TriggerCleared,
    TriggerFired,
    TriggerReadable,
    TriggerUnclear,
    WhyRefused,
)
from bot.domain.roster import Roster
from bot.views import naming
from bot.views.html import Piece, joined, text
from bot.views.translations import Words, listed, mark

REASON_LIMIT = 200
ROWS_NAMED = 8

_ENDINGS = {
    ActionEnding.EXITED: mark("{action} ended with exit status {code}"),
    ActionEnding.KILLED: mark("{action} was ended by a signal"),
    ActionEnding.TIMED_OUT: mark("{action} was ended at its time limit"),
    ActionEnding.NOT_STARTED: mark("{action} did not start"),
    ActionEnding.ANSWERED: mark("{action} was answered with status {code}"),
    ActionEnding.NOT_ANSWERED: mark("{action} got no answer: whether it took effect is not known"),
    ActionEnding.STOPPED: mark("{action} was ended half-way, as the bot was stopped"),
    ActionEnding.SIMULATED: mark("{action} was not run: it is a drill"),
}
_REFUSED = {
    WhyRefused.AUTHORITY: mark("{who} was refused: it takes more authority ({what})"),
    WhyRefused.STRANGER: mark("{who}, who is not on the roster, was refused ({what})"),
    WhyRefused.OVER: mark("{who} pressed a button of a decision that is over ({what})"),
}


def acting_line(words: Words, roster: Roster, event: ActingEvent) -> Piece:  # noqa: C901, PLR0911, PLR0912 - one flat table of all events is the point
    """One event in words, with who did it."""
    who = naming.actor(words, roster, event.by)
    match event:
        case Flagged():
            return words("{who} set the flag {flag}", who=who, flag=naming.in_words(words, event.flag))
        case TriggerFired(asks=False):
            return words("rule {trigger} holds: Nabat acts by itself", trigger=naming.in_words(words, event.trigger))
        case TriggerFired(carried_from=str() as merged):
            return words(
                "the question about {trigger} is carried over from {incident}",
                trigger=naming.in_words(words, event.trigger),
                incident=merged,
            )
        case TriggerFired():
            return words("rule {trigger} holds: humans are asked", trigger=naming.in_words(words, event.trigger))
        case DecisionRepeated():
            return words("asked again about {trigger}", trigger=naming.in_words(words, event.trigger))
        case DecisionApproved():
            said = words(
                "{who} approved the rollback for {trigger}", who=who, trigger=naming.in_words(words, event.trigger)
            )
            return _because(said, event.reason)
        case DecisionRejected():
            said = words(
                "{who} rejected the rollback for {trigger}", who=who, trigger=naming.in_words(words, event.trigger)
            )
            return _because(said, event.reason)
        case DecisionRefused():
            return words(_REFUSED[event.why], who=who, what=words("the rollback"))
        case DecisionExpired():
            return words(
                "the breach of {trigger} ended: no longer asked", trigger=naming.in_words(words, event.trigger)
            )
        case TriggerCleared():
            return words("the breach of {trigger} ended", trigger=naming.in_words(words, event.trigger))
        case TriggerUnclear():
            said = words(
                "can't tell whether these rules hold, look yourselves: {rows}", rows=_rows(words, event.triggers)
            )
            return _because(said, event.reason)
        case TriggerReadable():
            return words("can tell again whether these rules hold: {rows}", rows=_rows(words, event.triggers))
        case ActionStarted(trigger=None):
            return words("{who} started {action}", who=who, action=naming.in_words(words, event.action))
        case ActionStarted():
            return words(
                "{who} started {action} for {trigger}",
                who=who,
                action=naming.in_words(words, event.action),
                trigger=naming.in_words(words, event.trigger or ""),
            )
        case ActionFinished():
            said = words(_ENDINGS[event.ending], action=naming.in_words(words, event.action), code=event.code or 0)
            return _because(said, event.detail)
        case ActionLost():
            return words(
                "nobody knows how {action} ended: the bot died meanwhile", action=naming.in_words(words, event.action)
            )
        case ActionRefused():
            return words(_REFUSED[event.why], who=who, what=naming.in_words(words, event.action))
        case _:
            assert_never(event)


def _because(sentence: Piece, reason: str) -> Piece:
    return joined((sentence, text(reason, REASON_LIMIT)), ": ")


def _rows(words: Words, triggers: tuple[str, ...]) -> Piece:
    shown = [naming.in_words(words, trigger) for trigger in triggers[:ROWS_NAMED]]
    return listed([*shown, text("…")] if len(triggers) > ROWS_NAMED else shown)
