"""What delivery counts for /metrics."""

from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.delivery.outcome import Outcome, Scope
from bot.domain.intents import Lane

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300)


class Figures:
    """Counters and histograms in the given registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._calls = Counter(
            "nabat_telegram_calls_total",
            "Calls to Telegram by lane and outcome",
            ["lane", "outcome"],
            registry=registry,
        )
        self._age = Histogram(
            "nabat_outbox_wait_seconds",
            "From the commit that asked for a message to its arrival at Telegram",
            ["lane"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._throttled = Counter(
            "nabat_telegram_throttled_total", "Answers 429: too many requests", ["scope"], registry=registry
        )
        self._faults = Counter(
            "nabat_delivery_faults_total", "Messages that could not be made ready to send", ["lane"], registry=registry
        )
        self._in_hand = Gauge("nabat_outbox_in_hand", "Rows taken from the outbox and not yet sent", registry=registry)
        self._outage = Gauge(
            "nabat_telegram_outage", "1 while Telegram gives no answers and only probes go", registry=registry
        )
        self._held = Gauge("nabat_storm_cards_held", "Cards that a storm's summary stands for", registry=registry)

    def called(self, lane: Lane, outcome: Outcome) -> None:
        """One call and what came of it."""
        self._calls.labels(lane.name.lower(), type(outcome).__name__.lower()).inc()

    def arrived(self, lane: Lane, age: timedelta) -> None:
        """A message arrived that long after it was asked for."""
        self._age.labels(lane.name.lower()).observe(max(0.0, age.total_seconds()))

    def throttled(self, scope: Scope) -> None:
        """Telegram said 429."""
        self._throttled.labels(scope.value).inc()

    def faulty(self, lane: Lane) -> None:
        """A message could not be made ready: a mistake of ours, in the log."""
        self._faults.labels(lane.name.lower()).inc()

    def now(self, *, in_hand: int, outage: bool, held: int) -> None:
        """How things stand."""
        self._in_hand.set(in_hand)
        self._outage.set(int(outage))
        self._held.set(held)
