"""Address schemes of other packages: `rack:7` becomes an address that is known here, by the package that knows the rack.

A package names a function as an entry point of the group `bandproof.addresses`, under the scheme's word. It gets what
stands behind the colon and answers with an address of the usual forms (an adb serial, host:port, a serial port, a
recording's folder); it raises an error of the tree where it has none. It must change nothing on a device.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from harness.errors import BandproofError, UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "bandproof.addresses"
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!//)(.*)", re.DOTALL)


def resolved(value: str) -> str | None:
    """What an installed scheme makes of an address; None where no package has its word.

    Raises UsageError where the package cannot be loaded, fails, or answers with no address; what it raises of the tree.
    """
    match = _SCHEME.fullmatch(value)
    point = _installed().get(match[1]) if match else None
    if match is None or point is None:
        return None
    about = f"{value}: the scheme {match[1]}: of {point.value}"
    try:
        found = point.load()(match[2])
    except BandproofError:
        raise
    except Exception as error:  # other people's code must not end a run without a word
        raise UsageError(f"{about} failed: {error}", way_out="ask whoever wrote the package") from error
    if not isinstance(found, str) or _is_of_a_package(found):
        raise UsageError(f"{about} gave no address: {found!r}", way_out="ask whoever wrote the package")
    return found


def _is_of_a_package(value: str) -> bool:
    """Whether it would be resolved again: a scheme that names another could go round for ever."""
    match = _SCHEME.fullmatch(value.strip())
    return match is not None and match[1] in _installed()


@lru_cache(maxsize=1)
def _installed() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=GROUP)}
