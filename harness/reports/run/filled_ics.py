"""`--ics`: the proforma of each device of a run, filled from its evidence: `ics/<device>.xlsx` and `.txt` in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.recording.writer import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from harness.survey.survey import Survey

FOLDER = "ics"
_FORMS = ("xlsx", "txt")


def require_forms() -> None:
    """Raises UsageError where the extra `ics` is not installed: told before a device is asked."""
    from importlib.util import find_spec

    if find_spec("xlsxwriter") is None:
        raise UsageError(
            "--ics writes a workbook, and XlsxWriter is not installed", way_out="pip install 'bandproof[ics]'"
        )


def write_ics(directory: Path, surveys: Iterable[Survey], *, date: str, laboratory: str = "") -> dict[str, str]:
    """Fill and write the proforma of each device; per device how many items are answered, in words. Raises OSError."""
    from harness.ics.forms.known import named
    from harness.requirements.proforma.filling import fill

    said = {}
    for survey in surveys:
        filled = fill(survey, date=date, laboratory=laboratory)
        for form in map(named, _FORMS):
            if form.write is not None:
                file = directory / FOLDER / f"{survey.device}.{form.name}"
                file.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(file, form.write(filled))
        said[survey.device] = filled.sentence()
    return said
