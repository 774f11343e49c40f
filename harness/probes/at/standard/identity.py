"""Who the modem and the SIM are: ATI, +CGMI, +CGMM, +CGMR, +CGSN, +CIMI. Personal digits are dropped here."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from harness.at_commands import split_joined
from harness.observations import Identity, Observation, Sim, Source
from harness.patterns import late
from harness.probes.at.dialect import Reader
from harness.radio.plmn import plmn_of_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.probes.at.language.answer import AtAnswer, AtRecord

_BARE = late(r"AT(?:\+(?:CGMI|CGMM|CGMR|GMI|GMM|GMR|CGSN|GSN|CIMI|QGMR)|I\d?)\??", re.IGNORECASE)
_PERSONAL = late(r"\d{14}")
_LABEL = late(r"(manufacturer|model|revision|svn)\s{0,4}:\s{0,4}(\S.*)", re.IGNORECASE)
_ANY_LABEL = late(r"[A-Za-z][\w /]{0,30}:")
_MIXED_MNC_COUNTRIES = {"405"}
"""Countries whose networks use MNCs of two and of three digits: the IMSI alone does not tell the PLMN."""


def _line(answer: AtAnswer, name: str) -> AtRecord | None:
    """The line that answers the command: with its name, or the bare one at its place in a joined request."""
    for record in answer.named(f"+{name}"):
        return record
    asked = [part for part in split_joined(answer.command) if _BARE.fullmatch(part)]
    own = [index for index, part in enumerate(asked) if part.rstrip("?") == f"AT+{name}"]
    bare = answer.bare
    if len(asked) <= 1:
        return bare[0] if bare else None
    return bare[own[0]] if own and len(bare) == len(asked) else None


def _text(record: AtRecord) -> str | None:
    text = record.text.strip().strip('"').strip()
    text = re.sub(r"^revision\s{0,4}:\s{0,4}", "", text, flags=re.IGNORECASE)
    return None if not text or _PERSONAL.search(text) else text


def _named(answer: AtAnswer, name: str) -> Iterator[Observation | str]:
    """One line, bare or `+CGMM: "x"`; the revision of +CGMR is the firmware of the modem: `baseband`."""
    record = _line(answer, name)
    text = _text(record) if record else None
    if record is None or text is None:
        yield f"no line answers AT+{name}"
        return
    where = Source(line=record.line)
    if name.endswith("MI"):
        yield Identity(source=where, manufacturer=text)
    elif name.endswith("MM"):
        yield Identity(source=where, model=text)
    else:
        yield Identity(source=where, baseband=text)


def _ati(answer: AtAnswer) -> Iterator[Observation | str]:
    """Free lines (V.250 clause 6.1.3): labelled, or maker, model and `Revision: x` one below the other."""
    found: dict[str, str] = {}
    free: list[str] = []
    if sum(bool(_BARE.fullmatch(part)) for part in split_joined(answer.command)) > 1:
        yield "which lines answer ATI cannot be told in the joined answer"
        return
    for record in answer.bare:
        if _PERSONAL.search(record.raw):
            continue
        label = _LABEL.match(record.raw)
        if label:
            found.setdefault(label[1].lower(), label[2].strip().strip('"'))
        elif not _ANY_LABEL.match(record.raw) and re.search(r"[A-Za-z]", record.raw):
            free.append(record.raw.strip('"'))
    if len(free) > 1 and "manufacturer" not in found and not re.search(r"\d", free[0]):
        found["manufacturer"] = free.pop(0)
    if free and "model" not in found and re.search(r"\d", free[0]):
        found["model"] = free.pop(0)
    if not found:
        yield "ATI names neither maker nor model"
        return
    yield Identity(
        manufacturer=found.get("manufacturer"),
        model=found.get("model"),
        baseband=found.get("revision"),
        svn=found.get("svn"),
    )


def _cgsn(answer: AtAnswer, name: str) -> Iterator[Observation | str]:
    """The IMEI: only its type allocation code is kept."""
    record = _line(answer, name)
    digits = re.search(r"(?<!\d)(\d{8})\d{6,8}(?!\d)", record.text) if record else None
    if record and digits:
        yield Identity(source=Source(line=record.line), tac_imei=digits[1])
    else:
        yield f"no IMEI answers AT+{name}"


def _cimi(answer: AtAnswer) -> Iterator[Observation | str]:
    """The IMSI: only its PLMN is kept; where the country has MNCs of two widths, what is the same of both."""
    record = _line(answer, "CIMI")
    digits = re.search(r"(?<!\d)(\d{3})(\d{3})\d{4,9}(?!\d)", record.text) if record else None
    if record is None or digits is None:
        yield "no IMSI answers AT+CIMI"
        return
    if digits[1] in _MIXED_MNC_COUNTRIES:
        yield f"country {digits[1]} has MNCs of two and of three digits: the PLMN is not told"
        yield Sim(source=Source(line=record.line), imsi_prefix=digits[1] + digits[2][:2])
        return
    two = plmn_of_numbers(int(digits[1]), int(digits[2][:2]))
    plmn = two if two and len(two.mnc) == 2 else plmn_of_numbers(int(digits[1]), int(digits[2]))
    if plmn:
        yield Sim(source=Source(line=record.line), plmn=str(plmn))


_CONNECTED = re.compile(r"(?<![A-Z])(MN|PRD)\(([A-Za-z0-9_\-]{2,20})\)")


def _devconinfo(answer: AtAnswer) -> Iterator[Observation | str]:
    """Samsung handsets: `+DEVCONINFO: MN(<model>);..;PRD(<sales code>);..`; serial number and IMEI are personal."""
    record = answer.sole("+DEVCONINFO")
    found = dict(_CONNECTED.findall(record.text[:2000])) if record else {}
    if record is None or "MN" not in found:
        yield "+DEVCONINFO names no model"
        return
    yield Identity(source=Source(line=record.line), model=found["MN"], build_variant=found.get("PRD"))


IDENTITY_READERS: tuple[Reader, ...] = (
    Reader(r"AT\+DEVCONINFO", _devconinfo, tells=()),
    *(
        Reader(rf"AT\+{name}\??", partial(_named, name=name), tells=())
        for name in ("CGMI", "CGMM", "CGMR", "GMI", "GMM", "GMR")
    ),
    *(Reader(rf"AT\+{name}", partial(_cgsn, name=name), tells=()) for name in ("CGSN", "GSN")),
    Reader(r"AT\+CIMI", _cimi, tells=()),
    Reader(r"ATI0?", _ati, tells=()),
)
