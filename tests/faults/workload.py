"""Senders and people who go on whatever happens to the bot, and remember what they were told."""

import asyncio
import itertools
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.sandbox.driver import MessageView, PersonView
from tests.faults.lives import PATIENCE_S, ROLES, Lives
from tests.house import Fired

ON_CALL = {"critical": tuple(ROLES), "warning": ("anna",)}
"""Whom the built-in plan pages at once, with the test's roster, by the label `severity`."""
TAKEN = re.compile(r"You have (INC-\d+) now")


@dataclass
class Told:
    """What was acknowledged, and to whom: none of it may be lost."""

    alerts: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """By alert group: its incident and the label `severity`."""
    declared: dict[str, str] = field(default_factory=dict[str, str])
    """By title: the incident that the API declared."""
    presses: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    """Who pressed Ack under a page of which incident, and the toast."""
    notes: dict[str, str] = field(default_factory=dict[str, str])
    """By text: the incident whose note was answered."""
    commanded: list[str] = field(default_factory=list[str])
    """Titles of incidents that people declared, and were answered."""


class Workload:
    """Runs until told to stop, and then finishes what is under way."""

    def __init__(self, lives: Lives, chance: random.Random) -> None:
        self._lives = lives
        self._chance = chance
        self._stopping = asyncio.Event()
        self._numbers = itertools.count(1)
        self._pressed: set[tuple[str, int]] = set()
        self.told = Told()

    async def run(self) -> None:
        """Everybody at once."""
        async with asyncio.TaskGroup() as group:
            for act in (self._alert, self._alert, self._declare, self._command, self._note):
                group.create_task(self._again_and_again(act))
            for key in ROLES:
                group.create_task(self._answer_pages(self._lives.person(key)))

    def stop(self) -> None:
        """Nothing new is begun."""
        self._stopping.set()

    async def _again_and_again(self, act: Callable[[], Awaitable[None]]) -> None:
        while not await self._stops_within(self._chance.uniform(0.5, 2.5)):
            await act()

    async def _alert(self) -> None:
        number, severity = next(self._numbers), self._chance.choice(tuple(ON_CALL))
        group = f"group-{number}"
        fired = Fired(name=f"Alert{number}", severity=severity, summary=f"Alert {number}", group=group)
        answer = await self._lives.insist("/hooks/alertmanager", fired.body())
        self.told.alerts[group] = (answer["incidents"][0], severity)

    async def _declare(self) -> None:
        title = f"Declared {next(self._numbers)}"
        body = {"title": title, "severity": "SEV-4"}
        answer = await self._lives.insist("/api/incidents", body, **{"Idempotency-Key": title.replace(" ", "-")})
        self.told.declared[title] = answer["id"]

    async def _command(self) -> None:
        title = f"Seen {next(self._numbers)} times"
        await self._answer_to(self._lives.person("boris"), f"/incident {title}")
        self.told.commanded.append(title)

    async def _note(self) -> None:
        if self.told.alerts:
            incident, _ = self._chance.choice(tuple(self.told.alerts.values()))
            text = f"note {next(self._numbers)}"
            await self._answer_to(self._lives.person("clara"), f"/note {incident} {text}")
            self.told.notes[text] = incident

    async def _answer_to(self, person: PersonView, command: str) -> None:
        written = await person.send(person.private, command)

        def answers(view: MessageView) -> bool:
            return view.reply_to is not None and view.reply_to.id == written.id

        await person.private.wait_for(answers, timeout=PATIENCE_S)

    async def _answer_pages(self, person: PersonView) -> None:
        """Presses Ack under one page after the other, whether somebody else has it already or not."""
        while not self._stopping.is_set():
            page = self._unanswered_page(person)
            if page is None or await self._stops_within(self._chance.uniform(0.0, 0.2)):
                await self._stops_within(0.02)
                continue
            self._pressed.add((person.person.key, page.id))
            incident = incident_of(page)
            answer = await person.press(page, "Ack", timeout=PATIENCE_S)
            self.told.presses.append((person.person.key, incident, answer.text))

    def _unanswered_page(self, person: PersonView) -> MessageView | None:
        pages = [
            view
            for view in person.private.messages
            if view.has_button("Ack") and (person.person.key, view.id) not in self._pressed
        ]
        return self._chance.choice(pages) if pages else None

    async def _stops_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await self._stopping.wait()
        except TimeoutError:
            return False


def incident_of(view: MessageView) -> str:
    """The id that a message shows."""
    found = re.search(r"INC-\d+", view.text)
    assert found, view.text
    return found[0]
