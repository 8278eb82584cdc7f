"""Whether the bot can do its work: Redis and Telegram reached, singletons held or stood by for."""

import asyncio
from collections.abc import Callable

from bot.delivery.gateway import Gateway
from bot.delivery.outcome import NotReached, Outcome
from bot.delivery.standing import Me
from bot.engine.duty import OnDuty
from bot.engine.singles import Role, Singles
from bot.store.records import StoreUnavailableError
from bot.store.store import Store

_LOOK_EVERY_S = 5.0
"""Between looks at Telegram: a supervisor asks about as often, and getMe counts towards no limit."""
_LOOK_AGAIN_S = 1.0
"""Between looks at Telegram while it can't be reached."""


class Readiness:
    """Asks Redis at each question; looks at Telegram now and then, as each look is a call.

    `silence` says why Telegram brings no updates, though it may answer otherwise: another program polls with the token.
    """

    def __init__(
        self, store: Store, gateway: Gateway, singles: Singles, duty: OnDuty, silence: Callable[[], str]
    ) -> None:
        self._silence = silence
        self._store = store
        self._duty = duty
        self._gateway = gateway
        self._singles = singles
        self._telegram = "Telegram has not answered yet"

    async def watch(self) -> None:
        """Look at Telegram until cancelled."""
        while True:
            found = await self._gateway.me()
            self._telegram = "" if isinstance(found, Me) else f"Telegram: {_words_of(found)}"
            await asyncio.sleep(_LOOK_AGAIN_S if self._telegram else _LOOK_EVERY_S)

    async def reasons(self) -> tuple[str, ...]:
        """What is missing, in words; nothing: ready."""
        return tuple(reason for reason in (await self._redis(), self._telegram, self._role()) if reason)

    def doubts(self) -> tuple[str, ...]:
        """What is amiss though the bot does its work, in words: neither a restart nor another replica would help."""
        why, silence = self._duty.unreadable, self._silence()
        on_call = f"the team's log can't be read, so on call is as the roster says: {why}" if why else ""
        updates = f"Telegram brings no commands and no presses: {silence}" if silence else ""
        return tuple(doubt for doubt in (on_call, updates) if doubt)

    async def _redis(self) -> str:
        try:
            await self._store.health()
        except StoreUnavailableError as error:
            return f"Redis: {error}"
        return ""

    def _role(self) -> str:
        role = self._singles.role
        return "" if role in {Role.HOLDING, Role.STANDING_BY} else f"singletons: {role.value}"


def _words_of(outcome: Outcome) -> str:
    return outcome.reason if isinstance(outcome, NotReached) else str(outcome)
