"""The answer to a press or a command: one short sentence, which fits the toast over a button too."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.acting_events import ActionRefused, ActionStarted, DecisionRefused, WhyRefused
from bot.domain.chasing_events import SnoozeExplained
from bot.domain.draft_events import DraftApproved, DraftDiscarded, DraftEdited, DraftOffered, DraftRefused, DraftSent
from bot.domain.events import (
    Absorbed,
    Acknowledged,
    Assigned,
    Declared,
    Escalated,
    Event,
    ImpactDescribed,
    MergedInto,
    Noted,
    Paged,
    Reopened,
    Resolved,
    SeverityChanged,
    UpdatePosted,
    UpdateSnoozed,
)
from bot.domain.incident import Incident
from bot.domain.plan_communication import STATUS_PAGE
from bot.domain.resolving_events import VerificationStarted
from bot.domain.rules import Rules
from bot.views import naming
from bot.views.drafts import audience
from bot.views.drill import not_run
from bot.views.headline import severity
from bot.views.html import Piece, joined, text
from bot.views.outside_text import cut
from bot.views.running import title
from bot.views.timeline import line
from bot.views.times import clock
from bot.views.translations import Words, listed
from bot.views.verbs import ARGUMENTS, EXPLANATIONS, Verb
from bot.views.verifying import unverified

TOAST_LIMIT = 200
"""Characters of an answer to a press (Bot API, answerCallbackQuery)."""


def done(
    words: Words, rules: Rules, incident: Incident, events: Sequence[Event], asker: str | None, now: datetime
) -> str:
    """What a command led to; `asker` is the roster's key of the person who is answered."""
    if not events:
        return toast(words("{incident}: nothing had to change", incident=incident.id))
    paged = next((event for event in events if isinstance(event, Paged)), None)
    begun = next((event for event in events if isinstance(event, VerificationStarted)), events[0])
    return toast(_did(words, rules, incident, begun, paged, asker, now))


def _did(  # noqa: C901, PLR0911, PLR0912 - one flat table of what was done
    words: Words,
    rules: Rules,
    incident: Incident,
    event: Event,
    paged: Paged | None,
    asker: str | None,
    now: datetime,
) -> Piece:
    name = incident.id
    match event:
        case Acknowledged() | Assigned() if event.person == asker:
            return words("You have {incident} now", incident=name)
        case Acknowledged() | Assigned():
            return words("{who} has {incident} now", who=naming.person(rules.roster, event.person), incident=name)
        case Declared():
            who = _paged(words, rules, paged)
            return joined(
                (words("{incident} is open as {severity}", incident=name, severity=severity(event.severity)), who)
            )
        case SeverityChanged():
            return words("{incident} is {severity} now", incident=name, severity=severity(event.severity))
        case Escalated():
            called = words("{role} is called for {incident}", role=naming.role(words, event.role), incident=name)
            return joined((called, _paged(words, rules, paged)))
        case UpdatePosted():
            return words("Update posted for {incident}", incident=name)
        case Noted():
            return words("Noted for {incident}", incident=name)
        case ImpactDescribed():
            return words("Impact noted for {incident}", incident=name)
        case UpdateSnoozed():
            return words("{incident}: I'll ask again at {time}", incident=name, time=clock(words, event.until, now))
        case SnoozeExplained():
            return words("{incident}: noted why the update waits", incident=name)
        case Resolved():
            left = unverified(words, event.unverified)
            return joined((words("{incident} is resolved", incident=name), left))
        case VerificationStarted():
            until = clock(words, event.until, now)
            return words("{incident}: the fix is watched until {time}", incident=name, time=until)
        case Reopened():
            return joined((words("{incident} is open again", incident=name), _paged(words, rules, paged)))
        case MergedInto():
            return words("{incident} is part of {other} now", incident=name, other=event.incident)
        case Absorbed():
            return words("{incident} is part of {other} now", incident=event.incident, other=name)
        case DraftOffered() | DraftEdited() | DraftApproved() | DraftDiscarded() | DraftSent():
            return _of_draft(words, incident, event)
        case DecisionRefused() | ActionRefused() | DraftRefused():
            return joined((_not_yours(words, event), words("noted in the log")))
        case ActionStarted() if incident.drill:
            known = {"incident": name, "action": title(words, rules, event.action)}
            return words("{incident}: {action}: {how}", how=not_run(words), **known)
        case ActionStarted():
            return words("{incident}: {action} runs now", incident=name, action=title(words, rules, event.action))
        case _:
            said = line(words, rules.roster, event, now)
            return words("{incident}: {said}", incident=name, said=said)


def _of_draft(
    words: Words, incident: Incident, event: DraftOffered | DraftEdited | DraftApproved | DraftDiscarded | DraftSent
) -> Piece:
    name = incident.id
    match event:
        case DraftOffered():
            return words("{incident}: the draft is in the responders chat, to be approved", incident=name)
        case DraftEdited():
            return words("{incident}: the draft says that now", incident=name)
        case DraftApproved() if event.audience == STATUS_PAGE:
            return words("{incident}: it is on the status page", incident=name)
        case DraftApproved():
            to = audience(words, event.audience)
            return words("{incident}: approved, to be sent by hand to {audience}", incident=name, audience=to)
        case DraftDiscarded():
            return words("{incident}: discarded, nothing goes out", incident=name)
        case DraftSent():
            to = audience(words, event.audience)
            return words("{incident}: noted as sent to {audience}", incident=name, audience=to)


def _not_yours(words: Words, event: DecisionRefused | ActionRefused | DraftRefused) -> Piece:
    match event.why:
        case WhyRefused.AUTHORITY:
            return words("Only {role} or above may do this", role=naming.role(words, event.role or "?"))
        case WhyRefused.STRANGER:
            return words("Only people on the roster may do this")
        case WhyRefused.OVER:
            return words("That is no longer asked")


def could_not_save(words: Words) -> str:
    """The store can't be reached."""
    return toast(words("Nothing was saved: the store can't be reached. Try again in a moment."))


def may_be_saved(words: Words) -> str:
    """The connection to the store broke after it was asked: nobody knows whether it was saved."""
    return toast(words("It is not known whether that was saved: the connection broke. Look before you try again."))


def stale_button(words: Words) -> str:
    """A button of another version, or one that somebody made up."""
    return toast(words("This button is out of date. Nothing was changed."))


def unknown_incident(words: Words, incident: str) -> str:
    """No incident has that id."""
    return toast(words("There is no {incident}", incident=text(incident, 40)))


def no_open_incident(words: Words) -> str:
    """A command without an id, when nothing is open."""
    return toast(words("No incident is open"))


def not_set_up(words: Words) -> str:
    """What was pressed needs something this installation does not have."""
    return toast(words("That is not set up here"))


def not_in_a_drill(words: Words) -> str:
    """A drill leaves the world outside alone."""
    return toast(words("It is a drill: nothing is run, and nothing is silenced"))


def unknown_command(words: Words, command: str) -> str:
    """A slash command Nabat does not know."""
    return toast(words("I don't know /{command}. /help lists what I do.", command=text(command, 40)))


def unknown_metric(words: Words, given: str, known: Sequence[str]) -> str:
    """No metric of the plan has that name."""
    choices = listed([text(name, 40) for name in known])
    return toast(words("I don't know {given}. There is: {choices}", given=text(given, 40), choices=choices))


def no_such_span(words: Words, given: str, known: Sequence[str]) -> str:
    """A chart goes back by certain lengths alone."""
    choices = listed([text(name) for name in known])
    return toast(words("No chart goes back {given}. There is: {choices}", given=text(given, 40), choices=choices))


def drawing(words: Words) -> str:
    """A picture was asked for and follows."""
    return toast(words("Drawing…"))


def usage(words: Words, verb: Verb) -> str:
    """How a command is written, in one line."""
    written = joined((text(f"/{verb}"), words(ARGUMENTS[verb]) if verb in ARGUMENTS else Piece()), " ")
    return toast(words("{command}: {meaning}", command=written, meaning=words(EXPLANATIONS[verb])))


def looking(words: Words) -> str:
    """Everything is being looked at; the summary follows."""
    return toast(words("Looking at everything…"))


def under_way(words: Words) -> str:
    """Somebody asked for the same a moment ago."""
    return toast(words("That is under way already"))


def reading_logs(words: Words) -> str:
    """The log is being read; it follows."""
    return toast(words("Reading the log…"))


def asking_alertmanager(words: Words) -> str:
    """Alertmanager is being asked; what it says follows."""
    return toast(words("Asking Alertmanager…"))


def which_line(words: Words) -> str:
    """Evidence that names no line of the checklist."""
    return toast(words("Begin with the number of the line it is about, like: 2 see the chart"))


def writing(words: Words) -> str:
    """A document was asked for and follows."""
    return toast(words("Writing…"))


def no_day(words: Words, given: str, examples: str) -> str:
    """What was written is no day."""
    return toast(words("{given} is no day. Write it like: {examples}", given=text(given, 40), examples=examples))


def no_length(words: Words, given: str, allowed: str) -> str:
    """What was written is no length of time."""
    return toast(words("{given} is no length of time: {allowed}", given=text(given, 40), allowed=allowed))


def toast(piece: Piece) -> str:
    """The plain text, within what a toast holds."""
    return cut(piece.plain, TOAST_LIMIT)


def _paged(words: Words, rules: Rules, paged: Paged | None) -> Piece:
    if paged is None or not paged.people:
        return Piece()
    return words("paged: {who}", who=naming.people(words, rules.roster, paged.people))
