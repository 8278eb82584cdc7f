"""Events as stored text: JSON with a schema version `v`, brought up to date on reading.

A released event stays readable for ever. A change of meaning raises `VERSION` and registers an upcast from the version
before; `tests/store/events_v*.jsonl` hold every kind as it was stored then.
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Final, cast

from pydantic import Field, TypeAdapter, ValidationError

from bot.domain.events import Event
from bot.domain.team_events import TeamEvent

VERSION: Final = 1
"""The schema version that is written now."""

Stored = Annotated[Event | TeamEvent, Field(discriminator="kind")]
"""Whatever a log may hold: an incident's events, or the team's."""

_STORED: Final[TypeAdapter[Stored]] = TypeAdapter(Stored)

Upcast = Callable[[dict[str, object]], dict[str, object]]

UPCASTS: Mapping[int, Upcast] = MappingProxyType({})
"""From a version to the next: takes the document as that version wrote it, returns it as the next one would have."""

_PRESENT: Final = f'{{"v":{VERSION},'


class UnreadableEventError(Exception):
    """A stored event that this Nabat can't read: written by a newer one, or damaged. It is never skipped.

    What to do: run the version of Nabat that wrote it, or a newer one.
    """


def encode(event: Stored) -> str:
    """The text to store."""
    return _PRESENT + event.model_dump_json()[1:]


def decode(text: str, *, where: str, version: int = VERSION, upcasts: Mapping[int, Upcast] = UPCASTS) -> Stored:
    """The event in a stored text, brought up to `version`. `where` names it in an error: `INC-7, event 12`.

    Raises:
        UnreadableEventError: The schema version or the kind is unknown, or the text is damaged.
    """
    if not text.startswith(f'{{"v":{version},'):
        text = json.dumps(_upcast(_document(text, where), where, version, upcasts))
    try:
        return _STORED.validate_json(text)
    except ValidationError as error:
        raise _unreadable(text, where, error) from error


def _document(text: str, where: str) -> dict[str, object]:
    try:
        document: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableEventError(f"{where} is damaged: not JSON ({error.msg} at {error.pos}).") from error
    if not isinstance(document, dict):
        raise UnreadableEventError(f"{where} is damaged: not a JSON object.")
    return cast("dict[str, object]", document)


def _upcast(document: dict[str, object], where: str, newest: int, upcasts: Mapping[int, Upcast]) -> dict[str, object]:
    version = document.get("v")
    if not isinstance(version, int) or version < 1:
        raise UnreadableEventError(f"{where} is damaged: its schema version is {version!r}.")
    if version > newest:
        raise UnreadableEventError(
            f"{where} ({document.get('kind')}) has schema version {version}; this Nabat reads up to {newest}."
        )
    while version < newest:
        document = upcasts[version](document)
        version += 1
    return document | {"v": version}


def _unreadable(text: str, where: str, error: ValidationError) -> UnreadableEventError:
    document = _document(text, where)
    first = error.errors(include_input=False, include_url=False)[0]
    kind, version = document.get("kind"), document.get("v")
    if first["type"] in {"union_tag_invalid", "union_tag_not_found"}:
        return UnreadableEventError(
            f"{where} has the unknown kind {kind!r} (schema version {version}): a newer Nabat wrote it."
        )
    field = ".".join(str(part) for part in first["loc"])
    return UnreadableEventError(f"{where} ({kind}, schema version {version}) is damaged: {field}: {first['msg']}.")
