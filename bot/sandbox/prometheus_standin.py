"""Answers as Prometheus's HTTP API would, from the breakable service's own past, where no Prometheus is installed.

It knows `/api/v1/query` and `/api/v1/query_range` (Prometheus documentation, "HTTP API") for one scrape job.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import inf

from aiohttp import web

from bot.sandbox.alert_rules import JOB
from bot.sandbox.exposition import families_at
from bot.sandbox.promql import PromQLError, parse, parse_duration
from bot.sandbox.promql_evaluation import Evaluator, Labels, Vector
from bot.sandbox.service import BreakableService

KEPT_MOMENTS = 4000
MOST_POINTS = 11_000
"""Prometheus's own limit of points in a series of a range query."""
POINTS_AT_ONCE = 20
"""Evaluated before others on the event loop have their turn; about 50 ms at most."""

Json = Mapping[str, object]


class ServiceSamples:
    """The service's series as a scraper would have found them once a second."""

    def __init__(self, service: BreakableService, instance: str) -> None:
        self._service = service
        self._target = {"instance": instance, "job": JOB}
        self._moments: OrderedDict[float, dict[str, Vector]] = OrderedDict()

    def at(self, name: str, moment_s: float) -> Vector:
        """Nothing before the service began, and nothing of the future; while it is down only `up`."""
        began, now = self._service.traffic.began.timestamp(), self._service.now().timestamp()
        if not began <= moment_s <= now:
            return {}
        found = self._moments.get(moment_s)
        if found is None:
            found = self._scraped(datetime.fromtimestamp(moment_s, UTC))
            self._moments[moment_s] = found
            if len(self._moments) > KEPT_MOMENTS:
                self._moments.popitem(last=False)
        return found.get(name, {})

    def _scraped(self, at: datetime) -> dict[str, Vector]:
        down = self._service.traffic.set_points_at(at).down
        series: dict[str, Vector] = {"up": {self._labels("up", {}): 0.0 if down else 1.0}}
        for family in () if down else families_at(self._service.traffic, at):
            for sample in family.samples:
                series.setdefault(sample.name, {})[self._labels(sample.name, sample.labels)] = float(sample.value)
        return series

    def _labels(self, name: str, labels: Mapping[str, str]) -> Labels:
        return tuple(sorted({"__name__": name, **self._target, **labels}.items()))


class PrometheusStandIn:
    """The routes, for a server of the caller's own."""

    def __init__(self, service: BreakableService, instance: str) -> None:
        self._service = service
        self.evaluator = Evaluator(ServiceSamples(service, instance))

    def application(self) -> web.Application:
        """An application with Prometheus's paths."""
        app = web.Application()
        app.router.add_get("/", self._about)
        app.router.add_get("/-/ready", self._about)
        for method in ("GET", "POST"):
            app.router.add_route(method, "/api/v1/query", self._query)
            app.router.add_route(method, "/api/v1/query_range", self._query_range)
        return app

    async def _about(self, _: web.Request) -> web.Response:
        return web.Response(text="A small stand-in for Prometheus. It answers /api/v1/query and /api/v1/query_range.\n")

    async def _query(self, request: web.Request) -> web.Response:
        asked = await _parameters(request)
        try:
            at = _moment(asked["time"]) if "time" in asked else self._service.now()
            vector = self.evaluator.vector(parse(asked.get("query", "")), at)
        except PromQLError as error:
            return _refused(error)
        result = [{"metric": dict(labels), "value": _point(at, value)} for labels, value in vector.items()]
        return _answer("vector", result)

    async def _query_range(self, request: web.Request) -> web.Response:
        asked = await _parameters(request)
        try:
            tree = parse(asked.get("query", ""))
            moments = _moments(asked)
            series: dict[Labels, list[list[object]]] = {}
            for index, at in enumerate(moments):
                if index % POINTS_AT_ONCE == 0:
                    await asyncio.sleep(0)
                for labels, value in self.evaluator.vector(tree, at).items():
                    series.setdefault(labels, []).append(_point(at, value))
        except PromQLError as error:
            return _refused(error)
        return _answer("matrix", [{"metric": dict(labels), "values": points} for labels, points in series.items()])


async def _parameters(request: web.Request) -> dict[str, str]:
    """Of the address and, as Prometheus allows for long queries, of a form."""
    asked = dict(request.query)
    if request.method == "POST":
        asked |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return asked


def _moment(text: str) -> datetime:
    """Unix seconds or RFC 3339."""
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except (ValueError, OverflowError, OSError):
        pass
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise PromQLError(f"not a time: {text!r}") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _moments(asked: Mapping[str, str]) -> list[datetime]:
    start, end = _moment(asked.get("start", "")), _moment(asked.get("end", ""))
    step = parse_duration(asked.get("step", ""))
    if end < start:
        raise PromQLError("the end is before the start")
    count = (end - start) // step + 1
    if count > MOST_POINTS:
        raise PromQLError(f"more than {MOST_POINTS} points in a series: use a larger step")
    return [start + index * step for index in range(count)]


def _point(at: datetime, value: float) -> list[object]:
    written = {inf: "+Inf", -inf: "-Inf"}.get(value, "NaN" if value != value else repr(value))  # noqa: PLR0124 - NaN
    return [at.timestamp(), written]


def _answer(kind: str, result: Sequence[Json]) -> web.Response:
    return web.json_response({"status": "success", "data": {"resultType": kind, "result": result}})


def _refused(error: PromQLError) -> web.Response:
    return web.json_response({"status": "error", "errorType": "bad_data", "error": str(error)}, status=400)
