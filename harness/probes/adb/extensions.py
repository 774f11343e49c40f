"""ADB probes of other packages: one shell command each and the reader of its answer.

A package names an `AdbProbe` as an entry point of the group `bandproof.adb_probes`. Its command joins the batched
round trip of every handset; it must only read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from harness.errors import BandproofError, ParseError
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
    """The probes of all installed packages. One that cannot be taken is left out; `troubles` tells why."""
    return tuple(probe for probe in _loaded().values() if isinstance(probe, AdbProbe))


def troubles() -> tuple[str, ...]:
    """What is wrong with the probes of other packages, for the survey's warnings."""
    return tuple(told for told in _loaded().values() if isinstance(told, str))


@lru_cache(maxsize=1)
def _loaded() -> dict[str, AdbProbe | str]:
    from importlib.metadata import entry_points

    found: dict[str, AdbProbe | str] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        about = f"adb probe {point.name} of {point.value}"
        try:
            probe = point.load()
        except Exception as error:  # noqa: BLE001 - other people's code must not end a run
            found[point.name] = f"{about} cannot be loaded: {error}"
        else:
            found[point.name] = _checked(probe) or f"{about} is no AdbProbe of one command"
    return found


def _checked(probe: object) -> AdbProbe | None:
    from harness.links.read_only import is_one_command

    return probe if isinstance(probe, AdbProbe) and is_one_command(probe.command) else None


def read_installed(answers: Mapping[str, str]) -> Reading:
    """What the installed probes read of the answers; one that fails is a warning and reads nothing."""
    reading = Reading((), troubles())
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
