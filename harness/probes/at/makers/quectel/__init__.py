"""Quectel modems (at-dialects.md sections 2, 15.1, 15.2)."""
