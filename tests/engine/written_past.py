"""A small server that answers as Prometheus does, at once, from a past that a test writes; and that can be away."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.test_utils import TestServer

Course = Callable[[datetime], float]
"""What a metric's value was at a time."""


class WrittenPast:
    """`courses` are what a query's value is at any time: one series each. At first it is there, and holds nobody up."""

    def __init__(self, courses: Mapping[str, Course]) -> None:
        self.courses = dict(courses)
        self._answers = asyncio.Event()
        self._answers.set()
        self.asked = asyncio.Event()
        self.is_away = False
        self.turned_away: asyncio.Queue[str] = asyncio.Queue()
        self.url = ""

    def hold(self) -> None:
        """Whoever asks from now on waits for the answer."""
        self.asked.clear()
        self._answers.clear()

    def go_on(self) -> None:
        """Whoever waits gets their answer."""
        self._answers.set()

    async def query(self, request: web.Request) -> web.Response:
        """The value at a moment, or the extremes and the number of samples of a window that did not change."""
        asked = await self._parameters(request)
        at_s = float(asked["time"])
        value = self._course(asked["query"])(datetime.fromtimestamp(at_s, UTC))
        if "_over_time" not in asked["query"]:
            return _answer([{"metric": {}, "value": [at_s, str(value)]}])
        statistics = {"min": value, "max": value, "count": 1000}
        return _answer(
            [{"metric": {"nabat_statistic": name}, "value": [at_s, str(figure)]} for name, figure in statistics.items()]
        )

    async def query_range(self, request: web.Request) -> web.Response:
        """The values from a moment to another, step by step."""
        asked = await self._parameters(request)
        start_s, end_s, step_s = float(asked["start"]), float(asked["end"]), float(asked["step"])
        course = self._course(asked["query"])
        moments = [start_s + number * step_s for number in range(int((end_s - start_s) // step_s) + 1)]
        points = [[at_s, str(course(datetime.fromtimestamp(at_s, UTC)))] for at_s in moments]
        return _answer([{"metric": {}, "values": points}])

    async def _parameters(self, request: web.Request) -> dict[str, str]:
        form = await request.post()
        self.asked.set()
        await self._answers.wait()
        if self.is_away:
            self.turned_away.put_nowait(request.path)
            raise web.HTTPServiceUnavailable
        return {name: str(value) for name, value in (*request.query.items(), *form.items())}

    def _course(self, query: str) -> Course:
        return next(course for name, course in self.courses.items() if name in query)


def _answer(result: list[dict[str, object]]) -> web.Response:
    return web.json_response({"status": "success", "data": {"resultType": "", "result": result}})


@asynccontextmanager
async def written_past(courses: Mapping[str, Course]) -> AsyncGenerator[WrittenPast]:
    """The server, for as long as the block lasts."""
    past = WrittenPast(courses)
    app = web.Application()
    app.router.add_post("/api/v1/query", past.query)
    app.router.add_post("/api/v1/query_range", past.query_range)
    async with TestServer(app) as server:
        past.url = str(server.make_url("")).rstrip("/")
        try:
            yield past
        finally:
            past.go_on()
