"""The API's own description, in OpenAPI 3.1."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import cast

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        }
    },
}
_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_PERSON = {
    "type": ["object", "null"],
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
}
_INCIDENT = {
    "type": "object",
    "required": ["id", "title", "severity", "status", "open", "declared_at"],
    "properties": {
        "id": {"type": "string", "examples": ["INC-7"]},
        "title": {"type": "string"},
        "description": {"type": "string"},
        "severity": {"type": "string", "examples": ["SEV-1"]},
        "status": {"enum": ["unanswered", "in_hand", "verifying", "resolved", "merged"]},
        "open": {"type": "boolean"},
        "holder": _PERSON,
        "roles": {"type": "object", "additionalProperties": _PERSON},
        "declared_at": _MOMENT,
        "acknowledged_at": _MOMENT,
        "resolved_at": _MOMENT,
        "respond_by": _MOMENT,
        "resolve_by": _MOMENT,
        "update_by": _MOMENT,
        "impact": {"type": ["string", "null"]},
        "assessment": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        "last_update": {
            "type": ["object", "null"],
            "properties": {"text": {"type": "string"}, "at": _MOMENT},
        },
        "alerts": {"type": "array", "items": {"type": "object"}},
        "truncated_alerts": {"type": "integer"},
        "follows": {"type": ["string", "null"]},
        "merged_into": {"type": ["string", "null"]},
        "url": {"type": ["string", "null"]},
        "drill": {"type": "boolean"},
    },
}
_STATUS = {
    "type": "object",
    "required": ["name", "state", "updated_at", "problems"],
    "properties": {
        "name": {"type": "string"},
        "state": {"enum": ["no_known_problems", "problem"]},
        "updated_at": _MOMENT,
        "problems": {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}},
    },
}
_PROBLEM = {
    "type": "object",
    "required": ["id", "state", "began_at", "updated_at", "posts"],
    "properties": {
        "id": {"type": "string", "examples": ["INC-7"]},
        "state": {"enum": ["ongoing", "over"]},
        "began_at": _MOMENT,
        "updated_at": _MOMENT,
        "posts": {"type": "array", "items": {"$ref": "#/components/schemas/Post"}},
    },
}
_POST = {
    "type": "object",
    "required": ["id", "at", "kind", "text"],
    "properties": {
        "id": {"type": "string", "examples": ["INC-7-12"]},
        "at": _MOMENT,
        "kind": {"enum": ["declared", "update", "resolved", "reopened"]},
        "text": {"type": "string"},
    },
}
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


_LIST_PARAMETERS = (
    {"name": "status", "in": "query", "schema": {"enum": ["open", "closed", "all"], "default": "all"}},
    {
        "name": "limit",
        "in": "query",
        "description": "Of one page of closed or all incidents; the open ones always come all at once",
        "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 200},
    },
    {
        "name": "before",
        "in": "query",
        "description": "Where a page begins; `next` of the page before holds it",
        "schema": {"type": "string", "pattern": "^INC-[1-9][0-9]{0,11}$"},
    },
)


def document(declare_body: dict[str, object], severities: Sequence[str]) -> dict[str, object]:
    """The description; `declare_body` is the JSON Schema of what `POST /api/incidents` takes, with any severity."""
    one = _answer("The incident", {"$ref": "#/components/schemas/Incident"})
    listed: dict[str, object] = {"type": "array", "items": _ref("Incident")}
    many: dict[str, object] = {
        "type": "object",
        "required": ["incidents"],
        "properties": {"incidents": listed, "next": {"type": "string", "format": "uri-reference"}},
    }
    fields = cast("dict[str, dict[str, object]]", declare_body["properties"])
    fields["severity"] = {"enum": [*severities, None], "default": None, "description": "Without it the plan decides"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Nabat", "version": version("nabat")},
        "security": [{"token": []}],
        "paths": {
            "/api/incidents": {
                "get": {
                    "summary": "Incidents: all open ones, worst first; closed ones or all in pages, newest first",
                    "parameters": _LIST_PARAMETERS,
                    "responses": {"200": _answer("Incidents", many), **_errors("400", "401")},
                },
                "post": {
                    "summary": "Declare an incident",
                    "parameters": [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}],
                    "requestBody": {"required": True, "content": {"application/json": {"schema": declare_body}}},
                    "responses": {"201": one, "200": one, **_errors("400", "401", "413", "503")},
                },
            },
            "/status.json": {
                "get": {
                    "summary": "What was published on the status page; public, without a token",
                    "security": [],
                    "responses": {"200": _answer("The status", _ref("Status")), **_errors("503")},
                }
            },
            "/api/incidents/{id}": {
                "get": {
                    "summary": "One incident as it stands",
                    "parameters": [_ID],
                    "responses": {"200": one, **_errors("401", "404")},
                }
            },
            "/api/incidents/{id}/timeline": {
                "get": {
                    "summary": "Everything that happened, oldest first",
                    "parameters": [_ID],
                    "responses": {"200": _answer("Events", {"type": "object"}), **_errors("401", "404")},
                }
            },
        },
        "components": {
            "schemas": {
                "Incident": _INCIDENT,
                "Status": _STATUS,
                "Problem": _PROBLEM,
                "Post": _POST,
                "Error": _ERROR,
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _ref(name: str) -> dict[str, object]:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(description: str, schema: dict[str, object]) -> dict[str, object]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _errors(*statuses: str) -> dict[str, object]:
    return {status: _answer("What is wrong", _ref("Error")) for status in statuses}
