"""What is known of scope and impact, answer by answer, and what a flag makes of the severity."""

import pytest

from bot.domain.acting_commands import Flag
from bot.domain.acting_events import Flagged, TriggerFired
from bot.domain.acting_rejections import UnknownFlag
from bot.domain.actors import System
from bot.domain.assessment_commands import Assess
from bot.domain.assessment_events import CHOICES, IMPACT, SCOPE, Answer, Aspect, Assessed
from bot.domain.commands import Acknowledge, ChangeSeverity, DescribeImpact, MergeInto, Resolve
from bot.domain.events import SeverityChanged
from bot.domain.plan import Plan
from bot.domain.rejections import AlreadyClosed, NoSuchAnswer, NotOnTheTeam
from tests.domain.builders import ANNA, BORIS, BUILT_IN, STRANGER, Course, a_plan, minutes, the_rules

WATCHED = {"action": "rollback", "triggers": [{"name": "f", "flag": "fire", "mode": "manual", "authority": "cto"}]}
ROLLBACK = {"rollback": {"title": "Rollback", "run": ["true"], "authority": "on_call"}}


def answered(course: Course, aspect: Aspect, answer: Answer) -> Course:
    """Anna answers one question."""
    course.do(Assess(by=ANNA, aspect=aspect, answer=answer))
    return course


def test_every_aspect_is_scope_or_impact_and_has_choices() -> None:
    """The questions are those of the written plan's phase 2, each in one half and with something to choose."""
    assert (*SCOPE, *IMPACT) == tuple(Aspect)
    assert set(CHOICES) == set(Aspect)
    assert all(Answer.DONT_KNOW not in choices for choices in CHOICES.values())


def test_at_first_nothing_is_known() -> None:
    """A new incident has six open questions."""
    assessment = Course().declare().incident.assessment
    assert assessment.unknown == tuple(Aspect)
    assert not assessment.known
    assert not assessment.complete
    assert assessment.security is Answer.DONT_KNOW


def test_an_answer_is_kept_with_who_and_when() -> None:
    """The last word counts, whoever said it; the log has every one."""
    course = Course().declare().at(minutes(3))
    answered(course, Aspect.USERS, Answer.FEW)
    course.at(minutes(5)).do(Assess(by=BORIS, aspect=Aspect.USERS, answer=Answer.MANY))
    finding = course.incident.assessment.known[Aspect.USERS]
    assert (finding.answer, finding.by, finding.at) == (Answer.MANY, BORIS, course.started + minutes(5))
    assert course.happened(Assessed) == [3, 5]


def test_the_same_answer_changes_nothing() -> None:
    """Two fingers on the same button make one entry."""
    course = answered(Course().declare(), Aspect.NODES, Answer.ONE)
    assert course.do(Assess(by=BORIS, aspect=Aspect.NODES, answer=Answer.ONE)).events == ()


def test_what_is_not_known_yet_is_open_again() -> None:
    """Not knowing yet skips a question, and takes an answer back."""
    course = answered(Course().declare(), Aspect.SECURITY, Answer.DONT_KNOW)
    assert Aspect.SECURITY in course.incident.assessment.unknown
    answered(course, Aspect.SECURITY, Answer.SUSPECTED)
    assert course.incident.assessment.security is Answer.SUSPECTED
    answered(course, Aspect.SECURITY, Answer.DONT_KNOW)
    assert Aspect.SECURITY in course.incident.assessment.unknown


def test_the_next_open_question_is_behind_the_last_one() -> None:
    """The walk goes forward, past what is known, and ends."""
    course = answered(Course().declare(), Aspect.SERVICES, Answer.ONE)
    assessment = course.incident.assessment
    assert assessment.next_unknown(Aspect.NODES) is Aspect.REGIONS
    assert assessment.next_unknown(Aspect.SECURITY) is None


def test_the_impact_is_assessed_by_answers_or_in_words() -> None:
    """Users, business and security are the impact; a sentence does as well; the whole is known with the scope."""
    course = Course().declare()
    for aspect in IMPACT:
        assert not course.incident.impact_assessed
        answered(course, aspect, Answer.NONE)
    assert course.incident.impact_assessed
    assert not course.incident.assessment.complete
    for aspect in SCOPE:
        answered(course, aspect, Answer.ONE)
    assert course.incident.assessment.complete
    described = Course().declare()
    described.do(DescribeImpact(by=ANNA, text="Nobody can pay"))
    assert described.incident.impact_assessed


def test_an_answer_of_another_question_is_refused() -> None:
    """A forged press names an answer that the question does not have."""
    course = Course().declare()
    assert course.refuse(Assess(by=ANNA, aspect=Aspect.NODES, answer=Answer.CONFIRMED)) == NoSuchAnswer()
    assert course.refuse(Assess(by=STRANGER, aspect=Aspect.NODES, answer=Answer.ONE)) == NotOnTheTeam()


def test_after_the_end_the_review_may_still_answer() -> None:
    """Resolved is not too late; what was merged is assessed where it went."""
    course = Course().declare()
    course.do(Resolve(by=ANNA))
    answered(course, Aspect.USERS, Answer.NONE)
    merged = Course().declare()
    merged.do(MergeInto(by=ANNA, incident="INC-2"))
    assert merged.refuse(Assess(by=ANNA, aspect=Aspect.USERS, answer=Answer.NONE)) == AlreadyClosed("INC-2")


def test_a_confirmed_breach_raises_nothing_by_itself() -> None:
    """Only a flag or a person changes the severity."""
    course = answered(Course().declare("SEV-3"), Aspect.SECURITY, Answer.CONFIRMED)
    assert course.incident.severity == "SEV-3"
    assert course.incident.acting.flags == ()


@pytest.mark.parametrize("flag", ["security_breach", "pqc_fallback"])
def test_the_written_flags_mean_the_worst_severity(flag: str) -> None:
    """SEV-1, examples: "Security breach (PQC fallback enabled)"; it is Nabat that follows the plan."""
    course = Course().declare("SEV-4")
    events = course.do(Flag(by=ANNA, flag=flag)).events
    changed = [event for event in events if isinstance(event, SeverityChanged)]
    assert [(event.before, event.severity, event.by) for event in changed] == [("SEV-4", "SEV-1", System())]
    assert [event.trigger for event in events if isinstance(event, TriggerFired)]


def test_a_plan_without_the_key_knows_both_flags() -> None:
    """An old plan, even one without a rollback matrix, keeps what the written plan says of the two."""
    course = Course(the_rules(a_plan({"SEV-1": {}, "SEV-2": {}}))).declare("SEV-2")
    course.do(Flag(by=ANNA, flag="pqc_fallback"))
    assert course.incident.severity == "SEV-1"
    assert course.refuse(Flag(by=ANNA, flag="fire")) == UnknownFlag("fire", ("security_breach", "pqc_fallback"))


def with_flags(flags: dict[str, str]) -> Plan:
    """A plan that says itself what flags mean, and whose matrix watches another one."""
    return a_plan(
        {"SEV-1": {}, "SEV-2": {}, "SEV-3": {}},
        classification={"default": "SEV-3", "flags": flags},
        rollback=WATCHED,
        actions=ROLLBACK,
    )


def test_a_plan_says_how_bad_a_flag_is() -> None:
    """A flag makes it as bad as the plan says; one that only the matrix watches leaves the severity alone."""
    rules = the_rules(with_flags({"data_loss": "SEV-2"}))
    course = Course(rules).declare("SEV-3")
    assert dict(rules.plan.flags) == {"data_loss": "SEV-2", "fire": None}
    course.do(Flag(by=ANNA, flag="fire"))
    assert course.incident.severity == "SEV-3"
    course.do(Flag(by=ANNA, flag="data_loss"))
    assert course.incident.severity == "SEV-2"
    assert course.refuse(Flag(by=ANNA, flag="security_breach")) == UnknownFlag("security_breach", ("data_loss", "fire"))


def test_a_flag_never_makes_it_milder() -> None:
    """At a worse severity, and at the very one, only the flag is kept."""
    for severity in ("SEV-1", "SEV-2"):
        course = Course(the_rules(with_flags({"data_loss": "SEV-2"}))).declare(severity)
        (event,) = course.do(Flag(by=ANNA, flag="data_loss")).events
        assert isinstance(event, Flagged)
        assert course.incident.severity == severity


def test_a_person_may_lower_it_afterwards() -> None:
    """A false alarm is lowered with a confirmation; the flag stays in the log, and raises nothing a second time."""
    course = Course().declare("SEV-3")
    course.do(Acknowledge(by=ANNA))
    course.do(Flag(by=ANNA, flag="security_breach"))
    course.do(ChangeSeverity(by=ANNA, severity="SEV-3", confirmed=True))
    course.at(minutes(60))
    assert course.incident.severity == "SEV-3"


def test_the_built_in_plan_names_its_flags() -> None:
    """Both flags of the written plan stand in the file, at its worst severity."""
    assert BUILT_IN.classification.flags == {"security_breach": "SEV-1", "pqc_fallback": "SEV-1"}
