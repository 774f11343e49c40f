"""Text for a person at a terminal: wrapped where there is a width, whole lines where the output is piped."""

from __future__ import annotations

import os
import sys
import textwrap
from typing import TYPE_CHECKING

from harness.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NARROWEST = 30
_SIDE_BY_SIDE = 72
"""From this width on a value and where it was read stand on one line."""

_WIDEST_VALUE = 64


class Page:
    """Collects lines. `width` None: nothing is wrapped. Text of devices comes in through `one_line`."""

    def __init__(self, width: int | None, *, bold: bool = False) -> None:
        self.width = None if width is None else max(NARROWEST, width)
        self._bold = bold
        self.lines: list[str] = []

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)

    def heading(self, text: str) -> None:
        """A heading, a blank line before it."""
        if self.lines:
            self.lines.append("")
        words = one_line(text)
        wrapped = [words] if self.width is None else textwrap.wrap(words, self.width, break_on_hyphens=False)
        self.lines += [f"\x1b[1m{line}\x1b[0m" if self._bold else line for line in wrapped]

    def text(self, text: str, *, indent: int = 2, hang: int = 2) -> None:
        """One paragraph; `hang` is how much further its other lines stand in."""
        first, rest = " " * indent, " " * (indent + hang)
        if self.width is None:
            self.lines.append(first + one_line(text))
            return
        wrapped = textwrap.wrap(
            one_line(text), self.width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
        )
        self.lines += wrapped or [first.rstrip()]

    def rows(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """Name, value, where it was read: in columns where there is room, else one below the other."""
        shown = [(one_line(name), one_line(value), one_line(source)) for name, value, source in rows]
        names = max((len(name) for name, _, _ in shown), default=0)
        values = min(max((len(value) for _, value, _ in shown), default=0), _WIDEST_VALUE)
        for name, value, source in shown:
            if self.width is None or (
                self.width >= _SIDE_BY_SIDE and 2 + names + 2 + max(values, len(value)) + 2 + len(source) <= self.width
            ):
                self.lines.append(f"  {name:<{names}}  {value:<{values}}  {source}".rstrip())
            else:
                self.text(f"{name}  {value}", hang=4)
                if source:
                    self.text(source, indent=6)


def page() -> Page:
    """A page for standard output as it is: a terminal's width, or none where it is piped."""
    width = _terminal()
    return Page(width, bold=width is not None and "NO_COLOR" not in os.environ)


def tell(lines: Iterable[str], *, hang: int = 4) -> None:
    """Write lines to standard output, columns and all; on a terminal the rest of a long one stands in by `hang`."""
    width = _terminal()
    for line in lines:
        sys.stdout.write(f"{line if width is None else fitted(line, width, hang)}\n")


def fitted(line: str, width: int, hang: int) -> str:
    """The line in lines of the width, the blanks between its columns kept."""
    if len(line) <= width:
        return line
    return textwrap.fill(line, max(NARROWEST, width), subsequent_indent=" " * hang, break_on_hyphens=False)


def _terminal() -> int | None:
    """Columns of standard output; None where it is piped."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns
