"""Fibocom: Intel based L8xx by `intel`, Qualcomm and MediaTek based modules by +GTACT, +GTCCINFO, +GTCAINFO.

Reference at-dialects.md sections 8 and 15.6.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from harness.observations import CellLock, Identity, NetworkMode, Observation, ServingCell, Source
from harness.patterns import late
from harness.probes.at.chips import intel
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.answer import AtAnswer, Modem, split_fields
from harness.probes.at.language.facts import cell, enabled, grouped, plmn, supported, with_primary
from harness.probes.at.language.values import hexadecimal, integer
from harness.radio.bandwidths import NR_WIDTHS_KHZ, lte_khz_of_resource_blocks
from harness.radio.channels import lte_band_of, lte_band_of_uplink, nr_candidates
from harness.radio.tables import is_band

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat, Role
    from harness.probes.at.language.answer import AtRecord
    from harness.probes.at.locking import Locking

_RATS: dict[int, tuple[Rat, ...]] = {
    1: ("umts",),
    2: ("lte",),
    4: ("umts", "lte"),
    14: ("nr",),
    16: ("umts", "nr"),
    17: ("lte", "nr"),
    20: ("umts", "lte", "nr"),
}
_DECIMAL_MODELS = (r"FM33\d", r"FM35\d", r"FG36\d", r"FG37\d", r"FM37\d", r"FG350")
_HEX_MODELS = (r"FM1[0-9]\d", r"FG1[0-9]\d", r"NL6\d\d", r"FG6[25]\d")
_INTEL_MODELS = (r"L8[3-6]\d",)


def band_of_number(text: str) -> tuple[Rat, int] | None:
    """One number of +GTACT or +GTCAINFO: n UTRA, 100 + n LTE, "50" before the number NR (505, 5005), GSM in MHz."""
    number = integer(text)
    if number is None or number <= 0:
        return None
    rat: Rat
    if number in {850, 900, 1800, 1900}:
        rat, band = "gsm", number
    elif number < 100:
        rat, band = "umts", number
    elif number < 400:
        rat, band = "lte", number - 100
    elif text.startswith("50"):
        rat, band = "nr", int(text[2:] or 0)
    else:
        return None
    return (rat, band) if is_band(rat, band) else None


def _read_gtact(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+GTACT: <rat>,<pref>,<pref>,<bands..>`. A RAT that the mode leaves out has no enabled bands."""
    for record in answer.named("+GTACT"):
        fields = record.fields
        mode = integer(fields[0])
        if mode is None or len(fields) < 4:
            yield f"line {record.line}: +GTACT without RAT and bands"
            continue
        rats = _RATS.get(mode)
        yield NetworkMode(source=Source(line=record.line), rats=rats, raw=str(mode))
        if "0" in fields[3:] and set(fields[3:]) <= {"0", ""}:
            yield from (enabled(rat, None, record.line) for rat in rats or ())
            continue
        groups, warning = grouped(fields[3:], band_of_number, record.line)
        if warning:
            yield warning
        off: tuple[Rat, ...] = ("umts", "lte", "nr")
        for rat in off if groups else ():
            if rats is not None and rat not in rats:
                groups.setdefault(rat, set())
        yield from (enabled(rat, bands, record.line) for rat, bands in groups.items())


def _read_gtact_test(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+GTACT: (rats),(p1),(p2),(gsm),(umts),(lte),(cdma),(evdo),(nr)`, wrapped by some terminals."""
    for record in answer.named("+GTACT"):
        text = record.text + "".join(
            r.text for r in answer.bare if r.line > record.line and r.text[:1] in "(),0123456789"
        )
        groups = re.findall(r"\(([^()]*)\)", text)
        kept = [group for index, group in enumerate(groups) if index > 2 and not (len(groups) == 9 and index in {6, 7})]
        numbers = (n.strip() for group in kept for n in group.split(","))
        bands, warning = grouped(numbers, band_of_number, record.line)
        if warning:
            yield warning
        yield from (supported(rat, listed, record.line) for rat, listed in bands.items())


@dataclass(frozen=True, slots=True)
class _Carrier:
    """One line of +GTCCINFO or +GTCAINFO, its numbers read; `base` tells how channel and PCI are written."""

    rat: Rat
    band: int | None
    arfcn: int | None
    pci: int | None
    base: int | None
    warning: str | None = None


def _carrier(
    number: str, channel: str, pci: str, rat: Rat | None, bases: tuple[int, ...], sure: bool
) -> _Carrier | None:
    """Channel and PCI in the base of the model, held against the band (digits do not tell the base)."""
    found = band_of_number(number)
    rat = rat or (found[0] if found else None)
    if rat is None or rat == "gsm":
        return None
    band = found[1] if found and found[0] == rat else None
    values = {base: _number(channel, base) for base in bases}
    fitting = [base for base, value in values.items() if value is not None and _fits(rat, band, value)]
    if not fitting:
        why = f"{rat} channel {channel!r} lies in band {number!r} neither as decimal nor as hexadecimal number"
        return _Carrier(rat, band, None, None, None, why)
    base = fitting[0]
    if not sure and len({values[b] for b in fitting}) > 1:
        why = f"{rat} channel {channel!r} can be decimal or hexadecimal: the model is needed"
        return _Carrier(rat, band, None, None, None, why)
    warning = None
    if sure and base != bases[0]:
        warning = f"channel {channel!r} fits its band only in base {base}, against the habit of this model"
    return _Carrier(rat, band, values[base], _number(pci, base), base, warning)


def _number(text: str, base: int) -> int | None:
    return integer(text) if base == 10 else hexadecimal(text)


def _fits(rat: Rat, band: int | None, arfcn: int) -> bool:
    if rat == "umts":
        return 0 < arfcn <= 16383
    if rat == "lte":
        own = lte_band_of(arfcn)
        return own is not None and band in {None, own}
    own_bands = nr_candidates(arfcn)
    return bool(own_bands) and (band is None or band in own_bands)


def _bases(modem: Modem, usual: int | None = None) -> tuple[tuple[int, ...], bool]:
    """The bases to try, the model's first, and whether the model is known to write so."""
    if usual == 10 or modem.is_model(*_DECIMAL_MODELS):
        return (10, 16), True
    return (16, 10), modem.is_model(*_HEX_MODELS)


def _khz(rat: Rat, text: str, modem: Modem) -> int | None:
    """Bandwidth: resource blocks on LTE, MHz times five on MediaTek's NR; on others the unit of NR is not known."""
    value = integer(text)
    if value is None:
        return None
    if rat == "lte":
        return lte_khz_of_resource_blocks(value)
    if rat == "nr" and modem.is_model(*_DECIMAL_MODELS) and value * 200 in NR_WIDTHS_KHZ:
        return value * 200
    return None


def _read_gtccinfo(answer: AtAnswer) -> Iterator[Observation | str]:
    """Rows `1,<2 UTRA|4 LTE|9 NR>,MCC,MNC,TAC,CI,channel,PCI,band,width,..` are serving cells, `2,..` neighbours."""
    rats: dict[str, Rat] = {"2": "umts", "4": "lte", "9": "nr"}
    rows = []
    for record in answer.records:
        fields = split_fields(record.text)
        if record.name in {"", "+GTCCINFO"} and len(fields) >= 9 and fields[0] == "1" and fields[1] in rats:
            rows.append((record.line, rats[fields[1]], fields))
    anchored = any(rat == "lte" for _, rat, _ in rows)
    for line, rat, fields in rows:
        bases, sure = _bases(answer.modem)
        found = _carrier(fields[8], fields[6], fields[7], rat, bases, sure)
        if found is None:
            continue
        if found.warning:
            yield f"line {line}: {found.warning}"
        who, tac = plmn(fields[2], fields[3]), hexadecimal(fields[4])
        khz = _khz(rat, fields[9], answer.modem) if len(fields) > 9 else None
        role, placed = _place(rat, anchored)
        if placed == "nr" and who is not None:
            placed = "nr_sa"
        elif placed == "nr" and not answer.closed:
            yield f"line {line}: whether an LTE cell follows is open, the answer has no end: cell not read"
            continue
        yield from _cell(found, placed, role, line, plmn=who, tac=tac, khz=khz)


def _place(rat: Rat, anchored: bool) -> tuple[Role, Rat]:
    """An NR cell beside an LTE one is the PSCell of EN-DC."""
    return ("pscell", "nr_nsa") if rat == "nr" and anchored else ("pcell", rat)


def _cell(
    found: _Carrier,
    rat: Rat,
    role: Role,
    line: int,
    *,
    plmn: str | None = None,
    tac: int | None = None,
    khz: int | None = None,
    active: bool | None = None,
) -> Iterator[Observation | str]:
    if found.arfcn is None and found.warning:
        # the channel contradicts the band or is unreadable: what the modem names is shown, no band is claimed
        yield ServingCell(
            source=Source(line=line), role=role, rat=rat, plmn=plmn, band_reported=found.band, active=active
        )
        return
    yield from cell(
        rat, found.arfcn, found.band, line=line, role=role, plmn=plmn, pci=found.pci, tac=tac, khz=khz, active=active
    )


_BETWEEN = late(r"[ \t]{1,20}(?=[PS]CC ?\d{0,2} ?:)", re.IGNORECASE)


def _carriers(answer: AtAnswer) -> Iterator[tuple[AtRecord, str]]:
    """The carriers of +GTCAINFO, one a line, or all on one where a router put them there."""
    for record in answer.records:
        for text in _BETWEEN.split(record.text if record.name else record.raw):
            yield record, text


_CARRIER = late(r"(?:\+GTCAINFO:\s*)?(PCC|SCC)\s*\d*\s*:\s*(.*)", re.IGNORECASE)


def _read_gtcainfo(answer: AtAnswer) -> Iterator[Observation | str]:
    """`PCC:<band>,PCI,channel,width,..` and `SCC n:<state>,<ul>,<band>,PCI,channel,width,..`; L8xx: comma records."""
    lines: list[tuple[int, Role, bool | None, tuple[str, ...]]] = []
    for record, text in _carriers(answer):
        match = _CARRIER.match(text)
        fields = split_fields(match[2]) if match else ()
        if match and match[1].upper() == "PCC" and len(fields) >= 4:
            lines.append((record.line, "pcell", None, fields))
        elif match and match[1].upper() == "SCC" and len(fields) >= 6:
            lines.append((record.line, "scell", {"1": False, "0": False, "2": True}.get(fields[0]), fields[2:]))
        elif match:
            yield f"line {record.line}: a carrier of +GTCAINFO with too few fields: {text[:80]!r}"
        elif record.name == "+GTCAINFO" and len(record.fields) > 4:
            yield from _comma_record(record.fields, record.line)
    bases, sure = _bases(answer.modem, usual=10)
    carriers = [(line, role, on, f, _carrier(f[0], f[2], f[1], None, bases, sure)) for line, role, on, f in lines]
    anchored = any(c is not None and c.rat == "lte" and role == "pcell" for _, role, _, _, c in carriers)
    for line, role, active, fields, found in carriers:
        if found is None:
            yield f"line {line}: {fields[0]!r} is no band"
            continue
        if found.warning:
            yield f"line {line}: {found.warning}"
        place, rat = _place(found.rat, anchored)
        if rat == "nr" and role == "pcell" and line == lines[-1][0] and not answer.closed:
            yield f"line {line}: whether an LTE carrier follows is open, the answer has no end: cell not read"
            continue
        yield from _cell(
            found,
            rat,
            place if role == "pcell" else role,
            line,
            khz=_khz(found.rat, fields[3], answer.modem),
            active=active,
        )


def _comma_record(fields: tuple[str, ...], line: int) -> Iterator[Observation | str]:
    """L8xx: `<n>,<band>,..,<EARFCN dl>,<EARFCN ul>,..`; the pair of channels is found by the band it lies in."""
    band = integer(fields[1])
    for downlink, uplink in pairwise(fields[2:]):
        dl, ul = integer(downlink), integer(uplink)
        if band and dl and ul and lte_band_of(dl) == band and lte_band_of_uplink(ul) == band:
            yield from cell("lte", dl, band, line=line, role="pcell" if fields[0] == "1" else "scell")
            return
    yield f"line {line}: no channel of band {fields[1]} in the record"


def _read_lock(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+EMMCHLCK: <on>[,<AcT>,0,<EARFCN>,<PCI>,..]` (AcT 7 LTE, 11 NR), `+GTCELLLOCK: <on>,..`.

    MediaTek's read form says 0 after a restart while the lock holds (reference band-lock.md section 1).
    """
    for record in answer.named("+EMMCHLCK", "+GTCELLLOCK"):
        numbers = [integer(text) for text in record.fields]
        if numbers[0] not in {0, 1}:
            yield f"line {record.line}: no cell lock: {record.raw[:80]!r}"
            continue
        locked = numbers[0] == 1
        rat: Rat | None = None
        channel = physical = None
        if locked and record.name == "+EMMCHLCK" and len(numbers) >= 5:
            rat = {7: "lte", 11: "nr"}.get(numbers[1] or 0)  # type: ignore[assignment]
            channel, physical = numbers[3], numbers[4]
        yield CellLock(
            source=Source(line=record.line),
            rat=rat,
            locked=locked,
            arfcns=() if channel is None else (channel,),
            pcis=() if physical is None else (physical,),
            trusted=locked or record.name != "+EMMCHLCK",
        )
        if not locked and record.name == "+EMMCHLCK":
            yield "+EMMCHLCK says that no cell is locked; after a restart it says so of a lock that holds"


def _read_package(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+GTPKGVER: "<package>"`: the whole firmware package, of which +CGMR tells a part."""
    for record in answer.named("+GTPKGVER"):
        if re.fullmatch(r"[\w.\-]{5,120}", record.fields[0]):
            yield Identity(source=Source(line=record.line), build=record.fields[0])


READERS = (
    Reader(r"AT\+GTPKGVER\?", _read_package, tells=()),
    Reader(r"AT\+GTACT\?", _read_gtact, tells=("enabled",)),
    Reader(r"AT\+GTACT=\?", _read_gtact_test, tells=("supported",)),
    Reader(r"AT\+GTCCINFO\?", _read_gtccinfo, tells=("serving",)),
    Reader(r"AT\+GTCAINFO\?", partial(with_primary, _read_gtcainfo), tells=()),
    Reader(r"AT\+(?:EMMCHLCK|GTCELLLOCK)\?", _read_lock, tells=()),
    *intel.READERS,
)


def _claims(modem: Modem) -> bool:
    return "fibocom" in (modem.manufacturer or "").lower() or modem.is_model(
        *(rf"\b{name}" for name in (*_INTEL_MODELS, *_DECIMAL_MODELS, r"FM1[0-9]\d-", r"NL6[67]8", r"FG1[0-9]\d-"))
    )


def _plan(modem: Modem) -> tuple[str, ...]:
    if modem.is_model(*_INTEL_MODELS):
        return intel.PLAN
    lock = "+EMMCHLCK?" if modem.is_model(*_DECIMAL_MODELS) else "+GTCELLLOCK?"
    return ("AT+GTACT=?", "AT+GTACT?", "AT+GTCCINFO?", f"AT+GTCAINFO?;{lock}")


def _locking(modem: Modem) -> Locking | None:
    if modem.is_model(*_INTEL_MODELS):
        return intel.locking(modem)
    from .fibocom_locks import locking

    return locking(modem)


DIALECT = Dialect(
    "fibocom",
    _claims,
    READERS,
    _plan,
    intel.READ_FORMS,
    locking=_locking,
    nr_models=(r"\bFM1[56]\d", r"\bFM3[35]\d", r"\bFG1[35]\d", r"\bFG3[67]\d", r"\bFM370"),
    kinds=(
        ModemKind("Intel based (L8xx)", "L850-GL"),
        ModemKind("Qualcomm and MediaTek based", "FM350-GL"),
    ),
)
