"""Two finished runs side by side: bands gained and lost per layer, verdicts that changed, with the evidence of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.radio.tables import band_label
from harness.reports.document.document import plain
from harness.verdicts.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harness.reports.document.document import Document
    from harness.reports.document.entries import BandList, DeviceEntry, VerdictEntry

SCHEMA = "bandproof.diff/1"
_IDENTITY = ("manufacturer", "model", "hardware", "build", "rom_version", "rom_region", "baseband")


@dataclass(frozen=True, slots=True)
class BandChange:
    """One layer of one RAT: bands that only the second run has, and that only the first has."""

    layer: str
    rat: str
    gained: tuple[int, ...]
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """One requirement judged otherwise. None: the run did not judge it."""

    carrier: str
    edition: str
    requirement: str
    before: VerdictEntry | None
    after: VerdictEntry | None

    @property
    def is_worse(self) -> bool:
        """Whether the second run is worse off: a heavier verdict, or none where there was one that counts."""
        if self.before is None or self.before.verdict is Outcome.NA:
            return False
        return self.after is None or self.after.verdict.weight > self.before.verdict.weight


@dataclass(frozen=True, slots=True)
class DeviceDiff:
    """What differs between two readings of one device, or of two that are compared."""

    before: str
    after: str
    identity: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    bands: tuple[BandChange, ...] = ()
    unread: tuple[tuple[str, str, str], ...] = ()
    """Layers that only one run could read: (layer, RAT, `before` or `after`). No band is lost by that."""
    verdicts: tuple[VerdictChange, ...] = ()

    @property
    def is_worse(self) -> bool:
        """Whether a band was lost or a verdict became heavier."""
        return any(one.lost for one in self.bands if one.layer != "attached") or any(
            one.is_worse for one in self.verdicts
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "before": self.before,
            "after": self.after,
            "identity": {name: list(pair) for name, pair in self.identity.items()},
            "bands": [
                {"layer": one.layer, "rat": one.rat, "gained": list(one.gained), "lost": list(one.lost)}
                for one in self.bands
            ],
            "unread": [{"layer": layer, "rat": rat, "read_in": run} for layer, rat, run in self.unread],
            "verdicts": [
                {
                    "carrier": one.carrier,
                    "edition": one.edition,
                    "requirement": one.requirement,
                    "before": _side(one.before),
                    "after": _side(one.after),
                    "worse": one.is_worse,
                }
                for one in self.verdicts
            ],
            "worse": self.is_worse,
        }


def _side(verdict: VerdictEntry | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    told = plain(verdict)
    return {name: told[name] for name in ("verdict", "reason", "grade", "evidence")}


def diff_documents(before: Document, after: Document) -> tuple[DeviceDiff, ...]:
    """The differences, one entry for each pair of devices, also for a pair without any.

    Devices of the same key are pairs, whatever they are called; of the rest, those of the same name. Where each run
    has one device, those two are compared. Raises UsageError where nothing can be paired.
    """
    return tuple(_device_diff(one, other, before, after) for one, other in _pairs(before.devices, after.devices))


def _pairs(before: Sequence[DeviceEntry], after: Sequence[DeviceEntry]) -> list[tuple[DeviceEntry, DeviceEntry]]:
    if len(before) == len(after) == 1:
        return [(before[0], after[0])]
    by_key = {one.key: one for one in after if one.key}
    pairs = {one.device: by_key[one.key] for one in before if one.key in by_key}
    taken = {one.device for one in pairs.values()}
    by_name = {one.device: one for one in after if one.device not in taken}
    pairs |= {one.device: by_name[one.device] for one in before if one.device not in pairs and one.device in by_name}
    if not pairs:
        raise UsageError(
            "the runs have no device of the same name",
            way_out="compare runs of one device each, or give the devices names in a bench file",
        )
    return [(one, pairs[one.device]) for one in before if one.device in pairs]


def _device_diff(one: DeviceEntry, other: DeviceEntry, before: Document, after: Document) -> DeviceDiff:
    identity = {
        name: (one.identity.get(name), other.identity.get(name))
        for name in _IDENTITY
        if one.identity.get(name) != other.identity.get(name)
    }
    if one.sample != other.sample:
        identity["sample"] = (one.sample, other.sample)
    bands, unread = [], []
    for layer in dict.fromkeys((*one.layers, *other.layers)):
        left, right = one.layers.get(layer, {}), other.layers.get(layer, {})
        for rat in dict.fromkeys((*left, *right)):
            if rat not in left or rat not in right:
                if layer != "attached":
                    unread.append((layer, rat, "before" if rat in left else "after"))
                continue
            gained, lost = _beyond(right[rat], left[rat]), _beyond(left[rat], right[rat])
            if gained or lost:
                bands.append(BandChange(layer, rat, gained, lost))
    verdicts = _verdicts(before.verdicts_of(one.device), after.verdicts_of(other.device))
    return DeviceDiff(one.device, other.device, identity, tuple(bands), tuple(unread), verdicts)


def _beyond(one: BandList | str, other: BandList | str) -> tuple[int, ...]:
    """Bands that one list has and the other lacks; a layer without restriction names none and lacks none."""
    if isinstance(one, str) or isinstance(other, str):
        return ()
    return tuple(sorted(set(one) - set(other)))


def _verdicts(before: Sequence[VerdictEntry], after: Sequence[VerdictEntry]) -> tuple[VerdictChange, ...]:
    left = {(*one.ref, one.requirement): one for one in before}
    right = {(*one.ref, one.requirement): one for one in after}
    changes = [VerdictChange(*key, left.get(key), right.get(key)) for key in sorted(left.keys() | right.keys())]
    changed = [
        one for one in changes if one.before is None or one.after is None or one.before.verdict != one.after.verdict
    ]
    return tuple(sorted(changed, key=lambda change: not change.is_worse))


def labels(rat: str, bands: Sequence[int]) -> str:
    """`B12 B17`, `n41`."""
    plain = "nr" if rat.startswith("nr") else rat
    known = plain if plain in {"lte", "nr", "umts", "gsm"} else "lte"
    return " ".join(band_label(known, band) for band in bands)


def diff_json(pairs: Sequence[DeviceDiff], before: Document, after: Document) -> dict[str, Any]:
    """The `bandproof.diff/1` document."""
    return {
        "schema": SCHEMA,
        "before": before.run.number,
        "after": after.run.number,
        "worse": any(pair.is_worse for pair in pairs),
        "devices": [pair.as_json() for pair in pairs],
    }
