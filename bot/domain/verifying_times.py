"""When a verification ends or breaks: a function of the incident's state, like all timers. Written plan, Phase 4."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.acting import Run
from bot.domain.acting_events import ActionEnding, ActionFinished
from bot.domain.incident import Incident, Status
from bot.domain.resolving import Verification
from bot.domain.resolving_events import WhyBroken
from bot.domain.rules import Rules

VERIFY = "verify:"
BROKEN = f"{VERIFY}broken"
END = f"{VERIFY}end"

LATE = timedelta(minutes=5)
"""How long after its end a watch may wait for a last look at its metrics; then it ends without."""

NEVER_BEGAN = frozenset({126, 127})
"""Exit statuses of a shell that found no such command, or may not run it: no verdict on the fix (POSIX, 2.8.2)."""


@dataclass(frozen=True, slots=True)
class Breakage:
    """What takes it back to the response, by its title."""

    why: WhyBroken
    what: str


def verification_timers(rules: Rules, incident: Incident) -> dict[str, datetime]:
    """The timers of a fix under watch: key -> when it falls due, in UTC. What broke it is due since its beginning."""
    watch = watch_of(incident)
    if watch is None:
        return {}
    if breakage(rules, incident, watch) is not None:
        return {BROKEN: watch.since}
    if watch.metrics:
        return {END: watch.until + LATE}
    run = run_of(incident, watch)
    return {END: watch.since if run is not None and run.ended is not None else watch.until}


def waits_for_a_look(incident: Incident, key: str) -> bool:
    """Whether a timer may only fire by itself: by whoever has looked what the metrics did until then.

    The bot may have been down until now. A press or an alert that comes before that look must not end the watch.
    """
    watch = watch_of(incident)
    return key == END and watch is not None and bool(watch.metrics)


def watch_of(incident: Incident) -> Verification | None:
    """The watch over a fix, while there is one."""
    return incident.resolution.verification if incident.status is Status.VERIFYING else None


def breakage(rules: Rules, incident: Incident, watch: Verification) -> Breakage | None:
    """What shows that it is not over: an alert that fires anew, a row of the matrix, or a test that failed."""
    anew = [alert for alert in incident.firing if alert.fingerprint not in watch.fired_before]
    if anew:
        return Breakage(WhyBroken.ALERT, anew[0].name)
    if watch.tripped is not None:
        return Breakage(WhyBroken.TRIGGER, watch.tripped)
    run = run_of(incident, watch)
    if run is not None and failed(run):
        return Breakage(WhyBroken.ACTION, rules.plan.actions[run.action].title)
    return None


def run_of(incident: Incident, watch: Verification) -> Run | None:
    """The last run of the verification's action that ended, or goes on, during the watch."""
    runs = [run for run in incident.acting.runs if run.action == watch.action]
    return next((run for run in reversed(runs) if run.ended is None or run.ended.at >= watch.since), None)


def never_began(run: Run) -> bool:
    """Whether a run ended without having begun: it could not be run at all."""
    end = run.ended
    if not isinstance(end, ActionFinished):
        return False
    return end.ending is ActionEnding.NOT_STARTED or (end.ending is ActionEnding.EXITED and end.code in NEVER_BEGAN)


def failed(run: Run) -> bool:
    """Whether a run says that the fix does not hold. One that never began, or whose end nobody knows, says nothing."""
    end = run.ended
    if run.ok or never_began(run) or not isinstance(end, ActionFinished):
        return False
    return end.ending not in {ActionEnding.NOT_ANSWERED, ActionEnding.STOPPED}
