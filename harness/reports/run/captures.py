"""The capture files of a run: each holds what its device's live capture is kept to have told, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.recording.files import CAPTURE_FILE, load_recording

from .seals.manifest import ManifestFault
from .seals.regular_files import read_regular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def capture_faults(directory: Path) -> Iterator[ManifestFault]:
    """What is wrong of each; none is missing where a live capture was replayed from a recording."""
    for folder in sorted((directory / "evidence").glob("*")):
        name = f"evidence/{folder.name}/{CAPTURE_FILE}"
        if not (folder / CAPTURE_FILE).exists():
            continue
        from harness.survey.live.records import holds
        from harness.survey.live.session import REQUEST

        live = [one for one in load_recording(folder).links.get("uecap", ()) if one.request == REQUEST]
        if not live:
            yield ManifestFault(name, "is of no live capture of this device")
        elif not holds(read_regular(directory, name), live[-1]):
            yield ManifestFault(name, "does not hold the messages that uecap.yaml has of it")
