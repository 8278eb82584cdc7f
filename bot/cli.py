"""What each command of the command line does.

A command imports what it alone needs when it runs: `nabat run` is ready some tenths of a second sooner without the
sandbox, the demo and the doctor, and a plan is checked without the bot.
"""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import structlog
import uvloop

from bot import collector
from bot.configuration import Configuration
from bot.logs import set_up_logging
from bot.settings import (
    ConfigurationError,
    Settings,
    check_plan_file,
    load_plan,
    load_roster,
    load_settings,
    plan_schema,
    port_not_free,
)
from bot.store.backup import BackupError, check_backup, export_all, restore_all
from bot.store.codec import UnreadableEventError
from bot.store.embedded import EmbeddedServerError
from bot.store.opening import open_store
from bot.store.records import StoreUnavailableError

BROKEN = 1
MISTAKE = 2

log = structlog.get_logger("nabat")


def perform(command: str, options: argparse.Namespace) -> int:
    """Does a command; its exit status.

    A mistake in settings, plan or roster ends it with status 2 and one line a mistake.
    """
    try:
        return uvloop.run(_COMMANDS[command](options))
    except ConfigurationError as error:
        print(*error.mistakes, sep="\n", file=sys.stderr)
        return MISTAKE


def configuration(settings: Settings) -> Configuration:
    """The plan and the roster that the settings name.

    Raises:
        ConfigurationError: one of them has mistakes.
    """
    plan = load_plan(settings.plan_file)
    return Configuration(settings, plan, load_roster(settings.roster_file, plan))


async def run(_options: argparse.Namespace) -> int:
    """The bot, until it is told to stop."""
    settings = load_settings(needs_telegram=True)
    set_up_logging(settings)
    decided = configuration(settings)
    with collector.at_rest():
        from bot.app import running  # noqa: PLC0415 - for this command alone, and once nothing is wrong with its settings

    try:
        async with running(decided) as bot:
            collector.calm()
            return await _until_stopped(bot.work)
    except (StoreUnavailableError, EmbeddedServerError, OSError) as error:
        log.critical("can't start", reason=str(error))
        return BROKEN


async def demo(options: argparse.Namespace) -> int:
    """Everything on one machine, until it is told to stop."""
    from bot.demo import run_demo  # noqa: PLC0415 - for this command alone

    try:
        return await run_demo(options.port)
    except (StoreUnavailableError, EmbeddedServerError, OSError) as error:
        print(f"the demo can't start: {error}", file=sys.stderr)
        return BROKEN


async def check(_options: argparse.Namespace) -> int:
    """The doctor."""
    from bot import doctor  # noqa: PLC0415 - for this command alone

    settings = load_settings()
    set_up_logging(settings)
    return await doctor.examine(configuration(settings))


async def sandbox(options: argparse.Namespace) -> int:
    """The sandbox Telegram alone."""
    from bot.sandbox.server import run_sandbox  # noqa: PLC0415 - for this command alone

    try:
        await run_sandbox(port=options.port)
    except OSError as error:
        raise port_not_free(error, options.port) from error
    return BROKEN


async def check_plan(options: argparse.Namespace) -> int:
    """Whether a plan file is valid."""
    mistakes = check_plan_file(options.file)
    if mistakes:
        print(*mistakes, sep="\n", file=sys.stderr)
        return MISTAKE
    print(f"{options.file}: the plan is valid")
    return 0


async def print_plan_schema(_options: argparse.Namespace) -> int:
    """The JSON Schema of a plan."""
    print(json.dumps(plan_schema(), indent=2, ensure_ascii=False))
    return 0


async def backup(options: argparse.Namespace) -> int:
    """All incidents into a file; the file is complete or not there."""
    settings = load_settings()
    target: Path = options.file
    unfinished = target.with_name(target.name + ".part")
    lines = 0
    try:
        async with open_store(settings.redis, settings.data_dir) as store:
            with unfinished.open("w", encoding="utf-8") as file:
                unfinished.chmod(0o600)
                async for line in _lines(export_all(store)):
                    file.write(line)
                    lines += 1
        unfinished.replace(target)
    except (StoreUnavailableError, EmbeddedServerError, OSError) as error:
        print(f"no backup was written: {error}", file=sys.stderr)
        return BROKEN
    print(f"{target}: {lines} lines")
    return 0


async def restore(options: argparse.Namespace) -> int:
    """All incidents out of a file, into an empty store."""
    settings = load_settings()
    source: Path = options.file
    try:
        async with open_store(settings.redis, settings.data_dir) as store:
            with source.open(encoding="utf-8") as file:
                lines = file.read().splitlines()
            check_backup(lines)
            summary = await restore_all(store, lines)
    except (BackupError, StoreUnavailableError, EmbeddedServerError, OSError) as error:
        print(f"nothing was restored: {error}", file=sys.stderr)
        return BROKEN
    print(f"{summary.logs} logs with {summary.events} events are back")
    return 0


async def export(options: argparse.Namespace) -> int:
    """The post-incident document of an incident, into a file that is complete or not there, or to standard output."""
    from bot.export import NoSuchIncidentError, exported  # noqa: PLC0415 - for this command alone

    settings = load_settings()
    try:
        target: Path | None = options.output
        stem = target.stem if target else None
        written = await exported(configuration(settings), options.incident, options.format, stem)
        if target is None:
            sys.stdout.buffer.write(written.document)
            return 0
        if written.picture is not None:
            _put(target.with_name(written.picture.name), written.picture.content)
        _put(target, written.document)
    except NoSuchIncidentError as error:
        print(f"there is no {error}", file=sys.stderr)
        return BROKEN
    except (StoreUnavailableError, EmbeddedServerError, UnreadableEventError, LookupError, OSError) as error:
        print(f"no document was written: {error}", file=sys.stderr)
        return BROKEN
    print(f"{target}: {len(written.document)} bytes")
    if written.picture is not None:
        print(f"{target.with_name(written.picture.name)}: its picture, keep it beside the document")
    return 0


_COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], Coroutine[None, None, int]]]] = MappingProxyType(
    {
        "demo": demo,
        "run": run,
        "check": check,
        "plan check": check_plan,
        "plan schema": print_plan_schema,
        "backup": backup,
        "restore": restore,
        "export": export,
        "sandbox": sandbox,
    }
)


def _put(target: Path, content: bytes) -> None:
    """A file that is complete or not there."""
    unfinished = target.with_name(target.name + ".part")
    unfinished.write_bytes(content)
    unfinished.replace(target)


async def _lines(texts: AsyncIterator[str]) -> AsyncIterator[str]:
    async for text in texts:
        yield text.rstrip("\n") + "\n"


async def _until_stopped(work: asyncio.Task[None]) -> int:
    """Wait for SIGTERM or SIGINT, or for the work to break."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({waiting, work}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if work.done():
        log.critical("the bot broke", exc_info=work.exception())
        return BROKEN
    log.info("stopping")
    return 0
