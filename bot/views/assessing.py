"""The assessment as people read it: one question at a time, all answers at a glance, two short lines on the card."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.assessment import Finding
from bot.domain.assessment_events import CHOICES, IMPACT, SCOPE, Answer, Aspect
from bot.domain.incident import Incident, Status
from bot.domain.rules import Rules
from bot.views import incident_presses, naming
from bot.views.headline import severity
from bot.views.html import BLANK, Line, Piece, bold, italic, joined, message, text
from bot.views.keyboard import Row, Rows, pressing, signed
from bot.views.panel_presses import AnswerAspect, AskAspect, SetFlag, ShowAssessment
from bot.views.rendered import Button, Rendered, Style
from bot.views.times import clock
from bot.views.translations import Words, listed, mark

FLAGS_OFFERED = 4
IN_A_ROW = 2

_QUESTIONS = {
    Aspect.NODES: mark("One node or several?"),
    Aspect.SERVICES: mark("One service or several?"),
    Aspect.REGIONS: mark("Which regions: one, several, all?"),
    Aspect.USERS: mark("How many users are affected?"),
    Aspect.BUSINESS: mark("Does it cost revenue or SLA?"),
    Aspect.SECURITY: mark("Is security affected?"),
}
_NAMES = {
    Aspect.NODES: mark("nodes"),
    Aspect.SERVICES: mark("services"),
    Aspect.REGIONS: mark("regions"),
    Aspect.USERS: mark("users affected"),
    Aspect.BUSINESS: mark("business impact"),
    Aspect.SECURITY: mark("security impact"),
}
_LABELS = {
    Aspect.NODES: mark("Nodes"),
    Aspect.SERVICES: mark("Services"),
    Aspect.REGIONS: mark("Regions"),
    Aspect.USERS: mark("Users"),
    Aspect.BUSINESS: mark("Business"),
    Aspect.SECURITY: mark("Security"),
}
_SAID = {
    (Aspect.NODES, Answer.ONE): mark("one node"),
    (Aspect.NODES, Answer.SEVERAL): mark("several nodes"),
    (Aspect.SERVICES, Answer.ONE): mark("one service"),
    (Aspect.SERVICES, Answer.SEVERAL): mark("several services"),
    (Aspect.REGIONS, Answer.ONE): mark("one region"),
    (Aspect.REGIONS, Answer.SEVERAL): mark("several regions"),
    (Aspect.REGIONS, Answer.ALL): mark("all regions"),
    (Aspect.USERS, Answer.NONE): mark("no users affected"),
    (Aspect.USERS, Answer.FEW): mark("few users affected"),
    (Aspect.USERS, Answer.MANY): mark("many users affected"),
    (Aspect.USERS, Answer.ALL): mark("all users affected"),
    (Aspect.BUSINESS, Answer.NONE): mark("no business impact"),
    (Aspect.BUSINESS, Answer.REVENUE): mark("costs revenue"),
    (Aspect.BUSINESS, Answer.SLA): mark("costs SLA"),
    (Aspect.BUSINESS, Answer.REVENUE_AND_SLA): mark("costs revenue and SLA"),
    (Aspect.SECURITY, Answer.NONE): mark("no security impact"),
    (Aspect.SECURITY, Answer.SUSPECTED): mark("breach suspected"),
    (Aspect.SECURITY, Answer.CONFIRMED): mark("breach confirmed"),
}
_SHORT = {
    (Aspect.NODES, Answer.ONE): mark("One"),
    (Aspect.NODES, Answer.SEVERAL): mark("Several"),
    (Aspect.SERVICES, Answer.ONE): mark("One"),
    (Aspect.SERVICES, Answer.SEVERAL): mark("Several"),
    (Aspect.REGIONS, Answer.ONE): mark("One"),
    (Aspect.REGIONS, Answer.SEVERAL): mark("Several"),
    (Aspect.REGIONS, Answer.ALL): mark("All of them"),
    (Aspect.USERS, Answer.NONE): mark("None"),
    (Aspect.USERS, Answer.FEW): mark("Few"),
    (Aspect.USERS, Answer.MANY): mark("Many"),
    (Aspect.USERS, Answer.ALL): mark("All"),
    (Aspect.BUSINESS, Answer.NONE): mark("Neither"),
    (Aspect.BUSINESS, Answer.REVENUE): mark("Revenue"),
    (Aspect.BUSINESS, Answer.SLA): mark("SLA"),
    (Aspect.BUSINESS, Answer.REVENUE_AND_SLA): mark("Revenue and SLA"),
    (Aspect.SECURITY, Answer.NONE): mark("Not affected"),
    (Aspect.SECURITY, Answer.SUSPECTED): mark("Breach suspected"),
    (Aspect.SECURITY, Answer.CONFIRMED): mark("Breach confirmed"),
}
"""On a button below its question, where the question need not be said again: what fits half a phone's width."""
_UNKNOWN_LISTED = 4
_UNKNOWN_NAMED = 3
"""Of more than are listed so many are named: the card stays a card on a phone."""
_MISSED_FIRST = (Aspect.USERS, Aspect.REGIONS, Aspect.NODES, Aspect.SERVICES, Aspect.BUSINESS, Aspect.SECURITY)
"""What a reader of the card misses most stands first."""


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """All that the panel is made of."""

    rules: Rules
    incident: Incident
    now: datetime
    words: Words


def said(words: Words, aspect: Aspect, answer: Answer) -> Piece:
    """An answer in a sentence: `many users affected`; of what is not known, that it is not."""
    if answer is Answer.DONT_KNOW:
        return words("{what}: not known yet", what=words(_NAMES[aspect]))
    return words(_SAID[aspect, answer])


def known_line(words: Words, incident: Incident) -> Piece:
    """`🧭 many users affected, one region, several nodes`: all that is known, in one line of the card."""
    known = incident.assessment.known
    if not known:
        return Piece()
    found = listed(said(words, aspect, known[aspect].answer) for aspect in (*IMPACT, *SCOPE) if aspect in known)
    return joined((text("🧭"), found), " ")


def unknown_line(words: Words, incident: Incident) -> Piece:
    """`Not known yet: users affected, regions`, from when somebody has it; nothing once all is answered."""
    open_questions = incident.assessment.unknown
    begun = incident.status is not Status.UNANSWERED or incident.assessment.findings
    if not open_questions or not begun:
        return Piece()
    missing = [words(_NAMES[aspect]) for aspect in _MISSED_FIRST if aspect in open_questions]
    if len(missing) > _UNKNOWN_LISTED:
        named, rest = listed(missing[:_UNKNOWN_NAMED]), len(missing) - _UNKNOWN_NAMED
        return words("Not known yet: {what} and {n} more", what=named, n=rest)
    return words("Not known yet: {what}", what=listed(missing))


def first_question(incident: Incident) -> Aspect | None:
    """What is asked first: the first that nobody has spoken about; None once everything was asked."""
    return next((aspect for aspect in Aspect if aspect not in incident.assessment.findings), None)


def question(view: AssessmentView, aspect: Aspect) -> Rendered:
    """One question, its answers as buttons, and what was answered before."""
    words, incident = view.words, view.incident
    head = words(
        "🧭 {incident} · question {number} of {all}",
        incident=incident.id,
        number=list(Aspect).index(aspect) + 1,
        all=len(Aspect),
    )
    before = incident.assessment.known.get(aspect)
    lines = [Line(bold(head)), Line(words(_QUESTIONS[aspect])), Line(_answered(view, aspect, before), 1)]
    return Rendered(message(lines), _choices(view, aspect))


def overview(view: AssessmentView) -> Rendered:
    """Every question with its answer, who gave it and when; a button each to answer or to change it."""
    words, incident = view.words, view.incident
    known = incident.assessment.known
    head = words("🧭 {incident} · {known} of {all} known", incident=incident.id, known=len(known), all=len(Aspect))
    lines = [_aspect_line(view, aspect, known.get(aspect)) for aspect in Aspect]
    how = words("Tap to answer or to change. To say it in your own words, reply to this message.")
    rows = tuple(tuple(_ask(view, aspect) for aspect in group) for group in (SCOPE, IMPACT))
    return Rendered(message([Line(bold(head)), *lines, BLANK, Line(italic(how), 1)]), (*rows, *_flag_rows(view)))


def offer(view: AssessmentView) -> Rendered:
    """A breach was confirmed: what the plan has for that, to be chosen. Nothing of it happens by itself."""
    words, incident = view.words, view.incident
    head = words("🧭 {incident} · security breach confirmed", incident=incident.id)
    ask = words("Set the flag that fits? It is told to those who decide.")
    if not _flags_to_set(view):
        ask = words("Raise the severity?")
    skip = pressing(words("Not now").plain, ShowAssessment(incident.id))
    return Rendered(message([Line(bold(head)), Line(ask)]), (*_flag_rows(view), *_severity_rows(view), (skip,)))


def offers_something(view: AssessmentView) -> bool:
    """Whether a confirmed breach leaves something to set or to raise."""
    return view.incident.is_open and bool(_flags_to_set(view) or _severity_rows(view))


def _aspect_line(view: AssessmentView, aspect: Aspect, finding: Finding | None) -> Line:
    words = view.words
    if finding is None:
        return Line(joined((text("⬜"), words("{what}: not known yet", what=words(_NAMES[aspect]))), " "))
    who = naming.actor(words, view.rules.roster, finding.by)
    when = clock(words, finding.at, view.now, zone=False)
    answer = _capitalized(said(words, aspect, finding.answer))
    return Line(joined((joined((text("✅"), answer), " "), italic(joined((who, when), " ")))))


def _answered(view: AssessmentView, aspect: Aspect, finding: Finding | None) -> Piece:
    if finding is None:
        return Piece()
    words = view.words
    who = naming.actor(words, view.rules.roster, finding.by)
    when = clock(words, finding.at, view.now)
    return italic(
        words("So far: {answer} ({who}, {time})", answer=said(words, aspect, finding.answer), who=who, time=when)
    )


def _choices(view: AssessmentView, aspect: Aspect) -> Rows:
    words, incident = view.words, view.incident
    place = list(Aspect).index(aspect)
    answers = [
        pressing(words(_SHORT[aspect, answer]).plain, AnswerAspect(incident.id, place, number), _style(answer))
        for number, answer in enumerate(CHOICES[aspect], start=1)
    ]
    dont_know = pressing(words("Don't know yet").plain, AnswerAspect(incident.id, place, 0))
    every = pressing(signed("☰", words("All answers")), ShowAssessment(incident.id))
    return (*_in_pairs(answers), (dont_know, every))


def _style(answer: Answer) -> Style | None:
    return Style.DANGER if answer is Answer.CONFIRMED else None


def _ask(view: AssessmentView, aspect: Aspect) -> Button:
    sign = "✅" if aspect in view.incident.assessment.known else "⬜"
    return pressing(signed(sign, view.words(_LABELS[aspect])), AskAspect(view.incident.id, list(Aspect).index(aspect)))


def _flags_to_set(view: AssessmentView) -> tuple[tuple[int, str], ...]:
    """The plan's flags that are not set yet, with their places, while a breach is confirmed."""
    incident = view.incident
    if not incident.is_open or incident.assessment.security is not Answer.CONFIRMED:
        return ()
    unset = ((n, flag) for n, flag in enumerate(view.rules.plan.flags) if flag not in incident.acting.flags)
    return tuple(unset)[:FLAGS_OFFERED]


def _flag_rows(view: AssessmentView) -> Rows:
    buttons = [
        pressing(f"🚩 {naming.in_words(view.words, flag).plain}", SetFlag(view.incident.id, place), Style.DANGER)
        for place, flag in _flags_to_set(view)
    ]
    return _in_pairs(buttons)


def _severity_rows(view: AssessmentView) -> Rows:
    rank = view.rules.plan.rank(view.incident.severity)
    if not rank:
        return ()
    label = signed("🎚", view.words("Only {severity}", severity=severity(next(iter(view.rules.plan.severities)))))
    return ((pressing(label, incident_presses.ChooseSeverity(view.incident.id, 0, rank)),),)


def _capitalized(sentence: Piece) -> Piece:
    return text(sentence.plain[:1].upper() + sentence.plain[1:])


def _in_pairs(buttons: list[Button]) -> tuple[Row, ...]:
    return tuple(tuple(buttons[start : start + IN_A_ROW]) for start in range(0, len(buttons), IN_A_ROW))
