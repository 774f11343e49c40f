"""Names of all configurations that 3GPP's tables hold: LTE CA, NR CA, EN-DC, NE-DC, NR-DC and supplementary uplink.

Notation: TS 36.101 clause 5.6A.1 (CA_2A-12A), TS 38.101-1 clauses 5.5A (CA_n41A-n71A) and 5.5C (SUL_n78A-n80A,
CA_n1A_n78A-n80A), TS 38.101-3 clauses 5.5A and 5.5B (DC_2A_n71A, DC_n78A-n257A, DC_n28A_3A). `(n)` marks an LTE and an
NR carrier side by side in one band: DC_(n)71AA. An uplink-only band (n80 to n99) makes a configuration SUL, not NR CA.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.errors import ParseError
from harness.radio.tables import bands_of, is_band

from .configurations import ConfigurationPart, known_class, parse_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

ConfigurationType = Literal["lte_ca", "nr_ca", "en_dc", "nr_dc", "ne_dc", "sul"]

_WORDS: dict[str, ConfigurationType] = {"lte": "en_dc", "nr": "ne_dc"}
_CONTIGUOUS = re.compile(r"\(n\)([1-9]\d{0,2})([A-Z])([A-Z])")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Configuration:
    """One configuration: its type and its parts in the order of the name.

    `contiguous` are the bands whose LTE and NR carriers lie side by side, which a capability's classes do not tell.
    """

    name: str
    type: ConfigurationType
    parts: tuple[ConfigurationPart, ...]
    contiguous: tuple[int, ...] = ()


def uplink_only(part: ConfigurationPart) -> bool:
    """Whether the part is a supplementary uplink (TS 38.101-1 table 5.2-1, duplex mode SUL)."""
    row = bands_of("nr").get(part.band) if part.rat == "nr" else None
    return row is not None and row.duplex == "SUL"


def parse_name(text: str) -> Configuration:
    """`CA_1A-3A`, `DC_2A-(n)71AA`, `SUL_n78A-n80A` -> the configuration. Raises ParseError that says what is wrong."""
    name = text.strip()
    if len(name) > _LONGEST:
        raise ParseError(f"{name[:40]!r}… is too long for the name of a configuration")
    prefix, _, rest = name.partition("_")
    if prefix not in {"CA", "DC", "SUL"} or not rest:
        raise ParseError(f"{name!r} names no configuration: it begins with CA_, DC_ or SUL_")
    groups = [_group(piece, name) for piece in rest.split("_")]
    parts = tuple(part for group, _ in groups for part in group)
    contiguous = tuple(band for _, bands in groups for band in bands)
    for part in parts:
        _check(part, name)
    return Configuration(name, _type(prefix, [group for group, _ in groups], contiguous, name), parts, contiguous)


def _group(text: str, name: str) -> tuple[tuple[ConfigurationPart, ...], tuple[int, ...]]:
    """The parts between two underscores, and which bands of them are written `(n)`."""
    parts: list[ConfigurationPart] = []
    contiguous: list[int] = []
    for piece in re.split(r"-(?![^()]*[A-Z]\))", text):
        found = _CONTIGUOUS.fullmatch(piece)
        if found:
            band = int(found[1])
            parts += [ConfigurationPart("lte", band, found[2]), ConfigurationPart("nr", band, found[3])]
            contiguous.append(band)
            continue
        plain = parse_parts(piece)
        if plain is None:
            raise ParseError(f"{name!r}: {piece!r} is no band with its class, such as 2A, n41(2A) or (n)71AA")
        parts += plain
    return tuple(parts), tuple(contiguous)


def _check(part: ConfigurationPart, name: str) -> None:
    if not is_band(part.rat, part.band):
        raise ParseError(f"{name!r}: {part.rat.upper()} band {part.band}: no such band in 3GPP")
    if not known_class(part):
        raise ParseError(f"{name!r}: {part.label}: there is no bandwidth class {part.letter} for it")


def _type(
    prefix: str, groups: Sequence[tuple[ConfigurationPart, ...]], contiguous: Sequence[int], name: str
) -> ConfigurationType:
    parts = [part for group in groups for part in group]
    rats = [part.rat for part in parts]
    extra = [part for part in parts if uplink_only(part)]
    if prefix == "DC":
        return _dual(rats, contiguous, name)
    if contiguous or len(set(rats)) > 1:
        raise ParseError(f"{name!r} has LTE and NR carriers: dual connectivity is written DC_")
    if extra and len(extra) < len(parts):
        return "sul"
    if prefix == "SUL" or extra:
        raise ParseError(f"{name!r}: supplementary uplink needs an uplink-only band (n80 to n99) beside another band")
    if len(groups) > 1:
        raise ParseError(f"{name!r}: an underscore parts the carriers of CA only beside an uplink-only band")
    return "lte_ca" if rats[0] == "lte" else "nr_ca"


def _dual(rats: Sequence[str], contiguous: Sequence[int], name: str) -> ConfigurationType:
    if "nr" not in rats:
        raise ParseError(f"{name!r} has LTE carriers only: carrier aggregation is written CA_")
    if "lte" not in rats:
        if len(rats) < 2:
            raise ParseError(f"{name!r} is one carrier only")
        return "nr_dc"
    turns = sum(one != other for one, other in itertools.pairwise(rats))
    if turns > 1:
        raise ParseError(f"{name!r} mixes LTE and NR carriers: write one side behind the other")
    if contiguous and rats[0] != "lte":
        raise ParseError(f"{name!r}: (n) is written in EN-DC, LTE first")
    return _WORDS[rats[0]]
