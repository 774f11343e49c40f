"""The page: one file, no script."""
