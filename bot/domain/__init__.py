"""The process itself: pure rules, no input or output, no clock."""
