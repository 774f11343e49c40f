"""The day of an option, as all commands take it."""

from __future__ import annotations

from datetime import date

from harness.errors import UsageError


def day_of(text: str | None) -> date:
    """The last day of `2026-06-01`, `2026-06` or `2026`; today for None. Raises UsageError."""
    from harness.carriers.dates import last_day

    if text is None:
        return date.today()
    try:
        return last_day(text)
    except ValueError as error:
        raise UsageError(f"--as-of {text!r} is no date", way_out="write YYYY-MM-DD, YYYY-MM or YYYY") from error
