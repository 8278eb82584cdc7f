"""Who does something: a person on the roster, a stranger, an alert source, or Nabat itself."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Actor(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Responder(_Actor):
    """Somebody on the roster, by the roster's key."""

    kind: Literal["person"] = "person"
    person: str


class Stranger(_Actor):
    """A Telegram user who is not on the roster, or an anonymous admin (`telegram` is then None): may read only."""

    kind: Literal["stranger"] = "stranger"
    telegram: int | None
    name: str


class Source(_Actor):
    """A program that sends alerts or calls the API: `alertmanager`, `pagerduty`, `api`."""

    kind: Literal["source"] = "source"
    name: str


class System(_Actor):
    """Nabat itself: a timer that fell due, a rule that held, a delivery that failed."""

    kind: Literal["system"] = "system"


Actor = Annotated[Responder | Stranger | Source | System, Field(discriminator="kind")]
