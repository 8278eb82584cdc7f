"""The command line: what can be typed. `bot.cli` does it, and is imported when something is to be done."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from bot.collector import at_rest

_HIGHEST_PORT = 65_535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return _perform(options)
    except KeyboardInterrupt:
        return 0


def _perform(options: argparse.Namespace) -> int:
    """Do a command: only now what it needs is imported, so `--help` and a slip of the fingers are answered at once."""
    with at_rest():
        from bot import cli  # noqa: PLC0415 - as said

    return cli.perform(options.command, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nabat", description="An incident bot for Telegram.")
    parser.add_argument("--version", action="version", version=f"nabat {version('nabat')}")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    def verb(name: str, summary: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        added.set_defaults(command=name)
        return added

    demo = verb("demo", "everything on this machine, with no account and no configuration")
    demo.add_argument("--port", type=_port, default=8088, help="of the web chat; 0 takes a free one (default: 8088)")
    verb("run", "the bot, from the settings in the environment or .env")
    verb("check", "a doctor: settings, plan, roster, Redis, Telegram and metrics")
    plan = verb("plan", "validate a plan, or print its JSON Schema")
    parts = plan.add_subparsers(required=True, metavar="check|schema")
    check = parts.add_parser("check", help="validate a plan file")
    check.add_argument("file", type=Path)
    check.set_defaults(command="plan check")
    parts.add_parser("schema", help="print the JSON Schema of a plan").set_defaults(command="plan schema")
    backup = verb("backup", "write all incidents to a file")
    backup.add_argument("file", type=Path)
    restore = verb("restore", "read all incidents from a file into an empty store")
    restore.add_argument("file", type=Path)
    export = verb("export", "the post-incident document of an incident")
    export.add_argument("incident", metavar="INC-7", help="the incident's id")
    export.add_argument("--format", choices=("md", "json", "html"), default="md", help="(default: md)")
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")
    sandbox = verb("sandbox", "the sandbox Telegram alone")
    sandbox.add_argument("--port", type=_port, default=8081, help="0 takes a free one (default: 8081)")
    return parser


def _port(typed: str) -> int:
    """A port as it was typed (tcp(7)).

    Raises:
        ArgumentTypeError: it is none.
    """
    if not typed.isascii() or not typed.isdecimal() or int(typed) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{typed} is no port; allowed: 0 to {_HIGHEST_PORT}")
    return int(typed)


if __name__ == "__main__":
    sys.exit(main())
