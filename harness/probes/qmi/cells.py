"""Serving cells: what several answers claim of one cell becomes one observation, checked against the channel tables.

QMI stores the EARFCN in 16 bits in most messages (reference qmi-mbim.md section 2): 66487 shows as 951. Where another
answer has all 32 bits, that decides; where none has, the band is only told when a named band settles it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from harness.observations import ServingCell, Source
from harness.probes.at.language import values as at_values
from harness.radio.channels import (
    EARFCN_MODULUS,
    BandReading,
    lte_band_of,
    read_lte_band,
    read_nr_band,
    read_umts_band,
)

if TYPE_CHECKING:
    from harness.observations import Rat, Role

_LABELS = {"lte": "B", "nr": "n", "umts": "B"}


@dataclass(frozen=True, slots=True)
class Claim:
    """What one answer says of one cell. `narrow`: its channel number was stored in 16 bits."""

    rat: Rat
    role: Role = "pcell"
    arfcn: int | None = None
    narrow: bool = False
    band: int | None = None
    pci: int | None = None
    plmn: str | None = None
    tac: int | None = None
    khz: int | None = None
    active: bool | None = None
    registered: bool | None = None
    source: Source | None = None

    @property
    def places(self) -> bool:
        """Whether the claim says which cell, and not only that there is one."""
        return self.arfcn is not None or self.band is not None or self.pci is not None


def merge_cells(claims: list[Claim]) -> tuple[list[ServingCell], list[str]]:
    """One ServingCell for each cell that is claimed, primary ones first, and warnings."""
    claims = _roles([_checked(claim) for claim in claims])
    warnings: list[str] = []
    merged: list[Claim] = []
    for role in ("pcell", "pscell", "scell"):
        own = [claim for claim in claims if claim.role == role]
        for rat in dict.fromkeys(claim.rat for claim in own):
            merged += _merge([claim for claim in own if claim.rat == rat], role, warnings)
    return [_cell(claim, warnings) for claim in merged], warnings


def _checked(claim: Claim) -> Claim:
    """The claim without values that stand for "none"; an NR-ARFCN never fits into 16 bits."""
    kind = "nr" if claim.rat == "nr" else "lte"
    pci = claim.pci if claim.rat == "umts" else at_values.pci(claim.pci, rat=kind)
    arfcn = None if claim.rat == "nr" and claim.narrow else claim.arfcn
    return replace(claim, arfcn=arfcn, pci=pci, tac=at_values.tac(claim.tac, rat=kind))


def _roles(claims: list[Claim]) -> list[Claim]:
    """NR beside a serving LTE cell is the secondary leg of EN-DC."""
    anchored = any(claim.rat == "lte" and claim.role == "pcell" for claim in claims)
    if not anchored:
        return claims
    return [replace(c, role="pscell") if c.rat == "nr" and c.role == "pcell" else c for c in claims]


def _merge(claims: list[Claim], role: str, warnings: list[str]) -> list[Claim]:
    """Claims of one RAT and role: those that fit together become one; bare ones belong to the only cell there is."""
    groups: list[Claim] = []
    for claim in (c for c in claims if c.places):
        index = next((n for n, group in enumerate(groups) if _fits(group, claim, role)), None)
        if index is None:
            groups.append(claim)
        else:
            groups[index] = _join(groups[index], claim)
    bare = [claim for claim in claims if not claim.places]
    if not groups:
        groups = bare[:1]
        bare = bare[1:]
    if len(groups) > 1 and role == "pcell":
        warnings.append("the answers name different serving cells: which one the device is registered on is not told")
        return [replace(group, registered=None) for group in groups]
    for claim in bare:
        groups[0] = _join(groups[0], claim)
    return groups


def _fits(one: Claim, other: Claim, role: str) -> bool:
    if role == "scell" and (one.arfcn, one.pci) != (other.arfcn, other.pci):
        return False
    for left, right in ((one.pci, other.pci), (one.plmn, other.plmn)):
        if left is not None and right is not None and left != right:
            return False
    if one.arfcn is None or other.arfcn is None:
        return one.band is None or other.band is None or one.band == other.band
    if one.narrow or other.narrow:
        return one.arfcn % EARFCN_MODULUS == other.arfcn % EARFCN_MODULUS
    return one.arfcn == other.arfcn


def _join(one: Claim, other: Claim) -> Claim:
    """The first claim, its gaps filled from the other; a whole channel number beats a cut one, and of two bands that
    one which the channel contradicts stays, so that the conflict shows."""
    gaps = {
        part.name: getattr(other, part.name)
        for part in fields(Claim)
        if getattr(one, part.name) is None and getattr(other, part.name) is not None
    }
    joined = replace(one, **gaps)
    if other.arfcn is not None and (one.arfcn is None or (one.narrow and not other.narrow)):
        joined = replace(joined, arfcn=other.arfcn, narrow=other.narrow)
    if one.band is not None and other.band is not None and one.band != other.band:
        wrong = next((b for b in (one.band, other.band) if _reading(replace(joined, band=b)).conflict), one.band)
        joined = replace(joined, band=wrong)
    return joined


def _reading(claim: Claim) -> BandReading:
    if claim.rat == "nr":
        return read_nr_band(claim.arfcn, claim.band)
    if claim.rat == "umts":
        return read_umts_band(claim.arfcn, claim.band)
    if claim.rat != "lte":
        return BandReading(claim.band, (), claim.band, "reported" if claim.band is not None else None)
    if claim.narrow and claim.band is None and claim.arfcn is not None:
        wrapped = lte_band_of(claim.arfcn + EARFCN_MODULUS)
        plain = lte_band_of(claim.arfcn)
        if wrapped is not None:
            return BandReading(None, tuple(band for band in (plain, wrapped) if band is not None))
    return read_lte_band(claim.arfcn, claim.band)


def _cell(claim: Claim, warnings: list[str]) -> ServingCell:
    reading = _reading(claim)
    label = _LABELS.get(claim.rat, "")
    if reading.wrapped and claim.arfcn is not None:
        warnings.append(
            f"EARFCN {claim.arfcn} was stored in 16 bits: {claim.arfcn + EARFCN_MODULUS} lies in the reported "
            f"{label}{reading.reported}"
        )
    elif reading.conflict:
        places = ", ".join(label + str(band) for band in reading.candidates) or "no band"
        warnings.append(f"the device names {label}{reading.reported} for channel {claim.arfcn}, which lies in {places}")
    elif claim.narrow and reading.band is None and len(reading.candidates) > 1:
        warnings.append(f"EARFCN {claim.arfcn} is stored in 16 bits and may be {(claim.arfcn or 0) + EARFCN_MODULUS}")
    return ServingCell(
        role=claim.role,
        active=claim.active,
        rat=claim.rat,
        registered=claim.registered,
        plmn=claim.plmn,
        arfcn=claim.arfcn,
        band=reading.band,
        band_candidates=(reading.candidates or None) if reading.band is None or reading.conflict else None,
        band_reported=reading.reported,
        pci=claim.pci,
        tac=claim.tac,
        bandwidth_khz=claim.khz,
        band_source=reading.source,
        source=claim.source,
    )


def bandwidth_khz(text: str | None) -> int | None:
    """`20`, `1.4`, `5gnr-100` -> kHz; None for `(null)` and the like."""
    word = (text or "").strip().lower().removeprefix("5gnr-").removeprefix("lte-").removesuffix(" mhz")
    try:
        mhz = float(word)
    except ValueError:
        return None
    return round(mhz * 1000) if 1 <= mhz <= 2000 else None


def channel(text: str | None, most: int = 3_279_165) -> int | None:
    """A channel number in decimal; None for anything else, 0xFFFF and 0xFFFFFFFF included."""
    word = (text or "").strip()
    if not word.isdecimal() or len(word) > 10:
        return None
    number = int(word)
    return number if number <= most and number != 0xFFFF else None
