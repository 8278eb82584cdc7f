"""The only room that sends to Telegram."""

import os

# python-telegram-bot's own switch: a RetryAfter then holds a timedelta, and no 429 raises a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")
