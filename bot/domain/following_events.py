"""What a beta launch does to an incident, as its log keeps it."""

from typing import Literal

from pydantic import AwareDatetime

from bot.domain.chat_event import ChatEvent


class BetaFollowed(ChatEvent):
    """The launch that the incident follows from now on began at `since` and ends at `until`; None: it follows none.

    `before` is the beginning of the one it followed until now. The same on both sides only notes how things stand.
    """

    kind: Literal["beta_followed"] = "beta_followed"
    before: AwareDatetime | None
    since: AwareDatetime | None
    until: AwareDatetime | None = None
