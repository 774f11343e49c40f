"""Whether an ADB serial and an AT port belong to one phone: told from what both sides say, and from the USB tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from harness.observations import Identity, Observation, Sim

if TYPE_CHECKING:
    from collections.abc import Sequence

_Fact = TypeVar("_Fact", bound=Observation)
_PARTS = {"tac_imei": "the TAC of the IMEI", "baseband": "the baseband"}


def refutation(adb: Sequence[Observation], at: Sequence[Observation]) -> str | None:
    """What shows that two readings are of two phones; None where nothing does.

    None is no proof: two phones of one model may agree in all of this. Serving cells are not compared, a phone may
    have moved between the readings.
    """
    for name, words in _PARTS.items():
        left, right = _part(adb, name), _part(at, name)
        if left and right and not _like(left, right):
            return f"{words} is {left} over ADB, {right} on the port"
    left_sims, right_sims = ({sim.plmn for sim in _of(side, Sim) if sim.plmn} for side in (adb, at))
    if left_sims and right_sims and not left_sims & right_sims:
        return f"the SIM is {', '.join(sorted(left_sims))} over ADB, {', '.join(sorted(right_sims))} on the port"
    return None


def same_usb_device(handset: str, port: str | None) -> bool | None:
    """Whether a handset's place as adb tells it (`usb:1-2`) and a tty's (`1-2:1.3`) are one USB device.

    None where one of them is not told: a handset on the network, a port that is no USB one.
    """
    if not handset.startswith("usb:") or not port:
        return None
    return handset.removeprefix("usb:") == port.partition(":")[0]


def _of(side: Sequence[Observation], type_: type[_Fact]) -> list[_Fact]:
    return [item for item in side if isinstance(item, type_)]


def _part(side: Sequence[Observation], name: str) -> str | None:
    return next((value for item in _of(side, Identity) if (value := getattr(item, name, None))), None)


def _like(left: str, right: str) -> bool:
    """Equal but for punctuation, or one the beginning of the other: handsets cut a long baseband version."""
    a, b = (re.sub(r"\W+", "", text).lower() for text in (left, right))
    return a.startswith(b) or b.startswith(a)
