"""An address scheme: `nowhere:nw200-us` is what lies on that place of the rack of Nowhere Wireless.

A real one would ask the laboratory's inventory and answer with a serial port or an adb serial; this rack holds recordings.
"""

from __future__ import annotations

from pathlib import Path

from harness.extending import DeviceAbsent

RACK = Path(__file__).parents[2] / "recordings"


def place(name: str) -> str:
    """The address of what stands on a place. Raises DeviceAbsent where nothing does."""
    found = RACK / f"nowhere-{name}"
    if not name.replace("-", "").isalnum() or not found.is_dir():
        here = ", ".join(sorted(one.name.removeprefix("nowhere-") for one in RACK.glob("nowhere-*")))
        raise DeviceAbsent(f"nowhere:{name}: nothing stands on that place", way_out=f"the rack holds {here}")
    return str(found)
