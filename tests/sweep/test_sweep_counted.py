"""Twenty bands of each family in every situation at once, counted: no false PASS, no false FAIL."""

from __future__ import annotations

import random

import pytest
from swept_modem import sweep

from harness.probes.at import registry
from harness.probes.at.language.answer import Modem
from harness.simulation.radio.air import cell_on
from harness.simulation.radio.quirks import Quirks
from harness.simulation.radio.tongues import TONGUES

WORDS = {"lte": "", "nr": "n", "lte_m": "m", "nb_iot": "nb"}
SITUATIONS = {
    "as it should": Quirks(),
    "not in force": Quirks(not_in_force=True),
    "not kept": Quirks(deaf=True),
    "another mask": Quirks(other_mask=True),
    "the cell is kept": Quirks(kept_cell=True),
    "no final code": Quirks(no_final=True),
    "refused": Quirks(refuses=True),
    "unreadable": Quirks(unreadable=True),
    "silent": Quirks(silent=True),
    "forgotten soon": Quirks(wiped_after_s=4.0),
    "forgotten later": Quirks(wiped_after_s=40.0),
    "another writer": Quirks(another_writer_after_s=12.0),
    "one list empties another": Quirks(rat_coupled=True),
}
MOST = 20


def plan(family, seed):
    """Bands of the first technology that the family locks, and a cell, a barred cell, a reject or nothing for each."""
    chance = random.Random(seed)
    tongue = TONGUES[family]()
    dialect = registry.dialect_for(Modem(tongue.maker, tongue.model, tongue.revision))
    rat = dialect.locking(Modem(tongue.maker, tongue.model, tongue.revision)).locks[0].rat
    bands = sorted(tongue.enabled(tongue.memory())[rat] - {29, 32, 46, 47})[:MOST]
    state = {band: chance.choice(["on", "on", "off", "barred", "reject"]) for band in bands}
    state[bands[0]] = "on"
    made = [
        cell_on(rat, band, barred=how == "barred", reject=chance.choice([3, 6, 8, 15, 17]) if how == "reject" else 0)
        for band, how in state.items()
        if how != "off"
    ]
    return rat, state, made


@pytest.mark.parametrize("witness", [True, False], ids=["witnessed", "live"])
@pytest.mark.parametrize("family", TONGUES)
def test_no_pass_and_no_fail_is_false(family, witness):
    count = {"PASS": 0, "FAIL": 0, "INCONC": 0}
    for seed, (name, quirks) in enumerate(SITUATIONS.items()):
        rat, state, made = plan(family, seed)
        found = sweep(family, ",".join(f"{WORDS[rat]}{band}" for band in state), made, quirks, witness=witness)
        attached = {one.band for one in found.radio.air.attached}
        for trial in found.trials.values():
            outcome = found.outcome(f"B{trial.band}")
            how = state[trial.band]
            count[outcome] += 1
            told = (family, name, trial.band, how, found.reason(f"B{trial.band}"))
            if outcome == "PASS":
                assert how == "on" or any(trial.band in one.bands for one in made if one.band in attached), told
                assert trial.band in attached, told
            if outcome == "FAIL":
                # Witnessed on air, and never found under a lock that held; or a cause that speaks of the device.
                assert witness, told
                assert how == "barred" or (how == "reject" and trial.cause == 6), told
                assert trial.band not in attached, told
            if name == "as it should" and how == "on":
                assert outcome == "PASS" or "may be barred" in told[-1], told
        # A list that cannot be read any more is not written blindly: it is told to be blocked.
        assert found.changed == {} or (found.blocked and quirks.unreadable), (name, found.changed)
    assert count["PASS"] > 20
    assert (count["FAIL"] > 0) == (witness and family != "fibocom-fm350"), count
