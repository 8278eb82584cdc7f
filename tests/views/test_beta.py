"""A beta launch as it is read: that it begins and ends, what applies, digests, failing checks and reviews."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.beta import BetaSchedule, Period
from bot.domain.beta_events import BetaChanged, BetaLooked, BetaReviewed, CheckSeen, FigureSeen
from bot.domain.lookback import Cause, History, Kept, Lookback, ToDo
from bot.domain.review import ActionItem
from bot.views.beta import BetaView, changed, changed_for_stakeholders, digest_sent, health_news, status
from bot.views.beta_review import BetaReviewView, review
from bot.views.digest import DigestView, digest, picture
from bot.views.rendered import Rendered
from bot.views.translations import Words
from tests.views.scenes import ANNA, ENGLISH, MONITOR, NOON, ROSTER, RUSSIAN, Scene, lines, rules, scene

BOTH = pytest.mark.parametrize("words", [ENGLISH, RUSSIAN])
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAUNCH = Period(since=NOON - 9 * HOUR, until=NOON + 39 * HOUR)
PHASE = Period(since=LAUNCH.since, until=LAUNCH.since + 14 * DAY)
LONGER = Period(since=LAUNCH.since, until=LAUNCH.until + DAY)
WELL, AWAY = CheckSeen(name="api", ok=True), CheckSeen(name="db", ok=False, reason="HTTP 503: <away>")
NEVER = Kept(0, 0, None)


def a_view(words: Words = ENGLISH) -> BetaView:
    """What is known at noon."""
    return BetaView(rules(), NOON, words)


def a_change(before: tuple[Period | None, Period | None], after: tuple[Period | None, Period | None]) -> BetaChanged:
    """A change that Anna made."""
    return BetaChanged(
        at=NOON, by=ANNA, launch_before=before[0], phase_before=before[1], launch=after[0], phase=after[1]
    )


OFF, ON, AFTER = (None, None), (LAUNCH, PHASE), (None, PHASE)


@pytest.mark.parametrize(
    ("before", "after", "responders", "stakeholders"),
    [
        (OFF, ON, "Beta launch is on until", "Beta launch is on until"),
        (ON, (LONGER, PHASE), "Beta launch goes on until", "Beta launch goes on until"),
        ((LONGER, PHASE), ON, "Beta launch now ends", "Beta launch now ends"),
        (ON, AFTER, "The beta launch is over", "The beta launch is over"),
        (ON, OFF, "Beta is over", "The beta launch and its phase are over"),
        (AFTER, OFF, "The beta phase is over", "The beta phase is over"),
        (OFF, AFTER, "The beta phase has begun", "The beta phase has begun"),
    ],
)
def test_what_has_changed(
    before: tuple[Period | None, Period | None],
    after: tuple[Period | None, Period | None],
    responders: str,
    stakeholders: str,
) -> None:
    """The first line says it, to the responders with who did it."""
    event = a_change(before, after)
    told = lines(changed(a_view(), event))
    assert responders in told[0]
    assert told[-1] == "Set by Anna"
    calm = lines(changed_for_stakeholders(a_view(), event))
    assert stakeholders in calm[0]
    assert "Anna" not in "\n".join(calm)


def test_by_itself_nobody_did_it() -> None:
    """Nabat does not sign what the plan says."""
    event = a_change(OFF, ON).model_copy(update={"by": MONITOR})
    assert "set by" not in "\n".join(lines(changed(a_view(), event))).lower()


@BOTH
@pytest.mark.parametrize("schedule", [BetaSchedule(), BetaSchedule((LAUNCH,), (PHASE,)), BetaSchedule((), (PHASE,))])
def test_status_is_short(words: Words, schedule: BetaSchedule) -> None:
    """What is on, until when and what applies; never a wall."""
    assert 2 <= len(lines(status(a_view(words), schedule))) <= 5


def status_of(launch: Period) -> str:
    """The first line of the status while it is on."""
    return lines(status(a_view(), BetaSchedule((launch,))))[0]


def test_status_says_the_hour_and_when_the_next_launch_comes() -> None:
    """While it is on, and before it."""
    assert lines(status(a_view(), BetaSchedule((LAUNCH,), (PHASE,))))[0].endswith("hour 9 of 48")
    assert status_of(Period(since=NOON - HOUR / 2, until=NOON + 47.5 * HOUR)).endswith("· 2 d to go")
    assert status_of(Period(since=NOON - HOUR / 4, until=NOON + HOUR / 4)).endswith("· 15 min to go")
    coming = Period(since=NOON + DAY, until=NOON + 3 * DAY)
    assert "The plan's launch begins" in "\n".join(lines(status(a_view(), BetaSchedule((coming,)))))


def test_a_plan_that_asks_for_little_is_told_in_little() -> None:
    """No checks, nobody told of everything, no reviews, digests every two hours."""
    bare = rules().plan.model_copy(update={"health_checks": ()})
    beta = bare.beta.model_copy(
        update={"escalate_to": (), "daily_review_at": None, "weekly_review": None, "digest_every": 2 * HOUR}
    )
    view = replace(a_view(), rules=replace(rules(), plan=bare.model_copy(update={"beta": beta})))
    told = lines(status(view, BetaSchedule((LAUNCH,), (PHASE,))))
    assert told[1] == "Every alert is to be answered within 5 min"
    assert told[2].startswith("Digest every 2 h, next")
    assert not any("review" in line for line in told)


def test_near_the_end_nothing_is_promised_that_lies_after_it() -> None:
    """No next digest after the launch, no review after the phase."""
    launch = Period(since=NOON - 2.5 * HOUR, until=NOON + HOUR / 4)
    told = "\n".join(lines(status(a_view(), BetaSchedule((launch,), (launch,)))))
    assert "digest" not in told
    assert "review" not in told


@BOTH
def test_failing_checks_are_few_lines(words: Words) -> None:
    """Twenty that fail at once are counted; what else still fails is, too."""
    many = tuple(CheckSeen(name=f"check-{number}", ok=False, reason="no answer") for number in range(20))
    assert len(lines(health_news(a_view(words), many, (WELL,), 25))) == 10
    assert len(lines(health_news(a_view(words), (), (WELL,), 0))) == 1


def a_digest(
    *histories: History,
    checks: tuple[CheckSeen, ...] = (WELL,),
    figures: dict[str, float | None] | None = None,
    launch: Period | None = LAUNCH,
    words: Words = ENGLISH,
    **past: object,
) -> Rendered:
    """The digest of noon."""
    values = {"error_rate": 0.0002, "latency_p95": 0.031} if figures is None else figures
    event = BetaLooked(
        at=NOON,
        by=MONITOR,
        digest_for=NOON,
        checks=checks,
        figures=tuple(FigureSeen(metric=name, value=value) for name, value in values.items()),
    )
    known: dict[str, object] = {"alerts": {}, "declared": (), "resolved": (), "answered": (), **past}
    back = Lookback(
        since=NOON - HOUR,
        until=NOON,
        still_open=histories,
        response=NEVER,
        resolution=NEVER,
        **known,  # pyright: ignore[reportArgumentType] - the fields of a Lookback by name
    )
    return digest(DigestView(a_view(words), event, back, launch))


def shown_of(rendered: Rendered) -> list[str]:
    """The lines, with plain spaces between a number and its unit."""
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines(rendered)]


def a_history(what: Scene) -> History:
    """A scene as a digest knows it."""
    return History(what.rules, what.incident, what.log)


def test_all_is_well() -> None:
    """A figure a line, as calm as it is."""
    assert shown_of(a_digest()) == [
        "🚀 Beta launch, hour 9 of 48 · 12:00 UTC · all well",
        "Health 1 of 1",
        "Error rate 0.02 % ✓",
        "Latency P95 31 ms ✓",
        "Last hour: no alert · open: none",
        "Next digest 13:00 UTC",
    ]


@pytest.mark.parametrize(
    ("checks", "figures", "verdict"),
    [
        ((WELL,), {"error_rate": 0.0, "latency_p95": None}, "not all is known"),
        ((WELL,), {}, "all well"),
        ((), {}, "not all is known"),
        ((WELL, AWAY), {"error_rate": 0.07}, "2 things are not well"),
        ((WELL,), {"gone": 1.0}, "all well"),
    ],
)
def test_the_verdict(checks: tuple[CheckSeen, ...], figures: dict[str, float | None], verdict: str) -> None:
    """What is not known is never called well, and what is not well comes first."""
    assert lines(a_digest(checks=checks, figures=figures))[0].endswith(verdict)


def test_what_is_not_well_is_named() -> None:
    """A failing check, a figure outside of its target, one that is unknown, what is open; no alert's text."""
    it = a_history(scene())
    shown = "\n".join(shown_of(a_digest(it, checks=(WELL, AWAY), figures={"error_rate": 0.07, "latency_p95": None})))
    assert "Health 1 of 2: db fails (HTTP 503: <away>)\nError rate 7 % ✗\nLatency P95 unknown" in shown
    assert f"open: 🔴 {it.incident.id} (SEV-1)" in shown
    assert it.incident.title not in shown
    assert "Metrics unknown" in "\n".join(lines(a_digest(figures={"error_rate": None})))
    assert "no checks in the plan" in "\n".join(lines(a_digest(checks=())))


@pytest.mark.parametrize(
    ("past", "said"),
    [
        ({"alerts": {"A": 1}, "answered": (timedelta(seconds=48),)}, "Last hour: 1 alert, answered in 48 s"),
        ({"alerts": {"A": 2, "B": 1}, "answered": (HOUR / 4, HOUR / 2)}, "3 alerts, answered in 30 min at most"),
    ],
)
def test_how_alerts_were_answered(past: dict[str, object], said: str) -> None:
    """The slowest of several."""
    assert said in "\n".join(lines(a_digest(**past)))  # pyright: ignore[reportArgumentType] - fields by name


def test_what_nobody_has_yet() -> None:
    """And what is over; many are counted."""
    it = a_history(scene())
    shown = "\n".join(lines(a_digest(*[it] * 10, declared=(it,), resolved=(it,))))
    assert "1 incident, 1 not answered yet" in shown
    assert f"resolved: {it.incident.id} (SEV-1)" in shown
    assert "2 more" in shown


def test_outside_of_a_launch_and_at_its_end() -> None:
    """A digest that is asked for names no hour; the last one promises no other."""
    assert lines(a_digest(launch=None))[0].startswith("📋 Digest · 12:00 UTC")
    last = Period(since=NOON - 48 * HOUR, until=NOON)
    shown = lines(a_digest(launch=last))
    assert "hour 48 of 48" in shown[0]
    assert not any("Next digest" in line for line in shown)
    ends = Period(since=NOON - HOUR, until=NOON + HOUR / 2)
    assert lines(a_digest(launch=ends))[-1] == "The launch ends 12:30 UTC"


def test_another_rhythm_is_named() -> None:
    """`Last 2 h`, where digests come every two hours."""
    event = BetaLooked(at=NOON, by=MONITOR, asked=True)
    beta = rules().plan.beta.model_copy(update={"digest_every": 2 * HOUR})
    there = replace(rules(), plan=rules().plan.model_copy(update={"beta": beta}))
    back = Lookback(NOON - 2 * HOUR, NOON, {}, (), (), (), (), NEVER, NEVER)
    shown = digest(DigestView(BetaView(there, NOON, ENGLISH), event, back, None))
    assert "Last 2 h: no alert" in "\n".join(lines(shown))


@BOTH
def test_the_picture_and_the_answer(words: Words) -> None:
    """A caption that says what it shows; where the digest goes."""
    assert picture(a_view(words), "x0tta6bl4", b"png").photo == b"png"
    assert digest_sent(words, rules())
    chats = ROSTER.chats.model_copy(update={"stakeholders": None})
    alone = replace(rules(), roster=ROSTER.model_copy(update={"chats": chats}))
    assert digest_sent(words, alone) != digest_sent(words, rules())


def a_review(back: Lookback, *, weekly: bool, words: Words = ENGLISH, phase: Period | None = PHASE) -> list[str]:
    """The lines of a review at noon."""
    event = BetaReviewed(at=NOON, by=MONITOR, weekly=weekly, since=back.since, until=back.until)
    return lines(review(BetaReviewView(a_view(words), event, back, phase)))


@BOTH
@pytest.mark.parametrize("weekly", [False, True])
def test_a_review_is_no_wall(words: Words, *, weekly: bool) -> None:
    """Twenty incidents and thirty kinds of alerts: a dozen lines or so, the rest counted."""
    it = a_history(scene())
    every = tuple(replace(it, incident=replace(it.incident, id=f"INC-{number}")) for number in range(20))
    alerts = {f"Alert{number}": 3 for number in range(30)}
    back = replace(
        Lookback(NOON - DAY, NOON, alerts, every, (), every, (HOUR,), Kept(1, 3, HOUR), Kept(0, 1, None)),
        causes=tuple(Cause(f"Cause {number} " + "x" * 300, 2) for number in range(20)),
        without_cause=3,
        places=tuple((f"service-{number}", 2) for number in range(20)),
        to_do=tuple(a_to_do(it, number, "y" * 300, DAY) for number in range(20)),
    )
    assert len(a_review(back, weekly=weekly, words=words)) <= 16


def a_to_do(of: History, number: int, text: str, ahead: timedelta) -> ToDo:
    """What Anna is to do by a day so far ahead."""
    item = ActionItem(number, text, "anna", (NOON + ahead).date(), ANNA, NOON - DAY)
    return ToDo(of, item, overdue=ahead < timedelta())


def test_a_quiet_day() -> None:
    """In two lines."""
    back = Lookback(NOON - DAY, NOON, {}, (), (), (), (), NEVER, NEVER)
    assert a_review(back, weekly=False, phase=None) == [
        "📋 Daily review · Jan 19, 12:00 – Jan 20, 12:00 UTC",
        "No alert and no incident. Nothing is open.",
    ]


def test_a_week_s_patterns() -> None:
    """Which severities, what recurs, which times held."""
    it = a_history(scene())
    back = Lookback(NOON - DAY, NOON, {"A": 4, "B": 1}, (it, it), (), (), (HOUR,), Kept(1, 2, HOUR), Kept(1, 1, None))
    shown = a_review(back, weekly=True)
    assert shown[1:] == [
        "5 alerts · 2 incidents · none is open",
        "2 × SEV-1",
        "Recurring: A 4×",
        "Answered in time: 1 of 2, typically 1 h",
        "Over in time: 1 of 1",
        "",
        "No action item is open",
    ]


def test_a_week_s_causes_and_what_is_still_to_be_done() -> None:
    """The most frequent causes, how many have none, and each open action item with its owner and its day."""
    it = a_history(scene())
    items = (a_to_do(it, 1, "Raise the <pool>", -3 * DAY), a_to_do(it, 2, "Alert on it", DAY))
    back = Lookback(NOON - DAY, NOON, {}, (it,), (it,), (), (), NEVER, NEVER)
    causes = (Cause("Pool exhausted", 3, ("pay", "<b>")), Cause("B", 2), Cause("C", 1), Cause("D", 1))
    places = (("pay", 3), ("<b>", 2), ("search", 1))
    shown = a_review(replace(back, causes=causes, without_cause=2, places=places, to_do=items), weekly=True)
    assert shown[4:] == [
        "Causes: Pool exhausted 3× (pay, <b>) · B 2× · C 1× · 1 more · 2 not written down",
        "Where: pay 3×, <b> 2×",
        "",
        "2 action items open · 1 overdue",
        "⚠️ INC-7 · Raise the <pool> · Anna · was due Jan 17",
        "⬜ INC-7 · Alert on it · Anna · by tomorrow",
    ]
    many = tuple(a_to_do(it, number, "x", DAY) for number in range(9))
    assert a_review(replace(back, to_do=many), weekly=True)[-1] == "4 more"
    assert a_review(replace(back, to_do=many), weekly=False)[-1] == it.incident.title
