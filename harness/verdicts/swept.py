"""A sweep as an edition of its own: one requirement a band or technology, so that each is a case like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.carriers.edition import Carrier, Edition
from harness.carriers.store import Selected
from harness.radio.rats import NR
from harness.requirements.held import HeldRule
from harness.requirements.sweep import SweepRule
from harness.trial_facts import BandTrial, RatTrial

from .declared_papers import SWEPT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from harness.survey.survey import Survey

_WORDS = {"lte": "LTE", "nr": "NR", "nr_nsa": "NR", "lte_m": "LTE-M", "nb_iot": "NB-IOT"}


def edition_of_sweep(survey: Survey, day: date) -> Iterator[Selected]:
    """The edition that the sweep of a device is judged by, where it was swept. The evidence alone says which bands."""
    trials, held = survey.all(BandTrial), survey.all(RatTrial)
    if not (trials or held):
        return
    bands = [
        SweepRule(
            id=f"SWEEP-{_WORDS[one.rat]}-{'N' if one.rat in NR else 'B'}{one.band}",
            level="mandatory",
            rat="nr" if one.rat in NR else one.rat,  # type: ignore[arg-type]
            band=one.band,
        )
        for one in trials
        if one.rat in _WORDS
    ]
    rats = [
        HeldRule(id=f"SWEEP-{_WORDS[one.rat]}-HELD", level="mandatory", rat=one.rat)  # type: ignore[arg-type]
        for one in held
    ]
    rules = (*bands, *rats)
    edition = Edition(as_of=day.isoformat(), sources=("the run's own sweep",), confidence="A", requirements=rules)
    carrier = Carrier(
        format="bandproof.profile/1",
        id=f"{SWEPT}bands",
        name="its sweep",
        country="intl",
        editions=(edition,),
        nature="regulator",
        note="bands and technologies that the device was held to; no carrier asks it",
    )
    yield Selected(carrier, edition, day)
