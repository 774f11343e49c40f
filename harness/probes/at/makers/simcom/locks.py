"""How SIM7000, SIM7070 and SIM7080 are held to one band: +CBANDCFG, a list a technology, kept in the module.

A list with a band that the module lacks is refused as a whole; without a list the command answers OK to what nobody
knows, so it is never sent. A cell that is still allowed is kept: only a radio cycle shows that the list holds.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from harness.probes.at.locking import BandLock, Locking, in_list
from harness.state.item import StateItem

if TYPE_CHECKING:
    from harness.observations import Rat
    from harness.probes.at.language.answer import Modem


def _list(name: str, words: str, word: str, order: int) -> StateItem:
    return StateItem(
        name=name,
        words=words,
        channel="at",
        read="AT+CBANDCFG?",
        answer=rf'^\+CBANDCFG:\s*"{word}",(?P<value>\d[\d,]*)\s*$',
        write=f'AT+CBANDCFG="{word}",{{value}}',
        values=r"[1-9]\d{0,2}(?:,[1-9]\d{0,2})*",
        accepted=r"^OK",
        takes_effect="next_search",
        order=order,
    )


def _setting(name: str, words: str, command: str, values: str, order: int) -> StateItem:
    return StateItem(
        name=name,
        words=words,
        channel="at",
        read=f"AT+{command}?",
        answer=rf"^\+{command}:\s*(?P<value>\d+)\s*$",
        write=f"AT+{command}={{value}}",
        values=values,
        accepted=r"^OK",
        order=order,
    )


def _only(_: str, band: int) -> str:
    return str(band)


def _lock(rat: Rat, item: StateItem, narrow: str) -> BandLock:
    return BandLock(
        rat=rat,
        item=item,
        only=_only,
        bands=partial(in_list, separator=","),
        beside=(("cnmp", "38"), ("cmnb", narrow)),
        serving=("AT+CPSI?",),
    )


_NARROW = Locking(
    locks=(
        _lock("lte_m", _list("cat_m_bands", "the list of LTE-M bands (CBANDCFG)", "CAT-M", 40), "1"),
        _lock("nb_iot", _list("nb_iot_bands", "the list of NB-IoT bands (CBANDCFG)", "NB-IOT", 42), "2"),
    ),
    beside=(
        _setting("cnmp", "the mode (CNMP)", "CNMP", r"2|13|38|51", 20),
        _setting("cmnb", "the choice of LTE-M and NB-IoT (CMNB)", "CMNB", r"[123]", 22),
    ),
    memory="the band list is kept in the module's memory, which wears with each write, and goes with it to other boards",
)


def locking(modem: Modem) -> Locking | None:
    """The locks of a module; None where none is documented here."""
    return _NARROW if modem.is_model(r"SIM70[078]\d") else None
