"""Drafts for the outside: `/draft`, new texts by reply, and the buttons under a draft."""

from typing import assert_never

from bot.domain.draft_commands import ApproveDraft, AskDraft, DiscardDraft, DraftCommand, EditDraft, MarkDraftSent
from bot.domain.plan import Plan
from bot.domain.rulings.drafts import audiences
from bot.views import draft_presses
from bot.views.rendered import Rendered
from handlers.askers import Asker
from handlers.holding import carry_out
from handlers.pressed import Pressed, Reaction
from handlers.room import Asked, Room


async def ask(room: Room, asked: Asked, incident_id: str) -> Rendered | None:
    """A draft for one audience, with the text that follows, or for all that the severity lists."""
    incident = await room.desk.incident(incident_id)
    plan = room.rules.plan if incident is None else (await room.desk.rulebook.rules_for(incident.plan)).plan
    audience, text = audience_and_text(plan, asked.text)
    return await carry_out(room, asked, incident_id, AskDraft(asked.asker.actor, audience, text))


async def edit(room: Room, asker: Asker, incident_id: str, draft: int, text: str, operation: str) -> str:
    """The text of a reply in place of the draft's; what became of it, in one sentence."""
    outcome = await room.desk.handle(incident_id, EditDraft(asker.actor, draft, text), operation)
    return await room.sentence(asker, outcome)


async def decided(room: Room, pressed: Pressed, press: draft_presses.OfDraft) -> Reaction:
    """A button under a draft."""
    outcome = await room.desk.handle(press.incident, _command(pressed, press), pressed.operation)
    return Reaction(await room.sentence(pressed.asker, outcome))


def audience_and_text(plan: Plan, written: str) -> tuple[str | None, str]:
    """The audience that the first words name, and the rest; a first word that names none is refused as an audience."""
    lowered = written.casefold().replace("-", "_").replace(" ", "_")
    for name in sorted(audiences(plan), key=len, reverse=True):
        key = name.casefold().replace("-", "_").replace(" ", "_")
        if lowered == key or lowered.startswith((f"{key}_", f"{key}\n")):
            return name, written[len(key) :].strip()
    first, _, rest = written.partition(" ")
    return first or None, rest.strip()


def _command(pressed: Pressed, press: draft_presses.OfDraft) -> DraftCommand:
    by = pressed.asker.actor
    match press:
        case draft_presses.ApproveDraft():
            return ApproveDraft(by, press.draft, press.seen)
        case draft_presses.DiscardDraft():
            return DiscardDraft(by, press.draft)
        case draft_presses.DraftSent():
            return MarkDraftSent(by, press.draft)
        case _:
            assert_never(press)
