"""Signs of which device it is, held against the sheets: what rules a choice out, and what makes identity contradicted.

A codename is shared by markets, a partition may be another phone's, a ROM need not be of its hardware's region. A sign
that names another device than the one that was chosen is never outvoted: then no sheet speaks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.observations import Identity, IdentitySign

    from .edition import DeviceSheet, Variant

_HARDWARE_REGIONS = {
    "cn": "china",
    "china": "china",
    "gl": "global",
    "global": "global",
    "in": "india",
    "india": "india",
    "jp": "japan",
    "japan": "japan",
}
_SOLD_WITH = {
    "china": frozenset({"china"}),
    "india": frozenset({"india"}),
    "japan": frozenset({"japan"}),
    "global": frozenset({"global", "eea", "russia", "indonesia", "taiwan", "turkey", "korea", "us"}),
}
"""Hardware region -> regions of the ROMs that its maker ships on it."""


def form_of(number: str) -> str:
    """The form of a model number: `SM-G991U` and `SM-G991B` are `A-9A`, `MDE5` is `A9`, `Mi MIX 2` is `A A 9`."""
    return re.sub(r"\d+", "9", re.sub(r"[A-Za-z]+", "A", number.strip()))


def unlisted(numbers: Iterable[str], variants: Iterable[Variant]) -> str | None:
    """A told number of the form of those that the variants list, and none of them; None where there is none."""
    listed = {number.casefold(): form_of(number) for variant in variants for number in variant.model_numbers}
    forms = set(listed.values())
    told = [number for number in numbers if number.strip()]
    if any(number.casefold() in listed for number in told):
        return None
    return next((number for number in told if form_of(number) in forms), None)


def against_hardware(identity: Identity) -> str:
    """Why the ROM is none of the hardware's region, in words; empty where it may be, or where nothing is told."""
    hardware = _HARDWARE_REGIONS.get((identity.hardware_region or "").strip().casefold())
    rom = (identity.rom_region or "").strip().casefold()
    if hardware is None or not rom or rom in _SOLD_WITH[hardware]:
        return ""
    return f"the hardware is of the region {hardware}, the ROM of {rom}: the sheet of the ROM's region does not speak for it"


def unproven_rom(identity: Identity) -> str:
    """Why the ROM need not be the one that the hardware was sold with; empty where nothing speaks against it."""
    state = (identity.verified_boot or "").casefold()
    told = (identity.hardware_region or "").strip().casefold() in _HARDWARE_REGIONS
    if state in {"", "green"} or told:
        return ""
    return f"the ROM region tells the variant, and the boot state is {state}: the ROM need not be the hardware's own"


def strange_codename(identity: Identity, chosen: Iterable[Variant]) -> str:
    """The told codename where the variants list some and it is none of them, nor one with its market; else empty."""
    known = {name.casefold() for variant in chosen for name in variant.codenames}
    told = (identity.codename or "").strip().casefold()
    strange = told and known and told not in known and not any(_akin(told, name) for name in known)
    return str(identity.codename) if strange else ""


def foreign_codename(
    identity: Identity, chosen: Iterable[Variant], known: Iterable[tuple[DeviceSheet, Variant]]
) -> str:
    """Why a told codename shows that the chosen variants are another device, in words; else empty. `known`: all sheets.

    Makers name their builds otherwise than people name the phone (HWBLA is blanc), so a codename that no sheet knows
    contradicts a model number only beside another sign: a boot loader that lets anyone write either of them.
    """
    strange = strange_codename(identity, chosen)
    told = strange.strip().casefold()
    owners = (
        sheet.id
        for sheet, variant in known
        if strange and any(told == name.casefold() or _akin(told, name.casefold()) for name in variant.codenames)
    )
    if owner := next(owners, ""):
        return f"the device tells the codename {strange}, which is that of {owner}"
    state = (identity.verified_boot or "").casefold()
    if strange and state not in {"", "green"}:
        return f"the device tells the codename {strange}, which that sheet does not list, and the boot state is {state}"
    return ""


def differing(signs: Iterable[IdentitySign], chosen: Iterable[Variant], names: Iterable[str] = ()) -> str:
    """The sign that names another model or codename than the chosen variants have, in words; else empty.

    `names` are the marketing names of the sheet: of the Mi MIX 2, a partition that says Mi MIX 3 is another phone's.
    """
    variants = tuple(chosen)
    own = {name.strip().casefold() for name in names}
    numbers = {number.casefold() for variant in variants for number in variant.model_numbers}
    codenames = {name.casefold() for variant in variants for name in variant.codenames}
    for sign in signs:
        word = sign.value.strip().casefold()
        known = numbers if sign.what == "model" else codenames
        if not word or word in numbers | codenames | own or any(_akin(word, name) for name in known):
            continue
        if sign.what == "model" and any(_sister(word, name) for name in own):
            return f"{sign.place} says {sign.value}"
        if sign.what == "codename" or form_of(word) in {form_of(number) for number in numbers}:
            return f"{sign.place} says {sign.value}"
    return ""


def _sister(one: str, other: str) -> bool:
    """Whether two names are of one series and of two of its models: the same words before the first digit."""
    stem = re.sub(r"\d.*", "", one, flags=re.DOTALL).strip()
    return len(stem) > 2 and stem != one and stem == re.sub(r"\d.*", "", other, flags=re.DOTALL).strip()


def _akin(one: str, other: str) -> bool:
    """A product's name is its codename with the market behind it: `chiron_global`."""
    return one.startswith(f"{other}_") or other.startswith(f"{one}_")
