"""A mistake somebody made in a plan or roster, with the place of it and what would be right."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at `path`, the keys and indexes down from the top of the file, and what is allowed there."""

    path: Path
    message: str
    allowed: str


def unknown(path: Path, kind: str, name: str, known: Iterable[str]) -> Mistake:
    """A name that nothing in the plan has, with the nearest one that something has."""
    names = list(known)
    near = get_close_matches(name, names, 1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return Mistake(path, f"unknown {kind} {name!r}{hint}", ", ".join(names) or f"nothing: the plan has no {kind}")


def repeated(named: Iterable[tuple[Path, str]], kind: str) -> Iterator[Mistake]:
    """Names that stand twice, upper and lower case taken as the same, each at its second place."""
    first: dict[str, Path] = {}
    for path, name in named:
        known = first.setdefault(name.casefold(), path)
        if known != path:
            yield Mistake(path, f"{kind} {name!r} is already at {shown(known)}", f"each {kind} once")


def shown(path: Path) -> str:
    """A path as a person writes it: ``severities.SEV-1.notify[0].roles``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
