"""To whom each event of the team's log is told, and when it may happen: by the plan, the roster and the log alone."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.domain.actors import System
from bot.domain.beta_events import BetaChanged, BetaLooked, BetaReviewed, BetaSet
from bot.domain.intents import Audience, Digest, DigestPicture, TeamPing, TeamTell
from bot.domain.team import TeamRules
from bot.domain.team_events import HandedOver, RowsNeverRead, RowsRead, TeamEvent, UnreachableNamed
from bot.domain.team_telling import TeamIntent
from tests.domain.team_facts import DAY, TeamFacts


def amiss(rules: TeamRules, log: tuple[TeamEvent, ...], new: int, intents: Iterable[TeamIntent]) -> Iterator[str]:
    """What is told that nobody names, what is not told that should be, and what happens out of its time."""
    said = {intent.key: intent for intent in intents}
    for number in range(len(log) - new + 1, len(log) + 1):
        event, before = log[number - 1], TeamFacts(rules, log[: number - 1])
        named = {intent.key for intent in told(before, event, number)}
        here = {key for key, intent in said.items() if intent.number == number}
        said = {key: intent for key, intent in said.items() if key not in here}
        yield from (f"nobody names this: {key} of {event}" for key in here - named)
        yield from (f"this is not told: {key} of {event}" for key in named - here)
        if not timely(before, event):
            yield f"not now: {event}"
    yield from (f"of no event of this decision: {key}" for key in said)


def told(before: TeamFacts, event: TeamEvent, number: int) -> Iterator[TeamIntent]:
    """Whom an event is told."""
    match event:
        case HandedOver() if before.handed_to() not in (None, event.people):
            yield TeamTell(number=number)
            yield from (TeamPing(number=number, person=it) for it in event.people if it not in event.before)
        case UnreachableNamed() if event.people:
            yield TeamTell(number=number)
        case RowsNeverRead():
            yield TeamTell(number=number)
        case RowsRead() if set(event.rows) & _called_unreadable(before):
            yield TeamTell(number=number)
        case BetaChanged() if _stood(before) != (event.launch, event.phase):
            yield TeamTell(number=number)
            if before.rules.roster.chats.stakeholders is not None:
                yield TeamTell(number=number, audience=Audience.STAKEHOLDERS)
        case BetaLooked():
            yield from _of_a_look(before, event, number)
        case BetaReviewed():
            yield TeamTell(number=number)
        case _:
            return


def _of_a_look(before: TeamFacts, event: BetaLooked, number: int) -> Iterator[TeamIntent]:
    """A check that begins to fail concerns whoever hears of every issue, while a launch is on that asks for that."""
    failing = {check.name for check in event.checks if not check.ok}
    known = before.failing() & {check.name for check in event.checks}
    if failing != known:
        yield TeamTell(number=number)
    by_the_launch = not event.asked or before.launch_at(event.at) is not None
    if failing - known and by_the_launch:
        people, roles = before.rules.roster.people, set(before.rules.plan.beta.escalate_to)
        named = (name for name, it in people.items() if roles & {*it.roles, "team"})
        yield from (TeamPing(number=number, person=name) for name in named)
    if event.asked or event.digest_for is not None:
        yield Digest(number=number)
        if any(figure.value is not None for figure in event.figures):
            yield DigestPicture(number=number)


def timely(before: TeamFacts, event: TeamEvent) -> bool:  # noqa: PLR0911 - one flat table of the events
    """Whether it may happen at its time."""
    match event:
        case HandedOver():
            return event.people == before.on_call(event.at) and event.before == (before.handed_to() or ())
        case UnreachableNamed():
            named = before.last(UnreachableNamed)
            known = set(event.people) <= set(before.rules.roster.people)
            return known and (named is None or before.opening_after(named.at) <= event.at)
        case BetaSet():
            on = before.launch_at(event.at)
            return event.since == event.at or (on is not None and on.since <= event.since < event.at)
        case BetaChanged():
            return (event.launch, event.phase) == (before.launch_at(event.at), before.phase_at(event.at))
        case BetaLooked():
            return before.is_member(event.by) if event.asked else _is_due(before, event)
        case BetaReviewed():
            return _is_owed(before, event)
        case _:
            return True


def _is_due(before: TeamFacts, event: BetaLooked) -> bool:
    """At a time by the rhythm of a launch, once, and not when the next comes anyway. Nothing without a launch."""
    launch, plan = before.launch_until(event.at), before.rules.plan.beta
    if launch is None or not isinstance(event.by, System) or event.health_for is event.digest_for is None:
        return False
    looks = [look for look in before.every(BetaLooked) if not look.asked]
    health = event.health_for is None or (
        launch.since <= event.at < launch.until
        and _newest(event.health_for, launch.since, plan.health_check_every, event.at)
        and all(look.health_for is None or look.health_for < event.health_for for look in looks)
    )
    digest = event.digest_for is None or (
        launch.since < event.digest_for <= launch.until
        and _newest(event.digest_for, launch.since, plan.digest_every, min(event.at, launch.until))
        and event.at < event.digest_for + plan.digest_every
        and all(look.digest_for is None or look.digest_for < event.digest_for for look in looks)
    )
    return health and digest


def _newest(at: datetime, since: datetime, every: timedelta, now: datetime) -> bool:
    """Whether it is the last time by the rhythm that is not after now."""
    return (at - since) % every == timedelta() and at <= now < at + every


def _is_owed(before: TeamFacts, event: BetaReviewed) -> bool:
    """Every day and every week of the phase that was told of, once, over all since the last; at its end all of it."""
    told_of = before.last(BetaChanged)
    phase = told_of.phase if told_of else None
    if phase is None or event.until != min(event.at, phase.until):
        return False
    if event.closing:
        plan = before.rules.plan.beta
        reviewed = plan.daily_review_at is not None or plan.weekly_review is not None
        return reviewed and before.phase_at(event.at) is None and event.until - event.since >= DAY
    since = before.reviewed_until(weekly=event.weekly)
    due = before.review_after(since, weekly=event.weekly) if since is not None else None
    return event.since == since and due is not None and due <= event.at and due < phase.until


def _stood(before: TeamFacts) -> tuple[object, object]:
    """How launch and phase were last known to stand."""
    known = before.last(BetaChanged)
    return (known.launch, known.phase) if known else (None, None)


def _called_unreadable(before: TeamFacts) -> set[str]:
    """The rows that were told to be unreadable, and were not read since."""
    read = {row for event in before.every(RowsRead) for row in event.rows}
    return {row for event in before.every(RowsNeverRead) for row in event.rows} - read
