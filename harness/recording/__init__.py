"""Exchanges and recordings: evidence of a run and fixtures of a test, in one format."""
