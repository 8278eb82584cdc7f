"""The only place that calls Telegram. What was said comes back as an Outcome, never as an exception of the library."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Self

from telegram import Bot, BotCommand, InputMediaDocument, InputMediaPhoto, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError

from bot.delivery.outcome import Done, Forbidden, MessageGone, Migrated, Outcome, Refused, Sent, classify
from bot.delivery.standing import Me, Member, Standing
from bot.delivery.thin_updates import PollRequest
from bot.delivery.transport import AiohttpRequest, Timeouts
from bot.delivery.wording import NO_PREVIEW, keyboard, plain
from bot.store.records import MessageRef
from bot.store.store import Store
from bot.views.html import without_times
from bot.views.rendered import Rendered

POLL_TIMEOUTS = Timeouts(read=20.0)
"""For getUpdates, whose own `timeout` comes on top (python-telegram-bot adds it)."""


class Gateway:
    """Sends and edits what was rendered, in Telegram's terms, and follows groups that became supergroups."""

    def __init__(self, bot: Bot, store: Store, migrations: Mapping[int, int] | None = None) -> None:
        self.bot = bot
        self._store = store
        self._migrations = dict(migrations or {})
        self._server_knows_times = True
        self.username = ""

    @classmethod
    async def opened(cls, bot: Bot, store: Store) -> Self:
        """A gateway that knows the migrations of former lives."""
        return cls(bot, store, await store.migrations())

    def current(self, chat: int) -> int:
        """The id that a chat has now."""
        seen: set[int] = set()
        while chat in self._migrations and chat not in seen:
            seen.add(chat)
            chat = self._migrations[chat]
        return chat

    async def follow(self, old: int, new: int) -> None:
        """From now on a chat has another id: its group became a supergroup.

        Raises:
            StoreUnavailableError: it is known until the bot stops, and no longer.
        """
        self._migrations[old] = new
        await self._store.remember_migration(old, new)

    async def send(
        self, chat: int, rendered: Rendered, *, reply_to: MessageRef | None = None, thread: int | None = None
    ) -> Outcome:
        """Sends a message, photo or document. An answer to a message that is gone is sent without being one."""

        async def sent(at: int, shown: Rendered, mode: str | None) -> Outcome:
            return _sent(await self._send(at, shown, mode, reply_to=reply_to, thread=thread))

        return await self._with_fallbacks(chat, rendered, sent)

    async def edit(self, message: MessageRef, rendered: Rendered) -> Outcome:
        """Makes a message show something else. One of before a migration is gone: its number means another now."""
        if self.current(message.chat) != message.chat:
            return MessageGone()

        async def edited(at: int, shown: Rendered, mode: str | None) -> Outcome:
            await self._edit(at, message.message, shown, mode)
            return Sent(at, message.message)

        outcome = await self._with_fallbacks(message.chat, rendered, edited)
        return MessageGone() if isinstance(outcome, Migrated) else outcome

    async def delete(self, message: MessageRef) -> Outcome:
        """Deletes a message of the bot's own; those of more than 48 hours ago can't be (Bot API, deleteMessage)."""
        call = self.bot.delete_message(message.chat, message.message)
        return await self._called(call, chat=message.chat)

    async def strip_buttons(self, message: MessageRef) -> Outcome:
        """Takes the buttons from a message."""
        call = self.bot.edit_message_reply_markup(chat_id=message.chat, message_id=message.message, reply_markup=None)
        return await self._called(call, chat=message.chat)

    async def answer(self, query_id: str, text: str | None = None, *, alert: bool = False) -> Outcome:
        """Answers a press, in at most 200 characters (Bot API, answerCallbackQuery). It counts towards no limit."""
        call = self.bot.answer_callback_query(query_id, text=text[:200] if text else None, show_alert=alert)
        return await self._called(call, chat=None)

    async def pin(self, message: MessageRef) -> Outcome:
        """Pins without a sound. It may be refused for want of rights."""
        call = self.bot.pin_chat_message(message.chat, message.message, disable_notification=True)
        return await self._called(call, chat=message.chat)

    async def set_commands(self, commands: Mapping[str, str], *, language: str | None = None) -> Outcome:
        """Sets the menu of commands: name without a slash to description."""
        menu = [BotCommand(name, description) for name, description in commands.items()]
        return await self._called(self.bot.set_my_commands(menu, language_code=language), chat=None)

    async def member(self, chat: int, user: int) -> Member | Outcome:
        """What somebody is in a chat, or what Telegram said instead."""
        try:
            found = await self.bot.get_chat_member(self.current(chat), user)
        except TelegramError as error:
            return classify(error, chat=chat)
        return Member(
            standing=Standing(found.status),
            can_pin=bool(getattr(found, "can_pin_messages", False)),
            can_delete=bool(getattr(found, "can_delete_messages", False)),
            can_manage_topics=bool(getattr(found, "can_manage_topics", False)),
        )

    async def can_write_to(self, person: int) -> Outcome:
        """Whether a message would reach somebody: Done, or Forbidden with Telegram's reason. Sends nothing.

        Telegram shows the chat also of somebody whom the bot met in a group alone, or who blocked it (Bot API,
        getChat). That it is typing may be told only to whom it may write (sendChatAction); a server that does not know
        that call, or fails at it, leaves what the first one said.
        """
        shown = await self._called(self.bot.get_chat(person), chat=person)
        if not isinstance(shown, Done):
            return shown
        typing = await self._called(self.bot.send_chat_action(person, ChatAction.TYPING), chat=person)
        return typing if isinstance(typing, Forbidden) else shown

    async def me(self) -> Me | Outcome:
        """The bot itself; it also shows whether the token is taken."""
        try:
            user = await self.bot.get_me()
        except TelegramError as error:
            return classify(error, chat=None)
        self.username = user.username or ""
        return Me(user.id, self.username, reads_all=bool(user.can_read_all_group_messages))

    async def expect_updates(self, url: str, secret: str, kinds: Sequence[str]) -> Outcome:
        """Has updates sent to `url`, with the secret in a header (Bot API, setWebhook)."""
        call = self.bot.set_webhook(url, secret_token=secret, allowed_updates=kinds)
        return await self._called(call, chat=None)

    async def ask_for_updates(self) -> Outcome:
        """Ends a former webhook, which would refuse polls; the updates that wait stay (Bot API, deleteWebhook)."""
        return await self._called(self.bot.delete_webhook(drop_pending_updates=False), chat=None)

    async def _with_fallbacks(
        self, chat: int, rendered: Rendered, call: Callable[[int, Rendered, str | None], Awaitable[Outcome]]
    ) -> Outcome:
        """Text whose tags the server does not take goes without its times, and at last without any."""
        shown = rendered if self._server_knows_times else _without_times(rendered)
        outcome = await self._following(chat, lambda at: call(at, shown, ParseMode.HTML))
        if isinstance(outcome, Refused) and outcome.markup and "<tg-time" in shown.text:
            outcome = await self._following(chat, lambda at: call(at, _without_times(rendered), ParseMode.HTML))
            # Only a success proves that the times were the trouble, and not the rest of that text.
            self._server_knows_times = isinstance(outcome, Refused)
        if isinstance(outcome, Refused) and outcome.markup:
            outcome = await self._following(chat, lambda at: call(at, plain(rendered), None))
        return outcome

    async def _following(self, chat: int, call: Callable[[int], Awaitable[Outcome]]) -> Outcome:
        """Makes a call, and once more where the group went if it became a supergroup."""
        at = self.current(chat)
        try:
            return await call(at)
        except TelegramError as error:
            outcome = classify(error, chat=at)
        if not isinstance(outcome, Migrated):
            return outcome
        await self.follow(at, outcome.to)
        try:
            return await call(outcome.to)
        except TelegramError as error:
            return classify(error, chat=outcome.to)

    async def _called(self, call: Awaitable[object], *, chat: int | None) -> Outcome:
        try:
            await call
        except TelegramError as error:
            return classify(error, chat=chat)
        return Done()

    async def _send(
        self, chat: int, shown: Rendered, mode: str | None, *, reply_to: MessageRef | None, thread: int | None
    ) -> Message:
        answered = None
        if reply_to is not None and reply_to.chat == chat:
            answered = ReplyParameters(reply_to.message, allow_sending_without_reply=True)
        markup = keyboard(shown.buttons)
        if shown.photo is not None:
            return await self.bot.send_photo(
                chat,
                shown.photo,
                caption=shown.text,
                parse_mode=mode,
                reply_markup=markup,
                reply_parameters=answered,
                message_thread_id=thread,
                disable_notification=shown.silent,
                filename=shown.photo_name,
            )
        if shown.document is not None:
            name, content = shown.document
            return await self.bot.send_document(
                chat,
                content,
                caption=shown.text,
                parse_mode=mode,
                reply_markup=markup,
                reply_parameters=answered,
                message_thread_id=thread,
                disable_notification=shown.silent,
                filename=name,
            )
        return await self.bot.send_message(
            chat,
            shown.text,
            parse_mode=mode,
            reply_markup=markup,
            reply_parameters=answered,
            message_thread_id=thread,
            disable_notification=shown.silent,
            link_preview_options=NO_PREVIEW,
        )

    async def _edit(self, chat: int, message: int, shown: Rendered, mode: str | None) -> None:
        markup = keyboard(shown.buttons)
        media = None
        if shown.photo is not None:
            media = InputMediaPhoto(shown.photo, caption=shown.text, parse_mode=mode, filename=shown.photo_name)
        elif shown.document is not None:
            name, content = shown.document
            media = InputMediaDocument(content, caption=shown.text, parse_mode=mode, filename=name)
        if media is not None:
            await self.bot.edit_message_media(media, chat_id=chat, message_id=message, reply_markup=markup)
            return
        try:
            await self.bot.edit_message_text(
                shown.text,
                chat_id=chat,
                message_id=message,
                parse_mode=mode,
                reply_markup=markup,
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as error:
            if "no text in the message" not in error.message.lower():
                raise
            # The message came with a photo that stays: what is to change is its caption.
            await self.bot.edit_message_caption(chat, message, caption=shown.text, parse_mode=mode, reply_markup=markup)


def _sent(message: Message) -> Sent:
    return Sent(message.chat_id, message.message_id)


def _without_times(rendered: Rendered) -> Rendered:
    return replace(rendered, text=without_times(rendered.text))


@asynccontextmanager
async def open_gateway(
    token: str,
    api_url: str,
    store: Store,
    *,
    proxy: str | None = None,
    migrations: Mapping[int, int] | None = None,
) -> AsyncGenerator[Gateway]:
    """A gateway with its connections, closed in order at the end. Telegram is not asked anything yet.

    `migrations` that are given are not read from the store: the doctor asks Telegram also while Redis is away.

    Raises:
        StoreUnavailableError: the store can't tell the migrations of former lives.
    """
    requests = AiohttpRequest(proxy=proxy)
    polls = PollRequest(timeouts=POLL_TIMEOUTS, proxy=proxy, pool_size=2)
    base = api_url.rstrip("/")
    bot = Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=requests,
        get_updates_request=polls,
    )
    async with requests, polls:
        yield await Gateway.opened(bot, store) if migrations is None else Gateway(bot, store, migrations)
