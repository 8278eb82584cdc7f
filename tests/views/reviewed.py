"""Incidents that were lived through and reviewed: what post-incident documents are tested with."""

from base64 import b64decode
from datetime import date, timedelta

from bot.domain.acting_commands import FinishAction, StartAction
from bot.domain.acting_events import ActionEnding
from bot.domain.actors import System
from bot.domain.alerts import Alert, AlertStatus
from bot.domain.commands import (
    Acknowledge,
    Assign,
    ChangeSeverity,
    DescribeImpact,
    Note,
    PostUpdate,
    Resolve,
    TakeAlerts,
)
from bot.domain.resolving_commands import DescribeFix, NameCause
from bot.domain.review_commands import (
    CloseReview,
    CreateActionItem,
    LearnLesson,
    SettleActionItem,
    TickDocumentation,
)
from bot.domain.review_events import Documentation, LessonKind
from bot.settings.files import load_plan
from bot.views.charts.model import Series
from bot.views.postmortem.measured import Course, Measured, NotMeasured
from bot.views.postmortem.view import PostmortemView
from bot.views.translations import Words
from tests.views.scenes import ANNA, BORIS, ENGLISH, MONITOR, NOON, Scene, at, scene

NASTY = (
    "# Owned\n\n<script>alert(1)</script> <img src=x onerror=alert(2)> ![x](http://evil.example/p.png) "
    "[click](javascript:alert(3)) | **bold** `code` https://evil.example www.evil.example @everyone \u202egnp.exe "
    "&lt;b&gt; ~~gone~~ --> ]]> </style></td></table> \x00 1. one - [ ] two \\"
)
"""Text as an attacker would put it into an alert."""


def an_alert(minutes: float, *, firing: bool, summary: str = "More than 5 % of requests fail") -> Alert:
    """The alert of the story, which began two minutes before noon."""
    return Alert(
        fingerprint="a",
        status=AlertStatus.FIRING if firing else AlertStatus.RESOLVED,
        labels={"alertname": "HighErrorRate", "service": "payments-api"},
        summary=summary,
        starts_at=NOON - timedelta(minutes=2),
        ends_at=None if firing else at(minutes),
    )


def a_story() -> Scene:
    """An incident from its alert over a rollback to its review, which is closed."""
    told = scene("SEV-2", "High error rate on payments-api", alerts=(an_alert(0, firing=True),))
    told.do(4, Acknowledge(ANNA)).do(6, ChangeSeverity(ANNA, "SEV-1", "payments are failing"))
    told.do(7, DescribeImpact(ANNA, "About 7 % of card payments fail.\nRefunds are not affected."))
    told.do(9, Note(BORIS, "Release 4.2.1 went out at 11:55, it halves the connection pool"))
    told.do(11, Assign(ANNA, "boris"))
    told.do(12, StartAction(BORIS, "rollback", confirmed=True, seen=0))
    told.do(14, FinishAction(System(), told.incident.acting.runs[-1].number, ActionEnding.EXITED, code=0))
    told.do(20, PostUpdate(BORIS, "Rolled back 4.2.1, errors are falling. Next news in 30 minutes."))
    told.wait(29).do(29, TakeAlerts(MONITOR, (an_alert(28, firing=False),)))
    told.wait(60).do(60, Resolve(BORIS, "Rolled back, errors are at 0.02 %"))
    told.do(80, NameCause(BORIS, "Release 4.2.1 halved the connection pool"))
    told.do(81, DescribeFix(BORIS, "Rolled back to 4.2.0; 4.2.2 restores the pool"))
    told.do(90, LearnLesson(ANNA, "The rollback took two minutes", LessonKind.WENT_WELL))
    told.do(91, LearnLesson(BORIS, "Nobody watched the connection pool", LessonKind.COULD_BE_BETTER))
    told.do(92, LearnLesson(BORIS, "The staging load test has a tenth of the real connections"))
    told.do(93, CreateActionItem(ANNA, "Alert on connections in use above 80 %", "anna", date(2026, 1, 23)))
    told.do(94, CreateActionItem(ANNA, "Load test with the production pool size", "boris", date(2026, 1, 30)))
    told.do(95, SettleActionItem(ANNA, 1)).do(96, TickDocumentation(ANNA, Documentation.RUNBOOKS))
    return told.do(97, CloseReview(BORIS, "The rest is followed up with release 4.2.2"))


def a_nasty_story() -> Scene:
    """The same people, and text from outside that wants to be markup, everywhere it can stand."""
    told = scene("SEV-1", " ".join(NASTY.split())[:290], alerts=(an_alert(0, firing=True, summary=NASTY),))
    told.do(1, Acknowledge(ANNA)).do(2, DescribeImpact(ANNA, NASTY)).do(3, PostUpdate(ANNA, NASTY))
    told.do(4, Note(ANNA, NASTY)).do(5, Resolve(ANNA, NASTY))
    told.do(6, NameCause(ANNA, NASTY)).do(6, DescribeFix(ANNA, NASTY))
    for kind in LessonKind:
        told.do(6, LearnLesson(ANNA, NASTY, kind))
    return told.do(7, CreateActionItem(ANNA, NASTY[:290], "anna")).do(8, CloseReview(ANNA, NASTY))


DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
"""The smallest picture there is."""


def measured(png: bytes | None = DOT) -> Measured:
    """What the metrics of the story were: errors that end with the rollback, a gap in the latency, two pods' memory."""
    metrics = load_plan().metrics
    return Measured(
        at(-10),
        at(70),
        timedelta(minutes=10),
        (
            Course(
                "error_rate", metrics["error_rate"], (_series("Error rate", 0, 0.072, 0.071, 0.0002, 0, 0, 0, 0, 0),)
            ),
            Course("latency_p95", metrics["latency_p95"], (_series("Latency P95", 0.03, 0.43, None, None, 0.03),)),
            Course(
                "throughput", metrics["throughput"], (_series("web-1", 6420, 5100, 6300), _series("web-2", 6500, 6400))
            ),
            Course("memory_ratio", metrics["memory_ratio"], (_series("Memory", 0.4, 0.5),)),
        ),
        png,
    )


def _series(name: str, *values: float | None) -> Series:
    """A value every ten minutes."""
    return Series(name, tuple((at(10 * index - 10).timestamp(), value) for index, value in enumerate(values)))


def viewed(
    told: Scene, minutes: float = 120, words: Words = ENGLISH, measured: Measured | NotMeasured | None = None
) -> PostmortemView:
    """The story as a document shows it so many minutes after noon."""
    return PostmortemView(told.rules, told.incident, told.log, at(minutes), words, measured)
