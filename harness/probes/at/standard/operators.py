"""+COPS (TS 27.007 clause 7.3): the operator in use, and the scan, with the mistakes that makers put into it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import Network, Observation, ServingCell, Source
from harness.probes.at.dialect import Reader
from harness.probes.at.language.answer import AtAnswer, split_fields
from harness.probes.at.language.values import plain
from harness.radio.plmn import parse_plmn

from .registration import rat_of_act

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.observations import NetworkStatus, Rat

_STATUS: dict[str, NetworkStatus] = {"0": "unknown", "1": "available", "2": "current", "3": "forbidden"}
_OPERATOR_FIELDS = 3
_PLMN_AT = 3


def _cops(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+COPS: <mode>[,<format>,<oper>[,<AcT>]]`; repeated in several formats by a joined request.

    The PLMN in numbers is that of the serving cell of the access technology named. Whether the modem is registered
    there, only +CREG and its kin tell.
    """
    plmn = long_name = short_name = None
    rat: Rat | None = None
    line = None
    for record in answer.named("+COPS"):
        fields = _first_group(record.text)
        if len(fields) < _OPERATOR_FIELDS or not fields[2]:
            continue
        line = record.line
        fields = (*fields[:2], plain(fields[2]), *fields[3:])
        found = parse_plmn(fields[2])
        if fields[1] == "2" and found:
            plmn = str(found)
        elif fields[1] == "0":
            long_name = fields[2]
        elif fields[1] == "1":
            short_name = fields[2]
        rat = rat_of_act(fields[3]) if len(fields) > _OPERATOR_FIELDS else rat
    where = Source(line=line)
    if plmn or long_name or short_name:
        yield Network(source=where, plmn=plmn, status="current", long_name=long_name, short_name=short_name, rat=rat)
    elif any(len(_first_group(record.text)) < _OPERATOR_FIELDS for record in answer.named("+COPS")):
        yield "no operator is selected"
    elif any(True for _ in answer.named("+COPS")):
        yield "+COPS: the operator cannot be read"
    if plmn and rat:
        yield ServingCell(source=where, rat=rat, plmn=plmn)


def _first_group(text: str) -> tuple[str, ...]:
    """Fields of the answer; of the first group where a firmware answers in groups of parentheses."""
    fields = split_fields(text)
    if fields and fields[0].startswith("("):
        return split_fields(fields[0].strip("()"))
    return fields


def _scan(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+COPS: (stat,"long","short","num"[,AcT]),...,,(modes),(formats)`.

    Quotes, commas between and inside the groups and the short name may be missing, the rows may stand on lines of
    their own.
    """
    rows = [*answer.named("+COPS"), *(record for record in answer.bare if record.text.startswith("("))]
    for record in sorted(rows, key=lambda record: record.line):
        for group in _groups(record.text):
            fields = split_fields(group)
            place = _plmn_place(fields)
            if place is None or fields[0] not in _STATUS:
                continue
            names = [*fields[1:place], "", ""]
            yield Network(
                source=Source(line=record.line),
                plmn=str(parse_plmn(fields[place])),
                status=_STATUS[fields[0]],
                long_name=names[0] or None,
                short_name=names[1] or None,
                rat=rat_of_act(fields[place + 1]) if len(fields) > place + 1 else None,
            )


def _groups(text: str) -> list[str]:
    """The insides of the parentheses outside quotes; an opening one where none was closed begins a new group."""
    groups: list[str] = []
    start: int | None = None
    quoted = False
    for index, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif sign == "(":
            if start is not None:
                groups.append(text[start:index].rstrip(", "))
            start = index + 1
        elif sign == ")" and start is not None:
            groups.append(text[start:index])
            start = None
    return groups


def _plmn_place(fields: Sequence[str]) -> int | None:
    """Place of the number: the fourth field, or the only one in front of it that is a PLMN."""
    if len(fields) > _PLMN_AT and re.fullmatch(r"\d{5,6}", fields[_PLMN_AT]):
        return _PLMN_AT if parse_plmn(fields[_PLMN_AT]) else None
    places = [i for i, text in enumerate(fields[1:4], 1) if re.fullmatch(r"\d{5,6}", text) and parse_plmn(text)]
    return places[0] if len(places) == 1 else None


OPERATOR_READERS: tuple[Reader, ...] = (
    Reader(r"AT\+COPS\?", _cops, tells=()),
    Reader(r"AT\+COPS=\?", _scan, tells=()),
)
