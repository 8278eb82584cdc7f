"""What a log action printed: the last lines in the chat, all that was kept as a file, and how it ended in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.views import naming
from bot.views.html import Line, Piece, bold, joined, message, pre, text
from bot.views.outside_text import utf16_length
from bot.views.plan_words import of_plan
from bot.views.rendered import Rendered
from bot.views.times import clock, duration
from bot.views.translations import Words, listed

WHOLE_LIMIT = 3000
"""UTF-16 units of a log that is shown whole: with its heading it fits a message (4096)."""
PREVIEW_LIMIT = 1200
"""Of a longer one: about a phone's screen, the rest is in the file."""
REASON_LIMIT = 160
ACTIONS_NAMED = 8


@dataclass(frozen=True, slots=True)
class LogTail:
    """What was read. `trouble` says how it failed; `omitted` lines between the first and the last were not kept."""

    title: str
    lines: tuple[str, ...]
    text: str
    omitted: int
    only: str | None
    trouble: Piece


def reading(words: Words, title: str) -> Rendered:
    """It is on its way."""
    return Rendered(message([Line(words("⏳ {title}: reading…", title=of_plan(words, title)))]), silent=True)


def tail(words: Words, read: LogTail, now: datetime) -> Rendered:
    """The end of the log, the newest line last."""
    title = words("📜 {title}, {time}", title=of_plan(words, read.title), time=clock(words, now, now))
    head = joined((title, _count(words, read)))
    trouble = joined((text("🔴"), read.trouble), " ") if read.trouble else Piece()
    whole = words("The whole of it is in the file.") if is_long(read) else Piece()
    shown = pre(read.lines, PREVIEW_LIMIT if is_long(read) else WHOLE_LIMIT)
    return Rendered(message([Line(bold(head)), Line(trouble, 1), Line(shown), Line(whole, 2)]))


def file(words: Words, read: LogTail, now: datetime) -> Rendered:
    """All that was kept, as a document."""
    name = f"{''.join(letter if letter.isalnum() else '_' for letter in read.title.lower())[:40]}_{now:%H%M%S}.log"
    left_out = _left_out(words, read)
    caption = joined((of_plan(words, read.title), _count(words, read), left_out))
    return Rendered(message([Line(caption)]), document=(name, read.text.encode()), silent=True)


def is_long(read: LogTail) -> bool:
    """Whether it takes a file."""
    return bool(read.omitted) or utf16_length(read.text) > WHOLE_LIMIT


def no_logs(words: Words, kind: str, titles: Sequence[str]) -> Rendered:
    """The plan has no action that reads such logs."""
    if not titles:
        return Rendered(message([Line(words("The plan has no action that reads logs."))]))
    choices = listed(text(title) for title in titles[:ACTIONS_NAMED])
    return Rendered(
        message([Line(words("I don't know {given}. There is: {choices}", given=text(kind, 40), choices=choices))])
    )


def not_allowed(words: Words, title: str, role: str) -> Rendered:
    """It takes more authority."""
    who = naming.role(words, role)
    return Rendered(message([Line(words("{title} is for {role} or above.", title=of_plan(words, title), role=who))]))


def needs(words: Words, role: str) -> Piece:
    """Whoever looked may not read it."""
    return words("for {role} or above", role=naming.role(words, role))


def exited(words: Words, code: int) -> Piece:
    """A command that failed by itself."""
    return words("It ended with exit status {code}", code=code)


def killed(words: Words, signal: str) -> Piece:
    """A command that somebody ended."""
    return words("It was ended from outside ({signal})", signal=text(signal, 20))


def timed_out(words: Words, limit: timedelta) -> Piece:
    """What took longer than it may."""
    return words("It was not done within {limit} and was ended", limit=duration(words, limit))


def not_started(words: Words, reason: str) -> Piece:
    """What never began."""
    return words("It could not be started: {reason}", reason=text(reason, REASON_LIMIT))


def answered(words: Words, status: int) -> Piece:
    """A request that was refused."""
    return words("The answer was HTTP {status}", status=status)


def not_answered(words: Words, reason: str) -> Piece:
    """A request whose answer never came."""
    return words("No answer came: {reason}", reason=text(reason, REASON_LIMIT))


def _count(words: Words, read: LogTail) -> Piece:
    count = len(read.lines) + read.omitted
    if count:
        return words.plural("{n} line", "{n} lines", count)
    if read.trouble:
        return Piece()
    if read.only:
        return words("no line with {wanted}", wanted=text(read.only, 40))
    return words("it is empty")


def _left_out(words: Words, read: LogTail) -> Piece:
    if not read.omitted:
        return Piece()
    return words.plural("{n} line in the middle left out", "{n} lines in the middle left out", read.omitted)
