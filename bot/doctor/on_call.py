"""Who is on call, now and by each rotation, and whether they can be paged; whether calendar and overrides are read."""

import asyncio
from collections.abc import Awaitable, Iterator
from datetime import UTC, datetime
from typing import Final

import aiohttp

from bot.doctor.findings import Broken, Doubtful, Finding, Findings, NotSetUp, Well
from bot.doctor.people import Contacts
from bot.domain.duty import Shift
from bot.domain.plan import Plan
from bot.domain.roster import Roster, Rotation
from bot.domain.team import Team, TeamRules, replay_team
from bot.engine.calendar_reader import fetch
from bot.engine.calendar_reading import CalendarError
from bot.engine.ical import read_calendar
from bot.store.codec import UnreadableEventError
from bot.store.records import StoreUnavailableError
from bot.store.store import Store

ALL_WITHIN_S: Final = 12
"""For fetching and reading the calendar together."""
_OVERRIDES_WITHIN_S: Final = 7
_UNKNOWN_NAMED: Final = 5


async def examine_on_call(
    http: aiohttp.ClientSession, store: Store, plan: Plan, roster: Roster, asked: Awaitable[Contacts | None]
) -> Findings:
    """Everything that decides who is paged first."""
    (shifts, of_calendar), (team, of_overrides) = await asyncio.gather(_calendar(http, plan, roster), _overrides(store))
    known = await asked or {}
    now = datetime.now(UTC)
    people = TeamRules(plan, roster, shifts).schedule(team).on_call(now)
    return (
        _now(roster, people, known),
        *_rotations(roster, known),
        *of_overrides,
        *of_calendar,
    )


async def _calendar(http: aiohttp.ClientSession, plan: Plan, roster: Roster) -> tuple[tuple[Shift, ...], Findings]:
    """Read it as the bot will; its address may hold a secret, and is not told."""
    url = roster.on_call.ical_url if roster.on_call else None
    if url is None:
        return (), (NotSetUp("a calendar", "With on_call.ical_url in the roster a calendar says who is on call."),)
    try:
        async with asyncio.timeout(ALL_WITHIN_S):
            content = await fetch(http, url)
            found = await asyncio.to_thread(read_calendar, content, roster, plan.timezone, datetime.now(UTC))
    except CalendarError as error:
        return (), (Broken(f"the on-call calendar: {error}", "Correct on_call.ical_url in the roster."),)
    except TimeoutError:
        said = f"the on-call calendar: not read within {ALL_WITHIN_S} s"
        return (), (Broken(said, "Make it smaller, or try again."),)
    counted = Well(f"the on-call calendar can be read: {len(found.shifts)} shifts from last week to two months ahead")
    if not found.unknown:
        return found.shifts, (counted,)
    advice = "An event names somebody by the roster's key or name, in its title or among its attendees."
    named = ", ".join(found.unknown[:_UNKNOWN_NAMED])
    return found.shifts, (counted, Doubtful(f"events that name nobody on the roster: {named}", advice))


async def _overrides(store: Store) -> tuple[Team, Findings]:
    """The team's log, where overrides are kept."""
    try:
        async with asyncio.timeout(_OVERRIDES_WITHIN_S):
            return replay_team(await store.load_team()), ()
    except (TimeoutError, StoreUnavailableError):
        return Team(), ()  # what Redis lacks is told under its own name
    except UnreadableEventError as error:
        advice = "Run the version of Nabat that wrote it, or a newer one; until then no override counts."
        return Team(), (Broken(f"overrides can't be read: {error}", advice),)


def _now(roster: Roster, people: tuple[str, ...], known: Contacts) -> Finding:
    if not people:
        return Broken("nobody is on call now", "Give somebody the role on_call, or a turn in a rotation.")
    names = f"on call now: {_named(roster, people)}"
    silent = _silent(people, known)
    if not silent:
        return Well(names)
    advice = "They press Start, or somebody stands in with /override; until then the next one is paged at once."
    return Doubtful(f"{names}; can't be paged: {_named(roster, silent)}", advice)


def _rotations(roster: Roster, known: Contacts) -> Iterator[Finding]:
    for rotation in roster.on_call.rotations if roster.on_call else ():
        yield _rotation(roster, rotation, known)


def _rotation(roster: Roster, rotation: Rotation, known: Contacts) -> Finding:
    people = tuple(person for person in rotation.people if person in roster.people)
    silent = _silent(people, known)
    said = f"rotation {rotation.name}: {_named(roster, people)}"
    if not silent:
        return Well(said)
    if len(silent) == len(people):
        return Broken(f"{said}; none of them can be paged", "Each opens a private chat with the bot and presses Start.")
    advice = "They open a private chat with the bot and press Start; on their turns the next one is paged at once."
    return Doubtful(f"{said}; can't be paged: {_named(roster, silent)}", advice)


def _silent(people: tuple[str, ...], known: Contacts) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key in people if key in known and known[key].reached is False))


def _named(roster: Roster, people: tuple[str, ...]) -> str:
    return ", ".join(map(roster.name_of, dict.fromkeys(people)))
