"""What a question to Prometheus brings: samples, or why there are none."""

from dataclasses import dataclass
from enum import StrEnum


class UnknownReason(StrEnum):
    """Why there is no figure: never healthy, never a breach."""

    EMPTY = "empty"
    STALE = "stale"
    NAN = "nan"
    ERROR = "error"
    TIMEOUT = "timeout"
    NOT_CONFIGURED = "not_configured"
    MANY_SERIES = "many_series"
    GAPS = "gaps"


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no figure to be had; `detail` is for people and holds nothing secret."""

    reason: UnknownReason
    detail: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One series' labels and its points: unix seconds and value."""

    labels: dict[str, str]
    points: tuple[tuple[float, float], ...]


Answer = tuple[Sample, ...] | Unknown
