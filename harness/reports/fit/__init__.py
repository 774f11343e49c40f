"""The fit table in its forms."""
