"""+CREG, +CGREG, +CEREG, +C5GREG (TS 27.007 clauses 7.2, 10.1.20, 10.1.22, 10.1.47).

An answer and an unsolicited code share their names and are told apart by their fields.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from harness.observations import Observation, Registration, Service, ServingCell, Source
from harness.probes.at.dialect import Reader
from harness.probes.at.language.values import hexadecimal, integer, tac, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Domain, Rat, RegistrationState
    from harness.probes.at.language.answer import AtAnswer, AtRecord


class _Command(NamedTuple):
    domain: Domain
    cause_at: int
    """Index of the cause type in an answer; the cause follows it."""


_COMMANDS: dict[str, _Command] = {
    "+CREG": _Command("cs", 5),
    "+CGREG": _Command("ps", 6),
    "+CEREG": _Command("eps", 5),
    "+C5GREG": _Command("5gs", 7),
}
_STATES: dict[int, RegistrationState] = {
    0: "not_registered",
    1: "home",
    2: "searching",
    3: "denied",
    4: "unknown",
    5: "roaming",
    6: "home",
    7: "roaming",
    8: "emergency",
    9: "home",
    10: "roaming",
}
_ACTS: dict[int, Rat] = {
    0: "gsm",
    1: "gsm",
    2: "umts",
    3: "gsm",
    4: "umts",
    5: "umts",
    6: "umts",
    7: "lte",
    9: "nb_iot",
    10: "lte",
    11: "nr",
    12: "nr",
    13: "lte",
}
_SMS_ONLY = {6, 7}
_TOP_N = 5
_CAUSE_N = {3, 5}
_ACT = 4
_TWO, _FOUR = 2, 4
_LTE_M_OF_QUECTEL = 8


def rat_of_act(text: str) -> Rat | None:
    """Radio technology of an <AcT> (TS 27.007 clause 7.3); the anchor's, where it is EN-DC. 8 is ambiguous: None."""
    act = integer(text)
    return None if act is None else _ACTS.get(act)


def _is_answer(record: AtRecord) -> bool:
    """Whether `<n>,<stat>[,...]` stands there and not the unsolicited `<stat>[,<tac>,...]`."""
    fields = record.fields
    if len(fields) < _TWO or re.match(r'[^,"]*,\s*"', record.text):
        return False
    if within(integer(fields[0]), 0, _TOP_N) is None or not re.fullmatch(r"\d{1,2}", fields[1]):
        return False
    # Without quotes `1,8,44F5C,7` is <stat>,<tac>,<ci>,<AcT>, but `2,1,3584,ef4a08` is an answer.
    return not (len(fields) == _FOUR and '"' not in record.text and re.fullmatch(r"\d|1[0-3]", fields[3]))


def _read(answer: AtAnswer, name: str) -> Iterator[Observation | str]:
    """The answer; an unsolicited code of the same name beside it does not count."""
    records = list(answer.named(name))
    answers = [record for record in records if _is_answer(record)]
    if not answers:
        if records:
            yield f"{name}: only an unsolicited code, no answer"
        return
    if len({record.text for record in answers}) > 1:
        yield f"{name}: several answers that differ"
        return
    yield from _registration(answers[0], answers[0].fields, name)


def _read_unsolicited(answer: AtAnswer, name: str) -> Iterator[Observation | str]:
    """`+CEREG: <stat>[,<tac>,<ci>,<AcT>[,..]]`, unasked: the newest counts."""
    codes = [record for record in answer.named(name) if not _is_answer(record)]
    stat = within(integer(codes[-1].fields[0]), 0, 99) if codes else None
    if stat is None:
        yield f"{name}: no unsolicited code with a state"
        return
    # An answer has <n> in front; which causes a code carries does not depend on it.
    yield from _registration(codes[-1], ("3", *codes[-1].fields), name)


def _registration(record: AtRecord, fields: tuple[str, ...], name: str) -> Iterator[Observation | str]:
    command = _COMMANDS[name]
    stat = int(fields[1])
    state = _STATES.get(stat, "unknown")
    if stat in _SMS_ONLY:
        yield f"{name}: registered for SMS only"
    rat = _rat(fields, command.domain)
    where = Source(line=record.line)
    yield Registration(source=where, domain=command.domain, state=state, rat=rat, cause=_cause(fields, command))
    if stat in _SMS_ONLY and command.domain != "cs":
        # TS 27.007 has these of +CREG alone: of a modem that says so elsewhere it is not told that data is served.
        yield Service(source=where, name=f"{command.domain}_services", state="sms")
    if command.domain not in {"eps", "5gs"} or rat is None or state == "unknown":
        return
    area = tac(hexadecimal(fields[2]), rat=rat)
    if area is not None and rat in {"lte", "lte_m", "nb_iot", "nr"}:
        yield ServingCell(source=where, rat=rat, registered=state in {"home", "roaming"}, tac=area)


def _rat(fields: tuple[str, ...], domain: Domain) -> Rat | None:
    """<AcT>, one field later where a firmware writes one more between TAC and cell identity."""
    for index in (_ACT, _ACT + 1):
        text = fields[index] if index < len(fields) else ""
        if re.fullmatch(r"\d|1[0-3]", text):
            # BG9x writes 8 for eMTC; in EPS it cannot be the EC-GSM-IoT of the standard.
            if int(text) == _LTE_M_OF_QUECTEL and domain == "eps":
                return "lte_m"
            return rat_of_act(text)
        if not re.fullmatch(r"[0-9A-Fa-f]{3,}", text):
            return None
    return None


def _cause(fields: tuple[str, ...], command: _Command) -> int | None:
    """The EMM / 5GMM / MM cause where <cause_type> is 0; a maker's own cause is not told."""
    index = command.cause_at
    if integer(fields[0]) not in _CAUSE_N or len(fields) <= index + 1 or fields[index] != "0":
        return None
    return within(integer(fields[index + 1]), 1, 255)


REGISTRATION_READERS: tuple[Reader, ...] = (
    *(
        Reader(rf"AT\{name}\?", partial(_read, name=name), tells=() if name == "+CREG" else ("registration",))
        for name in _COMMANDS
    ),
    *(Reader(rf"AT\{name}", partial(_read_unsolicited, name=name), tells=()) for name in _COMMANDS),
)
"""`AT+CEREG?` for answers; `+CEREG` alone, which is no command, for unsolicited codes."""
