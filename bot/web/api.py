"""The API: incidents as they are stored, and declaring one."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from bot.domain.actors import Source
from bot.domain.commands import Declare
from bot.domain.events import Event
from bot.domain.incident import Incident
from bot.domain.rejections import UnknownSeverity
from bot.domain.rulings.alerting import TITLE_LIMIT
from bot.domain.rulings.news import TEXT_LIMIT
from bot.engine.desk import Desk
from bot.engine.outcomes import Done, DoneBefore, Refused
from bot.store.store import Store
from bot.views.timeline import line
from bot.views.translations import Words
from bot.web.authority import require_token
from bot.web.errors import RequestError, body_of, first_mistake
from bot.web.openapi import document
from bot.web.representation import describe

API = Source(name="api")
_PAGE = 200
"""Incidents in one answer, where they can be any number: all there ever were, or the closed ones."""
_AT_A_TIME = 100
"""Incidents written down before others get a turn; a storm leaves thousands open."""


def _visible(title: str) -> str:
    if not any(char.isprintable() and not char.isspace() for char in title):
        raise ValueError("write what is wrong in a few words")
    return title


@dataclass(frozen=True, slots=True)
class _Page:
    """Incidents, newest first; `before`: where the next page begins, None on the last one."""

    incidents: tuple[Incident, ...]
    limit: int
    before: str | None


class DeclareBody(BaseModel):
    """What `POST /api/incidents` takes."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: Annotated[
        str,
        StringConstraints(min_length=1, max_length=TITLE_LIMIT, strip_whitespace=True),
        AfterValidator(_visible),
    ]
    severity: str | None = Field(None, max_length=64)
    description: str = Field("", max_length=TEXT_LIMIT)


class Api:
    """The API's handlers."""

    def __init__(self, desk: Desk, store: Store, token: SecretStr | None) -> None:
        self._desk = desk
        self._store = store
        self._token = token

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The routes of the API."""
        return (
            web.get("/api/incidents", self.incidents),
            web.post("/api/incidents", self.declare),
            web.get("/api/incidents/{id}", self.incident),
            web.get("/api/incidents/{id}/timeline", self.timeline),
            web.get("/api/openapi.json", self.openapi),
        )

    async def incidents(self, request: web.Request) -> web.Response:
        """All open incidents, worst first; or a page of all there ever were or of the closed ones, newest first."""
        require_token(request, self._token)
        status = _status(request.query.get("status", "all"))
        if status == "open":
            return web.json_response({"incidents": await self._describe_all(await self._desk.open_incidents())})
        page = await self._page(_before(request.query.get("before")), _limit(request.query.get("limit")), status)
        answer: dict[str, object] = {"incidents": await self._describe_all(page.incidents)}
        if page.before:
            rest = {"status": status, "limit": page.limit, "before": page.before}
            answer["next"] = f"{request.path}?{urlencode(rest)}"
        return web.json_response(answer)

    async def _page(self, before: str | None, limit: int, status: Literal["closed", "all"]) -> _Page:
        found: list[Incident] = []
        while logs := await self._store.recent_logs(_PAGE, before):
            for incident in await self._desk.casebook.many(tuple(logs)):
                if len(found) == limit:
                    return _Page(tuple(found), limit, found[-1].id)
                if status == "all" or not incident.is_open:
                    found.append(incident)
            before = logs[-1]
        return _Page(tuple(found), limit, None)

    async def _describe_all(self, incidents: Sequence[Incident]) -> list[dict[str, object]]:
        described: list[dict[str, object]] = []
        for incident in incidents:
            described.append(await self._describe(incident))
            if len(described) % _AT_A_TIME == 0:
                await asyncio.sleep(0)
        return described

    async def declare(self, request: web.Request) -> web.Response:
        """Declare an incident; an `Idempotency-Key` makes a repeated request harmless."""
        require_token(request, self._token)
        try:
            body = DeclareBody.model_validate_json(await body_of(request))
        except ValidationError as error:
            raise RequestError(400, "malformed", first_mistake(error)) from error
        key = request.headers.get("Idempotency-Key")
        outcome = await self._desk.declare(
            Declare(API, body.title, body.description, body.severity), f"api:{key[:200]}" if key else None
        )
        match outcome:
            case Done(incident=incident):
                headers = {"Location": f"/api/incidents/{incident.id}"}
                return web.json_response(await self._describe(incident), status=201, headers=headers)
            case DoneBefore(incident=incident):
                return web.json_response(await self._describe(incident))
            case Refused(reason=UnknownSeverity() as reason):
                allowed = ", ".join(reason.allowed)
                raise RequestError(400, "unknown_severity", f"severity: {reason.severity!r} is not one of {allowed}")
            case _:
                raise RequestError(400, "refused", "title: write what is wrong in a few words")

    async def incident(self, request: web.Request) -> web.Response:
        """One incident as it stands."""
        require_token(request, self._token)
        return web.json_response(await self._describe(await self._find(request)))

    async def timeline(self, request: web.Request) -> web.Response:
        """Everything that happened to one incident, oldest first."""
        require_token(request, self._token)
        incident = await self._find(request)
        rules = await self._desk.rulebook.rules_for(incident.plan)
        words, now = Words("en", ZoneInfo("UTC")), self._store.clock.now()

        def entry(number: int, event: Event) -> dict[str, object]:
            data = event.model_dump(mode="json", exclude={"at", "by", "kind"})
            return {
                "number": number,
                "at": event.at.isoformat(),
                "kind": event.kind,
                "by": event.by.model_dump(mode="json"),
                "text": line(words, rules.roster, event, now).plain,
                "data": data,
            }

        events = await self._store.load(incident.id)
        return web.json_response(
            {"incident": incident.id, "events": [entry(n, event) for n, event in enumerate(events, start=1)]}
        )

    async def openapi(self, request: web.Request) -> web.Response:
        """The API's own description."""
        require_token(request, self._token)
        severities = tuple(self._desk.rulebook.current.plan.severities)
        return web.json_response(document(DeclareBody.model_json_schema(), severities))

    async def _find(self, request: web.Request) -> Incident:
        incident_id = request.match_info["id"].upper()
        incident = await self._desk.incident(incident_id) if incident_id.startswith("INC-") else None
        if incident is None:
            raise RequestError(404, "not_found", f"There is no incident {incident_id[:40]}.")
        return incident

    async def _describe(self, incident: Incident) -> dict[str, object]:
        return describe(await self._desk.rulebook.rules_for(incident.plan), incident)


def _limit(text: str | None) -> int:
    if text is None:
        return _PAGE
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _PAGE):
        raise RequestError(400, "bad_request", f"limit: {text[:40]!r} is not a whole number from 1 to {_PAGE}")
    return int(text)


def _before(text: str | None) -> str | None:
    if text is None:
        return None
    if not (name := re.fullmatch(r"INC-[1-9][0-9]{0,11}", text.upper(), re.ASCII)):
        raise RequestError(400, "bad_request", f"before: {text[:40]!r} is no incident's id, such as INC-7")
    return name.group()


def _status(text: str) -> Literal["open", "closed", "all"]:
    match text:
        case "open" | "closed" | "all":
            return text
        case "resolved":
            return "closed"
        case _:
            raise RequestError(400, "bad_request", f"status: {text[:40]!r} is not one of open, closed, all")
