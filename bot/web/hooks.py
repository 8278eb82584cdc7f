"""Where alert sources and Telegram deliver: 200 only once what they brought is stored."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from aiohttp import web
from pydantic import SecretStr, ValidationError

from bot.engine.desk import Desk
from bot.engine.outcomes import AlertOutcome, Done, DoneBefore, Refused
from bot.web.alertmanager import AlertmanagerBody
from bot.web.authority import require_token
from bot.web.errors import RequestError, body_of, first_mistake
from bot.web.pagerduty import PagerDutyBody, PagerDutyNews, signature_fits

log = structlog.get_logger(__name__)

TakeUpdate = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class HookSecrets:
    """What callers must prove; None: not set."""

    token: SecretStr | None
    pagerduty: SecretStr | None
    telegram: SecretStr | None


class Hooks:
    """The three hooks. `take_update` handles one Telegram update, given as JSON, and returns once it is committed."""

    def __init__(self, desk: Desk, secrets: HookSecrets, take_update: TakeUpdate | None) -> None:
        self._desk = desk
        self._secrets = secrets
        self._take_update = take_update

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The routes of the hooks."""
        return (
            web.post("/hooks/alertmanager", self.alertmanager),
            web.post("/hooks/pagerduty", self.pagerduty),
            web.post("/hooks/telegram", self.telegram),
        )

    async def alertmanager(self, request: web.Request) -> web.Response:
        """Take the alerts of one group."""
        require_token(request, self._secrets.token)
        try:
            body = AlertmanagerBody.model_validate_json(await body_of(request))
        except ValidationError as error:
            raise RequestError(400, "malformed", first_mistake(error)) from error
        outcome = await self._desk.take_alerts(body.group, body.declaration())
        return web.json_response({"incidents": _incidents(outcome)})

    async def pagerduty(self, request: web.Request) -> web.Response:
        """Take one event of PagerDuty."""
        raw = await body_of(request)
        self._require_pagerduty(request, raw)
        try:
            event = PagerDutyBody.model_validate_json(raw).event
            if event.resource_type != "incident":
                return web.json_response({"incidents": []})
            news = PagerDutyNews(event)
        except ValidationError as error:
            raise RequestError(400, "malformed", first_mistake(error)) from error
        return web.json_response({"incidents": await self._take(news)})

    async def _take(self, news: PagerDutyNews) -> list[str]:
        plan = self._desk.rulebook.current.plan
        carrier = await self._desk.carrier_of(news.group)
        if carrier is None or news.tells_state:
            named = _incidents(await self._desk.take_alerts(news.group, news.declaration(plan)))
        else:
            named = [carrier.id]
        for incident_id in named:
            for number, command in enumerate(news.commands(plan, self._desk.rulebook.current.roster)):
                operation = f"{news.operation}:{number}" if news.operation else None
                await self._desk.handle(incident_id, command, operation)
        return named

    def _require_pagerduty(self, request: web.Request, raw: bytes) -> None:
        """The signature proves PagerDuty; without a secret for it, the bearer token has to do."""
        if self._secrets.pagerduty is None:
            require_token(request, self._secrets.token)
        elif not signature_fits(raw, request.headers.get("X-PagerDuty-Signature", ""), self._secrets.pagerduty):
            raise RequestError(401, "unauthorized", "X-PagerDuty-Signature does not fit the body.")

    async def telegram(self, request: web.Request) -> web.Response:
        """Take one Telegram update; 200 only after its effect is committed."""
        secret = self._secrets.telegram
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if secret is None or not hmac.compare_digest(given.encode(), secret.get_secret_value().encode()):
            raise RequestError(401, "unauthorized", "X-Telegram-Bot-Api-Secret-Token is missing or wrong.")
        if self._take_update is None:
            raise RequestError(404, "not_found", "This bot polls for its updates: NABAT_TELEGRAM_MODE is polling.")
        await self._take_update(await body_of(request))
        return web.json_response({})


def _incidents(outcome: AlertOutcome) -> list[str]:
    match outcome:
        case Done(incident=incident) | DoneBefore(incident=incident):
            return [incident.id]
        case Refused(incident=incident) if incident is not None:
            return [incident.id]
        case Refused(reason=reason):
            raise RequestError(400, "refused", f"Not taken: {reason}")
        case _:
            return []
