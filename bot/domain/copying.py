"""A copy of a frozen state with some parts changed, for states that change with every event.

`dataclasses.replace` hands every field through the constructor: of the forty of an incident that took longer than all
else that an event does to it (tests/bench/test_copying.py measures the two).
"""

from typing import TypeVar

_State = TypeVar("_State", bound=object)


def copy_with(state: _State, **parts: object) -> _State:
    """A copy of a frozen dataclass without slots, these fields of it changed; its `__post_init__` is not called.

    Raises:
        TypeError: it has no such field; a mistake of the caller's.
    """
    known = vars(state)
    if not parts.keys() <= known.keys():
        raise TypeError(f"{type(state).__name__} has no {', '.join(sorted(parts.keys() - known.keys()))}")
    copy = object.__new__(type(state))
    vars(copy).update(known, **parts)
    return copy
