"""A call's parameters, whichever way they came: query, form, multipart or JSON (Bot API, Making requests)."""

import json
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.errors import bad_request
from bot.sandbox.files import Upload


class Params:
    """Named values. A form brings strings where JSON brings numbers and objects: both read alike."""

    def __init__(self, values: Mapping[str, Any], uploads: Mapping[str, Upload] | None = None) -> None:
        self.values = values
        self.uploads = uploads or {}

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """The value as text; empty when absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """The value as a whole number; what is not one counts as the default, as at Telegram."""
        value = self.values.get(name)
        if isinstance(value, int):
            return int(value)
        try:
            return int(str(value))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """True for true, "true", "yes" and 1."""
        return str(self.values.get(name, "")).lower() in {"true", "yes", "1"}

    def parsed(self, name: str, what: str) -> Any:
        """The value as JSON; None when absent or empty.

        Raises:
            ApiError: "can't parse {what} JSON object".
        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None


def as_object(value: Any) -> dict[str, Any] | None:
    """A JSON object, or None for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def as_array(value: Any) -> list[Any] | None:
    """A JSON array, or None for anything else."""
    return cast("list[Any]", value) if isinstance(value, list) else None


async def read_params(request: web.Request) -> Params:
    """The parameters of a request; the query string counts as well.

    Raises:
        ApiError: the body is not what its content type says.
    """
    values: dict[str, Any] = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return Params(values)
    kind = request.content_type
    if kind == "multipart/form-data":
        return await _read_multipart(request, values)
    body = await request.read()
    if kind == "application/json":
        values.update(_json_object(body))
    elif kind == "application/x-www-form-urlencoded":
        values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return Params(values)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = as_object(json.loads(body))
    except ValueError:
        value = None
    if value is None:
        raise bad_request("can't parse JSON object")
    return value


async def _read_multipart(request: web.Request, values: dict[str, Any]) -> Params:
    uploads: dict[str, Upload] = {}
    form = await request.post()
    for name, value in form.items():
        if isinstance(value, web.FileField):
            with value.file:
                uploads[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            values[name] = value
    return Params(values, uploads)
