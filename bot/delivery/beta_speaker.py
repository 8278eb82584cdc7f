"""What is said of a beta launch, at the moment it is sent: switches, failing checks, digests, pictures, reviews."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.delivery.rendering import Delivery, SendNew
from bot.domain.beta import BetaSchedule, Period
from bot.domain.beta_events import BetaChanged, BetaEvent, BetaLooked, BetaReviewed
from bot.domain.beta_looks import told_from
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.intents import Audience, Digest, DigestPicture, TeamPing, TeamTell
from bot.domain.lookback import History, Lookback, look_back
from bot.domain.plan import Plan
from bot.domain.roster import Chat
from bot.domain.rules import Rules
from bot.domain.team import Team
from bot.domain.team_beta import news_of_health
from bot.store.clock import Clock
from bot.store.records import MessageRef
from bot.views.beta import BetaView, changed, changed_for_stakeholders, health_news
from bot.views.beta_review import BetaReviewView, review
from bot.views.digest import PICTURE_OVER, DigestView, digest, picture
from bot.views.translations import Words, words_in, words_of

DIGEST_SLOT = "digest:"
"""Followed by the number of the team's event that it tells of."""
PANELS = 4
"""Of the chart under a digest: more are too small on a phone."""

BetaIntent = TeamTell | TeamPing | Digest | DigestPicture


class BetaCases(Protocol):
    """Those who know the launches. What waits may raise `StoreUnavailableError`; delivery then asks again."""

    def current_rules(self) -> Rules:
        """The rules of today."""
        ...

    async def rules_of(self, incident: Incident) -> Rules:
        """The rules an incident is decided by."""
        ...

    async def team_at(self, number: int) -> Team:
        """The team as it stood before an event of its log."""
        ...

    def launches(self) -> BetaSchedule:
        """When launches and phases are."""
        ...

    async def histories(self, since: datetime) -> tuple[tuple[Incident, tuple[Event, ...]], ...]:
        """The incidents that wait for something or were after `since`, each with its log."""
        ...

    async def digest_picture(
        self, number: int, plan: Plan, names: tuple[str, ...], over: timedelta, words: Words
    ) -> bytes | None:
        """The chart under the digest of that number; None where there is no picture now."""
        ...


class BetaSpeaker:
    """Turns what is to be said of a launch into deliveries."""

    def __init__(self, cases: BetaCases, clock: Clock) -> None:
        self._cases = cases
        self._clock = clock

    async def render(self, intent: BetaIntent, event: BetaEvent) -> Delivery | None:
        """What to send now; None when there is nothing to say any more."""
        match event:
            case BetaLooked() if isinstance(intent, Digest):
                return await self._digest(event, intent.number)
            case BetaLooked() if isinstance(intent, DigestPicture):
                return await self._picture(event, intent.number)
            case BetaLooked() if isinstance(intent, TeamTell | TeamPing):
                return await self._health(event, intent)
            case BetaChanged() if isinstance(intent, TeamTell):
                return self._changed(event, intent)
            case BetaReviewed() if isinstance(intent, TeamTell):
                return await self._review(event)
            case _:
                return None

    def _changed(self, event: BetaChanged, intent: TeamTell) -> Delivery:
        chat = self._chat(intent.audience)
        tells = changed_for_stakeholders if intent.audience is Audience.STAKEHOLDERS else changed
        asked = None if intent.answers is None else MessageRef(chat.id, intent.answers)
        return SendNew(chat.id, tells(self._view(self._words(chat)), event), reply_to=asked)

    async def _health(self, event: BetaLooked, intent: TeamTell | TeamPing) -> Delivery | None:
        before = (await self._cases.team_at(intent.number)).beta
        failed, recovered = news_of_health(before, event)
        failing = sum(not check.ok for check in event.checks)
        if isinstance(intent, TeamTell):
            chat = self._chat(Audience.THREAD)
            return SendNew(chat.id, health_news(self._view(self._words(chat)), failed, recovered, failing))
        person = self._cases.current_rules().roster.people.get(intent.person)
        if person is None:
            return None
        return SendNew(person.telegram, health_news(self._view(words_of(person)), failed, (), failing))

    async def _digest(self, event: BetaLooked, number: int) -> Delivery:
        chat = self._chat(Audience.STAKEHOLDERS)
        before = (await self._cases.team_at(number)).beta
        past = await self._past(told_from(self._cases.current_rules().plan, before, event), event.at)
        view = DigestView(self._view(self._words(chat)), event, past, self._launch_of(event))
        return SendNew(chat.id, digest(view), slot=f"{DIGEST_SLOT}{number}")

    async def _picture(self, event: BetaLooked, number: int) -> Delivery | None:
        """The metrics with a target; without a picture the text has said it all."""
        chat = self._chat(Audience.STAKEHOLDERS)
        plan, words = self._cases.current_rules().plan, self._words(chat)
        measured = [figure.metric for figure in event.figures if figure.value is not None]
        names = tuple(name for name in measured if name in plan.metrics and plan.metrics[name].target)[:PANELS]
        if not names:
            return None
        png = await self._cases.digest_picture(number, plan, names, PICTURE_OVER, words)
        if png is None:
            return None
        return SendNew(chat.id, picture(self._view(words), plan.name, png), reply_to=f"{DIGEST_SLOT}{number}")

    async def _review(self, event: BetaReviewed) -> Delivery:
        chat = self._chat(Audience.THREAD)
        past = await self._past(event.since, event.until)
        phase = self._cases.launches().phase_at(event.since)
        return SendNew(chat.id, review(BetaReviewView(self._view(self._words(chat)), event, past, phase)))

    async def _past(self, since: datetime, until: datetime) -> Lookback:
        found = await self._cases.histories(since)
        histories = [History(await self._cases.rules_of(incident), incident, events) for incident, events in found]
        return look_back(histories, since, until)

    def _launch_of(self, event: BetaLooked) -> Period | None:
        at = event.digest_for or event.at
        launch = self._cases.launches().last_launch(at)
        return launch if launch is not None and at <= launch.until else None

    def _chat(self, audience: Audience) -> Chat:
        chats = self._cases.current_rules().roster.chats
        return chats.stakeholders or chats.responders if audience is Audience.STAKEHOLDERS else chats.responders

    def _words(self, chat: Chat) -> Words:
        return words_in(chat, self._cases.current_rules().plan.timezone)

    def _view(self, words: Words) -> BetaView:
        return BetaView(self._cases.current_rules(), self._clock.now(), words)
