"""Several incidents at once, and who is who."""

import re
from dataclasses import replace

import pytest

from bot.domain.commands import Acknowledge
from bot.views import browsing_presses
from bot.views.about import ask_for_update, help_text, welcome, who_am_i
from bot.views.callbacks import parse
from bot.views.lists import Entry, choose, open_incidents
from bot.views.storm import storm
from bot.views.translations import Words
from bot.views.verbs import FIRST, GROUPS, Verb
from tests.views.scenes import ANNA, ENGLISH, NOON, RUSSIAN, alert, at, flat, labels, lines, read, rules, scene

BOTH = pytest.mark.parametrize("words", [ENGLISH, RUSSIAN])


def entries(count: int, severity: str = "SEV-3") -> list[Entry]:
    """So many open incidents, numbered from 1."""
    it = scene(severity, title="Search is slow <&>", alerts=(alert("A", service="search"),))
    return [Entry(it.rules, replace(it.incident, id=f"INC-{number}")) for number in range(1, count + 1)]


def test_the_worst_come_first() -> None:
    """By severity, then what nobody has."""
    had = scene("SEV-1", number=50).do(1, Acknowledge(by=ANNA))
    free = scene("SEV-1", number=51)
    every = [*entries(1), Entry(had.rules, had.incident), Entry(free.rules, free.incident)]
    shown = open_incidents(ENGLISH, every, at(6))
    assert lines(shown)[:3] == [
        "3 incidents are open",
        "🔴 SEV-1 · INC-51 · answer by 12:15 UTC",
        "High error rate on payments-api",
    ]
    assert labels(shown) == [["🔴 INC-51", "🟠 INC-50", "🟡 INC-1"]]


def test_a_list_of_one_severity_says_it_once() -> None:
    """In its heading, so that each incident keeps to its line."""
    shown = lines(open_incidents(ENGLISH, entries(3), at(1), only="SEV-3"))
    assert shown[0] == "SEV-3 · 3 incidents are open"
    assert shown[1].startswith("🟡 INC-1 · answer by ")


def test_many_are_turned_page_by_page() -> None:
    """A page holds what a screen does; the rest is a press away, whatever page was asked for."""
    first = open_incidents(ENGLISH, entries(20), at(1))
    assert lines(first)[0] == "20 incidents are open · page 1 of 4"
    assert parse(first.buttons[-1][0].data or "") == browsing_presses.ShowList(1, None)
    beyond = open_incidents(ENGLISH, entries(20), at(1), page=99)
    assert lines(beyond)[0].endswith("page 4 of 4")
    assert labels(beyond)[-1] == ["◀️ Back"]


def test_one_severity_alone() -> None:
    """A list can be of one severity, and may be empty."""
    assert lines(open_incidents(ENGLISH, entries(2), at(1), only="SEV-3"))[0] == "SEV-3 · 2 incidents are open"
    assert lines(open_incidents(ENGLISH, entries(2), at(1), only="SEV-1")) == ["No SEV-1 is open"]
    assert lines(open_incidents(ENGLISH, [], at(1))) == ["No incident is open"]


def test_an_ambiguous_command_offers_the_open_ones() -> None:
    """Each as a button that finishes the command."""
    shown = choose(ENGLISH, Verb.ACK, entries(10))
    assert lines(shown) == ["Which incident does /ack mean?", "2 more are open: name the id"]
    assert parse(shown.buttons[0][0].data or "") == browsing_presses.PickFor(Verb.ACK, "INC-1")
    assert shown.buttons[0][0].label == "🟡 INC-1 Search is slow <&>"


def test_a_storm_is_one_message() -> None:
    """How many of what, the worst with who has them, where; always the same text for the same storm."""
    worst = scene("SEV-1", title="payments-api down", number=131)
    every = [*entries(110), Entry(worst.rules, worst.incident)]
    shown = storm(ENGLISH, every, NOON, at(3))
    assert lines(shown)[:2] == [
        "🌩 1 ×\N{NO-BREAK SPACE}SEV-1 of 111 incidents in 3 min",
        "110 ×\N{NO-BREAK SPACE}SEV-3",
    ]
    assert lines(shown)[2:4] == ["The worst · nobody has 111 of them yet", "🔴 INC-131 payments-api down"]
    assert lines(shown)[-1] == "By service: search 110"
    assert labels(shown) == [
        ["Show SEV-1", "Show SEV-3"],
        ["Show all"],
        ["Ack all of search"],
        ["Merge search into one"],
    ]
    assert lines(storm(ENGLISH, [], NOON, at(3))) == ["🌤 The storm is over: no incident is open"]


def test_a_storm_offers_what_is_left_to_do() -> None:
    """Nothing for a service of one; what is taken is offered to be merged, and the next service to be taken."""
    had = scene("SEV-3", alerts=(alert("A", service="search"),)).do(1, Acknowledge(by=ANNA))
    taken = [Entry(had.rules, replace(had.incident, id=f"INC-{number}")) for number in range(1, 31)]
    assert labels(storm(ENGLISH, taken, NOON, at(3)))[-1] == ["Merge search into one"]
    assert "🌩 30 SEV-3 incidents in 3 min" in lines(storm(ENGLISH, taken, NOON, at(3)))[0]
    other = scene("SEV-3", alerts=(alert("A", service="catalog"),))
    free = [Entry(other.rules, replace(other.incident, id=f"INC-{number}")) for number in (31, 32)]
    assert labels(storm(ENGLISH, [*taken, *free], NOON, at(3)))[-2:] == [
        ["Ack all of catalog"],
        ["Merge search into one"],
    ]
    assert labels(storm(ENGLISH, entries(1), NOON, at(3))) == [["Show SEV-3", "Show all"]]


def test_the_severities_of_a_storm_stand_where_no_line_ends() -> None:
    """On a phone `SEV-4` would break after its hyphen: two in a line."""
    every = [entry for name in ("SEV-1", "SEV-2", "SEV-3", "SEV-4") for entry in entries(20, name)]
    shown = [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines(storm(ENGLISH, every, NOON, at(3)))]
    assert shown[:3] == ["🌩 20 × SEV-1 of 80 incidents in 3 min", "20 × SEV-2, 20 × SEV-3", "20 × SEV-4"]


@BOTH
def test_a_drill_in_a_storm_says_so(words: Words) -> None:
    """Exercises are counted and offered apart from what is real."""
    exercises = [Entry(entry.rules, replace(entry.incident, drill=True)) for entry in entries(3)]
    shown = storm(words, exercises, NOON, at(3))
    mark = words("DRILL").plain
    assert lines(shown)[-1].endswith(f"{mark} search 3")
    assert all(f"{mark} search" in row[0] for row in labels(shown)[-2:])


def test_who_am_i() -> None:
    """A person learns their roles, duty and zone; a stranger the id that the roster would need."""
    assert lines(who_am_i(ENGLISH, rules(), "boris", 1002, NOON)) == [
        "Boris · boris",
        "Team Lead · not on call now",
        "Europe/Moscow, 15:00 there now · English",
    ]
    assert lines(who_am_i(ENGLISH, rules(), None, 42, NOON))[1] == "Your Telegram id for the roster: 42"
    assert "anonymous" in lines(who_am_i(ENGLISH, rules(), None, None, NOON))[0]


@BOTH
def test_help_names_every_command_once(words: Words) -> None:
    """Nothing that is built is missing, and nothing that is not is promised."""
    named = re.findall(r"(?<!\w)/([a-z]+)", read(help_text(words)).text)
    assert named == [*FIRST, *(verb for _, verbs in GROUPS for verb in verbs)]
    assert set(named) == set(Verb)


@BOTH
def test_help_is_read_at_a_glance(words: Words) -> None:
    """What is needed at once stands first and is explained; the others are a line a group."""
    shown = read(help_text(words)).text.split("\n")
    assert shown[0].startswith("/ack · ")
    assert not any("[" in line for line in shown)
    assert all(f"/{verb}" in line for verb, line in zip(FIRST, shown, strict=False))
    assert len(shown) == len(FIRST) + len(GROUPS) + 4


@BOTH
def test_small_messages_are_valid(words: Words) -> None:
    """The question for an update, and the welcome of a known person and of a stranger."""
    assert "INC-7" in read(ask_for_update(words, scene().incident)).text
    assert "Anna" in read(welcome(words, rules(), "anna")).text
    assert read(welcome(words, rules(), None)).text
    assert not flat(help_text(words))
