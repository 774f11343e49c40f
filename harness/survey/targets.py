"""What a run is asked to read: one target a device, from addresses and the bench file."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.links.addresses import parse_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from harness.recording.exchange import Exchange
    from harness.survey.bench import Bench, BenchDevice
    from harness.survey.given_bands import GivenBands
    from harness.survey.live.plan import LivePlan
    from harness.survey.survey import Survey
    from harness.sweep.plan import SweepPlan

DEVICE_DEADLINE_S = 60.0
"""How long one device may take in all, where nothing else is said."""
_KEY_SIGNS = 6
"""Signs of a key that tell pieces of one model apart in their names."""


@dataclass(frozen=True, slots=True)
class Target:
    """One device to read. `addresses` are all the ways to it; `device` is its name in the run, part of test ids."""

    device: str
    addresses: tuple[str, ...]
    named: bool = True
    """False: nobody named the device; it is called by its model once that is known."""
    sheet: str | None = None
    given_bands: GivenBands | None = None
    """Bands that the operator declares of it."""
    carriers: tuple[str, ...] = ()
    sim_plmn: str | None = None
    """The SIM that the bench file expects."""
    evidence: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    """Files of the bench entry, by kind."""
    declared: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    """Papers that the bench entry declares of the device: filled proformas (`ics`), grants (`fcc`)."""
    given: tuple[Exchange, ...] = field(default=(), repr=False)
    """What is kept of the files that were given as evidence (`evidence_files`)."""
    live: LivePlan | None = None
    """A UE capability is captured from the handset's own diagnostic port."""
    may_sweep: bool = False
    """The bench file allows a sweep of it."""
    sweep: SweepPlan | None = None
    """It is locked to these bands one after another, and put back."""
    walk: bool = False
    """The Band Mode screen of MediaTek's EngineerMode is looked at."""
    supplied: Mapping[str, str] = field(default_factory=dict)
    """What the customer says of the item."""
    notes: tuple[str, ...] = ()
    photographs: tuple[Path, ...] = ()
    sample: str | None = None
    """The number that the piece was given."""
    deadline_s: float = DEVICE_DEADLINE_S
    scrub_cells: bool = False
    """Cell ids and tracking areas are personal too: where the laboratory stands."""
    shared: bool = False
    """Others than the user may read the evidence."""

    @property
    def called(self) -> str:
        """Its name until it is read, on the terminal of who named it: where nobody did, the address as it was typed."""
        return self.device if self.named else self.address

    @property
    def address(self) -> str:
        """All addresses as one text."""
        return " + ".join(self.addresses)


def plan_targets(addresses: Sequence[str], bench: tuple[Bench, Path] | None = None) -> tuple[Target, ...]:
    """A target for each address, in their order, each device once; without addresses all devices of the bench.

    `bench:NAME` is an entry of the bench file; an address that an entry holds is that entry's device. Raises
    UsageError and UnknownName.
    """
    if bench is None:
        if named := next((one for one in addresses if one.strip().startswith("bench:")), None):
            raise UsageError(f"{named} names an entry of a bench file", way_out="give the file: --bench=bench.yaml")
        return tuple(_of_address(name, address) for address, name in unique_names(addresses).items())
    file, path = bench
    entries = {one: name for name, device in file.devices.items() for one in device.addresses}
    chosen: dict[str, Target] = {}
    alone: list[str] = []
    for address in addresses or [f"bench:{name}" for name in file.devices]:
        parsed = parse_address(address)
        name = parsed.value if parsed.kind == "bench" else entries.get(address, "")
        if name:
            chosen[name] = _of_bench(name, file.device(name), file, path.parent)
        else:
            alone.append(address)
    names = unique_names(alone, taken=chosen)
    return (*chosen.values(), *(_of_address(name, address) for address, name in names.items()))


def _of_address(name: str, address: str) -> Target:
    return Target(name, (address,), named=parse_address(address).kind == "recording")


def _of_bench(name: str, device: BenchDevice, bench: Bench, folder: Path) -> Target:
    from harness.survey.bench import address_from

    return Target(
        name,
        tuple(address_from(folder, one) if one == device.recording else one for one in device.addresses),
        sheet=device.sheet,
        carriers=device.carriers,
        sim_plmn=device.sim.plmn if device.sim else None,
        sample=device.sample,
        live=_live(device),
        may_sweep=device.sweep == "allowed",
        evidence={kind: tuple(folder / one for one in files) for kind, files in device.evidence.items()},
        declared={kind: tuple(folder / one for one in files) for kind, files in device.declared.items()},
        supplied={
            name: value for name in device.supplied.__struct_fields__ if (value := getattr(device.supplied, name))
        },
        notes=device.notes,
        photographs=tuple(folder / one for one in device.photographs),
        deadline_s=device.deadline_s or bench.deadlines.device_s,
    )


def _live(device: BenchDevice) -> LivePlan | None:
    if device.uecap is None:
        return None
    from harness.survey.live.plan import LivePlan

    return LivePlan()


def device_name(address: str) -> str:
    """A name for a device that has not been read yet: the recording's, the port's; only letters, digits, dot and dash.

    A serial number and an IP address are personal and name nothing: `handset`, `modem`.
    """
    parsed = parse_address(address)
    if parsed.kind == "adb":
        return "handset"
    if "://" in parsed.value or "/by-id/" in parsed.value:
        return "modem"
    text = parsed.value.removeprefix("fixture:").rstrip("/").rpartition("/")[2]
    return re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-") or "device"


def final_names(surveys: Sequence[tuple[Target, Survey]]) -> dict[str, str]:
    """Name of each device before -> after it was read: a live device that nobody named is called by its model.

    Pieces of one model are told apart by what they are known by, so that the order of options names nobody anew; where
    that is not known, by numbers.
    """
    names = {target.device: target.device for target, _ in surveys if target.named}
    used = {target.device for target, _ in surveys}
    unnamed = [(target, survey) for target, survey in surveys if not target.named]
    models = {target.device: _model_name(survey) or target.device for target, survey in unnamed}
    shared = Counter(models.values())
    # Those that are numbered come by their address, whatever the order in which they were named.
    for target, survey in sorted(unnamed, key=lambda pair: pair[0].address):
        base = models[target.device]
        if shared[base] > 1 and survey.key:
            base = f"{base}-{survey.key[:_KEY_SIGNS]}"
        names[target.device] = base if base == target.device else _unique(base, used)
    return names


def _model_name(survey: Survey) -> str:
    identity = survey.identity
    model = identity.market_name or identity.model or ""
    return re.sub(r"[^a-z0-9.]+", "-", model.lower()).strip("-.")[:40]


def unique_names(addresses: Sequence[str], taken: Mapping[str, object] | None = None) -> dict[str, str]:
    """A name for each address, each address once; devices that would share one get numbers behind it,
    by the order of their addresses: the order of options names nobody anew."""
    used = set(taken or ())
    names: dict[str, str] = {}
    for address in sorted(set(addresses)):
        names[address] = _unique(device_name(address), used)
    return {address: names[address] for address in dict.fromkeys(addresses)}


def _unique(base: str, used: set[str]) -> str:
    name, number = base, 2
    while name in used:
        name, number = f"{base}-{number}", number + 1
    used.add(name)
    return name
