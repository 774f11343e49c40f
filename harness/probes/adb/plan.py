"""What is asked of an unrooted handset, and all its answers -> one reading."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from harness.equal_texts import remembered
from harness.observations import (
    GoogleApps,
    Grade,
    Identity,
    NetworkMode,
    NrState,
    Reading,
    Registration,
    ServingCell,
    Sim,
    Source,
)

from .answers import read_answer
from .connectivity import read_carrier_config, read_connectivity
from .identity.customisation import read_customisation, read_ims
from .identity.packages import read_packages
from .language.text import clean
from .service.forgery import doubted, impossible_fields
from .subscriptions import subscription_slots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from harness.observations import Observation

GETPROP = "getprop"
REGISTRY = "dumpsys telephony.registry"
ISUB = "dumpsys isub"
PACKAGES = "pm list packages"
PACKAGES_DISABLED = "pm list packages -d"
CARRIER_CONFIG = "dumpsys carrier_config"
CONNECTIVITY = "dumpsys connectivity"
MODES = tuple(f"settings get global preferred_network_mode{end}" for end in ("", "1", "2"))
ALLOWED = tuple(f"cmd phone get-allowed-network-types-for-users -s {slot}" for slot in (0, 1))

READ_COMMANDS: tuple[str, ...] = (
    GETPROP,
    REGISTRY,
    ISUB,
    PACKAGES,
    PACKAGES_DISABLED,
    *MODES,
    *ALLOWED,
    CARRIER_CONFIG,
    CONNECTIVITY,
)
"""The unrooted read plan, in order: read forms only, one shell round trip when batched."""


def read_all(answers: Mapping[str, str]) -> Reading:
    """All facts of one device from the answers of its commands; a command that is missing was not observed.

    Every fact names its command and, where it stands on one line, the line. What two commands tell is told once: the
    registry's registration over the property words, a setting over the build's default, the package list over the
    GMS version. Connectivity fills only slots that the registry is silent about. Empty where nothing was read.
    """
    readings = {
        command: read_answer(text, command, pasted=False)
        for command, text in answers.items()
        if command not in (PACKAGES, PACKAGES_DISABLED, CONNECTIVITY, CARRIER_CONFIG)
    }
    readings[PACKAGES] = _packages(answers)
    readings[CARRIER_CONFIG] = _carrier_config(answers)
    if REGISTRY in answers:
        told_by = readings.get(GETPROP, Reading()).observations
        android = next((one.android for one in told_by if isinstance(one, Identity)), None)
        signs = impossible_fields(answers[REGISTRY], android) if android else []
        readings[REGISTRY] = doubted(readings[REGISTRY], signs)
    told = _radio_slots(readings.get(REGISTRY, Reading()))
    if REGISTRY in answers:
        readings[REGISTRY] = readings[REGISTRY] + _from(REGISTRY, read_ims(clean(answers[REGISTRY])))
    if not told and REGISTRY in answers and _is_damaged_dump(answers[REGISTRY]):
        told = {None}
    if CONNECTIVITY in answers:
        readings[CONNECTIVITY] = _connectivity(answers, told)
    ordered = [readings[c] for c in (*READ_COMMANDS, *readings) if c in readings]
    facts = list(dict.fromkeys(item for reading in ordered for item in reading.observations))
    warnings = tuple(dict.fromkeys(text for reading in ordered for text in reading.warnings))
    return Reading(tuple(_merged(facts, told)), warnings)


def _packages(answers: Mapping[str, str]) -> Reading:
    if PACKAGES not in answers and PACKAGES_DISABLED not in answers:
        return Reading()
    everything = clean(answers.get(PACKAGES, ""))
    disabled = clean(answers[PACKAGES_DISABLED]) if PACKAGES_DISABLED in answers else None
    return _from(PACKAGES if PACKAGES in answers else PACKAGES_DISABLED, read_packages(everything, disabled))


def _carrier_config(answers: Mapping[str, str]) -> Reading:
    """An answer that came with its exit status is whole, so nothing that overrides it was cut off."""
    if CARRIER_CONFIG not in answers:
        return Reading()
    return _whole_config(answers[CARRIER_CONFIG])


@remembered(most=32, longest=65_536)
def _whole_config(answer: str) -> Reading:
    text = clean(answer)
    return _from(CARRIER_CONFIG, read_carrier_config(text) + read_customisation(text, whole=True))


def _from(command: str, reading: Reading) -> Reading:
    source = Source(request=command)
    return Reading(tuple(item.from_(source) for item in reading.observations), reading.warnings)


_RADIO = (ServingCell, Registration, NrState)


def _radio_slots(registry: Reading) -> set[int | None]:
    """Slots that the registry told something about."""
    return {item.slot for item in registry.observations if isinstance(item, _RADIO)}


def _is_damaged_dump(text: str) -> bool:
    """Whether a registry that told nothing was a dump, not a word of refusal: then no fallback may speak in its place."""
    return _REFUSAL.search(text[:2000]) is None


_REFUSAL = re.compile(r"fail|can't|cannot|denied|not found|error|exception|timed? ?out", re.IGNORECASE)


def _connectivity(answers: Mapping[str, str], told: set[int | None]) -> Reading:
    slots = subscription_slots(clean(answers.get(ISUB, "")))
    reading = read_connectivity(clean(answers[CONNECTIVITY]), slots)
    source = Source(request=CONNECTIVITY)
    kept = (
        item.from_(source)
        for item in reading.observations
        if isinstance(item, Registration) and not {item.slot, None} & told and (item.slot is not None or not told)
    )
    return Reading(tuple(kept), reading.warnings)


def _request(item: Observation) -> str | None:
    return item.source.request if item.source else None


_MERGED = (Identity, Sim, NetworkMode, GoogleApps)


def _merged(facts: list[Observation], told: set[int | None]) -> Iterable[Observation]:
    identities = [item for item in facts if isinstance(item, Identity)]
    if identities:
        yield _one_identity(identities)
    yield from _sims([item for item in facts if isinstance(item, Sim)])
    modes = _best_modes([item for item in facts if isinstance(item, NetworkMode)])
    apps = [item for item in facts if isinstance(item, GoogleApps)]
    yield from [item for item in apps if item.grade is Grade.MEASURED][:1] or apps[:1]
    for item in facts:
        if isinstance(item, _MERGED):
            continue
        from_words = isinstance(item, Registration) and _request(item) == GETPROP
        if from_words and (item.slot in told or None in told):  # type: ignore[attr-defined]
            continue
        yield item
    yield from modes


def _one_identity(found: list[Identity]) -> Identity:
    """The first identity, its gaps filled by the later ones."""
    merged = found[0]
    for other in found[1:]:
        gaps = {
            f.name: getattr(other, f.name)
            for f in fields(Identity)
            if f.name not in ("source", "grade")
            and getattr(merged, f.name) is None
            and getattr(other, f.name) is not None
        }
        merged = replace(merged, **gaps)
    return merged


def _sims(found: list[Sim]) -> list[Sim]:
    """One SIM a slot; remembered subscriptions only where no slot is known at all.

    Home networks that differ are of two SIMs, one of which was taken out or moved: both are told, and neither gets
    the other's name and carrier id.
    """
    slots: dict[int, Sim] = {}
    others: list[Sim] = []
    for sim in found:
        if sim.slot is None:
            continue
        known = slots.get(sim.slot)
        if known is None:
            slots[sim.slot] = sim
        elif known.plmn and sim.plmn and known.plmn != sim.plmn:
            others.append(sim)
        else:
            slots[sim.slot] = _one_sim(known, sim)
    return [*slots.values(), *others] or found


_READY = frozenset({"ready", "loaded"})


def _one_sim(known: Sim, sim: Sim) -> Sim:
    """A SIM as two answers tell it; of a state that one says is ready and the other denies none is known."""
    denied = known.state and sim.state and (known.state in _READY) != (sim.state in _READY)
    if known.state == "absent" and not denied:
        return known
    return replace(
        known,
        state=None if denied else known.state or sim.state,
        plmn=known.plmn or sim.plmn,
        operator=known.operator or sim.operator,
        carrier_id=known.carrier_id if known.carrier_id is not None else sim.carrier_id,
    )


def _best_modes(found: list[NetworkMode]) -> list[NetworkMode]:
    """What is allowed for every reason over what the user allows, over a setting, over the build's default."""

    def rank(mode: NetworkMode) -> int:
        request = _request(mode) or ""
        return 0 if request == ISUB else 1 if request in ALLOWED else 2 if request in MODES else 3

    highest = min((rank(mode) for mode in found), default=0)
    best: dict[int | None, NetworkMode] = {}
    for mode in found:
        if rank(mode) == highest:
            best.setdefault(mode.slot, mode)
    return sorted(best.values(), key=lambda mode: -1 if mode.slot is None else mode.slot)
