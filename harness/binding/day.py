"""Whether a carrier's network is in force on the day that was asked about, seen from the day of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from harness.carriers.store import Selected


def ended(selected: Selected) -> str:
    """That the network was off by the day asked about, and where its customers went; empty where it was on."""
    carrier = selected.carrier
    if not selected.ended():
        return ""
    went = f", its customers went to {carrier.successor}" if carrier.successor else ""
    return f"ended {carrier.ended}{went}"


def announced(selected: Selected, today: date | None) -> str:
    """That the day asked about has not come; empty where it has, or where the day of the run is not known."""
    if today is None or selected.asked <= today:
        return ""
    return f"judged for {selected.asked.isoformat()} by what is announced until {today.isoformat()}"
