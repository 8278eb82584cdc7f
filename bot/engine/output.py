"""What a command or an answer printed: bounded, printable, with secrets masked."""

import codecs
import re
from collections import deque
from dataclasses import dataclass

from bot.domain.masking import KeyBlocks, Masker

SIDE_CHARACTERS = 32 * 1024
"""Kept of the beginning, and again of the end: a few screens each, whatever the command prints."""
SIDE_LINES = 1000
"""The same for very short lines."""
LINE_READ_CHARACTERS = 4096
"""Of a longer line the rest is dropped; twice what is shown, so that a secret at the cut is masked whole."""
LINE_SHOWN_CHARACTERS = 2048

_UNFINISHED = re.compile(r"\S{8,}\Z")
"""Half a token looks like a word: it is shown, or masked, once its end is there."""
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Output:
    """Printed text: its first lines, its last ones, and how many lines between them were not kept.

    `size` counts the bytes that were printed in all.
    """

    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    omitted: int = 0
    size: int = 0

    @property
    def text(self) -> str:
        """All that was kept, with one line that says how much is missing."""
        gap = (f"[… {self.omitted:,} lines left out …]",) if self.omitted else ()
        return "\n".join((*self.head, *gap, *self.tail))


class OutputKeeper:
    """Takes bytes as they come and keeps a bounded head and tail of their lines, or of those that hold `wanted`."""

    def __init__(self, masker: Masker, wanted: str | None = None) -> None:
        self._masker = masker
        self._wanted = wanted or ""
        self._keys = KeyBlocks()
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._line = ""
        self._head: list[str] = []
        self._head_room = SIDE_CHARACTERS
        self._tail: deque[str] = deque()
        self._tail_length = 0
        self._omitted = 0
        self._size = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._size += len(data)
        *complete, rest = self._decoder.decode(data).split("\n")
        if self._is_head_full and not self._wanted and not self._keys.may_begin(complete):
            complete = self._skip(complete)
        for piece in complete:
            self._end_line(piece)
        self._extend_line(rest)

    @property
    def _is_head_full(self) -> bool:
        return self._head_room < 0 or len(self._head) >= SIDE_LINES

    def _skip(self, lines: list[str]) -> list[str]:
        """The last of them, where these are all that can be kept: a flood of lines must not hold up the presses."""
        skipped = len(lines) - SIDE_LINES
        if skipped <= 0:
            return lines
        self._omitted += len(self._tail) + skipped
        self._tail.clear()
        self._tail_length = 0
        self._line = ""
        return lines[skipped:]

    def so_far(self) -> Output:
        """What there is while more may come: nobody knows what a long word will be that is still being printed."""
        return self._kept(_UNFINISHED.sub("…", self._keys.peek(self._printable(self._line))))

    def snapshot(self) -> Output:
        """What there is, masked; a line without an end is its last one."""
        return self._kept(self._keys.peek(self._printable(self._line)))

    def _kept(self, open_line: str) -> Output:
        tail = [*self._tail, *([open_line] if open_line and self._wanted in open_line else [])]
        return Output(
            head=self._masked(self._head),
            tail=self._masked(tail),
            omitted=self._omitted,
            size=self._size,
        )

    def _extend_line(self, piece: str) -> None:
        self._line = (self._line + piece)[:LINE_READ_CHARACTERS]

    def _end_line(self, piece: str) -> None:
        self._extend_line(piece)
        line = self._keys.line(self._printable(self._line))
        self._line = ""
        if self._wanted not in line:
            return
        if not self._is_head_full:
            self._head_room -= len(line) + 1
            if self._head_room >= 0:
                self._head.append(line)
                return
        self._tail.append(line)
        self._tail_length += len(line) + 1
        while self._tail_length > SIDE_CHARACTERS or len(self._tail) > SIDE_LINES:
            self._tail_length -= len(self._tail.popleft()) + 1
            self._omitted += 1

    def _printable(self, line: str) -> str:
        if line.isprintable():
            return line
        # A progress bar rewrites its line: the last state is what a terminal would show.
        shown = _ESCAPES.sub("", line.rstrip("\r").rpartition("\r")[2])
        return _CONTROLS.sub("·", shown)

    def _masked(self, lines: list[str]) -> tuple[str, ...]:
        return tuple(
            line if len(line) <= LINE_SHOWN_CHARACTERS else f"{line[:LINE_SHOWN_CHARACTERS]}…"
            for line in map(self._masker, lines)
        )
