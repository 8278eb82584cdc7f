"""The rival: python-telegram-bot as its tutorials show it, with nothing behind it.

`python -m tests.bench.bare_handler URL`, with the URL of a Bot API server, runs an `Application` with its own defaults
(httpx, `Updater.start_polling`) whose handler answers a press and keeps nothing. The first line on standard output is
the address to POST to so that it sends a message at once.
"""

import asyncio
import sys

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes

from bot.sandbox.world import DEMO_TOKEN, RESPONDERS_ID


async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answers the press."""
    query = update.callback_query
    assert query is not None
    await query.answer("You have it")


async def serve(url: str) -> None:
    """Polls until it is ended."""
    built = Application.builder().token(DEMO_TOKEN).base_url(f"{url}/bot").build()
    built.add_handler(CallbackQueryHandler(answer))
    button = InlineKeyboardMarkup([[InlineKeyboardButton("Ack", callback_data="ack")]])

    async def hook(request: web.Request) -> web.Response:
        await request.json()
        await built.bot.send_message(RESPONDERS_ID, "An alert", reply_markup=button)
        return web.json_response({})

    async with built:
        await built.start()
        assert built.updater is not None
        await built.updater.start_polling()
        app = web.Application()
        app.router.add_post("/hook", hook)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        sys.stdout.write(f"http://{host}:{port}/hook\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
