"""Python's collector of cycles, told what a bot is like: its start makes much for good, its life little garbage."""

import gc
from collections.abc import Generator
from contextlib import contextmanager

_COLLECT_AFTER = 50_000
"""Objects that are made between looks for cycles; Python's 700 is for small programs (`gc.set_threshold`)."""
_GENERATIONS_LATER = 20


@contextmanager
def at_rest() -> Generator[None]:
    """For imports: what they make stays, and looking through it again and again was a seventh of a start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def calm() -> None:
    """What the start has made stays for good: the collector need not look at it again, and later looks less often.

    Measured with 1,000 presses at once: a quarter less work for the bot.
    """
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, _GENERATIONS_LATER, _GENERATIONS_LATER)
