"""Why something was refused, in one short sentence that fits the toast over a button."""

from datetime import timedelta
from typing import assert_never

from bot.domain.acting_rejections import (
    ActingRejection,
    ActionBusy,
    AlreadyFlagged,
    ConfirmAction,
    DecisionOver,
    NoSuchRun,
    NothingToDecide,
    RunSince,
    TakesMoreAuthority,
    UnknownAction,
    UnknownFlag,
)
from bot.domain.draft_rejections import (
    DraftChanged,
    DraftOver,
    DraftRejection,
    DrillStaysInside,
    NoSuchDraft,
    NothingToSend,
    UnknownAudience,
)
from bot.domain.rejections import (
    AlreadyAcknowledged,
    AlreadyClosed,
    AlreadyThatSeverity,
    AlreadyYours,
    BetaIsOff,
    BetaOutOfRange,
    CannotMergeItself,
    ConfirmLowerSeverity,
    DrillIsNotReal,
    HasThatRole,
    NobodyAbove,
    NoOverride,
    NoSuchAnswer,
    NoSuchItem,
    NoSuchStep,
    NothingSaid,
    NothingSnoozed,
    NotOnTheTeam,
    OverrideOutOfRange,
    Rejection,
    SayWhyNow,
    SeenAnother,
    SnoozeOutOfRange,
    StillOpen,
    TeamLogUnreadable,
    TickedByItself,
    TooLong,
    UnderVerification,
    UnknownPerson,
    UnknownRole,
    UnknownSeverity,
)
from bot.domain.review_rejections import (
    AlreadySettled,
    DayOutOfRange,
    LeftOpen,
    NoSuchActionItem,
    NoSuchLesson,
    ReviewIsClosed,
    ReviewRejection,
    TooMany,
)
from bot.domain.rules import Rules
from bot.views import crew, naming
from bot.views.answers import toast
from bot.views.headline import severity
from bot.views.html import Piece, text
from bot.views.running import run_it
from bot.views.times import duration
from bot.views.translations import Words, listed

CHOICES_NAMED = 8
GIVEN_LIMIT = 40


def refused(words: Words, rules: Rules, rejection: Rejection) -> str:
    """The reason, as plain text."""
    return toast(_why(words, rules, rejection))


def _why(words: Words, rules: Rules, rejection: Rejection) -> Piece:  # noqa: C901, PLR0911, PLR0912 - one flat table of all refusals
    match rejection:
        case NotOnTheTeam():
            return words("Only people on the roster can change anything. /whoami says how I know you.")
        case AlreadyAcknowledged():
            return words("Already acknowledged by {who}", who=naming.person(rules.roster, rejection.holder))
        case AlreadyYours():
            return words("You have it already")
        case AlreadyClosed(merged_into=None):
            return words("Already resolved")
        case AlreadyClosed():
            return words("Already merged into {incident}", incident=rejection.merged_into or "?")
        case StillOpen():
            return words("It is still open")
        case AlreadyThatSeverity():
            return words("It is {severity} already", severity=severity(rejection.severity))
        case ConfirmLowerSeverity():
            before, after = severity(rejection.before), severity(rejection.severity)
            return words("{after} is milder than {before}: confirm it", before=before, after=after)
        case SeenAnother():
            return words(
                "It is {severity} by now. Look again before you change it.", severity=severity(rejection.severity)
            )
        case UnknownSeverity():
            return _unknown(words, rejection.severity, rejection.allowed)
        case UnknownPerson():
            return _unknown(words, rejection.person, rejection.allowed)
        case UnknownRole():
            return _unknown(words, rejection.role, rejection.allowed)
        case NobodyAbove(role=None):
            return words("There is nobody left to escalate to")
        case NobodyAbove():
            return words("Nobody can be reached as {role}", role=naming.role(words, rejection.role or "?"))
        case NothingSaid():
            return words("Say what: a text is needed")
        case TooLong():
            return words.plural("Too long: at most {n} character", "Too long: at most {n} characters", rejection.limit)
        case SnoozeOutOfRange(limit_s=0):
            return words("No updates are due here, so there is nothing to snooze")
        case SnoozeOutOfRange():
            longest = duration(words, timedelta(seconds=rejection.limit_s))
            return words("Snooze for a minute at least and {longest} at most", longest=longest)
        case NothingSnoozed():
            return words("No update is put off here")
        case DrillIsNotReal():
            return words("A drill and a real incident can't become one")
        case CannotMergeItself():
            return words("An incident can't be merged into itself")
        case NoSuchStep():
            return words("The runbook has no such step")
        case HasThatRole():
            who, role = naming.person(rules.roster, rejection.person), crew.name(words, rejection.role)
            return words("{who} is {role} already", who=who, role=role)
        case NoSuchAnswer():
            return words("That is no answer to this question")
        case UnderVerification():
            return words("The fix is being watched. /resolve now REASON does not wait for it.")
        case SayWhyNow():
            return words("Say why it is not watched: /resolve now REASON")
        case NoSuchItem():
            return words("The checklist has no such line")
        case TickedByItself():
            return words("{item}: that has happened, so its tick stays", item=text(rejection.text, GIVEN_LIMIT))
        case OverrideOutOfRange():
            longest = duration(words, timedelta(seconds=rejection.limit_s))
            return words("Stand in for a minute at least and {longest} at most", longest=longest)
        case NoOverride():
            return words("Nobody stands in: who is on call is as planned")
        case TeamLogUnreadable():
            return words("Overrides can't be read now, so none counts. The doctor, nabat check, says why.")
        case BetaIsOff():
            return words("Beta is not on")
        case BetaOutOfRange():
            most = duration(words, timedelta(seconds=rejection.at_most_s))
            return words("A beta launch lasts a minute at least and {length} at most", length=most)
        case _:
            if isinstance(rejection, ReviewRejection):
                return _why_no_review(words, rules, rejection)
            if isinstance(rejection, DraftRejection):
                return _why_no_draft(words, rejection)
            return _why_no_action(words, rules, rejection)


def _why_no_review(words: Words, rules: Rules, rejection: ReviewRejection) -> Piece:  # noqa: PLR0911 - one flat table of all refusals
    match rejection:
        case LeftOpen(lines=0):
            return words("No root cause is written down: say why the review is closed all the same")
        case LeftOpen():
            return words.plural(
                "{n} line of the checklists is open: say why the review is closed all the same",
                "{n} lines of the checklists are open: say why the review is closed all the same",
                rejection.lines,
            )
        case ReviewIsClosed():
            return words("{who} has closed the review", who=naming.actor(words, rules.roster, rejection.by))
        case NoSuchLesson():
            return words("There is no such lesson")
        case NoSuchActionItem():
            return words("There is no such action item")
        case AlreadySettled(done=True):
            return words("Action item {n} is done already", n=rejection.item)
        case AlreadySettled():
            return words("Action item {n} is open already", n=rejection.item)
        case DayOutOfRange():
            return words.plural(
                "{day} is no day between today and {n} day from now",
                "{day} is no day between today and {n} days from now",
                rejection.limit_days,
                day=rejection.day.isoformat(),
            )
        case TooMany():
            return words.plural(
                "There is {n} already, and no more are kept",
                "There are {n} already, and no more are kept",
                rejection.limit,
            )
        case _:
            assert_never(rejection)


def _why_no_draft(words: Words, rejection: DraftRejection) -> Piece:  # noqa: PLR0911 - one flat table of all refusals
    match rejection:
        case NoSuchDraft():
            return words("There is no such draft")
        case DraftOver():
            return words("That draft is decided, or a newer one took its place")
        case DraftChanged():
            return words("The text was changed since. Read it again before you approve it.")
        case NothingToSend():
            return words("There is nothing to send by hand")
        case UnknownAudience(allowed=()):
            return words("The plan names nobody outside")
        case UnknownAudience(audience=""):
            choices = listed([text(choice, GIVEN_LIMIT) for choice in rejection.allowed[:CHOICES_NAMED]])
            return words("This severity tells nobody outside by itself. Say whom: {choices}", choices=choices)
        case UnknownAudience():
            return _unknown(words, rejection.audience, rejection.allowed)
        case DrillStaysInside():
            return words("A drill stays inside: nobody outside hears of it")


def _why_no_action(words: Words, rules: Rules, rejection: ActingRejection) -> Piece:  # noqa: C901, PLR0911 - one flat table of all refusals
    match rejection:
        case UnknownFlag(allowed=()):
            return words("The plan has no flags")
        case UnknownFlag():
            return _unknown(words, rejection.flag, rejection.allowed)
        case AlreadyFlagged():
            return words("The flag {flag} is set already", flag=naming.in_words(words, rejection.flag[:GIVEN_LIMIT]))
        case NothingToDecide():
            return words("No decision waits for an answer")
        case DecisionOver():
            return words("It was decided, or the breach has ended")
        case TakesMoreAuthority():
            return words("Only {role} or above may do this", role=naming.role(words, rejection.role))
        case UnknownAction():
            return _unknown(words, rejection.action, rejection.allowed)
        case ConfirmAction():
            return run_it(words, rules, rejection.action)
        case ActionBusy():
            return words("It is running already, for {incident}", incident=rejection.incident)
        case RunSince():
            return words("Something ran since you were asked. Look again before you start it.")
        case NoSuchRun():
            return words("There is no such run")
        case _:
            assert_never(rejection)


def _unknown(words: Words, given: str, allowed: tuple[str, ...]) -> Piece:
    shown = [text(choice, GIVEN_LIMIT) for choice in allowed[:CHOICES_NAMED]]
    choices = listed([*shown, text("…")] if len(allowed) > CHOICES_NAMED else shown)
    return words("I don't know {given}. There is: {choices}", given=text(given, GIVEN_LIMIT), choices=choices)
