"""A rack of one model in which every device speaks for itself: its own signal, times, serial number and subscriber.

Copies of one recording answer with the very same words, and what was read of one is then known of all. Real devices of
one model differ in what the air and the SIM tell; the rest, their bands and packages, they have in common.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from harness.recording.exchange import Exchange

_SIGNAL = re.compile(rb"(?<=[=,: ])-\d{2,3}(?=[,\s])")
_TIME = re.compile(rb"(?<=imeStamp=)\d+")
_SUBSCRIBER = re.compile(rb"(?<=\n)(31\d{4})0{9}(?=\r)")


def of_their_own(recording: Path, folder: Path, count: int) -> Path:
    """A folder of so many recordings, each as if another device of the model had answered."""
    from harness.recording.files import load_recording
    from harness.recording.writer import RecordingWriter

    known = load_recording(recording)
    for number in range(count):
        info = replace(known.info, id=f"{known.info.id}-own-{number:03}", sha256={})
        with RecordingWriter(folder / info.id, info, reveal=True) as writer:
            for link, exchanges in known.links.items():
                for one in exchanges:
                    writer.append(link, _own(one, number))  # type: ignore[arg-type]
    return folder


def _own(one: Exchange, number: int) -> Exchange:
    answer = _SIGNAL.sub(b"-%d" % (60 + number % 50), one.response)
    answer = _TIME.sub(b"%d" % (412_000_000_000 + number), answer)
    answer = _SUBSCRIBER.sub(rb"\g<1>%09d" % (123_450_000 + number), answer)
    if one.request == "getprop":
        answer += b"[ro.boottime.init]: [%d]\n[ro.serialno]: [R5CR%07dA]\n" % (4_100_000_000 + number, number)
    return replace(one, response=answer)
