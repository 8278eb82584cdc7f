"""The roster as the rest of the program asks it."""

from datetime import datetime

import pytest

from bot.domain.plan import Plan
from bot.domain.roster import Roster
from bot.domain.roster_checks import check_roster

PEOPLE = {
    "anna": {"name": "Anna", "telegram": 1, "roles": ["on_call", "cto"]},
    "boris": {"name": "Boris", "telegram": 2, "timezone": "Europe/Moscow", "language": "ru"},
}
CHATS = {"responders": {"id": -1}, "stakeholders": {"id": -2}}
ROTATION = {"name": "a", "people": ["boris"], "every": "1w", "starts": "2026-01-05T10:00", "timezone": "Europe/Moscow"}
ROSTER = Roster.model_validate({"people": PEOPLE, "chats": CHATS, "on_call": {"rotations": [ROTATION]}})


def test_people_are_found_by_their_telegram_id() -> None:
    """A Telegram id leads to the key of its person, or to nobody."""
    assert ROSTER.by_telegram(2) == "boris"
    assert ROSTER.by_telegram(3) is None


def test_who_has_left_keeps_the_key_as_a_name() -> None:
    """An old log may name somebody who is gone: then the key is shown."""
    assert ROSTER.name_of("anna") == "Anna"
    assert ROSTER.name_of("zoe") == "zoe"


def test_team_is_everybody() -> None:
    """A role yields its holders, and team yields all."""
    assert ROSTER.with_role("cto") == ("anna",)
    assert ROSTER.with_role("team") == ("anna", "boris")


def test_a_roster_survives_being_stored() -> None:
    """A roster read back from its JSON is equal, the wall clock of its rotations included."""
    stored = Roster.model_validate_json(ROSTER.model_dump_json(by_alias=True))
    assert stored == ROSTER
    assert stored.on_call
    assert stored.on_call.rotations[0].starts == datetime(2026, 1, 5, 10)  # noqa: DTZ001 - a wall-clock time
    assert Roster.model_validate(ROSTER.model_dump(by_alias=True)) == ROSTER


@pytest.mark.parametrize("held", [True, False])
def test_a_rotation_stands_in_for_the_role_on_call(held: bool) -> None:
    """With rotations nobody needs the role on_call; without, somebody must have it."""
    plan = Plan.model_validate(
        {
            "name": "a",
            "version": "1",
            "roles": ["on_call"],
            "severities": {
                "SEV-1": {
                    "title": "A",
                    "respond_within": "1h",
                    "resolve_within": "1w",
                    "notify": [{"after": "0s", "roles": ["on_call", "team"]}],
                }
            },
            "classification": {"default": "SEV-1"},
        }
    )
    roster = Roster.model_validate(
        {
            "people": {"boris": PEOPLE["boris"]},
            "chats": CHATS,
            "on_call": {"rotations": [ROTATION]} if held else None,
        }
    )
    assert [mistake.path for mistake in check_roster(roster, plan)] == ([] if held else [("people",)])
