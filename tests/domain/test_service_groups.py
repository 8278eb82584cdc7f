"""The incidents of a storm by service: which belong together, and which one press took along."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.alerts import Alert
from bot.domain.commands import Acknowledge, MergeInto, Note
from bot.domain.events import MergedInto
from bot.domain.incident import Incident, Status
from bot.domain.service_groups import HEAD, by_service, in_storm, number_of, services_of
from tests.domain.builders import ANNA, BORIS, THURSDAY, Course, an_alert


def incident(number: int, *services: str, drill: bool = False) -> Incident:
    """One that is open, with an alert of each service."""
    made = Course().declare().incident
    alerts: dict[str, Alert] = {}
    for service in services:
        fired = an_alert(service)
        alerts[service] = fired.model_copy(update={"labels": {"alertname": "Slow", "service": service}})
    return replace(made, id=f"INC-{number}", alerts=alerts, drill=drill)


def test_the_largest_group_comes_first_and_drills_last() -> None:
    """What is real and what is an exercise are never in one group, whatever their numbers."""
    real = [incident(1, "search"), incident(2, "search"), incident(3, "catalog"), incident(4, "auth")]
    drills = [incident(number, "search", drill=True) for number in range(5, 10)]
    groups = by_service([*drills, *real])
    assert [(group.service, group.drill, len(group.incidents)) for group in groups] == [
        ("search", False, 2),
        ("auth", False, 1),
        ("catalog", False, 1),
        ("search", True, 5),
    ]
    assert len({group.key for group in groups}) == len(groups)


def test_an_incident_of_two_services_is_of_both_and_one_of_none_of_neither() -> None:
    """Services are what the alerts are about."""
    both, none = incident(1, "search", "catalog"), incident(2)
    assert services_of(both) == {"search", "catalog"}
    assert services_of(none) == frozenset()
    assert [group.service for group in by_service([both, none])] == ["catalog", "search"]


def test_what_is_over_is_in_no_group() -> None:
    """Only what is open can be taken or merged."""
    assert by_service([replace(incident(1, "search"), status=Status.RESOLVED)]) == ()


def test_a_group_knows_who_has_how_many() -> None:
    """The most first; what nobody has is unanswered."""
    of_anna = [replace(incident(n, "search"), status=Status.IN_HAND, holder="anna") for n in (1, 2)]
    of_boris = replace(incident(3, "search"), status=Status.IN_HAND, holder="boris")
    (group,) = by_service([of_boris, *of_anna, incident(4, "search")])
    assert list(group.holders.items()) == [("anna", 2), ("boris", 1)]
    assert [free.id for free in group.unanswered] == ["INC-4"]


def test_what_came_just_before_a_storm_belongs_to_it() -> None:
    """The cards of the first few went out before anybody knew that a storm began."""
    at = {1: THURSDAY - HEAD - timedelta(seconds=1), 2: THURSDAY - HEAD, 3: THURSDAY, 4: THURSDAY + HEAD, 5: THURSDAY}
    every = [replace(incident(number), declared_at=when) for number, when in at.items()]
    assert [number_of(one.id) for one in in_storm(every, {"INC-3", "INC-4"}, THURSDAY)] == [2, 3, 4, 5]


def test_what_one_press_took_along_is_nobodys_work_yet() -> None:
    """Until somebody turns to it; an acknowledgement of its own is that already."""
    course = Course().declare("SEV-2")
    course.do(Acknowledge(by=ANNA, together=True))
    assert course.incident.taken_along
    course.do(Note(by=BORIS, text="Looking at the disks"))
    assert not course.incident.taken_along
    alone = Course().declare("SEV-2")
    alone.do(Acknowledge(by=ANNA))
    assert not alone.incident.taken_along


def test_a_merge_of_many_is_not_told_in_each_thread() -> None:
    """Whoever asked for all of them is told once; the cards show it."""
    course = Course().declare("SEV-2")
    course.do(MergeInto(by=ANNA, incident="INC-2", together=True))
    assert course.told("thread", MergedInto) == []
    assert course.incident.merged_into == "INC-2"
