"""One bad file a rule: its first comment lines are, word for word, what the person who wrote it is told."""

from pathlib import Path

import pytest

from bot.domain.plan import Plan
from bot.settings import ConfigurationError, check_plan_file, load_plan, load_roster

HERE = Path(__file__).parent
BAD_PLANS = sorted((HERE / "bad").glob("*.yaml"))
BAD_ROSTERS = sorted((HERE / "bad_rosters").glob("*.yaml"))


def expected(file: Path) -> tuple[str, ...]:
    """The comment lines at the top of a file that carry its own name."""
    lines = file.read_text("utf-8").splitlines()
    return tuple(line.removeprefix("# ") for line in lines if line.startswith(f"# {file.name}:"))


def small_plan() -> Plan:
    """The plan that the bad rosters are held against."""
    return load_plan(HERE / "good" / "small.yaml")


@pytest.mark.parametrize("file", BAD_PLANS, ids=lambda file: file.stem)
def test_a_bad_plan_is_refused_line_by_line(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that breaks a rule is answered with exactly the lines written at its top."""
    monkeypatch.chdir(file.parent)
    mistakes = expected(file)
    assert mistakes
    assert check_plan_file(Path(file.name)) == mistakes


@pytest.mark.parametrize("file", BAD_ROSTERS, ids=lambda file: file.stem)
def test_a_bad_roster_is_refused_line_by_line(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A roster that breaks a rule is answered with exactly the lines written at its top."""
    plan = small_plan()
    monkeypatch.chdir(file.parent)
    with pytest.raises(ConfigurationError) as refused:
        load_roster(Path(file.name), plan)
    assert refused.value.mistakes == expected(file) != ()


@pytest.mark.parametrize("file", [*BAD_PLANS, *BAD_ROSTERS], ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_each_line_names_place_and_what_is_allowed(file: Path) -> None:
    """Every expected line begins with the file and says what would be allowed."""
    for mistake in expected(file):
        assert mistake.startswith(f"{file.name}:")
        assert "; allowed: " in mistake


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    """A plan that is not there is said so, with its path."""
    missing = tmp_path / "plan.yaml"
    wrong = "cannot be read: No such file or directory; allowed: a readable file"
    assert check_plan_file(missing) == (f"{missing}: {wrong}",)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    """More than 1 MiB is refused before it is parsed."""
    file = tmp_path / "plan.yaml"
    file.write_bytes(b"#" * (1024 * 1024 + 1))
    assert check_plan_file(file) == (f"{file}: is too large; allowed: at most 1 MiB",)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"name: \xff", "byte 6 is not UTF-8; allowed: UTF-8 text"),
        (b"name: \x07", "unacceptable character #x0007"),
    ],
)
def test_content_that_is_no_text_is_refused(tmp_path: Path, content: bytes, wrong: str) -> None:
    """Bytes that are not UTF-8, and control characters, are a mistake and no traceback."""
    file = tmp_path / "plan.yaml"
    file.write_bytes(content)
    (mistake,) = check_plan_file(file)
    assert wrong in mistake


def test_a_long_mistake_is_cut(tmp_path: Path) -> None:
    """A mistake stays one line of at most 600 characters, however long the text it quotes."""
    file = tmp_path / "plan.yaml"
    small = (HERE / "good" / "small.yaml").read_text("utf-8")
    file.write_text(small.replace("15m", '"' + "x" * 5000 + '"'), "utf-8")
    (mistake,) = check_plan_file(file)
    assert len(mistake) == 600
    assert "\n" not in mistake
