"""What an intent says and where, at the moment it is sent: the newest state wins; what is overtaken is not said."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, assert_never

from bot.delivery.picture_speaker import PictureCases, show_picture
from bot.delivery.rendering import CARD_SLOT, Delivery, EditInPlace, EditMany, Messages, SendNew, Weight
from bot.delivery.team_speaker import TeamCases, TeamSpeaker
from bot.domain import review_telling
from bot.domain.chasing_events import UpdateEscalated
from bot.domain.crew_events import RoleGiven
from bot.domain.draft_events import DraftOffered
from bot.domain.drill import Score
from bot.domain.events import (
    AlertsChanged,
    Event,
    PageCause,
    ResolutionOverdue,
    Resolved,
    ResponseOverdue,
    UpdateOverdue,
    UpdateReminded,
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
from bot.domain.presence_events import HolderAsked, HolderSilent
from bot.domain.rules import Rules
from bot.store.clock import Clock
from bot.store.records import MessageRef, Row
from bot.views.acting import waiting_for
from bot.views.card import CardView, card
from bot.views.damage import Reading
from bot.views.keyboard import Capabilities
from bot.views.lists import Entry
from bot.views.page import PageView, card_address, page, wants_answer
from bot.views.rendered import Rendered
from bot.views.stakeholders import stakeholders
from bot.views.storm import storm
from bot.views.tell import ping, thread
from bot.views.tell_view import TellView
from bot.views.translations import Words, words_in, words_of

PAGE_SLOT = "page:"
"""Followed by the person: the newest page that person has of the incident."""
UPDATE_SLOT = "update:"
"""A message to which the answer is a status update."""
SNOOZE_SLOT = "snooze:"
"""A question to which the answer is why the update was put off."""
IMPACT_SLOT = "impact:"
"""Followed by the chat: the newest panel of the assessment there; the answer to it describes the impact."""
DRAFT_SLOT = "draft:"
"""A draft for the outside, followed by its number; an answer to it is its new text."""
ROLES_SLOT = "roles:"
"""Followed by the chat: the newest panel of roles there."""
THREAD_SLOT = "thread:"
"""Any other message about the incident; an answer to it is a note."""

_CHASING = {PageCause.REPEAT, PageCause.UNANSWERED, PageCause.UNREACHABLE}


class IncidentCases(Protocol):
    """Those who know the incidents. Each method may raise `StoreUnavailableError`; delivery then asks again."""

    def current_rules(self) -> Rules:
        """The rules of today: the roster's chats and people."""
        ...

    async def rules_of(self, incident: Incident) -> Rules:
        """The rules an incident is decided by."""
        ...

    async def incident(self, incident_id: str) -> Incident | None:
        """The incident as it stands."""
        ...

    async def event(self, incident_id: str, number: int) -> Event | None:
        """One event of its log, the first being 1."""
        ...

    async def hand_page_over(self, incident_id: str, person: str, number: int) -> None:
        """Whoever is on call now is paged in place of `person`, who was when the page was written."""
        ...

    async def score(self, incident: Incident) -> Score | None:
        """How a drill went; None for an incident that is real."""
        ...

    async def output(self, incident_id: str, number: int) -> str:
        """What the run that this event began has printed so far, masked; nothing for any other event."""
        ...


class Figures(Protocol):
    """What is measured now, without waiting."""

    def measured(self) -> tuple[Reading, ...]:
        """The figures that are fresh enough to be shown."""
        ...


class Cases(IncidentCases, TeamCases, PictureCases, Protocol):
    """Everybody whom delivery asks."""


Offering = Callable[[Rules, Incident], Capabilities]
"""What an incident's card offers to open."""


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
                if event is None or not _still_true(case.incident, event):
                    return None
                if isinstance(intent, Ping):
                    return self._ping(case, intent, event)
                score = await self._cases.score(case.incident) if isinstance(event, Resolved) else None
                return self._tell(case, intent, event, await self._cases.output(intent.incident, intent.number), score)
            case _:
                assert_never(intent)

    async def weigh(self, incidents: Sequence[str]) -> Mapping[str, Weight]:
        """The worst first; one that somebody has in hand doesn't wait in a storm."""
        weights: dict[str, Weight] = {}
        for incident_id in incidents:
            case = await self._case(incident_id)
            if case is not None and case.incident.is_open:
                # A drill gives way to everything that is real.
                severities = case.rules.plan.severities
                rank = len(severities) if case.incident.drill else case.rules.plan.rank(case.incident.severity)
                weights[incident_id] = Weight(rank, urgent=case.incident.status is not Status.UNANSWERED)
        return weights

    async def render_storm(self, chat: int, incidents: Sequence[str], held: Sequence[str]) -> Rendered:
        """One summary of the incidents of a storm that are still open."""
        del chat, held  # the summary is of all of them, in the one chat where cards go
        cases = [case for case in [await self._case(incident) for incident in incidents] if case is not None]
        entries = [Entry(case.rules, case.incident) for case in cases if case.incident.is_open]
        now = self._clock.now()
        began = min((case.incident.declared_at for case in cases), default=now)
        return storm(self._words_in_chat(), entries, began, now)

    async def _case(self, incident_id: str) -> _Case | None:
        incident = await self._cases.incident(incident_id)
        return None if incident is None else _Case(await self._cases.rules_of(incident), incident)

    async def _page(self, case: _Case, intent: Page, row: Row, messages: Mapping[str, MessageRef]) -> Delivery | None:
        record = case.incident.pages.get(intent.person)
        if record is None or record.event != intent.number:
            return None
        if not _still_wanted(case, intent, reached=PAGE_SLOT + intent.person in messages):
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
        slot = _slot(event, f"{intent.number}")
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
        return SendNew(chats.responders.id, rendered, slot=_slot(event, f"{intent.number}"), reply_to=CARD_SLOT)

    def _ping(self, case: _Case, intent: Ping, event: Event) -> Delivery | None:
        person = case.rules.roster.people.get(intent.person)
        of_the_holder = isinstance(event, UpdateOverdue | ResolutionOverdue | HolderAsked)
        if person is None or (of_the_holder and case.incident.holder != intent.person):
            return None
        rendered = ping(self._view(case, event, words_of(person), intent.number))
        return SendNew(person.telegram, rendered, slot=_slot(event, f"{intent.number}:{intent.person}"))

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


def _slot(event: Event, name: str) -> str:
    match event:
        case UpdateReminded() | UpdateOverdue() | UpdateEscalated():
            return UPDATE_SLOT + name
        case DraftOffered():
            return DRAFT_SLOT + name
        case _:
            return THREAD_SLOT + name


def _still_wanted(case: _Case, intent: Page, *, reached: bool) -> bool:
    """Whether a page that waited (Telegram was out of reach, the bot was down) still has something to say.

    `reached`: an earlier page of this incident came through. Where none did, a repeated page stands for the first.
    """
    incident = case.incident
    if not incident.is_open or intent.person not in case.rules.roster.people:
        return False
    if incident.status is Status.UNANSWERED:
        return True
    if intent.cause is PageCause.DECISION:
        return bool(waiting_for(case.rules, incident, intent.person))
    if intent.cause is PageCause.ESCALATION:
        return wants_answer(case.rules, incident, intent.person)
    if intent.cause is PageCause.ASSIGNED:
        return True
    informs = intent.cause not in _CHASING or (intent.cause is PageCause.REPEAT and not reached)
    return informs and incident.holder != intent.person


def _still_true(incident: Incident, event: Event) -> bool:  # noqa: PLR0911 - one flat table of events
    """Whether a message about an event that waited is not yet overtaken by events."""
    match event:
        case UpdateReminded():
            return incident.is_open and incident.reminded_for == event.due
        case UpdateOverdue():
            return incident.is_open and incident.overdue_pinged_at == event.at
        case UpdateEscalated():
            return incident.is_open and incident.chase.called_at == event.at
        case HolderAsked():
            return incident.presence.asked_at == event.at
        case HolderSilent():
            return incident.presence.silent_since is not None
        case RoleGiven():
            return incident.is_open and incident.in_role(event.role) == event.person
        case ResponseOverdue():
            return incident.status is Status.UNANSWERED
        case ResolutionOverdue():
            return incident.is_open and incident.resolution_asked_at == event.at
        case AlertsChanged():
            return incident.is_open and incident.all_alerts_resolved
        case _:
            return review_telling.still_true(incident, event)
