"""What other packages may import: the public face. It hands out and holds nothing; each name loads its room when asked for.

Everything else may move without notice (`docs/api-changes.md` lists what breaks here).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.carriers.edition import Carrier, Edition
    from harness.carriers.kinds import Rule
    from harness.carriers.words import BandRat, DateText, Glob, GradeWord
    from harness.observations import (
        BandCombinations,
        EnabledBands,
        GoogleApps,
        Grade,
        Identity,
        Registration,
        Service,
        ServingCell,
        Sim,
        Source,
        SupportedBands,
        Unread,
    )
    from harness.requirements.answers import Answer, all_of, named, sources, told
    from harness.requirements.bands.layers import BandFact
    from harness.requirements.bound import Bound, CarrierBound
    from harness.requirements.outcomes import Outcome
    from harness.survey.survey import Survey
    from harness.yamlfiles.problem import Problem

_HOMES: dict[str, tuple[str, ...]] = {
    "harness.carriers.edition": ("Carrier", "Edition"),
    "harness.carriers.kinds": ("Rule",),
    "harness.carriers.words": ("BandRat", "DateText", "Glob", "GradeWord"),
    "harness.observations": (
        "BandCombinations",
        "EnabledBands",
        "GoogleApps",
        "Grade",
        "Identity",
        "Registration",
        "Service",
        "ServingCell",
        "Sim",
        "Source",
        "SupportedBands",
        "Unread",
    ),
    "harness.requirements.answers": ("Answer", "all_of", "named", "sources", "told"),
    "harness.requirements.bands.layers": ("BandFact",),
    "harness.requirements.bound": ("Bound", "CarrierBound"),
    "harness.requirements.outcomes": ("Outcome",),
    "harness.survey.survey": ("Survey",),
    "harness.yamlfiles.problem": ("Problem",),
}
_PLACES = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "BandCombinations",
    "BandFact",
    "BandRat",
    "Bound",
    "Carrier",
    "CarrierBound",
    "DateText",
    "Edition",
    "EnabledBands",
    "Glob",
    "GoogleApps",
    "Grade",
    "GradeWord",
    "Identity",
    "Outcome",
    "Problem",
    "Registration",
    "Rule",
    "Service",
    "ServingCell",
    "Sim",
    "Source",
    "SupportedBands",
    "Survey",
    "Unread",
    "all_of",
    "named",
    "sources",
    "told",
]


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
