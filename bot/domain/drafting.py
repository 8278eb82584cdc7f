"""The text of a draft: a template filled with what people said and what the plan says; never with an alert's text."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.actors import Responder
from bot.domain.built_in_templates import built_in
from bot.domain.incident import Incident
from bot.domain.plan import Plan
from bot.domain.plan_communication import PUBLIC_TEXT_LIMIT, Moment, Placeholder, fields_of
from bot.domain.roster import Language
from bot.domain.rules import Rules
from bot.domain.timers import deadlines

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_UNITS = {"en": ("min", "h", "d"), "ru": ("мин", "ч", "д")}


def drafted(rules: Rules, incident: Incident, audience: str, moment: Moment, now: datetime) -> str:
    """What the template of an audience says at a moment. A line whose placeholder has nothing to say is left out."""
    values = {field.value: value for field, value in _values(rules, incident, now).items()}
    lines = _template(rules, audience, moment).splitlines()
    kept = [line.format_map(values) for line in lines if all(values[field] for field in fields_of(line))]
    return "\n".join(_without_doubled_blanks(kept)).strip()[:PUBLIC_TEXT_LIMIT]


def public_language(rules: Rules) -> Language:
    """What the outside is written to in, unless a template of the plan says it: the plan's choice, else the team's."""
    return rules.plan.communication.language or rules.roster.chats.responders.language


def public_name(plan: Plan) -> str:
    """What the outside knows the service as."""
    return plan.communication.name or plan.name


def said_by_people(incident: Incident) -> str:
    """What is broken in a person's words: the impact, else the title that a person gave; nothing where nobody said."""
    if incident.drafts.impact:
        return incident.drafts.impact
    by_hand = isinstance(incident.declared_by, Responder) and not incident.alerts
    return incident.title if by_hand else ""


def _template(rules: Rules, audience: str, moment: Moment) -> str:
    own = rules.plan.communication.templates.get(audience)
    return (own.of(moment) if own is not None else None) or built_in(public_language(rules), audience, moment)


def _values(rules: Rules, incident: Incident, now: datetime) -> Mapping[Placeholder, str]:
    plan, last = rules.plan, incident.last_update
    update_by = deadlines(rules, incident).update_by if incident.is_open else None
    ended = incident.resolved_at
    return {
        Placeholder.NAME: public_name(plan),
        Placeholder.SEVERITY: rules.severity(incident.severity).title,
        Placeholder.SINCE: _moment(plan, incident.began_at, now),
        Placeholder.IMPACT: said_by_people(incident),
        Placeholder.UPDATE: last.text if last is not None and isinstance(last.by, Responder) else "",
        Placeholder.NEXT_UPDATE: _moment(plan, update_by, now) if update_by is not None and update_by > now else "",
        Placeholder.LENGTH: _length(rules, ended - incident.began_at) if ended is not None else "",
        Placeholder.PAGE: plan.communication.page_url or "",
    }


def _moment(plan: Plan, at: datetime, now: datetime) -> str:
    """`14:02 UTC`, and `14:02 UTC, 2026-01-11` of another day than the one on which the draft is written."""
    local = at.astimezone(plan.timezone)
    shown = f"{local:%H:%M} {local.tzname()}"
    return shown if local.date() == now.astimezone(plan.timezone).date() else f"{shown}, {local:%Y-%m-%d}"


def _length(rules: Rules, length: timedelta) -> str:
    """`6 min`, `1 h 20 min`, `2 d 3 h`: two units at most."""
    minute, hour, day = _UNITS[public_language(rules)]
    days, rest = divmod(max(length, _MINUTE), _DAY)
    hours, minutes = rest // _HOUR, rest % _HOUR // _MINUTE
    shown = ((days, day), (hours, hour)) if days else ((hours, hour), (minutes, minute))
    return " ".join(f"{count} {unit}" for count, unit in shown if count)


def _without_doubled_blanks(lines: list[str]) -> list[str]:
    return [line for at, line in enumerate(lines) if line.strip() or (at and lines[at - 1].strip())]
