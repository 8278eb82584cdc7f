"""The command line. A mistake in settings, plan or roster ends it with status 2 and one line a mistake."""

import argparse
import json
import sys
from collections.abc import Callable, Coroutine, Sequence
from importlib.metadata import version
from pathlib import Path

import uvloop

from bot import cli
from bot.settings import ConfigurationError, check_plan_file, plan_schema

MISTAKE = 2

Command = Callable[[argparse.Namespace], Coroutine[None, None, int]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except ConfigurationError as error:
        print(*error.mistakes, sep="\n", file=sys.stderr)
        return MISTAKE
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nabat", description="An incident bot for Telegram.")
    parser.add_argument("--version", action="version", version=f"nabat {version('nabat')}")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    def verb(name: str, summary: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        added.set_defaults(run=run)
        return added

    demo = verb("demo", "everything on this machine, with no account and no configuration", _awaited(cli.demo))
    demo.add_argument("--port", type=int, default=8088, help="of the web chat; 0 takes a free one (default: 8088)")
    verb("run", "the bot, from the settings in the environment or .env", _awaited(cli.run))
    verb("check", "a doctor: settings, plan, roster, Redis, Telegram and metrics", _awaited(cli.check))
    plan = verb("plan", "validate a plan, or print its JSON Schema", _usage_of_plan)
    parts = plan.add_subparsers(required=True, metavar="check|schema")
    check = parts.add_parser("check", help="validate a plan file")
    check.add_argument("file", type=Path)
    check.set_defaults(run=_check_plan)
    parts.add_parser("schema", help="print the JSON Schema of a plan").set_defaults(run=_print_schema)
    backup = verb("backup", "write all incidents to a file", _awaited(cli.backup))
    backup.add_argument("file", type=Path)
    restore = verb("restore", "read all incidents from a file into an empty store", _awaited(cli.restore))
    restore.add_argument("file", type=Path)
    export = verb("export", "the post-incident document of an incident", _awaited(cli.export))
    export.add_argument("incident", metavar="INC-7", help="the incident's id")
    export.add_argument("--format", choices=("md", "json", "html"), default="md", help="(default: md)")
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")
    sandbox = verb("sandbox", "the sandbox Telegram alone", _awaited(cli.sandbox))
    sandbox.add_argument("--port", type=int, default=8081, help="0 takes a free one (default: 8081)")
    return parser


def _awaited(command: Command) -> Callable[[argparse.Namespace], int]:
    return lambda options: uvloop.run(command(options))


def _usage_of_plan(_options: argparse.Namespace) -> int:
    raise AssertionError("plan has subcommands, and one is required")


def _check_plan(options: argparse.Namespace) -> int:
    mistakes = check_plan_file(options.file)
    if mistakes:
        print(*mistakes, sep="\n", file=sys.stderr)
        return MISTAKE
    print(f"{options.file}: the plan is valid")
    return 0


def _print_schema(_options: argparse.Namespace) -> int:
    print(json.dumps(plan_schema(), indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
