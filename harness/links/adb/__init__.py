"""Handsets over adb: the server, its shell in one round trip, files."""
