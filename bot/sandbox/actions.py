"""What people do in Telegram: write, press, start, block, forward; and what befalls a group.

Each act raises NotAllowedError where Telegram's apps would not let it happen.
"""

from dataclasses import replace
from typing import Any

from bot.sandbox.entities import EntityType, Formatted, cleaned
from bot.sandbox.errors import NotAllowedError
from bot.sandbox.events import ChatChanged, PersonChanged
from bot.sandbox.files import Upload
from bot.sandbox.messages import Message
from bot.sandbox.people import Bot, BotRole, Chat, ChatKind, Person
from bot.sandbox.world import CallbackQuery, Draft, World

MAX_TEXT_UNITS = 4096


def say(
    world: World,
    person: Person,
    chat: Chat,
    text: str,
    *,
    reply_to: int | None = None,
    anonymous: bool = False,
) -> Message:
    """A person writes; commands in the text become entities. `anonymous`: as an admin who hides behind the group."""
    _check_present(person, chat)
    if anonymous and (chat.is_private or person.id not in chat.admins):
        raise NotAllowedError(f"{person.name} is no admin of {chat.title}, and only admins can be anonymous")
    body = _checked_body(text)
    answered = chat.messages.get(reply_to) if reply_to is not None else None
    if reply_to is not None and answered is None:
        raise NotAllowedError("the message to answer is gone")
    if chat.is_private and not person.started:
        _become_started(world, person)
    message = world.post(chat, Draft(person, body, reply_to=answered, anonymous=anonymous))
    deliver(world, message)
    return message


def rewrite(world: World, person: Person, message: Message, text: str) -> Message:
    """A person corrects a message of theirs."""
    current = message.chat.messages.get(message.message_id)
    if current is None or current.sender is not person:
        raise NotAllowedError(f"{person.name} can only edit messages of their own")
    edited = replace(current, body=_checked_body(text), edited=world.unix_now())
    world.replace(edited)
    deliver(world, edited, "edited_message")
    return edited


def send_file(world: World, person: Person, chat: Chat, upload: Upload, *, caption: str = "") -> Message:
    """A person sends a document."""
    _check_present(person, chat)
    file = world.files.store(upload, photo=False)
    message = world.post(chat, Draft(person, cleaned(Formatted(caption)), document=file))
    deliver(world, message)
    return message


def start(world: World, person: Person) -> Message:
    """A person opens the bot and presses Start: an unblock, if need be, and `/start`."""
    if person.blocked:
        block(world, person, blocked=False)
    return say(world, person, world.chats[person.id], "/start")


def block(world: World, person: Person, *, blocked: bool) -> None:
    """A person blocks the bot in the private chat, or takes it back."""
    if person.blocked == blocked:
        return
    person.blocked = blocked
    old, new = ("member", "kicked") if blocked else ("kicked", "member")
    _tell_bot_role(world, world.chats[person.id], person, old, new)
    world.publish(PersonChanged(person))


def press(world: World, person: Person, message: Message, data: str) -> CallbackQuery:
    """A person presses a button with this data. Any data goes, as any Telegram client could forge it.

    A message that was deleted meanwhile reaches the bot as inaccessible (Bot API, InaccessibleMessage).
    """
    chat = message.chat
    _check_present(person, chat)
    query = world.new_query(person, message, data)
    current = chat.messages.get(message.message_id)
    inaccessible = {"chat": chat.json(), "message_id": message.message_id, "date": 0}
    payload: dict[str, Any] = {
        "id": query.id,
        "from": person.json(),
        "message": inaccessible if current is None else world.json(current),
        "chat_instance": str(chat.id),
        "data": data,
    }
    world.tell_bots("callback_query", payload, chat)
    return query


def forward(world: World, person: Person, message: Message, chat: Chat) -> Message:
    """A person forwards a message, buttons and all, into another chat."""
    _check_present(person, message.chat)
    _check_present(person, chat)
    draft = Draft(
        person,
        message.body,
        photo=message.photo,
        document=message.document,
        keyboard=message.keyboard,
        forwarded=message.forwarded or message,
    )
    copy = world.post(chat, draft)
    deliver(world, copy)
    return copy


def set_bot_role(world: World, chat: Chat, role: BotRole) -> None:
    """The group's owner makes the bot an admin or a member again, or removes it."""
    old, chat.bot_role = chat.bot_role, role
    owner = next(iter(chat.members.values()))
    _tell_bot_role(world, chat, owner, old.value, role.value)
    world.publish(ChatChanged(chat))


def upgrade_to_supergroup(world: World, chat: Chat, new_id: int) -> Chat:
    """A group becomes a supergroup with a new id; the old one takes no messages any more."""
    if chat.kind is not ChatKind.GROUP or chat.migrated_to is not None:
        raise NotAllowedError(f"{chat.title} is no group that could become a supergroup")
    new = world.add_group(new_id, chat.title, chat.members.values(), bot_role=chat.bot_role)
    new.admins.update(chat.admins)
    owner = next(iter(chat.members.values()))
    left = world.post(chat, Draft(owner, service=("migrate_to_chat_id", new_id)))
    chat.migrated_to = new_id
    world.tell_bots("message", world.json(left), chat)
    entered = world.post(new, Draft(owner, service=("migrate_from_chat_id", chat.id)))
    world.tell_bots("message", world.json(entered), new)
    world.publish(ChatChanged(chat))
    return new


def deliver(world: World, message: Message, kind: str = "message") -> None:
    """Gives a person's message to the bots that may read it."""
    payload = world.json(message)
    for bot in world.bots.values():
        if _reads(bot, message):
            bot.inbox.put(kind, payload, chat_id=message.chat.id)


def _reads(bot: Bot, message: Message) -> bool:
    """Privacy mode: a bot that is no admin reads commands for it, mentions of it and replies to it alone."""
    chat = message.chat
    if chat.is_private:
        return True
    if chat.bot_role in {BotRole.LEFT, BotRole.KICKED}:
        return False
    if chat.bot_role is BotRole.ADMINISTRATOR or bot.reads_all:
        return True
    if message.reply_to is not None and message.reply_to.sender is bot:
        return True
    text = message.body.text
    if f"@{bot.username}" in text:
        return True
    return any(
        entity.type is EntityType.BOT_COMMAND and entity.offset == 0 and "@" not in text[: entity.length]
        for entity in message.body.entities
    )


def _checked_body(text: str) -> Formatted:
    body = cleaned(Formatted(text))
    if not body.text:
        raise NotAllowedError("an empty message can't be sent")
    if body.length > MAX_TEXT_UNITS:
        raise NotAllowedError(f"a message has at most {MAX_TEXT_UNITS} characters")
    return body


def _check_present(person: Person, chat: Chat) -> None:
    if chat.migrated_to is not None:
        raise NotAllowedError(f"{chat.title} has become a supergroup")
    if person.id not in chat.members:
        raise NotAllowedError(f"{person.name} is not in {chat.title}")
    if chat.is_private and person.blocked:
        raise NotAllowedError(f"{person.name} has blocked the bot")


def _become_started(world: World, person: Person) -> None:
    person.started = True
    world.publish(PersonChanged(person))


def _tell_bot_role(world: World, chat: Chat, actor: Person, old: str, new: str) -> None:
    for bot in world.bots.values():
        change = {
            "chat": chat.json(),
            "from": actor.json(),
            "date": world.unix_now(),
            "old_chat_member": bot_member(bot, old),
            "new_chat_member": bot_member(bot, new),
        }
        bot.inbox.put("my_chat_member", change, chat_id=chat.id)


def bot_member(bot: Bot, status: str) -> dict[str, Any]:
    """Bot API, ChatMember: the bot itself, with the fields its status asks for."""
    member: dict[str, Any] = {"user": bot.json(), "status": status}
    if status == "kicked":
        member["until_date"] = 0
    elif status == "administrator":
        member.update(ADMIN_RIGHTS)
    return member


ADMIN_RIGHTS = {
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": False,
    "can_restrict_members": False,
    "can_promote_members": False,
    "can_change_info": False,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_pin_messages": True,
    "can_manage_topics": True,
}
"""Bot API, ChatMemberAdministrator: what an admin of a sandbox group may do."""
