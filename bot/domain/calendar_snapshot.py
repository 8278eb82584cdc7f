"""What was last read in the on-call calendar, as it is kept for a restart or an outage of the calendar."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.domain.duty import Shift


class CalendarSnapshot(BaseModel):
    """The shifts of a calendar, read at `read_at` (UTC), of `address` (a digest: the address may hold a secret).

    `unknown` are events that name nobody on the roster, as the calendar has them. `failed` tells why a later reading
    failed, from `failed_since` on; the shifts are then those of the last good one.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    address: str
    read_at: AwareDatetime | None = None
    shifts: tuple[Shift, ...] = ()
    unknown: tuple[str, ...] = ()
    failed: str = ""
    failed_since: AwareDatetime | None = None
