"""What runs on a device, in one word, by which runs before and after an update are told apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_XIAOMI = re.compile(r"(?:V|OS)\d{1,3}(?:\.\d{1,4}){2,4}\.[A-Z0-9]{5,9}")
"""Vx.y.z.w.XXXXXXX, OSx.y.z.w.XXXXXXX: MIUI's and HyperOS's stable builds."""


def firmware_of(identity: Mapping[str, object]) -> str | None:
    """The build of a handset, else the baseband of a modem; of MIUI and HyperOS the version of the ROM.

    Their `ro.build.display.id` is Android's own id: MIUI V10.2.1.0 and V11.0.2.0 of a Mi MIX are both OPR1.170623.032.
    Elsewhere the ROM's version (ColorOS "V13.1.0") is the coarser one.
    """
    rom = str(identity.get("rom_version") or "")
    if rom and (_XIAOMI.fullmatch(rom) or f"/{rom}:" in str(identity.get("fingerprint"))):
        return rom
    build = identity.get("build") or identity.get("baseband")
    return str(build) if build else None
