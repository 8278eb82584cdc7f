"""What people, roles and severities are called in a sentence."""

from collections.abc import Iterable

from bot.domain.actors import Actor, Responder, Source, Stranger, System
from bot.domain.roster import Roster
from bot.domain.rules import Rules
from bot.views.html import Piece, text
from bot.views.plan_words import of_plan
from bot.views.translations import Words, listed, mark

NAME_LIMIT = 40
NAMES_LISTED = 6
"""More names than that are a wall; the rest is counted."""

_ROLES = {
    "on_call": mark("on-call"),
    "team_lead": mark("Team Lead"),
    "cto": mark("CTO"),
    "team": mark("the whole team"),
}
_SOURCES = {"alertmanager": "Alertmanager", "pagerduty": "PagerDuty", "api": "API"}


def person(roster: Roster, key: str) -> Piece:
    """A person's name."""
    return text(roster.name_of(key), NAME_LIMIT)


def people(words: Words, roster: Roster, keys: Iterable[str]) -> Piece:
    """Names in a row; beyond a handful the rest is counted."""
    every = tuple(keys)
    return _counted(words, [person(roster, key) for key in every[:NAMES_LISTED]], len(every))


def role(words: Words, key: str) -> Piece:
    """What a role is called: the plan's own key made readable where the catalogue has no word for it."""
    return words(_ROLES[key]) if key in _ROLES else text(key.replace("_", " "), NAME_LIMIT)


def in_words(words: Words, key: str) -> Piece:
    """A row of the rollback matrix, a flag or an action, where only its key is known: the key as it is said."""
    return of_plan(words, key.replace("-", " ").replace("_", " "))


def roles(words: Words, keys: Iterable[str]) -> Piece:
    """Roles in a row."""
    return listed(role(words, key) for key in keys)


def people_with_titles(words: Words, rules: Rules, keys: Iterable[str]) -> Piece:
    """`Boris (Team Lead), Clara (CTO)`: each with the highest of their roles."""
    every = tuple(keys)
    return _counted(words, [_with_title(words, rules, key) for key in every[:NAMES_LISTED]], len(every))


def actor(words: Words, roster: Roster, by: Actor) -> Piece:
    """Who did something, as the subject of a sentence."""
    match by:
        case Responder():
            return person(roster, by.person)
        case Stranger():
            return text(by.name, NAME_LIMIT) or words("a stranger")
        case Source():
            return text(_SOURCES.get(by.name, by.name), NAME_LIMIT)
        case System():
            return text("Nabat")


def _with_title(words: Words, rules: Rules, key: str) -> Piece:
    member = rules.roster.people.get(key)
    ranked = sorted(member.roles, key=rules.plan.authority) if member else []
    name = person(rules.roster, key)
    return words("{name} ({title})", name=name, title=role(words, ranked[-1])) if ranked else name


def _counted(words: Words, shown: list[Piece], total: int) -> Piece:
    rest = total - len(shown)
    return listed([*shown, words("{n} more", n=rest)] if rest else shown)
