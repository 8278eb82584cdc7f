"""What stands in a post-incident document, and in which words."""

from collections.abc import Iterator

from babel.dates import format_date

from bot.domain.events import Resolved
from bot.domain.incident import Status
from bot.domain.incident_measures import Promise
from bot.domain.review_events import LessonKind
from bot.domain.review_facts import (
    Finding,
    ReviewFacts,
    first_severity,
)
from bot.views import naming
from bot.views.assessing import known_line
from bot.views.headline import severity
from bot.views.html import Piece, joined, text
from bot.views.outside_text import clean
from bot.views.plan_words import of_plan
from bot.views.postmortem.aftermath import action_items, checklists, follow_up, lessons, people, runs, timeline
from bot.views.postmortem.document import (
    Block,
    Document,
    Figure,
    Figures,
    Mark,
    Paragraph,
    Section,
)
from bot.views.postmortem.findings import learned
from bot.views.postmortem.metrics import metrics
from bot.views.postmortem.view import TEXT_LIMIT, PostmortemView, when
from bot.views.times import duration, planned, zone_name
from bot.views.translations import Words, listed

TITLE_LIMIT = 300
ALERTS_NAMED = 5


def document(view: PostmortemView) -> Document:
    """The document as it stands now; of an open incident, so far."""
    words, incident = view.words, view.incident
    facts = view.facts
    sections = (
        Section(words("Summary").plain, tuple(_summary(view, facts))),
        Section(words("Key figures").plain, (Figures(tuple(_figures(view, facts))),)),
        Section(words("Impact").plain, tuple(_impact(view, facts))),
        *_optional(words("Metrics").plain, metrics(view)),
        Section(words("Cause and fix").plain, tuple(_cause_and_fix(view))),
        Section(words("What went well").plain, tuple(learned(view, facts, LessonKind.WENT_WELL))),
        Section(words("What could be better").plain, tuple(learned(view, facts, LessonKind.COULD_BE_BETTER))),
        *_optional(words("Lessons").plain, lessons(view)),
        Section(words("Action items").plain, tuple(action_items(view))),
        Section(words("Timeline").plain, tuple(timeline(view))),
        Section(words("Who was called, and who had it").plain, tuple(people(view, facts))),
        *_optional(words("Decisions and actions").plain, runs(view)),
        *_optional(words("Checklists").plain, checklists(view)),
        Section(words("Follow-up").plain, tuple(follow_up(view))),
    )
    written = words(
        "Written by Nabat from the log of {incident} at {time}. Times are in {zone}.",
        incident=incident.id,
        time=when(view, view.now),
        zone=zone_name(view.now.astimezone(words.zone)),
    )
    title = joined((text(incident.id), text(incident.title, TITLE_LIMIT)), ": ")
    return Document(words.language, title.plain, tuple(_labels(view, facts)), sections, written.plain)


def summary(view: PostmortemView) -> tuple[str, ...]:
    """What the document says first, one sentence each."""
    return tuple(block.text for block in _summary(view, view.facts) if isinstance(block, Paragraph))


def _labels(view: PostmortemView, facts: ReviewFacts) -> Iterator[str]:
    words, incident = view.words, view.incident
    if incident.drill:
        yield words("DRILL").plain
    rated = view.rules.plan.severities.get(incident.severity)
    yield joined((severity(incident.severity), of_plan(words, rated.title) if rated else Piece()), " ").plain
    if incident.status is Status.RESOLVED:
        yield words("resolved").plain
    elif incident.status is Status.MERGED:
        yield words("merged into {incident}", incident=incident.merged_into or "?").plain
    else:
        yield words("still open").plain
    local = incident.declared_at.astimezone(words.zone)
    yield format_date(local, format="long", locale=words.language)
    if facts.impact.length is not None:
        yield duration(words, facts.impact.length).plain


def _summary(view: PostmortemView, facts: ReviewFacts) -> Iterator[Block]:
    words, incident = view.words, view.incident
    yield Paragraph(joined((_how_it_began(view), _who_took_it(view, facts), _how_it_ended(view, facts)), " ").plain)
    for line in clean(incident.description).splitlines() if incident.description != incident.title else ():
        yield Paragraph(line, quiet=True)
    if incident.last_update is not None:
        said = text(incident.last_update.text, TEXT_LIMIT)
        yield Paragraph(words("The last update: {text}", text=said).plain)
    ends = [event.reason for event in view.history if isinstance(event, Resolved) and event.reason]
    if ends and incident.status is Status.RESOLVED:
        yield Paragraph(words("At the end: {text}", text=text(ends[-1], TEXT_LIMIT)).plain)


def _how_it_began(view: PostmortemView) -> Piece:
    words, incident = view.words, view.incident
    at, rated = (
        when(view, incident.declared_at),
        severity(first_severity(view.rules, view.history) or incident.severity),
    )
    if not incident.alerts:
        who = naming.actor(words, view.rules.roster, incident.declared_by)
        return words("{who} declared it at {time} as {severity}.", who=who, time=at, severity=rated)
    names = tuple(dict.fromkeys(alert.name for alert in incident.alerts.values()))
    shown = [text(name) for name in names[:ALERTS_NAMED]]
    rest = len(names) - len(shown)
    alerts = listed([*shown, words("{n} more", n=rest)] if rest else shown)
    return words.plural(
        "The alert {alerts} made it an incident at {time}, as {severity}.",
        "The alerts {alerts} made it an incident at {time}, as {severity}.",
        len(names),
        alerts=alerts,
        time=at,
        severity=rated,
    )


def _who_took_it(view: PostmortemView, facts: ReviewFacts) -> Piece:
    words = view.words
    if facts.acknowledgement is None or not facts.holders:
        return words("Nobody took it.")
    who = naming.person(view.rules.roster, facts.holders[0].person)
    return words("{who} had it after {length}.", who=who, length=duration(words, facts.acknowledgement))


def _how_it_ended(view: PostmortemView, facts: ReviewFacts) -> Piece:
    words, incident = view.words, view.incident
    if incident.status is Status.MERGED:
        return words("It was carried on as {incident}.", incident=incident.merged_into or "?")
    if incident.resolved_at is None or facts.recovery is None or incident.resolved_by is None:
        return words("It is still open.")
    who = naming.actor(words, view.rules.roster, incident.resolved_by)
    at, length = when(view, incident.resolved_at), duration(words, facts.recovery)
    return words("{who} resolved it at {time}, {length} after it was declared.", who=who, time=at, length=length)


def _figures(view: PostmortemView, facts: ReviewFacts) -> Iterator[Figure]:
    words = view.words
    promised = view.rules.plan.severities.get(view.incident.severity)
    unknown = words("not known").plain
    soon = Finding.DETECTED_SOON in facts.findings
    detection_mark = Mark.PLAIN if facts.detection is None else Mark.GOOD if soon else Mark.BAD
    yield Figure(
        words("Detection (MTTD)").plain,
        unknown if facts.detection is None else duration(words, facts.detection).plain,
        words("no alert declared it").plain if facts.detection is None else words("from the alert's start").plain,
        detection_mark,
    )
    within = planned(words, promised.respond_within) if promised else Piece()
    yield Figure(
        words("Acknowledgement (MTTA)").plain,
        words("nobody").plain if facts.acknowledgement is None else duration(words, facts.acknowledgement).plain,
        *_against(words, within, facts.held(Promise.RESPONSE)),
    )
    within = planned(words, promised.resolve_within) if promised else Piece()
    yield Figure(
        words("Recovery (MTTR)").plain,
        words("still open").plain if facts.recovery is None else duration(words, facts.recovery).plain,
        *_against(words, within, facts.held(Promise.RESOLUTION)),
    )
    if facts.impact.length is not None:
        length = duration(words, facts.impact.length).plain
        yield Figure(words("Impact").plain, length, words("from the first sign to the last").plain)
    updates = facts.of(Promise.UPDATE)
    if updates:
        held = sum(outcome.held for outcome in updates)
        value = words("{n} of {all} in time", n=held, all=len(updates)).plain
        yield Figure(words("Status updates").plain, value, mark=Mark.GOOD if held == len(updates) else Mark.BAD)
    if view.incident.alerts:
        yield Figure(words("Alerts").plain, str(len(view.incident.alerts)))


def _against(words: Words, within: Piece, held: bool | None) -> tuple[str, Mark]:
    if held is None or not within:
        return "", Mark.PLAIN
    if held:
        return words("promised within {length}: held", length=within).plain, Mark.GOOD
    return words("promised within {length}: missed", length=within).plain, Mark.BAD


def _impact(view: PostmortemView, facts: ReviewFacts) -> Iterator[Block]:
    words, incident = view.words, view.incident
    start = when(view, facts.impact.start)
    if facts.impact.end is not None and facts.impact.length is not None:
        end, length = when(view, facts.impact.end), duration(words, facts.impact.length)
        yield Paragraph(words("From {start} to {end}, {length}.", start=start, end=end, length=length).plain)
    else:
        yield Paragraph(words("Since {start}.", start=start).plain)
    if scope := known_line(words, incident):
        yield Paragraph(scope.plain)
    if incident.impact is None:
        yield Paragraph(words("Nobody has described it yet: /impact TEXT").plain, quiet=True)
        return
    yield from (Paragraph(line) for line in clean(incident.impact).splitlines())


def _cause_and_fix(view: PostmortemView) -> Iterator[Block]:
    words, resolution = view.words, view.incident.resolution
    for known, said, missing in (
        (resolution.cause, words("The root cause: "), words("The root cause is not written down yet: /cause TEXT")),
        (resolution.fix, words("The fix: "), words("The fix is not written down yet: /fix TEXT")),
    ):
        if known is None:
            yield Paragraph(missing.plain, quiet=True)
            continue
        first, *rest = clean(known.text).splitlines()
        yield Paragraph(said.plain + first)
        yield from (Paragraph(line) for line in rest)


def _optional(title: str, blocks: Iterator[Block]) -> tuple[Section, ...]:
    found = tuple(blocks)
    return (Section(title, found),) if found else ()
