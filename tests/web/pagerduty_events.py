"""PagerDuty's V3 webhooks as PagerDuty would send them."""

import hashlib
import hmac
import json
from typing import Any

from tests.house import House

SECRET = "a-signing-secret"  # noqa: S105 - signs nothing real


def event(event_type: str = "incident.triggered", event_id: str = "01A", **data: Any) -> dict[str, Any]:
    """The body of an event; `data` changes PagerDuty's incident."""
    incident = {
        "id": "Q1",
        "type": "incident",
        "title": "Checkout is down",
        "html_url": "https://acme.pagerduty.com/incidents/Q1",
        "created_at": "2026-01-09T14:02:00Z",
        "urgency": "high",
        "service": {"id": "S", "summary": "checkout"},
        "priority": {"id": "P", "summary": "P1"},
        **data,
    }
    return {
        "event": {
            "id": event_id,
            "event_type": event_type,
            "resource_type": "incident",
            "occurred_at": "2026-01-09T14:05:00Z",
            "agent": {"id": "U", "type": "user_reference", "summary": "Boris"},
            "data": incident,
        }
    }


def signature(raw: bytes, secret: str = SECRET) -> str:
    """The header's value for a body."""
    return "v1=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


async def send(house: House, body: object, header: str | None = None) -> tuple[int, Any]:
    """Send an event, signed unless another header is given."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = signature(raw) if header is None else header
    return await house.post_raw("/hooks/pagerduty", raw, **{"X-PagerDuty-Signature": given})
