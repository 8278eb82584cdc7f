"""What Telegram is told at the start: how updates come, and the menu of commands."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from bot.delivery.gateway import Gateway
from bot.delivery.outcome import Done, Later, NotReached, Outcome, Unknown
from bot.settings import Settings, TelegramMode
from bot.views.menu import menus
from handlers.intake import TAKEN

_TRY_AGAIN_S = 2.0

log = structlog.get_logger(__name__)


async def introduce(gateway: Gateway, settings: Settings) -> None:
    """The menu of commands, and how updates come. While Telegram is away it is tried again."""
    secret = settings.telegram_webhook_secret
    if settings.telegram_mode is TelegramMode.WEBHOOK and secret is not None:
        url = f"{settings.public_url}/hooks/telegram"
        await _until(_is_done, lambda: gateway.expect_updates(url, secret.get_secret_value(), TAKEN))
    else:
        await _until(_is_done, gateway.ask_for_updates)
    # Reading the languages takes a while; nobody else need wait for it.
    for language, menu in (await asyncio.to_thread(menus)).items():
        outcome = await _until(_is_an_answer, partial(gateway.set_commands, menu, language=language))
        if not isinstance(outcome, Done):
            log.info("the menu of commands was refused", language=language, outcome=outcome)


def _is_done(outcome: Outcome) -> bool:
    return isinstance(outcome, Done)


def _is_an_answer(outcome: Outcome) -> bool:
    """Whether Telegram said yes or no: the menu may be refused, and then the bot goes on without."""
    return not isinstance(outcome, Later | NotReached | Unknown)


async def _until(wanted: Callable[[Outcome], bool], call: Callable[[], Awaitable[Outcome]]) -> Outcome:
    while not wanted(outcome := await call()):
        wait_s = max(_TRY_AGAIN_S, outcome.after.total_seconds()) if isinstance(outcome, Later) else _TRY_AGAIN_S
        log.warning("the bot is not introduced to Telegram yet", outcome=outcome, again_in_s=wait_s)
        await asyncio.sleep(wait_s)
    return outcome
