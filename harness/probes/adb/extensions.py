"""ADB probes of other packages: one shell command each and the reader of its answer.

A package names an `AdbProbe` as an entry point of the group `bandproof.adb_probes`. Its command joins the batched
round trip of every handset; it must only read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from harness.errors import BandproofError, ParseError, UsageError
from harness.observations import Reading, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

GROUP = "bandproof.adb_probes"


@dataclass(frozen=True, slots=True)
class AdbProbe:
    """One question to a handset: a shell command that only reads, and `read(text) -> Reading`, a pure function."""

    command: str
    read: Callable[[str], Reading]


@lru_cache(maxsize=1)
def installed() -> tuple[AdbProbe, ...]:
    """The probes of all installed packages; their commands are from now on taken as reads.

    Raises UsageError for one that cannot be loaded.
    """
    from importlib.metadata import entry_points

    from harness.links.read_only import allow_shell

    found = []
    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        try:
            probe = point.load()
        except Exception as error:
            raise UsageError(f"adb probe {point.name} of {point.value} cannot be loaded: {error}") from error
        if not isinstance(probe, AdbProbe):
            raise UsageError(f"adb probe {point.name} of {point.value} is no AdbProbe")
        found.append(probe)
    allow_shell(re.escape(probe.command) for probe in found)
    return tuple(found)


def read_installed(answers: Mapping[str, str]) -> Reading:
    """What the installed probes read of the answers; one that fails is a warning and reads nothing."""
    reading = Reading()
    for probe in installed():
        if probe.command in answers:
            reading += _read(probe, answers[probe.command])
    return reading


def _read(probe: AdbProbe, text: str) -> Reading:
    try:
        found = probe.read(text)
    except ParseError:
        return Reading()
    except BandproofError as error:
        return Reading((), (f"{probe.command}: {error.message}",))
    except Exception as error:  # noqa: BLE001 - other people's code must not end a run
        return Reading((), (f"{probe.command}: its probe failed ({type(error).__name__}: {error})",))
    source = Source(request=probe.command)
    return Reading(tuple(item.from_(source) for item in found.observations), found.warnings)
