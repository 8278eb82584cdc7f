"""The doctor at work, for the tests of what it finds."""

from pathlib import Path

import pytest

from bot.configuration import Configuration
from bot.doctor import examine
from bot.settings import Settings, load_plan, load_roster, load_settings


class Examination:
    """An examination with these variables, and what it reported."""

    def __init__(self, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.plan = load_plan()
        self.text = ""
        self._environment = environment
        self._monkeypatch = monkeypatch

    async def __call__(self, **variables: str) -> int:
        """Examine; its exit status. NABAT_ goes before each name."""
        given = {f"NABAT_{name}": value for name, value in variables.items()}
        for name, value in {**self._environment, **given}.items():
            self._monkeypatch.setenv(name, value)
        settings: Settings = load_settings(Path("/nonexistent/.env"))
        roster = load_roster(settings.roster_file, self.plan)
        lines: list[str] = []
        status = await examine(Configuration(settings, self.plan, roster), lines.append)
        self.text = "\n".join(lines)
        return status

    def of(self, subject: str) -> str:
        """What was reported about a subject, on one line."""
        found: list[str] = []
        current = ""
        for line in self.text.splitlines():
            current = line[:14].strip() or current
            if current == subject:
                found.append(line[14:].strip())
        return " ".join(" ".join(found).split())
