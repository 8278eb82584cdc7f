"""What a deployment and a team have written down, as typed values: settings, the plan and the roster."""

from bot.settings.environment import LogFormat, LogLevel, Settings, TelegramMode
from bot.settings.errors import ConfigurationError
from bot.settings.files import check_plan_file, load_plan, load_roster, plan_schema
from bot.settings.listening import Unlistenable, port_not_free, why_not_listening
from bot.settings.loading import load_settings, unusable
from bot.settings.redis_target import (
    Address,
    ClusterRedis,
    EmbeddedRedis,
    Login,
    RedisTarget,
    SentinelRedis,
    SingleRedis,
    parse_redis_url,
)

__all__ = [
    "Address",
    "ClusterRedis",
    "ConfigurationError",
    "EmbeddedRedis",
    "LogFormat",
    "LogLevel",
    "Login",
    "RedisTarget",
    "SentinelRedis",
    "Settings",
    "SingleRedis",
    "TelegramMode",
    "Unlistenable",
    "check_plan_file",
    "load_plan",
    "load_roster",
    "load_settings",
    "parse_redis_url",
    "plan_schema",
    "port_not_free",
    "unusable",
    "why_not_listening",
]
