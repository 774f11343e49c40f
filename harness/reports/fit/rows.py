"""Fits as flat rows and as JSON (`bandproof.fit/1`): one row a device and carrier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from harness.carriers.edition import NEVER_ASSESSED
from harness.plain_text import one_line
from harness.reports.document.document import STATEMENT
from harness.verdicts.fit.buyer import SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from harness.observations import Grade
    from harness.verdicts.fit.buyer import Scale
    from harness.verdicts.fit.ranking import Fit, FitAnswer, KnownDevice
    from harness.verdicts.verdict import Policy

SCHEMA = "bandproof.fit/1"

COLUMNS = (
    "device",
    "label",
    "rank",
    "carrier",
    "name",
    "country",
    "edition",
    "profile_stale",
    "answer",
    "listed_models",
    "fit",
    "confidence",
    "one_list",
    "gap",
    "listed",
    "have",
    "stood_in",
    "missing",
    "open",
    "best_usable",
    "volte",
    "grade",
    "reason",
    "other_failures",
)

VOLTE = {"required": "calls need VoLTE", "not_required": "", "unknown": "whether calls need VoLTE is not known"}


@dataclass(frozen=True, slots=True)
class FitTable:
    """What was asked, and the fits of each device with the best carrier first."""

    as_of: date
    policy: Policy
    require_grade: Grade
    carriers: int
    devices: tuple[tuple[KnownDevice, tuple[Fit, ...]], ...]
    by: Literal["carrier", "country", "population"] = "carrier"
    """What a row is: a carrier, or a country, by its name or the most populous first."""
    only: tuple[str, ...] = ()
    """The answers that are shown (words of `GROUPS`); empty: all."""
    top: int | None = None
    """How many carriers of a device are shown at most, the best first; None: all."""
    notes: tuple[str, ...] = ()
    """What the operator remarks."""

    def shown(self, fits: Sequence[Fit]) -> tuple[Fit, ...]:
        """Those of a device's fits that were asked to be shown."""
        words = {scale for word in self.only for scale in GROUPS[word]}
        kept = [fit for fit in fits if not words or fit.answer.scale in words]
        return tuple(kept[: self.top])

    @property
    def not_assessed(self) -> tuple[str, ...]:
        """What no reading of a device shows, at any of the carriers; what profiles add is in `as_json` alone."""
        return NEVER_ASSESSED

    @property
    def stale(self) -> int:
        """How many of the profiles were last checked more than twelve months before the day."""
        return sum(fit.offer.stale for fit in self.devices[0][1]) if self.devices else 0


def usable(fit: Fit) -> str:
    """The best usable technologies, and whether calls need VoLTE."""
    if fit.selected.ended():
        return fit.best_rat
    return "; ".join(part for part in (fit.best_rat, VOLTE[fit.volte]) if part)


def why(fit: Fit) -> str:
    """Which gaps, and where they are felt; what is open and closes it; what else speaks against the device there."""
    others = "; ".join(f"{verdict.text} fails: {verdict.reason}" for verdict in fit.failing)
    return "; ".join(part for part in (listed_models(fit), fit.reason, others) if part)


def listed_models(fit: Fit) -> str:
    """That the carrier lets in listed models only, in words; empty where nobody says so."""
    return fit.selected.edition.listed_models if not fit.selected.ended() else ""


def count(fits: Iterable[Fit]) -> str:
    """`works at 97 carriers, with gaps at 16, one list says works at 80, not known at 33, does not work at 3`."""
    counts: dict[str, int] = {}
    for fit in fits:
        counts[fit.answer.scale] = counts.get(fit.answer.scale, 0) + 1
    first, *rest = [f"{_AT[word]} {counts[word]}" for word in SCALE if word in counts] or ["no carrier was asked about"]
    noun = "" if not counts else " carrier" if first.endswith(" 1") else " carriers"
    return ", ".join([f"{first}{noun}", *rest])


_AT: dict[str, str] = {
    "works": "works at",
    "works with gaps": "works with gaps at",
    "one list: works": "one list says works at",
    "one list: gaps": "one list says works with gaps at",
    "not known": "not known at",
    "one list: no": "one list says no at",
    "does not work": "does not work at",
    "network ended": "network ended at",
}
GROUPS: dict[str, tuple[Scale, ...]] = {
    "works": ("works",),
    "gaps": ("works with gaps",),
    "one-list": ("one list: works", "one list: gaps", "one list: no"),
    "unknown": ("not known",),
    "no": ("does not work",),
    "ended": ("network ended",),
}
"""What `--only` takes."""


def says_works(fit: Fit) -> bool:
    """Whether nothing is decided, and one list says that the device works there."""
    return fit.answer.scale == "one list: works"


def basis(device: KnownDevice) -> str:
    """What the fits of a device rest on, in words."""
    sheet = device.declared.words if device.declared else ""
    if device.without_device:
        return f"declared by {sheet}; no device was read" if sheet else f"no device was read, and {device.remark}"
    told = [f"declared by {sheet}"] if sheet else []
    if device.survey.supported:
        told.insert(0, "the modem's own lists")
    else:
        told.append("the device itself tells no supported bands")
    if device.survey.trouble:
        told.append(f"lost while it was read: {device.survey.trouble}")
    if not sheet and device.remark and not device.survey.supported:
        told.append(device.remark)
    return one_line("; ".join(told))


def rows(table: FitTable) -> Iterator[tuple[Any, ...]]:
    """One row a device and carrier, in the order of `COLUMNS`; lists as text, unknown as None."""
    shared: dict[int, tuple[Any, ...]] = {}
    for device, all_fits in table.devices:
        fits = table.shown(all_fits)
        name, label = one_line(device.name), one_line(device.label)
        for rank, fit in enumerate(fits, 1):
            carrier, answer, edition = fit.selected.carrier, fit.answer, fit.selected.edition
            # Answers live as long as the table, and devices that are alike share them.
            told = shared.get(id(answer))
            if told is None:
                told = shared[id(answer)] = _of_answer(answer)
            yield (
                name,
                label,
                rank,
                carrier.id,
                carrier.name,
                carrier.country,
                edition.as_of,
                fit.offer.stale,
                answer.scale,
                listed_models(fit),
                *told,
                fit.best_rat,
                fit.volte,
                answer.grade.word if answer.grade is not None else None,
                one_line(fit.reason),
                " ".join(verdict.requirement for verdict in fit.failing),
            )


def _of_answer(answer: FitAnswer) -> tuple[Any, ...]:
    """The columns from `fit` to `open`."""
    return (
        answer.band_fit.name,
        answer.confidence,
        answer.one_list.word if answer.one_list else None,
        answer.gap,
        len(answer.listed),
        " ".join(answer.have),
        " ".join(answer.stood_in),
        " ".join(answer.missing),
        " ".join(answer.open),
    )


def device_json(device: KnownDevice, fits: Sequence[Fit]) -> dict[str, Any]:
    """One device with its fits, the best first."""
    return {
        "device": device.name,
        "label": device.label,
        "sheet_notes": list(device.declared.notes) if device.declared else [],
        "without_device": device.without_device,
        "sheet": device.declared.sheet if device.declared else None,
        "sheet_confidence": device.declared.confidence if device.declared else None,
        "sheet_sources": list(device.declared.sources) if device.declared else [],
        "basis": basis(device),
        "trouble": device.survey.trouble,
        "carriers": [_fit_json(fit) for fit in fits],
    }


def head_json(table: FitTable) -> dict[str, Any]:
    """What was asked and what it does not say; all of the document but `devices`."""
    return {
        "schema": SCHEMA,
        "statement": STATEMENT,
        "as_of": table.as_of.isoformat(),
        "policy": table.policy,
        "require_grade": table.require_grade.word,
        "carriers": table.carriers,
        "stale_profiles": table.stale,
        "notes": list(table.notes),
        "not_assessed": list(table.not_assessed),
    }


def _fit_json(fit: Fit) -> dict[str, Any]:
    answer, selected = fit.answer, fit.selected
    return {
        "carrier": selected.carrier.id,
        "name": selected.carrier.name,
        "country": selected.carrier.country,
        "nature": selected.carrier.nature,
        "edition": selected.edition.as_of,
        "profile_stale": selected.stale(),
        "answer": answer.scale,
        "listed_models": listed_models(fit),
        "fit": answer.band_fit.name,
        "confidence": answer.confidence,
        "one_list": answer.one_list.sentence if answer.one_list else None,
        "gap": answer.gap,
        "have": list(answer.have),
        "stood_in": list(answer.stood_in),
        "missing": list(answer.missing),
        "open": list(answer.open),
        "roles": {band.label: band.rule.role for band in answer.listed},
        "best_usable": fit.best_rat,
        "volte": fit.volte,
        "grade": answer.grade.word if answer.grade is not None else None,
        "reason": fit.reason,
        "others": [{"requirement": v.requirement, "verdict": v.outcome.name, "reason": v.reason} for v in fit.others],
        "not_assessed": [one for one in selected.edition.not_assessed if one not in NEVER_ASSESSED],
    }
