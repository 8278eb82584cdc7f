"""From the outbox to Telegram: takes rows, lets the most urgent go within the budgets, notes what came of them.

Loops run side by side, so that none waits for another: one takes rows as soon as a commit rings, one lets jobs go, one
weighs new cards, one writes down what is done. What was taken stays marked in the store until it is done; after a crash
the next sender gets it again. A failure of Telegram is waited out with the rows in hand, in real time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from bot.delivery.courier import Courier
from bot.delivery.figures import Figures
from bot.delivery.flight import Deck, Flights, MaySend, OnUnreachable, Pace, Take
from bot.delivery.gateway import Gateway
from bot.delivery.hand import Hand
from bot.delivery.jobs import AnyJob, RowJob, Wait
from bot.delivery.ledger import Ledger
from bot.delivery.rendering import Renderer
from bot.delivery.storm_watch import StormWatch
from bot.domain.intents import RefreshCard
from bot.store.records import Lease, LeaseLostError, StoreUnavailableError
from bot.store.store import Store
from bot.store.wakes import Topic, Wake

CLAIM_AT_ONCE = 200
"""Rows in one round trip; a storm takes several."""
CALLS_AT_ONCE = 30
"""As many as Telegram takes in a second."""
REVIEWS_TAKE_ONE_OF = 5
"""The share of the time that goes into reviews of new cards at most: a fifth."""
GRACE_S = 5.0
"""How long a sender that is stopped waits for answers still under way."""
STORE_PAUSE_S = 0.5
"""Between attempts to reach the store."""

_log = structlog.get_logger("nabat.delivery")


class Sender:
    """The only one that sends what the outbox holds; it runs where the lease is."""

    def __init__(
        self,
        store: Store,
        gateway: Gateway,
        renderer: Renderer,
        on_unreachable: OnUnreachable,
        figures: Figures,
        pace: Pace,
        may_send: MaySend,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._renderer = renderer
        self._figures = figures
        self._pace = pace
        self._hand = Hand()
        self._stir = asyncio.Event()
        self._new_cards = asyncio.Event()
        self._flying: set[asyncio.Task[None]] = set()
        self._lost: LeaseLostError | None = None
        self._ledger = Ledger(store, self._pace.real_time)
        self._storms = StormWatch(store, renderer, gateway, self._hand, self._ledger, self._pace.real_time)
        self._flights = Flights(
            Deck(
                clock=store.clock,
                renderer=renderer,
                courier=Courier(gateway),
                hand=self._hand,
                ledger=self._ledger,
                storms=self._storms,
                pace=self._pace,
                figures=figures,
                on_unreachable=on_unreachable,
                may_send=may_send,
            )
        )

    @property
    def is_busy(self) -> bool:
        """Something is under way. If not, all that is in hand waits for a time or for a commit."""
        return bool(self._flying) or self._stir.is_set() or self._new_cards.is_set() or self._ledger.is_busy

    async def run(self, lease: Lease) -> None:
        """Sends until cancelled; then waits a little for what is under way and puts the rest back. Runs once.

        Raises:
            LeaseLostError: another replica sends now.
        """
        try:
            with self._store.wakes.subscribe(Topic.OUTBOX) as wake:
                async with asyncio.TaskGroup() as loops:
                    loops.create_task(self._take_rows(lease, wake))
                    loops.create_task(self._let_go())
                    loops.create_task(self._watch_storms())
                    loops.create_task(self._ledger.run(lease, wake.event.set))
        except* LeaseLostError as group:
            self._lost = self._lost or _first(group)
        finally:
            await self._wind_up(lease)
        if self._lost is not None:
            raise LeaseLostError(str(self._lost)) from self._lost

    async def _take_rows(self, lease: Lease, wake: Wake) -> None:
        more = True
        while True:
            try:
                if more:
                    rows = await self._store.claim_rows(self._store.clock.now(), CLAIM_AT_ONCE, lease)
                else:
                    rows = await self._store.claim_next_rows(CLAIM_AT_ONCE, lease, wake)
            except StoreUnavailableError as error:
                _log.warning("the outbox can't be read", reason=str(error))
                more = True
                await self._pause()
                continue
            for row in rows:
                chat = self._renderer.chat_of(row.intent)
                self._hand.add_row(row, self._gateway.current(chat) if chat is not None else None)
            # In this order: pages are on their way before new cards are weighed.
            self._stir.set()
            if any(isinstance(row.intent, RefreshCard) for row in rows):
                self._new_cards.set()
            more = len(rows) == CLAIM_AT_ONCE

    async def _let_go(self) -> None:
        while True:
            self._stir.clear()
            until_s = self._launch()
            self._figures.now(in_hand=len(self._hand), outage=self._pace.circuit.is_open, held=self._storms.held)
            await self._pace.real_time.wait(self._stir, until_s)
            if self._lost is not None:
                raise self._lost

    async def _watch_storms(self) -> None:
        await self._until_the_store_answers(self._storms.load)
        while True:
            await self._pace.real_time.wait(self._new_cards, self._storms.next_review_s)
            self._new_cards.clear()
            began_s = self._pace.now_s()
            await self._until_the_store_answers(self._storms.review)
            self._stir.set()
            # A review looks at every card that waits: at each new one of a storm it would leave no time for presses.
            took_s = self._pace.now_s() - began_s
            await self._pace.real_time.wait(asyncio.Event(), began_s + took_s * REVIEWS_TAKE_ONE_OF)

    def _launch(self) -> float | None:
        """Lets go what may go now. When to look again: a time, or None until something happens."""
        circuit = self._pace.circuit
        while len(self._flying) < CALLS_AT_ONCE:
            now_s = self._pace.now_s()
            if circuit.is_open and self._flying:
                return None
            if circuit.is_open and now_s < circuit.probe_at_s:
                return circuit.probe_at_s
            found = self._hand.next(now_s, self._pace.budgets, probing=circuit.is_open)
            if isinstance(found, Wait):
                return found.until_s
            self._start(found, now_s, probe=circuit.is_open)
        return None

    def _start(self, job: AnyJob, now_s: float, *, probe: bool) -> None:
        self._hand.launch(job)
        ticket = self._pace.budgets.spend(job.chat, now_s) if job.chat is not None else None
        task = asyncio.create_task(self._flights.fly(Take(job, ticket, probe)))
        self._flying.add(task)
        task.add_done_callback(partial(self._landed, job))

    def _landed(self, job: AnyJob, task: asyncio.Task[None]) -> None:
        """A job whose making fails stays in hand and goes again: no mistake in one may stop the others."""
        self._flying.discard(task)
        self._hand.land(job)
        self._stir.set()
        error = None if task.cancelled() else task.exception()
        match error:
            case None:
                return
            case LeaseLostError():
                self._lost = error
            case StoreUnavailableError():
                _log.warning("a message waits for the store", chat=job.chat, reason=str(error))
            case _:
                self._figures.faulty(job.lane)
                _log.error("a message can't be made ready", chat=job.chat, lane=job.lane.name.lower(), exc_info=error)
        self._flights.put_off(job)

    async def _until_the_store_answers(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                return await work()
            except StoreUnavailableError as error:
                _log.warning("new cards wait for the store", reason=str(error))
                await self._pause()

    async def _pause(self) -> None:
        await self._pace.real_time.wait(asyncio.Event(), self._pace.now_s() + STORE_PAUSE_S)

    async def _wind_up(self, lease: Lease) -> None:
        """Answers still under way count; what was never tried goes back as it was."""
        if self._flying:
            await asyncio.wait(self._flying, timeout=GRACE_S)
        for task in tuple(self._flying):
            task.cancel()
        if self._lost is not None:
            return
        try:
            await self._ledger.write(lease)
            for job in tuple(self._hand):
                if isinstance(job, RowJob) and job.surely_fresh and not job.flying and not job.parts_left:
                    await self._store.release(job.row, lease)
        except (StoreUnavailableError, LeaseLostError) as error:
            _log.warning("the next sender finds rows marked as being sent", reason=str(error))


def _first(group: BaseExceptionGroup[LeaseLostError]) -> LeaseLostError:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
