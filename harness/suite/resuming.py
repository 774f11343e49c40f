"""`--resume RUN`: the sweep of a run that ended early goes on; what it proved is taken over with its exchanges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import UsageError
from harness.radio.rats import E_UTRA
from harness.requirements.outcomes import Outcome
from harness.requirements.sweep import verdict_of_trial
from harness.sweep.bands import SweepBand
from harness.trial_facts import BandTrial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.recording.exchange import Exchange
    from harness.survey.survey import Survey

_DECIDED = frozenset({Outcome.PASS, Outcome.FAIL})
"""A band that came to anything else is tried again."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """What an earlier run left of one device: `survey` of its evidence, and its sweep's exchanges."""

    survey: Survey
    exchanges: tuple[Exchange, ...]
    piece: str
    """The keyed hash of the IMEI that was swept; empty where it is not told."""

    @property
    def asked(self) -> tuple[SweepBand, ...]:
        """The bands that it was to sweep."""
        trials = self.survey.all(BandTrial)
        words = {"lte": "", "nr_nsa": "nr"}
        return tuple(SweepBand(words.get(one.rat, one.rat), one.band) for one in trials)

    def left(self, bands: Sequence[SweepBand]) -> tuple[SweepBand, ...]:
        """Of these bands those that it did not decide."""
        done = [one for one in self.survey.all(BandTrial) if verdict_of_trial(one).outcome in _DECIDED]
        return tuple(one for one in bands if not any(_is_of(trial, one) for trial in done))


def _is_of(trial: BandTrial, asked: SweepBand) -> bool:
    kinds = E_UTRA if not asked.rat else ("nr", "nr_nsa") if asked.rat == "nr" else (asked.rat,)
    return trial.band == asked.band and trial.rat in kinds


def resumed(run: str, device: str, devices: int) -> Resumed:
    """What a run left of a device: by its name there, or the only one of both. Raises UsageError where there is none."""
    from harness.recording.files import load_info
    from harness.survey.reading import read_device
    from harness.survey.sweeping import SWEPT_PIECE

    evidence = Path(run) / "evidence"
    folders = sorted(one.parent for one in evidence.glob("*/sweep.yaml")) if evidence.is_dir() else []
    found = next((one for one in folders if one.name == device), None)
    if found is None and len(folders) == devices == 1:
        found = folders[0]
    if found is None:
        raise UsageError(
            f"--resume={run}: it holds no sweep of {device}",
            way_out=f"there is one of {', '.join(one.name for one in folders)}"
            if folders
            else "name the folder of a run",
        )
    survey = read_device(str(found))
    exchanges = tuple(replace(one, number=None) for kind, one in survey.exchanges if kind == "sweep")
    piece = str(load_info(found).extra.get(SWEPT_PIECE) or "")
    return Resumed(survey, exchanges, piece)
