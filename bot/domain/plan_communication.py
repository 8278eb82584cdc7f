"""What the outside is told: who approves it, in whose name and language, and the drafts' templates."""

from datetime import timedelta
from enum import StrEnum
from functools import cache
from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from bot.domain.fields import Name, Part, PositiveAnyDuration, Text, WebAddress

CUSTOMERS = "customers"
"""The audience that hears of every issue in the phase of a beta launch (written plan, "Beta Phase")."""

STATUS_PAGE = "status_page"
"""The audience that reads Nabat's own status page; what is approved for any other is sent by hand."""

PUBLIC_TEXT_LIMIT = 1500
"""Characters of a template and of a draft: a post, not an essay; it fits a Telegram message with its heading."""


class Moment(StrEnum):
    """What a draft tells of."""

    DECLARED = "declared"
    """There is a problem."""
    UPDATE = "update"
    """News of it."""
    RESOLVED = "resolved"
    """It is over: the closing word."""
    REOPENED = "reopened"
    """It was not over after all."""


class Placeholder(StrEnum):
    """A placeholder of a template. None of them can carry the text of an alert."""

    NAME = "name"
    """`communication.name`, else the plan's name."""
    SEVERITY = "severity"
    """The severity's title in the plan."""
    SINCE = "since"
    """When it began, in the plan's time zone."""
    IMPACT = "impact"
    """What a person wrote about the impact, else the title that a person gave."""
    UPDATE = "update"
    """The last status update that a person posted."""
    NEXT_UPDATE = "next_update"
    """When the next update is due, where the severity has a cadence."""
    LENGTH = "length"
    """How long it lasted; known once it is resolved."""
    PAGE = "page"
    """`communication.page_url`."""


ALWAYS_KNOWN = frozenset({Placeholder.NAME, Placeholder.SEVERITY, Placeholder.SINCE})
"""Placeholders that are never empty. A line with one that is empty is left out of a draft."""

_ALLOWED = ", ".join(f"{{{field}}}" for field in Placeholder) + ", and {{ or }} for a brace"


@cache
def fields_of(line: str) -> frozenset[str]:
    """The placeholders of a line.

    Raises:
        ValueError: a brace stands alone, or a placeholder is not a plain name.
    """
    try:
        parts = list(Formatter().parse(line))
    except ValueError as error:
        raise ValueError(f"a brace stands alone in {line!r}; allowed: {_ALLOWED}") from error
    return frozenset(_plain(name, spec, conversion) for _, name, spec, conversion in parts if name is not None)


def _plain(name: str, spec: str | None, conversion: str | None) -> str:
    if spec or conversion:
        raise ValueError(f"the placeholder {{{name}}} carries a format; allowed: {_ALLOWED}")
    if name not in {field.value for field in Placeholder}:
        raise ValueError(f"unknown placeholder {{{name}}}; allowed: {_ALLOWED}")
    return name


def _template(text: str) -> str:
    known = {field.value for field in ALWAYS_KNOWN}
    said = [fields_of(line) <= known for line in text.splitlines() if line.strip()]
    if not any(said):
        sure = ", ".join(f"{{{field}}}" for field in Placeholder if field in ALWAYS_KNOWN)
        raise ValueError(
            f"nothing would be said while a placeholder is unknown; allowed: a line without, or with {sure}"
        )
    return text


Template = Annotated[
    str,
    StringConstraints(min_length=1, max_length=PUBLIC_TEXT_LIMIT, strip_whitespace=True),
    AfterValidator(_template),
]
"""Plain text with placeholders; a line whose placeholder has nothing to say is left out."""


class Templates(Part):
    """The templates of one audience; one that is absent is the built-in one."""

    declared: Template | None = None
    update: Template | None = None
    resolved: Template | None = None
    reopened: Template | None = None

    def of(self, moment: Moment) -> str | None:
        """The template of a moment, where the plan has one."""
        return {
            Moment.DECLARED: self.declared,
            Moment.UPDATE: self.update,
            Moment.RESOLVED: self.resolved,
            Moment.REOPENED: self.reopened,
        }[moment]


class Communication(Part):
    """What the outside is told.

    `approved_by`: the role that approves a draft, or a higher one; absent, team_lead where the plan has that role, else
    the highest. One that nobody decides on is asked for again after `approve_within`, twice, then of each higher role;
    where updates come as needed, a business day later each time. `language` is that of the built-in templates and of
    the status page; absent, that of the responders chat.
    """

    approved_by: Name | None = None
    approve_within: PositiveAnyDuration = timedelta(minutes=15)
    name: Text | None = None
    language: Literal["en", "ru"] | None = None
    page_url: WebAddress | None = None
    templates: dict[Name, Templates] = Field({})
