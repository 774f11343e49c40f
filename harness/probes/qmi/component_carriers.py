"""`--nas-get-rf-band-info` and `--nas-get-lte-cphy-ca-info` of qmicli: the channels in use (reference section 2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.radio.channels import EARFCN_MODULUS

from .cells import Claim, bandwidth_khz, channel
from .names import RADIO_INTERFACES, band_of_name

if TYPE_CHECKING:
    from harness.observations import Rat

    from .blocks import Block, Section
    from .facts import Facts


@dataclass(frozen=True, slots=True)
class _Triple:
    rat: Rat
    band: int | None
    channel: int
    line: int


def read_rf_bands(section: Section, facts: Facts) -> None:
    """Triples of RAT, band and channel. The list of 32-bit channels beats the one of 16 bits."""
    short: list[_Triple] = []
    whole: list[_Triple] = []
    widths: dict[Rat, list[int | None]] = {}
    for block in section.blocks:
        heading = block.heading.lower()
        if heading == "band information (extended)":
            whole += _triples(block, facts)
        elif heading == "bandwidth":
            _widths(block, widths)
        elif block.get("Active Channel"):
            short += _triples(block, facts)
    if not short and not whole:
        return
    facts.understood = True
    _compare(short, whole, facts)
    rats = [triple.rat for triple in whole or short]
    for triple in whole or short:
        khz = widths.get(triple.rat, [None])
        alone = len(khz) == 1 and rats.count(triple.rat) == 1
        facts.claims.append(
            Claim(
                triple.rat,
                arfcn=triple.channel,
                narrow=not whole and triple.channel < EARFCN_MODULUS,
                band=triple.band,
                khz=khz[0] if alone else None,
                source=facts.source(triple.line),
            )
        )


def _triples(block: Block, facts: Facts) -> list[_Triple]:
    found: list[_Triple] = []
    rat: Rat | None = None
    band: tuple[Rat, int] | None = None
    for label, value, line in block.pairs:
        if label == "Radio Interface":
            rat, band = RADIO_INTERFACES.get(value.strip()), None
        elif label == "Active Band Class":
            band = band_of_name(value)
        elif label == "Active Channel":
            number, told = channel(value), rat or (band[0] if band else None)
            if band and rat and band[0] != rat:
                facts.warn(f"line {line}: the band is of {band[0]}, the radio interface {rat}: not read")
            elif told and number is not None:
                found.append(_Triple(told, band[1] if band else None, number, line))
            rat, band = None, None
    return found


def _widths(block: Block, widths: dict[Rat, list[int | None]]) -> None:
    rat: Rat | None = None
    for label, value, _ in block.pairs:
        if label == "Radio Interface":
            rat = RADIO_INTERFACES.get(value.strip())
        elif label == "Bandwidth" and rat:
            widths.setdefault(rat, []).append(bandwidth_khz(value))


def _compare(short: list[_Triple], whole: list[_Triple], facts: Facts) -> None:
    """A warning where the two lists cannot be of one moment."""
    if len(short) != len(whole):
        return
    for one, other in zip(short, whole, strict=True):
        if one.rat != other.rat or one.channel % EARFCN_MODULUS != other.channel % EARFCN_MODULUS:
            facts.warn(f"line {one.line}: channel {one.channel} is not the lower half of {other.channel} below it")


def read_aggregation(section: Section, facts: Facts) -> None:
    """The primary cell and its secondaries; `TX Channel` is an old, wrong label of the same downlink channel.

    A block without its band line is cut off: its 16-bit channel alone could be of another band.
    """
    primary = next(iter(section.all("primary cell info")), None)
    others = [block for block in section.blocks if re.fullmatch(r"secondary cell (?:\d+ )?info", block.heading.lower())]
    if primary is None and not others:
        return
    facts.understood = True
    width = section.blocks[0].get("DL Bandwidth")
    if primary is not None:
        _component(primary, facts, width)
    for block in others:
        _component(block, facts, None)


def _component(block: Block, facts: Facts, width: str | None) -> None:
    number = channel(block.get("RX Channel", "TX Channel"))
    named = block.get("LTE Band")
    state = block.get("State")
    primary = block.heading.lower().startswith("primary")
    if number is None or named is None or (not primary and state not in {"activated", "deactivated"}):
        return
    band = band_of_name(named)
    facts.claims.append(
        Claim(
            "lte",
            role="pcell" if primary else "scell",
            arfcn=number,
            narrow=True,
            band=band[1] if band and band[0] == "lte" else None,
            pci=channel(block.get("Physical Cell ID"), 503),
            khz=bandwidth_khz(block.get("DL Bandwidth") or width),
            active=None if primary else state == "activated",
            source=facts.source(block.line_of("RX Channel", "TX Channel")),
        )
    )
