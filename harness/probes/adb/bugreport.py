"""A bugreport -> observations: each of its services by the reader of its command."""

from __future__ import annotations

from harness.observations import NrState, Reading, Registration, ServingCell, Source
from harness.recording.bugreport import RADIO_LOG, sections_of, taken_at, text_of

from .plan import REGISTRY, read_all


def read_bugreport(data: bytes) -> Reading:
    """All facts of a bugreport (zip, text, or the dumps of several services). A radio log speaks where no dump does.

    The time of the dump stands in the warnings: the facts are of that time. Raises RecordingError for a broken zip.
    """
    data = text_of(data)
    sections = sections_of(data)
    answers = {
        name: one.body.decode("utf-8", "replace") for name, one in sections.items() if one.whole and name != RADIO_LOG
    }
    reading = read_all(answers)
    log = sections.get(RADIO_LOG)
    if log is not None and not any(
        isinstance(one, ServingCell | Registration | NrState) for one in reading.observations
    ):
        reading += _of_log(log.body)
    notes = [
        f"{name}: the handset cut this dump short, it is not read" for name, one in sections.items() if not one.whole
    ]
    if REGISTRY not in sections:
        notes.append(f"no {REGISTRY} stands in the bugreport")
    ended = sections[REGISTRY].ended if REGISTRY in sections else None
    if moment := ended or taken_at(data):
        notes.insert(0, f"a bugreport of {moment}, by the handset's clock: it tells of that time")
    return Reading(reading.observations, (*notes, *reading.warnings))


def _of_log(body: bytes) -> Reading:
    from .language.text import clean
    from .radiolog import read_log

    reading = read_log(clean(body.decode("utf-8", "replace")))
    source = Source(request=RADIO_LOG)
    return Reading(tuple(one.from_(source) for one in reading.observations), reading.warnings)
