"""Keeps the plan of `storm` in force: weighs new cards, holds some, and keeps the summary that stands for them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from bot.delivery.gateway import Gateway
from bot.delivery.hand import Hand
from bot.delivery.jobs import RowJob, SummaryJob
from bot.delivery.ledger import Ledger
from bot.delivery.outcome import MessageGone, Outcome, Sent, Unchanged
from bot.delivery.real_time import RealTime
from bot.delivery.rendering import Renderer, Weight
from bot.delivery.slots import CARD_SLOT
from bot.delivery.storm import SUMMARY_EVERY_S, CardPlan, Storm, WaitingCard, always_goes, plan_cards
from bot.delivery.storm_memory import KeptStorm, keep_storm, kept_storms
from bot.domain.intents import Lane
from bot.store.records import LeaseLostError, MessageRef
from bot.store.store import Store

REVIEW_EVERY_S = 1.0
"""While a storm lasts: the delay until a card goes that somebody just acted on, if nothing else wakes the sender."""

_MIDDLING = Weight(rank=1, urgent=False)
"""For a card that can't be weighed: neither first nor forgotten."""

_log = structlog.get_logger("nabat.delivery")


@dataclass(frozen=True, slots=True)
class _Picture:
    """What a summary depends on: when this changes it is shown anew. `answered` are those held that somebody has."""

    incidents: tuple[str, ...]
    held: tuple[str, ...]
    answered: frozenset[str]


@dataclass(slots=True)
class _Summary:
    """The summary in one chat: what it shows, where it is, and when it was last shown."""

    storm: Storm
    held: tuple[str, ...] = ()
    answered: frozenset[str] = frozenset()
    message: MessageRef | None = None
    shown: _Picture | None = None
    shown_at_s: float = 0.0
    over: bool = False

    @property
    def picture(self) -> _Picture:
        """What it would show now."""
        return _Picture(self.storm.incidents, self.held, self.answered)


class StormWatch:
    """One for a sender. Storms of a former life go on with the same summary."""

    def __init__(
        self,
        store: Store,
        renderer: Renderer,
        gateway: Gateway,
        hand: Hand,
        ledger: Ledger,
        real_time: RealTime,
    ) -> None:
        self._store = store
        self._renderer = renderer
        self._gateway = gateway
        self._hand = hand
        self._ledger = ledger
        self._real_time = real_time
        self._summaries: dict[int, _Summary] = {}

    @property
    def next_review_s(self) -> float | None:
        """When to look again if no new card comes."""
        return self._real_time.now_s() + REVIEW_EVERY_S if self._summaries else None

    @property
    def held(self) -> int:
        """How many cards wait behind summaries."""
        return sum(len(summary.held) for summary in self._summaries.values())

    async def load(self) -> None:
        """Takes up the storms of a former life.

        Raises:
            StoreUnavailableError: Redis can't be asked.
        """
        now_s = self._real_time.now_s()
        for chat, kept in (await kept_storms(self._store)).items():
            storm = Storm(kept.incidents, frozenset(), newest_s=now_s, drained_s=now_s)
            self._summaries[chat] = _Summary(storm, message=kept.summary)

    async def review(self) -> None:
        """Decides anew which cards go. Nothing else in hand is touched, so nobody waits for this.

        Raises:
            StoreUnavailableError: Redis can't be asked; the cards stay held.
        """
        await self._sort_out_known()
        weighed = {job for jobs in self._hand.first_cards().values() for job in jobs}
        if not weighed and not self._summaries:
            return
        weights = await self._weigh(sorted({job.incident for job in weighed}))
        # Cards may have come and gone meanwhile; new ones stay held until the next review.
        waiting = {chat: [job for job in jobs if job in weighed] for chat, jobs in self._hand.first_cards().items()}
        for chat in {*waiting, *self._summaries}:
            self._apply(chat, waiting.get(chat, []), weights)

    async def deliver(self, job: SummaryJob) -> Outcome:
        """Sends or edits the summary of a chat."""
        summary = self._summaries[job.chat]
        picture = summary.picture
        rendered = await self._renderer.render_storm(job.chat, picture.incidents, picture.held)
        outcome: Outcome = MessageGone()
        if summary.message is not None:
            outcome = await self._gateway.edit(summary.message, rendered)
        if isinstance(outcome, MessageGone):
            outcome = await self._gateway.send(job.chat, rendered)
        if isinstance(outcome, Sent):
            summary.message = MessageRef(outcome.chat, outcome.message)
        if isinstance(outcome, Sent | Unchanged):
            summary.shown, summary.shown_at_s = picture, self._real_time.now_s()
            await self._keep(job.chat, summary)
        return outcome

    def give_up(self, job: SummaryJob) -> None:
        """The summary can't be shown in this chat: the cards stay as they are, and it is tried again later."""
        self._summaries[job.chat].shown_at_s = self._real_time.now_s()

    async def _sort_out_known(self) -> None:
        """Cards that are there already need no plan: they are edited."""
        jobs = [job for jobs in self._hand.first_cards().values() for job in jobs if job.unsorted]
        if not jobs:
            return
        messages = await self._ledger.messages_many([job.incident for job in jobs])
        for job in jobs:
            job.unsorted = False
            if CARD_SLOT in messages[job.incident]:
                self._hand.knows_card(job)

    async def _weigh(self, incidents: Sequence[str]) -> Mapping[str, Weight]:
        """In a task of its own: a mistake in one incident's weight must not stop the pages of all others."""
        task = asyncio.create_task(self._weighed(incidents))
        await asyncio.wait({task})
        error = task.exception()
        if error is None:
            return task.result()
        if isinstance(error, LeaseLostError):
            raise error
        _log.error("new cards can't be weighed; they go in order", incidents=len(incidents), exc_info=error)
        return dict.fromkeys(incidents, _MIDDLING)

    async def _weighed(self, incidents: Sequence[str]) -> Mapping[str, Weight]:
        return await self._renderer.weigh(incidents) if incidents else {}

    def _apply(self, chat: int, jobs: Sequence[RowJob], weights: Mapping[str, Weight]) -> None:
        cards = [_waiting(job, weights[job.incident]) for job in jobs if job.incident in weights]
        summary = self._summaries.get(chat)
        # A storm whose last summary is still to be shown is over; what comes now may be the next one.
        storm = summary.storm if summary is not None and not summary.over else None
        plan = plan_cards(cards, storm, self._real_time.now_s())
        held = frozenset(plan.held)
        for job in jobs:
            self._hand.hold(job, held=job.incident in held)
        urgent = {card.incident for card in cards if always_goes(card)}
        for job in jobs:
            if job.incident in urgent:
                self._hand.hurry(job, Lane.REPLIES)
        answered = frozenset(card for card in held if weights[card].answered)
        self._summarise(chat, summary, plan, answered)

    def _summarise(self, chat: int, summary: _Summary | None, plan: CardPlan, answered: frozenset[str]) -> None:
        if plan.storm is not None:
            if summary is None:
                summary = self._summaries[chat] = _Summary(plan.storm)
            summary.storm, summary.held, summary.over = plan.storm, plan.held, False
            summary.answered = answered
        elif summary is not None:
            summary.held, summary.answered, summary.over = (), frozenset(), True
        if summary is None or summary.shown == summary.picture:
            if summary is not None and summary.over:
                del self._summaries[chat]
            return
        due_s = summary.shown_at_s + SUMMARY_EVERY_S
        if (summary.shown is None or self._real_time.now_s() >= due_s) and not self._is_in_hand(chat):
            self._hand.add_summary(chat, self._store.clock.now())

    def _is_in_hand(self, chat: int) -> bool:
        return any(isinstance(job, SummaryJob) and job.chat == chat for job in self._hand)

    async def _keep(self, chat: int, summary: _Summary) -> None:
        if summary.over:
            await keep_storm(self._store, chat, None)
        elif summary.message is not None:
            where = summary.message
            kept = KeptStorm(chat=where.chat, message=where.message, incidents=summary.storm.incidents)
            await keep_storm(self._store, chat, kept)


def _waiting(job: RowJob, weight: Weight) -> WaitingCard:
    return WaitingCard(job.incident, weight.rank, weight.urgent, job.queued_at)
