"""Rules and dashboard that watch the bot: taken by Prometheus's own checker, and about figures that exist."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.needs import need_program

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PARTS_OF_A_HISTOGRAM = ("_bucket", "_sum", "_count")


def figures() -> set[str]:
    """The names of all figures that the bot has."""
    sources = [ROOT / "bot" / "delivery" / "figures.py", ROOT / "bot" / "web" / "figures.py"]
    return {name for source in sources for name in re.findall(r'"(nabat_\w+)"', source.read_text())}


def asked_for(query: str) -> set[str]:
    """The names of figures in a query, without the part of a histogram that is meant."""
    names = re.findall(r"\bnabat_\w+", query)
    return {next((name.removesuffix(p) for p in PARTS_OF_A_HISTOGRAM if name.endswith(p)), name) for name in names}


def rules() -> list[dict[str, Any]]:
    """The alerting rules."""
    content = yaml.safe_load((DEPLOY / "nabat-alerts.yml").read_text())
    return [rule for group in content["groups"] for rule in group["rules"]]


def queries() -> Iterator[str]:
    """Every query of the rules and of the dashboard."""
    yield from (rule["expr"] for rule in rules())
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text())
    yield from (target["expr"] for panel in dashboard["panels"] for target in panel["targets"])


@pytest.mark.parametrize("query", sorted(set(queries())))
def test_a_query_asks_for_figures_that_exist(query: str) -> None:
    """Every figure named in a rule or a panel is one of the bot's own."""
    assert asked_for(query) <= figures()


def test_prometheus_takes_the_rules_and_the_scrape() -> None:
    """The checker of Prometheus finds nothing wrong with the rules, nor with the configuration that names them."""
    promtool = need_program("promtool")
    for command in (("check", "rules", "nabat-alerts.yml"), ("check", "config", "prometheus.yml")):
        checked = subprocess.run([promtool, *command], cwd=DEPLOY, capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr


def test_the_rules_fire_when_they_should(tmp_path: Path) -> None:
    """A waiting page, a lost Redis and a missing holder fire after their time, and a healthy bot fires nothing."""
    promtool = need_program("promtool")
    ill = {
        'up{job="nabat"}': "1x20",
        "nabat_store_up": "0x20",
        "nabat_singles_held": "0x20",
        'nabat_outbox_oldest_seconds{lane="pages"}': "60x20",
    }
    well = {**ill, "nabat_store_up": "1x20", "nabat_singles_held": "1x20"}
    well['nabat_outbox_oldest_seconds{lane="pages"}'] = "0x20"
    firing = ("NabatWithoutRedis", "NabatNobodyKeepsTime", "NabatPagesLate")
    cases: list[tuple[dict[str, str], tuple[str, ...]]] = [(well, ()), (ill, firing), ({}, ("NabatDown",))]
    content = {
        "rule_files": [str(DEPLOY / "nabat-alerts.yml")],
        "tests": [_case(series, expected) for series, expected in cases],
    }
    (tmp_path / "tests.yml").write_text(yaml.safe_dump(content))
    checked = subprocess.run(
        [promtool, "test", "rules", str(tmp_path / "tests.yml")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _case(series: dict[str, str], firing: tuple[str, ...]) -> dict[str, object]:
    """A test for promtool: which alerts fire after 10 minutes of these series (a value and how often it comes)."""
    expressions = [f'count(ALERTS{{alertname="{rule["alert"]}",alertstate="firing"}}) or vector(0)' for rule in rules()]
    return {
        "interval": "30s",
        "input_series": [{"series": name, "values": values.replace("x", "+0x")} for name, values in series.items()],
        "promql_expr_test": [
            {
                "expr": expression,
                "eval_time": "10m",
                "exp_samples": [{"labels": "{}", "value": int(rule["alert"] in firing)}],
            }
            for rule, expression in zip(rules(), expressions, strict=True)
        ],
    }


def test_the_panels_of_the_dashboard_are_told_apart() -> None:
    """Each panel has a number of its own, lies on the 24 columns of the grid, and says what it shows."""
    panels = json.loads((DEPLOY / "grafana-dashboard.json").read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)
    assert all(panel["title"] and panel["description"] for panel in panels)
