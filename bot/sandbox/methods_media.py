"""Photos and documents: send, replace, fetch."""

from dataclasses import replace
from typing import Any

from bot.sandbox.composing import Request, read_caption, read_reply, read_thread, writable_chat
from bot.sandbox.errors import bad_request
from bot.sandbox.files import File
from bot.sandbox.keyboard import read_keyboard
from bot.sandbox.methods_messages import editable_message, put_edit, send
from bot.sandbox.params import Params, as_array, as_object
from bot.sandbox.world import Draft

ALBUM = range(2, 11)
"""Bot API, sendMediaGroup: 2–10 items."""


def send_photo(request: Request) -> dict[str, Any]:
    """Bot API, sendPhoto."""
    caption = read_caption(request.params)
    photo = _read_file(request, "photo", photo=True)
    return send(request, Draft(request.bot, caption, photo=photo))


def send_document(request: Request) -> dict[str, Any]:
    """Bot API, sendDocument."""
    caption = read_caption(request.params)
    document = _read_file(request, "document", photo=False)
    return send(request, Draft(request.bot, caption, document=document))


def edit_message_media(request: Request) -> dict[str, Any]:
    """Bot API, editMessageMedia: another photo or document with its caption, also in the place of a text."""
    media = as_object(request.params.parsed("media", "input media"))
    if media is None:
        raise bad_request("can't parse InputMedia: expected an Object")
    draft = _read_media(request, media)
    keyboard = read_keyboard(request.params)
    message = editable_message(request)
    edited = replace(message, body=draft.body, photo=draft.photo, document=draft.document, keyboard=keyboard)
    return put_edit(request, message, edited)


def send_media_group(request: Request) -> list[dict[str, Any]]:
    """Bot API, sendMediaGroup: each item is a message of its own and counts as one."""
    items = as_array(request.params.parsed("media", "media"))
    if items is None:
        raise bad_request("expected an Array of InputMedia")
    if len(items) not in ALBUM:
        raise bad_request("message must contain 2-10 media items" if items else "there are no media to send")
    drafts = [_read_media(request, as_object(item) or {}) for item in items]
    chat = writable_chat(request)
    thread_id, reply_to = read_thread(request, chat), read_reply(request, chat)
    silent = request.params.flag("disable_notification")
    request.count_message(chat)
    album_id = f"{chat.id}{chat.last_message_id}".lstrip("-")
    sent = [
        request.world.post(chat, replace(draft, reply_to=reply_to, thread_id=thread_id, silent=silent))
        for draft in drafts
    ]
    return [{**request.world.json(message), "media_group_id": album_id} for message in sent]


def get_file(request: Request) -> dict[str, Any]:
    """Bot API, getFile: the path is served below `/file/bot<token>/`."""
    file_id = request.params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    file = request.world.files.get(file_id)
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    return {**file.json(), "file_path": file.path}


def _read_media(request: Request, media: dict[str, Any]) -> Draft:
    kind = media.get("type")
    if kind not in {"photo", "document"}:
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported by the sandbox')
    params = Params({**media, "file": media.get("media")}, request.params.uploads)
    caption = read_caption(params)
    file = _read_file(replace(request, params=params), "file", photo=kind == "photo")
    if kind == "photo":
        return Draft(request.bot, caption, photo=file)
    return Draft(request.bot, caption, document=file)


def _read_file(request: Request, name: str, *, photo: bool) -> File:
    """An upload of this name, one that `attach://` names, or the id of a file that was sent before."""
    reference = request.params.text(name)
    upload = request.params.uploads.get(reference.removeprefix("attach://") if reference else name)
    if upload is not None:
        return request.world.files.store(upload, photo=photo)
    if not reference:
        raise bad_request(f"there is no {name} in the request")
    known = request.world.files.get(reference)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if photo and not known.width:
        raise bad_request("can't use file of type Document as Photo")
    return known
