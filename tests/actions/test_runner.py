"""Actions as real processes: bounded, printable and masked."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.masking import MASK
from bot.domain.plan import Action
from bot.engine.endings import Exited, Killed, NotStarted
from bot.engine.output import SIDE_CHARACTERS, Output
from bot.engine.runner import Runner
from bot.engine.stragglers import MARK
from tests.actions.commands import command, open_files, python, shell
from tests.actions.conftest import TOKEN


async def test_the_exit_status_and_both_streams_are_told(runner: Runner) -> None:
    """What was printed to either stream is there, with the exit status."""
    result = await runner.run(shell("echo out; echo err >&2; exit 3"))
    assert result.ending == Exited(3)
    assert not result.ok
    assert result.output.text == "out\nerr"


async def test_success_is_exit_status_zero(runner: Runner) -> None:
    """Exit status 0 is success."""
    assert (await runner.run(command("true"))).ok


async def test_arguments_meet_no_shell(runner: Runner) -> None:
    """What a shell would expand stays as it is."""
    assert (await runner.run(command("echo", "$HOME; `id` *"))).output.text == "$HOME; `id` *"


async def test_the_environment_holds_nothing_of_the_bot(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command sees PATH, HOME, LANG and TZ alone, and the mark by which what it started is found."""
    monkeypatch.setenv("NABAT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("TZ", "UTC")
    printed = (await runner.run(command("env"))).output.text
    assert {line.partition("=")[0] for line in printed.splitlines()} <= {"PATH", "HOME", "LANG", "TZ", MARK}


async def test_ten_megabytes_are_bounded_to_their_head_and_tail(runner: Runner) -> None:
    """The first and last lines of a long output are kept, with the number of those between."""
    code = "for i in range(200000): print(f'line {i:06} ' + 'x' * 40)"
    result = await runner.run(python(code))
    assert result.output.size > 10_000_000
    assert len(result.output.text) < 2 * SIDE_CHARACTERS + 200
    assert result.output.head[0].startswith("line 000000")
    assert result.output.tail[-1].startswith("line 199999")
    assert len(result.output.head) + result.output.omitted + len(result.output.tail) == 200_000


async def test_one_endless_line_is_cut(runner: Runner) -> None:
    """Ten megabytes without a newline are one shortened line."""
    result = await runner.run(python("print('x' * 10_000_000)"))
    assert len(result.output.text) < 5000
    assert result.output.text.endswith("…")


async def test_binary_output_is_made_printable(runner: Runner) -> None:
    """Control characters, broken UTF-8 and terminal colours can't disturb a reader; progress bars show their end."""
    printed = b"\x00\xff\x07 \x1b[31mred\x1b[0m\n10%\r50%\r100%\n" + bytes(range(256))
    code = f"import sys; sys.stdout.buffer.write({printed!r})"
    text = (await runner.run(python(code))).output.text
    assert all(character.isprintable() or character in "\n\t" for character in text)
    assert "red\n100%\n" in text


async def test_only_the_lines_asked_for_are_kept(runner: Runner) -> None:
    """Of a log the lines with a word are kept, as `grep` would; the rest is not even counted as left out."""
    errors = python("for i in range(10000): print('ERROR' if i % 5000 == 0 else 'error', i)")
    result = await runner.run(errors.model_copy(update={"only_lines_with": "ERROR"}))
    assert result.output.text == "ERROR 0\nERROR 5000"


async def test_secrets_in_the_output_are_masked(runner: Runner) -> None:
    """Neither a token by its shape nor a known secret comes through, in the result or while it runs."""
    seen: list[Output] = []
    result = await runner.run(shell(f"echo token {TOKEN}; echo correct horse; sleep 0.1"), seen.append)
    for output in (result.output, *seen):
        assert TOKEN not in repr(output)
        assert "correct horse" not in repr(output)
    assert MASK in result.output.text
    assert seen


async def test_the_last_words_before_a_silence_are_heard(runner: Runner) -> None:
    """What comes right after a report is told too, though nothing more comes for a long time."""
    seen: asyncio.Queue[Output] = asyncio.Queue()
    task = asyncio.create_task(runner.run(shell("echo one; sleep 0.2; echo two; exec sleep 1000"), seen.put_nowait))
    while "two" not in (await seen.get()).text:
        continue
    task.cancel()
    await asyncio.wait({task})


async def test_half_a_token_is_not_shown_while_the_rest_is_to_come(runner: Runner, tmp_path: Path) -> None:
    """A secret that reaches the reader in two pieces is never seen by its first one; a short word is."""
    seen: asyncio.Queue[Output] = asyncio.Queue()
    code = f"""import pathlib, time
print("at 50% of {TOKEN[:20]}", end="")
while not pathlib.Path("go").exists(): time.sleep(0.01)
print("{TOKEN[20:]} done")
print("at 90%", end="")
time.sleep(1000)"""
    task = asyncio.create_task(runner.run(python(code), seen.put_nowait))
    assert (await seen.get()).text == "at 50% of …"
    (tmp_path / "go").touch()
    heard = await seen.get()
    while "90%" not in heard.text:
        heard = await seen.get()
        assert TOKEN[:9] not in heard.text
    assert heard.text == f"at 50% of {MASK} done\nat 90%"
    task.cancel()
    await asyncio.wait({task})


async def test_a_command_killed_by_somebody_else_says_so(runner: Runner) -> None:
    """The signal that ended it is named."""
    assert (await runner.run(shell("kill -KILL $$"))).ending == Killed("SIGKILL")


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (command("no-such-program"), "no-such-program: No such file"),
        (command("true", cwd="nowhere"), "'nowhere' does not exist"),
        (
            Action.model_construct(
                title="A", run=("a\0b",), http=None, cwd=None, only_lines_with=None, timeout=timedelta(seconds=1)
            ),
            "not a valid command line",
        ),
        (Action.model_construct(title="A", run=None, http=None, only_lines_with=None), "neither"),
    ],
)
async def test_what_can_not_start_says_why(runner: Runner, action: Action, reason: str) -> None:
    """A missing program or directory is told in words, not by an exception; no descriptor stays open."""
    before = open_files()
    ending = (await runner.run(action)).ending
    assert isinstance(ending, NotStarted)
    assert reason in ending.reason
    assert open_files() == before
