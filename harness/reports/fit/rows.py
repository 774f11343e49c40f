"""Fits as flat rows and as JSON (`bandproof.fit/1`): one row a device and carrier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from harness.carriers.edition import NEVER_ASSESSED
from harness.plain_text import one_line
from harness.reports.document.document import STATEMENT
from harness.verdicts.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from harness.observations import Grade
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

GAPS = {
    "none": "nothing listed is missing",
    "extended": "an extended band is missing",
    "capacity": "a capacity band is missing",
    "capacity-primary": "the main capacity band is missing",
    "coverage": "a coverage band is missing",
    "coverage-primary": "the main coverage band is missing",
    "open": "cannot be told",
}
"""The worst missing role in words."""
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
    """Why the fit is no plain PASS, and what else the device is known not to meet."""
    others = "; ".join(f"{verdict.requirement} fails: {verdict.reason}" for verdict in fit.failing)
    return "; ".join(part for part in (fit.reason, others) if part)


def count(fits: Iterable[Fit]) -> str:
    """`97 PASS, 16 PASS_NOTE, 113 INCONC (one list says of 80: works), 3 FAIL`."""
    counts: dict[Outcome, int] = {}
    works = 0
    for fit in fits:
        counts[fit.band_fit] = counts.get(fit.band_fit, 0) + 1
        works += says_works(fit)
    order = (Outcome.PASS, Outcome.PASS_NOTE, Outcome.INCONC, Outcome.FAIL, Outcome.NA, Outcome.ERROR)
    more = {Outcome.INCONC: f" (one list says of {works}: works)"} if works else {}
    return ", ".join(f"{counts[one]} {one.name}{more.get(one, '')}" for one in order if one in counts)


def says_works(fit: Fit) -> bool:
    """Whether nothing is decided, and one list says that the device works there."""
    one = fit.answer.one_list
    return fit.band_fit is Outcome.INCONC and one is not None and one.word == "works"


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
    for device, fits in table.devices:
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
