"""The tree that a PromQL query is read into."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Number:
    """A literal."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted literal."""

    value: str


@dataclass(frozen=True, slots=True)
class Matcher:
    """`label op "value"`; op is `=`, `!=`, `=~` or `!~`."""

    label: str
    op: str
    value: str


@dataclass(frozen=True, slots=True)
class Selector:
    """`name{matchers}`."""

    name: str
    matchers: tuple[Matcher, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """`of[span]`, or the subquery `of[span:step]`."""

    of: "Expression"
    span: timedelta
    step: timedelta | None


@dataclass(frozen=True, slots=True)
class Call:
    """`function(arguments)`."""

    function: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Aggregation:
    """`op by (labels) (of)`."""

    op: str
    by: tuple[str, ...]
    of: "Expression"


@dataclass(frozen=True, slots=True)
class Operation:
    """`left op right`."""

    op: str
    left: "Expression"
    right: "Expression"


Expression = Number | Text | Selector | Window | Call | Aggregation | Operation
