"""What a person sees while devices are read: one line a device, filled in as it comes to an end."""

from __future__ import annotations

import textwrap
import threading
import time
from typing import TYPE_CHECKING, Self, TextIO

from harness.binding.sims import sims_in
from harness.plain_text import one_line
from harness.recording.scrubbing.scrub import scrub_address

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.live import Live
    from rich.text import Text

    from harness.survey.survey import Survey

_NAME_WIDTH = 12


class Progress:
    """Tells each device once, in the order in which they end; `write` gets whole lines. Safe from several threads.

    On a terminal the devices that are still read stand below, each with what it is asked and for how long.
    """

    def __init__(
        self, write: Callable[[str], None], devices: Sequence[str], stream: TextIO | None = None, width: int = 10_000
    ) -> None:
        self._width = width
        self._write = write
        self._lock = threading.Lock()
        self._started = time.monotonic()
        self._open = dict.fromkeys(devices, "")
        self._stream = stream if stream is not None and stream.isatty() else None
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._stream is not None:
            from rich.console import Console
            from rich.live import Live

            self._live = Live(
                console=Console(file=self._stream), get_renderable=self._below, refresh_per_second=8, transient=True
            )
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def asking(self, device: str, request: str) -> None:
        """A device is asked its next question."""
        self._open[device] = request
        if type(request) is not str:  # A word for a person, `survey.attaching.ForPerson`.
            with self._lock:
                self._show(f"  {device:<{_NAME_WIDTH}}  {_printable(request)}")

    def told(self, survey: Survey) -> None:
        """One device has been read, or could not be."""
        with self._lock:
            self._open.pop(survey.device, None)
            lines = [device_line(survey)]
            if remark := sims_in(survey).remark:
                lines.append(f"    warning: {_printable(remark)}")
            for line in lines:
                self._show(line)

    def _show(self, line: str) -> None:
        if self._live is not None:
            self._live.console.print(line, markup=False, highlight=False)
            return
        for part in textwrap.wrap(line, self._width, subsequent_indent="      "):
            self._write(part)

    def _below(self) -> Text:
        from rich.text import Text

        seconds = time.monotonic() - self._started
        waiting = list(self._open.items())
        lines = [f"  {name:<{_NAME_WIDTH}}  {seconds:4.1f} s  {_printable(asked)}" for name, asked in waiting]
        return Text("\n".join(lines), no_wrap=True, overflow="ellipsis")


def device_line(survey: Survey) -> str:
    """`mix2-1  Xiaomi Mi MIX 2 · MDE5 · chiron · V12.0.1.0.PDEMIXM   adb   5 answers   0.19 s`, or why it failed."""
    name = f"{survey.device:<{_NAME_WIDTH}}"
    if survey.trouble:
        kept = f"; {len(survey.exchanges)} answers kept" if survey.exchanges else ""
        shown = f"{_printable(scrub_address(survey.address))}: {_printable(survey.trouble)}"
        return f"  {name}  {shown} ({survey.elapsed_s:.1f} s){kept}"
    identity = survey.identity
    parts = [survey.label, identity.hardware, identity.codename, identity.rom_version or identity.build]
    words = " · ".join(_printable(part) for part in dict.fromkeys(parts) if part)
    links = [kind for kind, _ in survey.exchanges]
    link = "adb" if survey.kind != "modem" else "qmi" if "qmi" in links and "at" not in links else "at"
    return f"  {name}  {words}   {link}  {len(survey.exchanges)} answers  {survey.elapsed_s:.2f} s"


def _printable(text: str) -> str:
    """Device text on one line of the terminal."""
    return one_line(text, 160)
