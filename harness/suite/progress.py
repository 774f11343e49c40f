"""What a person sees while devices are read: one line a device, filled in as it comes to an end."""

from __future__ import annotations

import textwrap
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Self, TextIO

from harness.binding.sims import sims_in
from harness.plain_text import one_line, plural
from harness.recording.scrubbing.scrub import scrub_address
from harness.survey.targets import final_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rich.live import Live
    from rich.text import Text

    from harness.survey.survey import Survey
    from harness.survey.targets import Target

_NAME_WIDTH = 12


class Progress:
    """Tells each device once, in the order in which they end; `write` gets whole lines. Safe from several threads.

    On a terminal the devices that are still read stand below, each with what it is asked and for how long.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        targets: Sequence[Target],
        stream: TextIO | None = None,
        width: int = 10_000,
    ) -> None:
        self._width = width
        self._write = write
        self._targets = tuple(targets)
        self._lock = threading.Lock()
        self._started = time.monotonic()
        self._open = {one.device: "" for one in targets}
        self._limits = {one.device: one.deadline_s for one in targets}
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
                self._show(f"  {self._waiting(device):<{_NAME_WIDTH}}  {_printable(request)}")

    def told(self, survey: Survey) -> None:
        """One device has been read, or could not be."""
        with self._lock:
            self._open.pop(survey.device, None)
            lines = [device_line(survey, self._name(survey))]
            if remark := sims_in(survey).remark:
                lines.append(f"    warning: {_printable(remark)}")
            for line in lines:
                self._show(line)

    def named(self, surveys: Iterable[Survey]) -> None:
        """All are read: tell what those are called that were shown as they were typed."""
        for target, survey in zip(self._targets, surveys, strict=True):
            shown = self._name(replace(survey, device=target.device))
            if survey.device != shown:
                self._show(f"  {_printable(shown)} is called {survey.device}")

    def _name(self, survey: Survey) -> str:
        """What the device is called: of the only one that nobody named it is known as soon as it was read.

        One of several that nobody named stands as it was typed, until all are read: pieces of one model need each other.
        """
        unnamed = {one.device: one.address for one in self._targets if not one.named}
        if len(unnamed) == 1 and survey.device in unnamed:
            return final_names([(one, survey) for one in self._targets])[survey.device]
        return unnamed.get(survey.device, survey.device)

    def _waiting(self, device: str) -> str:
        """The name of one that is not read yet."""
        return next((_printable(one.called) for one in self._targets if one.device == device), device)

    def _show(self, line: str) -> None:
        for part in textwrap.wrap(line, self._width, subsequent_indent="      "):
            if self._live is not None:
                self._live.console.print(part, markup=False, highlight=False)
            else:
                self._write(part)

    def _below(self) -> Text:
        from rich.text import Text

        seconds = time.monotonic() - self._started
        lines = []
        for name, asked in list(self._open.items()):
            line = f"  {self._waiting(name):<{_NAME_WIDTH}}  {seconds:.0f} of {self._limits[name]:.0f} s  {_printable(asked)}"
            lines += textwrap.wrap(line, self._width, subsequent_indent="      ")
        return Text("\n".join(lines), no_wrap=True, overflow="ellipsis")


def device_line(survey: Survey, called: str = "") -> str:
    """`mix2-1  Xiaomi Mi MIX 2 · MDE5 · chiron · V12.0.1.0.PDEMIXM   adb   5 answers   0.19 s`, or why it failed.

    For the terminal of who typed the address: it stands as it was typed.
    """
    name = f"{_printable(called or survey.device):<{_NAME_WIDTH}}"
    if survey.trouble:
        kept = f"; {plural(len(survey.exchanges), 'answer')} kept" if survey.exchanges else ""
        why = survey.absent[0] if survey.absent else as_typed(survey.trouble, [survey.address])
        # Most messages begin with the address.
        told = survey.address in (why[: len(survey.address)], called)
        shown = _printable(why if told else f"{survey.address}: {why}")
        way_out = f"; {_printable(survey.absent[1])}" if survey.absent and survey.absent[1] else ""
        return f"  {name}  {shown} ({survey.elapsed_s:.1f} s){kept}{way_out}"
    identity = survey.identity
    parts = [survey.label, identity.hardware, identity.codename, identity.rom_version or identity.build]
    words = " · ".join(_printable(part) for part in dict.fromkeys(parts) if part)
    links = [kind for kind, _ in survey.exchanges]
    link = "adb" if survey.kind != "modem" else "qmi" if "qmi" in links and "at" not in links else "at"
    return f"  {name}  {words}   {link}  {plural(len(survey.exchanges), 'answer')}  {survey.elapsed_s:.2f} s"


def as_typed(text: str, addresses: Iterable[str]) -> str:
    """A text for the terminal with addresses as the user typed them; two that hide behind one stay hidden."""
    typed: dict[str, set[str]] = {}
    for address in addresses:
        for part in address.split(" + "):
            typed.setdefault(scrub_address(part), set()).add(part)
    for hidden, parts in typed.items():
        if len(parts) == 1:
            text = text.replace(hidden, next(iter(parts)))
    return text


def _printable(text: str) -> str:
    """Device text on one line of the terminal."""
    return one_line(text, 160)
