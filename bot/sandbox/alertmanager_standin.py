"""Takes alerts and sends webhooks as Alertmanager would, where none is installed.

It knows `/api/v2/alerts` and `/api/v2/silences` (Alertmanager's OpenAPI file), groups by `alertname`, and sends the
webhook of version 4 (Alertmanager documentation, "webhook_config"). It lives in memory.
"""

import asyncio
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import uuid4

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter, ValidationError

from bot.sandbox.alert_hook import Webhook

Json = dict[str, object]
_FILTER = re.compile(r'\s*([A-Za-z_][A-Za-z0-9_]*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*')
_ESCAPED = re.compile(r"\\(.)")
RESOLVE_TIMEOUT = timedelta(minutes=5)
"""An alert without an end that is not repeated ends after this (Alertmanager, `resolve_timeout`)."""
NO_END = "0001-01-01T00:00:00Z"
"""How Alertmanager writes the end of an alert that still fires: Go's zero time."""


class PostedAlert(BaseModel):
    """Alertmanager's `postableAlert`."""

    labels: Annotated[dict[str, str], Field(min_length=1)]
    annotations: dict[str, str] = {}
    startsAt: AwareDatetime | None = None  # noqa: N815 - Alertmanager's name
    endsAt: AwareDatetime | None = None  # noqa: N815 - Alertmanager's name
    generatorURL: str = ""  # noqa: N815 - Alertmanager's name


class PostedMatcher(BaseModel):
    """Alertmanager's `matcher`."""

    name: str
    value: str
    isRegex: bool = False  # noqa: N815 - Alertmanager's name
    isEqual: bool = True  # noqa: N815 - Alertmanager's name

    def matches(self, labels: Mapping[str, str]) -> bool:
        """A regular expression is anchored; a label that is not there is empty."""
        value = labels.get(self.name, "")
        equal = re.fullmatch(self.value, value) is not None if self.isRegex else value == self.value
        return equal == self.isEqual


class PostedSilence(BaseModel):
    """Alertmanager's `postableSilence`."""

    matchers: Annotated[list[PostedMatcher], Field(min_length=1)]
    startsAt: AwareDatetime  # noqa: N815 - Alertmanager's name
    endsAt: AwareDatetime  # noqa: N815 - Alertmanager's name
    createdBy: str  # noqa: N815 - Alertmanager's name
    comment: str

    def mutes(self, labels: Mapping[str, str], now: datetime) -> bool:
        """Whether it is active and every matcher matches."""
        return self.startsAt <= now < self.endsAt and all(matcher.matches(labels) for matcher in self.matchers)


_ALERTS = TypeAdapter(list[PostedAlert])


@dataclass(frozen=True, slots=True)
class Timing:
    """When webhooks go out (Alertmanager documentation, "route")."""

    group_wait: timedelta = timedelta(seconds=1)
    group_interval: timedelta = timedelta(seconds=5)
    repeat_interval: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Alert:
    labels: dict[str, str]
    annotations: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    generator_url: str

    @property
    def fingerprint(self) -> str:
        written = "\0".join(f"{name}\1{value}" for name, value in sorted(self.labels.items()))
        return hashlib.sha256(written.encode()).hexdigest()[:16]

    def json(self, now: datetime) -> Json:
        resolved = self.ends_at <= now
        return {
            "status": "resolved" if resolved else "firing",
            "labels": self.labels,
            "annotations": self.annotations,
            "startsAt": self.starts_at.isoformat(),
            "endsAt": self.ends_at.isoformat() if resolved else NO_END,
            "generatorURL": self.generator_url,
            "fingerprint": self.fingerprint,
        }


@dataclass(slots=True)
class _Group:
    name: str
    alerts: dict[str, _Alert] = field(default_factory=dict[str, _Alert])
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class AlertmanagerStandIn:
    """Groups alerts and tells the webhook. Enter `async with` so that it may send; `now` is the demo's clock."""

    def __init__(self, webhook: Webhook, timing: Timing, now: Callable[[], datetime]) -> None:
        self._webhook = webhook
        self._timing = timing
        self._now = now
        self._groups: dict[str, _Group] = {}
        self._silences: dict[str, PostedSilence] = {}
        self._sending = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""

    async def __aenter__(self) -> Self:
        await self._sending.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await self._sending.__aexit__(None, None, None)

    def take(self, alerts: Iterable[PostedAlert]) -> None:
        """New alerts, and news of known ones: the same labels are the same alert."""
        now = self._now()
        for posted in alerts:
            alert = _Alert(
                labels=posted.labels,
                annotations=posted.annotations,
                starts_at=posted.startsAt or now,
                ends_at=posted.endsAt or now + RESOLVE_TIMEOUT,
                generator_url=posted.generatorURL,
            )
            self._put(alert)

    def _put(self, alert: _Alert) -> None:
        name = alert.labels.get("alertname", "")
        group = self._groups.get(name)
        known = group.alerts.get(alert.fingerprint) if group else None
        if group is None:
            if alert.ends_at <= self._now():
                return
            group = self._groups[name] = _Group(name)
            task = self._sending.create_task(self._tell(group))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if known and known.ends_at > self._now():
            alert = replace(alert, starts_at=min(known.starts_at, alert.starts_at))
        group.alerts[alert.fingerprint] = alert
        if known is None or (known.ends_at <= self._now()) != (alert.ends_at <= self._now()):
            group.changed.set()

    async def _tell(self, group: _Group) -> None:
        """One group's life: told after `group_wait`, then of each change, until all its alerts are over."""
        wait = self._timing.group_wait
        while group.alerts:
            await asyncio.sleep(wait.total_seconds())
            group.changed.clear()
            told_at = self._now()
            told = {key: alert for key, alert in group.alerts.items() if not self._muted(alert, told_at)}
            if told:
                await self._webhook.deliver(self._body(group, told.values(), told_at))
            for key, alert in told.items():
                if alert.ends_at <= told_at and group.alerts.get(key) is alert:
                    del group.alerts[key]
            wait = self._timing.group_interval
            if group.alerts:
                await self._until_changed(group)
        del self._groups[group.name]

    async def _until_changed(self, group: _Group) -> None:
        try:
            async with asyncio.timeout(self._timing.repeat_interval.total_seconds()):
                await group.changed.wait()
        except TimeoutError:
            return

    def _muted(self, alert: _Alert, now: datetime) -> bool:
        return any(silence.mutes(alert.labels, now) for silence in self._silences.values())

    def _body(self, group: _Group, alerts: Iterable[_Alert], now: datetime) -> Json:
        told = [alert.json(now) for alert in alerts]
        labels, notes = (
            [alert.labels for alert in group.alerts.values()],
            [a.annotations for a in group.alerts.values()],
        )
        return {
            "version": "4",
            "groupKey": f'{{}}:{{alertname="{group.name}"}}',
            "truncatedAlerts": 0,
            "status": "firing" if any(alert["status"] == "firing" for alert in told) else "resolved",
            "receiver": "nabat",
            "groupLabels": {"alertname": group.name},
            "commonLabels": _common(labels),
            "commonAnnotations": _common(notes),
            "externalURL": self.url,
            "alerts": told,
        }

    def application(self) -> web.Application:
        """The routes, for a server of the caller's own."""
        app = web.Application()
        app.router.add_get("/", self._about)
        app.router.add_get("/-/ready", self._about)
        app.router.add_get("/api/v2/alerts", self._list_alerts)
        app.router.add_post("/api/v2/alerts", self._post_alerts)
        app.router.add_get("/api/v2/silences", self._list_silences)
        app.router.add_post("/api/v2/silences", self._post_silence)
        app.router.add_delete("/api/v2/silence/{id}", self._delete_silence)
        return app

    async def _about(self, _: web.Request) -> web.Response:
        return web.Response(text="A small stand-in for Alertmanager. It answers /api/v2/alerts and /api/v2/silences.\n")

    async def _list_alerts(self, request: web.Request) -> web.Response:
        now = self._now()
        try:
            filters = [_matcher(written) for written in request.query.getall("filter", [])]
        except ValueError as error:
            return web.json_response(f"bad matcher format: {error}", status=400)
        alerts = [alert for group in self._groups.values() for alert in group.alerts.values() if alert.ends_at > now]
        found = [alert for alert in alerts if all(matcher.matches(alert.labels) for matcher in filters)]
        return web.json_response([alert.json(now) for alert in found])

    async def _post_alerts(self, request: web.Request) -> web.Response:
        try:
            alerts = _ALERTS.validate_json(await request.read())
        except ValidationError as error:
            return web.json_response(str(error), status=400)
        self.take(alerts)
        return web.json_response({})

    async def _list_silences(self, _: web.Request) -> web.Response:
        return web.json_response([_silence_json(key, each, self._now()) for key, each in self._silences.items()])

    async def _post_silence(self, request: web.Request) -> web.Response:
        try:
            silence = PostedSilence.model_validate_json(await request.read())
            for matcher in silence.matchers:
                re.compile(matcher.value if matcher.isRegex else "")
        except (ValidationError, re.error) as error:
            return web.json_response(str(error), status=400)
        key = str(uuid4())
        self._silences[key] = silence
        return web.json_response({"silenceID": key})

    async def _delete_silence(self, request: web.Request) -> web.Response:
        silence = self._silences.get(request.match_info["id"])
        if silence is None:
            return web.json_response("silence not found", status=404)
        self._silences[request.match_info["id"]] = silence.model_copy(update={"endsAt": self._now()})
        return web.json_response({})


def _matcher(written: str) -> PostedMatcher:
    """One filter as Alertmanager takes it: a name, `=`, `!=`, `=~` or `!~`, and a value in double quotes.

    Raises:
        ValueError: it is none.
    """
    found = _FILTER.fullmatch(written)
    if found is None:
        raise ValueError(written[:100])
    value = _ESCAPED.sub(lambda match: "\n" if match[1] == "n" else match[1], found[3])
    return PostedMatcher(name=found[1], value=value, isRegex="~" in found[2], isEqual=found[2].startswith("="))


def _common(maps: list[dict[str, str]]) -> dict[str, str]:
    shared = set(maps[0].items()).intersection(*(each.items() for each in maps)) if maps else set[tuple[str, str]]()
    return dict(sorted(shared))


def _silence_json(key: str, silence: PostedSilence, now: datetime) -> Json:
    state = "pending" if now < silence.startsAt else "active" if now < silence.endsAt else "expired"
    return {"id": key, "status": {"state": state}, **silence.model_dump(mode="json")}
