"""What every handler works with."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

import aiohttp
from telegram import Message

from bot.delivery.direct import Direct
from bot.delivery.gateway import Gateway
from bot.domain.acting_rejections import ConfirmAction
from bot.domain.actors import Responder
from bot.domain.incident import Incident
from bot.domain.rejections import NotOnTheTeam
from bot.domain.roster import Chat
from bot.domain.rules import Rules
from bot.engine.beta_watch import BetaWatch
from bot.engine.charting import Charting
from bot.engine.courses import Courses
from bot.engine.desk import Desk
from bot.engine.errands import Errands
from bot.engine.evidence import Evidence
from bot.engine.log_reader import LogReader
from bot.engine.offering import Offering
from bot.engine.outcomes import Done, DoneBefore, NoSuchIncident, Outcome, Refused
from bot.engine.readings import Readings
from bot.engine.records import Records
from bot.engine.silences import Silences
from bot.engine.team_desk import TeamDesk
from bot.store.records import MessageRef, OutcomeUnknownError, StoreUnavailableError
from bot.store.store import Store
from bot.views import answers, drill
from bot.views.card import CardView, Mode, Normal, card
from bot.views.html import Line, message, text
from bot.views.lists import Entry
from bot.views.refusals import refused
from bot.views.rendered import Rendered
from bot.views.translations import Words
from bot.views.verbs import Verb
from handlers.askers import Asker

_SENTENCE_LIMIT = 1000

_LOOK_AGAIN_S = (0.1, 0.4, 1.0)


def said(sentence: str) -> Rendered:
    """A plain sentence as a message."""
    return Rendered(message([Line(text(sentence, _SENTENCE_LIMIT))]))


def not_saved(words: Words, error: StoreUnavailableError) -> str:
    """What somebody is told whom the store could not serve: never that nothing was saved when that is not known."""
    unknown = isinstance(error, OutcomeUnknownError)
    return answers.may_be_saved(words) if unknown else answers.could_not_save(words)


@dataclass(frozen=True, slots=True)
class Looking:
    """What evidence is gathered with. `errands` carries what nobody waits for."""

    evidence: Evidence
    readings: Readings
    charting: Charting
    courses: Courses
    errands: Errands
    http: aiohttp.ClientSession
    logs: LogReader
    silences: Silences
    offering: Offering

    @property
    def has_metrics(self) -> bool:
        """Whether there is a Prometheus to ask."""
        return self.offering.has_metrics


@dataclass(frozen=True, slots=True)
class Room:
    """The desk where commands are decided, and the ways to answer."""

    desk: Desk
    store: Store
    gateway: Gateway
    direct: Direct
    looking: Looking
    team: TeamDesk
    records: Records
    beta: BetaWatch

    @property
    def rules(self) -> Rules:
        """The rules of today, with the ids that the chats have by now."""
        rules = self.desk.rulebook.current
        chats = rules.roster.chats
        responders, stakeholders = self._moved(chats.responders), chats.stakeholders and self._moved(chats.stakeholders)
        if responders is chats.responders and stakeholders is chats.stakeholders:
            return rules
        moved = chats.model_copy(update={"responders": responders, "stakeholders": stakeholders})
        return replace(rules, roster=rules.roster.model_copy(update={"chats": moved}))

    def _moved(self, chat: Chat) -> Chat:
        """The chat where it went if its group became a supergroup."""
        now = self.gateway.current(chat.id)
        return chat if now == chat.id else chat.model_copy(update={"id": now})

    def now(self) -> datetime:
        """The one clock's time, UTC."""
        return self.store.clock.now()

    async def entry(self, incident: Incident) -> Entry:
        """The incident with the rules it keeps."""
        return Entry(await self.desk.rulebook.rules_for(incident.plan), incident)

    async def card(self, incident: Incident, words: Words, mode: Mode | None = None) -> Rendered:
        """The incident's card, in these words."""
        rules = await self.desk.rulebook.rules_for(incident.plan)
        return card(
            CardView(
                rules,
                incident,
                self.now(),
                words,
                mode or Normal(),
                self.looking.readings.measured(),
                self.looking.offering(rules, incident),
            )
        )

    async def known_message(self, ref: MessageRef) -> tuple[str, str] | None:
        """The incident and the slot of a message of ours; None for one that nobody remembers.

        Somebody may be quicker than the note of what was just sent: an unknown message is looked for again.
        """
        for wait_s in _LOOK_AGAIN_S:
            found = await self.store.find_message(ref.chat, ref.message)
            if found is not None:
                return found
            await asyncio.sleep(wait_s)
        return await self.store.find_message(ref.chat, ref.message)

    def for_the_team_only(self, asker: Asker) -> str:
        """The answer to a stranger who asks for what only the team may do."""
        return refused(asker.words, self.rules, NotOnTheTeam())

    async def sentence(self, asker: Asker, outcome: Outcome) -> str:
        """What became of a command, in one sentence for the person who gave it."""
        match outcome:
            case Done(incident=incident, events=events):
                rules = await self.desk.rulebook.rules_for(incident.plan)
                person = asker.actor.person if isinstance(asker.actor, Responder) else None
                said = answers.done(asker.words, rules, incident, events, person, self.now())
                return drill.sentence(asker.words, incident, said)
            case DoneBefore(incident=incident):
                rules = await self.desk.rulebook.rules_for(incident.plan)
                said = answers.done(asker.words, rules, incident, (), None, self.now())
                return drill.sentence(asker.words, incident, said)
            case Refused(reason=ConfirmAction() as question, incident=Incident() as incident):
                return drill.sentence(asker.words, incident, refused(asker.words, self.rules, question))
            case Refused(reason=reason):
                return refused(asker.words, self.rules, reason)
            case NoSuchIncident(incident_id=incident_id):
                return answers.unknown_incident(asker.words, incident_id)


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as it was written: who, which verb, the text after it, in which message; `operation` acts once."""

    asker: Asker
    verb: Verb
    text: str
    message: Message
    operation: str

    @property
    def in_thread(self) -> int | None:
        """The message to which what the thread is told stands for an answer; None where it was asked in private."""
        return None if self.asker.private else self.message.message_id

    def with_text(self, text: str) -> "Asked":
        """The same with less text: what named the incident is taken off."""
        return replace(self, text=text)

    @property
    def ref(self) -> MessageRef:
        """The message that holds the command: what the answer replies to."""
        return MessageRef(self.message.chat.id, self.message.message_id)

    @property
    def words(self) -> Words:
        """How to speak to the asker."""
        return self.asker.words


Plain = Callable[[Room, Asked], Awaitable[Rendered | None]]
"""A verb that is about no incident in particular; None where the answer follows by itself."""
OfIncident = Callable[[Room, Asked, str], Awaitable[Rendered | None]]
"""A verb that is about one incident, given by its id; None where the answer follows by itself."""
