"""The root cause and the fix: asked for after the end, and shown on the card."""

from bot.domain.incident import Incident
from bot.views.checklist_presses import AskForResolution, ResolutionQuestion
from bot.views.html import Line, Piece, bold, message, text
from bot.views.keyboard import Row, pressing, signed
from bot.views.rendered import Rendered
from bot.views.translations import Words

WRITTEN_LIMIT = 300


def on_card(words: Words, incident: Incident) -> tuple[Piece, ...]:
    """`Cause: …` and `Fix: …`, as far as they are written down."""
    cause, fix = incident.resolution.cause, incident.resolution.fix
    return (
        words("Cause: {text}", text=text(cause.text, WRITTEN_LIMIT)) if cause is not None else Piece(),
        words("Fix: {text}", text=text(fix.text, WRITTEN_LIMIT)) if fix is not None else Piece(),
    )


def asked_for(words: Words, incident: Incident) -> Piece:
    """The question for what is not written down yet."""
    cause, fix = incident.resolution.cause, incident.resolution.fix
    if cause is None and fix is None:
        return words("What was the root cause, and what fixed it?")
    if cause is None:
        return words("What was the root cause?")
    return words("What fixed it?") if fix is None else Piece()


def ask_buttons(words: Words, incident: Incident) -> Row:
    """A button for each of the two that is not written down yet."""
    wanted = (
        (incident.resolution.cause, signed("🔬", words("Cause")), ResolutionQuestion.CAUSE),
        (incident.resolution.fix, signed("🔧", words("Fix")), ResolutionQuestion.FIX),
    )
    return tuple(
        pressing(label, AskForResolution(incident.id, question)) for known, label, question in wanted if known is None
    )


def question(words: Words, incident: Incident, what: ResolutionQuestion) -> Rendered:
    """What somebody is asked for; the reply is the answer."""
    match what:
        case ResolutionQuestion.CAUSE:
            head = words("🔬 {incident}: what was the root cause?", incident=incident.id)
        case ResolutionQuestion.FIX:
            head = words("🔧 {incident}: what fixed it?", incident=incident.id)
    return Rendered(message([Line(bold(head)), Line(words("Reply to this message."))]))
