"""The palette: dark, and told apart also by readers who see red and green alike."""

from bot.views.charts.model import MarkKind

PAGE = "#111217"
CARD = "#1a1c23"
GRID = "#2c2f3a"
AXIS = "#444956"
TEXT = "#e6e8ee"
MUTED = "#a3a9b8"
YESTERDAY = "#8d94a6"
BREACH = "#ff5a5f"
HEALTHY = "#4fd18b"
LINES = ("#5fa8ff", "#f5b83d", "#4fd18b", "#d58cff", "#ff8f5a", "#4fd6d6", "#ff7ab8", "#b7c34a")
MARKS = {
    MarkKind.DECLARED: "#ff8f5a",
    MarkKind.ACKNOWLEDGED: "#f5d04a",
    MarkKind.ROLLBACK: "#d58cff",
    MarkKind.RESOLVED: "#4fd18b",
    MarkKind.OTHER: "#a3a9b8",
}

RANKS = (BREACH, LINES[1], LINES[0], MUTED, LINES[3], LINES[5])
"""Of severities, the worst first."""

AREA_ALPHA = 0.13
"""Of the area under a line."""
BREACH_ALPHA = 0.42
"""Of the area between a line and the bound it breaks."""
