"""What may be done: the commands Nabat may run, the health checks it makes, and the runbooks that name both."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bot.domain.fields import LabelMatchers, Name, Part, PositiveClockDuration, Text, WebAddress

Argument = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]


class HttpRequest(Part):
    """An action that is a request instead of a command."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    url: WebAddress
    headers: dict[str, str] = Field({})
    body: str | None = None


class Action(Part):
    """A command the bot may run, as an argument list without a shell, or an HTTP request in its place.

    `cwd` is relative to the folder the bot was started in. What outlives `timeout` is ended. Of the output only the
    lines that contain `only_lines_with` count, upper and lower case told apart; without it all do.
    """

    title: Text
    run: Annotated[tuple[Argument, ...], Field(min_length=1)] | None = None
    http: HttpRequest | None = None
    cwd: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None
    timeout: PositiveClockDuration = timedelta(minutes=5)
    only_lines_with: Text | None = None
    authority: Name

    @model_validator(mode="after")
    def _run_or_http(self) -> Self:
        if (self.run is None) == (self.http is None):
            raise ValueError("an action does one thing; allowed: either run, an argument list, or http, a request")
        if self.run and not self.run[0].strip():
            raise ValueError("the command has no name; allowed: run: [program, argument, ...]")
        if self.http and self.cwd:
            raise ValueError("a request has no folder; allowed: cwd with run alone")
        return self


class HealthCheck(Part):
    """An address that answers 2xx within the time when all is well."""

    name: Name
    url: WebAddress
    timeout: PositiveClockDuration = timedelta(seconds=5)


class Runbook(Part):
    """What to do for alerts whose labels match and, if any are named, for these severities alone."""

    title: Text
    labels: LabelMatchers = Field({})
    severities: tuple[Name, ...] = ()
    steps: tuple[Text, ...] = ()
    url: WebAddress | None = None
    actions: tuple[Name, ...] = ()
