"""The way to Telegram, where there is no direct one: an HTTP proxy or a SOCKS proxy, each in its library's terms."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import aiohttp
from aiohttp_socks import ProxyConnector


@dataclass(frozen=True, slots=True)
class Route:
    """How connections are made. Neither `repr` nor `str` shows the proxy, whose address may hold a password."""

    http_proxy: str | None = field(default=None, repr=False)
    http_login: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    socks_proxy: str | None = field(default=None, repr=False)

    @classmethod
    def through(cls, proxy: str | None) -> Self:
        """`http(s)://` or `socks4://`, `socks5://`, `socks5h://`, with `user:password@` if need be; None: directly."""
        if proxy is None:
            return cls()
        parts = urlsplit(proxy)
        if parts.scheme not in ("http", "https"):
            # The proxy looks the name up in socks5h, which `rdns` does below; the library knows no such scheme.
            return cls(socks_proxy=proxy.replace("socks5h://", "socks5://", 1))
        address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        return cls(http_proxy=address, http_login=_login(parts.username, parts.password))

    def connector(self, *, limit: int, idle_for_s: float) -> aiohttp.TCPConnector:
        """A pool of at most `limit` connections."""
        if self.socks_proxy is not None:
            return ProxyConnector.from_url(self.socks_proxy, rdns=True, limit=limit, keepalive_timeout=idle_for_s)
        return aiohttp.TCPConnector(limit=limit, keepalive_timeout=idle_for_s, ttl_dns_cache=60)

    def options(self, url: str, headers: Mapping[str, str]) -> dict[str, Any]:
        """What aiohttp takes with each request.

        The login goes to the proxy alone: with the CONNECT that opens a tunnel, or, where there is no tunnel because
        the address is not encrypted, with the request itself.
        """
        if self.http_proxy is None:
            return {"headers": headers}
        if url.startswith("https:"):
            return {"headers": headers, "proxy": self.http_proxy, "proxy_headers": self.http_login}
        return {"headers": {**headers, **self.http_login}, "proxy": self.http_proxy}


def _login(username: str | None, password: str | None) -> dict[str, str]:
    """As a header of our own: aiohttp takes no login from a proxy's address (RFC 7617, Basic)."""
    if username is None:
        return {}
    login = f"{unquote(username)}:{unquote(password or '')}".encode()
    return {"Proxy-Authorization": f"Basic {b64encode(login).decode()}"}
