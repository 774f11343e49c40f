"""An address scheme: `nowhere:nw200-us` is what lies on that place of the rack of Nowhere Wireless.

A real one would ask the laboratory's inventory and answer with a serial port or an adb serial; this rack is a folder of
recordings, `NOWHERE_RACK` names it.
"""

from __future__ import annotations

import os
from pathlib import Path

from harness.extending import DeviceAbsent


def place(name: str) -> str:
    """The address of what stands on a place. Raises DeviceAbsent where nothing does."""
    rack = Path(os.environ.get("NOWHERE_RACK", "recordings"))
    found = rack / f"nowhere-{name}"
    if not name.replace("-", "").isalnum() or not found.is_dir():
        here = ", ".join(sorted(one.name.removeprefix("nowhere-") for one in rack.glob("nowhere-*")))
        raise DeviceAbsent(
            f"nowhere:{name}: nothing stands on that place", way_out=f"the rack {rack} holds {here or 'nothing'}"
        )
    return str(found)
