"""A page: a private message to one person, and the form it takes once the incident has moved on."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.acting import Decision
from bot.domain.events import PageCause
from bot.domain.incident import Incident, Status
from bot.domain.rules import ON_CALL, Rules
from bot.domain.timers import deadlines
from bot.views import damage, deciding, naming, presence
from bot.views.damage import Reading
from bot.views.due_next import due_next
from bot.views.fallback import fallback
from bot.views.headline import TITLE_LIMIT, headline, holder, sign
from bot.views.html import BLANK, Line, Piece, bold, italic, joined, message, opening, text
from bot.views.keyboard import Row, ack_button
from bot.views.rendered import Button, Rendered
from bot.views.times import clock
from bot.views.translations import Words

REASON_LIMIT = 300
DECISIONS_SHOWN = 3
"""More questions at once than anybody answers from a lock screen; the thread has all of them."""
_SUPERGROUP = "-100"


@dataclass(frozen=True, slots=True)
class PageView:
    """All that a page is made of.

    `number` is the number of the event that caused it: with the incident's id it is what tells one page from another.
    `first_at` is when it was sent first, for one that may arrive twice. `card_url` opens the card.
    """

    rules: Rules
    incident: Incident
    now: datetime
    words: Words
    person: str
    cause: PageCause
    number: int
    first_at: datetime | None = None
    card_url: str | None = None
    readings: tuple[Reading, ...] = ()


def page(view: PageView) -> Rendered:
    """The page as it should look now: asking for an answer, or saying that none is wanted any more."""
    words, incident = view.words, view.incident
    asks = wants_answer(view.rules, incident, view.person)
    return Rendered(
        message(
            [
                Line(headline(words, incident, _sign(view, asks=asks), _who(view, asks=asks))),
                Line(bold(text(incident.title, TITLE_LIMIT))),
                Line(_broken(view), 2),
                Line(_reason(view, asks=asks), 3),
                *(Line(deciding.question(view.words, view.rules, each), 1) for each in _to_decide(view)),
                BLANK,
                *(Line(piece, 1) for piece in _what_next(view, asks=asks)),
                Line(_number(view, asks=asks), 4),
            ]
        ),
        _buttons(view, asks=asks),
        silent=not asks and incident.holder != view.person and not _to_decide(view),
    )


def wants_answer(rules: Rules, incident: Incident, person: str) -> bool:
    """Whether this person's Ack would be taken: nobody has it, or a call for their authority waits."""
    if incident.status is Status.UNANSWERED:
        return True
    call = incident.escalation
    if not incident.is_open or call is None or incident.holder == person:
        return False
    return person in call.people or rules.authority_of(person) >= max(rules.plan.authority(call.role), 1)


def card_address(chat_id: int, message_id: int) -> str | None:
    """Where a message of a supergroup can be opened by its members; a basic group's has no address."""
    chat = str(chat_id)
    return f"https://t.me/c/{chat.removeprefix(_SUPERGROUP)}/{message_id}" if chat.startswith(_SUPERGROUP) else None


def _to_decide(view: PageView) -> tuple[Decision, ...]:
    """The open decisions that are this person's to make."""
    return deciding.waiting_for(view.rules, view.incident, view.person)[:DECISIONS_SHOWN]


def _sign(view: PageView, *, asks: bool) -> str:
    if _to_decide(view):
        return "⏪"
    return "🚨" if asks else sign(view.rules, view.incident)


def _who(view: PageView, *, asks: bool) -> Piece:
    words, incident = view.words, view.incident
    if _to_decide(view):
        return words("your decision is asked")
    if incident.is_open and incident.holder == view.person:
        return words("you have it")
    if not asks:
        return holder(words, view.rules, incident)
    return _asked(view)


def _asked(view: PageView) -> Piece:  # noqa: PLR0911 - one flat table of causes
    words = view.words
    match view.cause:
        case PageCause.REPEAT:
            return words("still nobody has it")
        case PageCause.ESCALATION | PageCause.ASSIGNED:
            return words("you are called")
        case PageCause.UNANSWERED:
            return words("nobody answered, you are next")
        case PageCause.UNREACHABLE:
            return words("others can't be reached, you are next")
        case PageCause.HANDOVER:
            return words("you are on call now, nobody has it")
        case PageCause.DECISION:
            return words("a decision is asked")
        case PageCause.BETA:
            return words("beta launch: you hear of every issue")
        case PageCause.STEP:
            on_call = view.person in view.rules.people_with(ON_CALL, view.now)
            return words("you are on call") if on_call else words("nobody has it yet")


def _broken(view: PageView) -> Piece:
    words, incident = view.words, view.incident
    figures = damage.readings(words, view.rules, view.readings)
    since = damage.since(words, incident, view.now) if incident.is_open else Piece()
    return opening(joined((figures, damage.alerts(words, incident), damage.services(words, incident), since)))


def _reason(view: PageView, *, asks: bool) -> Piece:
    call = view.incident.escalation
    if call is None or not asks:
        return Piece()
    role = naming.role(view.words, call.role)
    silence = presence.why_called(view.words, view.rules, view.incident, view.now)
    if silence:
        return silence
    if not call.reason:
        return view.words("{role} is called for.", role=role)
    return view.words("{role} is called for: {reason}", role=role, reason=text(call.reason, REASON_LIMIT))


def _what_next(view: PageView, *, asks: bool) -> tuple[Piece, ...]:
    words, incident = view.words, view.incident
    if not incident.is_open:
        return (words("Nothing is asked of you any more."),)
    if incident.holder == view.person:
        return due_next(words, view.rules, incident, view.now)
    if not asks:
        return () if _to_decide(view) else (words("For your information: nothing is asked of you now."),)
    if incident.status is Status.UNANSWERED:
        return (joined((_answer_by(view), _if_nobody(view)), " "),)
    return (
        words("{who} has it; with Ack you take it over.", who=naming.person(view.rules.roster, incident.holder or "?")),
    )


def _answer_by(view: PageView) -> Piece:
    by = deadlines(view.rules, view.incident).respond_by
    if by is None:
        return Piece()
    time = clock(view.words, by, view.now)
    if by <= view.now:
        return view.words("An answer was due by {time}.", time=time)
    return view.words("Answer by {time}.", time=time)


def _if_nobody(view: PageView) -> Piece:
    step = fallback(view.rules, view.incident, view.now)
    if step is None:
        return Piece()
    if step.whole_team:
        return view.words("If nobody does: the whole team.")
    others = [person for person in step.people if person != view.person]
    if not others:
        return Piece()
    return view.words("If nobody does: {who}.", who=naming.people_with_titles(view.words, view.rules, others))


def _number(view: PageView, *, asks: bool) -> Piece:
    """Which call it is, as long as it calls: for an answer, or for a decision."""
    words = view.words
    if not asks and not _to_decide(view):
        return Piece()
    if view.first_at is None:
        return italic(words("page {number}", number=view.number))
    first = clock(words, view.first_at, view.now)
    return italic(words("page {number}, first at {time}", number=view.number, time=first))


def _buttons(view: PageView, *, asks: bool) -> tuple[Row, ...]:
    ack = (ack_button(view.words, view.incident),) if asks else ()
    opens = (Button(view.words("Open the card").plain, url=view.card_url),) if view.card_url else ()
    row = (*ack, *opens)
    answers = tuple(deciding.answer_row(view.words, view.incident, each) for each in _to_decide(view))
    return (*answers, row) if row else answers
