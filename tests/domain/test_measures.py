"""A number against its target, and as people read it."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.measures import Trend, Verdict, compare, format_measured, format_target, format_value, trend_of
from bot.domain.plan import Metric, Target, Unit

NB = "\N{NO-BREAK SPACE}"


def metric(unit: Unit, **bounds: float) -> Metric:
    """A metric with these bounds."""
    return Metric(title="A", query="a", unit=unit, target=Target(**bounds) if bounds else None)


@pytest.mark.parametrize(
    ("value", "target", "verdict"),
    [
        (0.05, Target(below=0.1), Verdict.GOOD),
        (0.1, Target(below=0.1), Verdict.BAD),
        (7000, Target(above=6000), Verdict.GOOD),
        (6000, Target(above=6000), Verdict.BAD),
        (None, Target(below=0.1), Verdict.UNKNOWN),
        (nan, Target(below=0.1), Verdict.UNKNOWN),
        (inf, Target(below=0.1), Verdict.UNKNOWN),
        (1.0, None, Verdict.UNKNOWN),
    ],
)
def test_a_value_is_good_bad_or_unknown(value: float | None, target: Target | None, verdict: Verdict) -> None:
    """The bound itself is a breach; what was not measured or has no target is neither good nor bad."""
    assert compare(value, target) is verdict


@pytest.mark.parametrize(
    ("unit", "value", "english", "russian"),
    [
        (Unit.RATIO, 0.072, "7.2 %", "7,2 %"),
        (Unit.RATIO, 0.0002, "0.02 %", "0,02 %"),
        (Unit.RATIO, 0.9998, "99.98 %", "99,98 %"),
        (Unit.RATIO, 0.9999312, "99.993 %", "99,993 %"),
        (Unit.RATIO, 0.41, "41 %", "41 %"),
        (Unit.RATIO, 0, "0 %", "0 %"),
        (Unit.RATIO, 1, "100 %", "100 %"),
        (Unit.SECONDS, 0.43, "430 ms", "430 мс"),
        (Unit.SECONDS, 0.9996, "1 s", "1 с"),
        (Unit.SECONDS, 90, "90 s", "90 с"),
        (Unit.SECONDS, 300, "5 min", "5 мин"),
        (Unit.SECONDS, 0, "0 s", "0 с"),
        (Unit.BYTES, 1.9e9, "1.9 GB", "1,9 ГБ"),
        (Unit.BYTES, 3e15, "3,000 TB", f"3{NB}000 ТБ"),
        (Unit.PER_SECOND, 6420.4, "6,420 req/s", f"6{NB}420 запр./с"),
        (Unit.COUNT, 3, "3", "3"),
        (Unit.COUNT, -5.5, "-5.5", "-5,5"),
        (Unit.COUNT, 1234567, "1.2 M", "1,2 млн"),
        (Unit.COUNT, 2e-9, "2.0×10⁻⁹", "2,0×10⁻⁹"),
        (Unit.COUNT, 3e20, "3.0×10⁸ T", "3,0×10⁸ трлн"),
        (Unit.RATIO, 1.7e307, "–", "–"),
        (Unit.COUNT, None, "–", "–"),
        (Unit.COUNT, nan, "–", "–"),
    ],
)
def test_a_value_reads_as_people_write_it(unit: Unit, value: float | None, english: str, russian: str) -> None:
    """Each unit has its scale, two digits that matter, and the marks of the language."""
    spaced = english.replace(" ", NB)
    assert format_value(unit, value) == spaced
    assert format_value(unit, value, "ru") == russian.replace(" ", NB)


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(Unit))
def test_every_number_can_be_written(value: float, unit: Unit) -> None:
    """No magnitude makes an error, an empty text or a bare minus zero."""
    text = format_value(unit, value)
    assert 0 < len(text) < 25
    assert not text.startswith(f"-0{NB}")


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (metric(Unit.RATIO, below=0.001), "< 0.1 %"),
        (metric(Unit.RATIO, above=0.9995), "> 99.95 %"),
        (metric(Unit.PER_SECOND, above=6000), "> 6,000 req/s"),
        (metric(Unit.BYTES, below=2.4e9), "< 2.4 GB"),
        (metric(Unit.COUNT), None),
    ],
)
def test_a_target_reads_as_the_plan_means_it(asked: Metric, text: str | None) -> None:
    """The sign says on which side all is well; without a target there is no text."""
    assert format_target(asked) == (text and text.replace(" ", NB))


def test_a_value_just_past_its_target_does_not_read_like_the_target() -> None:
    """0.104 % beside a target of 0.1 % keeps the digit that makes it a breach; the bound itself reads as it is."""
    errors = metric(Unit.RATIO, below=0.001)
    assert format_measured(errors, 0.00104) == f"0.104{NB}%"
    assert format_measured(errors, 0.001) == f"0.1{NB}%"
    assert format_measured(errors, 0.07239) == f"7.2{NB}%"
    assert format_measured(metric(Unit.COUNT), 5) == "5"


@pytest.mark.parametrize(
    ("values", "trend"),
    [
        ([1, 1, 2, 2, 3, 3], Trend.RISING),
        ([3, 3, 2, 2, 1, 1], Trend.FALLING),
        ([1, 1.05, 1, 1.02, 0.99, 1.01], Trend.STEADY),
        ([0, 0, 0], Trend.STEADY),
        ([1, 1, 1, 9, 1, 1, 1, 1, 1], Trend.STEADY),
        ([1, nan, 2], None),
        ([], None),
    ],
)
def test_a_trend_needs_more_than_a_spike(values: list[float], trend: Trend | None) -> None:
    """First and last third are compared; one spike, noise and too few samples make no trend."""
    assert trend_of(values) is trend
