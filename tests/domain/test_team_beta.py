"""The beta launch in the team's state: what is said when, what is looked at, what is reviewed; each of it once."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.actors import Actor
from bot.domain.beta import Period
from bot.domain.beta_events import BetaChanged, BetaLooked, BetaReviewed, CheckSeen, FigureSeen
from bot.domain.beta_looks import Look, look_due, next_digest, next_look, told_from
from bot.domain.intents import INTENT, Audience, Digest, DigestPicture, Lane, TeamPing, TeamTell
from bot.domain.plan import Plan
from bot.domain.rejections import BetaIsOff, BetaOutOfRange, NotOnTheTeam
from bot.domain.team import TeamCommand, TeamRules
from bot.domain.team_beta import LONGEST_LAUNCH, NoteLook, SwitchOff, SwitchOn, due_beta
from tests.domain.builders import BUILT_IN, CLARA, NABAT, STRANGER, a_plan, a_roster, hours, minutes
from tests.domain.test_team import Days

DAY = timedelta(days=1)
LAUNCH = datetime(2026, 1, 11, tzinfo=UTC)
"""A Sunday."""
END = LAUNCH + 2 * DAY
PHASE_END = LAUNCH + 14 * DAY
WELL, AWAY = CheckSeen(name="api", ok=True), CheckSeen(name="api", ok=False, reason="HTTP 503")


def days(start: datetime, plan: Plan = BUILT_IN, *, stakeholders: bool = True) -> Days:
    """A team that looks around for the first time."""
    it = Days(TeamRules(plan, a_roster(stakeholders=stakeholders)), now=start)
    it.look()
    return it


def without_launch_days() -> Plan:
    """The built-in plan before anybody has set launch days."""
    return BUILT_IN.model_copy(update={"beta": BUILT_IN.beta.model_copy(update={"launch": None})})


def changes(it: Days) -> list[tuple[datetime, bool, bool]]:
    """When launch and phase changed, and how they stood then."""
    found = [event for event in it.log if isinstance(event, BetaChanged) and event.is_news]
    return [(event.at, event.launch is not None, event.phase is not None) for event in found]


def reviews(it: Days, *, weekly: bool) -> list[BetaReviewed]:
    """What was reviewed."""
    found = (event for event in it.log if isinstance(event, BetaReviewed) and not event.closing)
    return [event for event in found if event.weekly is weekly]


def a_look(it: Days, *checks: CheckSeen, by: Actor = NABAT) -> NoteLook:
    """What is due now was looked at."""
    look = look_due(it.rules.plan, it.team.beta, it.now)
    assert look is not None
    return NoteLook(by, look, checks, (FigureSeen(metric="error_rate", value=None),))


def test_launch_and_phase_begin_and_end_by_the_plan() -> None:
    """At midnight of the first day, after the last, and after two weeks; each is told to both chats."""
    it = days(LAUNCH - DAY)
    it.wait(LAUNCH)
    assert [intent for intent in it.said if isinstance(intent, TeamTell)] == [
        TeamTell(number=it.team.version),
        TeamTell(number=it.team.version, audience=Audience.STAKEHOLDERS),
    ]
    it.wait(PHASE_END + DAY)
    assert changes(it) == [(LAUNCH, True, True), (END, False, True), (PHASE_END, False, False)]


def test_without_a_chat_for_stakeholders_the_responders_hear_it_once() -> None:
    """Nothing is said twice in one chat."""
    it = days(LAUNCH - DAY, stakeholders=False).wait(LAUNCH)
    assert [intent.key for intent in it.said] == [f"team:{it.team.version}"]


def test_what_came_and_went_during_a_stop_is_noted_in_silence() -> None:
    """A launch that nobody lived through is not told of; its phase is."""
    it = days(LAUNCH - DAY)
    it.now = END + hours(1)
    it.look()
    assert changes(it) == [(it.now, False, True)]
    over = days(LAUNCH - DAY)
    over.now = PHASE_END + DAY
    over.look()
    assert changes(over) == []
    assert due_beta(BUILT_IN, over.team.beta) == {}


def test_by_hand_for_so_long() -> None:
    """It ends by itself; a second time replaces the first and keeps its beginning."""
    it = days(LAUNCH, without_launch_days())
    it.do(SwitchOn(CLARA, hours(3)))
    assert it.team.beta.standing.launch == Period(since=LAUNCH, until=LAUNCH + hours(3))
    it.wait(LAUNCH + hours(1))
    it.do(SwitchOn(CLARA, hours(1)))
    assert it.team.beta.standing.launch == Period(since=LAUNCH, until=LAUNCH + hours(2))
    assert not it.do(SwitchOn(CLARA)).events
    it.wait(LAUNCH + hours(3))
    assert it.team.beta.standing.launch is None
    assert it.team.beta.standing.phase == Period(since=LAUNCH, until=LAUNCH + 14 * DAY)
    it.do(SwitchOn(CLARA))
    assert it.team.beta.standing.launch == Period(since=it.now, until=it.now + 2 * DAY)


def test_off_ends_everything_at_once() -> None:
    """Launch and phase; a look that was under way counts no more, and there is nothing left to end."""
    it = days(LAUNCH).wait(LAUNCH + hours(3))
    under_way = a_look(it, WELL)
    it.do(SwitchOff(CLARA))
    assert it.team.beta.standing == (None, None)
    assert not it.do(under_way).events
    assert due_beta(BUILT_IN, it.team.beta) == {}
    assert it.refuse(CLARA, SwitchOff(CLARA)) == BetaIsOff()


@pytest.mark.parametrize("command", [SwitchOn(STRANGER), SwitchOff(STRANGER), NoteLook(STRANGER, None, ())])
def test_a_stranger_switches_nothing(command: TeamCommand) -> None:
    """Nor asks for a digest."""
    assert days(LAUNCH).refuse(STRANGER, command) == NotOnTheTeam()


@pytest.mark.parametrize("length", [timedelta(), LONGEST_LAUNCH + timedelta(seconds=1)])
def test_a_launch_is_no_blink_and_no_season(length: timedelta) -> None:
    """A minute at least, four weeks at most."""
    assert isinstance(days(LAUNCH).refuse(CLARA, SwitchOn(CLARA, length)), BetaOutOfRange)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (LAUNCH - timedelta(seconds=1), None),
        (LAUNCH, Look(LAUNCH, None)),
        (LAUNCH + minutes(59), Look(LAUNCH, None)),
        (LAUNCH + hours(1), Look(LAUNCH + hours(1), LAUNCH + hours(1))),
        (LAUNCH + hours(5.5), Look(LAUNCH + hours(5), LAUNCH + hours(5))),
        (LAUNCH + hours(5.74), Look(LAUNCH + hours(5), LAUNCH + hours(5))),
        (LAUNCH + hours(5.75), Look(LAUNCH + hours(5), None)),
        (END, Look(None, END)),
        (END + minutes(59), Look(None, END)),
        (END + hours(1), None),
    ],
)
def test_what_is_to_be_looked_at(at: datetime, due: Look | None) -> None:
    """Health from the first moment, a digest from the first hour on, the last one at the end; never several at once.

    What was missed waits for the next digest where that comes within a quarter of the time between two.
    """
    assert look_due(BUILT_IN, days(LAUNCH - DAY).team.beta, at) == due


def test_a_digest_tells_from_the_last_one_on() -> None:
    """The first from the launch's beginning; one after another that was skipped or late from where that one ended."""
    it = days(LAUNCH).wait(LAUNCH + hours(1))
    for hour, told_since in ((1, LAUNCH), (3, LAUNCH + hours(1)), (5.25, LAUNCH + hours(3)), (6, LAUNCH + hours(5.25))):
        it.wait(LAUNCH + hours(hour))
        before = it.team.beta
        looked = it.do(a_look(it, WELL)).events[0]
        assert isinstance(looked, BetaLooked)
        assert told_from(BUILT_IN, before, looked) == told_since


def test_a_digest_that_was_asked_for_tells_of_the_usual_time() -> None:
    """And the next by the rhythm takes no notice of it: it is not everybody's."""
    it = days(LAUNCH).wait(LAUNCH + hours(1))
    it.do(a_look(it, WELL))
    it.wait(LAUNCH + hours(1.5))
    before, asked = it.team.beta, it.do(NoteLook(CLARA, None, (WELL,))).events[0]
    assert isinstance(asked, BetaLooked)
    assert told_from(BUILT_IN, before, asked) == LAUNCH + hours(0.5)
    assert it.team.beta.digest_at == LAUNCH + hours(1)


def test_a_digest_of_a_launch_that_the_plan_has_lost_tells_of_the_usual_time() -> None:
    """The plan was edited while the digest waited to be sent."""
    it = days(LAUNCH).wait(LAUNCH + hours(1))
    before, looked = it.team.beta, it.do(a_look(it, WELL)).events[0]
    assert isinstance(looked, BetaLooked)
    assert told_from(a_plan(), before, looked) == LAUNCH


def test_a_new_launch_tells_nothing_of_the_last() -> None:
    """Its first digest begins where it began."""
    it = days(LAUNCH).wait(LAUNCH + hours(1))
    it.do(a_look(it, WELL))
    it.wait(END + 20 * DAY)
    it.do(SwitchOn(CLARA))
    it.wait(END + 20 * DAY + hours(1))
    before, looked = it.team.beta, it.do(a_look(it, WELL)).events[0]
    assert isinstance(looked, BetaLooked)
    assert told_from(BUILT_IN, before, looked) == END + 20 * DAY


def test_each_look_counts_once() -> None:
    """Another replica made it, or the bot was started again."""
    it = days(LAUNCH).wait(LAUNCH + hours(1))
    look = a_look(it, WELL)
    assert len(it.do(look).events) == 1
    assert Digest(number=it.team.version) in it.said
    assert not it.do(look).events
    assert look_due(BUILT_IN, it.team.beta, it.now) is None
    it.wait(LAUNCH + hours(2))
    assert look_due(BUILT_IN, it.team.beta, it.now) == Look(it.now, it.now)


def test_what_begins_to_fail_is_told_once_and_so_is_what_is_well_again() -> None:
    """The Team Lead hears at once what fails; a check that keeps failing is no news."""
    it = days(LAUNCH)
    it.do(a_look(it, AWAY))
    assert it.said == [TeamTell(number=it.team.version), TeamPing(number=it.team.version, person="boris")]
    it.wait(LAUNCH + hours(1)).do(a_look(it, AWAY))
    assert it.said == [Digest(number=it.team.version)]
    assert it.team.beta.failing == {"api": LAUNCH}
    it.wait(LAUNCH + hours(2)).do(a_look(it, WELL))
    assert it.said == [TeamTell(number=it.team.version), Digest(number=it.team.version)]
    assert it.team.beta.failing == {}


def test_a_digest_that_is_asked_for_calls_somebody_in_a_launch_alone() -> None:
    """Before it the chat hears what fails, and nobody in private: only a launch tells the Team Lead of every issue."""
    for now, pinged in ((LAUNCH - hours(1), []), (LAUNCH, ["boris"])):
        it = days(now)
        it.do(NoteLook(CLARA, None, (AWAY,)))
        assert TeamTell(number=it.team.version) in it.said
        assert [intent.person for intent in it.said if isinstance(intent, TeamPing)] == pinged


def test_a_digest_that_is_asked_for_leaves_the_rhythm_alone() -> None:
    """It has a picture where something was measured, and waits for everything else."""
    it = days(LAUNCH)
    it.do(NoteLook(CLARA, None, (WELL,), (FigureSeen(metric="error_rate", value=0.0),)))
    assert it.said == [Digest(number=it.team.version), DigestPicture(number=it.team.version)]
    assert [intent.lane for intent in it.said] == [Lane.DIGESTS] * 2
    assert len({intent.key for intent in it.said}) == 2
    assert [INTENT.validate_json(intent.model_dump_json()) for intent in it.said] == it.said
    assert look_due(BUILT_IN, it.team.beta, it.now) == Look(LAUNCH, None)


def test_when_to_look_next() -> None:
    """By the stricter of two rhythms; at the launch's beginning before it, never after it."""
    uneven = BUILT_IN.beta.model_copy(update={"health_check_every": minutes(20), "digest_every": minutes(45)})
    plan = BUILT_IN.model_copy(update={"beta": uneven})
    beta = days(LAUNCH - DAY, plan).team.beta
    asked = [LAUNCH - hours(1), LAUNCH, LAUNCH + minutes(41), END - minutes(1), END]
    expected = [LAUNCH, LAUNCH + minutes(20), LAUNCH + minutes(45), END, None]
    assert [next_look(plan, beta, at) for at in asked] == expected
    launch = Period(since=LAUNCH, until=END)
    assert next_digest(BUILT_IN, launch, END - minutes(1)) == END
    assert next_digest(BUILT_IN, launch, END) is None


def test_every_day_of_the_phase_is_reviewed_and_every_week() -> None:
    """At nine, from review to review; on Mondays at ten; none before the phase, none after it."""
    it = days(LAUNCH - DAY).wait(PHASE_END + 7 * DAY)
    daily, weekly = reviews(it, weekly=False), reviews(it, weekly=True)
    assert [event.at for event in daily] == [LAUNCH + number * DAY + hours(9) for number in range(14)]
    assert [event.since for event in daily] == [LAUNCH, *(event.until for event in daily[:-1])]
    assert [event.at for event in weekly] == [LAUNCH + hours(34), LAUNCH + 7 * DAY + hours(34)]
    assert weekly[1].since == weekly[0].until


def test_reviews_that_were_missed_are_one() -> None:
    """Over all the time that nobody looked back on, and no later than the phase's end."""
    it = days(LAUNCH).wait(LAUNCH + hours(10))
    it.now = LAUNCH + 4 * DAY
    it.look()
    assert [(event.since, event.until) for event in reviews(it, weekly=False)] == [
        (LAUNCH, LAUNCH + hours(9)),
        (LAUNCH + hours(9), LAUNCH + 4 * DAY),
    ]
    late = days(LAUNCH).wait(LAUNCH + hours(10))
    late.now = PHASE_END + 3 * DAY
    late.look()
    assert [event.until for event in reviews(late, weekly=False)] == [LAUNCH + hours(9), PHASE_END]


def test_the_phase_ends_with_what_it_brought() -> None:
    """One review over all of it, before the word that it is over; also where somebody ended it, unless it was short."""
    it = days(LAUNCH - DAY).wait(PHASE_END)
    closing, over = it.log[-2:]
    assert isinstance(closing, BetaReviewed)
    assert (closing.closing, closing.since, closing.until) == (True, LAUNCH, PHASE_END)
    assert isinstance(over, BetaChanged)
    for length, closed in ((3 * DAY, True), (hours(3), False)):
        stopped = days(LAUNCH).wait(LAUNCH + length)
        stopped.do(SwitchOff(CLARA))
        assert [event.until for event in stopped.log if isinstance(event, BetaReviewed) and event.closing] == (
            [LAUNCH + length] if closed else []
        )


def test_a_plan_without_reviews_has_none() -> None:
    """Launch and phase are told all the same."""
    plan = a_plan(beta={"launch": {"from": "2026-01-11", "to": "2026-01-12"}})
    it = days(LAUNCH - DAY, plan).wait(PHASE_END)
    assert not [event for event in it.log if isinstance(event, BetaReviewed | BetaLooked)]
    assert len(changes(it)) == 3


def test_a_daily_review_keeps_its_time_on_the_wall() -> None:
    """Nine in the plan's zone, before and after the clocks change."""
    berlin = a_plan(timezone="Europe/Berlin", beta={"daily_review_at": "09:00"})
    it = days(datetime(2026, 3, 27, 12, tzinfo=UTC), berlin)
    it.do(SwitchOn(CLARA, DAY))
    it.wait(it.now + 3 * DAY)
    zone = berlin.timezone
    assert {event.at.astimezone(zone).time() for event in reviews(it, weekly=False)} == {time(9)}
    assert len(reviews(it, weekly=False)) == 3
