"""What every event of a log shares: when, and by whom."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.domain.actors import Actor


class ChatEvent(BaseModel):
    """What all events share."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    at: AwareDatetime
    by: Actor
