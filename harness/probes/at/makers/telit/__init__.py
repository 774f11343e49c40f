"""Telit modems (at-dialects.md sections 3, 15.4)."""
