"""Secrets out of text that people or logs will see.

Masking errs on the side of hiding: a word that only looks like a token is masked too. Known secrets (settings) are
masked literally, so that even one of an unusual shape never gets through.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote

MASK = "•••"
SHORTEST_SECRET = 4
"""A shorter literal would blot out ordinary words."""

# Only from the telling word on, and bounded: what stands before it would be tried from each of its letters.
_NAMED = (
    r"(?:passw(?:or)?d|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|credentials?)[\w-]{0,40}"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # A PEM block, also one that is cut off.
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), MASK),
    # Headers, as curl -v and most loggers print them.
    (re.compile(r"(?i)\b((?:proxy-)?authorization|cookie|set-cookie)(\"?'?\s*[:=]\s*)[^\r\n]+"), rf"\1\2{MASK}"),
    (re.compile(r"(?i)\b(bearer|basic)(\s+)[\w.~+/=-]{6,}"), rf"\1\2{MASK}"),
    # Credentials in an address: https://user:password@host, redis://:password@host, https://token@host.
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,20}://)[^\s/@'\"<>]+@"), rf"\1{MASK}@"),
    # Telegram bot tokens, also inside an address (/bot123:ABC/sendMessage); a digest (sha256:…) is none.
    (re.compile(r"(?<!\d)(?<!sha)\d{3,}:[\w-]{30,}"), MASK),
    # JSON Web Tokens (RFC 7519): three base64url parts, the first of which begins with {" encoded.
    (re.compile(r"\beyJ[\w-]{5,2000}\.[\w-]{5,}(?:\.[\w-]*)?"), MASK),
    # AWS access key ids; tokens of GitHub, GitLab, Slack and Stripe-like services by their prefixes.
    (re.compile(r"\b(?:AKIA|ASIA|AGPA|AROA|AIDA)[A-Z0-9]{16}\b"), MASK),
    (
        re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|sk[_-](?:live_|test_|proj-)?|pypi-)[\w-]{16,}"),
        MASK,
    ),
    # name=value, "name": "value", --name value, for names that promise a secret.
    (re.compile(rf"(?i)({_NAMED}[\"']?\s*(?:=|:)\s*)(?:\"[^\"\r\n]*\"|'[^'\r\n]*'|[^\s,;&\"'}}]+)"), rf"\1{MASK}"),
    (re.compile(rf"(?i)(--?[\w.-]{{0,40}}?{_NAMED}\s+)(?:\"[^\"\r\n]*\"|'[^'\r\n]*'|[^\s-]\S*)"), rf"\1{MASK}"),
)
_PEM_DASHES = "-----"
_PEM_BEGINS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_PEM_ENDS = re.compile(r"-----END [A-Z ]*PRIVATE KEY-----")


class Masker:
    """Masks text by shape, and the given secrets literally (also as a URL would quote them)."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {form for secret in secrets if len(secret) >= SHORTEST_SECRET for form in (secret, quote(secret, ""))}
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        """The text with every secret in it replaced by `•••`."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text


class KeyBlocks:
    """Remembers across lines whether a private key is being printed, for output that is read line by line."""

    def __init__(self) -> None:
        self._inside = False

    def may_begin(self, lines: Iterable[str]) -> bool:
        """Whether a private key is being printed, or may be in these lines."""
        return self._inside or any(_PEM_DASHES in line for line in lines)

    def line(self, text: str) -> str:
        """The line, or the mask for a line that belongs to a private key."""
        if not self._inside and _PEM_DASHES not in text:
            return text
        was_inside = self._inside
        if _PEM_BEGINS.search(text):
            self._inside = True
        if _PEM_ENDS.search(text):
            self._inside = False
        return MASK if was_inside or self._inside else text

    def peek(self, text: str) -> str:
        """The same for a line that is still being printed; an empty one stays empty."""
        return MASK if text and (self._inside or _PEM_BEGINS.search(text)) else text
