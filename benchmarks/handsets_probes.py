"""Six more questions to a handset, as another package would add them: the plan and these are twenty reads."""

from __future__ import annotations

from harness.observations import Reading
from harness.probes.adb.extensions import AdbProbe

PROPERTIES = {
    "build": "ro.build.id",
    "sdk": "ro.build.version.sdk",
    "product": "ro.product.name",
    "hardware": "ro.hardware",
    "characteristics": "ro.build.characteristics",
    "debuggable": "ro.debuggable",
}
"""What Mobly's own device asks at its start."""


def _read(text: str) -> Reading:
    return Reading((), ()) if text else Reading((), ("an empty property",))


build, sdk, product, hardware, characteristics, debuggable = (
    AdbProbe(f"getprop {name}", _read) for name in PROPERTIES.values()
)

ENTRY_POINTS = "[bandproof.adb_probes]\n" + "".join(f"bench-{name} = {__name__}:{name}\n" for name in PROPERTIES)
