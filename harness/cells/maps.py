"""Command maps of instruments: which text sets and reads what, as data in YAML, checked when it is read.

A map names exact headers; what it does not name is not sent. Every map says how the error queue is read: a setting that was
refused must not go unnoticed. The keys of its items are `ITEMS`, in the order in which a cell is set up.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import Meta

from harness.errors import FileError, UnknownName, UsageError
from harness.state.item import StateItem
from harness.yamlfiles import shape, strict_yaml
from harness.yamlfiles.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = "bandproof.instrument/1"
FOLDER = Path(__file__).with_name("instruments")
ItemName = Literal["cell", "power", "channel", "bandwidth", "band", "duplex"]
ITEMS: tuple[ItemName, ...] = ("duplex", "band", "bandwidth", "channel", "power", "cell")
"""In the order in which a cell is set up, and put back: a channel fits only its band, and the cell comes on last."""
DeviceWord = Literal["cell_off", "none", "attached"]
"""What an instrument says of the device: its own cell is off, no device is attached, one is."""
_NUMBER = r"[-+]?\d+(?:\.\d+)?"


class Identify(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of an instrument before anything else, and what an answer of ours begins with (an expression)."""

    ask: str
    expect: str


class Errors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The error queue: asked by a command of its own, or by text behind each write. `none` is what no error begins with."""

    none: str
    ask: str = ""
    behind: str = ""


class MapItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that can be set and read back: by `write`, a text with {value}, or by `writes`, one text a value.

    Its values are bandproof's own words, `means` says what answers mean.
    """

    words: str
    read: str
    answer: str
    write: str = ""
    writes: dict[str, str] = {}
    means: dict[str, str] = {}
    number: bool = False
    settles_s: float = 5.0
    couples: tuple[ItemName, ...] = ()


class DeviceQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an instrument says of the device; `means` are expressions for the whole answer. Any other answer tells nothing."""

    ask: str
    means: dict[str, DeviceWord]


class MapCell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The cell of one technology."""

    items: dict[ItemName, MapItem]
    device: DeviceQuery | None = None


class InstrumentMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole map."""

    format: Annotated[str, Meta(pattern=r"^bandproof\.instrument/1$", description=FORMAT)]
    name: str
    words: str
    identify: Identify
    errors: Errors
    cells: dict[Literal["lte", "nr", "lte_m", "nb_iot"], MapCell]
    power_dbm: tuple[float, float]
    power_is: str
    """What its level counts: the whole cell, or 15 kHz of it (30.8 dB less at 20 MHz)."""
    terminator: str = "\n"
    timeout_s: Annotated[float, Meta(gt=0, le=300)] = 10.0

    def state_items(self) -> dict[str, StateItem]:
        """What of the instrument can be changed, as items of the gate: `lte_band`, ..."""
        return {
            f"{rat}_{name}": _state_item(rat, name, one, self.errors)
            for rat, cell in self.cells.items()
            for name, one in cell.items.items()
        }


def _state_item(rat: str, name: ItemName, one: MapItem, errors: Errors) -> StateItem:
    return StateItem(
        name=f"{rat}_{name}",
        words=one.words,
        channel="scpi",
        read=one.read,
        answer=one.answer,
        meanings=one.means,
        normal=plain_number if one.number else str.strip,
        write=one.writes or one.write,
        values=_NUMBER,
        accepted=f"^(?:{errors.none})",
        settles_s=one.settles_s,
        couples=tuple(f"{rat}_{other}" for other in one.couples),
        needs=() if name == "cell" else ((f"{rat}_cell", "off"),),
        order=10 * (len(ITEMS) - ITEMS.index(name)),
    )


def plain_number(text: str) -> str:
    """One spelling of a number: `-8.5E+01` is `-85`; other text as it is."""
    try:
        return f"{float(text):.10g}"
    except ValueError:
        return text.strip()


@cache
def shipped_maps() -> dict[str, Path]:
    """The maps that come with the program, by name."""
    return {file.stem: file for file in sorted(FOLDER.glob("*.yaml"))}


def load_map(named: str) -> InstrumentMap:
    """A map by its name, or of a file. Raises UnknownName, UsageError, FileError with line and column."""
    known = shipped_maps().get(named)
    path = known or Path(named)
    if known is None and not path.is_file():
        if path.suffix in {".yaml", ".yml"}:
            raise UsageError(f"there is no map {named}", way_out=f"name a file, or {', '.join(shipped_maps())}")
        raise UnknownName("map of an instrument", named, tuple(shipped_maps()))
    value, marks = strict_yaml.load(path.read_text(encoding="utf-8"), str(path))
    try:
        found = msgspec.convert(value, InstrumentMap)
        problems = tuple(_problems(found))
    except msgspec.ValidationError as error:
        problems = shape.problems(value, InstrumentMap) or (Problem((), str(error)),)
    for one in problems:
        line, column = strict_yaml.nearest_mark(marks, one.path)
        raise FileError(one.message, path=str(path), line=line, column=column)
    return found


def _problems(one: InstrumentMap) -> Iterator[Problem]:
    """What the types cannot say."""
    if bool(one.errors.ask) == bool(one.errors.behind):
        yield Problem(("errors",), "say how errors are read: `ask` (a command) or `behind` (text behind each write)")
    for rat, cell in one.cells.items():
        at = ("cells", rat)
        if "cell" not in cell.items:
            yield Problem((*at, "items"), "there is no item `cell`, which switches the cell on and off")
        if not {"band", "channel"} & set(cell.items):
            yield Problem((*at, "items"), "there is neither an item `band` nor `channel`")
        for name, item in cell.items.items():
            yield from _item_problems((*at, "items", name), name, item)
        for pattern in cell.device.means if cell.device else ():
            yield from _pattern_problems((*at, "device", "means", pattern), pattern, value=False)
    queries = [one.identify.ask, *(c.device.ask for c in one.cells.values() if c.device)]
    for query in filter(lambda text: "?" not in text, queries):
        yield Problem(("cells",), f"{query!r} is no query: it has no question mark")


def _item_problems(at: tuple[str, ...], name: ItemName, item: MapItem) -> Iterator[Problem]:
    yield from _pattern_problems((*at, "answer"), item.answer, value=True)
    if "?" not in item.read:
        yield Problem((*at, "read"), f"{item.read!r} is no query: it has no question mark")
    if bool(item.write) == bool(item.writes):
        yield Problem(at, "say how it is written: `write` (one text) or `writes` (one text a value)")
    if any("?" in text for text in (item.write, *item.writes.values())):
        yield Problem(at, "a write has no question mark")
    if item.write and "{value}" not in item.write:
        yield Problem((*at, "write"), "a write of one text has {value} in it")
    if name == "cell" and set(item.writes) != {"on", "off"}:
        yield Problem(at, '`cell` is written as two texts: `writes` of "on" and "off"')


def _pattern_problems(at: tuple[str, ...], pattern: str, *, value: bool) -> Iterator[Problem]:
    try:
        groups = re.compile(pattern).groupindex
    except re.error as error:
        yield Problem(at, f"{pattern!r} is no expression: {error}")
        return
    if value and "value" not in groups:
        yield Problem(at, "it has no group (?P<value>...)")
