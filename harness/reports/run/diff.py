"""Two finished runs side by side: bands gained and lost per layer, verdicts that changed, with the evidence of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.radio.tables import band_label
from harness.reports.document.document import plain
from harness.verdicts.result import MET
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

    @property
    def is_better(self) -> bool:
        """Whether the second run meets what the first did not, or meets without a note what it met with one."""
        if self.before is None or self.after is None or self.before.verdict is Outcome.NA:
            return False
        return self.after.verdict in MET and self.after.verdict.weight < self.before.verdict.weight

    @property
    def word(self) -> str:
        """`worse`, `better`, or `other`."""
        return "worse" if self.is_worse else "better" if self.is_better else "other"


@dataclass(frozen=True, slots=True)
class CarrierGap:
    """A carrier's edition that only one of the runs judged the device by."""

    carrier: str
    edition: str
    requirements: int
    """How many of them counted there."""
    only_in: str
    """`before` or `after`."""
    other_edition: str | None = None
    """The edition of the same carrier by which the other run judged in its place."""

    @property
    def is_worse(self) -> bool:
        """Whether the second run lacks it."""
        return self.only_in == "before" and self.requirements > 0

    @property
    def sentence(self) -> str:
        """`us/att@2024: not judged in the second run (12 requirements)`."""
        which = "second" if self.only_in == "before" else "first"
        instead = f", which judged by its edition {self.other_edition}" if self.other_edition else ""
        word = "requirement" if self.requirements == 1 else "requirements"
        return f"{self.carrier}@{self.edition}: not judged in the {which} run{instead} ({self.requirements} {word})"


@dataclass(frozen=True, slots=True)
class DeviceDiff:
    """What differs between two readings of one device, or of two that are compared."""

    before: str
    """Its name in the first run; empty where only the second has it."""
    after: str
    """Its name in the second run; empty where only the first has it."""
    label: str = ""
    """Maker and model."""
    builds: tuple[str | None, str | None] = (None, None)
    identity: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    bands: tuple[BandChange, ...] = ()
    unread: tuple[tuple[str, str, str], ...] = ()
    """Layers that only one run could read: (layer, RAT, `before` or `after`). No band is lost by that."""
    verdicts: tuple[VerdictChange, ...] = ()
    carriers: tuple[CarrierGap, ...] = ()
    """Carriers that only one run judged it by."""

    @property
    def is_worse(self) -> bool:
        """Whether a band was lost, a verdict became heavier, or the second run lacks the device or a carrier of it."""
        lost = any(one.lost for one in self.bands if one.layer != "attached")
        heavier = any(one.is_worse for one in self.verdicts) or any(one.is_worse for one in self.carriers)
        return not self.after or lost or heavier

    @property
    def name(self) -> str:
        """`mix2-1`, or `mix2-1 -> mix2-2`."""
        return self.before if self.before == self.after else " -> ".join(filter(None, (self.before, self.after)))

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
            "label": self.label,
            "builds": list(self.builds),
            "not_judged": [
                {
                    "carrier": one.carrier,
                    "edition": one.edition,
                    "requirements": one.requirements,
                    "judged_in": one.only_in,
                    "worse": one.is_worse,
                }
                for one in self.carriers
            ],
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
    """The differences, one entry for each pair of devices, also for a pair without any; then what only one run has.

    Devices of the same key are pairs, whatever they are called; of the rest, those of the same name. Where each run
    has one device, those two are compared. Raises UsageError where nothing can be paired.
    """
    pairs = _pairs(before.devices, after.devices)
    taken = {id(one) for pair in pairs for one in pair}
    gone = [one for one in before.devices if id(one) not in taken]
    new = [one for one in after.devices if id(one) not in taken]
    return (
        *(_device_diff(one, other, before, after) for one, other in pairs),
        *(DeviceDiff(one.device, "", _label(one), (_build(one), None)) for one in gone),
        *(DeviceDiff("", one.device, _label(one), (None, _build(one))) for one in new),
    )


def _label(one: DeviceEntry) -> str:
    if one.label:
        return one.label
    maker, model = one.identity.get("manufacturer"), one.identity.get("market_name") or one.identity.get("model")
    return " ".join(word for word in (maker, model) if word)


def _build(one: DeviceEntry) -> str | None:
    identity = one.identity
    return identity.get("rom_version") or identity.get("build") or identity.get("baseband")


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
    left_verdicts, right_verdicts = before.verdicts_of(one.device), after.verdicts_of(other.device)
    carriers = _gaps(left_verdicts, right_verdicts)
    return DeviceDiff(
        one.device,
        other.device,
        _label(other) or _label(one),
        (_build(one), _build(other)),
        identity,
        tuple(bands),
        tuple(unread),
        _verdicts(left_verdicts, right_verdicts, {(gap.carrier, gap.edition) for gap in carriers}),
        carriers,
    )


def _gaps(before: Sequence[VerdictEntry], after: Sequence[VerdictEntry]) -> tuple[CarrierGap, ...]:
    """The editions that only one run judged by, those that the second lacks first."""
    left, right = {one.ref for one in before}, {one.ref for one in after}
    gaps = []
    for refs, others, verdicts, word in ((left, right, before, "before"), (right, left, after, "after")):
        for carrier, edition in sorted(refs - others):
            instead = next((other for name, other in sorted(others - refs) if name == carrier), None)
            counted = [one for one in verdicts if one.ref == (carrier, edition) and one.verdict is not Outcome.NA]
            gaps.append(CarrierGap(carrier, edition, len(counted), word, instead))
    return tuple(gaps)


def _beyond(one: BandList | str, other: BandList | str) -> tuple[int, ...]:
    """Bands that one list has and the other lacks; a layer without restriction names none and lacks none."""
    if isinstance(one, str) or isinstance(other, str):
        return ()
    return tuple(sorted(set(one) - set(other)))


def _verdicts(
    before: Sequence[VerdictEntry], after: Sequence[VerdictEntry], gaps: set[tuple[str, str]]
) -> tuple[VerdictChange, ...]:
    """The requirements that were judged otherwise, of the editions that both runs judged by."""
    left = {(*one.ref, one.requirement): one for one in before if one.ref not in gaps}
    right = {(*one.ref, one.requirement): one for one in after if one.ref not in gaps}
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
