"""From a target in the settings to a connection."""

from collections.abc import Callable
from typing import Any, assert_never, cast

from redis.asyncio import ConnectionPool, Redis, RedisCluster, Sentinel
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from bot.settings.redis_target import ClusterRedis, Login, SentinelRedis, SingleRedis
from bot.store.connect import ClusterConnection, Connection
from bot.store.packing import pack_quickly

CONNECT_TIMEOUT_S = 3.0
"""A server that does not take the connection by then is down: the standby or the next try is better."""

REPLY_TIMEOUT_S = 5.0
"""Well above the slowest reply (a slow disk under `appendfsync always`), well below the patience of a person."""

PROTOCOL = 2
"""RESP2: every reply is a string, a number or a list of them, on every server and client version."""


def dial(target: SingleRedis | SentinelRedis | ClusterRedis) -> Connection:
    """A connection to `target`; nothing is sent yet."""
    match target:
        case SingleRedis():
            return _single(target.url.get_secret_value())
        case SentinelRedis():
            return _sentinel(target)
        case ClusterRedis():
            return _cluster(target)
        case _:
            assert_never(target)


def dial_socket(path: str) -> Connection:
    """A connection to the server on a unix socket."""
    return _single(f"unix://{path}")


_from_url = cast("Callable[..., ConnectionPool]", ConnectionPool.from_url)  # pyright: ignore[reportUnknownMemberType] - redis-py leaves its options untyped


def _no_retry() -> Retry:
    return Retry(NoBackoff(), retries=0)


def _single(url: str) -> Connection:
    pool = _from_url(
        url,
        decode_responses=True,
        protocol=PROTOCOL,
        retry=_no_retry(),
        socket_timeout=REPLY_TIMEOUT_S,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
    )
    pack_quickly(pool)
    return Connection(Redis.from_pool(pool))


def _sentinel(target: SentinelRedis) -> Connection:
    common: dict[str, Any] = {
        "decode_responses": True,
        "protocol": PROTOCOL,
        "socket_connect_timeout": CONNECT_TIMEOUT_S,
        "ssl": target.tls,
    }
    sentinels = Sentinel(
        [(sentinel.host, sentinel.port) for sentinel in target.sentinels],
        sentinel_kwargs=common
        | _login(target.sentinel_login)
        | {"socket_timeout": CONNECT_TIMEOUT_S, "retry": _no_retry()},
        **common,
        **_login(target.login),
        db=target.database,
        retry=_no_retry(),
        socket_timeout=REPLY_TIMEOUT_S,
    )
    master_for = cast("Callable[[str], Redis]", sentinels.master_for)  # pyright: ignore[reportUnknownMemberType] - as above
    return SentinelConnection(master_for(target.service), sentinels)


def _cluster(target: ClusterRedis) -> Connection:
    options: dict[str, Any] = {
        **_login(target.login),
        "ssl": target.tls,
        "decode_responses": True,
        "protocol": PROTOCOL,
        "retry": _no_retry(),
        "socket_timeout": REPLY_TIMEOUT_S,
        "socket_connect_timeout": CONNECT_TIMEOUT_S,
    }
    nodes = [ClusterNode(node.host, node.port) for node in target.nodes]
    return ClusterConnection(RedisCluster(startup_nodes=nodes, **options), options)


def _login(login: Login) -> dict[str, Any]:
    password = login.password.get_secret_value() if login.password else None
    return {"username": login.username, "password": password}


class SentinelConnection(Connection):
    """A master that sentinels watch. Each new connection asks them who it is."""

    def __init__(self, client: Redis, sentinels: Sentinel) -> None:
        super().__init__(client)
        self._sentinels = sentinels

    async def close(self) -> None:
        """Ends the connections to the master and to the sentinels."""
        await super().close()
        for sentinel in self._sentinels.sentinels:
            await sentinel.aclose()
