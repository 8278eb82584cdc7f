"""What a message will look like, before anything knows that it goes to Telegram."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """The colour of a button, where the reader's app has it (Bot API, InlineKeyboardButton, `style`)."""

    DANGER = "danger"
    SUCCESS = "success"
    PRIMARY = "primary"


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message does exactly one thing: `data` is a press, `url` opens, `copy` goes to the clipboard.

    Raises:
        ValueError: it does nothing, or two things.
    """

    label: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    style: Style | None = None

    def __post_init__(self) -> None:
        if sum(deed is not None for deed in (self.data, self.url, self.copy)) != 1:
            raise ValueError(f"Button {self.label!r} must have exactly one of data, url and copy")


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message: text in Telegram's HTML, rows of buttons, at most one of `photo` and `document` (name, content).

    The text is the caption where there is a photo or a document. `silent`: arrives without a sound.
    """

    text: str
    buttons: Keyboard = ()
    photo: bytes | None = None
    photo_name: str = "chart.png"
    document: tuple[str, bytes] | None = None
    silent: bool = False

    @property
    def digest(self) -> str:
        """Two messages with the same digest look the same to the reader."""
        content = hashlib.sha256()
        rows = [[(b.label, b.data, b.url, b.copy, b.style) for b in row] for row in self.buttons]
        name = self.document[0] if self.document else None
        content.update(json.dumps([self.text, rows, name], ensure_ascii=False).encode())
        content.update(self.photo or b"")
        content.update(self.document[1] if self.document else b"")
        return content.hexdigest()[:24]
