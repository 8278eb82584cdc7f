"""The only room that sends to Telegram."""
