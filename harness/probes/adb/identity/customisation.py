"""What a carrier's customisation shows: `dumpsys carrier_config`, carriers' apps, IMS registration.

The configuration of a slot stands in layers (AOSP CarrierConfigLoader.dump): defaults, the default app's, the carrier
app's, persistent overrides, overrides; the last one that has a key decides. Defaults alone are no carrier's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.observations import Identity, Reading, Service, Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from harness.observations import Observation

_FLAGS = {"carrier_volte_available_bool": "volte_available", "carrier_volte_provisioned_bool": "volte_provisioned"}
_NAME, _VERSION = "carrier_name_string", "carrier_config_version_string"
_KEYS = frozenset({*_FLAGS, _NAME, _VERSION})
CONFIG_KEYS = ("carrier_nr_availabilities", *_FLAGS, _VERSION)
"""Words by which a text is known as a carrier configuration."""
_LAYERS = (
    "Default Values from CarrierConfigManager",
    "mConfigFromDefaultApp",
    "mConfigFromCarrierApp",
    "mPersistentOverrideConfigs",
    "mOverrideConfigs",
)
_BLOCK = re.compile(r"([ \t]{0,20})(?:Phone Id|Phone) ?[=:]? ?(\d)\s*$")
_HEAD = re.compile(r"[ \t]{0,20}([A-Za-z][A-Za-z ]{2,60}?) ?(?::|=(?= ?(?:null|PersistableBundle)))(.*)$")
"""The name of a layer; on Android 6 to 9 its values follow on the line as PersistableBundle[{...}]."""
_PAIR = re.compile(r"[ \t]{0,24}([a-z][a-z0-9_.]{2,80}) ?= ?(.*)$")
_BUNDLED = re.compile(rf"(?<![\w.])({'|'.join(sorted(_KEYS))})=([^,{{}}]{{0,200}})(?=[,}}])")
_END = re.compile(r"[ \t]{0,20}(?:mNoSimConfig|mNumPhones)\b")
_LONGEST = 120


@dataclass(slots=True)
class _Slot:
    """One phone's part of the dump: per layer (None = lines that a filter took out of theirs) the values told."""

    number: int | None
    line: int
    values: dict[str | None, dict[str, tuple[str, int]]] = field(default_factory=dict)
    layers: set[str] = field(default_factory=set)
    whole: bool = False
    """What follows it was read, so no layer of it is missing."""


def read_customisation(text: str, *, whole: bool = False) -> Reading:
    """VoLTE services and the configuration's name of each slot. `whole`: the answer is known to be complete.

    A slot whose later layers may be cut off tells nothing: an override may stand there. Nor does one whose
    configuration was not loaded, or whose lines contradict each other without saying which layer they are of.
    """
    slots = list(_slots(text, whole=whole))
    found: list[Observation] = []
    warnings: list[str] = []
    for slot in slots:
        told, trouble = _services(slot)
        found += told
        warnings += trouble
    identity, trouble = _identity(slots)
    return Reading((*identity, *found), tuple(dict.fromkeys([*warnings, *trouble])))


def _slots(text: str, *, whole: bool) -> Iterator[_Slot]:
    current = _Slot(None, 1)
    layer: str | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if (pair := _PAIR.match(line)) and "_" in pair[1]:  # most lines; nothing else that counts looks so
            if pair[1] in _KEYS:
                current.values.setdefault(layer, {}).setdefault(pair[1], (pair[2].strip(), number))
                if layer is None:
                    _contradict(current, pair[1], pair[2].strip(), number)
        elif block := _BLOCK.match(line):
            current.whole = True
            yield current
            current, layer = _Slot(int(block[2]), number), None
        elif _END.match(line):
            current.whole = True
            yield current
            return
        elif head := _head(line):
            layer = head[0]
            if head[1].strip() != "null":
                current.layers.add(layer)
            _bundle(current, layer, head[1], number)
    current.whole |= whole and "DUMP TIMEOUT" not in text[-400:]
    yield current


def _head(line: str) -> tuple[str, str] | None:
    """The layer that a line begins, and the rest of the line."""
    match = _HEAD.match(line)
    if match is None:
        return None
    name = match[1].strip()
    return (name, match[2]) if name in _LAYERS or name.startswith("mConfig") or "override" in name.lower() else None


def _bundle(slot: _Slot, layer: str, rest: str, line: int) -> None:
    for match in _BUNDLED.finditer(rest):
        slot.values.setdefault(layer, {}).setdefault(match[1], (match[2].strip(), line))


_DISAGREE = "?"


def _contradict(slot: _Slot, key: str, value: str, line: int) -> None:
    """Lines without a layer must agree; which of them would win is not told."""
    if slot.values[None][key][0] != value:
        slot.values[None][key] = (_DISAGREE, line)


def _value(slot: _Slot, key: str) -> tuple[str, int] | None:
    """The value that counts: of the highest layer; `?` where that cannot be told."""
    told = {layer: values[key] for layer, values in slot.values.items() if key in values}
    if not told:
        return None
    strangers = [layer for layer in told if layer is not None and layer not in _LAYERS]
    if strangers or (None in told and len(told) > 1):
        words = {value for value, _ in told.values()}
        return next(iter(told.values())) if len(words) == 1 else (_DISAGREE, slot.line)
    if None in told:
        return told[None]
    return next(told[layer] for layer in reversed(_LAYERS) if layer in told)


def _is_loaded(slot: _Slot) -> bool:
    """Whether a configuration beside the defaults was there; lines that were filtered out of their layers may be."""
    return bool(slot.layers - {_LAYERS[0]}) or (not slot.layers and None in slot.values)


def _services(slot: _Slot) -> tuple[list[Observation], list[str]]:
    told = {key: value for key in _FLAGS if (value := _value(slot, key)) is not None}
    where = "" if slot.number is None else f" of slot {slot.number}"
    if not told or not _is_loaded(slot):
        return [], []
    if slot.layers and not slot.whole:
        return [], [f"carrier_config{where}: the text ends before its last layer, so what counts is not known"]
    found: list[Observation] = []
    warnings = []
    for key, (word, line) in told.items():
        if word in {"true", "false"}:
            state = "on" if word == "true" else "off"
            found.append(Service(slot=slot.number, name=_FLAGS[key], state=state, source=Source(line=line)))
        elif word == _DISAGREE:
            warnings.append(f"carrier_config{where}: {key} is told twice, and which layer counts is not")
    return found, warnings


def _identity(slots: Iterable[_Slot]) -> tuple[tuple[Identity, ...], list[str]]:
    """Name and version of the configuration, where all slots that have one agree."""
    told: dict[str, int] = {}
    for slot in slots:
        if not _is_loaded(slot) or (slot.layers and not slot.whole):
            continue
        parts = [found for key in (_NAME, _VERSION) if (found := _value(slot, key)) and _is_word(found[0])]
        if parts:
            told.setdefault(" ".join(value for value, _ in parts)[:_LONGEST], parts[0][1])
    if len(told) > 1:
        return (), [f"carrier_config: the slots have different configurations ({', '.join(told)[:300]})"]
    return tuple(Identity(carrier_config=name, source=Source(line=line)) for name, line in told.items()), []


def _is_word(value: str) -> bool:
    return bool(value) and value not in {"null", _DISAGREE} and value.isprintable() and not set(value) <= {"*"}


CARRIER_WORDS = frozenset(
    {
        *("att", "attwireless", "cricket", "cricketwireless", "dish", "boost", "boostmobile", "metropcs", "mint"),
        *(
            "mintmobile",
            "rogers",
            "sprint",
            "telus",
            "tmobile",
            "tmo",
            "uscc",
            "uscellular",
            "verizon",
            "visible",
            "vzw",
        ),
        *("docomo", "nttdocomo", "kddi", "softbank", "rakuten", "lguplus", "lgu", "skt", "sktelecom"),
        *("ee", "o2", "orange", "telefonica", "telekom", "vodafone", "optus", "telstra"),
    }
)
"""Carriers as the second or third part of a package name writes them: com.vzw.apnlib, com.tmobile.simlock."""
_OWN_NAMES = frozenset({"com.google.android.apps.tycho", "com.customermobile.preload.vzw"})


def read_carrier_apps(packages: Iterable[str], disabled: Collection[str]) -> list[Service]:
    """Carriers' apps of the packages that are there and of those that are switched off, as services `app:<package>`.

    Without a list of the disabled ones none is told: an app may be there and switched off. Which app a list lacks is
    not told, since nothing says here which ones are asked for.
    """
    names = dict.fromkeys([name for name in (*packages, *disabled) if is_carrier_app(name)])
    return [Service(name=f"app:{name}", state="disabled" if name in disabled else "present") for name in names]


def is_carrier_app(package: str) -> bool:
    """Whether a package's name says that it is a carrier's."""
    parts = package.lower().split(".")
    return package in _OWN_NAMES or not CARRIER_WORDS.isdisjoint(parts[:3] if parts[0] != "com" else parts[1:3])


_IMS = re.compile(
    r"(?<![\w.])(?:mIsImsRegistered|mImsRegistered|isImsRegistered(?:\(\))?|imsRegistered) ?[=:] ?(true|false)\b"
    r"|(?<![\w.])mImsMmTelRegistrationState ?[=:] ?([0-2])\b"
)
"""AOSP ImsPhone and vendors' forms; RegistrationManager.REGISTRATION_STATE_*: 0 not, 1 registering, 2 registered."""
_IMS_WORDS = ("msRegistered", "mImsMmTelRegistrationState")
"""A text without one of these words, which most are, need not be searched for the forms."""
_PHONE = re.compile(r"^[ \t]{0,20}(?:Phone Id|mPhoneId|phoneId|Phone) ?[=:]? ?(\d)\s*$", re.M)


_STALE = re.compile(r"\s{0,40}\[?(?:\d{4}-)?\d\d-\d\d[ T]\d\d:\d\d|\s{0,40}\d\d:\d\d:\d\d|.{0,300}?\bnotify[A-Z]")
"""A line of a log: what was once so."""


def read_ims(text: str) -> Reading:
    """Whether each slot is registered for IMS, where the text says it; a slot that says both tells nothing."""
    if not any(word in text for word in _IMS_WORDS):
        return Reading()
    blocks = [(match.start(), int(match[1])) for match in _PHONE.finditer(text)]
    told: dict[int | None, list[tuple[bool, int]]] = {}
    at, line, index, slot = 0, 1, 0, None
    for match in _IMS.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        while index < len(blocks) and blocks[index][0] < at:
            slot = blocks[index][1]
            index += 1
        begin = text.rfind("\n", 0, at) + 1
        if _STALE.match(text[begin : min(at, begin + 400)]):
            continue
        told.setdefault(slot, []).append((match[1] == "true" or match[2] == "2", line))
    found = []
    warnings = []
    for number, answers in told.items():
        if len({yes for yes, _ in answers}) > 1:
            warnings.append("IMS registration is told as both yes and no")
            continue
        state = "registered" if answers[0][0] else "not_registered"
        found.append(Service(slot=number, name="ims", state=state, source=Source(line=answers[0][1])))
    return Reading(tuple(found), tuple(dict.fromkeys(warnings)))


def has_ims(text: str) -> bool:
    """Whether the text says anything of IMS registration."""
    return any(word in text for word in _IMS_WORDS) and _IMS.search(text) is not None
