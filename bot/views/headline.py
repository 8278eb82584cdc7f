"""The first line, which must do alone on a lock screen: how bad, which one, who has it."""

from bot.domain.incident import Incident, Status
from bot.domain.rules import Rules
from bot.views import naming
from bot.views.html import Piece, bold, joined, text
from bot.views.translations import Words

TITLE_LIMIT = 200
SEVERITY_LIMIT = 24
_GRAVE = 2
"""The two worst severities wear the alarming colours."""


def headline(words: Words, incident: Incident, emoji: str, who: Piece) -> Piece:
    """`🔴 SEV-1 · INC-7 · nobody has it yet`, in bold; a drill says so before anything else."""
    says = joined((drill(words, incident), severity(incident.severity), text(incident.id), who))
    return bold(joined((text(emoji), says), " "))


def drill(words: Words, incident: Incident) -> Piece:
    """The mark of an exercise; nothing for an incident that is real."""
    return words("DRILL") if incident.drill else Piece()


def sign(rules: Rules, incident: Incident) -> str:
    """The emoji of a state: red unanswered, orange in hand, green when every alert has resolved, a flag at the end."""
    grave = rules.plan.rank(incident.severity) < _GRAVE
    match incident.status:
        case Status.RESOLVED:
            return "🏁"
        case Status.MERGED:
            return "🔗"
        case Status.VERIFYING:
            return "🧪"
        case Status.IN_HAND | Status.UNANSWERED if incident.all_alerts_resolved:
            return "🟢"
        case Status.UNANSWERED:
            return "🔴" if grave else "🟡"
        case Status.IN_HAND:
            return "🟠" if grave else "🔵"


def severity(name: str) -> Piece:
    """A severity's name, as the plan writes it."""
    return text(name, SEVERITY_LIMIT)


def holder(words: Words, rules: Rules, incident: Incident) -> Piece:
    """The status in words and who holds it."""
    match incident.status:
        case Status.RESOLVED if incident.resolved_by is not None:
            return words("resolved by {who}", who=naming.actor(words, rules.roster, incident.resolved_by))
        case Status.RESOLVED:
            return words("resolved")
        case Status.MERGED:
            return words("merged into {incident}", incident=incident.merged_into or "?")
        case Status.VERIFYING if incident.holder is not None:
            return words("{who} verifies the fix", who=naming.person(rules.roster, incident.holder))
        case Status.IN_HAND if incident.holder is not None:
            return words("{who} has it", who=naming.person(rules.roster, incident.holder))
        case _:
            return words("nobody has it yet")
