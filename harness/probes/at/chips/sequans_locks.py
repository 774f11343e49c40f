"""How Sequans Monarch is held to one band: +SQNBANDSEL, a list a technology and operator's profile, written at CFUN=0.

Only the profile in use (+SQNCTM) counts, so both are read in one line: a lock that was written to another profile than the
one that is then in use does not read as asked. Bands that the modem lacks are taken all the same.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from harness.probes.at.locking import BandLock, Locking, in_list
from harness.state.item import StateItem

if TYPE_CHECKING:
    from harness.observations import Rat

_PROFILE = re.compile(r'^\+SQNCTM:\s*"?([\w.-]{1,32})"?\s*$', re.MULTILINE)
_ROW = re.compile(r'^\+SQNBANDSEL:\s*(\d),"?([\w.-]{1,32})"?,"?([\d,]*)"?\s*$', re.MULTILINE)


def _of_profile(number: str, text: str) -> str:
    """`<profile>","<bands>` of the profile in use; empty where it has no one row."""
    profiles = set(_PROFILE.findall(text.replace("\r", "")))
    if len(profiles) != 1:
        return ""
    profile = profiles.pop()
    rows = {bands for rat, name, bands in _ROW.findall(text.replace("\r", "")) if (rat, name) == (number, profile)}
    return f'{profile}","{rows.pop()}' if len(rows) == 1 else ""


def _only(value: str, band: int) -> str:
    return f'{value.partition(chr(34))[0]}","{band}'


def _bands(value: str) -> frozenset[int] | None:
    return in_list(value.rpartition('"')[2], ",")


def _cannot(value: str) -> str:
    return "" if value and _bands(value) else "the profile in use has no one list of these bands"


def _item(number: int, rat: str, words: str) -> StateItem:
    return StateItem(
        name=f"{rat}_bands",
        words=f"the {words} bands of the profile in use (SQNBANDSEL)",
        channel="at",
        read="AT+SQNCTM?;+SQNBANDSEL?",
        answer=r"(?s)(?P<value>\+SQNCTM:.*\+SQNBANDSEL:.*)\Z",
        normal=partial(_of_profile, str(number)),
        write=f'AT+SQNBANDSEL={number},"{{value}}"',
        values=r'[\w.-]{1,32}","[1-9]\d{0,2}(?:,[1-9]\d{0,2})*',
        accepted=r"^OK",
        takes_effect="radio_cycle",
        needs=(("radio", "0"),),
        order=40 + 2 * number,
        cannot=_cannot,
    )


def _lock(number: int, rat: Rat, words: str) -> BandLock:
    return BandLock(
        rat=rat,
        item=_item(number, rat, words),
        only=_only,
        bands=_bands,
        serving=("AT+SQNMONI=7",),
        called=("lte",),
        while_off=True,
    )


LOCKING = Locking(
    locks=(_lock(0, "lte_m", "LTE-M"), _lock(1, "nb_iot", "NB-IoT")),
    off="0",
    doubt="which of LTE-M and NB-IoT is on is not read here",
    memory="the lists are kept in the module's memory, which wears with each write",
)
