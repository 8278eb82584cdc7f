"""Files that were sent, kept in memory, and what a picture's first bytes tell."""

import hashlib
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import bad_request

MAX_PHOTO_BYTES = 10 * 2**20
MAX_DOCUMENT_BYTES = 50 * 2**20
"""Bot API, Sending files: 10 MB for photos, 50 MB for other files."""
MAX_PHOTO_SIDES = 10_000
MAX_PHOTO_RATIO = 20
"""Bot API, sendPhoto: width and height together at most 10,000, their ratio at most 20."""


_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart request."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class File:
    """A file Telegram keeps. `width` and `height` are set for pictures, in pixels."""

    file_id: str
    unique_id: str
    name: str
    mime: str
    content: bytes
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        """Where the Bot API serves it, below `/file/bot<token>/`, and the web chat below `/files/`; safe in a URL."""
        return f"{self.unique_id}/{_UNSAFE.sub('_', self.name)}"

    def json(self) -> dict[str, Any]:
        """Bot API, File: the fields that every kind of file has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.content)}

    def photo_json(self) -> list[dict[str, Any]]:
        """Bot API, Message.photo: the one size that the sandbox keeps."""
        return [{**self.json(), "width": self.width, "height": self.height}]

    def document_json(self) -> dict[str, Any]:
        """Bot API, Document."""
        return {**self.json(), "file_name": self.name, "mime_type": self.mime}


class Files:
    """Every file by its id. The newest `keep` of them; older ones are forgotten, as the sandbox lives in memory."""

    def __init__(self, *, keep: int = 500) -> None:
        self._keep = keep
        self._by_id: dict[str, File] = {}

    def store(self, upload: Upload, *, photo: bool) -> File:
        """Keeps a file; a photo must be a picture of a permitted size.

        Raises:
            ApiError: it is empty, too big, or no picture.
        """
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > (MAX_PHOTO_BYTES if photo else MAX_DOCUMENT_BYTES):
            raise bad_request(f"file of size {len(upload.content)} bytes is too big")
        width, height = _checked_sides(upload.content) if photo else (0, 0)
        digest = hashlib.sha256(upload.content + upload.name.encode()).hexdigest()[:24]
        kind = "photo" if photo else "document"
        mime = _picture_mime(upload.content) if photo else upload.mime
        file = File(f"{kind}-{digest}", digest, upload.name or "file", mime, upload.content, width, height)
        self._by_id.pop(file.file_id, None)
        self._by_id[file.file_id] = file
        while len(self._by_id) > self._keep:
            del self._by_id[next(iter(self._by_id))]
        return file

    def get(self, file_id: str) -> File | None:
        """The file with this id, unless it was never there or is forgotten."""
        return self._by_id.get(file_id)

    def at_path(self, path: str) -> File | None:
        """The file served at this path."""
        return next((file for file in self if file.path == path), None)

    def __iter__(self) -> Iterator[File]:
        return iter(self._by_id.values())


def _checked_sides(content: bytes) -> tuple[int, int]:
    sides = picture_sides(content)
    if sides is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = sides
    if width + height > MAX_PHOTO_SIDES or max(sides) > MAX_PHOTO_RATIO * min(sides):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return sides


def _picture_mime(content: bytes) -> str:
    if content.startswith(b"\x89PNG"):
        return "image/png"
    return "image/gif" if content.startswith(b"GIF") else "image/jpeg"


def picture_sides(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, GIF or JPEG; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:  # noqa: PLR2004 - signature and IHDR
        width, height = struct.unpack(">II", content[16:24])
    elif content[:6] in {b"GIF87a", b"GIF89a"} and len(content) >= 10:  # noqa: PLR2004 - signature and screen size
        width, height = struct.unpack("<HH", content[6:10])
    elif content.startswith(b"\xff\xd8"):
        return _jpeg_sides(content)
    else:
        return None
    return (width, height) if width and height else None


def _jpeg_sides(content: bytes) -> tuple[int, int] | None:
    """Walks the segments of a JPEG to its frame header (ITU T.81, B.2.2)."""
    frame_headers = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - every marker starts with FF
        if content[at + 1] in frame_headers:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return (width, height) if width and height else None
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None
