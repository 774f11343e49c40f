"""Answers of 3GPP TS 27.007 and ITU-T V.250 commands, which every family understands (at-dialects.md section 1).

Personal numbers stay out: of an IMEI only the type allocation code, of an IMSI only the PLMN.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import Network, NetworkMode, Observation, Service, Signal, Sim, Source
from harness.radio.plmn import parse_plmn

from .answer import Answer, integer, split_fields, within
from .dialect import Reader
from .standard_identity import IDENTITY_READERS
from .standard_registration import REGISTRATION_READERS, rat_of_act

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import NetworkStatus, Rat

_STATUS: dict[str, NetworkStatus] = {"0": "unknown", "1": "available", "2": "current", "3": "forbidden"}
_PIN = {
    "READY": "ready",
    "SIM PIN": "pin_required",
    "SIM PUK": "puk_required",
    "SIM PIN2": "ready",
    "SIM PUK2": "ready",
    "NOT READY": "not_ready",
    "NOT INSERTED": "absent",
    "SIM NOT INSERTED": "absent",
    "SIM FAILURE": "error",
}
"""States of +CPIN. A missing PIN2 keeps nobody from registering."""
_WS46: dict[int, tuple[str, ...]] = {
    12: ("gsm",),
    22: ("umts",),
    28: ("lte",),
    29: ("gsm", "umts"),
    30: ("gsm", "lte"),
    31: ("umts", "lte"),
    35: ("gsm", "umts", "lte", "nr"),
    36: ("nr",),
    37: ("lte", "nr"),
    38: ("umts", "lte", "nr"),
    39: ("gsm", "lte", "nr"),
    40: ("umts", "nr"),
    41: ("gsm", "umts", "nr"),
    42: ("gsm", "nr"),
}
_WS46_ANY = 25
_OPERATOR_FIELDS = 3
_SCAN_FIELDS = 4
_RADIO = {0: "off", 1: "on", 4: "off"}


def _cops(answer: Answer) -> Iterator[Observation | str]:
    """`+COPS: <mode>[,<format>,<oper>[,<AcT>]]`; repeated in several formats by a joined request."""
    plmn = long_name = short_name = None
    rat: Rat | None = None
    line = None
    for record in answer.named("+COPS"):
        fields = _first_group(record.text)
        if len(fields) < _OPERATOR_FIELDS or not fields[2]:
            continue
        line = record.line
        found = parse_plmn(fields[2])
        if fields[1] == "2" and found:
            plmn = str(found)
        elif fields[1] == "0":
            long_name = fields[2]
        elif fields[1] == "1":
            short_name = fields[2]
        rat = rat_of_act(fields[3]) if len(fields) > _OPERATOR_FIELDS else rat
    if plmn or long_name or short_name:
        yield Network(
            source=Source(line=line),
            plmn=plmn,
            status="current",
            long_name=long_name,
            short_name=short_name,
            rat=rat,
        )
    elif any(True for _ in answer.named("+COPS")):
        yield "no operator is selected"


def _first_group(text: str) -> tuple[str, ...]:
    """Fields of the answer; of the first group where a firmware answers in groups of parentheses."""
    fields = split_fields(text)
    if fields and fields[0].startswith("("):
        return split_fields(fields[0].strip("()"))
    return fields


def _scan(answer: Answer) -> Iterator[Observation | str]:
    """`+COPS: (stat,"long","short","num"[,AcT]),...,,(modes),(formats)`; quotes, commas and brackets may be missing."""
    for record in answer.named("+COPS"):
        text = re.sub(r"\)\s{0,8}\(", "),(", record.text)
        for group in split_fields(text):
            if not group.startswith("("):
                continue
            fields = split_fields(group.strip("() "))
            plmn = parse_plmn(fields[3]) if len(fields) >= _SCAN_FIELDS else None
            if plmn is None:
                continue
            yield Network(
                source=Source(line=record.line),
                plmn=str(plmn),
                status=_STATUS.get(fields[0]),
                long_name=fields[1] or None,
                short_name=fields[2] or None,
                rat=rat_of_act(fields[4]) if len(fields) > _SCAN_FIELDS else None,
            )


def _csq(answer: Answer) -> Iterator[Observation | str]:
    """`+CSQ: <rssi>,<ber>`: dBm = -113 + 2 rssi; 99 is unknown, and normal on LTE-M, NB-IoT and NR."""
    for record in answer.named("+CSQ"):
        value = within(integer(record.fields[0]), 0, 31)
        if value is None:
            yield "+CSQ tells no level"
        else:
            yield Signal(source=Source(line=record.line), rssi_dbm=float(2 * value - 113))


def _level(fields: tuple[str, ...], index: int, top: int, *, offset: float, step: float = 1.0) -> float | None:
    value = within(integer(fields[index]), 0, top) if index < len(fields) else None
    return None if value is None else value * step + offset


def _cesq(answer: Answer) -> Iterator[Observation | str]:
    """`+CESQ: rxlev,ber,rscp,ecno,rsrq,rsrp[,ss_rsrq,ss_rsrp,ss_sinr]` (TS 27.007 clause 8.69), 99 and 255 unknown."""
    for record in answer.named("+CESQ"):
        f = record.fields
        where = Source(line=record.line)
        gsm = _level(f, 0, 63, offset=-111)
        rsrq, rsrp = _level(f, 4, 34, offset=-20, step=0.5), _level(f, 5, 97, offset=-141)
        ss_rsrq, ss_rsrp = _level(f, 6, 126, offset=-43.5, step=0.5), _level(f, 7, 126, offset=-157)
        ss_sinr = _level(f, 8, 127, offset=-23.5, step=0.5)
        if gsm is not None:
            yield Signal(source=where, rat="gsm", rssi_dbm=gsm)
        if rsrq is not None or rsrp is not None:
            yield Signal(source=where, rat="lte", rsrp_dbm=rsrp, rsrq_db=rsrq)
        if ss_rsrq is not None or ss_rsrp is not None or ss_sinr is not None:
            yield Signal(source=where, rat="nr", rsrp_dbm=ss_rsrp, rsrq_db=ss_rsrq, sinr_db=ss_sinr)


def _cpin(answer: Answer) -> Iterator[Observation | str]:
    """`+CPIN: READY`, `SIM PIN` ...; personalisation locks (PH-...) leave the SIM not ready."""
    for record in answer.named("+CPIN"):
        word = record.text.strip().strip('"').upper()
        state = _PIN.get(word) or ("not_ready" if word.startswith("PH-") else None)
        if state is None:
            yield f"line {record.line}: SIM state {word[:40]!r} is not known"
        else:
            yield Sim(source=Source(line=record.line), state=state)


def _cfun(answer: Answer) -> Iterator[Observation | str]:
    """`+CFUN: <fun>`: 1 full, 0 and 4 without radio; the others are the vendors' own."""
    for record in answer.named("+CFUN"):
        value = integer(record.fields[0])
        if value in _RADIO:
            yield Service(source=Source(line=record.line), name="radio", state=_RADIO[value])
        else:
            yield f"line {record.line}: functionality level {record.text[:40]!r} is the vendor's own"


def _ws46(answer: Answer) -> Iterator[Observation | str]:
    """`+WS46: <n>` or the bare number (TS 27.007 clause 5.9)."""
    for record in (*answer.named("+WS46"), *answer.bare):
        value = integer(record.fields[0])
        if value in _WS46 or value == _WS46_ANY:
            # 25 is "any": which technologies that are depends on the modem.
            yield NetworkMode(source=Source(line=record.line), rats=_WS46.get(value), raw=str(value))
        else:
            yield f"line {record.line}: {record.text[:40]!r} is no WS46 selection"


def _cireg(answer: Answer) -> Iterator[Observation | str]:
    """`+CIREG: <n>,<reg_info>[,<ext_info>]`: IMS registration."""
    for record in answer.named("+CIREG"):
        fields = record.fields
        if len(fields) > 1 and fields[1] in {"0", "1"}:
            state = "registered" if fields[1] == "1" else "not_registered"
            yield Service(source=Source(line=record.line), name="ims", state=state)


def _nothing(answer: Answer) -> Iterator[Observation | str]:
    """A set form: its answer tells nothing but OK."""
    yield from ()


READERS: tuple[Reader, ...] = (
    *REGISTRATION_READERS,
    *IDENTITY_READERS,
    Reader(r"AT\+COPS\?", _cops),
    Reader(r"AT\+COPS=\?", _scan),
    Reader(r"AT\+CSQ\??", _csq),
    Reader(r"AT\+CESQ\??", _cesq),
    Reader(r"AT\+CPIN\?", _cpin),
    Reader(r"AT\+CFUN\?", _cfun),
    Reader(r"AT\+WS46\?", _ws46),
    Reader(r"AT\+CIREG\?", _cireg),
    Reader(r"AT\+(?:CREG|CGREG|CEREG|C5GREG|CIREG|CMEE|CFUN)=\d.*", _nothing),
    Reader(r"AT\+COPS=3,\d", _nothing),
    Reader(r"AT(?:E[01]|V[01]|Q[01])?", _nothing),
)
"""Readers of the standard commands, asked where a family has none of its own."""
