"""The sweep matrix: twenty bands of each family in each situation, counted. No false PASS, no false FAIL, all put back.

Real code on a simulated clock: only the modem, its cells and the time are made up.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest
from swept_modem import AirWitness, sweep

from harness.probes.at import registry
from harness.probes.at.language.answer import Modem
from harness.radio.tables import band_label
from harness.simulation.radio.air import cell_on
from harness.simulation.radio.quirks import Quirks
from harness.simulation.radio.tongues import TONGUES

LIMIT_S = 60.0
"""Processor time of all of it."""
MOST = 20
WORDS = {"lte": "", "nr": "n", "lte_m": "m", "nb_iot": "nb"}


@dataclass(frozen=True)
class Situation:
    """`holds`: what is locked is really in force, so that a band may fail. `source` makes the source of cells."""

    quirks: Quirks = field(default_factory=Quirks)
    holds: bool = True
    source: str = "knows"
    setup: object = None
    back: bool = True
    """Everything is as before at the end; else it may be blocked, and is told."""


def _hand(radio):
    radio.memory.volatile["cops"] = "1"


def _forbidden(radio):
    radio.memory.card["fplmn"] = "00102"


SITUATIONS = {
    "as it should": Situation(),
    "live": Situation(source="none"),
    "the network side says nothing": Situation(source="mute"),
    "cells on and off per band": Situation(source="switches"),
    "a cell that goes off meanwhile": Situation(source="fades"),
    "accepted, not in force": Situation(Quirks(not_in_force=True), holds=False),
    "accepted, not in force, live": Situation(Quirks(not_in_force=True), holds=False, source="none"),
    "not kept": Situation(Quirks(deaf=True), holds=False),
    "another mask": Situation(Quirks(other_mask=True), holds=False),
    "the cell is kept": Situation(Quirks(kept_cell=True)),
    "no final code": Situation(Quirks(no_final=True)),
    "refused": Situation(Quirks(refuses=True), holds=False),
    "unreadable": Situation(Quirks(unreadable=True), holds=False, back=False),
    "silent": Situation(Quirks(silent=True)),
    "forgotten soon": Situation(Quirks(wiped_after_s=4.0), holds=False),
    "forgotten later": Situation(Quirks(wiped_after_s=40.0), holds=False),
    "forgotten at the very end": Situation(Quirks(wiped_after_s=100.0), holds=False),
    "another writer": Situation(Quirks(another_writer_after_s=12.0), holds=False),
    "another writer with a list of his": Situation(Quirks(another_list_after_s=12.0), holds=False, back=False),
    "lost at restart": Situation(Quirks(lost_at_restart=True), holds=False),
    "hidden lock after restart": Situation(Quirks(hidden_lock=True), holds=False),
    "restarts by itself, the lock lost": Situation(Quirks(restarts_after_s=2.5, lost_at_restart=True), holds=False),
    "restarts by itself, the lock hidden": Situation(Quirks(restarts_after_s=2.5, hidden_lock=True), holds=False),
    "unlock unfinished": Situation(Quirks(unlock_unfinished=True)),
    "defined, not chosen": Situation(Quirks(another_choice=True), holds=False, back=False),
    "wrong profile": Situation(Quirks(other_profile=True), holds=False),
    "overlapping CFUN cycles": Situation(Quirks(overlapping_cfun=True)),
    "one list empties another": Situation(Quirks(rat_coupled=True)),
    "a network chosen by hand": Situation(setup=_hand, holds=False),
    "a card that forbids": Situation(setup=_forbidden, holds=False),
    "no attach before": Situation(source="empty", holds=False),
}
WITNESSED = {"knows", "switches", "fades"}
COUNT: Counter[tuple[str, str]] = Counter()
SPENT: list[float] = []


_RESTART = {"lost at restart", "hidden lock after restart", "unlock unfinished"}
_BY_ITSELF = {"restarts by itself, the lock lost", "restarts by itself, the lock hidden"}
_OF_ONE = {"defined, not chosen": "sierra", "wrong profile": "sequans", "one list empties another": "foxconn"}
THIRD = ("sierra", "u-blox", "zte", "asr", "altair", "sequans")
"""Families that are put to fewer situations: what they share with the others is tried with those."""
_OF_THIRD = {
    "as it should",
    "live",
    "cells on and off per band",
    "accepted, not in force",
    "another mask",
    "the cell is kept",
    "unreadable",
    "forgotten soon",
    "another writer with a list of his",
    "no attach before",
}


def _is_tried(family, name):
    if name in _OF_ONE:
        return _OF_ONE[name] == family
    if name in _RESTART:
        return bool(TONGUES[family].restarts)
    if name in _BY_ITSELF:
        # Those that are restarted for each band are put to the same by their own restart.
        return not TONGUES[family].restarts
    return family not in THIRD or name in _OF_THIRD


CELLS = [(family, name) for family in TONGUES for name in SITUATIONS if _is_tried(family, name)]


class Switched(AirWitness):
    """A source that has a cell on air while its band is asked for, and no other but the first."""

    def __init__(self, air, cells):
        super().__init__(air)
        self._cells = cells

    def on(self, rat, band):
        self.air.cells[1:] = [one for one in self._cells[1:] if one.rat == rat and band in one.bands]
        return super().on(rat, band)

    def off(self, rat, band):
        del self.air.cells[1:]


class Fading(Switched):
    """One whose cells of odd bands go off as soon as it has said that they are on."""

    def on(self, rat, band):
        word = super().on(rat, band)
        if band % 2:
            del self.air.cells[1:]
        return word


def twin_of(rat, band):
    """A band under which a cell of this one may be announced too; none for most."""
    return {12: (17,), 4: (66,), 5: (26,), 2: (25,)}.get(band, ()) if rat == "lte" else ()


def plan(family, seed):
    """Bands of the first technology that the family locks, and a cell, a barred one, a reject, a twin or nothing for each."""
    chance = random.Random(f"{family} {seed}")
    tongue = TONGUES[family]()
    modem = Modem(tongue.maker, tongue.model, tongue.revision)
    rat = registry.dialect_for(modem).locking(modem).locks[0].rat
    bands = sorted(tongue.enabled(tongue.memory())[rat] - {29, 32, 46, 47})[:MOST]
    state = {band: chance.choice(["on", "on", "off", "barred", "reject"]) for band in bands}
    state[bands[0]] = "on"
    made = []
    for band, how in state.items():
        if how == "off":
            continue
        cause = chance.choice([3, 5, 6, 8, 15, 17]) if how == "reject" else 0
        twins = twin_of(rat, band) if chance.random() < 0.5 else ()
        made.append(cell_on(rat, band, barred=how == "barred", reject=cause, announces=twins))
    return rat, state, made


def source_of(situation, made):
    """What `sweep` takes: a way to make the source, the cells that are on air, and its switches."""
    kind = situation.source
    if kind in {"switches", "fades"}:
        cells = list(made)
        make = Fading if kind == "fades" else Switched
        return made[:1], {"source": lambda air: make(air, cells)}
    return ([] if kind == "empty" else made), {"witness": kind != "none", "mute": kind == "mute"}


def may_pass(trial, radio, made, situation):
    """Whether the modem was truly served there, by a cell of that band or one that its source says is announced so."""
    served = [one for one in radio.air.attached if one.rat == trial.rat and trial.band in one.bands]
    if situation.source == "none":
        return any(one.band == trial.band for one in served)
    return bool(served)


def may_fail(trial, made, situation, family):
    """Whether it is the device's doing: a cell that it does not find though all else is as it should, or causes 5 and 6."""
    if not situation.holds or situation.source not in WITNESSED:
        return False
    if situation.source == "fades" and trial.band % 2:
        return False
    of_band = [one for one in made if one.rat == trial.rat and trial.band in one.bands]
    found = next((one for one in of_band if not one.barred), None)
    return bool(of_band) and (found is None or found.reject in {5, 6})


def is_free(trial, made):
    """Whether cells of a band are there, and none refuses."""
    of_band = [one for one in made if trial.band in one.bands and not one.barred]
    return bool(of_band) and not any(one.reject for one in of_band)


@pytest.mark.parametrize(("family", "name"), CELLS)
def test_no_pass_and_no_fail_is_false(family, name):
    start = time.process_time()
    situation = SITUATIONS[name]
    rat, state, made = plan(family, name)
    on_air, how = source_of(situation, made)
    bands = ",".join(f"{WORDS[rat]}{band}" for band in state)
    found = sweep(family, bands, on_air, situation.quirks, setup=situation.setup, **how)
    for trial in found.trials.values():
        label = band_label(trial.rat, trial.band)
        outcome = found.outcome(label)
        COUNT[name, outcome] += 1
        told = (family, name, trial.band, state[trial.band], found.reason(label))
        if outcome == "PASS":
            assert may_pass(trial, found.radio, made, situation), told
        elif outcome == "FAIL":
            assert may_fail(trial, made, situation, family), told
        else:
            assert outcome == "INCONC", told
        if name == "as it should" and is_free(trial, made):
            assert outcome == "PASS", told
        if name == "no attach before":
            assert outcome == "INCONC", told
    assert len(found.trials) >= 12
    if situation.back:
        assert found.changed == {}
        assert found.blocked == []
    else:
        # A list that cannot be read, or is somebody else's by now, is not written blindly: that is told.
        told = found.blocked or any(not one.is_back for one in found.compared.values())
        assert found.changed == {} or told, found.changed
    if name in _BY_ITSELF:
        enabled = found.radio.tongue.enabled(found.radio.memory)
        assert found.radio.memory.now["force"] == {rat: sorted(bands) for rat, bands in enabled.items()}
    SPENT.append(time.process_time() - start)


def test_each_situation_was_counted_and_costs_little():
    total: Counter[str] = Counter()
    for (_, outcome), number in COUNT.items():
        total[outcome] += number
    assert {name for name, _ in COUNT} == set(SITUATIONS)
    assert sum(total.values()) > 8_000
    # It is no proof where all is open.
    assert COUNT["as it should", "PASS"] > 5 * len(TONGUES)
    assert COUNT["as it should", "FAIL"] > len(TONGUES)
    assert COUNT["cells on and off per band", "FAIL"] > len(TONGUES)
    for name, situation in SITUATIONS.items():
        if not situation.holds or situation.source not in WITNESSED:
            assert COUNT[name, "FAIL"] == 0, name
    assert sum(SPENT) < LIMIT_S, f"{sum(SPENT):.1f} s"
