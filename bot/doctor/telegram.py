"""Telegram: the token, and what the bot may do in each chat. Nothing is sent to anybody."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Final, TypeVar

from bot.delivery.gateway import Gateway
from bot.delivery.outcome import Forbidden, Migrated, NotReached, Outcome
from bot.delivery.standing import Me, Member, Standing
from bot.doctor.findings import Broken, Doubtful, Finding, Findings, NotSetUp, Well
from bot.domain.roster import Chat, Chats

ANSWER_WITHIN: Final = timedelta(seconds=4)
"""For getMe, on which the rest waits."""

ALL_WITHIN: Final = timedelta(seconds=6)
"""For all questions about people, and all about chats; what is not known by then is said to be so."""

_AT_ONCE: Final = 8
"""Questions in flight: far below Telegram's 30 calls a second, so a running bot is not slowed down."""

NOT_ASKED: Findings = (NotSetUp("not asked: the bot is not known to Telegram", "Mend Telegram first."),)

FoundT = TypeVar("FoundT")
Introduction = Awaitable[Me | Outcome]
"""Who the bot is to Telegram, or why that can't be told; awaited by several."""


async def introduced(gateway: Gateway) -> Me | Outcome:
    """Who the bot is to Telegram, or why that can't be told."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN.total_seconds()):
            return await gateway.me()
    except TimeoutError:
        return NotReached(f"no answer within {ANSWER_WITHIN.total_seconds():g} s")


async def examine_token(introduction: Introduction) -> Findings:
    """Whether Telegram takes the token."""
    match me := await introduction:
        case Me(username=username):
            return (Well(f"the token is that of @{username}"),)
        case NotReached(reason="Unauthorized" | "Not Found" | "Invalid token" as reason):
            return (Broken(f"Telegram does not take the token ({reason})", "Copy it anew from @BotFather."),)
        case _:
            advice = "Check the network, NABAT_TELEGRAM_API_URL and NABAT_TELEGRAM_PROXY."
            return (Broken(f"Telegram can't be asked: {told(me)}", advice),)


async def examine_chats(gateway: Gateway, introduction: Introduction, chats: Chats) -> Findings:
    """What the bot is in each chat."""
    me = await introduction
    if not isinstance(me, Me):
        return NOT_ASKED
    named = {"responders": chats.responders} | ({"stakeholders": chats.stakeholders} if chats.stakeholders else {})
    answers = await all_in_time({name: partial(gateway.member, chat.id, me.id) for name, chat in named.items()})
    return tuple(_chat(name, chat, me, answers.get(name)) for name, chat in named.items())


async def all_in_time(questions: Mapping[str, Callable[[], Awaitable[FoundT]]]) -> dict[str, FoundT]:
    """The answers that came in time."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def ask(question: Callable[[], Awaitable[FoundT]]) -> FoundT:
        async with turn:
            return await question()

    tasks = {name: asyncio.ensure_future(ask(question)) for name, question in questions.items()}
    _, late = await asyncio.wait(tasks.values(), timeout=ALL_WITHIN.total_seconds())
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return {name: task.result() for name, task in tasks.items() if task not in late}


def _chat(name: str, chat: Chat, me: Me, found: Member | Outcome | None) -> Finding:
    where = f"{name} ({chat.id})"
    match found:
        case Member(standing=standing):
            return _standing(where, standing, hears_all=me.reads_all or name != "responders")
        case Forbidden():
            return _standing(where, Standing.LEFT, hears_all=False)
        case Migrated(to=to):
            return Doubtful(f"{where} is a supergroup now, with the id {to}", f"Write {to} into the roster.")
        case _:
            return Broken(f"{where}: {told(found)}", "Correct the id in the roster, or try again.")


def _standing(where: str, standing: Standing, *, hears_all: bool) -> Finding:
    match standing:
        case Standing.ADMINISTRATOR | Standing.CREATOR:
            return Well(f"{where}: administrator, reads and writes")
        case Standing.MEMBER if hears_all:
            return Well(f"{where}: member, writes")
        case Standing.MEMBER:
            return Doubtful(
                f"{where}: plain member, so Telegram keeps some commands from it",
                "Make the bot an administrator of the group; which rights it gets does not matter.",
            )
        case Standing.RESTRICTED:
            return Doubtful(f"{where}: restricted", "Let it send messages and media, or make it an administrator.")
        case Standing.LEFT | Standing.KICKED:
            return Broken(f"{where}: the bot is not in this chat", "Add it to the group, or correct the id.")


def told(answer: object) -> str:
    """What Telegram said in place of an answer, in words."""
    reason = getattr(answer, "reason", "")
    if reason:
        return str(reason)
    return "no answer in time" if answer is None else f"Telegram said {type(answer).__name__.lower()}"
