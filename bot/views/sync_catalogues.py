"""`make messages`: bring the catalogues in step with the sentences in the code.

New sentences are added (in English as they stand, elsewhere empty: to be translated), unused ones are dropped.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

VIEWS = Path(__file__).parent
KEYWORDS = {"words": None, "plural": (1, 2), "mark": None}
SOURCE_LANGUAGE = "en"


def catalogues() -> Iterator[Path]:
    """The files of all languages."""
    return iter(sorted(VIEWS.glob("locale/*/LC_MESSAGES/nabat.po")))


def sync(path: Path) -> list[str]:
    """Rewrite a catalogue; the sentences that are still to be translated."""
    language = path.parent.parent.name
    with path.open("rb") as source:
        known = read_po(source, locale=language, abort_invalid=True)
    fresh = Catalog(locale=language, charset="utf-8", header_comment=known.header_comment)
    fresh.mime_headers = known.mime_headers
    for _, _, found, _, _ in extract_from_dir(VIEWS, [("**.py", "python")], keywords=KEYWORDS):
        sentence = found if isinstance(found, str) else tuple(found)
        old = known.get(sentence)
        own = sentence if language == SOURCE_LANGUAGE else ""
        fresh.add(sentence, old.string if old else own)
    with path.open("wb") as target:
        write_po(target, fresh, width=0, no_location=True)
    return [str(message.id) for message in fresh if message.id and not _done(message)]


def _done(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


if __name__ == "__main__":
    for catalogue in catalogues():
        for missing in sync(catalogue):
            print(f"{catalogue.parent.parent.name}: to be translated: {missing}")
