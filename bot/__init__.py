"""Nabat: an incident bot for Telegram."""
