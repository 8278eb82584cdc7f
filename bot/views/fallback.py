"""What happens if nobody moves: who is told next and when, by the same rules that will then decide it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.incident import Incident, Status
from bot.domain.paging import next_in_authority, reachable
from bot.domain.rules import TEAM, Rules
from bot.domain.timers import NOTIFY, RESPOND, due


@dataclass(frozen=True, slots=True)
class Fallback:
    """Who is told at `at` (UTC) if nobody answers; `whole_team` when that is everybody."""

    at: datetime
    people: tuple[str, ...]
    whole_team: bool


def fallback(rules: Rules, incident: Incident, now: datetime) -> Fallback | None:
    """The next step of an unanswered incident; None when it is answered, or when everybody has been told."""
    if incident.status is not Status.UNANSWERED:
        return None
    steps = {key: at for key, at in due(rules, incident).items() if key.startswith(NOTIFY) or key == RESPOND}
    for at in sorted(set(steps.values())):
        keys = [key for key, ripe in steps.items() if ripe == at]
        roles = _roles(rules, incident, keys)
        people = _people(rules, incident, roles, keys, now)
        if people:
            return Fallback(at, people, whole_team=TEAM in roles)
    return None


def _roles(rules: Rules, incident: Incident, keys: list[str]) -> tuple[str, ...]:
    notify = rules.severity(incident.severity).notify
    steps = [notify[int(key.removeprefix(NOTIFY))] for key in keys if key != RESPOND]
    return tuple(dict.fromkeys(role for step in steps for role in step.roles))


def _people(
    rules: Rules, incident: Incident, roles: tuple[str, ...], keys: list[str], now: datetime
) -> tuple[str, ...]:
    named = reachable(incident, rules.people_with_any(roles, now))
    return named or (next_in_authority(rules, incident, now) if RESPOND in keys else ())
