"""The fit table for a terminal: columns where there is room, blocks where there is not, one line a carrier in a pipe."""

from __future__ import annotations

import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING

from harness.plain_text import one_line, plural
from harness.reports.document.document import STATEMENT

from .by_country import country_lines
from .rows import basis, count, usable, why

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.verdicts.fit.ranking import Fit, KnownDevice

    from .rows import FitTable

MOST_TABLES = 4
"""More devices than this are summed up, one line each."""
MOST_COLUMNS = 8
"""Carriers that fit side by side in the sum of many devices."""
_NARROWEST = 30
_PIPED_BEST = 60
_SIDE_BY_SIDE = 112
"""From this width on the table has columns."""
_COLOURS = {"works": "32", "works with gaps": "33", "does not work": "31", "network ended": "35"}
_ANSWER = 16
"""Width of the column of answers."""


def fit_lines(table: FitTable, width: int | None, *, colour: bool = False) -> Iterator[str]:
    """The lines. `width` None: nothing is wrapped."""
    width = None if width is None else max(_NARROWEST, width)
    if table.by != "carrier":
        for line in country_lines(table):
            yield from [line] if width is None or len(line) <= width else _wrapped(line, width)
    elif len(table.devices) <= MOST_TABLES:
        for device, fits in table.devices:
            yield from _device(device, fits, table, width, colour=colour)
            yield ""
    else:
        yield from _summed(table, width)
        yield ""
    yield from _below(table, width)


def _device(
    device: KnownDevice, fits: Sequence[Fit], table: FitTable, width: int | None, *, colour: bool
) -> Iterator[str]:
    title = one_line(device.label)
    if device.name != device.label:
        title += f" ({one_line(device.name)})"
    yield from _wrapped(title, width)
    yield from _wrapped(f"  {basis(device)}", width)
    for note in device.declared.notes if device.declared else ():
        yield from _wrapped(f"  its sheet says: {one_line(note)}", width)
    yield from _wrapped(f"  {count(fits)}", width)
    yield ""
    shown = table.shown(fits)
    if width is None or width >= _SIDE_BY_SIDE:
        yield from _columns(shown, width, colour=colour)
    else:
        yield from _blocks(shown, width, colour=colour)
    if len(shown) < len(fits):
        yield ""
        yield from _wrapped(f"{len(shown)} of {len(fits)} carriers shown", width)


def _columns(fits: Sequence[Fit], width: int | None, *, colour: bool) -> Iterator[str]:
    refs = max([len("carrier"), *(len(_ref(fit)) for fit in fits)])
    bands = max([len("bands"), *(len(_bands(fit)) for fit in fits)])
    fixed = _ANSWER + 2 + refs + 2 + bands + 2
    if width is None:
        best = _PIPED_BEST
        reason = None
    else:
        best = max(20, (width - fixed - 2) // 2)
        reason = max(20, width - fixed - best - 2)
    yield f"{'answer':<{_ANSWER}}  {'carrier':<{refs}}  {'bands':<{bands}}  {'best usable that day':<{best}}  why".rstrip()
    for fit in fits:
        told = one_line(usable(fit)), one_line(why(fit))
        left = textwrap.wrap(told[0], best, break_on_hyphens=False) if width else [told[0]]
        right = textwrap.wrap(told[1], reason, break_on_hyphens=False) if reason else [told[1]]
        for number, (one, other) in enumerate(zip_longest(left, right, fillvalue="")):
            first = number == 0
            head = (
                f"{_painted(fit, _ANSWER, colour=colour)}  {_ref(fit):<{refs}}  {_bands(fit):<{bands}}"
                if first
                else " " * (fixed - 2)
            )
            yield f"{head}  {one:<{best}}  {other}".rstrip()


def _blocks(fits: Sequence[Fit], width: int, *, colour: bool) -> Iterator[str]:
    for fit in fits:
        yield from _wrapped(f"{_painted(fit, 0, colour=colour)}  {_ref(fit)}  {_bands(fit)}", width)
        yield from _wrapped(f"  {one_line(usable(fit))}", width)
        if told := why(fit):
            yield from _wrapped(f"  {one_line(told)}", width)


def _ref(fit: Fit) -> str:
    return fit.selected.ref + ("*" if fit.selected.stale() else "")


def _bands(fit: Fit) -> str:
    """`5/7`: how many of the bands that are listed the device has, or another that stands in."""
    listed = fit.answer.listed
    return f"{sum(bool(band.has or band.stood_in) for band in listed)}/{len(listed)}"


def _painted(fit: Fit, width: int, *, colour: bool) -> str:
    word = fit.answer.scale
    text = f"{word:<{width}}"
    return f"\x1b[{_COLOURS[word]}m{text}\x1b[0m" if colour and word in _COLOURS else text


def _summed(table: FitTable, width: int | None) -> Iterator[str]:
    """One line a device, the one that serves most carriers first."""

    def served(pair: tuple[KnownDevice, Sequence[Fit]]) -> tuple[int, int, str]:
        words = [fit.answer.scale for fit in pair[1]]
        return (-words.count("works"), -words.count("works with gaps"), pair[0].name)

    names = max(len(one_line(device.name)) for device, _ in table.devices)
    for device, fits in sorted(table.devices, key=served):
        if table.carriers <= MOST_COLUMNS:
            by_id = sorted(fits, key=lambda fit: fit.selected.ref)
            told = ", ".join(f"{_ref(fit)} {fit.answer.scale}" for fit in by_id)
        else:
            told = count(fits)
        yield from _wrapped(f"{one_line(device.name):<{names}}  {told}", width)
    yield ""
    yield from _wrapped(f"{len(table.devices)} devices; --json, --csv and --html tell each carrier", width)


def _below(table: FitTable, width: int | None) -> Iterator[str]:
    asked = f"{plural(table.carriers, 'carrier')} as of {table.as_of.isoformat()}, policy {table.policy}"
    if table.require_grade.word != "declared":
        asked += f", evidence at least {table.require_grade.word}"
    yield from _wrapped(asked, width)
    if table.stale:
        yield from _wrapped(
            f"* {plural(table.stale, 'profile')} last checked more than twelve months before that day", width
        )
    yield from _wrapped(STATEMENT, width)
    for note in table.notes:
        yield from _wrapped(f"Note: {one_line(note)}", width)
    yield from _wrapped(f"Not assessed: {'; '.join(table.not_assessed)}.", width)


def _wrapped(text: str, width: int | None) -> list[str]:
    if width is None:
        return [text]
    indent = " " * (len(text) - len(text.lstrip()))
    return textwrap.wrap(
        text, width, subsequent_indent=indent + "  ", break_on_hyphens=False, drop_whitespace=True
    ) or [""]
