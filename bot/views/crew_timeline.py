"""Roles, the holder's presence and the assessment in the timeline, one line an event."""

from datetime import datetime

from bot.domain.assessment_events import Assessed
from bot.domain.crew_events import RoleGiven
from bot.domain.presence_events import HolderAsked, HolderSilent, HolderThere
from bot.domain.roster import Roster
from bot.views import assessing, crew, naming
from bot.views.html import Piece
from bot.views.times import clock
from bot.views.translations import Words

CrewEvent = Assessed | RoleGiven | HolderAsked | HolderSilent | HolderThere


def crew_line(words: Words, roster: Roster, event: CrewEvent, now: datetime) -> Piece:
    """One event in words, with who did it."""
    who = naming.actor(words, roster, event.by)
    match event:
        case Assessed():
            return words("{who} assessed: {what}", who=who, what=assessing.said(words, event.aspect, event.answer))
        case RoleGiven():
            return crew.given(words, roster, event)
        case HolderAsked():
            return words("{who} was asked whether they are still on it", who=naming.person(roster, event.person))
        case HolderSilent():
            called = naming.people(words, roster, event.people) or words("nobody new")
            who, since = naming.person(roster, event.person), clock(words, event.since, now)
            return words("no sign of {who} since {time}, called: {called}", who=who, time=since, called=called)
        case HolderThere():
            return words("{who} is still on it", who=who)
