"""Quectel: carriers in use together, `AT+QCAINFO` of every generation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import NrState, Observation, Source
from harness.probes.at.language.answer import AtAnswer, AtRecord, split_fields
from harness.probes.at.language.values import integer, pci
from harness.radio.bandwidths import (
    lte_khz_of_resource_blocks,
    nr_khz_of_index,
)

from .cells import at, band_named, cell, channel, rat_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.observations import Rat, Role

_ACTIVE = {0: False, 1: False, 2: True}
_PCC_STATE_NONE = 0
_NR_STATES = {0, 1, 2}


def read_qcainfo(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+QCAINFO: "PCC"|"SCC",...`: every carrier that the modem prints; `active` only with state 2."""
    anchor: Rat | None = None
    leg = False
    for record in answer.named("+QCAINFO"):
        # RM55x breaks line ends: two records in one line.
        for text in re.split(r"\+QCAINFO\s*:", record.text, flags=re.IGNORECASE):
            fields = split_fields(text)
            role = at(fields, 0).upper()
            rat = rat_of(at(fields, 3).upper().split("BAND")[0])
            if role not in {"PCC", "SCC"} or rat not in {"lte", "nr"}:
                yield f"line {record.line}: not a carrier of +QCAINFO: {text[:80]!r}"
                continue
            if role == "PCC":
                anchor = rat
                yield from _pcc(record, rat, fields)
            else:
                first_leg = rat == "nr" and anchor == "lte" and not leg
                leg = leg or first_leg
                yield from _scc(record, rat, fields, "pscell" if first_leg else "scell")


def _pcc(record: AtRecord, rat: Rat, fields: Sequence[str]) -> Iterator[Observation | str]:
    registered = None
    if rat == "lte":
        physical = integer(at(fields, 5))
        registered = False if integer(at(fields, 4)) == _PCC_STATE_NONE else None
    else:
        physical = integer(at(fields, 4))
        level = integer(at(fields, 5))
        if level is not None and level >= 0:
            # No level is positive: another layout, in which this field may be a state.
            physical = None
            yield f"line {record.line}: the PCI of the primary NR carrier cannot be told from a state"
    yield from cell(
        record,
        rat,
        channel(rat, at(fields, 1)),
        band_named(rat, at(fields, 3)),
        registered=registered,
        physical=pci(physical, rat=rat),
        width=_width(rat, at(fields, 2)),
    )
    if rat == "nr":
        yield NrState(source=Source(line=record.line), mode="sa")


def _scc(record: AtRecord, rat: Rat, fields: Sequence[str], role: Role) -> Iterator[Observation | str]:
    state, physical = integer(at(fields, 4)), integer(at(fields, 5))
    if rat == "nr" and (state not in _NR_STATES or physical is None or physical < 0):
        # EN-DC: no state, the PCI stands in its place.
        state, physical = None, state
    if role == "pscell" and (state is None or _ACTIVE.get(state)):
        yield NrState(source=Source(line=record.line), mode="nsa_connected")
    yield from cell(
        record,
        rat,
        channel(rat, at(fields, 1)),
        band_named(rat, at(fields, 3)),
        role=role,
        active=_ACTIVE.get(state) if state is not None else None,
        physical=pci(physical, rat=rat),
        width=_width(rat, at(fields, 2)),
    )


def _width(rat: Rat, text: str) -> int | None:
    """LTE in resource blocks, NR as an index."""
    value = integer(text)
    if value is None:
        return None
    return nr_khz_of_index(value) if rat == "nr" else lte_khz_of_resource_blocks(value)
