"""The twelve-factor settings: NABAT_* variables from the environment, from `.env`, or from a file with the value."""

import re
from enum import StrEnum
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.settings.redis_target import RedisTarget, parse_redis_url
from bot.settings.value_files import ValueFiles

TELEGRAM = "https://api.telegram.org"


class TelegramMode(StrEnum):
    """How updates come: asked for, or sent to us."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class LogFormat(StrEnum):
    """For people or for programs."""

    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """The least level that is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _is_address(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and not re.search(r"[\s\x00]", url)
    except ValueError:
        return False


def _web_address(url: str) -> str:
    if not _is_address(url, ("http", "https")):
        raise ValueError("is no web address; allowed: http://HOST or https://HOST, with port and path if need be")
    return url.rstrip("/")


def _proxy(secret: SecretStr) -> SecretStr:
    if not _is_address(secret.get_secret_value(), ("http", "https", "socks5")):
        raise ValueError("is no proxy; allowed: http://, https:// or socks5:// with [USER:PASSWORD@]HOST:PORT")
    return secret


def _redis(secret: SecretStr) -> SecretStr:
    parse_redis_url(secret.get_secret_value())
    return secret


def _token(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9:_-]{1,256}", secret.get_secret_value()):
        raise ValueError("is no bot token; allowed: what @BotFather gave, such as 123456:ABC-DEF")
    return secret


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):  # Bot API, setWebhook
        raise ValueError("cannot be a webhook secret; allowed: 1 to 256 of A-Z, a-z, 0-9, _ and -")
    return secret


def _bearer(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[!-~]{1,512}", secret.get_secret_value()):
        raise ValueError("cannot stand in a header; allowed: 1 to 512 printable ASCII characters without spaces")
    return secret


def _host(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._:%-]{1,255}", name):
        raise ValueError("is no host; allowed: an IP address or a host name, such as 127.0.0.1 or 0.0.0.0")
    return name


WebUrl = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """What a deployment decides. A secret shows itself only to `get_secret_value`."""

    model_config = SettingsConfigDict(
        env_prefix="NABAT_", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    telegram_token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    telegram_api_url: WebUrl = TELEGRAM
    telegram_proxy: Annotated[SecretStr, AfterValidator(_proxy)] | None = None
    telegram_mode: Annotated[TelegramMode, BeforeValidator(_lower)] = TelegramMode.POLLING
    telegram_webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = None
    public_url: WebUrl | None = None
    redis_url: Annotated[SecretStr, AfterValidator(_redis)] = SecretStr("embedded")
    redis_allow_volatile: bool = False
    data_dir: Path = Path("data")
    http_host: Annotated[str, AfterValidator(_host)] = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8090
    http_token: Annotated[SecretStr, AfterValidator(_bearer)] | None = None
    pagerduty_secret: SecretStr | None = None
    prometheus_url: WebUrl | None = Field(default=None, repr=False)
    alertmanager_url: WebUrl | None = Field(default=None, repr=False)
    plan_file: Path | None = None
    roster_file: Path = Path("roster.yaml")
    log_format: Annotated[LogFormat, BeforeValidator(_lower)] = LogFormat.CONSOLE
    log_level: Annotated[LogLevel, BeforeValidator(_lower)] = LogLevel.INFO

    @cached_property
    def redis(self) -> RedisTarget:
        """Which Redis `redis_url` means."""
        return parse_redis_url(self.redis_url.get_secret_value())

    @property
    def is_loopback(self) -> bool:
        """Whether the HTTP server is reached from this machine alone."""
        if self.http_host.lower() == "localhost":
            return True
        try:
            return ip_address(self.http_host.partition("%")[0]).is_loopback
        except ValueError:
            return False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then NABAT_X_FILE of either, then `.env`."""
        sources = (source for source in (dotenv_settings, env_settings) if isinstance(source, EnvSettingsSource))
        variables = {name: value for source in sources for name, value in source.env_vars.items()}
        return init_settings, env_settings, ValueFiles(settings_cls, variables), dotenv_settings
