"""Racks of simulated devices: every row of the design's speed table that needs a device on the wire."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks.handsets import handsets
from benchmarks.modems import modems

if TYPE_CHECKING:
    from benchmarks.measuring import Row


def devices(rounds: int) -> list[Row]:
    """Handsets over a real adb server, modems over ttys, beside Mobly, adbutils and ModemManager."""
    if not sys.platform.startswith("linux"):
        raise SystemExit("devices: the simulated modems and the CPU of other processes need Linux")
    return [*handsets(rounds), *modems(rounds)]
