"""What the rollback matrix can't see, as the responders read it: calmly, and once."""

from collections.abc import Iterable

from bot.domain.rules import Rules
from bot.domain.rulings.rollback import row
from bot.domain.team_events import RowsNeverRead, RowsRead
from bot.views.html import Line, Piece, bold, joined, message, text
from bot.views.plan_words import of_plan
from bot.views.rendered import Rendered
from bot.views.translations import Words, listed

REASON_LIMIT = 200
METRICS_NAMED = 5


def never_readable(words: Words, rules: Rules, event: RowsNeverRead) -> Rendered:
    """Which metrics can't be read, why, and what that means."""
    head = words("Nabat can't read {metrics}", metrics=_metrics(words, rules, event.rows))
    why = text(event.reason, REASON_LIMIT)
    meaning = words("It never could ({why}), so no rollback rule watches it. Said once: /metrics shows it.", why=why)
    return Rendered(message([Line(joined((text("ℹ️"), bold(head)), " ")), Line(meaning)]), silent=True)


def readable_after_all(words: Words, rules: Rules, event: RowsRead) -> Rendered:
    """What could never be read can be now."""
    head = words("Nabat reads {metrics} now", metrics=_metrics(words, rules, event.after_all))
    meaning = words("The rollback rules watch it from here on.")
    return Rendered(message([Line(joined((text("ℹ️"), bold(head)), " ")), Line(meaning)]), silent=True)


def _metrics(words: Words, rules: Rules, rows: Iterable[str]) -> Piece:
    named = [row(rules, name) for name in rows]
    metrics = dict.fromkeys(each.metric for each in named if each is not None and each.metric is not None)
    titles = [of_plan(words, rules.plan.metrics[metric].title) for metric in metrics]
    rest = len(titles) - METRICS_NAMED
    return listed([*titles[:METRICS_NAMED], words("{n} more", n=rest)] if rest > 0 else titles)
