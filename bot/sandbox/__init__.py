"""A Telegram of our own for tests and the demo, and a service that can be broken on purpose."""
