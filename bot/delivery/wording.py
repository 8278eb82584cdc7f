"""What was rendered, in the Bot API's terms. Pure."""

from dataclasses import replace
from html.parser import HTMLParser

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from bot.views.rendered import Button, Keyboard, Rendered

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""A preview of a dashboard's login page would bury the message."""


def keyboard(rows: Keyboard) -> InlineKeyboardMarkup | None:
    """Buttons under a message; None when there are none, which also takes away the ones that were there."""
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows]) if rows else None


def _button(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        button.label,
        callback_data=button.data,
        url=button.url,
        copy_text=CopyTextButton(button.copy) if button.copy is not None else None,
        # The argument exists since version 22.7 only; this way reaches Telegram from any version.
        api_kwargs={"style": button.style.value} if button.style is not None else None,
    )


def plain(rendered: Rendered) -> Rendered:
    """The same without tags, for a server that does not take them: it must then be sent without a parse mode."""
    reader = _TextOnly()
    reader.feed(rendered.text)
    reader.close()
    return replace(rendered, text="".join(reader.parts))


class _TextOnly(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
