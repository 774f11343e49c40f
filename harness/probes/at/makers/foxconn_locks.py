"""How T99W175, T99W373 and MV31-W are held to one LTE band: ^BAND_PREF, whose operation 2 replaces the enabled list.

One write takes 15 bands at most, so a longer list could not be written back in one go, and is not touched. The bare
^BAND_PREF and ^LTE_LOCK are writes, and never sent. ^SLMODE with a first value of 0 is lost at power-off.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from harness.probes.at.locking import BandLock, FreeItem, Locking, in_list, watched
from harness.state.item import StateItem

if TYPE_CHECKING:
    from harness.probes.at.language.answer import Modem

MOST = 15
"""Bands that one write takes."""


def _listed(text: str) -> str:
    return ",".join(part.strip() for part in text.split(",") if part.strip())


def _too_long(value: str) -> str:
    many = len(value.split(","))
    return f"{many} bands are enabled, and one write takes {MOST}: it could not be put back" if many > MOST else ""


def _list(name: str, words: str, rat: str, order: int, *couples: str) -> StateItem:
    return StateItem(
        name=name,
        words=words,
        channel="at",
        read="AT^BAND_PREF?",
        answer=rf"^(?:\^BAND_PREF:\s*)?{rat},\s*Enabled? Bands\s*:\s*(?P<value>\d[\d, ]*)\s*$",
        normal=_listed,
        write=f"AT^BAND_PREF={rat},2,{{value}}",
        values=r"[1-9]\d{0,2}(?:,[1-9]\d{0,2}){0,14}",
        accepted=r"^OK",
        couples=couples,
        order=order,
        cannot=_too_long,
    )


def _only(_: str, band: int) -> str:
    return str(band)


_LTE = _list("lte_bands", "the enabled LTE bands (BAND_PREF)", "LTE", 40, "nr_bands", "umts_bands")
_LOCKING = Locking(
    locks=(
        BandLock(
            rat="lte",
            item=_LTE,
            only=_only,
            bands=partial(in_list, separator=","),
            # LTE alone, until power-off.
            beside=(("slmode", "0,2"),),
            serving=("AT^DEBUG?", "AT^CA_INFO?"),
            most=MOST,
        ),
    ),
    beside=(
        StateItem(
            name="slmode",
            words="the mode (SLMODE)",
            channel="at",
            read="AT^SLMODE?",
            answer=r"^\^SLMODE:\s*(?P<value>[01],[0-7])\s*$",
            write="AT^SLMODE={value}",
            values=r"[01],[0-7]",
            accepted=r"^OK",
            order=20,
        ),
        # What a write of one list may carry along; seen on some firmware.
        _list("nr_bands", "the enabled NR bands (BAND_PREF)", "NR5G", 44),
        _list("umts_bands", "the enabled UMTS bands (BAND_PREF)", "WCDMA", 46),
    ),
    free=(
        FreeItem(
            item=watched(
                "cell_lock", "the LTE cell lock (LTE_LOCK)", "AT^LTE_LOCK?", r"LOCK\s*:\s*(?P<value>Have not set|\()"
            ),
            is_free="Have not set".__eq__,
            optional=False,
        ),
    ),
    memory="the list of enabled bands is kept in the modem's memory, which wears with each write",
)


def locking(modem: Modem) -> Locking | None:
    """The locks of a module; None where none is documented here."""
    return _LOCKING if modem.is_model(r"T99W(?:175|373)", r"MV31-?W") else None
