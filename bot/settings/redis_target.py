"""Which Redis: the forms of NABAT_REDIS_URL as one tagged union."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import SecretStr

ALLOWED = (
    "embedded, redis://HOST:6379/0, rediss://HOST, unix:///PATH, "
    "redis+sentinel://H1:26379,H2:26379/SERVICE, redis+cluster://HOST:6379"
)
_LARGEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Address:
    """A host and its port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Login:
    """Who the bot is to Redis; without a password it logs in nowhere."""

    username: str | None = None
    password: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class EmbeddedRedis:
    """A server of the bot's own, its files in the data directory."""

    kind: Literal["embedded"] = "embedded"


@dataclass(frozen=True, slots=True)
class SingleRedis:
    """One server by its address; `url` is complete and may hold a password."""

    url: SecretStr
    kind: Literal["single"] = "single"


@dataclass(frozen=True, slots=True)
class SentinelRedis:
    """The present master of `service`, asked of the sentinels, who may want a password of their own."""

    sentinels: tuple[Address, ...]
    service: str
    database: int = 0
    tls: bool = False
    login: Login = field(default_factory=Login)
    sentinel_login: Login = field(default_factory=Login)
    kind: Literal["sentinel"] = "sentinel"


@dataclass(frozen=True, slots=True)
class ClusterRedis:
    """A cluster, entered by any of these nodes."""

    nodes: tuple[Address, ...]
    tls: bool = False
    login: Login = field(default_factory=Login)
    kind: Literal["cluster"] = "cluster"


RedisTarget = EmbeddedRedis | SingleRedis | SentinelRedis | ClusterRedis


def parse_redis_url(text: str) -> RedisTarget:
    """Read a NABAT_REDIS_URL.

    Sentinels take `?sentinel_username=` and `?sentinel_password=`; `rediss+…` speaks TLS.

    Raises:
        ValueError: it is none of the forms. The message holds nothing of the text, which may hold a password.
    """
    if text == "embedded":
        return EmbeddedRedis()
    parts = _split(text)
    match parts.scheme:
        case "redis" | "rediss":
            _single_host(parts)
            return SingleRedis(SecretStr(text))
        case "unix":
            if not parts.path.strip("/"):
                raise _mistake("the socket's path is missing")
            return SingleRedis(SecretStr(text))
        case "redis+sentinel" | "rediss+sentinel":
            return _sentinel(parts)
        case "redis+cluster" | "rediss+cluster":
            if parts.path.strip("/") not in ("", "0") or parts.query:
                raise _mistake("a cluster has neither databases nor options")
            return ClusterRedis(_addresses(parts, 6379), tls=_tls(parts), login=_login(parts))
        case _:
            raise _mistake("the scheme is unknown")


def _split(text: str) -> SplitResult:
    if any(character.isspace() or not character.isprintable() for character in text):
        raise _mistake("it holds spaces or control characters")
    try:
        return urlsplit(text)
    except ValueError as error:
        raise _mistake("it is no URL") from error


def _single_host(parts: SplitResult) -> None:
    if len(_addresses(parts, 6379)) > 1:
        raise _mistake("more than one host")
    if parts.path.strip("/"):
        _database(parts.path.strip("/"))


def _sentinel(parts: SplitResult) -> SentinelRedis:
    service, _, database = parts.path.strip("/").partition("/")
    if not service:
        raise _mistake("the sentinels' service name is missing")
    options = dict(parse_qsl(parts.query))
    sentinel_login = Login(options.pop("sentinel_username", None), _secret(options.pop("sentinel_password", None)))
    if options:
        raise _mistake("an unknown option after ?")
    return SentinelRedis(
        sentinels=_addresses(parts, 26_379),
        service=unquote(service),
        database=_database(database or "0"),
        tls=_tls(parts),
        login=_login(parts),
        sentinel_login=sentinel_login,
    )


def _addresses(parts: SplitResult, default_port: int) -> tuple[Address, ...]:
    hosts = parts.netloc.rpartition("@")[2]
    return tuple(_address(host, default_port) for host in hosts.split(","))


def _address(text: str, default_port: int) -> Address:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _mistake(f"a port is not between 1 and {_LARGEST_PORT}, or a host is malformed") from error
    if not host or port == 0:
        raise _mistake("a host or port is missing")
    return Address(host, port or default_port)


def _login(parts: SplitResult) -> Login:
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    return Login(unquote(user) or None, _secret(unquote(password) or None))


def _secret(password: str | None) -> SecretStr | None:
    return SecretStr(password) if password else None


def _tls(parts: SplitResult) -> bool:
    return parts.scheme.startswith("rediss")


def _database(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise _mistake("the database is not a number")
    return int(text)


def _mistake(wrong: str) -> ValueError:
    return ValueError(f"{wrong}; allowed: {ALLOWED}")
