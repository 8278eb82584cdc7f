"""Commands become commits here; timers, metrics and actions become commands."""
