"""A regulator's grant of equipment authorisation (FCC), as the user saved it: page, text or markdown -> its lines.

A line authorises a range of transmitters under a part of 47 CFR: `27  1710.7 - 1779.3  0.2  0.1 PM  18M0G7D`. The range
is what was tested or authorised, often from the lowest channel's centre to the highest's; the emission designator tells
the bandwidth. Nothing is fetched.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from harness.errors import FileError, ParseError

LARGEST = 16 * 1024 * 1024
UNLICENSED = ("15", "18")
"""Parts of the rules under which no band of a mobile network transmits with a grant of this kind."""

_PART = r"(?P<part>1[58][A-Z]?|2[0257][A-Z]?|24[A-Z]?|30|74|80|87|90[A-Z]?|95[A-Z]?|96|97|101)"
_RANGE = r"(?P<low>\d{2,6}(?:\.\d+)?)\s*(?:MHz\s*)?(?:-|–|—|to)\s*(?P<high>\d{2,6}(?:\.\d+)?)(?:\s*MHz)?"
_LINE = re.compile(rf"(?<![\w.]){_PART}(?:\([a-z]\))?\s+{_RANGE}")
_EMISSION = re.compile(r"\b(\d{1,3})([HKMG])(\d{0,3})([A-Z]\d[A-Z])\b")
_UNITS = {"H": 1e-6, "K": 1e-3, "M": 1.0, "G": 1e3}
_FCC_ID = re.compile(r"FCC\s*ID(?:ENTIFIER)?\s*[:#]?\s*([A-Z0-9][A-Z0-9-]{3,18})", re.IGNORECASE)
_CONTAINS = re.compile(r"contains?\s+(?:the\s+)?FCC\s*ID", re.IGNORECASE)
_DATE = re.compile(
    r"(?:Date\s+of\s+Grant|Grant\s+Date)\s*:?\s*(\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2})", re.IGNORECASE
)
_CLASS = re.compile(r"Equipment\s+Class\s*:?\s*([^\n\t|]{3,80})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One authorised range in MHz; `bandwidth_mhz` is the widest that an emission designator of the line tells."""

    part: str
    low_mhz: float
    high_mhz: float
    bandwidth_mhz: float | None = None
    emissions: tuple[str, ...] = ()

    @property
    def licensed(self) -> bool:
        """Whether the part is one of licensed services."""
        return not self.part.startswith(UNLICENSED)

    @property
    def words(self) -> str:
        """`27: 1710.7-1779.3 MHz`."""
        return f"{self.part}: {self.low_mhz:g}-{self.high_mhz:g} MHz"


@dataclass(frozen=True, slots=True)
class Grant:
    """The lines of one grant, and whose it is; empty where the text does not say."""

    source: str
    lines: tuple[GrantLine, ...]
    fcc_id: str = ""
    date: str = ""
    equipment_class: str = ""
    refers_to_module: bool = False
    """The text says that the device contains a module with a grant of its own, which covers what the module sends."""


def parse_grant(text: str, source: str = "") -> Grant:
    """Read a saved grant. Raises ParseError where no authorised range can be told."""
    plain = _plain(text)
    lines = _lines(plain)
    if not lines:
        raise ParseError(
            f"{source or 'the text'} has no line of a grant",
            way_out="save the grant's page with its table: rule parts, frequency range, output, emission designator",
        )
    return Grant(
        source,
        lines,
        fcc_id=_first(_FCC_ID, plain).upper(),
        date=_first(_DATE, plain),
        equipment_class=" ".join(_first(_CLASS, plain).split()),
        refers_to_module=_CONTAINS.search(plain) is not None,
    )


def grant_from(data: bytes, source: str) -> Grant:
    """The grant in a file's octets. Raises FileError for what is no text or holds no grant."""
    if len(data) > LARGEST:
        raise FileError(f"is larger than {LARGEST >> 20} MB", path=source)
    if data.startswith((b"%PDF", b"PK\x03\x04")):
        raise FileError("is no text or page", path=source, way_out="save the grant's page as HTML or text")
    text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", "replace")
    try:
        return parse_grant(text, source)
    except ParseError as error:
        raise FileError("holds no line of a grant", path=source, way_out=error.way_out) from None


def _plain(text: str) -> str:
    """The text of a page or of markdown, one row of a table a line."""
    if re.search(r"<\s*(?:html|table|tr|td|body)\b", text, re.IGNORECASE):
        text = re.sub(r"<(script|style)\b.*?</\1\s*>", " ", text, flags=re.IGNORECASE | re.DOTALL)
        text = re.sub(r"\s*\n\s*", " ", text)
        text = re.sub(r"<\s*/?\s*(?:tr|table|p|div|h\d|li)\b[^<>]*>", "\n", text, flags=re.IGNORECASE)
        text = re.sub(r"<[^<>]*>", " ", text)
    text = html.unescape(text).replace("\xa0", " ").replace("\r", "\n")
    return re.sub(r"[*|`_\t]+", " ", text)


def _lines(plain: str) -> tuple[GrantLine, ...]:
    """Every range with the emissions that stand behind it, before the next range and the row's end."""
    found = list(_LINE.finditer(plain))
    ends = [*(one.start() for one in found[1:]), len(plain)] if found else []
    lines = (_line(one, plain[one.end() : end].partition("\n")[0]) for one, end in zip(found, ends, strict=True))
    return tuple(dict.fromkeys(line for line in lines if line is not None))


def _line(found: re.Match[str], rest: str) -> GrantLine | None:
    low, high = float(found["low"]), float(found["high"])
    if not low < high:
        return None
    emissions = tuple(dict.fromkeys("".join(one) for one in _EMISSION.findall(rest)))
    widths = [_width(*one[:3]) for one in _EMISSION.findall(rest)]
    return GrantLine(found["part"], low, high, max(widths, default=None), emissions)


def _width(before: str, unit: str, after: str) -> float:
    """Necessary bandwidth in MHz of a designator: 18M0 is 18.0 MHz (47 CFR 2.202)."""
    return float(f"{before}.{after or 0}") * _UNITS[unit]


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1].strip() if found else ""
