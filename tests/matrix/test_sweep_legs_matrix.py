"""The sweep matrix of EN-DC: NR bands that a modem lists beside LTE alone, in each situation. No false PASS, no FAIL at all.

Real code on a simulated clock, as `test_sweep_matrix`: only the modem, its cells and the time are made up.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest
from swept_modem import AirWitness, sweep

from harness.simulation.radio.air import cell_on
from harness.simulation.radio.quirks import Quirks

LIMIT_S = 20.0
"""Processor time of all of it."""
FAMILIES = ("quectel-5g", "simcom-5g")
BANDS = (2, 7, 28, 38, 41, 66, 77, 78)
"""Neighbours on one frequency among them: n38 and n41, n77 and n78."""
ALONE = "1:71"


@dataclass(frozen=True)
class Situation:
    """`anchor`: an LTE cell is on air. `witness`: who speaks. `back`: everything is as before at the end."""

    quirks: Quirks = field(default_factory=Quirks)
    anchor: str = "on"
    witness: str = "knows"
    back: bool = True


SITUATIONS = {
    "as it should": Situation(),
    "live": Situation(witness="none"),
    "the network side says nothing": Situation(witness="mute"),
    "the network saw nobody": Situation(witness="denies"),
    "no anchor": Situation(anchor="off"),
    "an anchor that refuses": Situation(anchor="refuses"),
    "a leg never added": Situation(Quirks(leg_never=True)),
    "a leg on another band": Situation(Quirks(leg_elsewhere=True)),
    "a leg that is told for ever": Situation(Quirks(leg_stale=True)),
    "a leg that is told and never added": Situation(Quirks(leg_stale=True, leg_never=True)),
    "accepted, not in force": Situation(Quirks(not_in_force=True)),
    "accepted, not in force, live": Situation(Quirks(not_in_force=True), witness="none"),
    "not kept": Situation(Quirks(deaf=True)),
    "another list": Situation(Quirks(other_mask=True)),
    "the cell is kept": Situation(Quirks(kept_cell=True)),
    "no final code": Situation(Quirks(no_final=True)),
    "refused": Situation(Quirks(refuses=True)),
    "unreadable": Situation(Quirks(unreadable=True), back=False),
    "silent": Situation(Quirks(silent=True)),
    "forgotten soon": Situation(Quirks(wiped_after_s=4.0)),
    "forgotten later": Situation(Quirks(wiped_after_s=8.0)),
    "another writer": Situation(Quirks(another_writer_after_s=6.0)),
    "another writer with a list of his": Situation(Quirks(another_list_after_s=6.0), back=False),
    "overlapping CFUN cycles": Situation(Quirks(overlapping_cfun=True)),
    "a list that does not go back": Situation(Quirks(not_put_back=True), back=False),
}
COUNT: Counter[tuple[str, str]] = Counter()
SPENT: list[float] = []


class Denying(AirWitness):
    """One whose network sees no attach."""

    def network(self, rat, band):
        self._seen = len(self.air.attached)
        return super().network(rat, band)


class Truth:
    """What legs the radio truly had, whatever it told."""

    def __init__(self):
        self.legs = set()

    def watch(self, radio):
        """Most NR bands for NSA alone, and each true leg is noted."""
        for table in (radio.memory.nv, radio.memory.found):
            table["nr5g_band"] = ALONE
        radio.tongue.lasting = {**radio.tongue.lasting, "nr5g_band": ALONE}
        told = radio.leg

        def leg():
            found = told()
            if found is not None and not radio.quirks.leg_stale:
                self.legs.add(found.band)
            return found

        radio.leg = leg


def plan(family, name, anchor):
    """Cells in a random order: the anchor, legs of some bands, one of a band that nobody asks for."""
    chance = random.Random(f"{family} {name}")
    on_air = [band for band in BANDS if chance.random() < 0.7] or [BANDS[0]]
    legs = [cell_on("nr_nsa", band) for band in (*on_air, 25)]
    chance.shuffle(legs)
    cause = {"refuses": 15}.get(anchor, 0)
    lte = cell_on("lte", 12, reject=cause, plmn="00102" if cause else "00101")
    # With nothing locked it attaches to something, else no band tells anything.
    first = [cell_on("nr", 71)] if anchor != "on" else []
    return on_air, [*first, *([] if anchor == "off" else [lte]), *legs]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", SITUATIONS)
def test_only_a_true_leg_passes_and_nothing_fails(family, name):
    start = time.process_time()
    situation, truth = SITUATIONS[name], Truth()
    on_air, cells = plan(family, name, situation.anchor)
    how = {"source": Denying} if situation.witness == "denies" else {"witness": situation.witness != "none"}
    found = sweep(
        family, ",".join(f"n{band}" for band in BANDS), cells, situation.quirks,
        setup=truth.watch, mute=situation.witness == "mute", **how,
    )  # fmt: skip
    assert [one.rat for one in found.trials.values()] == ["nr_nsa"] * len(BANDS)
    for label, trial in found.trials.items():
        outcome, told = found.outcome(label), (family, name, label, found.reason(label))
        COUNT[name, outcome] += 1
        assert outcome in {"PASS", "INCONC"}, told
        if outcome == "PASS":
            assert trial.band in truth.legs, told
            assert situation.anchor == "on", told
            assert situation.witness != "denies", told
        if name in {"as it should", "live", "silent", "no final code"}:
            assert (outcome == "PASS") == (trial.band in on_air), told
    if situation.back:
        assert found.changed == {}
        assert found.blocked == []
    else:
        assert found.changed == {} or found.blocked or any(not one.is_back for one in found.compared.values())
    SPENT.append(time.process_time() - start)


def test_each_situation_was_counted_and_proves_something():
    assert {name for name, _ in COUNT} == set(SITUATIONS)
    total = Counter(outcome for (_, outcome), number in COUNT.items() for _ in range(number))
    assert sum(total.values()) == len(SITUATIONS) * len(FAMILIES) * len(BANDS)
    # It is no proof where all is open.
    assert total["PASS"] > 40
    for name in ("no anchor", "an anchor that refuses", "a leg never added", "a leg on another band", "not kept"):
        assert COUNT[name, "PASS"] == 0, name
    assert sum(SPENT) < LIMIT_S, f"{sum(SPENT):.1f} s"
