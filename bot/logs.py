"""Log lines for people or as JSON. A token never reaches them, whoever logs it."""

import logging
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.domain.masking import Masker
from bot.settings import LogFormat, Settings

_QUIET = ("aiohttp.access", "telegram", "urllib3", "matplotlib", "httpx")
"""Libraries that log addresses with the token in them, or chatter."""


def set_up_logging(settings: Settings) -> None:
    """Every line, also those of libraries, goes through the same processors to standard error."""
    masker = Masker(secrets_of(settings))

    def mask(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        return {key: masker(value) if isinstance(value, str) else value for key, value in event.items()}

    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        mask,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format is LogFormat.JSON
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.value.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Whatever must be masked wherever text leaves the bot."""
    known = (
        settings.telegram_token,
        settings.telegram_webhook_secret,
        settings.telegram_proxy,
        settings.http_token,
        settings.pagerduty_secret,
        settings.redis_url,
    )
    values = (secret.get_secret_value() for secret in known if secret is not None)
    return tuple(value for value in values if value != "embedded")
