"""Fewer points, same picture; and round numbers for the axes."""

from datetime import UTC, datetime, timedelta
from math import isnan, nan
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.plan import Unit
from bot.domain.roster import Language
from bot.views.charts.axes import INTERVALS, time_ticks, value_axis
from bot.views.charts.model import Chart, Panel, Point, Series
from bot.views.charts.sampling import line_of

HOUR = datetime(2026, 3, 29, tzinfo=UTC)


def breaks(*points: Point) -> int:
    """How many breaks the line through these points has, in a plot of 100 columns over 1000 seconds."""
    return sum(isnan(value) for value in line_of(Series("a", points), 0, 1000, 100).values)


def test_a_missed_scrape_or_an_unknown_value_breaks_the_line() -> None:
    """A step longer than one and a half usual ones, None and NaN are gaps; even steps are none."""
    assert breaks((0, 1.0), (15, 1.0), (30, 1.0), (45, 1.0)) == 0
    assert breaks((0, 1.0), (15, 1.0), (30, 1.0), (60, 1.0)) == 1
    assert breaks((0, 1.0), (15, None), (30, 1.0), (45, nan), (60, 1.0)) == 2


def test_a_month_of_scrapes_is_thinned_without_losing_a_spike() -> None:
    """Of 170,000 points at most four a column remain, and the one highest among them is kept."""
    points = tuple((float(at), 99.0 if at == 86400 else 1.0) for at in range(0, 2592000, 15))
    line = line_of(Series("a", points), 0, 2592000, 1000)
    assert len(line.values) <= 4004
    assert max(line.values) == line.high == 99.0


def test_points_outside_of_the_range_are_left_out_and_yesterday_is_moved() -> None:
    """Only what the axis shows counts; a shift moves points into it."""
    points = Series("a", ((10.0, 1.0), (20.0, 2.0), (500.0, 3.0)))
    assert list(line_of(points, 0, 100, 10).times) == [10.0, 20.0]
    assert list(line_of(points, 86400, 86500, 10, 86400).times) == [86410.0, 86420.0]


@given(
    st.lists(st.floats(-1e15, 1e15, allow_subnormal=False), max_size=5),
    st.sampled_from(Unit),
)
def test_an_axis_holds_all_its_values(values: list[float], unit: Unit) -> None:
    """Whatever the values, the axis ends are outside of them and in order, with a text on every second line."""
    axis = value_axis(values, unit, "en")
    slack = 1e-6 * (axis.top - axis.bottom)
    assert axis.bottom < axis.top
    assert len(axis.labels) == INTERVALS // 2 + 1
    assert all(axis.bottom - slack <= value <= axis.top + slack for value in values)


@pytest.mark.parametrize(
    ("values", "unit", "language", "labels", "sign"),
    [
        ([0.0, 0.072], Unit.RATIO, "en", ("0", "4", "8"), "%"),
        ([0.999, 1.0], Unit.RATIO, "en", ("99.90", "99.95", "100.00"), "%"),
        ([0.02, 0.43], Unit.SECONDS, "en", ("0", "300", "600"), "ms"),
        ([1.8e9, 1.9e9], Unit.BYTES, "en", ("1.80", "1.86", "1.92"), "GB"),
        ([0.0, 0.0], Unit.COUNT, "en", ("0", "0.5", "1.0"), ""),
        ([0.0, 1.0], Unit.COUNT, "en", ("0", "0.5", "1.0"), ""),
        ([42.0], Unit.COUNT, "en", ("0", "50", "100"), ""),
        ([4700.0, 7000.0], Unit.PER_SECOND, "ru", ("0", "4\xa0000", "8\xa0000"), "запр./с"),
    ],
)
def test_axis_texts_are_round(
    values: list[float], unit: Unit, language: Language, labels: tuple[str, ...], sign: str
) -> None:
    """The grid stands at numbers a person would choose; their unit is a text of its own, for where there is room."""
    axis = value_axis(values, unit, language)
    assert (axis.labels, axis.unit) == (labels, sign)


def test_ticks_stand_at_round_hours_across_a_change_to_summer_time() -> None:
    """The night in which Berlin's clock jumps from 2 to 3 still has its ticks at full hours, each once."""
    ticks = time_ticks(HOUR, HOUR + timedelta(hours=4), ZoneInfo("Europe/Berlin"), 6)
    assert [tick.label for tick in ticks] == ["01:00", "03:00", "04:00", "05:00", "06:00"]


def test_thirty_days_are_ticked_by_days() -> None:
    """A long range names days, and no more of them than asked for."""
    ticks = time_ticks(HOUR, HOUR + timedelta(days=30), ZoneInfo("UTC"), 6)
    assert 3 <= len(ticks) <= 7
    assert ticks[0].label == "Mar 29"
    russian = time_ticks(HOUR, HOUR + timedelta(days=30), ZoneInfo("UTC"), 6, "ru")
    assert russian[0].label == "29 мар."


def test_a_chart_refuses_what_it_can_not_show() -> None:
    """No panels, too many of them, and a range without zone or length are refused where they are written."""
    panel = Panel("a", Unit.COUNT, (), HOUR, HOUR + timedelta(hours=1))
    for panels in ((), (panel,) * 7):
        with pytest.raises(ValueError, match="1 to 6 panels"):
            Chart("", panels)
    for start, end in ((HOUR, HOUR), (HOUR.replace(tzinfo=None), HOUR.replace(tzinfo=None))):
        with pytest.raises(ValueError, match="range"):
            Panel("a", Unit.COUNT, (), start, end)
