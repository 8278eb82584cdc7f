"""The rows of the decision matrix as people read them: what holds, and by which rule."""

from bot.domain.measures import format_value
from bot.domain.plan import Metric, Trigger
from bot.domain.rules import Rules
from bot.domain.rulings.rollback import row
from bot.views import naming
from bot.views.html import Piece, text
from bot.views.plan_words import of_plan
from bot.views.times import duration
from bot.views.translations import Words


def condition(words: Words, rules: Rules, trigger: Trigger, value: float | None) -> Piece:
    """`Error rate 7.2 % for 15 min (rule: 5–10 % for 15 min)`; a flag by its name."""
    metric = rules.plan.metrics.get(trigger.metric or "")
    if metric is None:
        return words("The flag {flag} is set", flag=naming.in_words(words, trigger.flag or trigger.name))
    name = of_plan(words, metric.title)
    rule = _rule(words, metric, trigger)
    known = {"metric": name, "value": format_value(metric.unit, value, words.language), "rule": rule}
    if not trigger.for_:
        return words("{metric} {value} (rule: {rule})", **known)
    length = duration(words, trigger.for_)
    return words("{metric} {value} for {length} (rule: {rule} for {length})", length=length, **known)


def _rule(words: Words, metric: Metric, trigger: Trigger) -> Piece:
    if trigger.below is not None:
        return text(f"< {format_value(metric.unit, trigger.below, words.language)}")
    low = format_value(metric.unit, trigger.above, words.language)
    if trigger.up_to is None:
        return text(f"> {low}")
    return text(f"{low} – {format_value(metric.unit, trigger.up_to, words.language)}")


def condition_of(words: Words, rules: Rules, trigger: str, value: float | None) -> Piece:
    """The same for a row by its name; the name itself for one that the plan does not have."""
    known = row(rules, trigger)
    return condition(words, rules, known, value) if known is not None else naming.in_words(words, trigger)


def blind(words: Words) -> Piece:
    """The title of an incident about figures that can't be read."""
    return words("Nabat can't read what the rollback rules watch")
