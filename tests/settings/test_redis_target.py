"""The forms of NABAT_REDIS_URL."""

import pytest
from pydantic import SecretStr

from bot.settings import (
    Address,
    ClusterRedis,
    EmbeddedRedis,
    Login,
    RedisTarget,
    SentinelRedis,
    SingleRedis,
    parse_redis_url,
)


def single(url: str) -> SingleRedis:
    """One server by its address."""
    return SingleRedis(SecretStr(url))


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("embedded", EmbeddedRedis()),
        ("redis://localhost", single("redis://localhost")),
        ("rediss://user:pass@redis.example.org:6380/3", single("rediss://user:pass@redis.example.org:6380/3")),
        ("unix:///run/redis.sock?db=1", single("unix:///run/redis.sock?db=1")),
        (
            "redis+sentinel://h1,[::1]:26380/main",
            SentinelRedis((Address("h1", 26_379), Address("::1", 26_380)), "main"),
        ),
        (
            "rediss+sentinel://user:p%40ss@h1:1/main/2?sentinel_password=other&sentinel_username=s",
            SentinelRedis(
                (Address("h1", 1),),
                "main",
                database=2,
                tls=True,
                login=Login("user", SecretStr("p@ss")),
                sentinel_login=Login("s", SecretStr("other")),
            ),
        ),
        (
            "redis+cluster://:pass@h1:7000,h2",
            ClusterRedis((Address("h1", 7000), Address("h2", 6379)), login=Login(None, SecretStr("pass"))),
        ),
        ("rediss+cluster://h1/0", ClusterRedis((Address("h1", 6379),), tls=True)),
    ],
)
def test_each_form_is_read(url: str, target: RedisTarget) -> None:
    """Every documented form becomes the target it means."""
    assert parse_redis_url(url) == target


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("localhost:6379", "the scheme is unknown"),
        ("http://s3cret", "the scheme is unknown"),
        ("redis://:s3cret@", "a host or port is missing"),
        ("redis://:s3cret@h:0", "a host or port is missing"),
        ("redis://:s3cret@h:99999", "a port is not between 1 and 65535"),
        ("redis://:s3cret@h:s3cret", "a port is not between 1 and 65535"),
        ("redis://:s3cret@h1,h2", "more than one host"),
        ("redis://:s3cret@h/s3cret", "the database is not a number"),
        ("redis://[s3cret", "it is no URL"),
        ("redis://s3cret h", "it holds spaces or control characters"),
        ("unix://", "the socket's path is missing"),
        ("redis+sentinel://:s3cret@h1", "the sentinels' service name is missing"),
        ("redis+sentinel://h1/main/s3cret", "the database is not a number"),
        ("redis+sentinel://h1/main?s3cret=1", "an unknown option"),
        ("redis+cluster://h1/1", "a cluster has neither databases nor options"),
        ("redis+cluster://h1?s3cret=1", "a cluster has neither databases nor options"),
    ],
)
def test_a_wrong_form_is_refused_without_repeating_it(url: str, wrong: str) -> None:
    """A malformed address says what is wrong and which forms are allowed, and never its password."""
    with pytest.raises(ValueError, match="allowed: embedded, redis://") as refused:
        parse_redis_url(url)
    assert wrong in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_a_target_hides_its_password() -> None:
    """A target in a log line shows no password."""
    for url in (
        "redis://:s3cret@h",
        "redis+sentinel://:s3cret@h/m?sentinel_password=s3cret",
        "redis+cluster://:s3cret@h",
    ):
        assert "s3cret" not in repr(parse_redis_url(url))
