"""Whether octets of which nobody says what they are are a capability container: many other messages decode as one.

PER has neither names nor a checksum, so UMTS system information and LTE packets fit by chance (reference
ue-capability.md). What they do not have is what every phone's container has: no bit that its version of the type does
not know, no doubt, and a second part that agrees with the bands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .texts import tree
from .wire import rrc

if TYPE_CHECKING:
    from .account import Account
    from .wire.rrc import Coding


MANY = 4
"""Of 1024 numbers about 70 are NR bands: so many different ones do not come by chance."""


def is_plain_capability(data: bytes, account: Account) -> bool:
    """Whether the octets, which decode as this account, hold together as a whole container.

    LTE: each band's entry in measParameters, and two bands at least. NR: combinations of the bands that it lists, or many
    bands. MR-DC: several combinations, each of both RATs.
    """
    if account.doubts or account.kind == "table":
        return False
    coding: Coding = account.kind
    names = tree.index(rrc.decode(data, coding)[0])
    if any(name.startswith("_ext_") for name in names):
        return False
    if account.kind == "eutra":
        told = set(account.bands.get("lte", ())) | set(account.unknown)
        return len(told) > 1 and _same_number(names)
    combos = [combo for told in account.combinations.values() for combo in told]
    if account.kind == "nr":
        return bool(combos) or len(set(account.bands.get("nr", ()))) >= MANY
    return len(combos) > 1 and all(len({part.rat for part in combo}) == 2 for combo in combos)


def _same_number(names: dict[str, list[tree.Tree]]) -> bool:
    """bandListEUTRA has an entry for each band, and each of these one for each band (TS 36.331 clause 6.3.6)."""
    bands = len(tree.items(names.get("supportedBandListEUTRA", [None])[0]))
    rows = tree.items(names.get("bandListEUTRA", [None])[0])
    return len(rows) == bands and all(
        len(tree.items(row.get("interFreqBandList"))) == bands for row in rows if isinstance(row, dict)
    )
