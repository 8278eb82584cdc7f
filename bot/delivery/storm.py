"""More new cards than a chat takes: which go out, which wait behind one summary. Pure; times are monotonic seconds."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

STORM_ABOVE = 10
"""So many new cards waiting for one chat are a storm: at a card's share of a group's budget they'd take a minute."""
OUTRIGHT = 5
"""Cards that a storm lets through at its beginning, the worst first, besides those that always go."""
CALM_AFTER_S = 60.0
"""A storm calms when no new card came for so long."""
DRAIN_EVERY_S = 10.0
"""Then one held card goes in so many seconds: half of the cards' share of a group, the rest is for the live ones."""
SUMMARY_EVERY_S = 15.0
"""The summary is edited so often at most: 4 of a group's 20 a minute."""


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """A card that was never sent. `rank` 0 is the worst severity; `urgent`: somebody acted on the incident."""

    incident: str
    rank: int
    urgent: bool
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Storm:
    """What a storm remembers: all its incidents in the order they came, those let through, and when what happened."""

    incidents: tuple[str, ...]
    let_through: frozenset[str]
    newest_s: float
    drained_s: float


@dataclass(frozen=True, slots=True)
class CardPlan:
    """`held` wait behind the summary; everything else may go. No `storm`: none, or it is over."""

    held: tuple[str, ...]
    storm: Storm | None


def plan_cards(waiting: Collection[WaitingCard], storm: Storm | None, now_s: float) -> CardPlan:
    """Decides for one chat. What is held stays queued, and each card is let through sooner or later."""
    if storm is None:
        if len(waiting) <= STORM_ABOVE:
            return CardPlan((), None)
        storm = _beginning(waiting, now_s)
    storm = _drained(_with_arrivals(waiting, storm, now_s), waiting, now_s)
    held = tuple(card.incident for card in _worst_first(waiting) if card.incident not in storm.let_through)
    return CardPlan(held, storm if held or len(waiting) > STORM_ABOVE else None)


def always_goes(card: WaitingCard) -> bool:
    """A worst-severity card, and one that somebody acts on, never waits behind a summary."""
    return card.urgent or card.rank == 0


def _worst_first(waiting: Collection[WaitingCard]) -> list[WaitingCard]:
    return sorted(waiting, key=lambda card: (card.rank, card.queued_at, card.incident))


def _beginning(waiting: Collection[WaitingCard], now_s: float) -> Storm:
    outright = [card.incident for card in _worst_first(waiting) if not always_goes(card)][:OUTRIGHT]
    return Storm((), frozenset(outright), newest_s=now_s, drained_s=now_s)


def _with_arrivals(waiting: Collection[WaitingCard], storm: Storm, now_s: float) -> Storm:
    known = set(storm.incidents)
    in_order = sorted(waiting, key=lambda card: (card.queued_at, card.incident))
    arrivals = tuple(card.incident for card in in_order if card.incident not in known)
    through = storm.let_through | {card.incident for card in waiting if always_goes(card)}
    newest_s = now_s if arrivals else storm.newest_s
    return replace(storm, incidents=storm.incidents + arrivals, let_through=through, newest_s=newest_s)


def _drained(storm: Storm, waiting: Collection[WaitingCard], now_s: float) -> Storm:
    """Lets one more through, if it is calm, the last one is a while ago, and none that may go still waits."""
    calm = now_s - storm.newest_s >= CALM_AFTER_S and now_s - storm.drained_s >= DRAIN_EVERY_S
    held = [card.incident for card in _worst_first(waiting) if card.incident not in storm.let_through]
    if not calm or not held or len(held) < len(waiting):
        return storm
    return replace(storm, let_through=storm.let_through | {held[0]}, drained_s=now_s)
