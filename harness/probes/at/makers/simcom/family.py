"""SIMCom modules: +CNBP, +CSYSSEL, +CBANDCFG, +CPSI (reference at-dialects.md sections 6 and 15.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import Identity, NetworkMode, Rat, Source
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.facts import enabled_by_mask, gsm_umts_of_mask, of_list
from harness.probes.at.language.values import hexadecimal, integer

from .cells import read_cells, read_details, read_serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Observation
    from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem
    from harness.probes.at.locking import Locking

_SYSTEM_LISTS: dict[str, Rat] = {
    "lte_band": "lte",
    "nsa_nr5g_band": "nr_nsa",
    "nr5g_band": "nr_sa",
    "w_band": "umts",
}
_NARROW: dict[str, Rat] = {"CAT-M": "lte_m", "NB-IOT": "nb_iot"}
_MODES: dict[int, tuple[str, ...]] = {
    13: ("gsm",),
    14: ("umts",),
    19: ("gsm", "umts"),
    38: ("lte",),
    39: ("gsm", "umts", "lte"),
    51: ("gsm", "lte"),
    54: ("umts", "lte"),
    71: ("nr",),
    109: ("lte", "nr"),
}
"""+CNMP by the maker's AT manuals; 2 is automatic."""
_NARROW_MODES: dict[int, tuple[str, ...]] = {1: ("lte_m",), 2: ("nb_iot",), 3: ("lte_m", "nb_iot")}


def read_masks(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT+CNBP?`: GSM/WCDMA mask (Qualcomm's bits) and an LTE mask of up to 256 bits; the third is not LTE."""
    for record in answer.named("+CNBP"):
        parts = record.fields
        masks = [hexadecimal(part) if part.lower().startswith("0x") else None for part in parts[:2]]
        if len(masks) < 2 or masks[0] is None or masks[1] is None:
            yield "+CNBP: no two masks with 0x"
            continue
        if not any(masks):
            yield "+CNBP: all masks are zero: unknown"
            continue
        gsm, umts = gsm_umts_of_mask(masks[0])
        if gsm:
            yield from of_list("gsm", gsm, record.line)
        yield from of_list("umts", umts, record.line)
        yield from enabled_by_mask("lte", masks[1], record.line)


def read_system_list(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT+CSYSSEL="lte_band"` and kin: the enabled list. `=?` gives the lists that the modem takes.

    An empty NSA or SA list is true (no such mode); a list out of order has lost digits on its way.
    """
    is_test = answer.command.rstrip().endswith("=?")
    for record in answer.named("+CSYSSEL"):
        match = re.fullmatch(r'"?(\w+)"?\s*,\s*\(?([\d:\s]*)\)?', record.text.strip())
        rat = _SYSTEM_LISTS.get(match[1].lower()) if match else None
        if match is None or rat is None:
            continue
        bands = tuple(int(part) for part in re.findall(r"\d{1,6}", match[2]))
        if not bands and (is_test or not rat.startswith("nr")):
            yield f"+CSYSSEL: the {rat} list is empty: unknown"
        elif list(bands) != sorted(set(bands)):
            yield f"+CSYSSEL: the {rat} list is out of order, so it was damaged on its way: unreadable"
        else:
            yield from of_list(rat, bands, record.line, supports=is_test)


def _narrow_rats(record: AtRecord) -> list[Rat]:
    return [
        rat for word, rat in _NARROW.items() if re.search(rf"(?<![\w-]){word}(?![\w-])", record.text, re.IGNORECASE)
    ]


def read_narrow_lists(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT+CBANDCFG?` (enabled) and `=?` (supported) on SIM7000/7070/7080: band numbers, no mask."""
    is_test = answer.command.rstrip().endswith("=?")
    for record in answer.named("+CBANDCFG"):
        # Behind the last name, in quotes or not; the names may stand in brackets, and so may the list.
        tail = re.split(r"(?i:CAT-M|NB-IOT)", record.text)[-1].strip('"),( \t')
        rats = _narrow_rats(record)
        if not rats or len(tail) > 1000 or not re.fullmatch(r"\d{1,3}(?:[-,\s]+\d{1,3})*", tail):
            yield "+CBANDCFG: no list of bands"
            continue
        bands = _expand(tail)
        for rat in rats:
            yield from of_list(rat, bands, record.line, supports=is_test)


def _expand(text: str) -> tuple[int, ...]:
    bands: list[int] = []
    for first, last in re.findall(r"(\d{1,3})(?:\s*-\s*(\d{1,3}))?", text):
        bands += range(int(first), int(last or first) + 1)
    return tuple(bands)


def read_mode(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT+CNMP?` and `AT+CMNB?`: which RATs are allowed; they limit what the band masks say."""
    for record in answer.named("+CNMP", "+CMNB"):
        code = integer(record.fields[0])
        known = _MODES if record.name == "+CNMP" else _NARROW_MODES
        rats = known.get(code) if code is not None else None
        yield NetworkMode(rats=rats, raw=f"{record.name}: {record.text}", source=Source(line=record.line))


def read_identity(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT+SIMCOMATI`: manufacturer, model and firmware, one a line."""
    found: dict[str, str] = {}
    for record in answer.records:
        match = re.match(r"(Manufacturer|Model|Revision)\s*:\s*(\S.*)", record.raw, re.IGNORECASE)
        if match:
            found.setdefault(match[1].lower(), match[2].strip())
    if found:
        yield Identity(manufacturer=found.get("manufacturer"), model=found.get("model"), baseband=found.get("revision"))


def _claims(modem: Modem) -> bool:
    maker = (modem.manufacturer or "").lower()
    return (
        "simcom" in maker or "simtech" in maker or modem.is_model(r"\bSIM(?:COM)?_?(?:SIM)?[5789]\d{3}", r"\bA76\d\d")
    )


def _plan(modem: Modem) -> tuple[str, ...]:
    if modem.is_model(r"SIM70\d\d"):
        return ("AT+CBANDCFG=?", "AT+CBANDCFG?", "AT+CPSI?", "AT+CMNB?")
    if modem.is_model(r"SIM8[23]\d\d"):
        return ("AT+CNBP?", 'AT+CSYSSEL="lte_band"', 'AT+CSYSSEL="nsa_nr5g_band"', 'AT+CSYSSEL="nr5g_band"', "AT+CPSI?")
    return ("AT+CNBP?", "AT+CPSI?", "AT+CNMP?", "AT+CMGRMI=4")


def _locking(modem: Modem) -> Locking | None:
    from .locks import locking

    return locking(modem)


DIALECT = Dialect(
    name="simcom",
    claims=_claims,
    locking=_locking,
    readers=(
        Reader(r"AT\+CNBP\?", read_masks, tells=("enabled",), rats=("umts", "lte")),
        Reader(r"AT\+CSYSSEL=\?", read_system_list, tells=("supported",)),
        *(
            Reader(rf'AT\+CSYSSEL=(?i:"{name}")', read_system_list, tells=("enabled",), rats=(rat,))
            for name, rat in _SYSTEM_LISTS.items()
        ),
        Reader(r'AT\+CSYSSEL="[A-Za-z0-9_]+"', read_system_list, tells=()),
        Reader(r"AT\+CBANDCFG\?", read_narrow_lists, tells=("enabled",)),
        Reader(r"AT\+CBANDCFG=\?", read_narrow_lists, tells=("supported",)),
        Reader(r"AT\+CPSI\?", read_cells, tells=("serving",)),
        Reader(r'AT\+QENG=(?i:"servingcell")', read_serving, tells=("serving",)),
        Reader(r"AT\+CMGRMI=4", read_details, tells=()),
        Reader(r"AT\+(?:CNMP|CMNB)\?", read_mode, tells=()),
        Reader(r"AT\+SIMCOMATI", read_identity, tells=()),
    ),
    plan=_plan,
    read_forms=(
        r'AT\+CSYSSEL="(?:LTE_BAND|NSA_NR5G_BAND|NR5G_BAND|W_BAND|NR5G_DISABLE)"',
        r"AT\+CMGRMI=4",
        r"AT\+SIMCOMATI",
    ),
    nr_models=(r"SIM8[23]\d\d",),
    kinds=(
        ModemKind("SIM76xx, SIM75xx, A76xx", "SIM7600G-H", ()),
        ModemKind("SIM7000, 7070, 7080", "SIM7080G", ()),
        ModemKind("SIM82xx, SIM83xx", "SIM8262E-M2", ()),
    ),
)
