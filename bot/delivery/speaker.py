"""What an intent says and where, at the moment it is sent: the newest state wins; what is overtaken is not said."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from bot.delivery.picture_speaker import show_picture
from bot.delivery.relevance import still_true, still_wanted
from bot.delivery.rendering import Delivery, EditInPlace, EditMany, Messages, SendNew, Weight
from bot.delivery.slots import CARD_SLOT, PAGE_SLOT, THREAD_SLOT, slot_of
from bot.delivery.sources import Cases, Figures, Offering
from bot.delivery.team_speaker import TeamSpeaker
from bot.domain.drill import Score
from bot.domain.events import (
    Event,
    ResolutionOverdue,
    Resolved,
    UpdateOverdue,
)
from bot.domain.incident import Incident, PageRecord, Status
from bot.domain.intents import (
    Audience,
    Digest,
    DigestPicture,
    Intent,
    Page,
    Ping,
    RefreshCard,
    RefreshPages,
    RefreshTold,
    ShowPicture,
    TeamPing,
    TeamTell,
    Tell,
)
from bot.domain.paging import paged_off_duty
from bot.domain.presence_events import HolderAsked
from bot.domain.rules import Rules
from bot.domain.service_groups import in_storm
from bot.store.clock import Clock
from bot.store.records import MessageRef, Row
from bot.views.card import CardView, card
from bot.views.lists import Entry
from bot.views.page import PageView, card_address, page
from bot.views.rendered import Rendered
from bot.views.stakeholders import stakeholders
from bot.views.storm import storm
from bot.views.tell import ping, thread
from bot.views.tell_view import TellView
from bot.views.translations import Words, words_in, words_of


@dataclass(frozen=True, slots=True)
class _Case:
    rules: Rules
    incident: Incident


class Speaker:
    """Turns intents into deliveries."""

    def __init__(self, cases: Cases, clock: Clock, figures: Figures, offering: Offering) -> None:
        self._cases = cases
        self._clock = clock
        self._figures = figures
        self._offering = offering
        self._team = TeamSpeaker(cases, clock)

    def chat_of(self, intent: Intent) -> int | None:
        """The chat an intent goes to by the roster; None for several chats, or for somebody who left the roster."""
        roster = self._cases.current_rules().roster
        match intent:
            case Page() | Ping() | TeamPing():
                person = roster.people.get(intent.person)
                return person.telegram if person else None
            case RefreshPages() | ShowPicture() | DigestPicture():
                # A picture takes a while to draw: the chat goes on meanwhile.
                return None
            case Tell(audience=Audience.STAKEHOLDERS) | TeamTell(audience=Audience.STAKEHOLDERS):
                return (roster.chats.stakeholders or roster.chats.responders).id
            case Digest():
                return (roster.chats.stakeholders or roster.chats.responders).id
            case RefreshCard() | Tell() | RefreshTold() | TeamTell():
                return roster.chats.responders.id
            case _:
                assert_never(intent)

    async def render(self, intent: Intent, row: Row, messages: Messages) -> Delivery | None:
        """What to send now; None when it has become pointless."""
        if isinstance(intent, TeamTell | TeamPing | Digest | DigestPicture):
            return await self._team.render(intent)
        return await self._of_incident(intent, row, messages)

    async def _of_incident(  # noqa: C901, PLR0911 - one flat table of intents
        self,
        intent: Page | RefreshPages | RefreshCard | Tell | RefreshTold | ShowPicture | Ping,
        row: Row,
        read_messages: Messages,
    ) -> Delivery | None:
        messages, case = await asyncio.gather(read_messages(), self._case(intent.incident))
        if case is None:
            return None
        match intent:
            case Page():
                return await self._page(case, intent, row, messages)
            case RefreshPages():
                return self._pages(case, messages)
            case RefreshCard():
                return self._card(case, messages)
            case RefreshTold():
                return await self._told(case, intent, messages)
            case ShowPicture():
                if not self._offering(case.rules, case.incident).charts:
                    return None
                slot, words = THREAD_SLOT + f"{intent.number}", self._words_in_chat()
                return await show_picture(self._cases, intent, case.incident, case.rules, words, messages, slot)
            case Tell() | Ping():
                event = await self._cases.event(intent.incident, intent.number)
                if event is None or not still_true(case.rules, case.incident, event):
                    return None
                if isinstance(intent, Ping):
                    return self._ping(case, intent, event)
                score = await self._cases.score(case.incident) if isinstance(event, Resolved) else None
                return self._tell(case, intent, event, await self._cases.output(intent.incident, intent.number), score)
            case _:
                assert_never(intent)

    async def weigh(self, incidents: Sequence[str]) -> Mapping[str, Weight]:
        """The worst first; one that somebody has in hand doesn't wait in a storm, unless one press took many."""
        weights: dict[str, Weight] = {}
        for incident in await self._cases.incidents(tuple(incidents)):
            if incident.is_open:
                plan = (await self._cases.rules_of(incident)).plan
                # A drill gives way to everything that is real.
                rank = len(plan.severities) if incident.drill else plan.rank(incident.severity)
                answered = incident.status is not Status.UNANSWERED
                weights[incident.id] = Weight(rank, urgent=answered and not incident.taken_along, answered=answered)
        return weights

    async def render_storm(self, chat: int, incidents: Sequence[str], held: Sequence[str]) -> Rendered:
        """One summary of the incidents of a storm that are still open, and of those that came just before it."""
        del chat, held  # the summary is of all of them, in the one chat where cards go
        known, open_ones = await asyncio.gather(self._cases.incidents(tuple(incidents)), self._cases.open_incidents())
        now = self._clock.now()
        began = min((incident.declared_at for incident in known), default=now)
        shown = in_storm(open_ones, frozenset(incidents), began)
        entries = [Entry(await self._cases.rules_of(incident), incident) for incident in shown]
        return storm(self._words_in_chat(), entries, began, now)

    async def _case(self, incident_id: str) -> _Case | None:
        incident = await self._cases.incident(incident_id)
        return None if incident is None else _Case(await self._cases.rules_of(incident), incident)

    async def _page(self, case: _Case, intent: Page, row: Row, messages: Mapping[str, MessageRef]) -> Delivery | None:
        record = case.incident.pages.get(intent.person)
        if record is None or record.event != intent.number:
            return None
        if not still_wanted(case.rules, case.incident, intent, reached=PAGE_SLOT + intent.person in messages):
            return None
        if paged_off_duty(case.rules, case.incident, intent.person, self._clock.now()):
            await self._cases.hand_page_over(intent.incident, intent.person, intent.number)
            return None
        again = row.sending_since is not None
        return SendNew(
            chat=case.rules.roster.people[intent.person].telegram,
            rendered=self._page_for(case, intent.person, record, messages, again=again),
            slot=PAGE_SLOT + intent.person,
            replaces=messages.get(PAGE_SLOT + intent.person),
        )

    def _pages(self, case: _Case, messages: Mapping[str, MessageRef]) -> Delivery | None:
        edits = tuple(
            EditInPlace(
                message.chat,
                self._page_for(case, person, case.incident.pages[person], messages, again=False),
                message,
                slot,
                or_send=False,
            )
            for slot, message in messages.items()
            if slot.startswith(PAGE_SLOT)
            and (person := slot.removeprefix(PAGE_SLOT)) in case.incident.pages
            and person in case.rules.roster.people
        )
        return EditMany(edits) if edits else None

    def _page_for(
        self, case: _Case, person: str, record: PageRecord, messages: Mapping[str, MessageRef], *, again: bool
    ) -> Rendered:
        shown = messages.get(CARD_SLOT)
        return page(
            PageView(
                case.rules,
                case.incident,
                self._clock.now(),
                words_of(case.rules.roster.people[person]),
                person,
                record.cause,
                record.count,
                first_at=record.first_at if record.count > 1 or again else None,
                card_url=card_address(shown.chat, shown.message) if shown else None,
                readings=self._figures.measured(),
            )
        )

    def _card(self, case: _Case, messages: Mapping[str, MessageRef]) -> Delivery | None:
        shown = messages.get(CARD_SLOT)
        if shown is None and case.incident.status is Status.MERGED:
            return None
        rendered = card(
            CardView(
                case.rules,
                case.incident,
                self._clock.now(),
                self._words_in_chat(),
                readings=self._figures.measured(),
                capabilities=self._offering(case.rules, case.incident),
            )
        )
        if shown is None:
            return SendNew(case.rules.roster.chats.responders.id, rendered, slot=CARD_SLOT)
        return EditInPlace(shown.chat, rendered, shown, CARD_SLOT, or_send=case.incident.is_open)

    async def _told(self, case: _Case, intent: RefreshTold, messages: Mapping[str, MessageRef]) -> Delivery | None:
        """The message of the thread about an event, as it stands now. One that is not sent yet will be sent so."""
        event = await self._cases.event(intent.incident, intent.number)
        if event is None:
            return None
        slot = slot_of(event, f"{intent.number}")
        shown = messages.get(slot)
        if shown is None:
            return None
        output = await self._cases.output(intent.incident, intent.number)
        rendered = thread(self._view(case, event, self._words_in_chat(), intent.number, output))
        return EditInPlace(shown.chat, rendered, shown, slot, or_send=False)

    def _tell(self, case: _Case, intent: Tell, event: Event, output: str, score: Score | None) -> Delivery:
        chats = case.rules.roster.chats
        if intent.audience is Audience.STAKEHOLDERS:
            chat = chats.stakeholders or chats.responders
            words = words_in(chat, case.rules.plan.timezone)
            rendered = stakeholders(self._view(case, event, words, intent.number))
            return SendNew(chat.id, rendered, reply_to=None if chats.stakeholders else CARD_SLOT)
        rendered = thread(replace(self._view(case, event, self._words_in_chat(), intent.number, output), score=score))
        chat = chats.responders.id
        reply_to = CARD_SLOT if intent.answers is None else MessageRef(chat, intent.answers)
        return SendNew(chat, rendered, slot=slot_of(event, f"{intent.number}"), reply_to=reply_to)

    def _ping(self, case: _Case, intent: Ping, event: Event) -> Delivery | None:
        person = case.rules.roster.people.get(intent.person)
        of_the_holder = isinstance(event, UpdateOverdue | ResolutionOverdue | HolderAsked)
        if person is None or (of_the_holder and case.incident.holder != intent.person):
            return None
        rendered = ping(self._view(case, event, words_of(person), intent.number))
        return SendNew(person.telegram, rendered, slot=slot_of(event, f"{intent.number}:{intent.person}"))

    def _view(self, case: _Case, event: Event, words: Words, number: int, output: str = "") -> TellView:
        return TellView(
            case.rules,
            case.incident,
            event,
            self._clock.now(),
            words,
            number,
            output,
            self._figures.measured(),
            self._offering(case.rules, case.incident),
        )

    def _words_in_chat(self) -> Words:
        rules = self._cases.current_rules()
        return words_in(rules.roster.chats.responders, rules.plan.timezone)
