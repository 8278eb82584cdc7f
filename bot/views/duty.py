"""Who is on call: now and next, handovers, overrides, and who can't be written to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.actors import Responder
from bot.domain.calendar_snapshot import CalendarSnapshot
from bot.domain.duty import Override, Schedule
from bot.domain.roster import Roster
from bot.domain.rules import ON_CALL, Rules
from bot.domain.team_events import (
    DutyEvent,
    HandedOver,
    OverrideEnded,
    OverrideSet,
    RowsNeverRead,
    RowsRead,
    UnreachableNamed,
)
from bot.views import naming, sight
from bot.views.answers import toast
from bot.views.headline import TITLE_LIMIT, drill, holder, severity, sign
from bot.views.html import BLANK, Line, Piece, bold, joined, mention, message, opening, text
from bot.views.lists import Entry, worst_first
from bot.views.rendered import Rendered
from bot.views.times import clock
from bot.views.translations import Words, listed

OPEN_SHOWN = 8
"""Incidents in a handover; the rest is counted."""
UNKNOWN_SHOWN = 3


class Duty(Protocol):
    """What is known of who is on call."""

    @property
    def schedule(self) -> Schedule:
        """All that is written about it."""
        ...

    @property
    def calendar(self) -> CalendarSnapshot | None:
        """What the calendar said last; None where there is none, or it was never read."""
        ...

    @property
    def unreadable(self) -> str:
        """Why overrides can't be read; nothing while they can."""
        ...


@dataclass(frozen=True, slots=True)
class HandoverView:
    """An event of the team's log to tell of, with what is open at the time it is told."""

    rules: Rules
    schedule: Schedule
    event: DutyEvent
    now: datetime
    open_incidents: Sequence[Entry] = ()


def on_call(words: Words, rules: Rules, duty: Duty, now: datetime, unreachable: Iterable[str] = ()) -> Rendered:
    """Who is on call now, role by role, until when and who is next; who can't be written to by the bot."""
    lines = [Line(bold(words("On call now")))]
    for role in rules.plan.roles:
        people = rules.people_with(role, now)
        who = naming.people(words, rules.roster, people) or words("⚠️ nobody")
        turn = until(words, duty.schedule, now, now) if role == ON_CALL else Piece()
        named = words("{role}: {who}", role=naming.role(words, role), who=who)
        lines.append(Line(opening(joined((named, turn))), 1))
    lines.append(Line(_standing_in(words, rules.roster, duty.schedule.override_at(now), now)))
    if duty.unreadable:
        unread = words("Overrides can't be read now, so none counts. The doctor, nabat check, says why.")
        lines.append(Line(joined((text("⚠️"), unread), " ")))
    lines.extend(_calendar(words, duty.calendar, now))
    silent = [key for key in unreachable if key in rules.roster.people]
    if silent:
        lines += [BLANK, *_silent(words, rules.roster, silent)]
    return Rendered(message(lines))


def until(words: Words, schedule: Schedule, at: datetime, now: datetime) -> Piece:
    """`until Jan 26, 10:00 UTC · then Boris`; nothing where no change after `at` is in sight."""
    change = schedule.change_after(at)
    if change is None:
        return Piece()
    comers = naming.people(words, schedule.roster, schedule.on_call(change)) or words("⚠️ nobody")
    return joined((words("until {time}", time=clock(words, change, now)), words("then {who}", who=comers)))


def override_set(words: Words, roster: Roster, event: OverrideSet, now: datetime, *, unreachable: bool) -> str:
    """The answer to `/override PERSON 4h`: from when until when."""
    said = words(
        "{who} is on call from {start} until {end}",
        who=naming.person(roster, event.person),
        start=clock(words, event.at, now, zone=False),
        end=clock(words, event.until, now),
    )
    warning = words("⚠️ and can't be written to: they must press Start") if unreachable else Piece()
    return toast(joined((said, warning)))


def override_ended(words: Words, schedule: Schedule, now: datetime) -> str:
    """The answer to `/override off`: who is on call by plan."""
    who = naming.people(words, schedule.roster, schedule.on_call(now)) or words("⚠️ nobody")
    ended = words("The override is over. On call now: {who}", who=who)
    return toast(joined((ended, until(words, schedule, now, now))))


def override_stands(words: Words, schedule: Schedule, now: datetime) -> str:
    """Who stands in now, for a command that changed nothing."""
    standing = _standing_in(words, schedule.roster, schedule.override_at(now), now)
    return toast(standing or words("Nobody stands in: who is on call is as planned"))


def team_told(view: HandoverView, words: Words) -> Rendered:
    """An event of the team's log, as the responders read it."""
    roster, event = view.rules.roster, view.event
    match event:
        case HandedOver():
            head = Line(joined((text("🔁"), bold(_changed(words, roster, event))), " "))
            turn = until(words, view.schedule, view.now, view.now)
            return Rendered(message([head, Line(turn, 1), BLANK, *_open(words, view.open_incidents)]))
        case UnreachableNamed():
            return Rendered(message(_silent(words, roster, event.people)))
        case OverrideSet():
            return Rendered(message([Line(text(override_set(words, roster, event, view.now, unreachable=False)))]))
        case OverrideEnded():
            return Rendered(message([Line(text(override_ended(words, view.schedule, view.now)))]))
        case RowsRead():
            return sight.readable_after_all(words, view.rules, event)
        case RowsNeverRead():
            return sight.never_readable(words, view.rules, event)


def team_pinged(view: HandoverView, words: Words, person: str) -> Rendered:
    """A handover, as the one who comes on call reads it in private."""
    turn = until(words, view.schedule, view.now, view.now)
    override = view.schedule.override_at(view.now)
    by = Piece()
    if override is not None and override.person == person:
        by = _set_by(words, view.rules.roster, override)
    head = joined((text("🔁"), bold(words("You are on call now"))), " ")
    return Rendered(message([Line(head), Line(joined((turn, by)), 1), BLANK, *_open(words, view.open_incidents)]))


def _changed(words: Words, roster: Roster, event: HandedOver) -> Piece:
    comers = _called(roster, [person for person in event.people if person not in event.before])
    goers = _called(roster, [person for person in event.before if person not in event.people])
    if not event.people:
        return words("Nobody is on call now: {who} went off", who=goers)
    if comers and goers:
        return words("On call: {who} takes over from {other}", who=comers, other=goers)
    if comers:
        return words("On call: {who} joins", who=comers)
    if goers:
        return words("On call: {who} went off", who=goers)
    return words("On call: {who} is first now", who=_called(roster, event.people[:1]))


def _called(roster: Roster, people: Sequence[str]) -> Piece:
    """Names that call their owners."""
    shown = [
        mention(naming.person(roster, key), roster.people[key].telegram)
        if key in roster.people
        else naming.person(roster, key)
        for key in people[: naming.NAMES_LISTED]
    ]
    return listed(shown)


def _open(words: Words, open_incidents: Sequence[Entry]) -> list[Line]:
    if not open_incidents:
        return [Line(words("No incident is open"))]
    entries = worst_first(open_incidents)
    lines = [Line(words.plural("{n} incident is open", "{n} incidents are open", len(entries)))]
    for entry in entries[:OPEN_SHOWN]:
        lines += [Line(_named(words, entry), 2), Line(text(entry.incident.title, TITLE_LIMIT), 3)]
    rest = len(entries) - OPEN_SHOWN
    return [*lines, Line(words("{n} more", n=rest))] if rest > 0 else lines


def _named(words: Words, entry: Entry) -> Piece:
    incident = entry.incident
    name = joined((drill(words, incident), severity(incident.severity), text(incident.id)))
    who = holder(words, entry.rules, incident)
    return joined((joined((text(sign(entry.rules, incident)), bold(name)), " "), who))


def _silent(words: Words, roster: Roster, people: Sequence[str]) -> list[Line]:
    who = naming.people(words, roster, people)
    cure = words("They must open a private chat with Nabat and press Start.")
    return [Line(words("⚠️ Can't be written to: {who}", who=who)), Line(cure)]


def _standing_in(words: Words, roster: Roster, override: Override | None, now: datetime) -> Piece:
    if override is None:
        return Piece()
    who = naming.person(roster, override.person)
    stands = words("{who} stands in until {time}", who=who, time=clock(words, override.until, now))
    return joined((stands, _set_by(words, roster, override)))


def _set_by(words: Words, roster: Roster, override: Override) -> Piece:
    by = naming.actor(words, roster, Responder(person=override.by))
    return words("set by {who}", who=by)


def _calendar(words: Words, calendar: CalendarSnapshot | None, now: datetime) -> list[Line]:
    lines: list[Line] = []
    if calendar is not None and calendar.failed_since is not None:
        since = clock(words, calendar.failed_since, now)
        why = text(calendar.failed)
        lines.append(Line(words("⚠️ The calendar can't be read since {time}: {why}", time=since, why=why)))
    if calendar is not None and calendar.unknown:
        named = listed(text(title) for title in calendar.unknown[:UNKNOWN_SHOWN])
        lines.append(Line(words("⚠️ The calendar names nobody on the roster in: {what}", what=named)))
    return lines
