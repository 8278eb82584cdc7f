"""The Bot API over HTTP: `/bot<token>/<method>`, and the files at `/file/bot<token>/<path>`."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from aiohttp import web

from bot.sandbox import methods_chats, methods_media, methods_messages
from bot.sandbox.composing import Request
from bot.sandbox.errors import ApiError
from bot.sandbox.faults import Faults
from bot.sandbox.files import MAX_DOCUMENT_BYTES
from bot.sandbox.journal import Call, Journal
from bot.sandbox.limits import FloodControl
from bot.sandbox.params import Params, read_params
from bot.sandbox.updates import UpdateDelivery
from bot.sandbox.world import World

OK = 200
MAX_REQUEST_BYTES = MAX_DOCUMENT_BYTES + 2**20

METHODS: Mapping[str, Callable[[Request], Any]] = MappingProxyType(
    {
        "getme": methods_chats.get_me,
        "sendmessage": methods_messages.send_message,
        "editmessagetext": methods_messages.edit_message_text,
        "editmessagecaption": methods_messages.edit_message_caption,
        "editmessagereplymarkup": methods_messages.edit_message_reply_markup,
        "editmessagemedia": methods_media.edit_message_media,
        "deletemessage": methods_messages.delete_message,
        "deletemessages": methods_messages.delete_messages,
        "sendphoto": methods_media.send_photo,
        "senddocument": methods_media.send_document,
        "sendmediagroup": methods_media.send_media_group,
        "getfile": methods_media.get_file,
        "answercallbackquery": methods_messages.answer_callback_query,
        "sendchataction": methods_messages.send_chat_action,
        "setmessagereaction": methods_messages.set_message_reaction,
        "getchat": methods_chats.get_chat,
        "getchatmember": methods_chats.get_chat_member,
        "getchatmembercount": methods_chats.get_chat_member_count,
        "getchatadministrators": methods_chats.get_chat_administrators,
        "pinchatmessage": methods_chats.pin_chat_message,
        "unpinchatmessage": methods_chats.unpin_chat_message,
        "unpinallchatmessages": methods_chats.unpin_all_chat_messages,
        "createforumtopic": methods_chats.create_forum_topic,
        "setmycommands": methods_chats.set_my_commands,
        "getmycommands": methods_chats.get_my_commands,
        "deletemycommands": methods_chats.delete_my_commands,
    }
)
"""Method names are compared without case, as at Telegram."""

NOT_FOUND = "Not Found"
UNAUTHORIZED = "Unauthorized"
TOO_LARGE = "Request Entity Too Large"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a call; status 0 when its client is not to hear of it."""

    status: int
    result: Any = None
    description: str = ""
    parameters: dict[str, int] = field(default_factory=dict[str, int])

    def response(self) -> web.Response:
        if self.status == OK:
            answer: dict[str, Any] = {"ok": True, "result": self.result}
        else:
            answer = {"ok": False, "error_code": self.status, "description": self.description}
        headers: dict[str, str] = {}
        if self.parameters:
            answer["parameters"] = self.parameters
        if "retry_after" in self.parameters:
            headers["Retry-After"] = str(self.parameters["retry_after"])
        body = json.dumps(answer).encode()
        return web.Response(body=body, status=self.status, headers=headers, content_type="application/json")


class BotApi:
    """Answers calls on a world, within the flood limits, with the faults that a test asks for."""

    def __init__(self, world: World, flood: FloodControl, faults: Faults, journal: Journal) -> None:
        self._world = world
        self._flood = flood
        self._faults = faults
        self._journal = journal
        self.updates = UpdateDelivery(world)
        self._waiting_methods: Mapping[str, Callable[[Request], Awaitable[Any]]] = {
            "getupdates": self.updates.get_updates,
            "setwebhook": self.updates.set_webhook,
            "deletewebhook": self.updates.delete_webhook,
            "getwebhookinfo": self.updates.get_webhook_info,
        }

    def add_routes(self, app: web.Application) -> None:
        """Mounts the API."""
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{path:.+}", self._handle_file)

    async def _handle(self, http: web.Request) -> web.StreamResponse:
        at = time.monotonic()
        token, method = http.match_info["token"], http.match_info["method"]
        params = Params({})
        try:
            params = await read_params(http)
            hung = await self._faults.before(method.lower())
            if hung and _is_gone(http):
                outcome = _Outcome(0)
            else:
                outcome = _Outcome(OK, await self._run(token, method.lower(), params))
        except ApiError as error:
            outcome = _Outcome(error.status, None, error.description, error.parameters())
        except web.HTTPRequestEntityTooLarge:
            outcome = _Outcome(413, None, TOO_LARGE)
        if self._faults.drops(method.lower()):
            outcome = replace(outcome, status=0)
        self._note(token, method, params, outcome, at)
        if not outcome.status:
            _break_off(http)
        return outcome.response()

    async def _run(self, token: str, method: str, params: Params) -> Any:
        bot = self._world.bots.get(token)
        if bot is None:
            raise ApiError(401, UNAUTHORIZED)
        request = Request(self._world, self._flood, bot, params)
        if (method_of := METHODS.get(method)) is not None:
            return method_of(request)
        if (waiting_method_of := self._waiting_methods.get(method)) is not None:
            return await waiting_method_of(request)
        raise ApiError(404, NOT_FOUND)

    def _note(self, token: str, method: str, params: Params, outcome: _Outcome, at: float) -> None:
        call = Call(
            token=token,
            method=method,
            params={**params.values, **params.uploads},
            status=outcome.status,
            result=outcome.result,
            description=outcome.description,
            at=at,
            answered_at=time.monotonic(),
        )
        self._journal.add(call)

    async def _handle_file(self, http: web.Request) -> web.StreamResponse:
        file = self._world.files.at_path(http.match_info["path"])
        if http.match_info["token"] not in self._world.bots or file is None:
            return _Outcome(404, None, NOT_FOUND).response()
        return web.Response(body=file.content, content_type="application/octet-stream")


def _is_gone(http: web.Request) -> bool:
    return http.transport is None or http.transport.is_closing()


def _break_off(http: web.Request) -> None:
    """Resets the connection, so that the client never learns what became of its call."""
    if http.transport is not None:
        http.transport.abort()
    raise asyncio.CancelledError
