"""How Telit modules are held to one band: #BND, one line of GSM and UMTS rows and LTE and NR masks.

The line is written whole: rows of tables and NR masks as read, and as many fields as the read form has. FN and LN modules
take it within seconds, LE and ME modules at #REBOOT. A constant "all bands" line of one model is wrong on its sister, so
only the line that was read goes back.
"""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING

from harness.probes.at.locking import BandLock, Locking, in_mask, setting
from harness.state.item import StateItem

from .bands import band_form, number

if TYPE_CHECKING:
    from harness.probes.at.language.answer import Modem

    from .bands import BandForm

_AT_ONCE = (r"FN9[89]0", r"LN920", r"LM9[46]0")
_REBOOT = "AT#REBOOT"
_LOW = 63


def _places(form: BandForm, value: str) -> tuple[int, int | None] | None:
    """Where the LTE masks of a line stand: bands 1 to 64, and those above."""
    layout = form.layouts.get(len(value.split(",")))
    if layout is None or "lte" not in layout:
        return None
    return layout.index("lte"), layout.index("lte_high") if "lte_high" in layout else None


def _spelled(form: BandForm, mask: int) -> str:
    return f"{mask:X}" if form.base == 16 else str(mask)


def _only(form: BandForm, value: str, band: int) -> str | None:
    places, fields = _places(form, value), value.split(",")
    if places is None:
        return None
    low, high = places
    mask = 1 << (band - 1)
    if mask >> 64 and high is None:
        return None
    fields[low] = _spelled(form, mask & (1 << 64) - 1)
    if high is not None:
        fields[high] = _spelled(form, mask >> 64)
    return ",".join(fields)


def _bands(form: BandForm, value: str) -> frozenset[int] | None:
    places, fields = _places(form, value), value.split(",")
    if places is None:
        return None
    low = number(fields[places[0]], form.base)
    high = number(fields[places[1]], form.base) if places[1] is not None else 0
    return None if low is None or high is None else in_mask(low | high << 64)


def _cannot(form: BandForm, value: str) -> str:
    if _places(form, value) is None:
        return f"its {len(value.split(','))} fields have no known layout on this model"
    return "" if _bands(form, value) else "the LTE mask is empty, and an empty mask must not be written"


def _as_written(text: str) -> str:
    return re.sub(r"\s", "", text).upper()


@cache
def _locking(form_of: str, at_once: bool) -> Locking:
    from harness.probes.at.language.answer import Modem

    form = band_form(Modem("Telit", form_of))
    if form is None:
        raise ValueError(form_of)
    item = StateItem(
        name="bnd",
        words="the band masks (#BND)",
        channel="at",
        read="AT#BND?",
        answer=r"^#BND:\s*(?P<value>\d{1,3},[0-9A-Fa-f]{1,3}(?:,\s*[0-9A-Fa-f]{1,20}){1,6})\s*$",
        normal=_as_written,
        write="AT#BND={value}",
        values=r"\d{1,3}(?:,[0-9A-F]{1,20}){2,7}",
        accepted=r"^OK",
        takes_effect="now" if at_once else "restart",
        restart="" if at_once else _REBOOT,
        settles_s=15.0,
        order=40,
        cannot=partial(_cannot, form),
    )
    lock = BandLock(
        rat=form.rat,
        item=item,
        only=partial(_only, form),
        bands=partial(_bands, form),
        beside=(("ws46", "28"),) if form.rat == "lte" else (),
        serving=("AT#RFSTS", "AT#MONI"),
        called=() if form.rat == "lte" else ("lte",),
    )
    return Locking(
        locks=(lock,),
        # E-UTRA alone (TS 27.007 5.9).
        beside=(setting("ws46", "the mode (WS46)", "+WS46", r"\d{1,2}", 20),) if form.rat == "lte" else (),
        # LTE-M and NB-IoT share the mask of some, and which of them is on is not set here.
        doubt="" if form.rat == "lte" else "which of LTE-M and NB-IoT is on is not set here",
        memory="the band masks are kept in the module's memory, which wears with each write"
        + ("" if at_once else "; the module restarts for each band"),
    )


def locking(modem: Modem) -> Locking | None:
    """The locks of a module; None where none is documented for it."""
    form = band_form(modem)
    if form is None or modem.is_model(r"LN9[46]0"):
        return None
    return _locking(modem.model or "", modem.is_model(*_AT_ONCE))
