"""A declaration held against the device: what a maker's sheet or a regulator's listing says, band by band.

Declared, found and measured stay three columns. A handset that does not tell its bands never makes a band absent:
it was not observed. Before the device is there, every declared band is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from harness.observations import Grade, ServingCell, Source
from harness.radio.rats import PUBLISHED, same_rat
from harness.radio.tables import band_label, is_band
from harness.requirements.bound import Bound
from harness.survey.survey import Survey

from .verdict import Outcome, worst

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.carriers.sheets import SheetMatch
    from harness.requirements.bands.layers import BandFact

WITHOUT_DEVICE = "without device"
"""The address of a survey that stands for a device which nobody has yet."""

State = Literal["confirmed", "refuted", "not_observed", "not_declared", "no_declaration", "unclear"]
"""`refuted`: declared, and the modem's own list lacks it. `not_declared`: found, and missing in the declaration.
`no_declaration`: found, and no list of its technology was published. `unclear`: its lists leave it open or contradict."""

_OUTCOMES: dict[State, Outcome] = {
    "confirmed": Outcome.PASS,
    "refuted": Outcome.FAIL,
    "not_observed": Outcome.INCONC,
    "not_declared": Outcome.FAIL,
    "no_declaration": Outcome.INCONC,
    "unclear": Outcome.INCONC,
}


@dataclass(frozen=True, slots=True)
class BandLine:
    """One band of a declaration, or one that was found beside it. `grade` is that of the device's answer, if any."""

    rat: str
    band: int
    declared: bool | None
    """None: no list of this technology was published."""
    found: bool | None
    """None: the device did not tell, or its answers leave it open."""
    state: State
    reason: str
    grade: Grade | None = None
    evidence: tuple[Source, ...] = ()

    @property
    def label(self) -> str:
        """B12, n71, and so on."""
        return band_label(self.rat, self.band)

    @property
    def outcome(self) -> Outcome:
        """The verdict on the declaration of this band."""
        return _OUTCOMES[self.state]

    def as_json(self) -> dict[str, Any]:
        """The shape of reports: words for grade and verdict, null for what is not known."""
        return {
            "rat": self.rat,
            "band": self.band,
            "label": self.label,
            "declared": self.declared,
            "found": self.found,
            "state": self.state,
            "verdict": self.outcome.name,
            "grade": self.grade.word if self.grade else None,
            "reason": self.reason,
            "evidence": [
                {"link": s.link, "exchange": s.exchange, "request": s.request, "line": s.line} for s in self.evidence
            ],
        }


@dataclass(frozen=True, slots=True)
class Listing:
    """A declaration held against one device, or against none yet."""

    device: str
    sheets: tuple[str, ...]
    """References of the variants that the declaration is of: `oneplus/nord-n300-5g#us`."""
    chosen_by: tuple[str, ...]
    without_device: bool
    confidence: str | None
    """The weakest of the variants' confidences, A to D; None where there is no declaration."""
    lines: tuple[BandLine, ...]
    remark: str = ""
    """Why nothing is declared, where that is so."""

    @property
    def outcome(self) -> Outcome:
        """The verdict on the declaration as a whole; INCONC where there is nothing to hold against the device."""
        return worst(line.outcome for line in self.lines) if self.lines else Outcome.INCONC

    def of(self, *states: State, rat: str | None = None) -> tuple[BandLine, ...]:
        """The lines in one of these states, of one technology or of all."""
        return tuple(line for line in self.lines if line.state in states and rat in (None, line.rat))

    @property
    def declared_not_found(self) -> tuple[BandLine, ...]:
        """Declared, and not found: refuted by the modem itself, or only not observed."""
        return tuple(line for line in self.lines if line.declared and line.found is not True)

    @property
    def found_not_declared(self) -> tuple[BandLine, ...]:
        """Found on the device, and missing in the declaration of its technology."""
        return self.of("not_declared")

    @property
    def sentence(self) -> str:
        """The whole comparison in one sentence."""
        if not self.lines:
            return f"nothing is declared: {self.remark}"
        if self.without_device:
            return f"declared by {self.sheets[0]}, and no device was read: {_counted(self.lines)}"
        told = {
            "confirmed": "confirmed",
            "not_declared": "found but not declared",
            "refuted": "declared but not in the device",
            "not_observed": "declared but not observed",
            "no_declaration": "found, with nothing declared for the technology",
            "unclear": "left open by the device's lists",
        }
        parts = [f"{_counted(lines)} {words}" for state, words in told.items() if (lines := self.of(state))]  # type: ignore[arg-type]
        return "; ".join(parts)

    def as_json(self) -> dict[str, Any]:
        """The shape of reports."""
        return {
            "device": self.device,
            "sheets": list(self.sheets),
            "chosen_by": list(self.chosen_by),
            "without_device": self.without_device,
            "confidence": self.confidence,
            "verdict": self.outcome.name,
            "sentence": self.sentence,
            "remark": self.remark,
            "bands": [line.as_json() for line in self.lines],
        }


def compare(survey: Survey, match: SheetMatch) -> Listing:
    """The declaration of the variants in `match` against what the device told. Pure."""
    told = Bound.of(survey)
    lines = [line for rat in PUBLISHED for line in _lines(told, match, rat)]
    confidences = [variant.confidence for _, variant in match.fits]
    return Listing(
        device=survey.device,
        sheets=match.refs,
        chosen_by=match.by,
        without_device=survey.address == WITHOUT_DEVICE,
        confidence=max(confidences, default=None),
        lines=tuple(lines),
        remark=match.reason or ("" if match.bands else "no band list was published"),
    )


def survey_without_device(match: SheetMatch) -> Survey:
    """A survey of a device that nobody has read: it told nothing, so only its declaration can be judged."""
    return Survey(match.refs[0] if match.refs else WITHOUT_DEVICE, WITHOUT_DEVICE, None)


def without_device(match: SheetMatch) -> Listing:
    """The declaration alone, as a regulator's listing is seen before the device: every declared band is open."""
    return compare(survey_without_device(match), match)


def _lines(bound: Bound, match: SheetMatch, rat: str) -> Iterator[BandLine]:
    survey = bound.survey
    listed = match.bands.of(rat) if match.bands else None
    for band in sorted({*(listed or ()), *_named(survey, rat)}):
        # Whose SIM is in the device does not matter to a declaration; a carrier's policy takes nothing from it.
        fact = bound.fact(rat, band, own_sim=False)
        line = _line(rat, fact, None if listed is None else band in listed, match, survey)
        if line is not None:
            yield line


def _named(survey: Survey, rat: str) -> set[int]:
    """Every band that the device names in a list or serves on; a number that is no band was misread."""
    lists = {band for item in survey.supported if same_rat(rat, item.rat) for band in item.bands or ()}
    cells = {cell.band for cell in survey.all(ServingCell) if cell.rat and same_rat(rat, cell.rat) and cell.band}
    return {band for band in lists | cells if is_band(rat, band)}


def _line(rat: str, fact: BandFact, declared: bool | None, match: SheetMatch, survey: Survey) -> BandLine | None:
    state = _state(rat, fact, declared, survey)
    if state is None:
        return None
    label = band_label(rat, fact.band)
    sheet = ", ".join(match.refs)
    words = {
        "confirmed": f"declared by {sheet}; {fact.why}",
        "refuted": f"declared by {sheet}, but {fact.why}",
        "not_observed": f"{label} declared by {sheet}, not observed on the device",
        "not_declared": f"{fact.why}, but {sheet} does not declare it",
        "no_declaration": f"{fact.why}; no {rat.upper()} list is declared",
        "unclear": fact.why,
    }
    if state == "not_observed" and survey.address == WITHOUT_DEVICE:
        words["not_observed"] = f"{label} declared by {sheet}; no device was read"
    return BandLine(rat, fact.band, declared, fact.has, state, words[state], fact.grade, fact.evidence)


def _state(rat: str, fact: BandFact, declared: bool | None, survey: Survey) -> State | None:
    if fact.has is True:
        return "confirmed" if declared else "no_declaration" if declared is None else "not_declared"
    if fact.has is False:
        return "refuted" if declared else None
    if any(same_rat(rat, item.rat) for item in survey.supported):
        return "unclear"
    return "not_observed" if declared else None


def _counted(lines: tuple[BandLine, ...], most: int = 6) -> str:
    """`B2 and B4`, `B1, B2, B3, B4, B5 and 13 more`."""
    labels = [line.label for line in lines]
    if len(labels) > most:
        return f"{', '.join(labels[: most - 1])} and {len(labels) - most + 1} more"
    return " and ".join(part for part in (", ".join(labels[:-1]), labels[-1]) if part)
