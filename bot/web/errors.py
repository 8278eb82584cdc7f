"""Errors as the HTTP interface says them: `{"error": {"code": "…", "message": "…"}}`."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web
from pydantic import ValidationError

from bot.store.records import OutcomeUnknownError, StoreUnavailableError

log = structlog.get_logger(__name__)

BODY_LIMIT = 4 * 1024 * 1024
"""Bytes of a request body; a larger one is refused with 413."""

_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class RequestError(Exception):
    """The caller's request is wrong; `message` tells the caller what to change."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers


def error_response(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """An error in the one form that this interface has."""
    return web.json_response({"error": {"code": code, "message": message}}, status=status, headers=headers)


@web.middleware
async def say_errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error into the one form; what is unforeseen is logged whole and told as 500 without details."""
    try:
        return await handler(request)
    except RequestError as error:
        return error_response(error.status, error.code, error.message, error.headers)
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        message = f"{request.method} is not for this path; allowed: {allowed}"
        return error_response(error.status, _CODES[error.status], message, {"Allow": allowed})
    except web.HTTPException as error:
        if error.status < 400:  # noqa: PLR2004 - a redirect is no error
            raise
        return error_response(error.status, _CODES.get(error.status, "error"), _words_for(error))
    except StoreUnavailableError as error:
        log.warning("refused a request: the store can't save", path=request.path, reason=str(error))
        return error_response(503, "store_unavailable", _not_saved(error))
    except Exception:
        log.exception("a request failed", path=request.path)
        return error_response(500, "internal", "Something went wrong here; it is in the log.")


def _not_saved(error: StoreUnavailableError) -> str:
    if isinstance(error, OutcomeUnknownError):
        return "It is not known whether this was saved: the connection to the store broke. Try again."
    return "Nothing was saved: the store can't be reached. Try again."


def _words_for(error: web.HTTPException) -> str:
    if error.status == 413:  # noqa: PLR2004 - HTTP's own number
        return f"The body is over {BODY_LIMIT // 1024 // 1024} MiB."
    return error.reason


def first_mistake(error: ValidationError) -> str:
    """The first thing wrong with a body, as `field: what`; never the value, which may be a secret."""
    mistake = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in mistake["loc"])
    return f"{where}: {mistake['msg']}" if where else mistake["msg"]


async def body_of(request: web.Request) -> bytes:
    """The whole body.

    Raises:
        RequestError: it is over the limit (413), or is not encoded as its headers say (400).
    """
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise RequestError(413, "too_large", f"The body is over {BODY_LIMIT // 1024 // 1024} MiB.") from None
    except web.RequestPayloadError:
        raise RequestError(400, "malformed", "The body can't be decoded as its Content-Encoding says.") from None
