"""The demo's own plan: what the built-in one can't have on a machine of one's own."""

from pathlib import Path

import aiohttp

from bot.demo import demo_plan
from bot.engine.health import check_health
from bot.engine.runner import Runner
from bot.sandbox.service import BreakableService
from bot.sandbox.traffic import SetPoints
from bot.settings import load_plan
from bot.store.clock import Clock


async def test_the_demos_rollback_mends_its_service(tmp_path: Path) -> None:
    """A rollback in the demo ends what was broken in the panel, and the health check asks the demo's service."""
    clock = Clock()
    async with (
        BreakableService(clock.now, SetPoints(error_ratio=0.12, down=True, throughput_per_s=7000)).serve() as service,
        aiohttp.ClientSession() as http,
    ):
        plan = demo_plan(load_plan(), service)
        assert not (await check_health(http, plan.health_checks))[0].ok
        result = await Runner(tmp_path, http).run(plan.actions["rollback"])
        assert result.ok
        assert (await check_health(http, plan.health_checks))[0].ok
        assert service.set_points.error_ratio == 0
        assert service.set_points.throughput_per_s == 7000
        assert "the release before the last one serves again" in str(result.output)
