"""What the rollback matrix could never read is told once, and pages nobody."""

from bot.domain.intents import TeamTell
from bot.domain.sight import ReportSight
from tests.domain.builders import NABAT
from tests.domain.test_team import Days

ROW, OTHER = "memory-exhaustion", "service-down"


def days() -> Days:
    """Days that have begun."""
    begun = Days()
    begun.look()
    return begun


def test_what_never_could_be_read_is_told_once() -> None:
    """Further looks that find the same change nothing, whatever else they find."""
    it = days()
    decided = it.do(ReportSight(NABAT, (OTHER,), (ROW,), "the query returned nothing"))
    assert [event.kind for event in decided.events] == ["rows_read", "rows_never_read"]
    assert it.said == [TeamTell(number=it.team.version)]
    assert it.do(ReportSight(NABAT, (OTHER,), (ROW,), "the query returned nothing")).events == ()


def test_what_can_be_read_is_noted_in_silence() -> None:
    """Nobody is told that a row works; a row that was readable is never told to be one that never was."""
    it = days()
    it.do(ReportSight(NABAT, (ROW,)))
    assert it.said == []
    assert it.do(ReportSight(NABAT, (), (ROW,), "gone")).events == ()


def test_what_can_be_read_after_all_is_told() -> None:
    """Whoever heard that nobody watches hears that somebody does now."""
    it = days()
    it.do(ReportSight(NABAT, (), (ROW,), "the query returned nothing"))
    it.do(ReportSight(NABAT, (ROW, OTHER)))
    assert it.said == [TeamTell(number=it.team.version)]
    assert it.team.sight.missing == frozenset()
