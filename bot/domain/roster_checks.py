"""What a roster must keep to with its plan: known roles and people, one place each, and nobody missing."""

from collections.abc import Iterator

from bot.domain.mistakes import Mistake, unknown
from bot.domain.plan import Plan
from bot.domain.plan_checks import RESERVED_ROLES
from bot.domain.roster import Roster


def check_roster(roster: Roster, plan: Plan) -> tuple[Mistake, ...]:
    """Every contradiction within the roster and between it and the plan; none means the two fit."""
    checks = (_roles(roster, plan), _telegram_ids(roster), _rotations(roster), _missing_roles(roster, plan))
    return tuple(mistake for check in checks for mistake in check)


def _roles(roster: Roster, plan: Plan) -> Iterator[Mistake]:
    for key, person in roster.people.items():
        for index, role in enumerate(person.roles):
            path = ("people", key, "roles", index)
            if role in RESERVED_ROLES:
                message = f"nobody is given the role {role!r}: it is {RESERVED_ROLES[role]}"
                yield Mistake(path, message, ", ".join(plan.roles))
            elif role not in plan.roles:
                yield unknown(path, "role", role, plan.roles)


def _telegram_ids(roster: Roster) -> Iterator[Mistake]:
    owners: dict[int, str] = {}
    for key, person in roster.people.items():
        owner = owners.setdefault(person.telegram, key)
        if owner != key:
            message = f"the Telegram id {person.telegram} is already that of people.{owner}"
            yield Mistake(("people", key, "telegram"), message, "one person an id")
    chats = roster.chats
    if chats.stakeholders and chats.stakeholders.id == chats.responders.id:
        message = f"the chat {chats.stakeholders.id} is already chats.responders"
        allowed = "another chat, or no stakeholders: their updates then go to the responders"
        yield Mistake(("chats", "stakeholders", "id"), message, allowed)


def _rotations(roster: Roster) -> Iterator[Mistake]:
    rotations = roster.on_call.rotations if roster.on_call else ()
    seen: dict[str, int] = {}
    for index, rotation in enumerate(rotations):
        path = ("on_call", "rotations", index)
        first = seen.setdefault(rotation.name, index)
        if first != index:
            message = f"rotation {rotation.name!r} is already at on_call.rotations[{first}]"
            yield Mistake((*path, "name"), message, "each rotation once")
        for place, key in enumerate(rotation.people):
            if key not in roster.people:
                yield unknown((*path, "people", place), "person", key, roster.people)


def _missing_roles(roster: Roster, plan: Plan) -> Iterator[Mistake]:
    held = {role for person in roster.people.values() for role in person.roles} | {"team"}
    if roster.on_call:
        held.add("on_call")
    told = [
        (role, f"severity {name} tells")
        for name, severity in plan.severities.items()
        for step in severity.notify
        for role in step.roles
    ]
    told += [(role, "the beta launch escalates to") for role in plan.beta.escalate_to]
    for role, who in dict(reversed(told)).items():
        if role in plan.roles and role not in held:
            yield Mistake(("people",), f"nobody has the role {role}, which {who}", "at least one person with it")
