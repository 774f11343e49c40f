"""NR for one mode alone: a band for EN-DC (NSA) serves no standalone network, and one that is switched off serves none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.observations import Service
from harness.radio.rats import NR

from .layers import BandFact

if TYPE_CHECKING:
    from harness.survey.survey import Survey

MODE_WORDS = {"nr_sa": "standalone (SA)", "nr_nsa": "non-standalone (NSA)"}


def in_mode(survey: Survey, rat: str, band: int, label: str, found: BandFact | None) -> BandFact | None:
    """What the lists say of a band for one NR mode; the same where NR as a whole, or none of it, is asked.

    A list of the other mode alone leaves this one open, whatever the maker declares, and so does a mode that is off.
    """
    if rat not in MODE_WORDS:
        return found
    words = MODE_WORDS[rat]
    off = [one for one in survey.all(Service) if one.name == rat and one.state == "off"]
    if off and (found is None or found.has is not False):
        evidence = tuple(dict.fromkeys(one.source for one in off if one.source))
        why = f"{found.why if found else label}, but {words} is switched off: switch it on and read again"
        return BandFact(band, None, "mode_off", why, None, evidence)
    if found is None or found.because == "not_listed":
        others = [one for one in survey.supported if one.rat in NR and one.rat not in {"nr", rat}]
        if others:
            evidence = tuple(dict.fromkeys(one.source for one in others if one.source))
            other = next(word for mode, word in MODE_WORDS.items() if mode != rat)
            why = f"{label}: only the list for {other} was told: whether it serves {words} is not known"
            return BandFact(band, None, "other_mode", why, None, evidence)
        return found
    if found.has and not any(one.rat == rat for one in survey.supported):
        return replace(found, note=untold(rat))
    return found


def untold(rat: str) -> str:
    """The remark on a source that names NR bands and no mode; empty where no mode is asked."""
    return f"whether it serves {MODE_WORDS[rat]} is not told" if rat in MODE_WORDS else ""
