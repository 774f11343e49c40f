"""Telling others of a finished run: any program, a webhook, Prometheus. Never more than a warning comes back."""
