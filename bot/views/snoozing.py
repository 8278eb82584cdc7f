"""Putting a status update off, and saying why."""

from collections.abc import Sequence

from bot.domain.incident import Incident
from bot.views import incident_presses
from bot.views.html import Line, bold, message, text
from bot.views.keyboard import pressing
from bot.views.rendered import Rendered
from bot.views.translations import Words, mark

REASONS: Sequence[str] = (
    mark("Nothing new yet"),
    mark("A fix is being tried"),
    mark("Waiting for somebody else"),
    mark("Too busy to write"),
)
"""Ready reasons. A button carries a reason's index, so a new one is added at the end."""


def ask_why(words: Words, incident: Incident) -> Rendered:
    """The question to which the answer is the reason."""
    head = words("💤 {incident}: why does the update wait?", incident=incident.id)
    how = words("Choose, or reply to this message.")
    buttons = [
        pressing(words(reason).plain, incident_presses.ExplainSnooze(incident.id, index))
        for index, reason in enumerate(REASONS)
    ]
    rows = tuple((button,) for button in buttons)
    return Rendered(message([Line(bold(head)), Line(how, 1)]), rows)


def explained(words: Words, incident: Incident, reason: str) -> Rendered:
    """The question once it was answered."""
    said = words("💤 {incident}: the update waits: {reason}", incident=incident.id, reason=text(reason))
    return Rendered(message([Line(said)]))


def ready_reason(words: Words, index: int) -> str | None:
    """A ready reason in these words; None for one that there is not."""
    return words(REASONS[index]).plain if index < len(REASONS) else None
