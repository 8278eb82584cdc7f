"""What a bot's call says: into which chat, in reply to what, with which text."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.entities import Entity, EntityType, Formatted, cleaned, utf16_length
from bot.sandbox.errors import ApiError, bad_request, forbidden
from bot.sandbox.limits import FloodControl
from bot.sandbox.links import checked_link
from bot.sandbox.markup import DATE_TIME_FORMAT, MarkupError, parse_html
from bot.sandbox.messages import Message
from bot.sandbox.params import Params, as_array, as_object
from bot.sandbox.people import Bot, BotRole, Chat, Person
from bot.sandbox.world import World

MAX_TEXT_UNITS = 4096
MAX_CAPTION_UNITS = 1024
"""Bot API, sendMessage and sendPhoto: 4096 and 1024 characters after entities parsing."""
MAX_SOURCE_BYTES = 1 << 15
"""Telegram's own Bot API server refuses more than this before it parses (seen in its behaviour)."""
UNMARKABLE = frozenset({EntityType.MENTION, EntityType.HASHTAG, EntityType.BOT_COMMAND, EntityType.URL})
"""Entities that Telegram finds by itself and takes from nobody."""


@dataclass(slots=True)
class Request:
    """A call of one bot's method, with what it needs to be carried out."""

    world: World
    flood: FloodControl
    bot: Bot
    params: Params

    def count_message(self, chat: Chat) -> None:
        """Counts one message or edit against the flood limits; 429 when they are exceeded."""
        self.flood.take(self.bot.id, chat, self.world.now())


def readable_chat(request: Request) -> Chat:
    """The chat of `chat_id`, for methods that only look.

    Raises:
        ApiError: there is none that the bot has met: a person who neither pressed Start nor wrote in a group is none.
    """
    chat = _find_chat(request)
    if chat.person is not None and not chat.person.started and not _met_in_a_group(request.world, chat.person):
        raise bad_request("chat not found")
    return chat


def _met_in_a_group(world: World, person: Person) -> bool:
    """Whether a bot has read something of theirs; it then sees their chat, and may not write there for all that."""
    groups = (chat for chat in world.chats.values() if not chat.is_private)
    return any(m.sender is person and not m.anonymous for chat in groups for m in chat.messages.values())


def writable_chat(request: Request) -> Chat:
    """The chat of `chat_id`, for methods that write.

    Raises:
        ApiError: it is gone, moved, or the bot may not write there.
    """
    chat = _find_chat(request)
    if chat.migrated_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.migrated_to,
        )
    if chat.person is not None and not chat.person.started:
        raise forbidden("bot can't initiate conversation with a user")
    if chat.person is not None and chat.person.blocked:
        raise forbidden("bot was blocked by the user")
    return chat


def _find_chat(request: Request) -> Chat:
    chat_id = request.params.text("chat_id")
    if not chat_id:
        raise bad_request("chat_id is empty")
    number = chat_id.removeprefix("-")
    chat = request.world.chats.get(int(chat_id)) if number.isdecimal() else None
    if chat is None:
        raise bad_request("chat not found")
    _check_membership(chat)
    return chat


def _check_membership(chat: Chat) -> None:
    if chat.bot_role is BotRole.KICKED:
        raise forbidden(f"bot was kicked from the {chat.kind.value} chat")
    if chat.bot_role is BotRole.LEFT:
        raise forbidden(f"bot is not a member of the {chat.kind.value} chat")


def read_message(request: Request, chat: Chat, purpose: str) -> Message:
    """The message of `message_id`; `purpose` names it in the error ("message to edit").

    Raises:
        ApiError: no id, or no such message.
    """
    message_id = request.params.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(f"{purpose} not found")
    return message


def read_reply(request: Request, chat: Chat) -> Message | None:
    """The message that `reply_parameters` (or the older `reply_to_message_id`) names.

    Raises:
        ApiError: it is gone, and the call does not allow sending without a reply.
    """
    value = request.params.parsed("reply_parameters", "reply parameters")
    if value is None:
        message_id = request.params.integer("reply_to_message_id")
        lenient = request.params.flag("allow_sending_without_reply")
    else:
        parameters = as_object(value)
        if parameters is None:
            raise bad_request("object expected as reply parameters")
        message_id = int(parameters.get("message_id") or 0)
        lenient = bool(parameters.get("allow_sending_without_reply"))
    if not message_id:
        return None
    answered = chat.messages.get(message_id)
    if answered is None and not lenient:
        raise bad_request("message to be replied not found")
    return answered


def read_thread(request: Request, chat: Chat) -> int | None:
    """The forum topic of `message_thread_id`; Telegram ignores it where there are no topics.

    Raises:
        ApiError: no such topic.
    """
    thread_id = request.params.integer("message_thread_id")
    if not thread_id or not chat.forum:
        return None
    if thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return thread_id


def read_text(request: Request) -> Formatted:
    """`text` with its entities, cleaned as Telegram cleans it.

    Raises:
        ApiError: it is empty, too long, or can't be parsed.
    """
    source = request.params.text("text")
    if not source:
        raise bad_request("message text is empty")
    body = read_formatted(source, request.params.text("parse_mode"), request.params, "entities")
    if not body.text:
        raise bad_request("text must be non-empty")
    if body.length > MAX_TEXT_UNITS:
        raise bad_request("message is too long")
    return body


def read_caption(params: Params) -> Formatted:
    """`caption` with its entities; may be empty.

    Raises:
        ApiError: it is too long or can't be parsed.
    """
    source = params.text("caption")
    body = read_formatted(source, params.text("parse_mode"), params, "caption_entities") if source else Formatted()
    if body.length > MAX_CAPTION_UNITS:
        raise bad_request("message caption is too long")
    return body


def read_formatted(source: str, parse_mode: str, params: Params, entities: str) -> Formatted:
    """A text in a parse mode, or with the entities of the parameter of that name."""
    if len(source) * 4 > MAX_SOURCE_BYTES and len(source.encode()) > MAX_SOURCE_BYTES:
        raise bad_request("text is too long")
    mode = parse_mode.lower()
    if mode in {"", "none"}:
        given = as_array(params.parsed(entities, "entities"))
        found = [] if given is None else [_entity(one, source) for one in given]
        return cleaned(Formatted(source, tuple(entity for entity in found if entity is not None)))
    if mode != "html":
        raise bad_request("unsupported parse_mode")
    try:
        return cleaned(parse_html(source))
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from None


def _entity(value: Any, text: str) -> Entity | None:
    source = as_object(value)
    if source is None:
        raise _broken_entity("expected an Object")
    try:
        kind = EntityType(str(source.get("type")))
    except ValueError:
        raise _broken_entity("Unsupported type specified") from None
    offset, length = source.get("offset"), source.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise _broken_entity('Field "offset" and "length" must be of type Number')
    if kind in UNMARKABLE:
        return None
    _check_bounds(offset, length, text)
    return _with_details(kind, offset, length, source)


def _check_bounds(offset: int, length: int, text: str) -> None:
    units = utf16_length(text)
    if offset < 0 or offset > units:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if length < 0 or offset + length > units:
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset "
            f"{offset + length}"
        )
    if units != len(text) and not {offset, offset + length} <= _letter_starts(text):
        raise bad_request(f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol")


def _letter_starts(text: str) -> set[int]:
    starts = {0}
    at = 0
    for letter in text:
        at += utf16_length(letter)
        starts.add(at)
    return starts


def _with_details(kind: EntityType, offset: int, length: int, source: dict[str, Any]) -> Entity | None:
    match kind:
        case EntityType.TEXT_LINK:
            link = checked_link(str(source.get("url", "")))
            return None if link is None else Entity(kind, offset, length, url=link)
        case EntityType.PRE:
            return Entity(kind, offset, length, language=source.get("language") or None)
        case EntityType.TEXT_MENTION:
            user = as_object(source.get("user")) or {}
            return Entity(kind, offset, length, user_id=user.get("id"))
        case EntityType.CUSTOM_EMOJI:
            return Entity(kind, offset, length, custom_emoji_id=str(source.get("custom_emoji_id")))
        case EntityType.DATE_TIME:
            return _date_time(offset, length, source)
        case _:
            return Entity(kind, offset, length)


def _date_time(offset: int, length: int, source: dict[str, Any]) -> Entity:
    moment, shape = source.get("unix_time"), source.get("date_time_format") or ""
    if not isinstance(moment, int):
        raise _broken_entity('Can\'t find field "unix_time"')
    if not isinstance(shape, str) or not DATE_TIME_FORMAT.match(shape):
        raise _broken_entity("Invalid date-time format specified")
    return Entity(EntityType.DATE_TIME, offset, length, unix_time=moment, date_time_format=shape)


def _broken_entity(reason: str) -> ApiError:
    return bad_request(f"can't parse MessageEntity: {reason}")
