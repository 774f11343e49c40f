"""What a person sees while devices are read: one line a device, filled in as it comes to an end."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.survey.model import Survey

_NAME_WIDTH = 12


class Progress:
    """Tells each device once, in the order in which they end; `write` gets whole lines. Safe from several threads."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._lock = threading.Lock()

    def told(self, survey: Survey) -> None:
        """One device has been read, or could not be."""
        with self._lock:
            self._write(device_line(survey))


def device_line(survey: Survey) -> str:
    """`mix2-1  Xiaomi Mi MIX 2 · MDE5 · chiron · V12.0.1.0.PDEMIXM   adb   5 answers   0.19 s`, or why it failed."""
    name = f"{survey.device:<{_NAME_WIDTH}}"
    if survey.trouble:
        kept = f"; {len(survey.exchanges)} answers kept" if survey.exchanges else ""
        return f"  {name}  {_printable(survey.trouble)} ({survey.elapsed_s:.1f} s){kept}"
    identity = survey.identity
    parts = [survey.label, identity.hardware, identity.codename, identity.rom_version or identity.build]
    words = " · ".join(_printable(part) for part in dict.fromkeys(parts) if part)
    link = "at" if survey.kind == "modem" else "adb"
    return f"  {name}  {words}   {link}  {len(survey.exchanges)} answers  {survey.elapsed_s:.2f} s"


def _printable(text: str) -> str:
    """Device text is hostile: no control sign of it reaches the terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)[:160]
