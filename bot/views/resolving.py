"""The root cause and the fix: asked for after the end, and shown on the card."""

from bot.domain.incident import Incident
from bot.views.checklist_presses import AskForResolution, ResolutionQuestion, ResolveNow
from bot.views.html import Line, Piece, bold, message, text
from bot.views.keyboard import Row, pressing, signed
from bot.views.rendered import Rendered
from bot.views.translations import Words
from bot.views.verifying import READY_REASONS, unverified

WRITTEN_LIMIT = 300


def on_card(words: Words, incident: Incident) -> tuple[Piece, ...]:
    """`Cause: …`, `Fix: …`, as far as they are written down, and what was not verified."""
    cause, fix = incident.resolution.cause, incident.resolution.fix
    return (
        words("Cause: {text}", text=text(cause.text, WRITTEN_LIMIT)) if cause is not None else Piece(),
        words("Fix: {text}", text=text(fix.text, WRITTEN_LIMIT)) if fix is not None else Piece(),
        unverified(words, incident.resolution.unverified),
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
        case ResolutionQuestion.NOW:
            head = words("⏭ {incident}: why is the fix not watched to the end?", incident=incident.id)
            rows = tuple(
                (pressing(words(reason).plain, ResolveNow(incident.id, index)),)
                for index, reason in enumerate(READY_REASONS)
            )
            return Rendered(message([Line(bold(head)), Line(words("Choose, or reply to this message."))]), rows)
    return Rendered(message([Line(bold(head)), Line(words("Reply to this message."))]))
