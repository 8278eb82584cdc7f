"""Threads, stakeholders, pings, timelines and answers: every event and every refusal has words in both languages."""

from typing import Any, get_args

import pytest

from bot.domain import acting_rejections, draft_rejections, events, rejections, review_rejections
from bot.domain.acting_events import ActionEnding, WhyAsked, WhyRefused
from bot.domain.actors import Stranger, System
from bot.domain.assessment_events import Answer, Aspect
from bot.domain.commands import Acknowledge, DescribeImpact, Escalate, PostUpdate, Resolve, TakeAlerts
from bot.domain.crew_events import IncidentRole
from bot.domain.events import PageCause
from bot.domain.following_events import BetaFollowed
from bot.domain.measures import Verdict
from bot.domain.plan_communication import Moment
from bot.domain.rejections import Rejection
from bot.domain.resolving_events import WhyBroken, WhyUnverified
from bot.domain.review_events import Documentation, LessonKind
from bot.views.answers import (
    TOAST_LIMIT,
    could_not_save,
    done,
    no_open_incident,
    not_set_up,
    stale_button,
    unknown_command,
    unknown_incident,
    usage,
)
from bot.views.outside_text import utf16_length
from bot.views.refusals import refused
from bot.views.rendered import Rendered
from bot.views.stakeholders import stakeholders
from bot.views.tell import ping, thread
from bot.views.tell_view import TellView
from bot.views.timeline import line
from bot.views.timeline_pages import PER_PAGE, TimelinePage, file_line, first_of, timeline, whole
from bot.views.translations import Words
from bot.views.verbs import Verb
from tests.views.scenes import (
    ANNA,
    BORIS,
    ENGLISH,
    MONITOR,
    NOON,
    ROSTER,
    RUSSIAN,
    Scene,
    alert,
    at,
    flat,
    labels,
    lines,
    read,
    rules,
    scene,
)

NASTY = "<b>&\u202e" + "🔥" * 900
BY: dict[str, Any] = {"at": NOON, "by": ANNA}
ONE_OF_EACH: tuple[events.Event, ...] = (
    events.Declared(**BY, title=NASTY, severity="SEV-1", plan="p"),
    events.AlertsChanged(**BY, alerts=(alert("A", service=NASTY[:900]), alert("B", firing=False))),
    events.Retitled(**BY, title=NASTY),
    events.Paged(**BY, cause=PageCause.STEP, people=("anna", "gone")),
    events.PageHandedOver(**BY, person="anna"),
    events.PageFailed(**BY, person="clara", reason=NASTY),
    events.ReachableAgain(**BY, person="clara"),
    events.Acknowledged(**BY, person="anna"),
    events.Assigned(**BY, person="boris"),
    events.SeverityChanged(**BY, before="SEV-2", severity="SEV-1", reason=NASTY),
    events.Escalated(**BY, role="team_lead", reason=NASTY),
    events.ResponseOverdue(**BY, deadline=NOON),
    events.ResolutionOverdue(**BY, deadline=NOON),
    events.Noted(**BY, text=NASTY),
    events.ImpactDescribed(**BY, text=NASTY),
    events.UpdatePosted(**BY, text=NASTY),
    events.UpdateReminded(**BY, due=NOON),
    events.UpdateOverdue(**BY, due=NOON),
    events.UpdateSnoozed(**BY, until=at(10), reason=NASTY),
    events.InformationGathered(**BY, text=NASTY),
    events.RunbookStepTicked(**BY, runbook=NASTY, step=0, text=NASTY),
    events.RunbookStepTicked(**BY, runbook=NASTY, step=0, text=NASTY, done=False),
    events.Silenced(**BY, silence="s", what=NASTY, until=at(60), alerts=3, reason=NASTY),
    events.Unsilenced(**BY, silence="s"),
    events.UpdateEscalated(**BY, due=NOON, role="team_lead", people=("boris",)),
    events.UpdateEscalated(**BY, due=NOON, role="team", people=()),
    events.SnoozeExplained(**BY, reason=NASTY),
    events.RoleGiven(**BY, role=IncidentRole.SCRIBE, person="anna", before="boris"),
    events.RoleGiven(**BY, role=IncidentRole.COMMANDER, person="boris"),
    events.RoleGiven(**BY, role=IncidentRole.COMMUNICATIONS, person=None),
    events.HolderAsked(**BY, person="anna"),
    events.HolderSilent(**BY, person="anna", since=NOON, role="team_lead", people=("boris",)),
    events.HolderSilent(**BY, person="anna", since=NOON, role="team"),
    events.HolderThere(**BY, ended_call=True),
    events.Assessed(**BY, aspect=Aspect.USERS, answer=Answer.MANY),
    events.Assessed(**BY, aspect=Aspect.SECURITY, answer=Answer.DONT_KNOW),
    events.ChecklistTicked(**BY, item="impact", text=NASTY),
    events.ChecklistTicked(**BY, item="impact", text=NASTY, done=False),
    events.EvidenceAdded(**BY, item="impact", text=NASTY, evidence=NASTY),
    events.CauseFound(**BY, text=NASTY),
    events.FixDescribed(**BY, text=NASTY),
    events.DraftOffered(**BY, audience=NASTY, moment=Moment.DECLARED, text=NASTY),
    events.DraftsAwaited(
        **BY, drafts=(4, 5), audiences=(NASTY, "customers"), since=NOON, role="team_lead", people=("boris",), times=1
    ),
    events.DraftsAwaited(**BY, drafts=(4,), audiences=("customers",), since=NOON, role="cto", people=(), times=3),
    events.DraftEdited(**BY, draft=4, text=NASTY),
    events.DraftApproved(**BY, draft=4, audience="status_page", moment=Moment.UPDATE, text=NASTY),
    events.DraftApproved(**BY, draft=4, audience=NASTY, moment=Moment.RESOLVED, text=NASTY),
    events.DraftDiscarded(**BY, draft=4, audience="customers"),
    events.DraftRefused(**BY, draft=4, why=WhyRefused.AUTHORITY, role="team_lead"),
    events.DraftSent(**BY, draft=4, audience=NASTY),
    events.VerificationStarted(**BY, until=at(30), metrics=("error_rate", NASTY), action="smoke_tests", reason=NASTY),
    events.MetricSeen(**BY, metric="error_rate", title=NASTY, verdict=Verdict.GOOD),
    events.MetricSeen(**BY, metric="error_rate", title=NASTY, verdict=Verdict.BAD, value=0.2),
    events.MetricSeen(**BY, metric="error_rate", title=NASTY, verdict=Verdict.UNKNOWN),
    *(events.VerificationBroken(**BY, why=why, what=NASTY, reason=NASTY) for why in WhyBroken),
    events.VerificationBroken(**BY, why=WhyBroken.METRIC, what=NASTY, metric="error_rate", value=0.2),
    events.Resolved(
        **BY, verified=(NASTY,), unverified=tuple(events.Unverified(title=NASTY, why=why) for why in WhyUnverified)
    ),
    events.Resolved(**BY, reason=NASTY),
    events.Reopened(at=NOON, by=Stranger(telegram=None, name=""), reason=NASTY),
    events.MergedInto(**BY, incident="INC-2"),
    events.Absorbed(**BY, incident="INC-2", title=NASTY),
    events.ReviewScheduled(**BY, due=NOON, follow_up=NOON),
    events.ReviewReminded(**BY, due=NOON),
    events.ReviewOverdue(**BY, due=NOON, role="cto"),
    events.ReviewClosed(**BY, reason=NASTY),
    events.FollowedUp(**BY),
    events.LessonLearned(**BY, lesson=1, text=NASTY, about=LessonKind.WENT_WELL),
    events.LessonSorted(**BY, lesson=1, about=LessonKind.COULD_BE_BETTER),
    events.ActionItemCreated(**BY, item=1, text=NASTY, owner="gone", due=NOON.date()),
    events.ActionItemReminded(**BY, item=1),
    events.ActionItemSettled(**BY, item=1),
    events.DocumentationTicked(**BY, part=Documentation.TRAINING, done=False),
    events.Flagged(**BY, flag=NASTY),
    events.TriggerFired(**BY, trigger="error-rate-elevated", value=0.07, asks=True, why_asks=WhyAsked.COOLDOWN),
    events.TriggerFired(**BY, trigger=NASTY, asks=True, carried_from="INC-2"),
    events.DecisionRepeated(**BY, trigger=NASTY, decision=3),
    events.DecisionApproved(**BY, trigger=NASTY, decision=3, reason=NASTY),
    events.DecisionRejected(**BY, trigger=NASTY, decision=3, reason=NASTY),
    events.DecisionRefused(**BY, decision=3, why=WhyRefused.AUTHORITY, role="cto"),
    events.DecisionExpired(**BY, trigger=NASTY, decision=3),
    events.TriggerCleared(**BY, trigger=NASTY),
    events.TriggerUnclear(**BY, triggers=(NASTY,) * 20, reason=NASTY),
    events.TriggerReadable(**BY, triggers=(NASTY,)),
    events.ActionStarted(**BY, run=4, action=NASTY, trigger=NASTY),
    events.ActionFinished(**BY, run=4, action=NASTY, ending=ActionEnding.KILLED, detail=NASTY, tail=NASTY),
    events.ActionLost(**BY, run=4, action=NASTY),
    events.ActionRefused(**BY, action=NASTY, why=WhyRefused.STRANGER),
    BetaFollowed(**BY, before=None, since=NOON, until=at(60)),
)
REFUSALS: tuple[Rejection, ...] = (
    rejections.NotOnTheTeam(),
    rejections.AlreadyAcknowledged("anna"),
    rejections.AlreadyYours(),
    rejections.AlreadyClosed(),
    rejections.AlreadyClosed("INC-2"),
    rejections.StillOpen(),
    rejections.AlreadyThatSeverity("SEV-1"),
    rejections.ConfirmLowerSeverity("SEV-1", "SEV-3"),
    rejections.SeenAnother("SEV-2"),
    rejections.UnknownSeverity(NASTY, ("SEV-1", "SEV-2")),
    rejections.UnknownPerson("dora", tuple(f"person-{number}" for number in range(50))),
    rejections.UnknownRole("king", ("on_call",)),
    rejections.NobodyAbove(),
    rejections.NobodyAbove("cto"),
    rejections.NothingSaid(),
    rejections.TooLong(3000),
    rejections.SnoozeOutOfRange(0),
    rejections.SnoozeOutOfRange(1800),
    rejections.NothingSnoozed(),
    draft_rejections.NoSuchDraft(),
    draft_rejections.DraftOver(),
    draft_rejections.DraftChanged(),
    draft_rejections.NothingToSend(),
    draft_rejections.UnknownAudience(NASTY, ("customers", "status_page")),
    draft_rejections.UnknownAudience("", ("customers", "status_page")),
    draft_rejections.UnknownAudience("customers", ()),
    draft_rejections.DrillStaysInside(),
    rejections.CannotMergeItself(),
    rejections.DrillIsNotReal(),
    rejections.NoSuchStep(),
    rejections.NoSuchAnswer(),
    rejections.UnderVerification(),
    rejections.SayWhyNow(),
    rejections.NoSuchItem(),
    rejections.TickedByItself(NASTY),
    rejections.HasThatRole(IncidentRole.SCRIBE, "anna"),
    rejections.OverrideOutOfRange(2419200),
    rejections.BetaIsOff(),
    rejections.BetaOutOfRange(2419200),
    rejections.NoOverride(),
    rejections.TeamLogUnreadable(),
    review_rejections.LeftOpen(0, without_cause=True),
    review_rejections.LeftOpen(1),
    review_rejections.LeftOpen(4),
    review_rejections.ReviewIsClosed(ANNA),
    review_rejections.NoSuchLesson(),
    review_rejections.NoSuchActionItem(),
    review_rejections.AlreadySettled(1, done=True),
    review_rejections.AlreadySettled(1, done=False),
    review_rejections.DayOutOfRange(NOON.date(), 365),
    review_rejections.TooMany(50),
    acting_rejections.UnknownFlag(NASTY, ("security_breach",)),
    acting_rejections.UnknownFlag("fire", ()),
    acting_rejections.AlreadyFlagged("security_breach"),
    acting_rejections.NothingToDecide(),
    acting_rejections.DecisionOver(),
    acting_rejections.TakesMoreAuthority("cto"),
    acting_rejections.UnknownAction("sudo", ("rollback", "logs")),
    acting_rejections.ConfirmAction("rollback", 0),
    acting_rejections.ActionBusy("rollback", "INC-2"),
    acting_rejections.RunSince(),
    acting_rejections.NoSuchRun(),
)
BOTH = pytest.mark.parametrize("words", [ENGLISH, RUSSIAN])


def told(what: Scene, event: events.Event, minutes: float, words: Words = ENGLISH) -> TellView:
    """An event to tell of so many minutes after noon."""
    return TellView(what.rules, what.incident, event, at(minutes), words)


def last(what: Scene, kind: type[events.Event]) -> events.Event:
    """The last event of a kind in the log."""
    return next(event for event in reversed(what.log) if isinstance(event, kind))


def test_the_samples_are_complete() -> None:
    """Every kind of event and of refusal is among those tested here."""
    assert {type(event) for event in ONE_OF_EACH} == set(get_args(get_args(events.Event)[0]))
    assert {type(refusal) for refusal in REFUSALS} == set(get_args(Rejection))


@BOTH
@pytest.mark.parametrize("event", ONE_OF_EACH, ids=lambda event: event.kind)
def test_every_event_can_be_said_everywhere(event: events.Event, words: Words) -> None:
    """In the thread, to stakeholders, in private, in the timeline and as an answer: valid, bounded, not empty."""
    it = scene()
    view = told(it, event, 5, words)
    page = timeline(words, ROSTER, TimelinePage("INC-7", 0, 1, [event]), at(5))
    for rendered in (thread(view), stakeholders(view), ping(view), page):
        assert read(rendered).text
    answer = done(words, it.rules, it.incident, [event], "anna", at(5))
    assert 0 < utf16_length(answer) <= TOAST_LIMIT


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=lambda event: event.kind)
def test_every_event_is_said_in_russian_in_russian(event: events.Event) -> None:
    """The two languages never fall together."""
    assert line(ENGLISH, ROSTER, event, NOON).plain != line(RUSSIAN, ROSTER, event, NOON).plain


@BOTH
@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: type(refusal).__name__)
def test_every_refusal_has_a_short_answer(refusal: Rejection, words: Words) -> None:
    """A refusal fits a toast and says something of its own."""
    answer = refused(words, rules(), refusal)
    assert 0 < utf16_length(answer) <= TOAST_LIMIT
    assert "<b>" not in answer or "<b>&" in answer, "plain text, never HTML of ours"
    assert sum(refused(words, rules(), other) == answer for other in REFUSALS) == 1


def test_refusals_name_what_stands() -> None:
    """Who has it, and what there is to choose from."""
    assert refused(ENGLISH, rules(), rejections.AlreadyAcknowledged("anna")) == "Already acknowledged by Anna"
    assert refused(ENGLISH, rules(), rejections.UnknownRole("king", ("on_call", "cto"))) == (
        "I don't know king. There is: on_call, cto"
    )


@BOTH
def test_other_answers_fit_a_toast(words: Words) -> None:
    """Every fixed answer and every usage line is short."""
    fixed = [could_not_save(words), stale_button(words), no_open_incident(words), not_set_up(words)]
    asked = [unknown_incident(words, NASTY), unknown_command(words, NASTY), *(usage(words, verb) for verb in Verb)]
    assert all(0 < utf16_length(answer) <= TOAST_LIMIT for answer in fixed + asked)
    assert usage(ENGLISH, Verb.ASSIGN) == "/assign PERSON: give it to somebody"


def test_what_was_done_is_answered_to_the_one_who_did_it() -> None:
    """You have it; others have it; a call names who is paged; a change of nothing says so."""
    it = scene().do(1, Acknowledge(by=ANNA))
    taken = (last(it, events.Acknowledged),)
    assert done(ENGLISH, it.rules, it.incident, taken, "anna", at(1)) == "You have INC-7 now"
    assert done(ENGLISH, it.rules, it.incident, taken, "boris", at(1)) == "Anna has INC-7 now"
    it.do(2, Escalate(by=ANNA))
    answer = done(ENGLISH, it.rules, it.incident, it.log[-2:], "anna", at(2))
    assert answer == "Team Lead is called for INC-7 · paged: Boris"
    assert done(ENGLISH, it.rules, it.incident, [], "anna", at(2)) == "INC-7: nothing had to change"


def test_a_reminder_tells_how_to_answer() -> None:
    """The rhythm, the last one, what to write, and a snooze."""
    it = scene().do(1, Acknowledge(by=ANNA)).do(2, PostUpdate(by=ANNA, text="working")).wait(33)
    shown = thread(told(it, last(it, events.UpdateReminded), 33))
    assert lines(shown) == [
        "⏰ INC-7: update due, SEV-1 has one every 30 min (last 12:02 UTC)",
        "Reply to this message: what users notice, what we do, when we write next.",
    ]
    assert labels(shown) == [["📝 Update", "Snooze 10 min"]]


def test_an_overdue_update_is_told_to_the_holder() -> None:
    """The ping names the incident, the time and the title, and offers to answer."""
    it = scene().do(1, Acknowledge(by=ANNA)).wait(36)
    shown = ping(told(it, last(it, events.UpdateOverdue), 36))
    assert lines(shown) == ["⏰ INC-7: your update was due 12:30 UTC", "High error rate on payments-api"]
    assert "Update" in flat(shown)


def test_the_thread_of_a_call_names_who_is_paged() -> None:
    """Who called for whom, why, and who that is."""
    it = scene().do(1, Acknowledge(by=ANNA)).do(2, Escalate(by=ANNA, reason="stuck"))
    shown = thread(told(it, last(it, events.Escalated), 2))
    assert lines(shown) == ["⬆️ INC-7: Anna called for Team Lead: stuck · paged: Boris"]


def test_the_last_alert_asks_whether_it_is_over() -> None:
    """When nothing fires any more the thread offers Resolve."""
    it = scene(alerts=(alert("A"),)).do(1, TakeAlerts(by=MONITOR, alerts=(alert("A", firing=False),)))
    shown = thread(told(it, it.log[-1], 2))
    assert lines(shown) == ["🟢 INC-7: every alert has resolved. Is it over?"]
    assert "Resolve" in flat(shown)


def outside_text(rendered: Rendered) -> str:
    """All that stakeholders read."""
    return read(rendered).text


def test_stakeholders_read_no_alert_text_and_no_names() -> None:
    """What an alert says and who works on it stays with the responders."""
    it = scene(title="SECRET db-7 down", alerts=(alert("SECRET"),)).do(1, Acknowledge(by=ANNA))
    texts = [outside_text(stakeholders(told(it, event, 2))) for event in it.log]
    assert not any("SECRET" in text or "Anna" in text for text in texts)
    assert texts[0] == ("🟠 INC-7: a problem since 12:00 UTC (SEV-1, critical)\nNext news by 12:30 UTC.")


def test_stakeholders_read_what_people_wrote_for_them() -> None:
    """Updates, the impact, and a title that a person gave."""
    it = scene(title="Payments fail", by=BORIS)
    assert lines(stakeholders(told(it, it.log[0], 1)))[1] == "Payments fail"
    it.do(2, DescribeImpact(by=BORIS, text="Some cards are declined")).do(3, PostUpdate(by=BORIS, text="Rolling back"))
    assert lines(stakeholders(told(it, it.log[-1], 4))) == [
        "🔴 INC-7: Some cards are declined (SEV-1)",
        "Rolling back",
        "Next news by 12:33 UTC.",
    ]
    it.do(42, Resolve(by=BORIS))
    over = stakeholders(told(it, last(it, events.Resolved), 43))
    assert lines(over) == ["🏁 INC-7 is over after 42 min", "Some cards are declined"]


def test_a_timeline_is_in_order_and_fits_a_screen() -> None:
    """Oldest first, one line an event; of a long one the newest page, with buttons to the others and to the file."""
    it = scene().do(1, Acknowledge(by=ANNA))
    shown = lines(timeline(ENGLISH, ROSTER, TimelinePage("INC-7", 0, 1, it.log), at(2)))
    assert shown[0] == "Timeline of INC-7, times in UTC"
    assert shown[1] == "12:00 Alertmanager declared it as SEV-1: High error rate on payments-api"
    assert "12:01 Anna has it" in shown
    many = [events.Noted(at=at(n), by=System(), text=f"note {n}") for n in range(100)]
    newest = timeline(ENGLISH, ROSTER, TimelinePage("INC-7", 0, 10, many[first_of(0, 100) :]), at(200))
    assert lines(newest)[0] == "Timeline of INC-7, times in UTC · page 10 of 10"
    assert lines(newest)[-1] == "13:39 Nabat noted: note 99"
    assert labels(newest) == [["◀️ Earlier"], ["📄 As a file"]]
    oldest = timeline(ENGLISH, ROSTER, TimelinePage("INC-7", 9, 10, many[: first_of(8, 100)]), at(200))
    assert len(lines(oldest)) == PER_PAGE + 1
    assert labels(oldest) == [["▶️ Later"], ["📄 As a file"]]
    kept = whole(ENGLISH, "INC-7", [file_line(RUSSIAN, ROSTER, event) for event in many[:2]]).document
    assert kept is not None
    assert kept[1].decode().splitlines()[0].startswith("2026-01-20 15:00:00 MSK")
