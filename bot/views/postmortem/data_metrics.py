"""The document for programs: what was measured."""

from bot.views.charts.model import Series
from bot.views.postmortem.measured import Course, Measured, NotMeasured
from bot.views.postmortem.values import Values
from bot.views.postmortem.view import PostmortemView
from bot.views.times import iso


def metrics(view: PostmortemView) -> Values | None:
    """The values on one grid of moments: `from`, and then every `step_s`. None without a Prometheus."""
    measured = view.measured
    match measured:
        case None:
            return None
        case NotMeasured():
            return {"missing_because": measured.why.value, "series": []}
        case Measured():
            return {
                "missing_because": None,
                "from": iso(measured.start),
                "to": iso(measured.end),
                "step_s": measured.step.total_seconds(),
                "series": [_series(measured, course, one) for course in measured.courses for one in course.series],
            }


def _series(measured: Measured, course: Course, series: Series) -> Values:
    target = course.metric.target
    return {
        "metric": course.name,
        "name": series.name,
        "unit": course.metric.unit.value,
        "target": target.model_dump(mode="json") if target else None,
        "values": _on_grid(measured, series),
    }


def _on_grid(measured: Measured, series: Series) -> list[float | None]:
    """A value for each step, null in gaps."""
    start_s, step_s = measured.start.timestamp(), measured.step.total_seconds()
    values: list[float | None] = [None] * ((measured.end - measured.start) // measured.step + 1)
    for at_s, value in series.points:
        place = round((at_s - start_s) / step_s)
        if 0 <= place < len(values):
            values[place] = value
    return values
