"""A storm: many incidents at once, under Telegram's own limits, and one press for all of a service."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from pydantic import SecretStr

from bot.delivery.budgets import Budgets
from bot.delivery.flight import Pace
from bot.domain.service_groups import ServiceGroup
from bot.sandbox.driver import ChatView, MessageView
from bot.sandbox.limits import Limits
from bot.sandbox.world import World
from tests.delivery.moving_time import MovingTime
from tests.flows.test_people import TEAM_ONLY, a_stranger
from tests.house import Fired, House

Wanted = str | Callable[[MessageView], bool]
SEARCH, CATALOG = 30, 8
SECRET = "a-webhook-secret"  # noqa: S105 - opens nothing
HEADER = "X-Telegram-Bot-Api-Secret-Token"
MILESTONE = 10
STEP_S = 0.5
STEPS = 400
"""200 seconds of Telegram's time: more than any of these messages waits for its chat."""
LOOKS = 10
"""Round trips to Redis: more than what a step lets go takes to be sent."""


class Storm:
    """A house in a storm. Telegram's time, which its limits count in, stands until the test moves it."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.time = MovingTime()
        self.house = House(folder, world=World.demo(now=self.time.now), **settings)
        self.house.sandbox.flood.limits = Limits()
        self.house.pace = Pace(budgets=Budgets(), real_time=self.time)

    async def breaks_out(self, *, search: int = SEARCH, catalog: int = CATALOG, name: str = "search") -> MessageView:
        """So many incidents of two services, and the summary that stands for their cards."""
        await self.raise_alerts(name, search)
        await self.raise_alerts("catalog", catalog)
        total = f"{search + catalog} SEV-3 incidents"
        return await self.comes(lambda message: total in message.text and bool(message.buttons))

    async def raise_alerts(self, service: str, number: int) -> None:
        """So many incidents of a service."""
        for n in range(number):
            alert = Fired(
                name=f"Slow{n}", severity="warning", service=service, summary=f"{service} {n}", group=f"{service}{n}"
            )
            status, answer = await self.house.post("/hooks/alertmanager", alert.body())
            assert status == 200, answer

    async def comes(self, wanted: Wanted, *, after: MessageView | None = None) -> MessageView:
        """A message of the group, as soon as Telegram's limits let it through."""
        return await self.says(self.house.responders, wanted, after=after)

    async def says(self, chat: ChatView, wanted: Wanted, *, after: MessageView | None = None) -> MessageView:
        """The same in any chat."""
        for _ in range(STEPS):
            found = chat.find(wanted, after=after)
            if found is not None:
                return found
            await self.time.advance(STEP_S)
            for _ in range(LOOKS):
                await self.house.bot.store.health()
        return await chat.wait_for(wanted, after=after)

    async def open_ones(self) -> list[dict[str, Any]]:
        """What the API tells of the open incidents."""
        status, answer = await self.house.get("/api/incidents?status=open")
        assert status == 200
        return answer["incidents"]

    async def holders(self) -> dict[str | None, int]:
        """Who has how many of the open incidents."""
        return Counter(incident["holder"] and str(incident["holder"]["id"]) for incident in await self.open_ones())

    async def becomes(self, holders: dict[str | None, int]) -> None:
        """Wait until the open incidents are held so."""

        async def so() -> bool:
            return await self.holders() == holders

        await self.house.until(so)

    async def are_merged(self, last: int) -> None:
        """Wait until the incidents up to this one are a part of the first; a few at a time, however slow each is."""
        for number in (*range(2, last, MILESTONE), last):

            async def so(number: int = number) -> bool:
                return (await self.house.incident(f"INC-{number}"))["status"] == "merged"

            await self.house.until(so)

    def refused_by_telegram(self) -> list[int]:
        """Every 429 there was."""
        return [call.status for call in self.house.sandbox.journal if call.status == 429]


@pytest.fixture
async def storm(tmp_path: Path) -> AsyncIterator[Storm]:
    """A house that a storm will come over."""
    built = Storm(tmp_path)
    async with built.house:
        yield built


async def test_one_press_takes_all_of_a_service(storm: Storm) -> None:
    """It is answered at once, done for each, told to the team, and seen on the summary and on everybody's page."""
    summary = await storm.breaks_out()
    assert "nobody has 38 of them yet" in summary.text
    assert "By service: search 30, catalog 8" in summary.text
    cards = len(storm.house.responders.messages)
    assert (await storm.house.person("anna").press(summary, "Ack all of search")).text == (
        "Acknowledging 30 incidents of search…"
    )
    await storm.becomes({"anna": SEARCH, None: CATALOG})
    told = await storm.comes("Anna has 30 incidents of search")
    assert told.reply_to is not None
    assert told.reply_to.id == summary.id
    shown = await storm.comes("nobody has 8 of them yet")
    assert shown.id == summary.id
    assert shown.buttons[-2:] == ["Ack all of catalog", "Merge search into one"]
    # The cards of what was taken wait their turn as before: nobody turned to any of them.
    assert len(storm.house.responders.messages) <= cards + 3
    assert storm.refused_by_telegram() == []


async def test_the_pages_show_who_took_them(storm: Storm) -> None:
    """Everybody who was paged sees on the page itself who has it."""
    summary = await storm.breaks_out(search=16, catalog=0)
    page = await storm.says(storm.house.person("anna").private, "INC-7 ·")
    await storm.house.person("boris").press(summary, "Ack all of search")
    await storm.becomes({"boris": 16})
    seen = await storm.says(
        storm.house.person("anna").private, lambda message: "INC-7 ·" in message.text and "Boris has it" in message.text
    )
    assert seen.id == page.id


async def test_a_press_that_is_repeated_says_who_has_them(storm: Storm) -> None:
    """Whoever took them, and whoever comes late, reads who has how many; nothing changes a second time."""
    summary = await storm.breaks_out(catalog=0)
    await storm.house.person("anna").press(summary, "Ack all of search")
    await storm.becomes({"anna": SEARCH})
    await storm.comes("Anna has 30 incidents of search")
    before = await storm.house.kinds("INC-3")
    again = await storm.house.person("anna").press(summary, "Ack all of search")
    late = await storm.house.person("boris").press(summary, "Ack all of search")
    assert again.text == "You have 30 incidents of search"
    assert late.text == "Anna has 30 incidents of search"
    assert await storm.house.kinds("INC-3") == before


async def test_two_press_at_once(storm: Storm) -> None:
    """Each incident is acknowledged by one of them, once; both are answered."""
    summary = await storm.breaks_out(catalog=0)
    answers = await asyncio.gather(
        *(storm.house.person(key).press(summary, "Ack all of search") for key in ("anna", "boris"))
    )
    assert all(answer.text for answer in answers)

    async def all_taken() -> bool:
        return None not in await storm.holders()

    await storm.house.until(all_taken)
    for number in range(1, SEARCH + 1):
        assert Counter(await storm.house.kinds(f"INC-{number}"))["acknowledged"] == 1


async def test_only_the_team_may(storm: Storm) -> None:
    """A stranger is refused each of the presses, also with data they made up."""
    summary = await storm.breaks_out(catalog=0)
    mallory = a_stranger(storm.house)
    key = ServiceGroup("search", drill=False, incidents=()).key
    for word in ("Ack all of search", "Merge search into one"):
        assert TEAM_ONLY in (await mallory.press(summary, word)).text
    for data in (f"1:one!:{key}:INC-1:INC-1:INC-30", "1:apart"):
        assert TEAM_ONLY in (await mallory.press_raw(summary, data)).text
    assert await storm.holders() == {None: SEARCH}


async def test_a_button_of_what_is_over(storm: Storm) -> None:
    """The incidents of a service have ended: the press says so, and the summary shows what is open."""
    summary = await storm.breaks_out(search=16, catalog=3)
    key = ServiceGroup("gone", drill=False, incidents=()).key
    pressed = await storm.house.person("anna").press_raw(summary, f"1:acks:{key}:INC-1:INC-19")
    assert pressed.text == "Those incidents are over. Nothing was changed."
    nobody_saw = ServiceGroup("search", drill=False, incidents=()).key
    pressed = await storm.house.person("anna").press_raw(summary, f"1:acks:{nobody_saw}:INC-900:INC-999")
    assert pressed.text == "Those incidents are over. Nothing was changed."
    assert await storm.holders() == {None: 19}


async def test_merging_asks_first(storm: Storm) -> None:
    """Merge asks, Cancel leaves everything, Confirm makes them one: the worst, then oldest takes the others in."""
    summary = await storm.breaks_out()
    anna = storm.house.person("anna")
    assert (await anna.press(summary, "Merge search into one")).text == ""
    question = await storm.comes("Make 30 incidents of search one?")
    assert "INC-1 search 0" in question.text
    assert (await anna.press(question, "Cancel")).text == "Nothing was merged"
    await storm.comes(lambda message: message.id == question.id and not message.buttons)
    assert len(await storm.open_ones()) == SEARCH + CATALOG

    await anna.press(summary, "Merge search into one")
    question = await storm.comes("Make 30 incidents of search one?")
    assert (await anna.press(question, "Confirm")).text == "Merging 30 incidents of search…"
    await storm.are_merged(SEARCH)
    told = await storm.comes("30 incidents of search are one now: INC-1")
    assert told.id == question.id
    assert len((await storm.house.incident("INC-1"))["alerts"]) == SEARCH
    assert Counter(await storm.house.kinds("INC-1"))["absorbed"] == SEARCH - 1
    shown = await storm.comes(lambda message: message.id == summary.id and "9 SEV-3 incidents" in message.text)
    assert "By service: catalog 8, search 1" in shown.text
    # It is said once: the thread does not hear it of each.
    assert not storm.house.responders.find("merged into INC-1")
    assert storm.refused_by_telegram() == []
    again = await anna.press_raw(question, question.button("Confirm").data or "")
    assert again.text == "search is one already: INC-1"


async def test_a_question_that_is_out_of_date(storm: Storm) -> None:
    """Another incident is the worst by now: nothing is merged into one that nobody was asked about."""
    summary = await storm.breaks_out(catalog=0)
    await storm.house.person("anna").press(summary, "Merge search into one")
    question = await storm.comes("Make 30 incidents of search one?")
    boris = storm.house.person("boris")
    await boris.send(boris.private, "/sev INC-20 1")

    async def graver() -> bool:
        return (await storm.house.incident("INC-20"))["severity"] == "SEV-1"

    await storm.house.until(graver)
    pressed = await storm.house.person("anna").press(question, "Confirm")
    assert pressed.text.startswith("They have changed since you were asked")
    assert len(await storm.open_ones()) == SEARCH


async def test_a_hostile_name(storm: Storm) -> None:
    """A service may be called anything: the button fits, and means that service alone."""
    hostile = "<b>search</b>:INC-1:\u202e" + "x" * 90
    summary = await storm.breaks_out(search=16, catalog=3, name=hostile)
    label = next(label for label in summary.buttons if label.startswith("Ack all of <b>"))
    assert "Acknowledging 16 incidents of <b>search" in (await storm.house.person("anna").press(summary, label)).text
    await storm.becomes({"anna": 16, None: 3})


async def test_a_hundred_and_more(storm: Storm) -> None:
    """However many there are: the press is answered, each is done, and what came of it is told."""
    summary = await storm.breaks_out(search=110, catalog=0)
    assert "110" in (await storm.house.person("anna").press(summary, "Ack all of search")).text
    await storm.becomes({"anna": 110})
    await storm.comes("Anna has 110 incidents of search")
    await storm.house.person("boris").press(summary, "Merge search into one")
    question = await storm.comes("Make 110 incidents of search one?")
    await storm.house.person("boris").press(question, "Confirm")
    await storm.are_merged(110)
    await storm.comes("110 incidents of search are one now: INC-1")


async def test_a_press_that_telegram_sends_again(tmp_path: Path) -> None:
    """The bot stops in the middle of it: the same press, sent again, does the rest, and nothing a second time."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    settings: dict[str, Any] = {"http_port": port, "public_url": f"http://127.0.0.1:{port}"}
    hook: dict[str, Any] = {"telegram_mode": "webhook", "telegram_webhook_secret": SecretStr(SECRET)}
    storm = Storm(tmp_path, **settings, **hook)
    async with storm.house as house:
        summary = await storm.breaks_out(catalog=0)
        chat = {"id": summary.message.chat.id, "type": "supergroup", "title": "Incidents"}
        query = {
            "id": "1",
            "from": {"id": 1001, "is_bot": False, "first_name": "Anna"},
            "message": {"message_id": summary.id, "date": 0, "chat": chat},
            "chat_instance": "1",
            "data": summary.button("Ack all of search").data,
        }

        async def sent() -> int:
            update = {"update_id": 7_000, "callback_query": query}
            status, _ = await house.post("/hooks/telegram", update, **{HEADER: SECRET})
            return status

        assert await sent() == 200
        await house.stop_bot()
        await house.start_bot()
        assert await sent() == 200
        await storm.becomes({"anna": SEARCH})
        assert await sent() == 200
        for number in range(1, SEARCH + 1):
            assert Counter(await house.kinds(f"INC-{number}"))["acknowledged"] == 1
