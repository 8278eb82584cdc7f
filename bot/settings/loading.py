"""Settings as the program starts with them: every mistake found at once, each on a line of its own."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from bot.settings.environment import TELEGRAM, Settings, TelegramMode
from bot.settings.errors import ConfigurationError, line
from bot.settings.explanations import explain

PREFIX = "NABAT_"
# Kubernetes tells every container of the services beside it, so one called nabat or nabat-redis makes these.
_SERVICE_LINK = re.compile(r"NABAT_(?:\w+_)?(?:SERVICE_(?:HOST|PORT(?:_\w+)?)|PORT_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?)")
_SERVICE_ADDRESS = re.compile(r"(?:tcp|udp|sctp)://")

Variables = Mapping[str, str | None]


def load_settings(env_file: Path = Path(".env"), *, needs_telegram: bool = False) -> Settings:
    """Read the environment and, below it, `env_file` if there is one.

    Args:
        env_file: lines of NAME=value.
        needs_telegram: a missing bot token is a mistake, as for `nabat run`.

    Raises:
        ConfigurationError: with every mistake that could be found.
    """
    surroundings = _Surroundings(env_file)
    mistakes = list(surroundings.unknown())
    try:
        settings = Settings(_env_file=env_file)  # pyright: ignore[reportCallIssue] - BaseSettings takes it; pyright knows the fields alone
    except ConfigurationError as error:
        raise ConfigurationError((*mistakes, *error.mistakes)) from error
    except ValidationError as error:
        raise ConfigurationError((*mistakes, *surroundings.explained(error))) from error
    mistakes += [line(surroundings.place(name), name, wrong, allowed) for name, wrong, allowed in _missing(settings)]
    if needs_telegram and settings.telegram_token is None:
        name = "NABAT_TELEGRAM_TOKEN"
        mistakes.append(line("environment", name, "is missing", "the token that @BotFather gave, or `nabat demo`"))
    if mistakes:
        raise ConfigurationError(tuple(mistakes))
    return settings


def unusable(variable: str, wrong: str, allowed: str, env_file: Path = Path(".env")) -> ConfigurationError:
    """A mistake in a setting that shows only when it is put to use, told with the place where the setting stands."""
    return ConfigurationError((line(_Surroundings(env_file).place(variable), variable, wrong, allowed),))


class _Surroundings:
    """The variables as they were given, by their names in capitals, and where each was."""

    def __init__(self, env_file: Path) -> None:
        self._env_file = env_file
        self._environment = _named(EnvSettingsSource(Settings).env_vars)
        try:
            self._dotenv = _named(DotEnvSettingsSource(Settings, env_file=env_file).env_vars)
            self._text = env_file.read_text("utf-8") if env_file.is_file() else ""
        except (OSError, UnicodeDecodeError) as error:
            mistake = line(str(env_file), "", f"cannot be read: {error}", "UTF-8 lines of NAME=value")
            raise ConfigurationError((mistake,)) from error

    def place(self, variable: str) -> str:
        """`environment`, or the file and line of a variable that stands in `.env` alone."""
        for name in (variable, f"{variable}_FILE"):
            if name in self._dotenv and name not in self._environment:
                before = re.split(rf"(?im)^\s*(?:export\s+)?{name}\s*=", self._text, maxsplit=1)[0]
                return f"{self._env_file}:{before.count(chr(10)) + 1}"
        return "environment"

    def unknown(self) -> Iterator[str]:
        """Variables that look like ours and are none: a misspelt one would silently do nothing."""
        known = [f"{PREFIX}{field.upper()}" for field in Settings.model_fields]
        for name, value in {**self._dotenv, **self._environment}.items():
            if name in known or name.removesuffix("_FILE") in known or _is_service_link(name, value):
                continue
            near = get_close_matches(name, known, 1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            yield line(self.place(name), name, f"unknown variable{hint}", ", ".join(near or known))

    def explained(self, error: ValidationError) -> Iterator[str]:
        """A line for each value that does not fit; the value itself may be a secret and is left out."""
        for mistake in explain(error, Settings):
            variable = f"{PREFIX}{str(mistake.path[0]).upper()}"
            yield line(self.place(variable), variable, mistake.message, mistake.allowed)


def _named(variables: Variables) -> dict[str, str | None]:
    return {name.upper(): value for name, value in variables.items() if name.upper().startswith(PREFIX)}


def _is_service_link(name: str, value: str | None) -> bool:
    if _SERVICE_LINK.fullmatch(name):
        return True
    return name.endswith("_PORT") and bool(_SERVICE_ADDRESS.match(value or ""))


def _missing(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """What one setting asks of another: the variable, what is wrong, what is allowed."""
    if not settings.is_loopback and settings.http_token is None:
        wrong = f"is missing, and NABAT_HTTP_HOST {settings.http_host} is reached from other machines"
        yield "NABAT_HTTP_TOKEN", wrong, "a token, or a loopback host such as 127.0.0.1"
    if settings.telegram_mode is TelegramMode.WEBHOOK:
        if settings.telegram_webhook_secret is None:
            wrong = "is missing, and NABAT_TELEGRAM_MODE is webhook"
            yield "NABAT_TELEGRAM_WEBHOOK_SECRET", wrong, "1 to 256 of A-Z, a-z, 0-9, _ and -"
        if settings.public_url is None:
            yield "NABAT_PUBLIC_URL", "is missing, and NABAT_TELEGRAM_MODE is webhook", "https://HOST"
        elif settings.telegram_api_url == TELEGRAM and not settings.public_url.startswith("https://"):
            yield "NABAT_PUBLIC_URL", "Telegram sends to https alone", "https://HOST, or a Bot API server of your own"
