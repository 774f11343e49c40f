"""What decides beside the band lists on Quectel modems: carrier profile, cell lock, SIM (at-dialects.md 2.2, 15.1)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from harness.observations import CellLock, Identity, Observation, Sim, Source
from harness.probes.at.dialect import Reader
from harness.probes.at.language.values import integer

from .bands_5g import UNISOC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat
    from harness.probes.at.language.answer import AtAnswer


def read_profile(answer: AtAnswer) -> Iterator[Observation | str]:
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


_LOCKS = ("common/4g", "common/5g", "common/lte")
_CHANNEL_LOCKS: dict[str, Rat] = {"lte_earfcn_lock": "lte", "nr5g_earfcn_lock": "nr"}


def read_lock(answer: AtAnswer, asked: str) -> Iterator[Observation | str]:
    """`+QNWLOCK: "common/4g",<n>{,<EARFCN>,<PCI>}`, `"common/5g",<PCI>,<NR-ARFCN>,<scs>,<band>`; 0 is free.

    `"common/lte",<action>,<EARFCN>,<PCI>[,<status>]` of LTE and Unisoc modules: action 0 is free whatever follows, and
    so is the bare name. Unisoc's `"common/5g"` is of the same form. (Reference band-lock.md sections 2.1, 2.2, 11.)
    """
    for record in answer.named("+QNWLOCK"):
        name, *texts = record.fields
        kind = name.lower()
        if kind != asked and kind in {*_LOCKS, "save_ctrl"}:
            continue  # In a joined answer that of another part.
        values = [integer(text) for text in texts if text]
        if kind not in _LOCKS or None in values:
            yield f"line {record.line}: no cell lock: {record.raw[:80]!r}"
            continue
        numbers = [value for value in values if value is not None]
        unisoc = answer.modem.is_model(*UNISOC)
        by_action = kind == "common/lte" or unisoc
        rat: Rat = "nr" if kind == "common/5g" else "lte"
        free = not numbers or (numbers[0] == 0 and (by_action or len(numbers) == 1))
        arfcns, pcis = ((), ()) if free else _pinned(numbers, rat, by_action=by_action)
        yield CellLock(source=Source(line=record.line), rat=rat, locked=not free, arfcns=arfcns, pcis=pcis)


def _pinned(numbers: list[int], rat: Rat, *, by_action: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Channels and PCIs of a lock that is in force."""
    if by_action:
        # Action 1 is a channel alone, where 0 stands for the PCI; 2 a cell.
        return tuple(numbers[1:2]), () if numbers[0] == 1 and numbers[2:3] == [0] else tuple(numbers[2:3])
    if rat == "nr":
        return tuple(numbers[1:2]), tuple(numbers[:1])
    return tuple(numbers[1::2]), tuple(numbers[2::2])


def read_channel_lock(answer: AtAnswer, asked: str) -> Iterator[Observation | str]:
    """`+QNWCFG: "lte_earfcn_lock",<n>,<EARFCN>:..` and `"nr5g_earfcn_lock",<n>,<NR-ARFCN>:<scs>:..`; 0 is free."""
    for record in answer.named("+QNWCFG"):
        name, *texts = record.fields
        if name.lower() != asked:
            continue
        rat = _CHANNEL_LOCKS[asked]
        count = integer(texts[0]) if texts else None
        numbers = [integer(text) for text in texts[1].split(":")] if len(texts) > 1 else []
        channels = tuple(n for n in numbers[:: 2 if rat == "nr" else 1] if n is not None)
        if count is None or None in numbers or (count > 0 and len(channels) != count):
            yield f"line {record.line}: no channel lock: {record.raw[:80]!r}"
            continue
        yield CellLock(source=Source(line=record.line), rat=rat, locked=count > 0, arfcns=channels if count else ())


def read_sim(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+QSIMSTAT: <report>,<inserted>`: 0 no SIM; 1 tells that one is there, but not whether it is ready."""
    record = answer.sole("+QSIMSTAT")
    if record is not None and len(record.fields) > 1 and record.fields[1] == "0":
        yield Sim(source=Source(line=record.line), state="absent")


def _nothing(_: AtAnswer) -> Iterator[Observation | str]:
    """Whether locks are kept over a restart decides nothing here."""
    yield from ()


STATE_READERS: tuple[Reader, ...] = (
    Reader(r'AT\+QMBNCFG=(?i:"list")', read_profile, tells=()),
    *(Reader(rf'AT\+QNWLOCK=(?i:"{name}")\??', partial(read_lock, asked=name), tells=()) for name in _LOCKS),
    Reader(r'AT\+QNWLOCK=(?i:"save_ctrl")\??', _nothing, tells=()),
    *(
        Reader(rf'AT\+QNWCFG=(?i:"{name}")\??', partial(read_channel_lock, asked=name), tells=())
        for name in _CHANNEL_LOCKS
    ),
    Reader(r"AT\+QSIMSTAT\?", read_sim, tells=()),
)
