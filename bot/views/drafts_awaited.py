"""Drafts that nobody has decided on: the private question to whoever may, with the texts and their buttons."""

from bot.domain.approval import waits
from bot.domain.draft_events import DraftsAwaited
from bot.domain.drafts import Draft
from bot.domain.plan_communication import PUBLIC_TEXT_LIMIT
from bot.views import draft_presses
from bot.views.drafts import audience, moment, side_by_side, yes
from bot.views.html import Line, Piece, bold, joined, message, prose, quoted, text
from bot.views.keyboard import Rows, pressing, signed
from bot.views.rendered import Rendered, Style
from bot.views.tell_view import TellView
from bot.views.times import clock
from bot.views.translations import listed

MOST_SHOWN = 3
"""Texts in one message: as many as the written plan has audiences."""
SHORT_LIMIT = 800
"""Characters of a text where there are several: three of them fit a message of Telegram's."""


def asked(view: TellView, event: DraftsAwaited) -> Rendered:
    """The drafts that still wait, each with its text and a yes and a no; what is cut can't be approved here."""
    known = [view.incident.drafts.draft(number) for number in event.drafts]
    waiting = [draft for draft in known if draft is not None and waits(view.rules, view.incident, draft)]
    shown = waiting[:MOST_SHOWN]
    limit = PUBLIC_TEXT_LIMIT if len(shown) == 1 else SHORT_LIMIT
    lines = [Line(bold(_head(view, event, waiting))), Line(text(view.incident.title), 1)]
    for draft in shown:
        if len(waiting) > 1:
            lines.append(Line(_what(view, draft)))
        lines.append(Line(quoted(prose(draft.text, limit))))
    decided = [draft for draft in shown if len(draft.text) <= limit]
    rows = tuple(row for draft in decided for row in _rows(view, draft, alone=len(waiting) == 1))
    rest = len(waiting) - len(decided)
    more = view.words.plural("{n} more waits in the thread.", "{n} more wait in the thread.", rest) if rest else Piece()
    return Rendered(message([*lines, Line(more, 1)]), rows)


def _head(view: TellView, event: DraftsAwaited, waiting: list[Draft]) -> Piece:
    words = view.words
    about = {"incident": text(view.incident.id), "time": clock(words, event.since, view.now)}
    if len(waiting) == 1:
        return words(
            "📣 {incident}: the draft for {audience} waits for your yes since {time}",
            audience=audience(words, waiting[0].audience),
            **about,
        )
    names = listed(audience(words, draft.audience) for draft in waiting)
    return words("📣 {incident}: drafts for {audiences} wait for your yes since {time}", audiences=names, **about)


def _what(view: TellView, draft: Draft) -> Piece:
    return joined((bold(audience(view.words, draft.audience)), moment(view.words, draft.moment)))


def _rows(view: TellView, draft: Draft, *, alone: bool) -> Rows:
    words, incident = view.words, view.incident
    label, no = yes(words, draft), words("Discard")
    if not alone:
        named = audience(words, draft.audience)
        label, no = words("Approve: {audience}", audience=named), words("Discard: {audience}", audience=named)
    approve = draft_presses.ApproveDraft(incident.id, draft.number, draft.edits)
    discard = draft_presses.DiscardDraft(incident.id, draft.number)
    approving = pressing(signed("✔️", label), approve, Style.SUCCESS)
    discarding = pressing(signed("✖️", no), discard)
    return side_by_side(draft, approving, discarding) if alone else ((approving,), (discarding,))
