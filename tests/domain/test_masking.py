"""Secrets out of text that people will see."""

from time import process_time

import pytest

from bot.domain.masking import MASK, KeyBlocks, Masker

BOT_TOKEN = "123456789:" + "AAE-x" * 7  # a made-up token in the shape of Telegram's


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"https://api.telegram.org/bot{BOT_TOKEN}/sendMessage", BOT_TOKEN),
        ("Authorization: Bearer abc.def-123", "abc.def-123"),
        ('{"authorization": "Basic dXNlcjpwYXNz"}', "dXNlcjpwYXNz"),
        ("< Set-Cookie: session=0af5e3; Path=/", "0af5e3"),
        ("postgres://nabat:s3cr3t@db:5432/x", "s3cr3t"),
        ("redis://:s3cr3t@cache:6379", "s3cr3t"),
        ("DB_PASSWORD=hunter2 starting", "hunter2"),
        ('"client_secret": "hun,ter 2"', "hun,ter 2"),
        ("mysql --password hunter2 -h db", "hunter2"),
        ("api-key: hunter2", "hunter2"),
        ("deploy --registry-token hunter2", "hunter2"),
        ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("ghp_0123456789abcdefghijABCDEFGHIJ012345", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end", "eyJzdWIiOiIxIn0"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA PRIVATE KEY-----", "MIIEow"),
    ],
)
def test_a_secret_is_known_by_its_shape(text: str, secret: str) -> None:
    """Tokens, passwords, headers, addresses with credentials and keys are masked wherever they stand."""
    masked = Masker()(text)
    assert secret not in masked
    assert MASK in masked


@pytest.mark.parametrize(
    "text",
    [
        "12:30:01 rolled back to 4.2.0 in 12 s",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "GET https://example.org/health?verbose=1 200",
        "ERROR: connection to 10.0.0.1:5432 refused",
    ],
)
def test_ordinary_output_stays_as_it_is(text: str) -> None:
    """What holds no secret is not touched."""
    assert Masker()(text) == text


def test_known_secrets_are_masked_whatever_they_look_like() -> None:
    """Literal secrets are hidden, also as an address would quote them; short ones would blot out words."""
    masker = Masker(["my pass/word", "abc"])
    assert masker("x my pass/word y my%20pass%2Fword abc") == f"x {MASK} y {MASK} abc"


def test_a_private_key_is_followed_across_lines() -> None:
    """Line by line, everything from the beginning to the end of a key is masked, and nothing else."""
    blocks = KeyBlocks()
    lines = ["before", "-----BEGIN PRIVATE KEY-----", "MIIE", "-----END PRIVATE KEY-----", "after"]
    assert [blocks.peek(line) for line in lines[:2]] == ["before", MASK]
    assert [blocks.line(line) for line in lines] == ["before", MASK, MASK, MASK, "after"]
    blocks.line(lines[1])
    assert [blocks.peek(line) for line in ("MIIE", "")] == [MASK, ""]


@pytest.mark.parametrize("piece", ["x", "1", "-", "token", "--token", "eyJ-", "a://", "Bearer ", "=", "sk-"])
def test_no_text_makes_masking_slow(piece: str) -> None:
    """Whoever controls the output can't hold the bot by it: the longest line is masked within moments."""
    line = (piece * 8192)[:8192]
    before = process_time()
    Masker(["secret"])(line)
    assert process_time() - before < 1
