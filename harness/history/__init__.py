"""Finished runs kept in one table, and what it answers. An extra: deltalake and duckdb are imported where they are used."""
