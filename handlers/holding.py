"""`/ack`, `/assign`, `/escalate`, `/sev`: who has it, and how bad it is."""

from dataclasses import replace

from bot.domain.commands import Acknowledge, Assign, ChangeSeverity, Command, Escalate
from bot.domain.rejections import ConfirmLowerSeverity
from bot.domain.roster import Roster
from bot.domain.rules import TEAM, Rules
from bot.engine.outcomes import Refused, is_answered
from bot.views import answers
from bot.views.keyboard import confirm_severity_rows
from bot.views.rendered import Rendered
from handlers.room import Asked, Room, said


async def acknowledge(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """I have it."""
    return await carry_out(room, asked, incident_id, Acknowledge(asked.asker.actor))


async def assign(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """This person has it."""
    if not asked.text:
        return said(answers.usage(asked.words, asked.verb))
    person = person_named(room.rules.roster, asked.text)
    return await carry_out(room, asked, incident_id, Assign(asked.asker.actor, person))


async def escalate(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """Call for a role, or for the next authority; the rest of the text is the reason."""
    first, _, rest = asked.text.partition(" ")
    role = role_named(room.rules, first)
    reason = asked.text if role is None else rest.strip()
    return await carry_out(room, asked, incident_id, Escalate(asked.asker.actor, role, reason))


async def change_severity(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """Another severity; a milder one asks once more."""
    first, _, reason = asked.text.partition(" ")
    if not first:
        return said(answers.usage(asked.words, asked.verb))
    command = ChangeSeverity(asked.asker.actor, severity_named(room.rules, first), reason.strip())
    outcome = await room.desk.handle(incident_id, command, asked.operation, answers=asked.in_thread)
    if is_answered(outcome):
        return None
    sentence = said(await room.sentence(asked.asker, outcome))
    if isinstance(outcome, Refused) and isinstance(outcome.reason, ConfirmLowerSeverity) and outcome.incident:
        rules = await room.desk.rulebook.rules_for(outcome.incident.plan)
        rows = confirm_severity_rows(asked.words, rules, outcome.incident, outcome.reason.severity)
        return replace(sentence, buttons=rows)
    return sentence


async def carry_out(room: Room, asked: Asked, incident_id: str, command: Command) -> Rendered | None:
    """Give the command to the desk and say what became of it; None where what the thread is told says so."""
    outcome = await room.desk.handle(incident_id, command, asked.operation, answers=asked.in_thread)
    return None if is_answered(outcome) else said(await room.sentence(asked.asker, outcome))


def person_named(roster: Roster, text: str) -> str:
    """The roster's key of the person whose key or name this is; else the text itself, which the desk will refuse."""
    wanted = text.strip().removeprefix("@").casefold()
    for key, person in roster.people.items():
        if wanted in {key.casefold(), person.name.casefold()}:
            return key
    return text.strip()


def role_named(rules: Rules, text: str) -> str | None:
    """The role of that name, whichever way its words are joined; None when it is no role."""
    wanted = text.strip().casefold().replace("-", "_")
    return next((role for role in (*rules.plan.roles, TEAM) if role.casefold() == wanted), None)


def severity_named(rules: Rules, text: str) -> str:
    """`1` for the worst, or its name or alias; else the text itself, which the desk will refuse."""
    names = list(rules.plan.severities)
    if text.isdecimal() and 1 <= int(text) <= len(names):
        return names[int(text) - 1]
    for name, severity in rules.plan.severities.items():
        if text.casefold() in {name.casefold(), (severity.alias or name).casefold()}:
            return name
    return text
