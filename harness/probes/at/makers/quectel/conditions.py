"""What decides beside the band lists on Quectel modems: carrier profile, cell lock, SIM (at-dialects.md 2.2, 15.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import Identity, Observation, Service, Sim, Source
from harness.probes.at.dialect import Reader
from harness.probes.at.language.answer import Answer, integer

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_profile(answer: Answer) -> Iterator[Observation | str]:
    """`+QMBNCFG: "List",<index>,<selected>,<activated>,"<name>",..`: the carrier profile that is in force.

    The name of a policy that removes bands. `+QMBNCFG: "Select","<name>"` names what is chosen, which may wait for a
    restart: not taken.
    """
    active = {
        (record.fields[4], record.line)
        for record in answer.named("+QMBNCFG")
        if record.fields[0].lower() == "list" and len(record.fields) > 4 and record.fields[3] == "1"
    }
    names = {name for name, _ in active if name}
    if len(names) != 1:
        yield f"+QMBNCFG names {len(names)} active profiles"
        return
    (name,) = names
    yield Identity(source=Source(line=min(line for _, line in active)), carrier_config=name)


def read_lock(answer: Answer) -> Iterator[Observation | str]:
    """`+QNWLOCK: "common/4g",0` is free; anything else behind the name is a lock on cells.

    A lock makes the serving band say nothing about the network.
    """
    for record in answer.named("+QNWLOCK"):
        fields = record.fields
        if fields[0].lower() not in {"common/4g", "common/5g"} or len(fields) < 2 or integer(fields[1]) is None:
            yield f"line {record.line}: no cell lock: {record.raw[:80]!r}"
            continue
        state = "off" if fields[1] == "0" and len(fields) == 2 else "on"
        yield Service(source=Source(line=record.line), name=f"cell_lock_{fields[0][-2:].lower()}", state=state)


def read_sim(answer: Answer) -> Iterator[Observation | str]:
    """`+QSIMSTAT: <report>,<inserted>`: 0 no SIM; 1 tells that one is there, but not whether it is ready."""
    record = answer.sole("+QSIMSTAT")
    if record is not None and len(record.fields) > 1 and record.fields[1] == "0":
        yield Sim(source=Source(line=record.line), state="absent")


STATE_READERS: tuple[Reader, ...] = (
    Reader(r'AT\+QMBNCFG=(?i:"list")', read_profile, tells=()),
    Reader(r'AT\+QNWLOCK=(?i:"common/[45]g")', read_lock, tells=()),
    Reader(r"AT\+QSIMSTAT\?", read_sim, tells=()),
)
