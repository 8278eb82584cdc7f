"""A small part of PromQL as a tree: what the plan's metrics, the bot's window questions and the demo's alerts use.

Selectors with matchers and ranges, subqueries, functions, aggregations `by`, arithmetic, comparisons and set operators
(Prometheus documentation, "Querying basics" and "Operators"). Offsets, `@`, vector matching and `bool` are not there.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

from bot.sandbox.promql_syntax import Aggregation, Call, Expression, Matcher, Number, Operation, Selector, Text, Window

T = TypeVar("T")

DEEPEST = 50
LONGEST_CHARACTERS = 10_000
DEFAULT_STEP = timedelta(seconds=1)
"""Of a subquery that names none: the evaluation interval, as in Prometheus."""


class PromQLError(ValueError):
    """The query is wrong, or uses more of PromQL than the stand-in knows. The text says where."""


AGGREGATIONS = frozenset({"sum", "min", "max", "avg", "count"})
_PRECEDENCE = {
    "or": 1,
    **dict.fromkeys(("and", "unless"), 2),
    **dict.fromkeys(("==", "!=", ">", "<", ">=", "<="), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/"), 5),
}
_TOKEN = re.compile(
    r"""\s*(?:\#[^\n]*\s*)*(?:
      (?P<duration>(?:\d+(?:ms|[smhdwy]))+(?![\w.]))
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<name>[a-zA-Z_][\w:]*)
    | (?P<op>=~|!~|==|!=|>=|<=|[-+*/<>=(){}\[\],:])
    )""",
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*(?:#[^\n]*\s*)*")
_DURATION = re.compile(r"(\d+)(ms|[smhdwy])")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}


def parse(query: str) -> Expression:
    """The query as a tree.

    Raises:
        PromQLError: it can't be read.
    """
    if len(query) > LONGEST_CHARACTERS:
        raise PromQLError(f"the query is longer than {LONGEST_CHARACTERS} characters")
    reader = _Reader(query)
    tree = reader.expression(1)
    reader.end()
    return tree


def parse_duration(text: str) -> timedelta:
    """`5m`, `1h30m`, `500ms`, or a number of seconds, as Prometheus's HTTP API takes them.

    Raises:
        PromQLError: it is neither, or not positive.
    """
    parts = _DURATION.findall(text)
    if "".join(number + unit for number, unit in parts) == text and parts:
        seconds = sum(int(number) * _SECONDS[unit] for number, unit in parts)
    else:
        try:
            seconds = float(text)
        except ValueError:
            raise PromQLError(f"not a duration: {text!r}") from None
    if not 0 < seconds < _SECONDS["y"]:
        raise PromQLError(f"not a positive duration of less than a year: {text!r}")
    return timedelta(seconds=seconds)


def _tokens(query: str) -> Iterator[tuple[str, str]]:
    at = 0
    while (at := _matched(_SPACE, query, at).end()) < len(query):
        match = _TOKEN.match(query, at)
        if match is None:
            raise PromQLError(f"unexpected {query[at]!r} at character {at + 1}")
        kind = match.lastgroup or ""
        yield kind, match[kind]
        at = match.end()
    yield "end", "the end"


def _matched(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str]:
    match = pattern.match(text, at)
    if match is None:
        raise PromQLError(f"can't be read from character {at + 1}")
    return match


class _Reader:
    """Precedence climbing over the tokens."""

    def __init__(self, query: str) -> None:
        self._tokens = list(_tokens(query))
        self._at = 0
        self._depth = 0

    def expression(self, lowest: int) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            raise PromQLError(f"nested more than {DEEPEST} deep")
        left = self._unary()
        while _PRECEDENCE.get(self._word, 0) >= lowest:
            op = self._take()
            left = Operation(op, left, self.expression(_PRECEDENCE[op] + 1))
        self._depth -= 1
        return left

    def end(self) -> None:
        if self._kind != "end":
            raise PromQLError(f"unexpected {self._word!r}")

    def _unary(self) -> Expression:
        if self._word == "-":
            self._take()
            return Operation("*", Number(-1), self._with_window(self._primary()))
        return self._with_window(self._primary())

    def _primary(self) -> Expression:
        kind, word = self._kind, self._take()
        match kind, word:
            case "number", _:
                return Number(float(word))
            case "text", _:
                return Text(_unquoted(word))
            case "op", "(":
                inner = self.expression(1)
                self._expect(")")
                return inner
            case "name", _:
                return self._named(word)
            case _:
                raise PromQLError(f"unexpected {word!r}")

    def _named(self, word: str) -> Expression:
        if word.lower() in {"inf", "nan"}:
            return Number(float(word))
        if word in AGGREGATIONS and self._word in {"(", "by"}:
            return self._aggregation(word)
        if self._word == "(":
            return Call(word, self._arguments())
        return Selector(word, self._matchers())

    def _aggregation(self, op: str) -> Aggregation:
        by = self._labels() if self._word == "by" else ()
        self._expect("(")
        of = self.expression(1)
        self._expect(")")
        return Aggregation(op, by or (self._labels() if self._word == "by" else ()), of)

    def _labels(self) -> tuple[str, ...]:
        self._expect("by")
        self._expect("(")
        return tuple(self._separated(")", self._take))

    def _arguments(self) -> tuple[Expression, ...]:
        self._expect("(")
        return tuple(self._separated(")", lambda: self.expression(1)))

    def _matchers(self) -> tuple[Matcher, ...]:
        if self._word != "{":
            return ()
        self._take()
        return tuple(self._separated("}", self._matcher))

    def _matcher(self) -> Matcher:
        label, op, (kind, _) = self._take(), self._take(), self._tokens[self._at]
        if op not in {"=", "!=", "=~", "!~"} or kind != "text":
            raise PromQLError(f"not a matcher: {label} {op} {self._word}")
        return Matcher(label, op, _unquoted(self._take()))

    def _separated(self, closing: str, take: Callable[[], T]) -> Iterator[T]:
        while self._word != closing:
            yield take()
            if self._word != closing:
                self._expect(",")
        self._take()

    def _with_window(self, of: Expression) -> Expression:
        if not self._takes("["):
            return of
        span, step = parse_duration(self._take()), None
        if self._takes(":"):
            step = DEFAULT_STEP if self._takes("]") else self._closed(parse_duration(self._take()))
        elif isinstance(of, Selector):
            self._expect("]")
        else:
            raise PromQLError("a range needs a selector; a subquery is written [5m:15s]")
        return Window(of, span, step)

    def _closed(self, step: timedelta) -> timedelta:
        self._expect("]")
        return step

    @property
    def _kind(self) -> str:
        return self._tokens[self._at][0]

    @property
    def _word(self) -> str:
        """The next token; a quoted text never passes for a sign."""
        return self._tokens[self._at][1]

    def _take(self) -> str:
        word = self._word
        if self._kind == "end":
            raise PromQLError("the query ends too early")
        self._at += 1
        return word

    def _takes(self, word: str) -> bool:
        there = self._word == word
        self._at += there
        return there

    def _expect(self, word: str) -> None:
        found = self._take()
        if found != word:
            raise PromQLError(f"expected {word!r}, found {found!r}")


def _unquoted(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word[1:-1])
