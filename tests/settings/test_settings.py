"""NABAT_* variables: where they come from, what they may be, and what is said when they are wrong."""

import os
import re
from pathlib import Path

import pytest

from bot.settings import ConfigurationError, EmbeddedRedis, LogLevel, Settings, TelegramMode, load_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without Nabat's variables, in an empty folder."""
    for name in os.environ:
        if name.upper().startswith("NABAT_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def mistakes(*, needs_telegram: bool = False) -> tuple[str, ...]:
    """The lines with which the settings are refused."""
    with pytest.raises(ConfigurationError) as refused:
        load_settings(needs_telegram=needs_telegram)
    assert str(refused.value) == "\n".join(refused.value.mistakes)
    return refused.value.mistakes


def test_without_variables_the_defaults_of_the_interface_hold() -> None:
    """An empty environment yields exactly the documented defaults."""
    settings = load_settings()
    assert settings.telegram_token is None
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.telegram_mode is TelegramMode.POLLING
    assert settings.redis == EmbeddedRedis()
    assert settings.data_dir == Path("data")
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8090)
    assert settings.plan_file is None
    assert settings.roster_file == Path("roster.yaml")
    assert (settings.log_format, settings.log_level) == ("console", "info")
    assert not settings.redis_allow_volatile


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a variable given twice the environment's value counts; the others come from .env."""
    Path(".env").write_text("NABAT_HTTP_PORT=1\nNABAT_LOG_LEVEL=DEBUG\n", "utf-8")
    monkeypatch.setenv("NABAT_HTTP_PORT", "0")
    settings = load_settings()
    assert (settings.http_port, settings.log_level) == (0, LogLevel.DEBUG)


def test_a_secret_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """NABAT_X_FILE names a file whose content, without its last line end, is the value."""
    Path("token").write_text("123:abc\n", "utf-8")
    monkeypatch.setenv("NABAT_TELEGRAM_TOKEN_FILE", "token")
    Path(".env").write_text("NABAT_HTTP_TOKEN_FILE=token\nNABAT_TELEGRAM_TOKEN=\n", "utf-8")
    settings = load_settings(needs_telegram=True)
    assert settings.telegram_token
    assert settings.telegram_token.get_secret_value() == "123:abc"
    assert settings.http_token
    assert settings.http_token.get_secret_value() == "123:abc"


def test_a_value_given_both_ways_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable and its file at once is a mistake, because one of them is not what was meant."""
    monkeypatch.setenv("NABAT_HTTP_TOKEN", "a")
    monkeypatch.setenv("NABAT_HTTP_TOKEN_FILE", "b")
    expected = "environment: NABAT_HTTP_TOKEN: is given twice, also as NABAT_HTTP_TOKEN_FILE; allowed: one of the two"
    assert mistakes() == (expected,)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (None, "cannot be read: No such file or directory; allowed: the path of a readable file"),
        (b"\xff", "is not UTF-8; allowed: a file of text"),
        (b"\n", "is empty or too large; allowed: 1 to 65536 bytes"),
        (b"x" * 65_537, "is empty or too large; allowed: 1 to 65536 bytes"),
    ],
)
def test_a_file_without_a_value_is_refused(monkeypatch: pytest.MonkeyPatch, content: bytes | None, wrong: str) -> None:
    """A secret's file that is missing, empty, huge or no text is named with its variable."""
    if content is not None:
        Path("secret").write_bytes(content)
    monkeypatch.setenv("NABAT_HTTP_TOKEN_FILE", "secret")
    assert mistakes() == (f"environment: NABAT_HTTP_TOKEN_FILE: secret {wrong}",)


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("NABAT_TELEGRAM_TOKEN", "s3cret/../", "what @BotFather gave, such as 123456:ABC-DEF"),
        ("NABAT_TELEGRAM_API_URL", "s3cret:80", "http://HOST or https://HOST, with port and path if need be"),
        ("NABAT_TELEGRAM_API_URL", "http://[s3cret", "http://HOST or https://HOST, with port and path if need be"),
        ("NABAT_PROMETHEUS_URL", "http://s3cret:99999", "http://HOST or https://HOST, with port and path if need be"),
        ("NABAT_TELEGRAM_PROXY", "ftp://u:s3cret@h", "http://, https:// or socks5:// with [USER:PASSWORD@]HOST:PORT"),
        ("NABAT_TELEGRAM_MODE", "s3cret", "'polling' or 'webhook'"),
        ("NABAT_TELEGRAM_WEBHOOK_SECRET", "s3cret!", "1 to 256 of A-Z, a-z, 0-9, _ and -"),
        ("NABAT_HTTP_HOST", "s3cret host", "an IP address or a host name, such as 127.0.0.1 or 0.0.0.0"),
        ("NABAT_HTTP_PORT", "s3cret", "a whole number"),
        ("NABAT_HTTP_PORT", "65536", "at most 65535"),
        ("NABAT_HTTP_PORT", "-1", "at least 0"),
        ("NABAT_HTTP_TOKEN", "s3cret token", "1 to 512 printable ASCII characters without spaces"),
        ("NABAT_LOG_FORMAT", "s3cret", "'console' or 'json'"),
        ("NABAT_LOG_LEVEL", "s3cret", "'debug', 'info', 'warning' or 'error'"),
        ("NABAT_REDIS_ALLOW_VOLATILE", "s3cret", "true or false"),
    ],
)
def test_a_wrong_value_is_one_line_without_the_value(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, allowed: str
) -> None:
    """A value that does not fit is answered with its variable and what is allowed, and is never repeated."""
    monkeypatch.setenv(variable, value)
    (mistake,) = mistakes()
    assert mistake.startswith(f"environment: {variable}: ")
    assert mistake.endswith(f"; allowed: {allowed}")
    assert "s3cret" not in mistake


def test_all_mistakes_are_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mistakes in the environment and in .env come together, those of the file with its line."""
    Path(".env").write_text("# comment\nexport NABAT_LOG_LEVEL=loud\nNABAT_HTTP_PROT=1\n", "utf-8")
    monkeypatch.setenv("NABAT_HTTP_PORT", "many")
    unknown = ".env:3: NABAT_HTTP_PROT: unknown variable (did you mean NABAT_HTTP_PORT?); allowed: NABAT_HTTP_PORT"
    port = "environment: NABAT_HTTP_PORT: is not a whole number; allowed: a whole number"
    level = ".env:2: NABAT_LOG_LEVEL: is none of the words for this; allowed: 'debug', 'info', 'warning' or 'error'"
    assert set(mistakes()) == {unknown, port, level}


def test_a_variable_like_none_of_ours_lists_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a near name every known one is offered."""
    monkeypatch.setenv("NABAT_QQQQQQQQQQQQQQQQQQQQQQ", "1")
    (mistake,) = mistakes()
    assert "unknown variable; allowed: NABAT_TELEGRAM_TOKEN, NABAT_TELEGRAM_API_URL" in mistake


def test_service_links_of_kubernetes_are_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables Kubernetes makes for a service called nabat or nabat-redis are let be."""
    for name, value in (
        ("NABAT_SERVICE_HOST", "10.0.0.1"),
        ("NABAT_SERVICE_PORT_HTTP", "8090"),
        ("NABAT_PORT", "tcp://10.0.0.1:8090"),
        ("NABAT_REDIS_PORT_6379_TCP_ADDR", "10.0.0.2"),
    ):
        monkeypatch.setenv(name, value)
    assert load_settings().http_port == 8090


def test_an_unreadable_env_file_is_a_mistake() -> None:
    """A .env that is no text ends the start with one line."""
    Path(".env").write_bytes(b"NABAT_HTTP_PORT=\xff\n")
    (mistake,) = mistakes()
    assert mistake.startswith(".env: cannot be read: ")


def test_run_needs_a_token() -> None:
    """Where Telegram is needed, a missing token is a mistake that points to the demo."""
    (mistake,) = mistakes(needs_telegram=True)
    assert mistake == (
        "environment: NABAT_TELEGRAM_TOKEN: is missing; allowed: the token that @BotFather gave, or `nabat demo`"
    )


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - the point of the example
        ("::", False),
        ("nabat.example.org", False),
    ],
)
def test_a_host_reached_from_elsewhere_needs_a_token(
    monkeypatch: pytest.MonkeyPatch, host: str, loopback: bool
) -> None:
    """The HTTP server is open without a token on loopback alone."""
    monkeypatch.setenv("NABAT_HTTP_HOST", host)
    if loopback:
        assert load_settings().is_loopback
    else:
        (mistake,) = mistakes()
        assert mistake.startswith("environment: NABAT_HTTP_TOKEN: is missing")
    monkeypatch.setenv("NABAT_HTTP_TOKEN", "token")
    assert load_settings().http_host == host


def test_a_webhook_needs_a_secret_and_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """In webhook mode a secret and a public address are required; Telegram itself calls https alone."""
    monkeypatch.setenv("NABAT_TELEGRAM_MODE", "webhook")
    assert [line.split(": ")[1] for line in mistakes()] == ["NABAT_TELEGRAM_WEBHOOK_SECRET", "NABAT_PUBLIC_URL"]
    monkeypatch.setenv("NABAT_TELEGRAM_WEBHOOK_SECRET", "abc")
    monkeypatch.setenv("NABAT_PUBLIC_URL", "http://nabat.example.org/")
    (mistake,) = mistakes()
    assert "Telegram sends to https alone" in mistake
    monkeypatch.setenv("NABAT_TELEGRAM_API_URL", "http://localhost:8081")
    assert load_settings().public_url == "http://nabat.example.org"


def test_a_proxy_may_carry_a_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """A socks5 proxy with a password is taken, and its password stays out of the settings' text."""
    monkeypatch.setenv("NABAT_TELEGRAM_PROXY", "socks5://user:s3cret@127.0.0.1:1080")
    monkeypatch.setenv("NABAT_PROMETHEUS_URL", "https://user:s3cret@prometheus.example.org")
    monkeypatch.setenv("NABAT_REDIS_URL", "redis://:s3cret@localhost")
    monkeypatch.setenv("NABAT_PAGERDUTY_SECRET", "s3cret")
    assert "s3cret" not in repr(load_settings())


def test_the_example_file_names_every_variable_with_its_default() -> None:
    """.env.example has each setting once, and as it stands, also uncommented, it is valid."""
    text = EXAMPLE.read_text("utf-8")
    named = re.findall(r"^(?:# )?(NABAT_\w+)=", text, re.MULTILINE)
    assert sorted(named) == sorted(f"NABAT_{name.upper()}" for name in Settings.model_fields)
    Path(".env").write_text(text, "utf-8")
    assert load_settings() == Settings()
    Path(".env").write_text(re.sub(r"^# (NABAT_\w+=)", r"\1", text, flags=re.MULTILINE), "utf-8")
    filled = load_settings()
    for name, field in Settings.model_fields.items():
        if name not in ("telegram_proxy", "public_url", "prometheus_url", "alertmanager_url", "plan_file"):
            assert getattr(filled, name) == field.default
