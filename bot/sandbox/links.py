"""Which links Telegram takes as links."""

from urllib.parse import urlsplit

DEEP_SCHEMES = frozenset({"tg", "ton", "mailto", "tel"})


def checked_link(url: str) -> str | None:
    """The link as Telegram keeps it, or None where it sees none.

    A host needs a dot: `http://localhost` is no link to Telegram, `http://127.0.0.1` is.
    """
    candidate = url.strip()
    if not candidate or any(letter.isspace() for letter in candidate):
        return None
    if "://" not in candidate and not candidate.lower().startswith(("mailto:", "tel:")):
        candidate = f"http://{candidate}"
    try:
        parts = urlsplit(candidate)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme in DEEP_SCHEMES:
        return candidate
    if parts.scheme not in {"http", "https"} or ("." not in host.strip(".") and ":" not in host):
        return None
    return candidate if parts.path or parts.query or parts.fragment else f"{candidate}/"


def mentioned_user(url: str) -> int | None:
    """The user id of a `tg://user?id=…` link."""
    prefix = "tg://user?id="
    number = url[len(prefix) :]
    return int(number) if url.lower().startswith(prefix) and number.isdecimal() else None
