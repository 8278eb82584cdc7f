"""Files and what a picture's first bytes tell."""

import struct
from typing import Any

import aiohttp
import pytest

from bot.sandbox.driver import Driver
from bot.sandbox.files import Files, Upload, picture_sides
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import DEMO_TOKEN
from tests.sandbox.conftest import RESPONDERS, Caller

JPEG = (
    b"\xff\xd8\xff\xe0" + struct.pack(">H", 4) + b"ab" + b"\xff\xc0" + struct.pack(">HBHH", 11, 8, 30, 40) + b"\x01" * 4
)
GIF = b"GIF89a" + struct.pack("<HH", 7, 5) + b"\x00" * 3


@pytest.mark.parametrize(
    ("content", "sides"),
    [(JPEG, (40, 30)), (GIF, (7, 5)), (b"\xff\xd8\xff\xd9", None), (b"GIF89a\0\0\0\0\0\0", None), (b"text", None)],
)
def test_sides_of_a_picture(content: bytes, sides: tuple[int, int] | None) -> None:
    """Width and height are read from JPEG and GIF; what is no picture has none."""
    assert picture_sides(content) == sides


def test_old_files_are_forgotten() -> None:
    """Only the newest files are kept."""
    files = Files(keep=1)
    first = files.store(Upload("a", "text/plain", b"1"), photo=False)
    second = files.store(Upload("b", "text/plain", b"2"), photo=False)
    assert (files.get(first.file_id), files.get(second.file_id)) == (None, second)


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendPhoto", {"photo": "https://e.org/x.png"}, "wrong file identifier/HTTP URL specified"),
        ("sendDocument", {"document": "nothing"}, "wrong file identifier/HTTP URL specified"),
        ("getFile", {}, "file_id not specified"),
        ("getFile", {"file_id": "nothing"}, "wrong file_id or the file is temporarily unavailable"),
        ("sendMediaGroup", {"media": []}, "there are no media to send"),
        ("sendMediaGroup", {"media": "no"}, "can't parse media JSON object"),
        ("editMessageMedia", {"message_id": 1}, "can't parse InputMedia: expected an Object"),
    ],
)
async def test_a_missing_file_is_refused(method: str, params: dict[str, Any], reason: str, call: Caller) -> None:
    """No file, an address the sandbox can't fetch, and an unknown id are refused."""
    assert (await call(method, chat_id=RESPONDERS, **params)).description == f"Bad Request: {reason}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file must be non-empty"),
        (GIF.replace(struct.pack("<HH", 7, 5), struct.pack("<HH", 210, 10)), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_a_wrong_photo_is_refused(
    content: bytes, reason: str, server: SandboxServer, http: aiohttp.ClientSession
) -> None:
    """An empty file and a picture of impossible sides are no photos."""
    form = aiohttp.FormData({"chat_id": str(RESPONDERS)})
    form.add_field("photo", content, filename="x.gif")
    async with http.post(f"{server.url}/bot{DEMO_TOKEN}/sendPhoto", data=form) as response:
        assert (await response.json())["description"] == f"Bad Request: {reason}"


async def test_the_web_chat_gets_files_safely(
    server: SandboxServer, http: aiohttp.ClientSession, driver: Driver
) -> None:
    """A document is only ever downloaded, whatever it claims to be; an unknown path is 404."""
    sent = await driver.person("anna").send_file("Incidents", Upload("a b/<x>.html", "text/html", b"<script>"))
    assert sent.document is not None
    async with http.get(f"{server.url}/files/{sent.document.path}") as response:
        assert await response.read() == b"<script>"
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"] == "attachment"
    for path in ("files/no/x", f"file/bot{DEMO_TOKEN}/no/x", f"file/bot2:no/{sent.document.path}"):
        async with http.get(f"{server.url}/{path}") as response:
            assert response.status == 404
