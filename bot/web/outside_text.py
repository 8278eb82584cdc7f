"""Text and addresses from outside, cut to size before anything is made of them."""

from urllib.parse import urlsplit

_URL = 2000
"""Characters of an address that is kept; a longer one would not open anyway."""


def cut(text: str, limit: int) -> str:
    """The text, at most `limit` characters, with an ellipsis where it was cut; no NUL and no lone surrogate."""
    clean = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()
    return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"


def safe_url(text: str) -> str | None:
    """The address when it is http(s) with a host and of sane length; else None."""
    if not text or len(text) > _URL or any(char.isspace() for char in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.hostname else None
