"""How a Nordic nRF91 is held to one band: the run-time lock of %XBANDLOCK, which power-off takes away.

nRF91 AT Commands Reference Guide: locks and modes are written while the radio is off only. Operation 0 removes the
permanent lock too, so a modem that has one is not touched: its permanent memory would have to be written.
"""

from __future__ import annotations

import re
from functools import partial

from harness.probes.at.locking import BandLock, Locking, in_mask
from harness.state.item import StateItem

from .nordic_scans import SCANS

_FREE = "0"


def _as_written(text: str) -> str:
    """`"<permanent>","<run-time>"` -> what sets it: `0` for none, `2,"<bits>"`."""
    permanent, _, passing = (part.strip().strip('"').lstrip("0") for part in text.partition(","))
    if permanent:
        return f"permanent {permanent}"
    return f'2,"{passing}"' if passing else _FREE


def _permanent(value: str) -> str:
    return "a permanent band lock is set, and to remove the run-time lock removes it too" if value[0] == "p" else ""


def _only(_: str, band: int) -> str:
    return f'2,"{1 << (band - 1):b}"'


def _bands(value: str) -> frozenset[int] | None:
    """The bands of a run-time lock; None where none is set: all."""
    bits = re.fullmatch(r'2,"([01]+)"', value)
    return in_mask(int(bits[1], 2)) if bits else None


_RADIO_OFF = (("radio", "4"),)
_LOCK = StateItem(
    name="run_time_lock",
    words="the run-time band lock (%XBANDLOCK)",
    channel="at",
    read="AT%XBANDLOCK?",
    answer=r'^%XBANDLOCK:\s*(?P<value>"[01]{0,88}"\s*,\s*"[01]{0,88}")\s*$',
    normal=_as_written,
    write="AT%XBANDLOCK={value}",
    values=r'0|2,"1[01]{0,87}"',
    accepted=r"^OK",
    takes_effect="radio_cycle",
    kept_by="volatile",
    needs=_RADIO_OFF,
    order=40,
    cannot=_permanent,
)
_MODE = StateItem(
    name="system_mode",
    words="the system mode (%XSYSTEMMODE)",
    channel="at",
    read="AT%XSYSTEMMODE?",
    answer=r"^%XSYSTEMMODE:\s*(?P<value>[01],[01],[01],[0-4](?:,[01])?)\s*$",
    write="AT%XSYSTEMMODE={value}",
    values=r"[01],[01],[01],[0-4](?:,[01])?",
    accepted=r"^OK",
    takes_effect="radio_cycle",
    needs=_RADIO_OFF,
    order=20,
)


def _mode(leading: str, before: str) -> str:
    """LTE-M and NB-IoT as asked, all else as it was."""
    return f"{leading},{before.split(',', 2)[2]}"


def _lock(rat: str, leading: str) -> BandLock:
    return BandLock(
        rat=rat,  # type: ignore[arg-type]
        item=_LOCK,
        only=_only,
        bands=_bands,
        beside=(("system_mode", partial(_mode, leading)),),
        serving=("AT%XMONITOR",),
        lists=("lte_m", "nb_iot"),
        while_off=True,
    )


LOCKING = Locking(
    locks=(_lock("lte_m", "1,0"), _lock("nb_iot", "0,1")),
    beside=(_MODE,),
    report="5",
    scans=SCANS,
    memory="the lock is gone after a power cycle; the mode is kept in the modem's memory",
)
