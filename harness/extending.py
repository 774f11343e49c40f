"""What other packages may import: the public face. It hands out and holds nothing; each name loads its room when asked for.

Everything else may move without notice (`docs/api-changes.md` lists what breaks here).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.capability_facts import BandCombinations, CarrierComponent
    from harness.carriers.edition import Carrier, Edition
    from harness.carriers.kinds import Rule
    from harness.carriers.store import Profiles
    from harness.carriers.words import BandRat, DateText, Glob, GradeWord
    from harness.errors import DeviceAbsent, ParseError
    from harness.ics.answers import FilledIcs
    from harness.ics.collecting import Collector
    from harness.ics.declaration import IcsDeclaration, SheetPlace
    from harness.ics.form import IcsForm
    from harness.ics.forms.known import named as ics_form_named
    from harness.ics.forms.known import read_declaration
    from harness.ics.forms.text import comment_text, lines_of
    from harness.observations import (
        CellLock,
        EnabledBands,
        GoogleApps,
        Grade,
        Identity,
        Network,
        NetworkMode,
        NrState,
        Observation,
        Rat,
        Reading,
        Registration,
        Service,
        ServingCell,
        Signal,
        Sim,
        Source,
        SupportedBands,
        Topic,
        Unread,
    )
    from harness.probes.adb.extensions import AdbProbe
    from harness.probes.at import read_parts
    from harness.probes.at.dialect import Dialect, ModemKind, Reader
    from harness.probes.at.language import facts
    from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem
    from harness.probes.at.language.bases import masks_in_base
    from harness.probes.at.language.values import decimal_number, hexadecimal, integer, within
    from harness.probes.at.locking import BandLock, FreeItem, Locking
    from harness.probes.at.registry import dialect, dialect_for
    from harness.probes.at.scanning import HeardCell, OwnScan
    from harness.recording.files import load_recording
    from harness.recording.writer import write_atomically
    from harness.reports.document.document import Document
    from harness.reports.exchanges import Exchanges
    from harness.requirements.answers import Answer, all_of, named, sources, told
    from harness.requirements.bands.layers import BandFact
    from harness.requirements.bound import Bound, CarrierBound
    from harness.requirements.outcomes import Outcome
    from harness.requirements.proforma.filling import fill as fill_ics
    from harness.requirements.proforma.holding import hold as hold_ics
    from harness.state.item import StateItem
    from harness.survey.reading import read_device
    from harness.survey.survey import Survey
    from harness.trial_facts import BandTrial, RatTrial, StateCompared
    from harness.yamlfiles.problem import Problem

_HOMES: dict[str, tuple[str, ...]] = {
    "harness.capability_facts": ("BandCombinations", "CarrierComponent"),
    "harness.trial_facts": ("BandTrial", "RatTrial", "StateCompared"),
    "harness.carriers.store": ("Profiles",),
    "harness.carriers.edition": (
        "Carrier",
        "Edition",
    ),
    "harness.carriers.kinds": ("Rule",),
    "harness.carriers.words": (
        "BandRat",
        "DateText",
        "Glob",
        "GradeWord",
    ),
    "harness.errors": (
        "DeviceAbsent",
        "ParseError",
    ),
    "harness.ics.answers": ("FilledIcs",),
    "harness.ics.collecting": ("Collector",),
    "harness.ics.declaration": (
        "IcsDeclaration",
        "SheetPlace",
    ),
    "harness.ics.form": ("IcsForm",),
    "harness.ics.forms.known": ("read_declaration",),
    "harness.ics.forms.text": (
        "comment_text",
        "lines_of",
    ),
    "harness.observations": (
        "CellLock",
        "EnabledBands",
        "GoogleApps",
        "Grade",
        "Identity",
        "Network",
        "NetworkMode",
        "NrState",
        "Observation",
        "Rat",
        "Reading",
        "Registration",
        "Service",
        "ServingCell",
        "Signal",
        "Sim",
        "Source",
        "SupportedBands",
        "Topic",
        "Unread",
    ),
    "harness.probes.adb.extensions": ("AdbProbe",),
    "harness.probes.at": ("read_parts",),
    "harness.probes.at.dialect": (
        "Dialect",
        "ModemKind",
        "Reader",
    ),
    "harness.probes.at.language.answer": (
        "AtAnswer",
        "AtRecord",
        "Modem",
    ),
    "harness.probes.at.language.values": ("decimal_number", "hexadecimal", "integer", "within"),
    "harness.probes.at.language.bases": ("masks_in_base",),
    "harness.probes.at.locking": (
        "BandLock",
        "FreeItem",
        "Locking",
    ),
    "harness.probes.at.scanning": ("HeardCell", "OwnScan"),
    "harness.state.item": ("StateItem",),
    "harness.probes.at.registry": (
        "dialect",
        "dialect_for",
    ),
    "harness.recording.files": ("load_recording",),
    "harness.recording.writer": ("write_atomically",),
    "harness.reports.document.document": ("Document",),
    "harness.reports.exchanges": ("Exchanges",),
    "harness.requirements.answers": (
        "Answer",
        "all_of",
        "named",
        "sources",
        "told",
    ),
    "harness.requirements.bands.layers": ("BandFact",),
    "harness.requirements.bound": (
        "Bound",
        "CarrierBound",
    ),
    "harness.requirements.outcomes": ("Outcome",),
    "harness.survey.reading": ("read_device",),
    "harness.survey.survey": ("Survey",),
    "harness.yamlfiles.problem": ("Problem",),
}
_PLACES = {name: (module, name) for module, names in _HOMES.items() for name in names} | {
    "facts": ("harness.probes.at.language.facts", ""),
    "fill_ics": ("harness.requirements.proforma.filling", "fill"),
    "hold_ics": ("harness.requirements.proforma.holding", "hold"),
    "ics_form_named": ("harness.ics.forms.known", "named"),
}
"""Name -> module and attribute; without an attribute, the module itself."""

__all__ = [
    "AdbProbe",
    "Answer",
    "AtAnswer",
    "AtRecord",
    "BandCombinations",
    "BandFact",
    "BandLock",
    "BandRat",
    "BandTrial",
    "Bound",
    "Carrier",
    "CarrierBound",
    "CarrierComponent",
    "CellLock",
    "Collector",
    "DateText",
    "DeviceAbsent",
    "Dialect",
    "Document",
    "Edition",
    "EnabledBands",
    "Exchanges",
    "FilledIcs",
    "FreeItem",
    "Glob",
    "GoogleApps",
    "Grade",
    "GradeWord",
    "HeardCell",
    "IcsDeclaration",
    "IcsForm",
    "Identity",
    "Locking",
    "Modem",
    "ModemKind",
    "Network",
    "NetworkMode",
    "NrState",
    "Observation",
    "Outcome",
    "OwnScan",
    "ParseError",
    "Problem",
    "Profiles",
    "Rat",
    "RatTrial",
    "Reader",
    "Reading",
    "Registration",
    "Rule",
    "Service",
    "ServingCell",
    "SheetPlace",
    "Signal",
    "Sim",
    "Source",
    "StateCompared",
    "StateItem",
    "SupportedBands",
    "Survey",
    "Topic",
    "Unread",
    "all_of",
    "comment_text",
    "decimal_number",
    "dialect",
    "dialect_for",
    "facts",
    "fill_ics",
    "hexadecimal",
    "hold_ics",
    "ics_form_named",
    "integer",
    "lines_of",
    "load_recording",
    "masks_in_base",
    "named",
    "read_declaration",
    "read_device",
    "read_parts",
    "sources",
    "told",
    "within",
    "write_atomically",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _PLACES[name]
    home = import_module(module)
    return getattr(home, attribute) if attribute else home
