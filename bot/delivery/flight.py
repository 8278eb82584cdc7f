"""One job on its way: rendered at the last moment, sent, and what Telegram said turned into what becomes of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

import structlog

from bot.delivery.budgets import Budgets, Ticket
from bot.delivery.circuit import Circuit, backoff_s
from bot.delivery.courier import Courier
from bot.delivery.figures import Figures
from bot.delivery.hand import Hand
from bot.delivery.jobs import AnyJob, PartJob, RowJob, SummaryJob
from bot.delivery.ledger import Ledger
from bot.delivery.outcome import (
    Done,
    Forbidden,
    Later,
    MessageGone,
    Migrated,
    NotReached,
    Outcome,
    Refused,
    Scope,
    Sent,
    Unchanged,
    Unknown,
)
from bot.delivery.real_time import MonotonicTime, RealTime
from bot.delivery.rendering import EditInPlace, EditMany, Renderer, SendNew
from bot.delivery.storm_watch import StormWatch
from bot.domain.intents import Page
from bot.store.clock import Clock
from bot.store.records import MessageRef, Settlement, StoreUnavailableError

OnUnreachable = Callable[[str, str, str], Awaitable[None]]
"""Called with person, incident and reason when a page can't be delivered; it may raise StoreUnavailableError."""

MaySend = Callable[[], bool]
"""Whether the lease surely holds still: Redis refuses what a stale sender writes, but Telegram takes what it sends."""

_log = structlog.get_logger("nabat.delivery")


@dataclass(frozen=True, slots=True)
class Pace:
    """What holds the sender back."""

    budgets: Budgets = field(default_factory=Budgets)
    circuit: Circuit = field(default_factory=Circuit)
    real_time: RealTime = field(default_factory=MonotonicTime)

    def now_s(self) -> float:
        """Monotonic seconds."""
        return self.real_time.now_s()


@dataclass(frozen=True, slots=True)
class Take:
    """A job let go. `ticket` counts it in its chat's budget; `probe`: it goes to see whether Telegram is back."""

    job: AnyJob
    ticket: Ticket | None
    probe: bool


@dataclass(frozen=True, slots=True)
class Deck:
    """What every flight works with."""

    clock: Clock
    renderer: Renderer
    courier: Courier
    hand: Hand
    ledger: Ledger
    storms: StormWatch
    pace: Pace
    figures: Figures
    on_unreachable: OnUnreachable
    may_send: MaySend


@dataclass(slots=True)
class _Known:
    """What is remembered of an incident's messages, read once a flight."""

    ledger: Ledger
    incident: str
    found: Mapping[str, MessageRef] | None = None

    async def messages(self) -> Mapping[str, MessageRef]:
        if self.found is None:
            self.found = await self.ledger.messages(self.incident)
        return self.found


class Flights:
    """Flies jobs. Whatever is not settled stays in hand and goes again."""

    def __init__(self, deck: Deck) -> None:
        self._deck = deck

    async def fly(self, take: Take) -> None:
        """Renders and sends one job.

        Raises:
            StoreUnavailableError: the state can't be read, an unreachable person not be noted, or the lease may have
                run out; the job goes again.
        """
        match take.job:
            case RowJob() as job:
                await self._fly_row(job, take)
            case PartJob() as job:
                await self._call(job, job.edit, {}, take)
            case SummaryJob() as job:
                self._check_lease(take)
                outcome = await self._deck.storms.deliver(job)
                self._note(job, outcome, take)
                self._conclude_summary(job, outcome)
            case _:
                assert_never(take.job)

    def put_off(self, job: AnyJob) -> None:
        """It goes again after a while, longer each time."""
        job.attempts += 1
        job.retry_at_s = self._deck.pace.now_s() + backoff_s(job.attempts, self._deck.pace.circuit.chance)

    async def _fly_row(self, job: RowJob, take: Take) -> None:
        delivery = None
        known = _Known(self._deck.ledger, job.incident)
        try:
            delivery = await self._deck.renderer.render(job.row.intent, job.row, known.messages)
        finally:
            if not isinstance(delivery, SendNew | EditInPlace) or job.chat is None:
                self._refund(take)
        match delivery:
            case None:
                self._settle(job, {})
            case EditMany():
                self._spread(job, delivery)
            case SendNew() | EditInPlace() if job.chat is None:
                self._deck.hand.move(job, delivery.chat)
            case SendNew() | EditInPlace():
                await self._call(job, delivery, await known.messages(), take)
            case _:
                assert_never(delivery)

    def _spread(self, job: RowJob, delivery: EditMany) -> None:
        changed = tuple(
            edit for edit in delivery.edits if not (job.surely_fresh and edit.message.digest == edit.rendered.digest)
        )
        if changed:
            self._deck.hand.add_parts(job, changed)
        else:
            self._settle(job, {})

    async def _call(
        self, job: RowJob | PartJob, delivery: SendNew | EditInPlace, messages: Mapping[str, MessageRef], take: Take
    ) -> None:
        self._check_lease(take)
        sure = isinstance(job, RowJob) and job.surely_fresh
        report = await self._deck.courier.carry_out(delivery, messages, sure=sure)
        if report.called:
            self._note(job, report.outcome, take)
        else:
            self._refund(take)
        await self._conclude(job, report.outcome, report.learnt)
        if report.outdated is not None:
            await self._deck.courier.retire(report.outdated)

    def _check_lease(self, take: Take) -> None:
        if not self._deck.may_send():
            self._refund(take)
            raise StoreUnavailableError("the lease was not renewed in time, and another replica may send this")

    def _note(self, job: AnyJob, outcome: Outcome, take: Take) -> None:
        """What a call says about Telegram, whatever it says about the message."""
        pace, figures = self._deck.pace, self._deck.figures
        figures.called(job.lane, outcome)
        match outcome:
            case NotReached() | Unknown():
                pace.circuit.failed(pace.now_s(), probe=take.probe)
                return
            case Later():
                figures.throttled(outcome.scope)
                until_s = pace.now_s() + outcome.after.total_seconds()
                if outcome.scope is Scope.ALL or job.chat is None:
                    pace.budgets.penalty_for_all(until_s)
                else:
                    pace.budgets.penalty(job.chat, until_s)
            case _:
                pass
        if pace.circuit.answered():
            _log.info("Telegram answers again", waiting=len(self._deck.hand))
            self._deck.hand.forget_waits()

    async def _conclude(self, job: RowJob | PartJob, outcome: Outcome, learnt: Mapping[str, MessageRef | None]) -> None:
        match outcome:
            case Sent():
                self._arrived(job)
                self._settle(job, learnt)
            case Done() | Unchanged() | MessageGone():
                self._settle(job, learnt)
            case Later():
                pass
            case NotReached() | Unknown():
                self.put_off(job)
                _log.warning("not delivered, goes again", **_about(job), outcome=str(outcome), attempts=job.attempts)
            case Forbidden():
                await self._undeliverable(job, outcome.reason)
                self._settle(job, learnt)
            case Refused() | Migrated():
                _log.error("Telegram refuses what we sent, it is dropped", **_about(job), outcome=str(outcome))
                await self._undeliverable(job, str(outcome))
                self._settle(job, learnt)
            case _:
                assert_never(outcome)

    def _conclude_summary(self, job: SummaryJob, outcome: Outcome) -> None:
        match outcome:
            case Later():
                return
            case NotReached() | Unknown():
                self.put_off(job)
                return
            case Forbidden() | Refused() | Migrated() | MessageGone():
                _log.error("the summary of a storm can't be shown", chat=job.chat, outcome=str(outcome))
                self._deck.storms.give_up(job)
            case Sent() | Done() | Unchanged():
                pass
            case _:
                assert_never(outcome)
        self._deck.hand.remove(job)

    async def _undeliverable(self, job: RowJob | PartJob, reason: str) -> None:
        """Noted before the row goes: a crash between the two tells it twice, never not at all."""
        intent = job.row.intent if isinstance(job, RowJob) else None
        if isinstance(intent, Page):
            _log.warning("a page can't be delivered", **_about(job), person=intent.person, reason=reason)
            await self._deck.on_unreachable(intent.person, intent.incident, reason)
        else:
            _log.warning("the bot may not write there", **_about(job), reason=reason)

    def _arrived(self, job: RowJob | PartJob) -> None:
        self._deck.figures.arrived(job.lane, self._deck.clock.now() - job.queued_at)

    def _settle(self, job: RowJob | PartJob, learnt: Mapping[str, MessageRef | None]) -> None:
        self._deck.hand.remove(job)
        if isinstance(job, RowJob):
            self._deck.ledger.add(Settlement(job.row, learnt))
            return
        parent = job.parent
        parent.learnt.update(learnt)
        parent.parts_left -= 1
        if not parent.parts_left:
            self._settle(parent, parent.learnt)

    def _refund(self, take: Take) -> None:
        if take.ticket is not None:
            self._deck.pace.budgets.refund(take.ticket)


def _about(job: RowJob | PartJob) -> dict[str, object]:
    row = job.row if isinstance(job, RowJob) else job.parent.row
    return {"row": row.key, "chat": job.chat, "lane": job.lane.name.lower()}
