"""Supported bands by layer, enabled and attached bands, side by side, band by band; what each layer lacks is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.binding.service import attached
from harness.observations import EnabledBands, ServingCell, SupportedBands
from harness.radio.rats import label, order
from harness.radio.tables import band_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.commands.views.page import Page
    from harness.survey.survey import Survey

LAYERS = ("hardware", "policy", "advertised", "listed")
"""The columns of supported bands, from the inside outwards; `listed`: the modem names no layer."""

COLUMNS = (*LAYERS, "enabled", "attached")


@dataclass(frozen=True, slots=True)
class Grid:
    """The bands of one RAT. `cells[band][column]` is a word; a column that nothing tells is absent from `columns`."""

    rat: str
    columns: tuple[str, ...]
    cells: dict[int, dict[str, str]]
    missing: dict[int, tuple[str, ...]]
    """Band -> the columns that tell a list without it, though another layer has it."""
    unlimited: tuple[str, ...] = ()


def grids(survey: Survey) -> list[Grid]:
    """One grid for each RAT of which a list or a serving cell is known."""
    rats: set[str] = {item.rat for item in _lists(survey)}
    roles = _attached(survey)
    nr_lists = sorted(rat for rat in rats if rat.startswith("nr"))
    for rat in roles:
        # Cells say NR; where the lists are of SA or NSA, they stand beside those.
        if rat not in rats and not (rat == "nr" and nr_lists):
            rats.add(rat)
    return [_grid(survey, rat, roles) for rat in sorted(rats, key=order)]


def _lists(survey: Survey) -> tuple[SupportedBands | EnabledBands, ...]:
    return (*survey.supported, *survey.enabled)


def _attached(survey: Survey) -> dict[str, dict[int, str]]:
    """RAT -> band -> the role of the cell, with `?` where it is not sure that the device is served there, on this band.

    A cell whose band is in conflict, that is camped on without registration or only configured, is none.
    """
    found: dict[str, dict[int, str]] = {}
    surely = attached(survey)
    for cell in survey.all(ServingCell):
        if cell.rat and cell.band is not None and cell.band_source != "conflict" and _serves(cell):
            role = {"pcell": "PCell", "scell": "SCell", "pscell": "PSCell"}[cell.role]
            role += "" if cell in surely else "?"
            roles = found.setdefault(cell.rat, {})
            known = roles.get(cell.band, "")
            roles[cell.band] = known if role in known.split() else f"{known} {role}".strip()
    return found


def _serves(cell: ServingCell) -> bool:
    return cell.registered is not False if cell.role == "pcell" else cell.active is not False


def _grid(survey: Survey, rat: str, served: dict[str, dict[int, str]]) -> Grid:
    lists = {
        layer: [i for i in survey.supported if i.rat == rat and (i.layer or "listed") == layer] for layer in LAYERS
    }
    told: dict[str, Sequence[SupportedBands | EnabledBands]] = {layer: items for layer, items in lists.items() if items}
    if enabled := [item for item in survey.enabled if item.rat == rat]:
        told["enabled"] = enabled
    roles = served.get(rat, {}) | (served.get("nr", {}) if rat.startswith("nr_") else {})
    bands = sorted({b for items in told.values() for i in items for b in i.bands or ()} | roles.keys())
    cells = {band: {column: _word(items, band) for column, items in told.items()} for band in bands}
    for band, role in roles.items():
        cells[band]["attached"] = role
    missing = {band: lacking for band in bands if (lacking := _missing(cells[band]))}
    unlimited = tuple(column for column, items in told.items() if any(i.unlimited and i.bands is None for i in items))
    columns = tuple(column for column in COLUMNS if column in told or (column == "attached" and roles))
    return Grid(rat, columns, cells, missing, unlimited)


def _word(items: Sequence[SupportedBands | EnabledBands], band: int) -> str:
    """What the lists of one column say of a band."""
    answers = {band in item.bands for item in items if item.bands is not None}
    if not answers:
        return "any" if any(item.unlimited for item in items) else "?"
    return "in conflict" if len(answers) > 1 else "yes" if True in answers else "no"


def _missing(cells: dict[str, str]) -> tuple[str, ...]:
    has = any(word not in {"no", "?", "any"} for word in cells.values())
    return tuple(column for column, word in cells.items() if word == "no") if has else ()


def draw_bands(page: Page, survey: Survey) -> None:
    """Every list with its grade and source, then the bands side by side."""
    page.heading("Bands")
    found = grids(survey)
    if survey.given_bands:
        for rat, bands in survey.given_bands.by_rat.items():
            told = " ".join(band_label(rat, band) for band in bands)
            page.text(f"declared, {label(rat)}: {told} ({survey.given_bands.words})")
    if not found:
        page.text("not observed: no list of supported or enabled bands, and no band attached")
        return
    rows = []
    for item in _lists(survey):
        column = (item.layer or "supported, layer not told") if isinstance(item, SupportedBands) else "enabled"
        rows.append((f"{label(item.rat)} {column}", _count(item), f"{item.grade.word}  {item.source or ''}".strip()))
    page.rows(list(dict.fromkeys(rows)))
    if not survey.supported:
        page.text("supported bands: not told by the device; attached bands are a lower bound")
    for grid in found:
        _draw(page, grid)


def _count(item: SupportedBands | EnabledBands) -> str:
    if item.bands is None:
        return "no restriction" if item.unlimited else "not told"
    return "1 band" if len(item.bands) == 1 else f"{len(item.bands)} bands"


def _draw(page: Page, grid: Grid) -> None:
    page.lines.append("")
    if not grid.cells:
        page.text(f"{label(grid.rat)}: no band is named")
        return
    header = [label(grid.rat), *(_title(column) for column in grid.columns), *(["missing in"] if grid.missing else [])]
    table = [header]
    for band, cells in grid.cells.items():
        row = [band_label(grid.rat, band), *(cells.get(column, "") for column in grid.columns)]
        table.append([*row, ", ".join(map(_title, grid.missing.get(band, ())))][: len(header)])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    if page.width is None or 2 + sum(widths) + 2 * (len(widths) - 1) <= page.width:
        for row in table:
            page.lines.append(
                ("  " + "  ".join(f"{word:<{width}}" for word, width in zip(row, widths, strict=True))).rstrip()
            )
    else:
        for row in table[1:]:
            pairs = [f"{title} {word}" for title, word in zip(header[1:], row[1:], strict=True) if word]
            page.text(f"{row[0]}  {', '.join(pairs)}", hang=6)
    if any("?" in cells.get("attached", "") for cells in grid.cells.values()):
        page.text("PCell?: the device names the cell, but not surely that it is served there, or on this band")
    for column in grid.unlimited:
        page.text(f"{_title(column)}: the device says that nothing is restricted; it names no band")


def _title(column: str) -> str:
    return "layer not told" if column == "listed" else column
