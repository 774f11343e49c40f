"""How Sierra EM and MC modems (MC73xx to EM75xx) are held to one LTE band: a band set that is defined, then chosen.

Sets have indices 00 to 13, hexadecimal; one that is defined cannot be taken away again, so only a set that is there is used:
13, whose row is put back as it was, and after it the index that was in force. GW masks stay as they are in that row. What is
written holds after AT!RESET; AT!ENTERCND, which lets writes through, is forgotten there. Modems of other makers' names have
other codes for it, and none is guessed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.probes.at.locking import BandLock, Locking, in_mask
from harness.state.item import StateItem

from .sierra_scans import SCANS

if TYPE_CHECKING:
    from harness.probes.at.language.answer import Modem

SLOT = "13"
_UNLOCK = 'AT!ENTERCND="A710"'
_RESET = "AT!RESET"
_MASK = r"[0-9A-F]{16}"
_PLACES = {2: (1,), 3: (1,), 6: (1, 2)}
"""How many masks a row has -> where those of LTE stand: bands 1 to 64, and above."""


def _as_written(text: str) -> str:
    """A row of the table as the command writes it: `"<name>",<mask>,<mask>..`."""
    *name, masks = re.split(rf"((?:\s+{_MASK})+)$", text)[:2]
    return ",".join((f'"{"".join(name).strip()}"', *masks.split()))


def _masks(value: str) -> list[str]:
    return value.partition('",')[2].split(",")


def _only(value: str, band: int) -> str | None:
    masks = _masks(value)
    places = _PLACES.get(len(masks), ())
    if (band - 1) // 64 >= len(places):
        return None
    mask = 1 << (band - 1)
    for word, place in enumerate(places):
        masks[place] = f"{mask >> 64 * word & (1 << 64) - 1:016X}"
    return ",".join((value.partition('",')[0] + '"', *masks))


def _bands(value: str) -> frozenset[int] | None:
    masks = _masks(value)
    places = _PLACES.get(len(masks))
    if places is None:
        return None
    return in_mask(sum(int(masks[place], 16) << 64 * word for word, place in enumerate(places))) or None


def _cannot(value: str) -> str:
    return "" if len(_masks(value)) in _PLACES else f"a row of {len(_masks(value))} masks is not documented"


_ROW = StateItem(
    name="band_set",
    words=f"band set {SLOT} (!BAND=?; where the modem has none, define it once: it cannot be taken away again)",
    channel="at",
    read="AT!BAND=?",
    answer=rf"^\s*{SLOT},\s*(?P<value>\S.*?(?:\s+{_MASK}){{2,6}})\s*$",
    normal=_as_written,
    write=f"AT!BAND={SLOT},{{value}}",
    values=rf'"[^",\r\n]{{1,20}}"(?:,{_MASK}){{2,6}}',
    accepted=r"^OK",
    unlocked_by=_UNLOCK,
    takes_effect="restart",
    restart=_RESET,
    order=40,
    cannot=_cannot,
)
_INDEX = StateItem(
    name="band_index",
    words="the band set in force (!BAND)",
    channel="at",
    read="AT!BAND?",
    answer=r"^\s*(?P<value>[0-9A-F]{2}),\s*\S",
    write="AT!BAND={value}",
    values=r"0[0-9A-F]|1[0-3]",
    accepted=r"^OK",
    unlocked_by=_UNLOCK,
    takes_effect="restart",
    restart=_RESET,
    order=30,
)
_MODE = StateItem(
    name="selrat",
    words="the mode (!SELRAT)",
    channel="at",
    read="AT!SELRAT?",
    # "Unknown RAT mode" is a corrupt state, and none that could be put back.
    answer=r"^!SELRAT:\s*(?P<value>[0-9A-F]{2})\b",
    write="AT!SELRAT={value}",
    values=r"[01][0-9A-F]",
    accepted=r"^OK",
    unlocked_by=_UNLOCK,
    takes_effect="restart",
    restart=_RESET,
    order=20,
)
_LOCKING = Locking(
    locks=(
        BandLock(
            rat="lte",
            item=_ROW,
            only=_only,
            bands=_bands,
            beside=(("selrat", "06"), ("band_index", SLOT)),
            serving=("AT!GSTATUS?", "AT!LTEINFO?"),
        ),
    ),
    beside=(_MODE, _INDEX),
    scans=SCANS,
    memory=f"band set {SLOT} and the choice of a set are kept in the modem's memory, which wears with each write; the "
    "modem restarts for each band",
)


def locking(modem: Modem) -> Locking | None:
    """The locks of a modem; None where none is documented here."""
    return _LOCKING if modem.is_model(r"\b(?:MC|EM)7[345]\d\d") and not modem.is_model(r"DW58") else None
