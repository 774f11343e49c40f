"""Which market a ROM was built for: Xiaomi here, the other makers in `markets`.

The region of the ROM is not the user's region (ro.miui.region) nor the hardware's (ro.boot.hwc). Values: china,
global, eea, india, russia, indonesia, taiwan, turkey, japan, korea, us, another country by its name, custom
(a third party's port of a vendor ROM).
"""

from __future__ import annotations

import re

from .markets import chosen_by_user, get, market

_LETTERS = {
    "CN": "china",
    "MI": "global",
    "EU": "eea",
    "IN": "india",
    "RU": "russia",
    "ID": "indonesia",
    "TW": "taiwan",
    "TR": "turkey",
    "JP": "japan",
    "KR": "korea",
}
_CODES = {code.lower(): name for code, name in _LETTERS.items()} | {"global": "global", "eea": "eea"}
_PORTS: tuple[str, ...] = (
    "xiaomieu",
    "xiaomi.eu",
    "xiaomi-eu",
    "eliterom",
    "revolutionos",
    "weebrom",
    "masikrom",
    "miglobe",
    "mi-globe",
)
_PORTS += ("mi globe", "noblerom", "beyondrom", "ultimaterom")
_NAMES_OF_PORTS = ("ro.product.mod_device", "ro.build.display.id", "ro.build.version.incremental", "ro.rom.name")
_INCREMENTAL = re.compile(r"(?:V\d{1,3}|OS\d{1,2})(?:\.\d{1,4}){2,4}\.[A-Z]([A-Z0-9]{2})([A-Z]{2})([A-Z]{2})")
"""Stable builds: Vx.y.z.w. or OSx.y.z.w., Android letter, device (2), region (2), carrier (2)."""
_INCREMENTAL_KEYS = (
    "ro.mi.os.version.incremental",
    "ro.build.version.incremental",
    "ro.product.build.version.incremental",
    "ro.system.build.version.incremental",
)


def miui_incremental(props: dict[str, str]) -> str | None:
    """The build number that a Xiaomi user sees: Vx.y.z.w.XXXXXXX, OSx.y.z.w.XXXXXXX, or a developer ROM's date."""
    return next((value for key in _INCREMENTAL_KEYS if (value := get(props, key))), None)


def rom_region(props: dict[str, str]) -> tuple[str | None, list[str]]:
    """The ROM's region and warnings. None where the text does not say, or where its signs contradict each other."""
    mod = get(props, "ro.product.mod_device").lower()
    names = [get(props, key).lower() for key in _NAMES_OF_PORTS]
    if any(port in name for name in names if name for port in _PORTS):
        return "custom", ["the ROM is a third party's port: its region properties are of the ROM it was made from"]
    signs = _xiaomi_signs(props, mod)
    if signs:
        return _agreed(signs)
    if _is_weak_china(props):
        return "china", ["the ROM region rests on the user's region and language only"]
    region, _ = market(props)
    if region:
        return region, []
    region, key = chosen_by_user(props)
    return region, [f"the ROM region rests on {key} only, which the user chooses"] if region else []


def _agreed(signs: dict[str, str]) -> tuple[str | None, list[str]]:
    """One region of several signs; "global" beside a narrower market is no contradiction."""
    regions = set(signs.values())
    narrow = regions - {"global"}
    if len(regions) == 1:
        return regions.pop(), []
    if len(narrow) == 1 and "china" not in narrow:
        return narrow.pop(), []
    told = ", ".join(f"{name}: {region}" for name, region in signs.items())
    return None, [f"the signs of the ROM region contradict each other ({told}): a modified ROM"]


def _xiaomi_signs(props: dict[str, str], mod: str) -> dict[str, str]:
    signs = {}
    for key in _INCREMENTAL_KEYS:
        match = _INCREMENTAL.fullmatch(get(props, key))
        if match and match[2] in _LETTERS:
            signs["build"] = _LETTERS[match[2]]
            break
    build = _CODES.get((get(props, "ro.miui.build.region") or get(props, "ro.vendor.miui.build.region")).lower())
    if build:
        signs["ro.miui.build.region"] = build
    suffix = re.search(r"_(?:(eea|eu|in|ru|id|tw|tr|jp|kr|cn)(?:_global)?|(global)|(alpha))$", mod)
    if suffix:
        signs["mod_device"] = "china" if suffix[3] else _CODES[suffix[1] or suffix[2]]
    elif mod and not signs and "_" not in mod and mod == get(props, "ro.product.device").lower():
        signs["mod_device"] = "china"
    return signs


def _is_weak_china(props: dict[str, str]) -> bool:
    """A MIUI build whose number is a date (developer ROM) and that has no key that a Global ROM has."""
    if not get(props, "ro.miui.ui.version.name") or get(props, "ro.product.mod_device"):
        return False
    if get(props, "ro.com.google.gmsversion") or not get(props, "ro.product.locale").startswith("zh"):
        return False
    return "CN" in (get(props, "ro.miui.region"), get(props, "ro.miui.cust_variant").upper())
