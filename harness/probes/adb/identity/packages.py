"""`pm list packages`, or the APK paths of an image -> Google's apps; MIUI's package names -> ROM region."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.equal_texts import remembered
from harness.observations import GoogleApps, Identity, Reading

from .customisation import read_carrier_apps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from harness.observations import AppState, Observation

SERVICES, STORE, FRAMEWORK = "com.google.android.gms", "com.android.vending", "com.google.android.gsf"
_LINE = re.compile(r"^\s{0,8}package:(?:\S{1,400}=)?([A-Za-z][\w.]{0,200})(?=[ \t]|$)", re.M)
_APK = re.compile(r"^\s{0,8}/?(?:system|product|system_ext|vendor|data)/\S{1,300}/([\w.\-]{1,120})\.apk\s*$", re.M)
_APKS = {"services": ("GmsCore", "PrebuiltGmsCore"), "store": ("Phonesky",), "framework": ("GoogleServicesFramework",)}
_WHOLE = {"android", "com.android.settings", "com.android.systemui"}
_WHOLE_COUNT = 40


def has_packages(text: str) -> bool:
    """Whether lines of a package list, or APK paths, stand in the text."""
    return ("package:" in text and _LINE.search(text) is not None) or (".apk" in text and _APK.search(text) is not None)


@remembered(most=32, longest=65_536)
def read_packages(all_packages: str, disabled: str | None) -> Reading:
    """Google's and carriers' apps of `pm list packages` and `pm list packages -d` (None where that was not asked).

    Absence is told only by a whole list: one that grep cut cannot prove it, and its fields stay None.
    """
    return _read(all_packages, disabled, may_prove=True)


def read_some_packages(text: str) -> Reading:
    """As `read_packages` of a list that a filter cut: it proves presence only."""
    return _read(text, None, may_prove=False)


def _read(all_packages: str, disabled: str | None, *, may_prove: bool) -> Reading:
    names = names_in(all_packages)
    off = names_in(disabled or "")
    found: list[Observation] = []
    if names or off:
        whole = may_prove and names.keys() >= _WHOLE and len(names) >= _WHOLE_COUNT
        found += _apps({app: _state(app, names, off, whole) for app in (SERVICES, STORE, FRAMEWORK)})
        region = _region(names)
        if region:
            found.append(Identity(rom_region=region))
    else:
        found += _image(all_packages, may_prove=may_prove)
    if disabled is not None:
        found += read_carrier_apps(names, off)
    return Reading(tuple(found))


def names_in(text: str) -> dict[str, None]:
    """The packages that a list names, each once, in order."""
    return dict.fromkeys(_LINE.findall(text))


def _apps(states: dict[str, AppState | None]) -> list[Observation]:
    if not any(states.values()):
        return []
    return [GoogleApps(services=states[SERVICES], store=states[STORE], framework=states[FRAMEWORK])]


def _state(app: str, names: Collection[str], off: Collection[str], whole: bool) -> AppState | None:
    if app in off:
        return "disabled"
    if app in names:
        return "present"
    return "absent" if whole else None


def _image(text: str, *, may_prove: bool) -> list[Observation]:
    """An image's APK paths: whole where the settings and the system UI are among them."""
    apks = set(_APK.findall(text))
    whole = any("SystemUI" in apk for apk in apks) and any(apk.endswith("Settings") for apk in apks)
    whole = may_prove and whole and len(apks) >= _WHOLE_COUNT

    def state(names: tuple[str, ...]) -> AppState | None:
        return "present" if any(name in apks for name in names) else "absent" if whole else None

    services, store, framework = (state(_APKS[name]) for name in ("services", "store", "framework"))
    return _apps({SERVICES: services, STORE: store, FRAMEWORK: framework}) if apks else []


def _region(names: Iterable[str]) -> str | None:
    """MIUI ships packages with "global" in their name on Global ROMs only; nothing else in a list tells the ROM."""
    found = any(name.startswith("com.miui.") and "global" in name.split(".") for name in names)
    return "global" if found else None
