"""Cell ids and tracking areas out of device text: with them goes where the laboratory stands.

A tracking area becomes one that no network has (FFFE, TS 23.003 clause 19.4.2.3, or what Android prints for unknown),
a cell id becomes zeros. EARFCN, PCI and band stay.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.recording.scrubbing.shapes import Kinds

Places = tuple["int | None", "int | None"]
"""At which fields, from 0, a record has its cell id and its tracking area."""

_ANDROID = re.compile(
    r"(?<![A-Za-z_])(m?(?:Tac|Lac|Ci|Nci|Cid|BasestationId|NetworkId|Latitude|Longitude)|tac|lac|ci|nci|cid|eci)"
    r"(\s?=\s?)([\d*]+)(?![\w*])"
)
_LABEL = re.compile(
    # A physical or serving cell id is a PCI.
    r"(?<![A-Za-z])(?<!physical[ _])(?<!phy[ _])(?<!serving[ _])"
    r"(TAC|LAC|(?:tracking|location)[ _]area[ _]code|Cell[ _]?ID|CID|N?CI|ECI|GCI|e?g?nodeb[ _]id)"
    r"(\"?[ \t]{0,4}[:=][ \t]{0,12}[\"']?)((?:0x)?[0-9A-F]+)([ \t]{0,3}\(\d+\))?(?![\w])",
    re.IGNORECASE,
)
_GSM_LOCATION = re.compile(r"((?:CellLocation|mCellLoc)\w{0,8}\s{0,2}[:=]\s{0,2}\[)(-?\d+),(-?\d+)(?=[,\]])")
_COLUMNS = re.compile(
    r"(?<!\S)(\d{3}\s{1,8}\d{2,3}\s{1,8})([0-9A-F]{1,8})(\s{1,8})([0-9A-F]{7,9})(?!\S)", re.IGNORECASE
)
"""Sierra's !LTEINFO and !NRINFO: MCC, MNC, TAC and CID in columns."""
_TOOLS = re.compile(
    r"((?:3GPP cell|Global Cell|UMTS Cell) ID|(?:(?:LTE|5GNR|3GPP) )?(?:Tracking|Location) Area Code)(:\s{1,3}')(\d{1,12})'",
    re.IGNORECASE,
)
"""Labels of qmicli; `Serving Cell ID` and `Physical Cell ID` are PCIs and stay."""
_DECIMAL = ("65534", "16777214")
"""The areas that no network has, as qmicli writes them: FFFE of LTE, FFFFFE of NR (TS 23.003 clause 19.4.2.3)."""
_LINE = re.compile(r"[^\r\n]+")
_RECORD = re.compile(r"\s*([+^#$%*!]?[A-Z0-9]+):\s?", re.IGNORECASE)
_UNKNOWN = {"nci": str(2**63 - 1)}


def scrub_cells(text: str, request: str, kinds: Kinds, family: Mapping[str, Places] | None = None) -> str:
    """The text with cell ids and tracking areas replaced. `family`: where the records of the modem's family have them."""
    text = _ANDROID.sub(lambda match: _android(match, kinds), text)
    text = _TOOLS.sub(lambda match: _tool(match, kinds), text)
    text = _LABEL.sub(lambda match: _label(match, kinds), text)
    text = _GSM_LOCATION.sub(lambda match: _location(match, kinds), text)
    if "LTEINFO" in request.upper() or "NRINFO" in request.upper() or "INFO:" in text:
        text = _COLUMNS.sub(
            lambda match: match[1] + area(match[2], kinds) + match[3] + cell(match[4], kinds),
            text,
        )
    return _LINE.sub(lambda match: _line(match[0], request.upper(), kinds, family or {}), text)


def _android(match: re.Match[str], kinds: Kinds) -> str:
    name = match[1].lower().removeprefix("m")
    kind = "tac" if name in ("tac", "lac") else "cell_id"
    return match[1] + match[2] + _noted(match[3], _UNKNOWN.get(name, str(2**31 - 1)), kind, kinds)


def _label(match: re.Match[str], kinds: Kinds) -> str:
    is_area = match[1].upper() in ("TAC", "LAC") or "area" in match[1].lower()
    if is_area and match[3] in _DECIMAL:
        return match[0]
    if match[2].startswith('"') and match[2].endswith((":", " ")) and match[3].isdigit():
        # A bare number of JSON stays one.
        return match[1] + match[2] + _noted(match[3], "0", "tac" if is_area else "cell_id", kinds)
    value = area(match[3], kinds) if is_area else cell(match[3], kinds)
    return match[1] + match[2] + value + (" (0)" if match[4] else "")


def _location(match: re.Match[str], kinds: Kinds) -> str:
    """Android's GsmCellLocation: area, cell, scrambling code; -1 is unknown."""
    return f"{match[1]}{_noted(match[2], '-1', 'tac', kinds)},{_noted(match[3], '-1', 'cell_id', kinds)}"


def _tool(match: re.Match[str], kinds: Kinds) -> str:
    is_area = "area" in match[1].lower()
    top = _DECIMAL[-1] if "5GNR" in match[1] else _DECIMAL[0]
    value = top if is_area else "0" * len(match[3])
    return f"{match[1]}{match[2]}{_noted(match[3], value, 'tac' if is_area else 'cell_id', kinds)}'"


def _noted(old: str, new: str, kind: str, kinds: Kinds) -> str:
    """The new text; its kind is told where it is another."""
    if new != old:
        kinds.add(kind)
    return new


def area(field: str, kinds: Kinds) -> str:
    """A tracking or location area code, hexadecimal or decimal, quoted or not."""
    return _swap(
        field,
        kinds,
        "tac",
        lambda body, prefix: "FFFE".rjust(len(body), "0") if prefix or len(body) > 3 else "0" * len(body),
    )


def cell(field: str, kinds: Kinds) -> str:
    """A cell identity, hexadecimal or decimal, quoted or not."""
    return _swap(field, kinds, "cell_id", lambda body, prefix: "0" * len(body))


def _swap(field: str, kinds: Kinds, kind: str, new: Callable[[str, str], str]) -> str:
    match = re.fullmatch(r'(\s*"?)(0x)?([0-9A-F]+)(h?"?\s*)', field, re.IGNORECASE)
    if match is None:
        return field
    return _noted(field, match[1] + (match[2] or "") + new(match[3], match[2] or "") + match[4], kind, kinds)


def _line(line: str, asked: str, kinds: Kinds, family: Mapping[str, Places]) -> str:
    if len(line) > 2000:
        return line
    record = _RECORD.match(line)
    name, head = (record[1].upper(), record.end()) if record else ("", 0)
    fields = line[head:].split(",")
    if name == "#MONI":
        return _MONI.sub(lambda match: match[1] + cell(match[2], kinds), line)
    if name == "+ECELL":
        fields = [
            cell(one, kinds) if len(one.strip()) > 7 else area(one, kinds) if '"' in one else one for one in fields
        ]
        return line[:head] + ",".join(fields)
    if name in ("+CREG", "+CGREG", "+CEREG", "+C5GREG"):
        places: Places | None = _registration(fields)
    elif name in family:
        places = family[name]
    else:
        places = _places(name, [field.strip().strip('"').upper() for field in fields], asked)
    if places is None:
        return line
    for index, change in zip(places, (cell, area), strict=True):
        if index is not None and 0 <= index < len(fields):
            fields[index] = change(fields[index], kinds)
    return line[:head] + ",".join(fields)


def _places(name: str, fields: list[str], asked: str) -> tuple[int | None, int | None] | None:
    """Where a record has its cell id and its area (indices from 0); None for records that have none."""
    if name in ("+QENG", "+MENG") or (not name and ("QENG" in asked or "MENG" in asked)):
        return _engineering(fields)
    if name == "+CPSI":
        return 4, 3
    if name == "^MONSC":
        return {"LTE": (4, 6), "NR": (5, 7), "WCDMA": (5, 6), "GSM": (6, 7)}.get(fields[0])
    if name in ("#RFSTS", "+RFSTS"):
        subscriber = next((i for i, field in enumerate(fields) if re.fullmatch(r"\d{14,15}", field)), None)
        return (None if subscriber is None else subscriber - 1), 5
    if not name and "GTCCINFO" in asked and fields[0] in ("1", "2") and len(fields) > 8:
        return 5, 4
    if not name and "UCGED" in asked and len(fields) > 6:
        return 5, 4
    return _FIXED.get(name)


def _registration(fields: list[str]) -> tuple[int, int] | None:
    """+CREG and its kin (TS 27.007 clause 7.2): the area is the first field in quotes, or the first that is no status."""
    quoted = next((index for index, field in enumerate(fields) if field.lstrip().startswith('"')), None)
    if quoted is not None:
        following = fields[quoted + 1].strip().strip('"') if quoted + 1 < len(fields) else ""
        # Some modems put the routing area of two digits between area and cell.
        return (quoted + 2 if len(following) <= 2 and quoted + 2 < len(fields) else quoted + 1), quoted
    # Unasked, the area stands in place of the status, which has two digits at most.
    bare = next((at for at in (1, 2) if len(fields) > at + 1 and len(fields[at].strip()) > 2), None)
    return None if bare is None else (bare + 1, bare)


_MONI = re.compile(r"(\bId:\s?)([0-9A-F]+)\b", re.IGNORECASE)
_FIXED: dict[str, tuple[int | None, int | None]] = {
    "+XMCI": (4, 3),
    "+XCCINFO": (3, 9),
    "+EEMLTESVC": (9, 3),
    "%XMONITOR": (7, 4),
    "^SMONI": (9, 8),
    "#SERVINFO": (4, 5),
    "+ZCELLINFO": (1, 0),
    "^CELLINFO": (7, 8),
}


def _engineering(fields: list[str]) -> tuple[int | None, int | None] | None:
    """Quectel's +QENG: positions count from the radio access technology."""
    for rats, cell_at, area_at in (
        (("LTE", "CAT-M", "EMTC", "CAT-NB", "NBIOT"), 4, 10),
        (("NR5G-SA",), 4, 6),
        (("WCDMA", "GSM"), 4, 3),
    ):
        for rat in rats:
            if rat in fields and "SERVINGCELL" in (*fields, *(["SERVINGCELL"] if fields[0] == "LTE" else [])):
                start = fields.index(rat)
                return start + cell_at, start + area_at
    return None
