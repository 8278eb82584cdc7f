"""Every sentence Nabat says, in the languages of the roster.

A sentence stands in the code in English, as the key of the catalogues in `locale/`; placeholders are `{named}`. A
catalogue is read when its language is first spoken, so there is no build step to forget. `make messages` adds a new
sentence to them; `tests/views` fails until every catalogue has it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from gettext import c2py
from importlib import resources
from string import Formatter
from typing import Final
from zoneinfo import ZoneInfo

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
        return _filled(_catalogue(self.language).sentence(message), values)

    def plural(self, one: str, many: str, n: int, /, **values: Value) -> Piece:
        """The form of the sentence that fits the number, which fills `{n}`."""
        return _filled(_catalogue(self.language).plural(one, many, n), {"n": n, **values})


def words_of(person: Person) -> Words:
    """How to speak to a person."""
    return Words(person.language, person.timezone)


def words_in(chat: Chat, zone: ZoneInfo) -> Words:
    """How to speak in a chat; a chat has no zone of its own, so the plan's is given."""
    return Words(chat.language, zone)


def placeholders(message: str) -> frozenset[str]:
    """The names of the placeholders in a sentence."""
    return frozenset(field for _, field, _, _ in Formatter().parse(message) if field is not None)


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """The sentences of a language by their English, and which plural form fits a number."""

    sentences: Mapping[str, str]
    plurals: Mapping[str, tuple[str, ...]]
    form: Callable[[int], int]

    def sentence(self, message: str) -> str:
        return self.sentences.get(message, message)

    def plural(self, one: str, many: str, n: int) -> str:
        forms = self.plurals.get(one)
        return (one if n == 1 else many) if forms is None else forms[self.form(n)]


@lru_cache
def _catalogue(language: Language) -> _Catalogue:
    """Straight from the text: compiling it to a `.mo` in memory and reading that again took twice as long."""
    path = resources.files("bot.views") / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as source:
        read = read_po(source, locale=language, domain=DOMAIN, abort_invalid=True)
    form = c2py(read.plural_expr)
    sentences: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for message in read:
        one = message.id if isinstance(message.id, str) else message.id[0]
        if isinstance(message.string, list | tuple):
            plurals[one] = tuple(message.string)
            sentences[one] = plurals[one][form(1)]
        else:
            sentences[one] = message.string or one
    return _Catalogue(sentences, plurals, form)


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
