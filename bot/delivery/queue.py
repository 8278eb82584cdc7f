"""Who is next in a chat. Pure; times are monotonic seconds."""

from bisect import insort
from datetime import datetime

from bot.delivery.jobs import AnyJob, waits_for_more
from bot.domain.intents import Lane


class Queue:
    """The jobs of a chat, and in `_turn` those of them that wait for their turn alone.

    The turn is put in order anew only when somebody asks for the first: a storm brings jobs by hundreds. Whoever is
    found there waiting for something else is parked, and passed over only once.
    """

    def __init__(self) -> None:
        self.jobs: dict[AnyJob, None] = {}
        self._turn: list[AnyJob] = []
        self._in_order = True

    def add(self, job: AnyJob) -> None:
        """Another job of the chat."""
        self.jobs[job] = None
        job.parked = False
        if self._in_order:
            insort(self._turn, job, key=_urgency)
        else:
            self._turn.append(job)

    def remove(self, job: AnyJob) -> None:
        """It is done; in the turn it is passed over."""
        del self.jobs[job]

    def reorder(self) -> None:
        """The urgency of some job has changed."""
        self._in_order = False

    def unpark(self, job: AnyJob) -> None:
        """It may have its turn again."""
        if job.parked and job in self.jobs:
            self.add(job)

    def head(self, now_s: float, *, probing: bool) -> tuple[AnyJob | None, float | None]:
        """The most urgent job that waits for the budget alone, else when the first may be tried again."""
        if not self._in_order:
            self._turn.sort(key=_urgency)
            self._in_order = True
        stay: list[AnyJob] = []
        found: AnyJob | None = None
        passed = 0
        for job in self._turn:
            passed += 1
            if job not in self.jobs:
                continue
            if waits_for_more(job):
                job.parked = True
                continue
            stay.append(job)
            if not job.flying and (probing or job.retry_at_s <= now_s):
                found = job
                break
        self._turn[:passed] = stay
        if found is not None:
            return found, None
        return None, min((job.retry_at_s for job in stay if not job.flying), default=None)


def _urgency(job: AnyJob) -> tuple[Lane, datetime, int]:
    return job.urgency
