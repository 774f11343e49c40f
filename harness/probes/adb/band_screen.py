"""MediaTek's EngineerMode, screen Band Mode: what its boxes tell, and what its log does.

The screen draws its boxes before the modem has answered. Variant A then shows every band enabled, which is no list;
only a box that is disabled and one that is checked prove an answer. Variant B shows nothing until then. A box is the
app's word (grade observed); the masks in its log are the modem's own answer (measured).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from harness.errors import ParseError
from harness.observations import EnabledBands, Grade, Observation, Reading, Source, SupportedBands
from harness.radio.tables import is_band

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.observations import Rat

PACKAGE = "com.mediatek.engineermode"
DUMP = "uiautomator dump /dev/tty"
LOG = "logcat -d -s BandSelect"
LARGEST = 4 * 2**20
_BAND = re.compile(r"Band (\d{1,3})")
"""`Band 1`; a CDMA row, `Band 1(North American PCS band)`, is none."""
_TABLES: dict[str, Rat] = {"TableLayout_LTE": "lte", "TableLayout_NR": "nr"}
_LOGGED = re.compile(r"\b(?:gsm|NR|EPBSEH?)? ?(support|current) --\.?>\s*(\+EPBSEH?:[^\r\n]*)")


def read_band_screen(dumps: Sequence[str]) -> Reading:
    """The facts of two or more dumps of the screen, which must be alike. Raises ParseError for what is no such screen."""
    rows = [_rows(text) for text in dumps]
    if any(one != rows[0] for one in rows[1:]):
        return Reading((), ("the screen changed between two looks: not read",))
    facts: list[Observation] = []
    warnings: list[str] = []
    for rat, boxes in rows[0].items():
        told = _told(rat, boxes)
        if isinstance(told, str):
            warnings.append(told)
        else:
            facts += told
    return Reading(tuple(facts), tuple(warnings))


def _told(rat: Rat, boxes: tuple[_Box, ...]) -> list[Observation] | str:
    """The facts of one table, or why it tells none."""
    word = rat.upper()
    if not boxes:
        return f"the {word} table is empty: the modem has not answered, or has none; not told"
    if any(enabled and not is_band(rat, band) for band, enabled, _, _ in boxes) and any(not one[1] for one in boxes):
        return f"the {word} table names bands that 3GPP does not have: unreadable"
    labelled = any(row for _, _, _, row in boxes)
    checked = tuple(sorted(band for band, _, is_checked, _ in boxes if is_checked))
    disabled = any(not enabled for _, enabled, _, _ in boxes)
    if not checked or (not disabled and not labelled):
        return f"the {word} boxes do not show that the modem has answered: every box is enabled, or none is checked"
    bands = tuple(sorted(band for band, enabled, _, _ in boxes if enabled))
    if not set(checked) <= set(bands):
        return f"the {word} boxes contradict each other: unreadable"
    where = Source(request=DUMP)
    return [
        SupportedBands(rat=rat, bands=bands, layer="hardware", complete=False, grade=Grade.OBSERVED, source=where),
        EnabledBands(rat=rat, bands=checked, grade=Grade.OBSERVED, source=where),
    ]


_Box = tuple[int, bool, bool, bool]
"""Band, enabled, checked, and whether it has a row of its own with a label (variant B)."""


def _rows(text: str) -> dict[Rat, tuple[_Box, ...]]:
    start = text.find("<hierarchy")
    end = text.rfind("</hierarchy>")
    if len(text) > LARGEST or start < 0 or end < 0 or "<!" in text:
        raise ParseError("no dump of a screen")
    try:
        root = Xml.fromstring(text[start : end + len("</hierarchy>")])  # noqa: S314  no declaration is let in above
    except (Xml.ParseError, RecursionError, ValueError) as error:
        raise ParseError(f"the dump of the screen cannot be read: {str(error)[:100]}") from None
    found: dict[Rat, tuple[_Box, ...]] = {}
    for node in root.iter("node"):
        name = node.get("resource-id", "")
        rat = _TABLES.get(name.removeprefix(f"{PACKAGE}:id/")) if name.startswith(PACKAGE) else None
        if rat is not None:
            found[rat] = (*found.get(rat, ()), *_boxes(node))
    if not found:
        raise ParseError("no Band Mode screen of MediaTek's EngineerMode")
    return found


def _boxes(table: Xml.Element) -> Iterator[_Box]:
    for row in table.iter("node"):
        if not row.get("class", "").endswith("TableRow"):
            continue
        own = [one for one in row.iter("node") if one is not row]
        labels = [one.get("text", "") for one in own if one.get("class", "").endswith(".TextView")]
        for box in own:
            if not box.get("class", "").endswith("CheckBox"):
                continue
            text = next((one for one in (box.get("text", ""), *labels) if _BAND.fullmatch(one)), "")
            if found := _BAND.fullmatch(text):
                yield int(found[1]), box.get("enabled") == "true", box.get("checked") == "true", bool(labels)


def read_band_log(text: str) -> Reading:
    """The modem's answers in the screen's log: `gsm support --.>+EPBSE: …`, `NR current --.>+EPBSEH: …`.

    Raises ParseError where none is there.
    """
    from harness.probes.at import read_parts
    from harness.probes.at.chips.mediatek import DIALECT
    from harness.probes.at.language.answer import Modem

    answers: dict[str, str] = {}
    for found in _LOGGED.finditer(text):
        name = found[2].partition(":")[0].removeprefix("+")
        answers[f"AT+{name}{'=?' if found[1] == 'support' else '?'}"] = found[2].strip()
    if not answers:
        raise ParseError("no answer of the modem in the log of the Band Mode screen")
    whole = Reading()
    for command, line in answers.items():
        told = read_parts(f"{line}\r\n\r\nOK\r\n", command, DIALECT, Modem())
        facts = tuple(replace(one, source=Source(request=LOG)) for one in told.observations)
        whole += Reading(facts, told.warnings)
    return whole
