"""What the sender has in hand, and what of it goes next. Pure; times are monotonic seconds.

A chat gets one message at a time, the most urgent first; chats don't wait for each other.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from bot.delivery.budgets import Budgets
from bot.delivery.jobs import AnyJob, PartJob, RowJob, SummaryJob, Wait, waits_for_more
from bot.delivery.queue import Queue
from bot.delivery.rendering import EditInPlace
from bot.domain.intents import Audience, Lane, RefreshCard, TeamTell, Tell
from bot.store.records import Row

CARD_PATIENCE_S = 4.0
"""A card whose turn has come waits so long for the cards' share of its group's minute; then it may use the replies'.

Answers to people spend the minute, too: where a team writes ten commands in it, its card would show no news at all.
"""
CARD_STALE_S = 30.0
"""After so long it competes even with those answers, twice a minute: what a command changed must be seen at last."""

_Thread = tuple[int | None, str]
"""An incident in a chat: its card, and what replies to it."""


class Hand:
    """Jobs by chat. A job without a chat (several, or not known before it is rendered) waits for no other."""

    def __init__(self) -> None:
        self._by_chat: dict[int | None, Queue] = {}
        self._first_cards: dict[_Thread, RowJob] = {}
        self._replies: defaultdict[_Thread, dict[RowJob, None]] = defaultdict(dict)
        self._flying: set[AnyJob] = set()
        self._numbers = itertools.count()

    def __iter__(self) -> Iterator[AnyJob]:
        return itertools.chain.from_iterable(queue.jobs for queue in self._by_chat.values())

    def __len__(self) -> int:
        return sum(len(queue.jobs) for queue in self._by_chat.values())

    def add_row(self, row: Row, chat: int | None) -> RowJob:
        """Takes a row in hand. A card is held until it is known whether it is new, and its weight."""
        first_card = chat is not None and isinstance(row.intent, RefreshCard)
        job = RowJob(
            chat=chat,
            lane=row.intent.lane,
            queued_at=row.queued_at,
            number=next(self._numbers),
            held=first_card,
            row=row,
            first_card=first_card,
            unsorted=first_card,
        )
        self._add(job)
        return job

    def add_parts(self, parent: RowJob, edits: tuple[EditInPlace, ...]) -> None:
        """Splits a row into its edits; the row is done when the last of them is."""
        parent.parts_left = len(edits)
        for edit in edits:
            self._add(
                PartJob(
                    chat=edit.chat,
                    lane=parent.lane,
                    queued_at=parent.queued_at,
                    number=next(self._numbers),
                    parent=parent,
                    edit=edit,
                )
            )

    def add_summary(self, chat: int, queued_at: datetime) -> None:
        """A storm's summary goes as urgently as an answer."""
        self._add(SummaryJob(chat=chat, lane=Lane.REPLIES, queued_at=queued_at, number=next(self._numbers)))

    def remove(self, job: AnyJob) -> None:
        """It is done."""
        queue = self._by_chat[job.chat]
        queue.remove(job)
        self._flying.discard(job)
        if not queue.jobs:
            del self._by_chat[job.chat]
        if isinstance(job, RowJob):
            self._leave_thread(job)

    def launch(self, job: AnyJob) -> None:
        """It is on its way; its chat gets nothing else meanwhile."""
        job.flying = True
        self._flying.add(job)

    def land(self, job: AnyJob) -> None:
        """It is on its way no longer."""
        job.flying = False
        self._flying.discard(job)

    def move(self, job: RowJob, chat: int) -> None:
        """Now it is known where it goes."""
        self.remove(job)
        job.chat = chat
        self._add(job)

    def knows_card(self, job: RowJob) -> None:
        """The card is there already, and only to be edited: a refresh in its own lane."""
        self._leave_thread(job)
        job.first_card = False
        self._reorder(job, job.row.intent.lane, job.row.queued_at)
        self.hold(job, held=False)

    def hold(self, job: RowJob, *, held: bool) -> None:
        """It may not go now, or may again."""
        job.held = held
        self._unpark(job)

    def hurry(self, job: RowJob, lane: Lane) -> None:
        """It goes in this lane, if that is the more urgent one."""
        self._reorder(job, min(job.lane, lane), job.queued_at)

    def forget_waits(self) -> None:
        """Telegram answers again: nothing waits for its next try any more."""
        for job in self:
            job.retry_at_s = 0.0

    def first_cards(self) -> dict[int, list[RowJob]]:
        """Cards that were never sent, by chat."""
        found: dict[int, list[RowJob]] = {}
        for (chat, _), card in self._first_cards.items():
            if chat is not None:
                found.setdefault(chat, []).append(card)
        return found

    def next(self, now_s: float, budgets: Budgets, *, probing: bool = False) -> AnyJob | Wait:
        """The most urgent job that may go now, or the wait for one.

        `probing` overlooks how long a job was to wait for its next try.
        """
        free_at = budgets.overall_when(Lane.PAGES, now_s)
        if free_at > now_s:
            return Wait(free_at if self._by_chat else None)
        best: AnyJob | None = None
        soonest: float | None = None
        busy = {job.chat for job in self._flying if job.chat is not None}
        for chat, queue in self._by_chat.items():
            if chat in busy:
                continue
            head, retry_at = queue.head(now_s, probing=probing)
            at = retry_at
            if head is not None:
                at = _when(budgets, head, now_s)
                if at <= now_s:
                    best = head if best is None or head.urgency < best.urgency else best
                    continue
            if at is not None:
                soonest = at if soonest is None else min(soonest, at)
        return Wait(soonest) if best is None else best

    def _add(self, job: AnyJob) -> None:
        self._by_chat.setdefault(job.chat, Queue()).add(job)
        if isinstance(job, RowJob):
            self._join_thread(job)

    def _join_thread(self, job: RowJob) -> None:
        """A reply needs the card it replies to, so that card is as urgent as the most urgent reply."""
        thread = (job.chat, job.incident)
        if job.first_card:
            self._first_cards[thread] = job
            for reply in self._replies.get(thread, ()):
                reply.waits_for_card = True
                self._put_before(job, reply)
        elif _is_thread_reply(job):
            self._replies[thread][job] = None
            job.waits_for_card = thread in self._first_cards
            if job.waits_for_card:
                self._put_before(self._first_cards[thread], job)

    def _put_before(self, card: RowJob, reply: RowJob) -> None:
        lane, queued_at = min(card.lane, reply.lane), min(card.queued_at, reply.queued_at)
        if (lane, queued_at) != (card.lane, card.queued_at):
            self._reorder(card, lane, queued_at)

    def _leave_thread(self, job: RowJob) -> None:
        thread = (job.chat, job.incident)
        replies = self._replies.get(thread, {})
        if self._first_cards.get(thread) is job:
            del self._first_cards[thread]
            for reply in replies:
                reply.waits_for_card = False
                self._unpark(reply)
        if replies:
            replies.pop(job, None)
            if not replies:
                del self._replies[thread]

    def _reorder(self, job: RowJob, lane: Lane, queued_at: datetime) -> None:
        job.lane, job.queued_at = lane, queued_at
        self._by_chat[job.chat].reorder()

    def _unpark(self, job: RowJob) -> None:
        queue = self._by_chat.get(job.chat)
        if queue is not None and not waits_for_more(job):
            queue.unpark(job)


def _when(budgets: Budgets, job: AnyJob, now_s: float) -> float:
    if job.chat is None:
        return budgets.overall_when(job.lane, now_s)
    at_s = budgets.when(job.chat, job.lane, now_s, answering=isinstance(job, RowJob) and _answers(job))
    if job.lane is not Lane.CARDS or at_s <= now_s:
        return at_s
    if job.turn_since_s is None:
        job.turn_since_s = now_s
    as_reply_s = max(job.turn_since_s + CARD_PATIENCE_S, budgets.when(job.chat, Lane.REPLIES, now_s))
    answers_s = budgets.when(job.chat, Lane.REPLIES, now_s, answering=True)
    return min(at_s, as_reply_s, max(job.turn_since_s + CARD_STALE_S, answers_s))


def _answers(job: RowJob) -> bool:
    """Whether it is what somebody waits for who asked in the group."""
    return isinstance(job.row.intent, Tell | TeamTell) and job.row.intent.answers is not None


def _is_thread_reply(job: RowJob) -> bool:
    intent = job.row.intent
    return isinstance(intent, Tell) and intent.audience is Audience.THREAD and intent.answers is None
