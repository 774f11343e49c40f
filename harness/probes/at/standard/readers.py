"""Answers of 3GPP TS 27.007 and ITU-T V.250 commands, which every family understands (at-dialects.md section 1).

Personal numbers stay out: of an IMEI only the type allocation code, of an IMSI only the PLMN.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.at_commands import split_joined
from harness.observations import NetworkMode, Observation, Service, Signal, Sim, Source
from harness.probes.at.dialect import Reader
from harness.probes.at.language.values import integer, within

from .causes import CAUSE_READERS
from .identity import IDENTITY_READERS
from .operators import OPERATOR_READERS
from .registration import REGISTRATION_READERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.probes.at.language.answer import AtAnswer


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
_SIM_ERRORS = {
    10: "absent",
    11: "pin_required",
    12: "puk_required",
    13: "error",
    14: "not_ready",
    15: "error",
    17: "ready",
    18: "ready",
}
"""+CME ERROR numbers (TS 27.007 clause 9.2.1). 17 and 18 ask for PIN2 and PUK2, which keep nobody from registering."""
_SIM_ERROR_WORDS = {
    "SIM NOT INSERTED": "absent",
    "SIM PIN REQUIRED": "pin_required",
    "SIM PUK REQUIRED": "puk_required",
    "SIM FAILURE": "error",
    "SIM BUSY": "not_ready",
    "SIM WRONG": "error",
    "SIM PIN2 REQUIRED": "ready",
    "SIM PUK2 REQUIRED": "ready",
}
_PDP_TYPES = {"IP", "IPV4", "IPV6", "IPV4V6", "PPP", "NON-IP", "ETHERNET", "UNSTRUCTURED"}
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
_RADIO = {0: "off", 1: "on", 4: "off"}


def _csq(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+CSQ: <rssi>,<ber>`: dBm = -113 + 2 rssi; 99 is unknown, and normal on LTE-M, NB-IoT and NR."""
    record = answer.sole("+CSQ")
    if record is None:
        yield "+CSQ: no level, or several that differ"
    else:
        value = within(integer(record.fields[0]), 0, 31)
        if value is None:
            yield "+CSQ tells no level"
        else:
            yield Signal(source=Source(line=record.line), rssi_dbm=float(2 * value - 113))


def _level(fields: tuple[str, ...], index: int, top: int, *, offset: float, step: float = 1.0) -> float | None:
    value = within(integer(fields[index]), 0, top) if index < len(fields) else None
    return None if value is None else value * step + offset


def _cesq(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+CESQ: rxlev,ber,rscp,ecno,rsrq,rsrp[,ss_rsrq,ss_rsrp,ss_sinr]` (TS 27.007 clause 8.69), 99 and 255 unknown."""
    record = answer.sole("+CESQ")
    if record is None:
        yield "+CESQ: no levels, or several that differ"
    else:
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


def _cpin(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+CPIN: READY`, `SIM PIN` ...; personalisation locks (PH-...) leave the SIM not ready; or `+CME ERROR: 10`."""
    parts = split_joined(answer.command)
    if answer.failed and (len(parts) == 1 or (parts[0] == "AT+CPIN?" and not answer.records)):
        # A +CPIN line beside the refusal came unasked.
        yield from _sim_error(answer)
        return
    record = answer.sole("+CPIN")
    if record is None:
        yield "+CPIN: no state, or several that differ"
        return
    word = record.text.strip().strip('"').upper()
    state = _PIN.get(word) or ("not_ready" if word.startswith("PH-") else None)
    if state is None:
        yield f"line {record.line}: SIM state {word[:40]!r} is not known"
    else:
        yield Sim(source=Source(line=record.line), state=state)


def _sim_error(answer: AtAnswer) -> Iterator[Observation | str]:
    """The state that an error tells, as a number or (after +CMEE=2) in words (TS 27.007 clause 9.2)."""
    words = (answer.final or "").partition(":")[2].strip().upper() if answer.whole else ""
    code = answer.error_code
    state = _SIM_ERRORS.get(code) if code is not None else _SIM_ERROR_WORDS.get(words)
    if state is not None:
        yield Sim(state=state)


def _cfun(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+CFUN: <fun>`: 1 full, 0 and 4 without radio; the others are the vendors' own."""
    record = answer.sole("+CFUN")
    if record is None:
        yield "+CFUN: no level, or several that differ"
    else:
        value = integer(record.fields[0])
        if value in _RADIO:
            yield Service(source=Source(line=record.line), name="radio", state=_RADIO[value])
        else:
            yield f"line {record.line}: functionality level {record.text[:40]!r} is the vendor's own"


def _ws46(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+WS46: <n>` or the bare number (TS 27.007 clause 5.9)."""
    for record in (*answer.named("+WS46"), *answer.bare):
        value = integer(record.fields[0])
        if value in _WS46 or value == _WS46_ANY:
            # 25 is "any": which technologies that are depends on the modem.
            yield NetworkMode(source=Source(line=record.line), rats=_WS46.get(value), raw=str(value))
        else:
            yield f"line {record.line}: {record.text[:40]!r} is no WS46 selection"


def _cireg(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+CIREG: <n>,<reg_info>[,<ext_info>]`: IMS registration."""
    for record in answer.named("+CIREG"):
        fields = record.fields
        if len(fields) > 1 and fields[1] in {"0", "1"}:
            state = "registered" if fields[1] == "1" else "not_registered"
            yield Service(source=Source(line=record.line), name="ims", state=state)


def _cgdcont(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+CGDCONT: <cid>,"<type>","<APN>",..`: the types of the contexts; the APN can be personal and is dropped."""
    for record in answer.named("+CGDCONT"):
        fields = record.fields
        cid = within(integer(fields[0]), 0, 255)
        kind = fields[1].upper() if len(fields) > 1 else ""
        if cid is None or kind not in _PDP_TYPES:
            yield f"line {record.line}: no PDP context with a known type"
        else:
            yield Service(source=Source(line=record.line), name=f"pdp_context_{cid}", state=kind.lower())


def _personal(answer: AtAnswer) -> Iterator[Observation | str]:
    """Subscriber numbers and card numbers: nothing of them is kept."""
    if any(re.search(r"\d{5}", record.raw) for record in answer.records):
        yield "the number is personal: nothing of it is kept"


def _nothing(answer: AtAnswer) -> Iterator[Observation | str]:
    """A set form: its answer tells nothing but OK."""
    yield from ()


READERS: tuple[Reader, ...] = (
    *REGISTRATION_READERS,
    *IDENTITY_READERS,
    *OPERATOR_READERS,
    *CAUSE_READERS,
    Reader(r"AT\+CSQ\??", _csq, tells=()),
    Reader(r"AT\+CESQ\??", _cesq, tells=()),
    Reader(r"AT\+CPIN\?", _cpin, reads_refusals=True, tells=()),
    Reader(r"AT\+CFUN\?", _cfun, tells=()),
    Reader(r"AT\+WS46\?", _ws46, tells=()),
    Reader(r"AT\+CIREG\?", _cireg, tells=()),
    Reader(r"AT\+CGDCONT\?", _cgdcont, tells=()),
    Reader(
        r"AT(?:\+CNUM|[+^#](?:CCID|ICCID)|\+QCCID|\+CICCID|\^CICCID|%XICCID)\??",
        _personal,
        ("+CCID", "+ICCID", "^ICCID", "#CCID"),
        tells=(),
    ),
    Reader(r"AT\+(?:CREG|CGREG|CEREG|C5GREG|CIREG|CMEE|CFUN)=\d.*", _nothing, tells=()),
    Reader(r"AT\+COPS=3,\d", _nothing, tells=()),
    Reader(r"AT(?:E[01]|V[01]|Q[01])?", _nothing, tells=()),
)
"""Readers of the standard commands, asked where a family has none of its own."""
