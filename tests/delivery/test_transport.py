"""Requests to the Bot API over aiohttp: what arrives, through which proxy, and what is known after a failure."""

import asyncio
import base64
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import TelegramError

from bot.delivery.transport import (
    AiohttpRequest,
    AnswerTimedOutError,
    ConnectTimedOutError,
    LostAnswerError,
    RefusedConnectionError,
    Timeouts,
)

TOKEN = "4242:very-secret"  # noqa: S105 - opens nothing
ME = {"ok": True, "result": {"id": 4242, "is_bot": True, "first_name": "Nabat", "username": "nabat_bot"}}
MESSAGE = {"ok": True, "result": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def bot_api(handler: Handler) -> AsyncGenerator[str]:
    """A server that answers every call with the handler; gives its address."""
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def bot(url: str, request: AiohttpRequest) -> AsyncGenerator[Bot]:
    """A bot that talks to the address through the request."""
    async with request:
        yield Bot(TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request)


@asynccontextmanager
async def listener(serve: Serve) -> AsyncGenerator[int]:
    """A bare TCP server; gives its port."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def answer_me(_: web.Request) -> web.StreamResponse:
    """GetMe's answer."""
    return web.json_response(ME)


async def test_text_arrives_as_it_was_said() -> None:
    """Parameters go as a form, in any script, nested ones as JSON."""
    seen: list[dict[str, str]] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append({name: str(value) for name, value in (await request.post()).items()})
        return web.json_response(MESSAGE)

    async with bot_api(handler) as url, bot(url, AiohttpRequest()) as telegram:
        await telegram.send_message(1, "набат & <b>звонит</b> 🚨")
    assert seen == [{"chat_id": "1", "text": "набат & <b>звонит</b> 🚨"}]


async def test_files_go_as_multipart() -> None:
    """A photo's bytes, name and type arrive beside the other parameters."""
    seen: list[tuple[str, bytes, str, str]] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        form = await request.post()
        photo = form["photo"]
        assert isinstance(photo, web.FileField)
        seen.append((photo.filename, photo.file.read(), photo.content_type, str(form["caption"])))
        return web.json_response(MESSAGE)

    async with bot_api(handler) as url, bot(url, AiohttpRequest()) as telegram:
        await telegram.send_photo(1, b"\x89PNG", caption="график", filename="chart.png")
    assert seen == [("chart.png", b"\x89PNG", "image/png", "график")]


async def test_connections_are_kept_and_bounded() -> None:
    """Many calls at once share the pool's few connections, and later ones use them again."""
    ports: set[int] = set()

    async def handler(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        return web.json_response(ME)

    async with bot_api(handler) as url, bot(url, AiohttpRequest(pool_size=4)) as telegram:
        await asyncio.gather(*(telegram.get_me() for _ in range(50)))
        await telegram.get_me()
    assert 1 <= len(ports) <= 4


async def test_no_connection_means_never_reached() -> None:
    """A refused connection is told apart from a lost answer, and the token stays out of the error."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with bot(f"http://127.0.0.1:{port}", AiohttpRequest()) as telegram:
        with pytest.raises(RefusedConnectionError) as failure:
            await telegram.get_me()
    assert "very-secret" not in _everything_about(failure.value)


async def test_a_broken_connection_means_maybe_reached() -> None:
    """The server took the request and hung up: nobody knows, and the token stays out of the error."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with listener(hang_up) as port, bot(f"http://127.0.0.1:{port}", AiohttpRequest()) as telegram:
        with pytest.raises(LostAnswerError) as failure:
            await telegram.get_me()
    assert "very-secret" not in _everything_about(failure.value)


async def test_no_answer_in_time_means_maybe_reached() -> None:
    """A server that takes the request and stays silent is a timeout that may have arrived."""
    silent = asyncio.Event()

    async def handler(_: web.Request) -> web.StreamResponse:
        await silent.wait()
        return web.json_response(ME)

    async with bot_api(handler) as url, bot(url, AiohttpRequest(timeouts=Timeouts(read=0.1))) as telegram:
        with pytest.raises(AnswerTimedOutError) as failure:
            await telegram.get_me()
        silent.set()
    assert "very-secret" not in _everything_about(failure.value)


async def test_a_call_may_set_its_own_timeout() -> None:
    """What a call says overrides the default, as for a long poll."""
    silent = asyncio.Event()

    async def handler(_: web.Request) -> web.StreamResponse:
        await silent.wait()
        return web.json_response(ME)

    async with bot_api(handler) as url, bot(url, AiohttpRequest(timeouts=Timeouts(read=60))) as telegram:
        with pytest.raises(AnswerTimedOutError):
            await telegram.get_me(read_timeout=0.1)
        silent.set()


async def test_no_free_connection_in_time_means_never_reached() -> None:
    """A call that waits for the pool in vain was not sent."""
    reached, silent = asyncio.Event(), asyncio.Event()

    async def handler(_: web.Request) -> web.StreamResponse:
        reached.set()
        await silent.wait()
        return web.json_response(ME)

    request = AiohttpRequest(pool_size=1, timeouts=Timeouts(connect=0.05, pool=0.05))
    async with bot_api(handler) as url, bot(url, request) as telegram:
        first = asyncio.create_task(telegram.get_me())
        await reached.wait()
        with pytest.raises(ConnectTimedOutError):
            await telegram.get_me()
        silent.set()
        await first


async def test_requests_go_through_an_http_proxy_with_its_password() -> None:
    """The proxy gets the whole address and the login, and answers for the server."""
    seen: list[tuple[str, str]] = []

    async def proxy(request: web.Request) -> web.StreamResponse:
        seen.append((str(request.url.host), request.headers.get("Proxy-Authorization", "")))
        return web.json_response(ME)

    async with bot_api(proxy) as url:
        request = AiohttpRequest(proxy=url.replace("http://", "http://nabat:p%40ss@"))
        async with bot("http://bot-api.invalid", request) as telegram:
            await telegram.get_me()
    assert seen == [("bot-api.invalid", f"Basic {base64.b64encode(b'nabat:p@ss').decode()}")]


async def test_a_tunnel_is_asked_for_with_the_password_and_a_refused_one_is_no_connection() -> None:
    """Towards https the proxy hears CONNECT with the login, never the token; its refusal means never reached."""
    heard: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with listener(proxy) as port:
        request = AiohttpRequest(proxy=f"http://nabat:p%40ss@127.0.0.1:{port}")
        async with bot("https://bot-api.invalid", request) as telegram:
            with pytest.raises(RefusedConnectionError):
                await telegram.get_me()
    assert heard[0].startswith(b"CONNECT bot-api.invalid:443 ")
    assert b"Proxy-Authorization: Basic " + base64.b64encode(b"nabat:p@ss") in heard[0]
    assert b"very-secret" not in heard[0]


async def test_requests_go_through_a_socks_proxy_which_looks_the_name_up() -> None:
    """With socks5 the name of the Bot API is resolved at the proxy, so a censored resolver does no harm."""
    asked: list[tuple[str, int]] = []

    async def socks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # RFC 1928: greeting, its answer, request by domain name, its answer, then the stream itself.
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x00")
        *_, kind, length = await reader.readexactly(5)
        assert kind == 3
        name = (await reader.readexactly(length)).decode()
        asked.append((name, int.from_bytes(await reader.readexactly(2), "big")))
        writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        await reader.readuntil(b"\r\n\r\n")
        body = str(ME).replace("'", '"').replace("True", "true").encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    async with listener(socks) as port:
        request = AiohttpRequest(proxy=f"socks5h://127.0.0.1:{port}")
        async with bot("http://bot-api.invalid", request) as telegram:
            await telegram.get_me()
    assert asked == [("bot-api.invalid", 80)]


async def test_a_proxy_that_is_not_there_means_never_reached() -> None:
    """Neither kind of proxy lets its login into the error."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for scheme in ("http", "socks5"):
        request = AiohttpRequest(proxy=f"{scheme}://nabat:hidden-word@127.0.0.1:{port}")
        async with bot("http://bot-api.invalid", request) as telegram:
            with pytest.raises(RefusedConnectionError) as failure:
                await telegram.get_me()
        assert "hidden-word" not in _everything_about(failure.value)


async def test_a_closed_transport_says_so() -> None:
    """A call before the start or after the end is our mistake; opening and closing twice is harmless."""
    request = AiohttpRequest()
    with pytest.raises(RuntimeError, match="initialize"):
        await request.do_request("http://127.0.0.1", "GET")
    async with bot_api(answer_me) as url:
        await request.initialize()
        await request.initialize()
        assert (await request.do_request(url, "GET"))[0] == 200
        await request.shutdown()
        await request.shutdown()


async def test_what_telegram_says_reaches_the_library() -> None:
    """A status that is no success becomes the library's own error, with Telegram's words."""

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": False, "description": "Bad Request: chat not found"}, status=400)

    async with bot_api(handler) as url, bot(url, AiohttpRequest()) as telegram:
        with pytest.raises(TelegramError, match="Chat not found"):
            await telegram.get_me()


def _everything_about(error: BaseException | None) -> str:
    """Text, arguments and whatever a log would show of the causes."""
    parts: list[str] = []
    while error is not None:
        parts += [str(error), repr(error), repr(error.args)]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return " ".join(parts)


def test_timeouts_are_aiohttps() -> None:
    """Waiting for the pool and connecting are counted together there, and an upload gets more time."""
    plain = Timeouts(connect=1, read=2, write=3, pool=4).client_timeout(uploads=False)
    upload = Timeouts(connect=1, read=2, write=3, pool=4).client_timeout(uploads=True)
    assert plain == aiohttp.ClientTimeout(total=None, connect=5, sock_connect=1, sock_read=2)
    assert upload.sock_read == 5
    assert Timeouts(read=None).client_timeout(uploads=False).sock_read is None
