"""Whom the bot can write to: who never pressed Start, and who has blocked it since."""

import asyncio
from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.delivery.gateway import Gateway
from bot.delivery.outcome import Done, Forbidden, Outcome
from bot.delivery.standing import Me
from bot.doctor.findings import Broken, Doubtful, Finding, Findings, Well
from bot.doctor.telegram import ALL_WITHIN, NOT_ASKED, Introduction, all_in_time, told
from bot.domain.roster import Roster
from bot.engine.team_desk import UNREACHABLE
from bot.store.records import StoreUnavailableError
from bot.store.store import Store

_NEVER_STARTED: Final = "never started the bot"
_BLOCKED: Final = "blocked the bot"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whether somebody can be written to; None: not known. `why` tells why not."""

    reached: bool | None
    why: str = ""


Contacts = Mapping[str, Contact]


async def contacts(gateway: Gateway, introduction: Introduction, store: Store, roster: Roster) -> Contacts | None:
    """How each person of the roster can be reached; None: Telegram can't be asked.

    Besides Telegram's answer there is what the bot keeps as a fact: that a page failed, or the news of a block.
    """
    if not isinstance(await introduction, Me):
        return None
    numbers = {key: person.telegram for key, person in roster.people.items()}
    questions = {key: partial(gateway.can_write_to, number) for key, number in numbers.items()}
    answers, facts = await asyncio.gather(all_in_time(questions), _facts(store))
    return {key: _contact(answers.get(key), facts.get(key)) for key in roster.people}


async def examine_people(introduction: Introduction, asked: Awaitable[Contacts | None], roster: Roster) -> Findings:
    """Who can be paged, and what the others have to do."""
    me, known = await introduction, await asked
    if not isinstance(me, Me) or known is None:
        return NOT_ASKED
    return tuple(_people(roster, me, known))


async def _facts(store: Store) -> Mapping[str, str]:
    try:
        async with asyncio.timeout(ALL_WITHIN.total_seconds()):
            facts = await store.facts(UNREACHABLE)
    except (TimeoutError, StoreUnavailableError):
        return {}  # what Redis lacks is told under its own name
    return {name.removeprefix(UNREACHABLE): why for name, why in facts.items()}


def _contact(answer: Outcome | None, fact: str | None) -> Contact:
    if isinstance(answer, Forbidden):
        blocked = "blocked" in answer.reason.lower()
        return Contact(reached=False, why=_BLOCKED if blocked else _NEVER_STARTED)
    if fact is not None:
        return Contact(reached=False, why=f"can't be written to ({fact})")
    return Contact(reached=True) if isinstance(answer, Done) else Contact(reached=None, why=told(answer))


def _people(roster: Roster, me: Me, known: Contacts) -> Iterator[Finding]:
    reached = [roster.name_of(key) for key, contact in known.items() if contact.reached]
    on_call = set(roster.with_role("on_call"))
    if roster.on_call:
        on_call |= {key for rotation in roster.on_call.rotations for key in rotation.people}
    if reached:
        yield Well(f"can be paged: {', '.join(reached)}")
    if on_call and all(known[key].reached is False for key in on_call & known.keys()):
        yield Broken("nobody who takes turns on call can be paged", f"They open t.me/{me.username} and press Start.")
    for key, contact in known.items():
        name = roster.name_of(key)
        if contact.reached is False:
            advice = f"{name} opens t.me/{me.username} and presses Start; until then the next one is paged at once."
            yield Doubtful(f"{name} ({key}) {contact.why}", advice)
        elif contact.reached is None:
            yield Doubtful(f"{name} ({key}): not known, {contact.why}", "Try `nabat check` again.")
