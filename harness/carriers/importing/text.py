"""The YAML of a profile: one band a line, sources once, nothing that says nothing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from harness.carriers.band_faults import primary_fault
from harness.radio import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.carriers.edition import OldNetwork

    from .bands import WantedBand

INDENT = "      "


def quoted(text: str) -> str:
    """A YAML scalar in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def word(text: str) -> str:
    """A YAML scalar, in quotes only where plain words would not do."""
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9 ./()-]*[A-Za-z0-9.)]", text) else quoted(text)


def flow(pairs: dict[str, str]) -> str:
    """`{a: 1, b: 2}`."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"


def flow_list(items: Iterable[object]) -> str:
    """`[1, 2]`."""
    return "[" + ", ".join(str(item) for item in items) + "]"


def wrapped(key: str, items: list[str], width: int = 110) -> list[str]:
    """A flow list behind its key, broken where a line grows too long."""
    whole = f"{key}: {flow_list(items)}"
    if len(whole) <= width:
        return [whole]
    lines, line = [f"{key}:"], "  ["
    for item in items:
        if len(line) + len(item) > width:
            lines.append(line.rstrip())
            line = "   "
        line += item + ", "
    lines.append(line.removesuffix(", ") + "]")
    return lines


def network(one: OldNetwork) -> str:
    """One network on one line."""
    pairs: dict[str, str] = {"rat": one.rat}
    if one.bands:
        pairs["bands"] = flow_list(one.bands)
    pairs["status"] = one.status
    if one.until:
        pairs["until"] = quoted(one.until)
    if one.source:
        pairs["source"] = quoted(one.source)
    return "  - " + flow(pairs)


def band(prefix: str, one: WantedBand) -> str:
    """One band requirement on one line."""
    label = "N" if one.rat == "nr" else "B"
    pairs = {
        "id": f"{prefix}-{one.rat.upper()}-{label}{one.band}",
        "kind": "band",
        "rat": one.rat,
        "band": str(one.band),
        "role": one.role,
        "level": one.level,
    }
    if one.any_of:
        pairs["any_of"] = flow_list(flow({"band": str(number), "relation": word}) for number, word in one.any_of)
    if one.nr_mode:
        pairs["nr_mode"] = one.nr_mode
    if one.ul_mhz:
        pairs["ul_mhz"] = flow_list(f"{edge:g}" for edge in one.ul_mhz)
    pairs |= {
        "publishers": flow_list(word(name) for name in one.publishers),
        "authority": one.authority,
        "as_of": quoted(one.as_of),
    }
    if one.since:
        pairs["since"] = quoted(one.since)
    if one.until:
        pairs["until"] = quoted(one.until)
    if one.listed_since:
        pairs |= {"listed_since": quoted(one.listed_since), "listed_source": quoted(one.listed_source)}
    if one.contradicted_by:
        pairs["contradicted_by"] = flow_list(word(name) for name in one.contradicted_by)
    if one.note:
        pairs["note"] = quoted(one.note)
    return f"{INDENT}- {flow(pairs)}"


def shorter(source: str) -> str:
    """A source without what every one has: protocol, quotes, the long name of the encyclopedia's pages."""
    source = source.removeprefix("cross-check ").replace("https://", "").replace("http://", "")
    source = source.replace('"Mobile network codes in ITU region" pages', "mobile network codes").replace('"', "'")
    return source.replace(", snapshot in github.com/", ", ").replace(", snapshot 2013-09-15 in github.com/", ", ")


def coverage(prefix: str, low: tuple[WantedBand, ...]) -> str:
    """What stays open where no band below 1 GHz is confirmed."""
    pairs = {"id": f"{prefix}-COVERAGE", "kind": "coverage", "level": "mandatory"}
    by_rat = {rat: [one.band for one in low if one.rat == rat] for rat in ("lte", "nr")}
    named = {rat: flow_list(numbers) for rat, numbers in by_rat.items() if numbers}
    if named:
        pairs["candidates"] = flow(named)
    return f"{INDENT}- {flow(pairs)}"


def volte(prefix: str, since: str | None) -> str:
    """That calls need VoLTE, from a day on where it was not always so."""
    pairs = {"id": f"{prefix}-VOLTE", "kind": "volte", "level": "mandatory"}
    if since:
        pairs["since"] = quoted(since)
    return f"{INDENT}- {flow(pairs)}"


def network_rules(prefix: str, asked: tuple[WantedBand, ...], *, sure: bool) -> list[str]:
    """Attachment and registration; an attachment outside a list that nobody confirmed decides nothing."""
    lines = []
    where = {rat: flow_list(sorted(_primary(rat, asked))) for rat in ("lte", "nr") if _primary(rat, asked)}
    if where:
        level = "mandatory" if sure else "informative"
        pairs = {"id": f"{prefix}-ATTACH", "kind": "attach", "level": level, "any_of": flow(where)}
        lines.append(f"{INDENT}- {flow(pairs)}")
    lines.append(f"{INDENT}- {flow({'id': f'{prefix}-REGISTERED', 'kind': 'registered', 'level': 'mandatory'})}")
    return lines


def _primary(rat: str, asked: tuple[WantedBand, ...]) -> list[int]:
    """The listed bands on which a device can be attached; millimetre waves are secondary cells in these networks."""
    numbers = [one.band for one in asked if one.rat == rat and primary_fault(rat, one.band) is None]
    return [number for number in numbers if not _millimetre(rat, number)]


def _millimetre(rat: str, number: int) -> bool:
    low = tables.bands_of(rat)[number].dl_mhz
    return low is not None and low[0] > 24000
