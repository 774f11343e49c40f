"""Two finished runs side by side: bands gained and lost per layer, verdicts that changed, with the evidence of both."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.errors import FileError, UsageError
from harness.radio.tables import band_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SCHEMA = "bandproof.diff/1"
_IDENTITY = ("manufacturer", "model", "hardware", "build", "rom_version", "rom_region", "baseband")
_WEIGHT = {"NA": 0, "PASS": 1, "PASS_NOTE": 2, "WAIVED": 3, "INCONC": 4, "FAIL": 5, "ERROR": 6}


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
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def is_worse(self) -> bool:
        """Whether the second run is worse off: a heavier verdict, or none where there was one that counts."""
        if self.before is None or self.before["verdict"] == "NA":
            return False
        return self.after is None or _WEIGHT[self.after["verdict"]] > _WEIGHT[self.before["verdict"]]


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
                    "before": one.before,
                    "after": one.after,
                    "worse": one.is_worse,
                }
                for one in self.verdicts
            ],
            "worse": self.is_worse,
        }


def load_document(run: Path) -> dict[str, Any]:
    """The `report.json` of a run's folder, or the file itself. Raises FileError."""
    path = run / "report.json" if run.is_dir() else run
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if document["schema"] != "bandproof.report/1":
            raise ValueError(f"its schema is {document['schema']!r}")
    except FileNotFoundError:
        raise FileError("is no finished run: it has no report.json", path=str(run)) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileError(f"cannot be read: {error}", path=str(path)) from None
    return document


def diff_documents(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[DeviceDiff, ...]:
    """The differences, one entry for each pair of devices, also for a pair without any.

    Devices of the same name are pairs; where each run has one device, those two are compared whatever their names.
    Raises UsageError where nothing can be paired.
    """
    return tuple(_device_diff(one, other, before, after) for one, other in _pairs(before["devices"], after["devices"]))


def _pairs(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    if len(before) == len(after) == 1:
        return [(before[0], after[0])]
    by_name = {one["device"]: one for one in after}
    pairs = [(one, by_name[one["device"]]) for one in before if one["device"] in by_name]
    if not pairs:
        raise UsageError(
            "the runs have no device of the same name",
            way_out="compare runs of one device each, or give the devices names in a bench file",
        )
    return pairs


def _device_diff(
    one: Mapping[str, Any], other: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> DeviceDiff:
    identity = {
        name: (one["identity"].get(name), other["identity"].get(name))
        for name in _IDENTITY
        if one["identity"].get(name) != other["identity"].get(name)
    }
    bands, unread = [], []
    for layer in dict.fromkeys((*one["layers"], *other["layers"])):
        left, right = one["layers"].get(layer, {}), other["layers"].get(layer, {})
        for rat in dict.fromkeys((*left, *right)):
            if rat not in left or rat not in right:
                if layer != "attached":
                    unread.append((layer, rat, "before" if rat in left else "after"))
                continue
            gained, lost = set(right[rat]) - set(left[rat]), set(left[rat]) - set(right[rat])
            if gained or lost:
                bands.append(BandChange(layer, rat, tuple(sorted(gained)), tuple(sorted(lost))))
    return DeviceDiff(
        one["device"], other["device"], identity, tuple(bands), tuple(unread), _verdicts(one, other, before, after)
    )


def _verdicts(
    one: Mapping[str, Any], other: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[VerdictChange, ...]:
    left = _of(before["verdicts"], one["device"])
    right = _of(after["verdicts"], other["device"])
    changes = [
        VerdictChange(*key, left.get(key), right.get(key))
        for key in sorted(left.keys() | right.keys())
        if (left.get(key) or {}).get("verdict") != (right.get(key) or {}).get("verdict")
    ]
    return tuple(sorted(changes, key=lambda change: not change.is_worse))


def _of(verdicts: Sequence[Mapping[str, Any]], device: str) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    kept = ("verdict", "reason", "grade", "evidence")
    return {
        (v["carrier"], v["edition"], v["requirement"]): {name: v[name] for name in kept}
        for v in verdicts
        if v["device"] == device
    }


def labels(rat: str, bands: Sequence[int]) -> str:
    """`B12 B17`, `n41`."""
    plain = "nr" if rat.startswith("nr") else rat
    known = plain if plain in {"lte", "nr", "umts", "gsm"} else "lte"
    return " ".join(band_label(known, band) for band in bands)


def diff_json(pairs: Sequence[DeviceDiff], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The `bandproof.diff/1` document."""
    return {
        "schema": SCHEMA,
        "before": before["run"]["id"],
        "after": after["run"]["id"],
        "worse": any(pair.is_worse for pair in pairs),
        "devices": [pair.as_json() for pair in pairs],
    }
