"""`nabat check`: looks at everything the bot depends on, changes nothing and writes to nobody."""

from bot.doctor.examination import examine

__all__ = ["examine"]
