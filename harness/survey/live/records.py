"""Datagrams of a diagnostic port -> the records of the capability messages among them; nothing else is kept."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from harness.errors import ParseError
from harness.links.diag.gsmtap import RADIOS, Datagram, as_pcap, datagrams_of
from harness.probes.uecap.texts.tables_printed import printed_tables
from harness.survey.evidence_reduction import Keeping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.recording.exchange import Exchange

_MESSAGES = ("lte_ul ", "lte_dl ", "nr_ul ", "nr_dl ")


def records_of(datagrams: Sequence[Datagram], said: Sequence[str], radio: int) -> tuple[list[str], list[Datagram]]:
    """The records of one SIM's capability messages, of what SCAT said too, and the datagrams that hold them."""
    keeping = Keeping()
    kept = [one for one in datagrams if take_datagram(keeping, one)]
    tables = [f"{code} {text}" for number, code, text in printed_tables("\n".join(said)) if number == radio]
    return keeping.records + list(dict.fromkeys(tables)), kept


def take_datagram(keeping: Keeping, one: Datagram) -> bool:
    """Whether it holds a message of a capability, which is then kept."""
    from harness.probes.uecap.recognising import take

    before = len(keeping.records)
    with suppress(ParseError):  # No capability message, or one that cannot be read: it is no fact.
        take(keeping, as_pcap([one]), "live")
    return len(keeping.records) > before


def holds(capture: bytes, exchange: Exchange) -> bool:
    """Whether a capture file of ours holds the messages that stand in the exchange of its live capture, and no others."""
    try:
        datagrams = datagrams_of(capture)
    except ParseError:
        return False
    told = []
    for radio in range(len(RADIOS)):
        of_radio = [one for one in datagrams if one.radio == radio]
        records, kept = records_of(of_radio, (), radio)
        if len(kept) != len(of_radio):
            return False
        told += records
    return told == [line for line in exchange.text.splitlines() if line.startswith(_MESSAGES)]
