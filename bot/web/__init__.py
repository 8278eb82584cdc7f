"""Hooks, API, health and metrics over HTTP."""
