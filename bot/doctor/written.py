"""What follows from settings, plan and roster: mistakes in them end the command before it comes this far."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bot.doctor.findings import Broken, Doubtful, Finding, Findings, NotSetUp, Well
from bot.domain.plan import Action, Plan
from bot.domain.roster import Roster
from bot.settings import Settings, TelegramMode

_INTERPRETERS = frozenset({"bash", "sh", "dash", "zsh", "python", "python3"})
"""Programs whose first argument, unless it is an option, is a file they read."""


def examine_settings(settings: Settings) -> Findings:
    """What the settings mean for the start, and what they leave out."""
    return tuple(_settings(settings))


def examine_plan(plan: Plan, settings: Settings, folder: Path) -> Findings:
    """What the plan holds, and whether its actions could start from `folder`, where the bot is started."""
    source = str(settings.plan_file) if settings.plan_file else "the built-in plan"
    triggers = len(plan.rollback.triggers) if plan.rollback else 0
    counted = ", ".join(
        (
            _count(len(plan.severities), "severity", "severities"),
            _count(len(plan.metrics), "metric"),
            _count(triggers, "rollback trigger"),
            _count(len(plan.actions), "action"),
        )
    )
    return (Well(f"{plan.name} {plan.version} ({source}): {counted}"), *_actions(plan, folder))


def examine_roster(roster: Roster, settings: Settings) -> Findings:
    """Who is there, and how it is known who is on call."""
    people = _count(len(roster.people), "person", "people")
    return (Well(f"{settings.roster_file}: {people}; {_on_call(roster)}"), *_stakeholders(roster))


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.telegram_token is None:
        yield Broken("NABAT_TELEGRAM_TOKEN is missing", "Ask @BotFather for one; `nabat demo` needs none.")
    if settings.telegram_mode is TelegramMode.WEBHOOK:
        yield Well(f"Telegram sends updates to {settings.public_url}/hooks/telegram")
    else:
        yield Well("updates are fetched from Telegram by polling")
    address = f"{settings.http_host}:{settings.http_port or 'a free port'}"
    if settings.http_token is None:
        yield Doubtful(
            f"HTTP on {address} takes hooks and API calls without a token",
            "Set NABAT_HTTP_TOKEN unless every user of this machine may raise incidents.",
        )
    else:
        yield Well(f"HTTP on {address}, hooks and API with a token")
    if settings.pagerduty_secret is None:
        yield NotSetUp("PagerDuty's signature", "Set NABAT_PAGERDUTY_SECRET if PagerDuty sends here.")


def _actions(plan: Plan, folder: Path) -> Iterator[Finding]:
    lacking = {name: _lacking(action, folder) for name, action in plan.actions.items()}
    missing = [f"{name} (no {lacked})" for name, lacked in lacking.items() if lacked]
    if missing:
        yield Doubtful(
            f"actions that can't run here: {', '.join(missing)}",
            "Start the bot in the folder they are relative to, or correct the plan's actions.",
        )


def _lacking(action: Action, folder: Path) -> str:
    """What a command needs and this machine does not have: its folder, its program, its script; empty: all is there."""
    if action.run is None:
        return ""
    program, *arguments = action.run
    place = folder / (action.cwd or "")
    if not place.is_dir():
        return f"folder {action.cwd}"
    if not (os.access(place / program, os.X_OK) if "/" in program else shutil.which(program)):
        return program
    script = arguments[0] if program in _INTERPRETERS and arguments else "-"
    return "" if script.startswith("-") or (place / script).is_file() else script


def _on_call(roster: Roster) -> str:
    if roster.on_call is None:
        return f"on call is everybody with that role ({len(roster.with_role('on_call'))})"
    sources = [_count(len(roster.on_call.rotations), "rotation")] * bool(roster.on_call.rotations)
    sources += ["a calendar"] * bool(roster.on_call.ical_url)
    return f"who is on call: {' and '.join(sources)}"


def _stakeholders(roster: Roster) -> Iterator[Finding]:
    if roster.chats.stakeholders is None:
        yield NotSetUp("a chat for stakeholders", "Without chats.stakeholders the responders get status updates.")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
