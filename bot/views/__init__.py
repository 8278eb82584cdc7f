"""State to text, buttons and pictures; knows nothing of Telegram."""
