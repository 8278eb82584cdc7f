"""The message catalogues, held against the sentences in the code."""

import ast
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.views.translations import placeholders
from tests.views.scenes import ENGLISH, RUSSIAN

KEYWORDS = {"words": None, "plural": (1, 2), "mark": None}
LANGUAGES = ("en", "ru")

Sentence = tuple[str, ...]
"""Its one form, or those of a plural."""


def forms(text: str | Sequence[str] | None) -> Sentence:
    """A sentence's forms."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def sentences() -> set[Sentence]:
    """Every sentence that the code says, as Babel finds it."""
    root = Path(str(resources.files("bot.views")))
    return {forms(found[2]) for found in extract_from_dir(root, [("**.py", "python")], keywords=KEYWORDS)}


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as it is in the file."""
    path = resources.files("bot.views") / "locale" / language / "LC_MESSAGES" / "nabat.po"
    with path.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def spoken(source: str) -> Iterator[Sentence]:
    """The sentences in calls of a module, wherever they stand."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = [a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if name in KEYWORDS and texts:
                yield tuple(texts if name == "plural" else texts[:1])


def test_babel_sees_every_sentence() -> None:
    """No sentence hides where Babel does not look, such as inside an f-string."""
    files = Path(str(resources.files("bot.views"))).rglob("*.py")
    assert {sentence for file in files for sentence in spoken(file.read_text())} == sentences()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_nothing_else(language: str) -> None:
    """A catalogue holds exactly the sentences of the code."""
    written = {forms(message.id) for message in catalogue(language) if message.id}
    assert written == sentences()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_empty_or_a_guess(language: str) -> None:
    """Every form of every sentence is there, and none is marked fuzzy."""
    known = catalogue(language)
    for message in known:
        if message.id:
            assert not message.fuzzy, message.id
            assert all(forms(message.string)), message.id
            assert len(forms(message.string)) == (known.num_plurals if message.pluralizable else 1), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_placeholders_of_the_sentence(language: str) -> None:
    """No placeholder gets lost or invented; `{n}` alone may be left out of a plural form."""
    for message in catalogue(language):
        wanted = placeholders("".join(forms(message.id)))
        for form in forms(message.string):
            assert placeholders(form) | {"n"} == wanted | {"n"}, message.id


@pytest.mark.parametrize(
    ("count", "russian", "english"),
    [
        (1, "1 алерт", "1 alert"),
        (2, "2 алерта", "2 alerts"),
        (5, "5 алертов", "5 alerts"),
        (11, "11 алертов", "11 alerts"),
        (21, "21 алерт", "21 alerts"),
        (104, "104 алерта", "104 alerts"),
    ],
)
def test_plural_forms(count: int, russian: str, english: str) -> None:
    """Russian has three forms, by the last digits; English two."""
    assert RUSSIAN.plural("{n} alert", "{n} alerts", count).plain == russian
    assert ENGLISH.plural("{n} alert", "{n} alerts", count).plain == english
