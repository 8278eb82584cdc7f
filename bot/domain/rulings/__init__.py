"""What each command leads to: one file a subject. `bot.domain.decide` is the only caller."""
