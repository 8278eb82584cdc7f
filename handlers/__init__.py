"""A Telegram update becomes a command, and its outcome an answer."""
