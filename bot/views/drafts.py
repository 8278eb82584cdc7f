"""Drafts for the outside, as the responders see them: the text, who decides, and what became of it."""

from bot.domain.approval import approver, waits
from bot.domain.draft_events import DraftApproved, DraftDiscarded
from bot.domain.drafts import Draft
from bot.domain.plan_communication import PUBLIC_TEXT_LIMIT, STATUS_PAGE, Moment
from bot.views import draft_presses, naming
from bot.views.html import Line, Piece, bold, joined, message, preformatted, prose, quoted, text
from bot.views.keyboard import Rows, pressing, signed
from bot.views.rendered import Button, Rendered, Style
from bot.views.tell_view import TellView
from bot.views.times import clock
from bot.views.translations import Words, mark

COPIED_LIMIT = 256
"""Characters that a button copies (Bot API, CopyTextButton)."""
AUDIENCE_LIMIT = 40

_AUDIENCES = {
    STATUS_PAGE: mark("status page"),
    "customers": mark("customers"),
    "social_media": mark("social media"),
}
_MOMENTS = {
    Moment.DECLARED: mark("first word"),
    Moment.UPDATE: mark("update"),
    Moment.RESOLVED: mark("closing word"),
    Moment.REOPENED: mark("it is back"),
}


def audience(words: Words, name: str) -> Piece:
    """An audience, as people call it."""
    return words(_AUDIENCES[name]) if name in _AUDIENCES else text(name.replace("_", " "), AUDIENCE_LIMIT)


def draft(view: TellView) -> Rendered:
    """The draft that the event offered, as it stands."""
    words, incident = view.words, view.incident
    known = incident.drafts.draft(view.number)
    if known is None:
        return Rendered(message([Line(words("{incident}: there is no draft", incident=incident.id))]))
    if isinstance(known.ended, DraftApproved):
        return _approved(view, known, known.ended)
    if isinstance(known.ended, DraftDiscarded):
        who = naming.actor(words, view.rules.roster, known.ended.by)
        return _gone(view, known, words("✖️ Discarded by {who}: nothing goes out", who=who))
    if not waits(view.rules, incident, known):
        return _gone(view, known, words("Overtaken: nothing of it went out"))
    return _waiting(view, known)


def moment(words: Words, known: Moment) -> Piece:
    """What a draft tells of."""
    return words(_MOMENTS[known])


def _waiting(view: TellView, known: Draft) -> Rendered:
    words, incident = view.words, view.incident
    edited = Piece()
    if known.edited_by is not None:
        edited = words("Text by {who}.", who=naming.actor(words, view.rules.roster, known.edited_by))
    how = words("Reply with a new text to change it.")
    lines = [
        Line(bold(_head(view, known))),
        Line(joined((_proactive(view, known), edited, _decides(view), how), " "), 1),
        Line(quoted(prose(known.text, PUBLIC_TEXT_LIMIT))),
    ]
    approve = draft_presses.ApproveDraft(incident.id, known.number, known.edits)
    approving = pressing(signed("✔️", yes(words, known)), approve, Style.SUCCESS)
    discarding = pressing(signed("✖️", words("Discard")), draft_presses.DiscardDraft(incident.id, known.number))
    return Rendered(message(lines), side_by_side(known, approving, discarding))


def side_by_side(known: Draft, approving: Button, discarding: Button) -> Rows:
    """The yes that publishes needs the whole width of a phone for its words."""
    return ((approving,), (discarding,)) if known.audience == STATUS_PAGE else ((approving, discarding),)


def yes(words: Words, known: Draft) -> Piece:
    """What the button of a yes says: the status page is published to at once."""
    return words("Approve and publish") if known.audience == STATUS_PAGE else words("Approve")


def _head(view: TellView, known: Draft) -> Piece:
    """`📣 INC-7: draft for the status page · first word`."""
    words = view.words
    about = {"incident": text(view.incident.id), "audience": audience(words, known.audience)}
    return joined((words("📣 {incident}: draft for {audience}", **about), moment(words, known.moment)))


def _proactive(view: TellView, known: Draft) -> Piece:
    """Why they are told at all, where the severity does not say so."""
    if not known.proactive or known.audience in view.rules.severity(view.incident.severity).external:
        return Piece()
    return view.words("Beta phase: customers hear of every issue.")


def _decides(view: TellView) -> Piece:
    words, role = view.words, approver(view.rules.plan)
    if role == view.rules.plan.roles[-1]:
        return words("Decides: {role}.", role=naming.role(words, role))
    return words("Decides: {role} or above.", role=naming.role(words, role))


def _approved(view: TellView, known: Draft, by: DraftApproved) -> Rendered:
    words, incident = view.words, view.incident
    who = naming.actor(words, view.rules.roster, by.by)
    about = {"who": who, "time": clock(words, by.at, view.now)}
    if known.audience == STATUS_PAGE:
        head = words("📣 {incident}: on the status page · {who}, {time}", incident=incident.id, **about)
        return Rendered(message([Line(bold(head)), Line(quoted(prose(by.text, PUBLIC_TEXT_LIMIT)))]))
    to = audience(words, known.audience)
    if known.sent is not None:
        sender = naming.actor(words, view.rules.roster, known.sent.by)
        about = {"who": sender, "time": clock(words, known.sent.at, view.now)}
        head = words("📤 {incident}: sent to {audience} · {who}, {time}", incident=incident.id, audience=to, **about)
        return Rendered(message([Line(bold(head)), Line(quoted(prose(by.text, PUBLIC_TEXT_LIMIT)))]))
    head = words("📤 {incident}: to be sent by hand to {audience}", incident=incident.id, audience=to)
    lines = [
        Line(bold(head)),
        Line(words("Approved by {who}, {time}.", **about), 1),
        Line(preformatted(prose(by.text, PUBLIC_TEXT_LIMIT))),
    ]
    sent = pressing(signed("✔️", words("Sent")), draft_presses.DraftSent(incident.id, known.number))
    return Rendered(message(lines), ((*_copy(words, by.text), sent),))


def _copy(words: Words, written: str) -> tuple[Button, ...]:
    """Copies the text with one tap, where Telegram's button takes it; else a tap on the text itself does."""
    return (Button(signed("📋", words("Copy")), copy=written),) if len(written) <= COPIED_LIMIT else ()


def _gone(view: TellView, known: Draft, why: Piece) -> Rendered:
    return Rendered(message([Line(_head(view, known)), Line(why)]))
