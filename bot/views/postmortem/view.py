"""What a post-incident document is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.review_facts import ReviewFacts, facts_of
from bot.domain.rules import Rules
from bot.views.html import Piece, text
from bot.views.postmortem.measured import Measured, NotMeasured
from bot.views.times import clock
from bot.views.translations import Words, listed

TEXT_LIMIT = 1000
"""UTF-16 units of what a person wrote, on one line."""


@dataclass(frozen=True, slots=True)
class PostmortemView:
    """All that the document is made of: the log of an incident, what it amounts to, and what was measured meanwhile.

    `measured` is None where nothing is measured: there is no Prometheus.
    """

    rules: Rules
    incident: Incident
    history: Sequence[Event]
    now: datetime
    words: Words
    measured: Measured | NotMeasured | None = None

    @property
    def facts(self) -> ReviewFacts:
        """What the log says."""
        return facts_of(self.rules, self.incident, self.history)


def when(view: PostmortemView, at: datetime) -> Piece:
    """The time, with its date where that is not the day of the declaration."""
    return clock(view.words, at, view.incident.declared_at)


def actions(view: PostmortemView, names: Sequence[str]) -> Piece:
    """What actions are called by the plan, each once."""
    known = view.rules.plan.actions
    return listed(text(known[name].title if name in known else name) for name in dict.fromkeys(names))
