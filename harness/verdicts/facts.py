"""What a survey and a device sheet say together of one band: has it, has it not, or cannot be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.observations import Grade, Source, SupportedBands
from harness.radio.tables import band_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.survey.model import Survey

NR_WORDS = ("nr", "nr_sa", "nr_nsa")
_LAYER_WORDS = {
    "hardware": "in hardware",
    "policy": "left by the carrier policy of this SIM",
    "advertised": "told to the network",
    None: "listed by the modem",
}
_INWARD = ("hardware", None, "policy", "advertised")


@dataclass(frozen=True, slots=True)
class Declared:
    """What the maker declares of this device: bands by RAT (None = not published), and which sheet says so."""

    sheet: str
    bands: dict[str, tuple[int, ...] | None]


@dataclass(frozen=True, slots=True)
class BandFact:
    """`has` is None where it cannot be told; `why` says it in words; `grade` is that of the deciding source."""

    band: int
    has: bool | None
    why: str
    grade: Grade | None = None
    evidence: tuple[Source, ...] = ()
    note: str = ""


def band_fact(survey: Survey, declared: Declared | None, rat: str, band: int) -> BandFact:
    """What is known of one band. Measured beats observed beats declared; equals that disagree decide nothing."""
    label = band_label(rat, band)
    measured = _measured(survey, rat, band, label)
    if measured is not None:
        return measured
    seen = _attached_on(survey, rat, band)
    listed = declared.bands.get(_sheet_rat(rat)) if declared else None
    if seen:
        note = (
            f"the sheet {declared.sheet} does not list it"
            if declared and listed is not None and band not in listed
            else ""
        )
        return BandFact(band, True, f"{label} seen in use (attached)", Grade.OBSERVED, seen, note)
    if declared is None or listed is None:
        return BandFact(band, None, f"{label}: no source tells the supported bands")
    word = "declared" if band in listed else "not declared"
    return BandFact(band, band in listed, f"{label} {word} ({declared.sheet})", Grade.DECLARED)


def _sheet_rat(rat: str) -> str:
    return "nr" if rat in NR_WORDS else "lte" if rat in {"lte", "lte_m", "nb_iot"} else rat


def _same_rat(asked: str, told: str) -> bool:
    return told == asked or (asked == "nr" and told in NR_WORDS) or (told == "nr" and asked in NR_WORDS)


def _measured(survey: Survey, rat: str, band: int, label: str) -> BandFact | None:
    """The answer of the modem's own lists, layer by layer from the hardware outwards."""
    lists = [item for item in survey.supported if _same_rat(rat, item.rat)]
    if not lists:
        return None
    evidence = tuple(item.source for item in lists if item.source)
    by_layer = {layer: _says([item for item in lists if item.layer == layer], band) for layer in _INWARD}
    told = {layer: answer for layer, answer in by_layer.items() if answer is not None}
    if not told:
        return BandFact(band, None, f"{label}: the modem names no list (no restriction)", None, evidence)
    if "conflict" in told.values():
        return BandFact(band, None, f"{label}: measured sources disagree", None, evidence)
    if all(answer == "yes" for answer in told.values()):
        return BandFact(band, True, f"{label} measured: {_places(told)}", Grade.MEASURED, evidence)
    if all(answer == "no" for answer in told.values()):
        return BandFact(band, False, f"{label} not supported (measured: not {_places(told)})", Grade.MEASURED, evidence)
    order = [layer for layer in _INWARD if layer in told]
    answers = [told[layer] for layer in order]
    first_no = answers.index("no")
    if "yes" in answers[first_no:]:
        why = f"{label}: layers contradict each other ({_yes_and_no(told)})"
        return BandFact(band, None, why, None, evidence)
    removed = order[first_no]
    config = survey.identity.carrier_config
    by = {"policy": f"policy of MBN {config}" if config else "the carrier policy of this SIM"}.get(
        str(removed), "what the modem advertises"
    )
    outer = _LAYER_WORDS[order[first_no - 1]]
    return BandFact(
        band, False, f"{label}: {outer}, removed by {by}, so the network will never see it", Grade.MEASURED, evidence
    )


def _says(items: Sequence[SupportedBands], band: int) -> str | None:
    """What the lists of one layer say: yes, no, conflict, or None where none is a list.

    Lists of NR for SA and NSA are of one layer but of different use: one yes suffices among them.
    """
    by_rat: dict[str, set[bool]] = {}
    for item in items:
        if item.bands is not None:
            by_rat.setdefault(item.rat, set()).add(band in item.bands)
    if not by_rat:
        return None
    if any(len(answers) > 1 for answers in by_rat.values()):
        return "conflict"
    return "yes" if any(True in answers for answers in by_rat.values()) else "no"


def _places(told: dict[str | None, str]) -> str:
    return ", ".join(_LAYER_WORDS[layer] for layer in told)


def _yes_and_no(told: dict[str | None, str]) -> str:
    return ", ".join(f"{'' if answer == 'yes' else 'not '}{_LAYER_WORDS[layer]}" for layer, answer in told.items())


def _attached_on(survey: Survey, rat: str, band: int) -> tuple[Source, ...]:
    """Sources of cells on which the device is or was served on this band; conflicts and bare camping do not count."""
    from harness.observations import ServingCell

    return tuple(
        cell.source or Source()
        for cell in survey.all(ServingCell)
        if cell.rat
        and _same_rat(rat, cell.rat)
        and cell.band == band
        and cell.band_source != "conflict"
        and (cell.registered is True or (cell.role != "pcell" and cell.active is not False))
    )


def enabled_note(survey: Survey, rat: str, band: int) -> str:
    """A remark where the band is supported but not configured now, else empty."""
    lists = [item for item in survey.enabled if _same_rat(rat, item.rat) and item.bands is not None]
    if lists and not any(band in (item.bands or ()) for item in lists):
        return f"{band_label(rat, band)} is not enabled now"
    return ""
