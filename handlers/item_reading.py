"""An action item as people write it: `Alert on the pool @anna friday`, or `@anna Alert on the pool friday`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.domain.days import UnreadableDayError, read_day
from bot.domain.roster import Roster

_LONGEST_DAY = 3
"""Words of `in 2 w`."""
_AROUND = " \n\t,.:;-\N{EN DASH}\N{EM DASH}"


@dataclass(frozen=True, slots=True)
class WrittenItem:
    """What was written. `owner` is a key of the roster, or, where nobody is called so, the name that was written."""

    text: str
    owner: str
    day: str


def read_item(roster: Roster, written: str) -> WrittenItem | None:
    """The parts of an action item; None where nobody is named. The last name counts, and the day comes last."""
    places = [place for place, letter in enumerate(written) if letter == "@" and not written[:place][-1:].strip()]
    for place in reversed(places):
        for name, key in _names(roster):
            rest = written[place + 1 :]
            if rest.casefold().startswith(name) and not rest[len(name) :][:1].isalnum():
                return _parts(written[:place], key, rest[len(name) :])
    if not places:
        return None
    owner, _, rest = written[places[-1] + 1 :].partition(" ")
    return _parts(written[: places[-1]], owner.strip(_AROUND), rest)


def _names(roster: Roster) -> Iterator[tuple[str, str]]:
    """Names and keys in lower case, the longest first: `anna maria` before `anna`."""
    named = {person.name.casefold(): key for key, person in roster.people.items()}
    named |= {key.casefold(): key for key in roster.people}
    yield from sorted(named.items(), key=lambda pair: -len(pair[0]))


def _parts(before: str, owner: str, after: str) -> WrittenItem:
    text, rest = before.strip(_AROUND), after.strip(_AROUND)
    if text:
        return WrittenItem(text, owner, rest)
    words = rest.split()
    for count in range(min(_LONGEST_DAY, len(words) - 1), 0, -1):
        last = " ".join(words[-count:])
        if _is_day(last):
            return WrittenItem(" ".join(words[:-count]).strip(_AROUND), owner, last)
    return WrittenItem(rest, owner, "")


def _is_day(written: str) -> bool:
    try:
        read_day(written, date.min)
    except UnreadableDayError:
        return False
    return True
