"""Evaluates the small part of PromQL over the breakable service's past."""

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor, inf, isnan, nan
from typing import Protocol

from bot.sandbox.promql import PromQLError
from bot.sandbox.promql_syntax import Aggregation, Call, Expression, Matcher, Number, Operation, Selector, Text, Window

Labels = tuple[tuple[str, str], ...]
"""Sorted pairs; `__name__` is the first where there is a name."""
Vector = dict[Labels, float]
Ranges = dict[Labels, list[tuple[float, float]]]
SAMPLES_IN_WINDOW = 30
"""A long window is sampled more thinly than the service is scraped: an hour would be 3,600 samples."""
SCRAPE_INTERVAL = timedelta(seconds=1)
MOST_SUBQUERY_STEPS = 2000


class Samples(Protocol):
    """Where samples come from."""

    def at(self, name: str, moment_s: float) -> Vector:
        """Every series of this name at a moment (unix seconds); empty where it was not scraped."""
        ...


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Answers expressions at moments."""

    samples: Samples

    def vector(self, expression: Expression, at: datetime) -> Vector:
        """The expression's value; a number counts as one series without labels.

        Raises:
            PromQLError: a function is unknown, or takes something else.
        """
        value = self._value(expression, at.timestamp())
        return value if isinstance(value, dict) else {(): value}

    def _value(self, expression: Expression, at_s: float) -> Vector | float:
        match expression:
            case Number(value):
                return float(value)
            case Selector(name, matchers):
                return _matching(self.samples.at(name, floor(at_s)), matchers)
            case Call(function, arguments):
                return self._call(function, arguments, at_s)
            case Aggregation(op, by, of):
                return _aggregated(op, by, self._vector(of, at_s))
            case Operation(op, left, right):
                return _operated(op, self._value(left, at_s), self._value(right, at_s))
            case Window():
                raise PromQLError("a range has no value of its own; a function takes it")
            case Text():
                raise PromQLError("a text has no value of its own")

    def _vector(self, expression: Expression, at_s: float) -> Vector:
        value = self._value(expression, at_s)
        if not isinstance(value, dict):
            raise PromQLError("a vector is wanted here, not a number")
        return value

    def _call(self, function: str, arguments: Sequence[Expression], at_s: float) -> Vector | float:
        match function, arguments:
            case "time", []:
                return at_s
            case "timestamp", [of]:
                sampled_s = floor(at_s) if isinstance(of, Selector) else at_s
                return {_unnamed(labels): sampled_s for labels in self._vector(of, at_s)}
            case "rate" | "increase", [Window() as window]:
                return self._rate(window, at_s, per_second=function == "rate")
            case name, [Window() as window] if name in _OVER_TIME:
                summed = _OVER_TIME[name]
                return {_unnamed(labels): summed([v for _, v in run]) for labels, run in self._range(window, at_s)}
            case "histogram_quantile", [Number(quantile), of]:
                return _quantiles(quantile, self._vector(of, at_s))
            case "label_replace", [of, Text(label), Text(value), Text(), Text()] if "$" not in value:
                return {_labelled(labels, label, value): v for labels, v in self._vector(of, at_s).items()}
            case _:
                raise PromQLError(f"{function} is unknown to the stand-in, or takes other arguments")

    def _range(self, window: Window, at_s: float) -> Iterable[tuple[Labels, list[tuple[float, float]]]]:
        """Each series' samples in the window, at whole multiples of its step, as Prometheus aligns subqueries."""
        span_s = window.span.total_seconds()
        step_s = (window.step or max(SCRAPE_INTERVAL, window.span / SAMPLES_IN_WINDOW)).total_seconds()
        first, last = floor((at_s - span_s) / step_s) + 1, floor(at_s / step_s)
        if last - first > MOST_SUBQUERY_STEPS:
            raise PromQLError(f"a subquery of more than {MOST_SUBQUERY_STEPS} steps")
        found: Ranges = {}
        for index in range(first, last + 1):
            for labels, value in self._vector(window.of, index * step_s).items():
                found.setdefault(labels, []).append((index * step_s, value))
        return found.items()

    def _rate(self, window: Window, at_s: float, *, per_second: bool) -> Vector:
        """The counters of the service never reset, so first and last sample tell."""
        rates: Vector = {}
        for labels, samples in self._range(window, at_s):
            (first_s, first), (last_s, last) = samples[0], samples[-1]
            if last_s > first_s:
                rate = (last - first) / (last_s - first_s)
                rates[_unnamed(labels)] = rate if per_second else rate * window.span.total_seconds()
        return rates


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _count(values: Sequence[float]) -> float:
    return float(len(values))


_OVER_TIME: dict[str, Callable[[Sequence[float]], float]] = {
    "min_over_time": min,
    "max_over_time": max,
    "avg_over_time": _mean,
    "sum_over_time": sum,
    "count_over_time": _count,
    "last_over_time": lambda values: values[-1],
}
_AGGREGATED: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": sum,
    "min": min,
    "max": max,
    "avg": _mean,
    "count": _count,
}
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
_COMPUTED: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda left, right: (
        left / right if right else (nan if left == 0 or isnan(left) else inf if left > 0 else -inf)
    ),
}


def _matching(vector: Vector, matchers: Sequence[Matcher]) -> Vector:
    return {labels: value for labels, value in vector.items() if all(_matches(dict(labels), m) for m in matchers)}


def _matches(labels: dict[str, str], matcher: Matcher) -> bool:
    value = labels.get(matcher.label, "")
    try:
        equal = value == matcher.value if "~" not in matcher.op else re.fullmatch(matcher.value, value) is not None
    except re.error as error:
        raise PromQLError(f"not a regular expression: {matcher.value!r}: {error}") from None
    return equal != matcher.op.startswith("!")


def _aggregated(op: str, by: Sequence[str], vector: Vector) -> Vector:
    groups: dict[Labels, list[float]] = {}
    for labels, value in vector.items():
        kept = tuple(pair for pair in labels if pair[0] in by)
        groups.setdefault(kept, []).append(value)
    return {labels: _AGGREGATED[op](values) for labels, values in groups.items()}


def _operated(op: str, left: Vector | float, right: Vector | float) -> Vector | float:
    """Series meet their like by all labels but the name (Prometheus, one-to-one vector matching)."""
    if op in {"or", "and", "unless"}:
        if not (isinstance(left, dict) and isinstance(right, dict)):
            raise PromQLError(f"{op} joins vectors, not numbers")
        return _joined(op, left, right)
    if not isinstance(left, dict) and not isinstance(right, dict):
        return _number(op, left, right)
    pairs = _paired(left, right)
    if op in _COMPARED:
        # A comparison keeps the vector's own values; of two vectors the left one's.
        return {labels: a if isinstance(left, dict) else b for labels, a, b in pairs if _COMPARED[op](a, b)}
    return {_unnamed(labels): _COMPUTED[op](a, b) for labels, a, b in pairs}


def _joined(op: str, left: Vector, right: Vector) -> Vector:
    theirs = {_unnamed(labels) for labels in right}
    if op == "or":
        ours = {_unnamed(labels) for labels in left}
        return left | {labels: value for labels, value in right.items() if _unnamed(labels) not in ours}
    return {labels: value for labels, value in left.items() if (_unnamed(labels) in theirs) == (op == "and")}


def _number(op: str, left: float, right: float) -> float:
    if op in _COMPARED:
        raise PromQLError("numbers are compared with `bool`, which the stand-in does not know")
    return _COMPUTED[op](left, right)


def _paired(left: Vector | float, right: Vector | float) -> list[tuple[Labels, float, float]]:
    if not isinstance(left, dict):
        return [(labels, left, value) for labels, value in right.items()] if isinstance(right, dict) else []
    if not isinstance(right, dict):
        return [(labels, value, right) for labels, value in left.items()]
    others = {_unnamed(labels): value for labels, value in right.items()}
    return [(labels, v, others[_unnamed(labels)]) for labels, v in left.items() if _unnamed(labels) in others]


def _quantiles(quantile: float, vector: Vector) -> Vector:
    """Linear within a bucket, as Prometheus's `histogram_quantile`."""
    histograms: dict[Labels, list[tuple[float, float]]] = {}
    for labels, count in vector.items():
        others = tuple(pair for pair in _unnamed(labels) if pair[0] != "le")
        bound = dict(labels).get("le")
        if bound is not None:
            histograms.setdefault(others, []).append((float(bound), count))
    return {labels: _quantile(quantile, sorted(buckets)) for labels, buckets in histograms.items()}


def _quantile(quantile: float, buckets: Sequence[tuple[float, float]]) -> float:
    total = buckets[-1][1]
    if buckets[-1][0] != inf or total == 0:
        return nan
    rank, lower, below = quantile * total, 0.0, 0.0
    for bound, count in buckets:
        if count >= rank:
            return lower if bound == inf else lower + (bound - lower) * (rank - below) / (count - below)
        lower, below = bound, count
    return lower


def _unnamed(labels: Labels) -> Labels:
    return tuple(pair for pair in labels if pair[0] != "__name__")


def _labelled(labels: Labels, label: str, value: str) -> Labels:
    return tuple(sorted({**dict(labels), label: value}.items()))
