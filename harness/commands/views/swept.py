"""The facts of a sweep in words, for `bandproof survey`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.trial_facts import BandTrial, RatTrial, StateCompared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Observation
    from harness.survey.survey import Survey

FACTS = (BandTrial, RatTrial, StateCompared)


def swept_rows(survey: Survey) -> Iterator[tuple[str, str, Observation]]:
    """A row a trial, and one for each thing that was changed: name, words, the fact."""
    from harness.radio.rats import label
    from harness.requirements.held import verdict_of_holding
    from harness.requirements.sweep import verdict_of_trial

    for trial in survey.all(BandTrial):
        answer = verdict_of_trial(trial)
        name = trial.label if trial.rat == "nr_nsa" else f"{trial.label} ({label(trial.rat)})"
        yield name, f"{answer.outcome.name}: {answer.reason}", trial
    for held in survey.all(RatTrial):
        answer = verdict_of_holding(held)
        yield f"{label(held.rat)} held", f"{answer.outcome.name}: {answer.reason}", held
    for one in survey.all(StateCompared):
        told = f"reads {one.before} as before" if one.is_back else f"was {one.before}, reads {one.after or 'nothing'}"
        yield one.words, told, one
