"""A real Prometheus that scrapes a service: what the service says is read, and its silence is unknown."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.plan import Metric, Unit
from bot.engine.evidence import Evidence, Known
from bot.engine.prometheus import Prometheus
from bot.engine.samples import Unknown

StartPrometheus = Callable[[Path, str], AbstractContextManager[str]]
ERRORS = Metric(title="Error rate", query="error_rate", unit=Unit.RATIO)
CONFIG = """
scrape_configs:
  - job_name: service
    scrape_interval: 200ms
    scrape_timeout: 200ms
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


async def until(evidence: Evidence, wanted: Callable[[object], bool]) -> object:
    """The first reading that is as wanted; the test's own timeout ends the wait."""
    while True:
        reading = await evidence.read(ERRORS, datetime.now(UTC))
        if wanted(reading):
            return reading


async def test_a_service_is_read_as_long_as_it_speaks(tmp_path: Path, start_prometheus: StartPrometheus) -> None:
    """The value that the service exposes is read and follows it; once it is gone the value is unknown, not old."""
    exposed = 0.02

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(text=f"error_rate {exposed}\n")

    application = web.Application()
    application.router.add_get("/metrics", metrics)
    service = TestServer(application)
    await service.start_server()
    starting = start_prometheus(tmp_path, CONFIG.format(port=service.make_url("/").port))
    url = await asyncio.to_thread(starting.__enter__)
    prometheus = Prometheus(url)
    evidence = Evidence(prometheus, fresh_for=timedelta(seconds=30))
    try:
        assert isinstance(await until(evidence, lambda reading: isinstance(reading, Known)), Known)
        exposed = 0.12
        await until(evidence, lambda reading: isinstance(reading, Known) and reading.value == exposed)
        await service.close()
        assert isinstance(await until(evidence, lambda reading: isinstance(reading, Unknown)), Unknown)
    finally:
        prometheus.close()
        await asyncio.to_thread(starting.__exit__, None, None, None)
