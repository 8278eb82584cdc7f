"""Commands packed in C are the bytes that redis-py would send."""

from redis.asyncio import ConnectionPool
from redis.asyncio.connection import Connection

from bot.store.packing import pack_quickly

COMMANDS = (
    ("EVALSHA", "a" * 40, 2, "key", "ключ", b"\x00\xff", 1.5, "", "x" * 10_000),
    ("SCRIPT LOAD", "return 1"),
    (b"PING",),
)


async def test_packed_in_c_and_packed_by_redis_py_are_the_same() -> None:
    """Text of any alphabet, bytes, numbers, nothing and much; two words that redis-py writes as one."""
    pool = ConnectionPool()
    pack_quickly(pool)
    ours, theirs = pool.make_connection(), Connection()
    for command in COMMANDS:
        assert b"".join(ours.pack_command(*command)) == b"".join(theirs.pack_command(*command))
    assert b"".join(ours.pack_commands(COMMANDS)) == b"".join(theirs.pack_commands(COMMANDS))
