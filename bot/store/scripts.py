"""The Lua scripts: each is one atomic step. Their KEYS and ARGV are described at the head of each file.

Plain Lua 5.1 through EVALSHA: Functions would need Redis 7, and the embedded server may be 6.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha1
from importlib.resources import files
from typing import Final

from bot.store.connect import Command

_FOLDER: Final = files("bot.store") / "scripts"


@dataclass(frozen=True)
class Script:
    """A script and the fragments it is built from, which are pasted before it in the order given."""

    name: str
    fragments: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        """The Lua source, whole."""
        names = (*self.fragments, self.name)
        return "\n".join((_FOLDER / f"{name}.lua").read_text(encoding="utf-8") for name in names)

    @cached_property
    def digest(self) -> str:
        """The name under which Redis keeps it: SHA-1 of the source (Redis, EVALSHA)."""
        return sha1(self.text.encode(), usedforsecurity=False).hexdigest()

    def call(self, keys: Sequence[str], arguments: Sequence[str | int]) -> Command:
        """The command that runs it, if Redis has it already."""
        return ("EVALSHA", self.digest, len(keys), *keys, *arguments)

    def load(self) -> Command:
        """The command that gives it to Redis."""
        return ("SCRIPT", "LOAD", self.text)


COMMIT: Final = Script("commit", ("arguments", "fence", "rearm", "rows"))
CLAIM_DUE: Final = Script("claim_due", ("arguments", "fence"))
REBUILD_TIMERS: Final = Script("rebuild_timers", ("arguments", "rearm"))
CLAIM_ROWS: Final = Script("claim_rows", ("arguments", "fence", "rows"))
SETTLE: Final = Script("settle", ("arguments", "fence", "rows", "remembering"))
PUT_BACK: Final = Script("put_back", ("arguments", "fence", "rows"))
REMEMBER: Final = Script("remember", ("arguments", "fence", "remembering"))
ACQUIRE: Final = Script("acquire", ("arguments",))
RENEW: Final = Script("renew", ("arguments", "fence"))
GIVE_UP: Final = Script("give_up", ("arguments", "fence"))
RESTORE: Final = Script("restore", ("arguments", "rearm", "remembering"))
