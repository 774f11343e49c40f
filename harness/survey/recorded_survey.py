"""What a recording keeps of its device beside the answers: written when it is read, taken back when it is replayed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.recording.writer import IMEI_KEYS, RecordingWriter

if TYPE_CHECKING:
    from pathlib import Path

    from harness.recording.exchange import RecordingInfo

    from .survey import Survey
    from .targets import Target


EXPECTED_SIM = "expected_sim"
SAMPLE = "sample"
USB_PLACES = "usb_places"
THROUGH_SHELL = "through_shell"


def kept_word(info: RecordingInfo | None, name: str) -> str | None:
    """What was known of the device when the recording was made, as its `extra` keeps it."""
    kept = info.extra.get(name) if info else None
    return kept if isinstance(kept, str) else None


def as_recorded(survey: Survey, info: RecordingInfo | None) -> Survey:
    """The survey with what its recording knows of its links beside their answers."""
    if info is None:
        return survey
    places, keys, shell = (info.extra.get(name) for name in (USB_PLACES, IMEI_KEYS, THROUGH_SHELL))
    keyed = {str(link): tuple(map(str, each)) for link, each in keys.items()} if isinstance(keys, dict) else {}
    return replace(
        survey,
        usb_places={str(k): str(v) for k, v in places.items()} if isinstance(places, dict) else {},
        imei_keys=keyed,
        through_shell=survey.through_shell | (frozenset(map(str, shell)) if isinstance(shell, list) else frozenset()),
    )


def evidence_writer(evidence: Path | None, target: Target, info: RecordingInfo | None) -> RecordingWriter | None:
    """The writer of a device's evidence; None where none is kept."""
    if evidence is None:
        return None
    from harness import __version__
    from harness.recording.exchange import RecordingInfo, now

    origin = info or RecordingInfo(id=target.device, provenance="recorded", recorded_at=now())
    known = {EXPECTED_SIM: target.sim_plmn, SAMPLE: target.sample}
    described = replace(
        origin,
        id=target.device,
        address=target.address,
        device_sheet=target.sheet or origin.device_sheet,
        extra=origin.extra | {name: value for name, value in known.items() if value},
        tool=f"bandproof {__version__}",
        scrubbed=(),
    )
    return RecordingWriter(evidence, described, cells=target.scrub_cells, live=info is None, shared=target.shared)
