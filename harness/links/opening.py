"""From an address to its link, and links that write every exchange down as it happens."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from harness.errors import DeviceAbsent, UsageError

from .recorded import recorded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.recording.exchange import LinkKind, Recording
    from harness.recording.writer import RecordingWriter

    from .addresses import Address
    from .base import AtLink, ShellLink
    from .host_tool import ToolLink

OPEN_S = 15.0
UNREACHABLE: dict[str, str] = {}
"""Places of a lab that a run has, and that lead to no device: place -> why. Written from above, by who asks the lab."""


def open_link(
    address: Address,
    *,
    record_to: RecordingWriter | None = None,
    want: LinkKind | None = None,
    deadline_s: float | None = None,
    baudrate: int = 115200,
    allow_changes: bool = False,
    allow_scans: bool = False,
    recording: Recording | None = None,
) -> ShellLink | AtLink | ToolLink:
    """Open the link behind an address: an adb shell, an AT port, a QMI or MBIM port, or the replay of a recording.

    Of a recording with several links `want` says which (by default the one it has, adb first, then at). A bench name is not
    opened here: the bench file says what stands behind it. `deadline_s` is absolute. A `recording` that was loaded before
    is not read from disk again. Raises the errors of the tree.
    """
    deadline_s = time.monotonic() + OPEN_S if deadline_s is None else deadline_s
    link: ShellLink | AtLink | ToolLink
    if address.kind == "recording":
        link = _replay(recording or load_address(address), want)
    elif address.kind == "at":
        from .at.port import open_at

        link = open_at(
            address.value,
            baudrate=baudrate,
            deadline_s=deadline_s,
            allow_changes=allow_changes,
            allow_scans=allow_scans,
        )
    elif address.kind == "adb":
        from .adb.shell import open_adb

        link = open_adb(address.value, deadline_s=deadline_s, allow_changes=allow_changes, exclusive=True)
    elif address.kind == "qmi":
        from .host_tool import open_tools

        link = open_tools(address.value)
    elif address.kind == "labgrid":
        raise DeviceAbsent(
            f"{address.text}: {UNREACHABLE.get(address.value, 'the place was not acquired')}",
            way_out="name it with --device of pytest, where LG_COORDINATOR says which lab",
        )
    else:
        raise UsageError(f"{address.text} names an entry of a bench file", way_out="give the file: --bench=bench.yaml")
    return link if record_to is None else recorded(link, record_to)


def load_address(address: Address) -> Recording:
    """The recording that an address of that kind names."""
    from harness.recording.files import load_recording, resolve_recording

    return load_recording(resolve_recording(address.value))


def load_recordings(addresses: Sequence[Address]) -> dict[Address, Recording]:
    """The recordings among the addresses, each read once."""
    return {one: load_address(one) for one in addresses if one.kind == "recording"}


def _replay(recording: Recording, want: LinkKind | None) -> ShellLink | AtLink | ToolLink:
    from .replay import ReplayAt, ReplayShell

    kind = want or next((kind for kind in ("adb", "at", "qmi") if kind in recording.links), "adb")
    if kind == "qmi":
        from .host_tool import ReplayTools

        return ReplayTools(recording)
    return ReplayAt(recording) if kind == "at" else ReplayShell(recording)
