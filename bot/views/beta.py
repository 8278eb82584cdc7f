"""The beta launch in words: that it begins, goes on and ends, what applies, and health checks that begin to fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.actors import Responder
from bot.domain.beta import BetaSchedule, Period
from bot.domain.beta_events import BetaChanged, CheckSeen
from bot.domain.beta_looks import next_digest
from bot.domain.plan import Plan
from bot.domain.rules import Rules
from bot.domain.wall_clock import next_time_of_day, next_time_of_week
from bot.views import naming
from bot.views.answers import toast
from bot.views.html import Line, Piece, bold, joined, message, opening, text
from bot.views.rendered import Rendered
from bot.views.times import clock, duration
from bot.views.translations import Words

CHECKS_NAMED = 6
"""More failing checks at once are counted."""
REASON_LIMIT = 120
HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_TO_THE_MINUTE = 2 * HOUR


@dataclass(frozen=True, slots=True)
class BetaView:
    """What is known when it is said."""

    rules: Rules
    now: datetime
    words: Words


def changed(view: BetaView, event: BetaChanged) -> Rendered:
    """A launch or a phase that began, goes on longer or ended, for the responders: with what applies from now on."""
    if event.launch is not None:
        head = _goes_on(view, event, event.launch) if event.launch_before else _on(view, event.launch)
        lines = [head, *_rules_of_launch(view, event.launch), *_phase(view, event.phase)]
        return _message([*lines, _by(view, event)])
    if event.phase is not None:
        ended = view.words("🏁 The beta launch is over: the usual times apply again")
        head = ended if event.launch_before else view.words("🚀 The beta phase has begun")
        return _message([head, *_phase(view, event.phase), _by(view, event)])
    return _message([_over(view, event), _by(view, event)])


def changed_for_stakeholders(view: BetaView, event: BetaChanged) -> Rendered:
    """The same for those who wait for news: what they will read, and when."""
    words = view.words
    if event.launch is not None:
        head = _goes_on(view, event, event.launch) if event.launch_before else _on(view, event.launch)
        return _message([head, _digests(view, event.launch)])
    if event.launch_before is not None:
        end = words("🏁 The beta launch is over") if event.phase else words("🏁 The beta launch and its phase are over")
        return _message([end, words("Digests end here; news of incidents comes as usual.")])
    if event.phase is not None:
        return _message([words("🚀 The beta phase has begun")])
    return _message([words("🏁 The beta phase is over")])


def status(view: BetaView, schedule: BetaSchedule) -> Rendered:
    """`/beta status`: what is on, until when, and what applies."""
    words, launch, phase = view.words, schedule.launch_at(view.now), schedule.phase_at(view.now)
    if launch is not None:
        return _message([_head(view, launch), *_rules_of_launch(view, launch), *_phase(view, phase)])
    following = schedule.next_launch(view.now)
    begins = Piece()
    if following is not None:
        begins = words("The plan's launch begins {time}.", time=clock(words, following.since, view.now))
    if phase is not None:
        return _message([words("Beta launch: off. The phase goes on."), *_phase(view, phase), begins])
    how = words("/beta on 2d switches it on: stricter times, hourly digests, and reviews after it.")
    return _message([words("Beta is off: the usual times apply"), begins, how])


def _head(view: BetaView, launch: Period) -> Piece:
    """Which hour it is; before the first is over how long it goes on."""
    hours = hours_of(launch, view.now)
    where = view.words("hour {hour} of {hours}", **hours)
    if not hours["hour"]:
        where = view.words("{length} to go", length=duration(view.words, _left(view, launch)))
    return joined((_on(view, launch), where))


def _left(view: BetaView, launch: Period) -> timedelta:
    """To the hour, and in its last hours to the minute, as a person would say it."""
    left = launch.until - view.now
    step = HOUR if left > _TO_THE_MINUTE else _MINUTE
    return max(round(left / step), 1) * step


def health_news(
    view: BetaView, failed: Sequence[CheckSeen], recovered: Sequence[CheckSeen], failing_still: int
) -> Rendered:
    """Checks that fail since the last look, and those that are well again."""
    words = view.words
    lines = [
        words("🔴 Health check {check} fails: {why}", check=text(check.name), why=text(check.reason, REASON_LIMIT))
        for check in failed[:CHECKS_NAMED]
    ]
    if len(failed) > CHECKS_NAMED:
        lines.append(words("{n} more", n=len(failed) - CHECKS_NAMED))
    lines += [
        words("🟢 Health check {check} is well again", check=text(check.name)) for check in recovered[:CHECKS_NAMED]
    ]
    others = failing_still - len(failed)
    if others > 0:
        lines.append(words.plural("{n} other still fails", "{n} others still fail", others))
    if failed:
        lines.append(words("Is it an incident? /incident TITLE declares it."))
    return _message(lines)


def digest_sent(words: Words, rules: Rules) -> str:
    """The answer to `/digest`: where it goes."""
    if rules.roster.chats.stakeholders is not None:
        return toast(words("The digest goes to the stakeholders"))
    return toast(words("The digest goes to the responders, as there is no chat for stakeholders"))


def hours_of(launch: Period, at: datetime) -> dict[str, int]:
    """Which hour of how many, as a digest counts them."""
    done = min(max(at - launch.since, timedelta()), launch.length)
    return {"hour": done // HOUR, "hours": max(1, round(launch.length / HOUR))}


def _on(view: BetaView, launch: Period) -> Piece:
    return view.words("🚀 Beta launch is on until {time}", time=clock(view.words, launch.until, view.now))


def _goes_on(view: BetaView, event: BetaChanged, launch: Period) -> Piece:
    until = clock(view.words, launch.until, view.now)
    before = event.launch_before
    if before is not None and launch.until < before.until:
        return view.words("🚀 Beta launch now ends {time}", time=until)
    return view.words("🚀 Beta launch goes on until {time}", time=until)


def _rules_of_launch(view: BetaView, launch: Period) -> tuple[Piece, ...]:
    words, beta = view.words, view.rules.plan.beta
    answer = words("Every alert is to be answered within {length}", length=duration(words, beta.respond_within))
    told = Piece()
    if beta.escalate_to:
        who = naming.roles(words, beta.escalate_to)
        told = words("{who} hears of every issue at once", who=who)
    checks = Piece()
    if view.rules.plan.health_checks:
        checks = words("Health is checked {every}", every=_every(words, beta.health_check_every))
    return (joined((answer, told)), joined((checks, _digests(view, launch))))


def _digests(view: BetaView, launch: Period) -> Piece:
    every = _every(view.words, view.rules.plan.beta.digest_every)
    following = next_digest(view.rules.plan, launch, view.now)
    if following is None:
        return Piece()
    return view.words("digest {every}, next {time}", every=every, time=clock(view.words, following, view.now))


def _every(words: Words, length: timedelta) -> Piece:
    return words("every hour") if length == HOUR else words("every {length}", length=duration(words, length))


def _phase(view: BetaView, phase: Period | None) -> tuple[Piece, ...]:
    if phase is None:
        return ()
    return (
        view.words("Beta phase until {time}", time=clock(view.words, phase.until, view.now)),
        _reviews(view, phase),
    )


def _reviews(view: BetaView, phase: Period) -> Piece:
    """The next reviews that still lie in the phase."""
    plan, words = view.rules.plan, view.words
    daily, weekly = _next_daily(plan, view.now), _next_weekly(plan, view.now)
    said: list[Piece] = []
    if daily is not None and daily < phase.until:
        said.append(words("daily {time}", time=clock(words, daily, view.now)))
    if weekly is not None and weekly < phase.until:
        said.append(words("weekly {time}", time=clock(words, weekly, view.now)))
    return words("Next reviews: {reviews}", reviews=joined(said)) if said else Piece()


def _next_daily(plan: Plan, now: datetime) -> datetime | None:
    at = plan.beta.daily_review_at
    return None if at is None else next_time_of_day(now, at, plan.timezone)


def _next_weekly(plan: Plan, now: datetime) -> datetime | None:
    rhythm = plan.beta.weekly_review
    return None if rhythm is None else next_time_of_week(now, rhythm.weekday, rhythm.at, plan.timezone)


def _over(view: BetaView, event: BetaChanged) -> Piece:
    if event.launch_before is not None:
        return view.words("🏁 Beta is over: the usual times apply again, and digests and reviews end")
    return view.words("🏁 The beta phase is over: daily and weekly reviews end")


def _by(view: BetaView, event: BetaChanged) -> Piece:
    if not isinstance(event.by, Responder):
        return Piece()
    return view.words("set by {who}", who=naming.actor(view.words, view.rules.roster, event.by))


def _message(pieces: Sequence[Piece]) -> Rendered:
    first, *rest = pieces
    return Rendered(message([Line(bold(first)), *(Line(opening(piece), 1) for piece in rest)]))
