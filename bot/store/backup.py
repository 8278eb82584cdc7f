"""All incidents out as lines of JSON, and in again.

The first line names the format, the last one counts what came before it, so that a file that was cut is noticed. What
is being sent and what waits to be sent is not in a backup: after a restore it would be sent a second time.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Final, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.store import codec
from bot.store.batch import Call
from bot.store.commits import timers
from bot.store.connect import ReplyLostError
from bot.store.instants import from_us, to_us
from bot.store.messages import slots
from bot.store.names import check_name, number_of
from bot.store.records import MessageRef, StoreUnavailableError
from bot.store.scripts import RESTORE
from bot.store.store import Store

FORMAT: Final = 1
"""The version of the format that is written; older ones stay readable."""


class BackupError(Exception):
    """The file is no backup, is damaged, or does not fit. The message says which line and why."""


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """What a backup holds: incidents, other logs included, and their events."""

    logs: int
    events: int


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Header(_Line):
    kind: Literal["nabat_backup"] = "nabat_backup"
    format: int


class _Hash(_Line):
    """Values by name: an index, the plans, the facts, the moved chats."""

    kind: Literal["plans", "facts", "migrations", "index"]
    name: str = ""
    values: dict[str, str]


class _Log(_Line):
    """One log. `events` are as stored; `due` are microseconds since 1970; `messages` are chat, message, digest."""

    kind: Literal["log"] = "log"
    name: str
    is_open: bool
    events: tuple[str, ...]
    due: dict[str, int]
    messages: dict[str, tuple[int, int, str]]


class _Footer(_Line):
    kind: Literal["end"] = "end"
    logs: int
    events: int


_LINE: Final[TypeAdapter[_Header | _Hash | _Log | _Footer]] = TypeAdapter(
    Annotated[_Header | _Hash | _Log | _Footer, Field(discriminator="kind")]
)


async def export_all(store: Store) -> AsyncIterator[str]:
    """The lines of a backup, without line ends. Each log is as it was at one instant."""
    yield _Header(format=FORMAT).model_dump_json()
    yield _Hash(kind="plans", values=await store.plans()).model_dump_json()
    yield _Hash(kind="facts", values=await store.facts()).model_dump_json()
    moved = {str(old): str(new) for old, new in (await store.migrations()).items()}
    yield _Hash(kind="migrations", values=moved).model_dump_json()
    for index in await store.indexes():
        yield _Hash(kind="index", name=index, values=await store.index_all(index)).model_dump_json()
    logs = events = 0
    for name in await store.all_logs(others=True):
        log = await _read_log(store, name)
        logs, events = logs + 1, events + len(log.events)
        yield log.model_dump_json()
    yield _Footer(logs=logs, events=events).model_dump_json()


def check_backup(lines: Iterable[str]) -> BackupSummary:
    """Reads a backup through without writing anything.

    Raises:
        BackupError: It is no backup, is damaged, or ends too early.
    """
    logs = events = 0
    for line in _lines(lines):
        if isinstance(line, _Log):
            _check_log(line)
            logs, events = logs + 1, events + len(line.events)
    return BackupSummary(logs, events)


async def restore_all(store: Store, lines: Iterable[str]) -> BackupSummary:
    """Puts a backup into an empty store, each log whole or not at all. Check it before (`check_backup`).

    Raises:
        BackupError: The store is not empty, or the backup is damaged.
        StoreUnavailableError: Redis went away; begin again with an empty store.
    """
    if await store.all_logs(others=True) or await store.plans():
        raise BackupError("This Redis already holds incidents or plans: restore into an empty one.")
    logs = events = 0
    for line in _lines(lines):
        match line:
            case _Hash():
                await _restore_hash(store, line)
            case _Log():
                _check_log(line)
                await _restore_log(store, line)
                logs, events = logs + 1, events + len(line.events)
            case _:
                continue
    return BackupSummary(logs, events)


async def _read_log(store: Store, name: str) -> _Log:
    keys = store.keys
    length = ("LLEN", keys.log(name))
    while True:
        before, texts, score, after = await store.connection.ask(
            length, ("LRANGE", keys.log(name), 0, -1), ("ZSCORE", keys.open, name), length
        )
        due = await store.timers_of(name)
        (last,) = await store.connection.ask(length)
        if before == after == last:
            break
    messages = await store.messages(name)
    return _Log(
        name=name,
        is_open=score is not None,
        events=tuple(cast("list[str]", texts)),
        due={key: to_us(at) for key, at in due.items()},
        messages={slot: (ref.chat, ref.message, ref.digest) for slot, ref in messages.items()},
    )


def _lines(lines: Iterable[str]) -> Iterator[_Header | _Hash | _Log | _Footer]:
    """The lines of a whole backup, checked for beginning, order and end."""
    logs = events = number = 0
    last: _Header | _Hash | _Log | _Footer | None = None
    for number, text in enumerate(lines, start=1):
        line = _line(number, text)
        if (number == 1) != isinstance(line, _Header) or isinstance(last, _Footer):
            raise BackupError(f"Line {number} is out of place: this is no backup of Nabat, or two of them.")
        if isinstance(line, _Header) and not 1 <= line.format <= FORMAT:
            raise BackupError(f"The backup has format {line.format}; this Nabat reads up to {FORMAT}.")
        if isinstance(line, _Log):
            logs, events = logs + 1, events + len(line.events)
        last = line
        yield line
    if not isinstance(last, _Footer) or (last.logs, last.events) != (logs, events):
        raise BackupError(f"The backup is cut: it ends after line {number}.")


def _line(number: int, text: str) -> _Header | _Hash | _Log | _Footer:
    try:
        return _LINE.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise BackupError(f"Line {number} is no line of a backup: {first['msg']}.") from error


def _check_log(log: _Log) -> None:
    for number, text in enumerate(log.events, start=1):
        try:
            codec.decode(text, where=f"{log.name}, event {number}")
        except codec.UnreadableEventError as error:
            raise BackupError(str(error)) from error


async def _restore_hash(store: Store, line: _Hash) -> None:
    keys = store.keys
    hashes = {"plans": keys.plans, "facts": keys.facts, "migrations": keys.migrations, "index": keys.index(line.name)}
    if line.values:
        pairs = tuple(part for pair in line.values.items() for part in pair)
        await store.connection.ask(("HSET", hashes[line.kind], *pairs))
    if line.kind == "index":
        await store.connection.ask(("SADD", keys.indexes, line.name))


async def _restore_log(store: Store, log: _Log) -> None:
    keys = store.keys
    due = {key: from_us(at) for key, at in log.due.items()}
    messages = {slot: MessageRef(*parts) for slot, parts in log.messages.items()}
    call = Call(
        RESTORE,
        (
            *(keys.logs, keys.open, keys.timers, keys.log(check_name(log.name)), keys.timers_of(log.name)),
            *(keys.messages(log.name), keys.message_slots),
        ),
        (
            *(log.name, number_of(log.name), int(log.is_open)),
            *(len(log.events), *log.events),
            *timers(log.name, due),
            *slots(log.name, messages),
        ),
    )
    # Run once: a second try after a lost reply would take its own work for somebody else's.
    try:
        restored = await store.batches.run_once(call)
    except ReplyLostError as error:
        raise StoreUnavailableError(f"{error}; begin again with an empty store") from error
    if not restored:
        raise BackupError(f"{log.name} came into this Redis during the restore: stop the bot, use an empty one.")
