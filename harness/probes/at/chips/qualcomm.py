"""Modems with Qualcomm's own commands only (reference at-dialects.md section 12). Not all of them answer these."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Identity, Observation, Source, SupportedBands
from harness.patterns import late
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.answer import AtAnswer, Modem, split_fields
from harness.probes.at.language.values import integer
from harness.radio.masks import unknown_bands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat

_NAMES: tuple[tuple[Rat, re.Pattern[str]], ...] = (
    ("lte", late(r"\bLTE[ _]BAND[ _]?(\d{1,3})(?!\d)", re.IGNORECASE)),
    ("nr", late(r"\bNR5?G?[ _]BAND[ _]?N?(\d{1,3})(?!\d)", re.IGNORECASE)),
)
_LABEL = late(r"(Manufacturer|Model|Revision|OEM_VER|QC_VER|SVN|IMEI)[ \t]{0,20}:", re.IGNORECASE)


def _named_bands(answer: AtAnswer) -> Iterator[tuple[Rat, tuple[int, ...], int] | str]:
    """The bands that the lines name (`"LTE BAND 1"`), with the first line that names one."""
    if not answer.closed:
        yield "the answer has no end, so bands may be missing: list not read"
        return
    for rat, name in _NAMES:
        lines = [(record.line, int(band)) for record in answer.records for band in name.findall(record.raw)]
        bands = tuple(sorted({band for _, band in lines}))
        strangers = unknown_bands(rat, bands)
        if strangers:
            yield f"line {lines[0][0]}: {strangers} are no {rat} bands: unreadable"
        elif bands:
            yield rat, bands, lines[0][0]


def read_supported(answer: AtAnswer) -> Iterator[Observation | str]:
    """Names of bands behind `AT$QCBANDPREF=?`."""
    for item in _named_bands(answer):
        if isinstance(item, str):
            yield item
        else:
            yield SupportedBands(rat=item[0], bands=item[1], layer="hardware", source=Source(line=item[2]))


def read_enabled(answer: AtAnswer) -> Iterator[Observation | str]:
    """Names of bands behind `AT$QCBANDPREF?`."""
    for item in _named_bands(answer):
        if isinstance(item, str):
            yield item
        else:
            yield EnabledBands(rat=item[0], bands=item[1], source=Source(line=item[2]))


def read_levels(answer: AtAnswer) -> Iterator[Observation | str]:
    """`$QCRSRP: <PCI>,<EARFCN>,"<dBm>",..`: all cells in sight. Off the network the first one serves nobody, and the
    line does not tell; so no serving cell is read of it."""
    for record in answer.named("$QCRSRP", "$QCRSRQ"):
        channels = {n for field in split_fields(record.text)[1::3] if (n := integer(field)) is not None}
        if channels:
            yield f"{record.name} lists cells on EARFCN {sorted(channels)} and does not tell which one serves"


def read_identification(answer: AtAnswer) -> Iterator[Observation | str]:
    """`ATI` as labelled lines. `Revision` can be empty, with the build in OEM_VER and the modem's in QC_VER.

    Those two come behind it, so `Revision` stands for neither in an answer without an end.
    """
    found: dict[str, str] = {}
    for record in answer.records:
        match = _LABEL.match(record.raw)
        value = record.raw[match.end() :].strip() if match else ""
        if match and value:
            found.setdefault(match[1].upper(), value)
    imei = found.get("IMEI", "")
    revision = found.get("REVISION") if answer.closed else None
    identity = Identity(
        manufacturer=found.get("MANUFACTURER"),
        model=found.get("MODEL"),
        build=found.get("OEM_VER", revision),
        baseband=found.get("QC_VER", revision),
        svn=found.get("SVN"),
        tac_imei=imei[:8] if re.fullmatch(r"\d{15,16}", imei) and imei.strip("0") else None,
    )
    if identity != Identity():
        yield identity


READERS = (
    Reader(r"AT\$QCBANDPREF=\?", read_supported, tells=("supported",)),
    Reader(r"AT\$QCBANDPREF\?", read_enabled, tells=("enabled",)),
    Reader(r"AT\$QCRSR[PQ]\??", read_levels, tells=()),
)
PLAN = ("AT$QCBANDPREF=?", "AT$QCBANDPREF?")
READ_FORMS = (r"AT\$QCRSR[PQ]",)


def _claims(modem: Modem) -> bool:
    return "qualcomm" in (modem.manufacturer or "").lower() or modem.is_model(r"\bMPSS\.", r"\bRC400L")


DIALECT = Dialect(
    name="qualcomm",
    claims=_claims,
    readers=READERS,
    plan=lambda _modem: PLAN,
    read_forms=READ_FORMS,
    no_lock="which bands the numbers of its list stand for is told by no public text for sure",
    kinds=(ModemKind("with the chip's own commands only", "RC400L", ()),),
)
