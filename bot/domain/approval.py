"""Drafts that wait for a yes: who gives it, and when it is asked for again. Pure."""

from datetime import datetime

from bot.domain.actors import Responder
from bot.domain.drafts import Draft
from bot.domain.incident import Incident
from bot.domain.plan import Plan
from bot.domain.rules import A_BUSINESS_DAY, Rules

APPROVAL = "approval"

_USUAL = "team_lead"


def approver(plan: Plan) -> str:
    """The role that approves what goes outside; a higher one may, too."""
    if plan.communication.approved_by is not None:
        return plan.communication.approved_by
    return _USUAL if _USUAL in plan.roles else plan.roles[-1]


def waits(rules: Rules, incident: Incident, draft: Draft) -> bool:
    """Whether a draft waits for a yes: nobody decided, nothing overtook it, and its audience is still addressed."""
    return draft.waits and _addressed(rules, incident, draft)


def asked_in_turn(plan: Plan) -> tuple[str, ...]:
    """Whom a draft is asked of that nobody decides on: the approver twice, then each authority above once."""
    role = approver(plan)
    return (role, role, *plan.roles[plan.authority(role) :])


def approval_timers(rules: Rules, incident: Incident) -> dict[str, datetime]:
    """When next somebody is asked to decide on a draft, in UTC; after the end that is the closing word alone."""
    times = [at for draft in incident.drafts.all if (at := asked_at(rules, incident, draft)) is not None]
    return {APPROVAL: min(times)} if times else {}


def asked_at(rules: Rules, incident: Incident, draft: Draft) -> datetime | None:
    """When next somebody is asked to decide on it; None: it does not wait, or everybody was asked.

    Where updates come as needed nobody is called for it out of hours: it is asked for a business day later.
    """
    if not waits(rules, incident, draft) or draft.asked >= len(asked_in_turn(rules.plan)):
        return None
    launched = incident.following.since
    pressing = launched is not None or rules.owes_updates(incident.severity)
    since = [draft.asked_at or draft.offered_at, incident.severity_since, *([launched] if launched else [])]
    length = rules.plan.communication.approve_within if pressing else A_BUSINESS_DAY
    return rules.plan.calendar.after(max(since), length)


def _addressed(rules: Rules, incident: Incident, draft: Draft) -> bool:
    """The severity lists the audience, or it was told before and is owed the rest, or a person asked for the draft.

    One that was offered in the phase of a beta launch still counts after its end.
    """
    asked_for = draft.proactive or isinstance(draft.by, Responder)
    listed = draft.audience in rules.severity(incident.severity).external
    return asked_for or listed or draft.audience in incident.drafts.told
