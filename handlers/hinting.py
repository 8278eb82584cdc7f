"""What nobody can act on: something written to the bot alone that is no command and answers nothing of an incident."""

from telegram import Message

from bot.domain.incident import Status
from bot.views import about
from bot.views.rendered import Rendered
from handlers.askers import Asker
from handlers.room import Room


async def hint(room: Room, asker: Asker, message: Message) -> Rendered | None:
    """How to say it, for somebody of the team who wrote in private; None where a hint would disturb.

    People talk to each other in the responders chat, a stranger can do nothing here, a bot is nobody of the team, and
    what Telegram itself notes in a chat (a pin, a timer) was written by nobody.
    """
    if not asker.private or not asker.on_team or not _is_said(message):
        return None
    open_ones = await room.desk.open_incidents()
    to_take = open_ones[0] if len(open_ones) == 1 and open_ones[0].status is Status.UNANSWERED else None
    return about.no_command(asker.words, to_take)


def _is_said(message: Message) -> bool:
    """Whether it has something that a person sent: words, a picture, a sticker or a voice."""
    return bool(message.text or message.effective_attachment)
