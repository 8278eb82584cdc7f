"""Who may call: a bearer token, compared in constant time."""

import hmac

from aiohttp import web
from pydantic import SecretStr

from bot.web.errors import RequestError


def require_token(request: web.Request, token: SecretStr | None) -> None:
    """Let the request pass when no token is set, or when it carries the right one.

    Raises:
        RequestError: 401, without a word on what was wrong with it.
    """
    if token is None:
        return
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    expected = token.get_secret_value().encode()
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), expected):
        message = "Send the token as 'Authorization: Bearer …'."
        raise RequestError(401, "unauthorized", message, {"WWW-Authenticate": 'Bearer realm="nabat"'})
