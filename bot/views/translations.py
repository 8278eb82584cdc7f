"""Every sentence Nabat says, in the languages of the roster.

A sentence stands in the code in English, as the key of the catalogues in `locale/`; placeholders are `{named}`. The
catalogues are compiled in memory when a language is first spoken, so there is no build step to forget. A new sentence
is added to them with `pybabel extract -k words -k plural:1,2 -k mark` and `pybabel update`; `tests/views` fails until
every catalogue has it.
"""

import gettext
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from io import BytesIO
from string import Formatter
from typing import Final
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.domain.roster import Chat, Language, Person
from bot.views.html import Piece, text

DOMAIN: Final = "nabat"

Value = Piece | str | int


def mark(message: str) -> str:
    """Marks a sentence that stands in a table for the catalogues; `words` translates it when it is said."""
    return message


@dataclass(frozen=True, slots=True)
class Words:
    """A language and a time zone to speak in. The zone is the reader's own for a person, the plan's for a chat."""

    language: Language
    zone: ZoneInfo

    def __call__(self, message: str, /, **values: Value) -> Piece:
        """The sentence with its placeholders filled; a plain string is outside text and becomes one bounded line."""
        return _filled(_catalogue(self.language).gettext(message), values)

    def plural(self, one: str, many: str, n: int, /, **values: Value) -> Piece:
        """The form of the sentence that fits the number, which fills `{n}`."""
        return _filled(_catalogue(self.language).ngettext(one, many, n), {"n": n, **values})


def words_of(person: Person) -> Words:
    """How to speak to a person."""
    return Words(person.language, person.timezone)


def words_in(chat: Chat, zone: ZoneInfo) -> Words:
    """How to speak in a chat; a chat has no zone of its own, so the plan's is given."""
    return Words(chat.language, zone)


def placeholders(message: str) -> frozenset[str]:
    """The names of the placeholders in a sentence."""
    return frozenset(field for _, field, _, _ in Formatter().parse(message) if field is not None)


@lru_cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    path = resources.files("bot.views") / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language, domain=DOMAIN, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _filled(template: str, values: dict[str, Value]) -> Piece:
    whole = Piece()
    for literal, field in _parts(template):
        whole += text_of_ours(literal)
        if field is not None:
            whole += _piece(values[field])
    return whole


@lru_cache(maxsize=2048)
def _parts(template: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((literal, field) for literal, field, _, _ in Formatter().parse(template))


@lru_cache(maxsize=2048)
def text_of_ours(literal: str) -> Piece:
    """Our own words: escaped like everything else, and never cut or stripped of their spaces."""
    return Piece(literal.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), literal)


def _piece(value: Value) -> Piece:
    return value if isinstance(value, Piece) else text(str(value))


def listed(pieces: Iterable[Piece]) -> Piece:
    """An enumeration: a comma does in both languages."""
    whole = Piece()
    for piece in pieces:
        whole = whole + Piece(", ", ", ") + piece if whole else piece
    return whole
