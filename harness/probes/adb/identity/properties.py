"""`getprop` and build.prop files -> identity, SIMs, registration words, network mode."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import GoogleApps, Grade, Identity, NetworkMode, Reading, Registration, Sim
from harness.probes.adb.language.text import groups_in
from harness.probes.adb.language.words import MODES, is_iwlan, rat_of
from harness.radio.plmn import parse_plmn

from .markets import build_variant, carrier_lock
from .rom import miui_incremental, rom_region
from .signs import boot_state, identity_signs

if TYPE_CHECKING:
    from harness.observations import Observation, RegistrationState

_LINE = re.compile(r"^(\[([^\[\]\s]{1,256})\]: ?\[(.*)\]|.*)$", re.M)
"""Any line; with its key and value where one property, and nothing else, stands on it."""
_ENTRY = re.compile(r"\s{0,8}\[([^\[\]\s]{1,256})\]: ?\[(.*)")
_FILE_LINE = re.compile(r"\s{0,8}([A-Za-z][\w.\-]{1,128}\.[\w.\-]{1,128})\s?=(.*)")
_FASTBOOT = re.compile(r"\(bootloader\) ([\w.\-]{1,64}): (.*)")
_IS_GETPROP = re.compile(r"^\s{0,8}\[[^\[\]\s]{1,256}\]: ?\[", re.M)
_IS_FILE = re.compile(r"^[ \t]{0,8}(?:ro|persist|gsm|ril)\.[\w.\-]{1,128}\s?=", re.M)
PLACEHOLDERS = frozenset(
    {
        "",
        "unknown",
        "miproduct",
        "missi",
        "qssi",
        "qssi_64",
        "mssi",
        "mainline",
        "generic",
        "generic_arm64",
        "system",
        "QUALCOMM",
    }
)
"""Names that a shared system image carries in place of the device's own."""


def has_properties(text: str) -> bool:
    """Whether lines of getprop or of a property file stand in the text."""
    return _IS_GETPROP.search(text) is not None or _IS_FILE.search(text) is not None


def read_properties(text: str) -> Reading:
    """Facts of a listing. Several devices' listings in one text, split by blank lines, give one identity each."""
    listings = [parse(text)] if _IS_GETPROP.search(text) else [parse_file(text)]
    if listings[0][1] and "\n\n" in text and _IS_GETPROP.search(text):
        listings = [parse(part) for part in re.split(r"\n(?:[ \t]*\n)+", text) if part.strip()]
    reading = Reading((), _cut_end(text))
    for props, _ in listings:
        if props:
            reading += _facts(props)
    return reading


def _cut_end(text: str) -> tuple[str, ...]:
    """A warning where the last property has no end, so that its value may be half of one."""
    if _IS_GETPROP.search(text):
        match = _ENTRY.match(text, text.rfind("\n[") + 1)
        if match is None or text.rstrip()[-1:] == "]":
            return ()
        return (f"the last property has no end, {match[1]} is cut: it is not read",)
    last = text.rpartition("\n")[2].strip()
    found = _FILE_LINE.fullmatch(last) if last and len(last) < 4000 else None
    return (f"the last line has no end, {found[1]} may be cut: it is not read",) if found else ()


def parse(text: str) -> tuple[dict[str, str], bool]:
    """Properties of a getprop listing, the last of a key, and whether one key stands there with two values.

    A value ends at the `]` that ends a line, so it may go over several lines; a value never closed is left out.
    """
    props: dict[str, str] = {}
    conflict = False
    key, value, carry = "", "", ""
    for raw, own_key, own_value in groups_in(_LINE, text):
        if own_key and not carry:
            key, value = own_key, own_value
        elif not (raw or carry or key):
            continue
        else:
            line, carry = carry + raw, ""
            if match := _ENTRY.match(line):
                key, value = match.groups()
            elif line.lstrip()[:1] == "[" and "]: [" not in line and len(line) < 200 and not key:
                carry = line  # a key that the terminal wrapped
                continue
            elif key:
                value += "\n" + line
            else:
                boot = _FASTBOOT.match(line)
                if boot:
                    props[boot[1]] = boot[2].strip()
                continue
            stripped = value.rstrip()
            if stripped[-1:] != "]":
                if len(value) > 20000:
                    key = value = ""
                continue
            value = stripped[:-1]
        conflict = conflict or props.get(key, value) != value
        props[key] = value
        key = value = ""
    return props, conflict


def parse_file(text: str) -> tuple[dict[str, str], bool]:
    """Properties of a build.prop file, the last of a key. A last line without its line end may be cut: left out."""
    props: dict[str, str] = {}
    lines = text.split("\n")
    for line in lines[:-1]:
        match = _FILE_LINE.fullmatch(line.rstrip()) if len(line) < 4000 else None
        if match:
            props[match[1]] = match[2].strip()
    return props, False


def _first(props: dict[str, str], *keys: str) -> str | None:
    for key in keys:
        if told := props.get(key):
            value = told.replace("\n", "").strip()
            if value and value not in PLACEHOLDERS:
                return value
    return None


_PRODUCT = {
    name: tuple(f"ro.product.{part}{name}" for part in ("", "odm.", "vendor.", "system_ext.", "system.", "product."))
    for name in ("manufacturer", "brand", "model", "marketname", "device", "name")
}


def _product(props: dict[str, str], name: str) -> str | None:
    return _first(props, *_PRODUCT[name])


def _facts(props: dict[str, str]) -> Reading:
    warnings: list[str] = []
    identity = _identity(props, warnings)
    found: list[Observation] = []
    if any(getattr(identity, name) is not None for name in _IDENTITY_FIELDS):
        found.append(identity)
        found += identity_signs(props, identity)
    found += _sims(props)
    found += _registrations(props)
    found += _modes(props)
    if props.get("ro.com.google.gmsversion"):
        found.append(GoogleApps(services="present", grade=Grade.DECLARED))
    return Reading(tuple(found), tuple(warnings))


_IDENTITY_FIELDS = (
    "manufacturer", "brand", "model", "market_name", "codename", "hardware", "hardware_region", "build", "fingerprint",
    "android", "security_patch", "baseband", "rom_region", "rom_version", "build_variant", "carrier_lock", "tac_imei",
)  # fmt: skip


def _identity(props: dict[str, str], warnings: list[str]) -> Identity:
    region, notes = rom_region(props)
    warnings += notes
    android = _first(
        props, "ro.build.version.release", "ro.product.build.version.release", "ro.system.build.version.release"
    )
    fingerprint = _first(props, "ro.build.fingerprint", "ro.product.build.fingerprint", "ro.system.build.fingerprint")
    named = re.search(r":(\d[\d.]{0,12})/", fingerprint or "")
    if android and named and named[1].split(".")[0] != android.split(".")[0]:
        warnings.append(f"the fingerprint names Android {named[1]} but {android} is running: it is not of this build")
    warnings += _signing(props)
    return Identity(
        manufacturer=_product(props, "manufacturer"),
        brand=_product(props, "brand"),
        model=_product(props, "model"),
        market_name=_market_name(props),
        codename=_codename(props),
        hardware=_hardware(props),
        hardware_region=_first(props, "ro.boot.hwc"),
        build=_first(props, "ro.build.display.id", "ro.build.id", "ro.build.version.incremental"),
        fingerprint=fingerprint,
        android=android,
        security_patch=_first(props, "ro.build.version.security_patch"),
        baseband=_baseband(props, warnings),
        rom_region=region,
        rom_version=_rom_version(props),
        build_variant=build_variant(props),
        carrier_lock=carrier_lock(props),
        verified_boot=boot_state(props),
        tac_imei=_tac(props),
    )


_BOOT_STATES = {
    "orange": "the boot loader is unlocked",
    "yellow": "the system is signed with a key of somebody else",
    "red": "the system's signature is wrong",
}


def _signing(props: dict[str, str]) -> list[str]:
    """Signs that the build need not be the maker's, as of a reseller's "shop ROM": its keys, the verified boot state."""
    found = []
    tags = _first(props, "ro.build.tags", "ro.system.build.tags", "ro.vendor.build.tags")
    if tags and "release-keys" not in tags.split(","):
        found.append(
            f"the build is signed with {tags}, not with the maker's release keys: a developer's or a reseller's"
        )
    state = (_first(props, "ro.boot.verifiedbootstate") or "").lower()
    if state in _BOOT_STATES:
        found.append(f"{_BOOT_STATES[state]} (verified boot state {state}): the build need not be the maker's")
    return found


def _hardware(props: dict[str, str]) -> str | None:
    """The hardware variant: a certified model or SKU. A bare number (OPLUS) is an index, no name."""
    keys = ("ro.product.cert", "ro.boot.hardware.sku", "ro.boot.product.hardware.sku", "sku")
    names = (_first(props, key) for key in keys)
    return next((name for name in names if name and re.search(r"[A-Za-z]", name)), None)


def _market_name(props: dict[str, str]) -> str | None:
    own = _product(props, "marketname")
    return own or _first(props, "ro.config.marketing_name", "ro.vendor.oplus.market.name", "ro.vivo.market.name")


def _codename(props: dict[str, str]) -> str | None:
    name = _product(props, "device") or _first(props, "ro.build.product")
    if name is None:
        mod = _first(props, "ro.product.mod_device")
        name = mod.split("_")[0] if mod else _product(props, "name")
    # Android One images (two system slots) add this to the codename.
    return name.removesuffix("_sprout") if name else None


def _baseband(props: dict[str, str], warnings: list[str]) -> str | None:
    """The modem build as printed, one item a slot; line breaks of a wrapped paste are kept, they may be the value's."""
    value = props.get("gsm.version.baseband", "").strip()
    if not value.strip(","):
        return _first(props, "vendor.ril.gsm.version.baseband", "ril.sw_ver", "vendor.ril.sw_ver")
    if "\n" in value:
        warnings.append("the baseband string is broken over lines: it may have lost characters")
    own = props.get("vendor.ril.gsm.version.baseband", "").strip()
    if own and value.startswith(own + " "):
        return own
    # Motorola adds a customer tag: "M6475_DE311_17.195.01.43R PAROS_PVT_EMEADSDS_CUST".
    return re.sub(r" [A-Z0-9_]{1,60}_CUST$", "", value)


def _rom_version(props: dict[str, str]) -> str | None:
    own = _first(props, "ro.mi.os.version.incremental")
    build = miui_incremental(props)
    if own or any(key.startswith("ro.miui.") for key in props):
        return own or build
    return _first(props, "ro.build.version.oplusrom.display", "ro.build.version.oplusrom", "ro.lineage.version")


def _tac(props: dict[str, str]) -> str | None:
    """First eight digits of an IMEI among the properties; the rest is personal and stays behind."""
    for key, value in props.items():
        if ".imei" in key and re.search(r"\.imei\d?$", key) and re.fullmatch(r"\d{14,16}", value.strip()):
            tac = value.strip()[:8]
            if tac.strip("0"):
                return tac
    return None


def _items(props: dict[str, str], key: str) -> list[str]:
    """One item a slot; an empty item is a slot without a value."""
    value = props.get(key)
    return [] if value is None else [item.strip() for item in value.replace("\n", "").split(",")]


def _item(items: list[str], slot: int) -> str:
    return items[slot] if slot < len(items) else ""


def _sims(props: dict[str, str]) -> list[Sim]:
    numerics = _items(props, "gsm.sim.operator.numeric")
    names = _items(props, "gsm.sim.operator.alpha")
    out = []
    for slot, word in enumerate(_items(props, "gsm.sim.state")[:4]):
        if not re.fullmatch(r"[A-Z_]{3,32}", word):
            continue
        absent = word == "ABSENT"
        plmn = None if absent else parse_plmn(_item(numerics, slot))
        name = None if absent else _item(names, slot) or None
        out.append(Sim(slot=slot, state=word.lower(), plmn=str(plmn) if plmn else None, operator=name))
    return out


def _registrations(props: dict[str, str]) -> list[Registration]:
    """Registered only where SIM LOADED, network PLMN and RAT word agree; a slot without SIM is not registered.

    The words are what the framework last published and are also filled while camped for emergency calls.
    """
    words = _items(props, "gsm.network.type")
    numerics = _items(props, "gsm.operator.numeric")
    roaming = _items(props, "gsm.operator.isroaming")
    out = []
    for slot, sim in enumerate(_items(props, "gsm.sim.state")[:4]):
        plmn = parse_plmn(_item(numerics, slot))
        word = _item(words, slot)
        if sim == "ABSENT":
            out.append(Registration(slot=slot, state="not_registered", grade=Grade.OBSERVED))
        elif sim == "LOADED" and plmn and rat_of(word) and not is_iwlan(word):
            away = _item(roaming, slot)
            state: RegistrationState = "roaming" if away == "true" else "home" if away == "false" else "unknown"
            out.append(Registration(slot=slot, state=state, rat=rat_of(word), plmn=str(plmn), grade=Grade.OBSERVED))
    return out


def _modes(props: dict[str, str]) -> list[NetworkMode]:
    """The build's default network mode (RILConstants): what is allowed unless a setting says otherwise."""
    slots = len(_items(props, "gsm.sim.state")) or 4
    items = [item for item in _items(props, "ro.telephony.default_network") if item.isdigit() and len(item) < 3]
    several = len(items) > 1
    return [
        NetworkMode(slot=slot if several else None, rats=MODES.get(int(item)), raw=item, grade=Grade.DECLARED)
        for slot, item in enumerate(items[:slots])
    ]
