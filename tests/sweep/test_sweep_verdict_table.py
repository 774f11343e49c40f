"""Every situation of a sweep against the verdict that it may give: no false PASS, no false FAIL, and all put back."""

from __future__ import annotations

import pytest
from swept_modem import cells, sweep

from harness.probes.at import registry
from harness.probes.at.language.answer import Modem
from harness.simulation.modem.text import ScriptedAnswer
from harness.simulation.radio.quirks import Quirks
from harness.simulation.radio.tongues import TONGUES

_NARROW = ("quectel-iot", "nordic", "simcom-narrow", "u-blox", "sequans")
_NO_66 = ("telit-le", "cinterion", "huawei", "huawei-5g", "simcom-asr", "quectel-ec200", "u-blox", "zte", "asr")


def _row(family):
    kind, there = "m" if family in _NARROW else "", "26" if family in _NO_66 else "66"
    return f"{kind}12,{kind}{there}", "B12", f"B{there}", f"{kind}12", f"{kind}2"


FAMILIES = {family: _row(family) for family in TONGUES}
"""Family -> bands asked, the label of the one on air and of the one that is not; cells of the first, and of another band."""
QUIRKS = ("not_in_force", "deaf", "other_mask", "refuses", "unreadable")
EVERY = pytest.mark.parametrize("family", FAMILIES)


def doubt_of(family):
    """What a family does not tell, so that no attach fails it."""
    tongue = TONGUES[family]
    modem = Modem(tongue.maker, tongue.model, tongue.revision)
    return registry.dialect_for(modem).locking(modem).doubt


def there_cell(family):
    """The other band that is asked for, as a cell."""
    return FAMILIES[family][0].split(",")[1]


def swept(family, *more_cells, quirks=None, **how):
    bands, _, _, here, other = FAMILIES[family]
    return sweep(family, bands, [*cells(here, other), *more_cells], quirks, **how)


def is_back(found):
    assert found.changed == {}, found.changed
    assert all(one.is_back for one in found.compared.values() if not one.watched)
    assert found.blocked == []


@EVERY
def test_a_band_on_air_passes_by_a_new_registration_on_it(family):
    _, here, there, *_ = FAMILIES[family]
    found = swept(family)
    assert found.outcome(here) == "PASS"
    assert "attached anew on" in found.reason(here)
    trial = found.trials[here]
    assert trial.fresh
    assert trial.lock == "in_force"
    assert trial.attach_s > 0
    # Its source says that no cell of the other is on air: nothing is told of the device.
    assert found.outcome(there) == "INCONC"
    assert "no cell of it is on air" in found.reason(there)
    is_back(found)


@EVERY
def test_memory_that_wears_is_written_once_a_band_and_once_more(family):
    found = swept(family)
    written = {key: number for key, number in found.radio.memory.writes.items() if key in found.radio.tongue.lists}
    assert set(written.values()) <= {3}
    volatile = {"nordic", "fibocom-fm350"}
    assert bool(written) == (family not in volatile)


@EVERY
def test_without_a_witness_nothing_fails(family):
    _, here, there, *_ = FAMILIES[family]
    found = swept(family, witness=False)
    assert found.outcome(here) == "PASS"
    assert found.outcome(there) == "INCONC"
    assert "nobody tells" in found.reason(there)


def failing(family, **how):
    """A band that is on air, and that the device never finds although it is locked to it."""
    bands, _, there, here, other = FAMILIES[family]
    deaf_to = cells(there_cell(family), barred=True)
    return there, sweep(family, bands, [*cells(here, other), *deaf_to], **how)


@EVERY
def test_no_attach_with_a_cell_on_air_and_the_network_agreeing_fails(family):
    there, found = failing(family)
    if doubt := doubt_of(family):
        assert found.outcome(there) == "INCONC"
        assert doubt in found.reason(there)
        return
    assert found.outcome(there) == "FAIL", found.reason(there)
    assert found.trials[there].waited_s >= 130
    is_back(found)


@pytest.mark.parametrize("family", ["quectel-5g", "simcom-5g", "quectel-unisoc"])
def test_a_modem_that_is_on_lte_with_nothing_locked_is_tried_on_nr_alone(family):
    found = sweep(family, "n71", cells("12", "n71"))
    assert found.trials["n71"].baseline
    assert found.outcome("n71") == "PASS", found.reason("n71")
    is_back(found)


@pytest.mark.parametrize("family", ["quectel-5g", "simcom-5g", "quectel-unisoc"])
def test_a_modem_that_stays_with_the_other_technology_fails_nothing(family):
    """A mode that is accepted and not in force: what it is asked to be locked to it never looked for."""
    found = sweep(family, "12,n71", cells("12", "n71"), Quirks(not_in_force=True))
    assert found.outcome("n71") == "INCONC"
    assert "it tells of B12, EARFCN 5094, as its cell" in found.reason("n71")


@EVERY
def test_the_same_with_a_network_that_says_nothing_is_open(family):
    there, found = failing(family, mute=True)
    assert found.outcome(there) == "INCONC"
    assert "network side says nothing" in found.reason(there)


@pytest.mark.parametrize(
    ("setup", "word"),
    [
        (lambda radio: radio.memory.volatile.update({"cops": "1"}), "reads by hand"),
        (lambda radio: radio.memory.card.update({"fplmn": "00102"}), "is not empty"),
        (lambda radio: radio.memory.card.update({"fplmn": "unreadable"}), "cannot be read"),
    ],
    ids=["a network chosen by hand", "a card that forbids", "a card that does not tell"],
)
@EVERY
def test_where_something_else_than_the_band_may_hinder_it_nothing_fails(family, setup, word):
    there, found = failing(family, setup=setup)
    assert found.outcome(there) == "INCONC"
    assert word in found.reason(there) or doubt_of(family) in found.reason(there)
    assert found.outcome(FAMILIES[family][1]) == "PASS"


@EVERY
@pytest.mark.parametrize(
    ("quirks", "word"),
    [
        (Quirks(not_in_force=True), "not in force"),
        (Quirks(deaf=True), "reads otherwise"),
        (Quirks(other_mask=True), "reads otherwise"),
        (Quirks(refuses=True), "refused"),
        (Quirks(unreadable=True), "cannot be read"),
    ],
    ids=lambda one: next((name for name in QUIRKS if isinstance(one, Quirks) and getattr(one, name)), ""),
)
def test_a_lock_that_is_not_proved_in_force_decides_nothing(family, quirks, word):
    _, here, there, first, other = FAMILIES[family]
    # The first cell that a modem finds is of another band: a lock that does nothing shows by it.
    found = sweep(family, FAMILIES[family][0], [*cells(other, first)], quirks)
    for label in (here, there):
        assert found.outcome(label) == "INCONC", (label, found.reason(label))
    assert any(word in found.reason(label) for label in (here, there)), [found.reason(x) for x in (here, there)]


RESTARTING = [family for family, tongue in TONGUES.items() if tongue.restarts]


@pytest.mark.parametrize(
    ("family", "quirks"),
    [
        *((family, Quirks(lost_at_restart=True)) for family in RESTARTING),
        *((family, Quirks(hidden_lock=True)) for family in RESTARTING),
        ("sierra", Quirks(another_choice=True)),
    ],
)
def test_a_lock_that_a_restart_undid_passes_nothing_though_the_band_serves(family, quirks):
    bands, here, *_ = FAMILIES[family]
    found = sweep(family, bands, cells(FAMILIES[family][3]), quirks)
    assert found.outcome(here) == "INCONC"
    assert "after the restart" in found.reason(here)
    assert found.changed == {} or found.blocked


@pytest.mark.parametrize("family", RESTARTING)
def test_each_lock_is_followed_by_a_restart_and_a_radio_cycle(family):
    found = swept(family)
    restart = TONGUES[family].restarts
    asked = found.port.asked
    # Two bands, and the way back.
    assert asked.count(restart) == 3
    for place in (at for at, one in enumerate(asked) if one == restart):
        behind = asked[place:]
        assert "AT+CFUN=4" in behind[:60]


def test_a_set_that_was_not_there_is_not_defined_for_it_cannot_be_taken_away():
    def without(radio):
        del radio.memory.nv["set 13"], radio.memory.found["set 13"]

    found = sweep("sierra", "12", cells("12", "2"), setup=without)
    assert found.outcome("B12") == "INCONC"
    assert "define it once" in found.reason("B12")
    assert found.radio.memory.writes == {}


def test_bands_that_an_operators_profile_owns_are_not_touched():
    def owned(radio):
        radio.memory.nv["profile"] = radio.memory.found["profile"] = "1"

    found = sweep("u-blox", "m12", cells("m12", "m2"), setup=owned)
    assert found.outcome("B12") == "INCONC"
    assert "an operator's profile may forbid" in found.reason("B12")
    assert found.radio.memory.writes == {}
    assert not any(one.startswith(("AT+CFUN=", "AT+UMNOPROF=")) for one in found.port.asked)


def test_a_lock_of_a_profile_that_is_not_in_use_proves_nothing():
    found = sweep("sequans", "m12", cells("m12"), Quirks(other_profile=True))
    assert found.outcome("B12") == "INCONC"
    assert found.changed == {} or found.blocked


def test_what_else_hides_behind_a_wide_name_is_told_by_the_registration():
    """+SQNMONI calls NB-IoT and LTE-M alike: a registration with NB-IoT under a lock of LTE-M is none of that band."""
    tongue = TONGUES["sequans"]

    class Narrow(tongue):
        def answer(self, part, radio):
            told = super().answer(part, radio)
            if part != "AT+CEREG?" or told is None:
                return told
            return ScriptedAnswer(
                tuple(one.removesuffix(",8") + ",9" if one.endswith(",8") else one for one in told.lines)
            )

    TONGUES["narrow"] = Narrow
    try:
        found = sweep("narrow", "m12", cells("m12"))
    finally:
        del TONGUES["narrow"]
    assert found.outcome("B12") == "INCONC"


@EVERY
def test_a_cell_that_is_kept_proves_no_attach(family):
    found = swept(family, quirks=Quirks(kept_cell=True))
    here = FAMILIES[family][1]
    assert found.trials[here].served_band is None
    assert found.outcome(here) == "INCONC"
    assert "a cell that is kept proves no attach" in found.reason(here)
    assert found.changed == {}


@EVERY
def test_a_write_without_a_final_code_that_took_effect_counts_by_what_is_read(family):
    found = swept(family, quirks=Quirks(no_final=True))
    assert found.outcome(FAMILIES[family][1]) == "PASS", found.reason(FAMILIES[family][1])
    is_back(found)


@EVERY
def test_a_modem_that_tells_nothing_unasked_is_asked(family):
    found = swept(family, quirks=Quirks(silent=True))
    assert found.outcome(FAMILIES[family][1]) == "PASS"
    is_back(found)


@EVERY
@pytest.mark.parametrize("seconds", [3.0, 8.0, 30.0])
def test_a_lock_that_is_forgotten_meanwhile_passes_and_fails_nothing(family, seconds):
    bands, here, there, first, other = FAMILIES[family]
    found = sweep(family, bands, cells(other, first), Quirks(wiped_after_s=seconds))
    assert found.outcome(there) == "INCONC", found.reason(there)
    # Where it was still locked it attached there; where it was not it is served elsewhere.
    assert found.outcome(here) == ("PASS" if found.trials[here].served_band == 12 else "INCONC")
    is_back(found)


@EVERY
def test_without_an_attach_before_the_lock_every_band_is_open(family):
    bands, here, there, *_ = FAMILIES[family]
    found = sweep(family, bands, [])
    for label in (here, there):
        assert found.outcome(label) == "INCONC"
        assert "did not attach with nothing locked" in found.reason(label)
    is_back(found)
    assert not any(found.radio.memory.writes.get(key) for key in found.radio.tongue.lists)


_FIRST_GROUP = ("quectel-lte", "quectel-5g", "quectel-iot", "nordic", "simcom-narrow", "foxconn", "fibocom-fm350")
CAUSES = [
    (family, cause)
    for family in FAMILIES
    for cause in ([3, 5, 6, 7, 8, 11, 12, 13, 15, 17, 22] if family in _FIRST_GROUP else [3, 6, 11, 15])
]


@pytest.mark.parametrize(("family", "cause"), CAUSES)
def test_a_reject_fails_nothing_that_speaks_of_the_card_and_poisons_no_other_band(family, cause):
    bands, here, there, first, other = FAMILIES[family]
    rejecting = cells(there_cell(family), reject=cause, plmn="00102")
    found = sweep(family, ",".join(reversed(bands.split(","))), [*cells(other, first), *rejecting])
    assert found.outcome(here) == "PASS", found.reason(here)
    assert found.trials[there].denied
    if family in {"nordic", "telit-fn", "telit-le"} and cause in {5, 6}:
        # They tell the cause, and this one speaks of the device.
        assert found.outcome(there) == "FAIL", found.reason(there)
        assert f"cause {cause}" in found.reason(there)
    else:
        assert found.outcome(there) == "INCONC"
        assert "refused by the network" in found.reason(there)
    is_back(found)


@EVERY
def test_a_card_that_stays_barred_makes_no_other_band_fail(family):
    bands, here, _there, first, other = FAMILIES[family]
    # Cause 11 forbids the network for the whole card: nothing on it is found any more.
    rejecting = cells(there_cell(family), reject=11)
    found = sweep(family, ",".join(reversed(bands.split(","))), [*cells(other, first), *rejecting])
    assert found.outcome(here) == "INCONC", found.reason(here)
    assert "may be barred" in found.reason(here) or doubt_of(family)
    assert not found.compared["forbidden_networks"].is_back
    assert found.changed == {}


@pytest.mark.parametrize("family", ["quectel-lte", "quectel-5g", "foxconn", "fibocom-fm350"])
def test_a_twin_passes_only_where_the_cell_is_announced_under_the_asked_band(family):
    _, _, _, first, other = FAMILIES[family]
    kind = first[: -len("12")]
    cell = cells(f"{kind}12", announces=(17,))[0]
    bands = f"{kind}17" if kind else "17"
    told = sweep(family, bands, [*cells(other), cell])
    assert told.outcome("B17") == "PASS", told.reason("B17")
    assert "announced under" in told.reason("B17")
    untold = sweep(family, bands, [*cells(other), cell], witness=False)
    assert untold.outcome("B17") == "INCONC"
    assert "twin" in untold.reason("B17")


def test_nr_alone_is_attached_and_en_dc_alone_is_no_trial():
    found = sweep("quectel-5g", "n71,n75,29", cells("n71", "2"))
    assert found.outcome("n71") == "PASS"
    assert found.outcome("n75") == "NA"
    assert found.outcome("B29") == "NA"
    assert found.changed == {}


def test_a_band_that_the_device_does_not_list_is_not_locked():
    found = sweep("quectel-5g", "12,30", cells("12", "2"))
    assert found.outcome("B30") == "NA"
    assert not any("lte_band" in one and ",30" in one for one in found.port.asked)


def test_a_band_that_was_not_enabled_is_not_locked_where_no_list_tells_it():
    found = sweep("quectel-lte", "12,30", cells("12", "2"))
    assert found.outcome("B30") == "INCONC"
    assert "not locked to it" in found.reason("B30")
    assert not any(f"{1 << 29:x}" in one for one in found.port.asked)


def test_while_a_cell_is_locked_nothing_is_changed():
    def lock_cell(radio):
        radio.memory.volatile['AT+QNWLOCK="common/4g"'] = '+QNWLOCK: "common/4g",1,5110,214'

    found = sweep("quectel-5g", "12", cells("12", "2"), setup=lock_cell)
    assert found.outcome("B12") == "INCONC"
    assert "cell lock" in found.reason("B12")
    assert found.radio.memory.writes == {}
    assert not any(one.startswith("AT+CFUN=") for one in found.port.asked)


def test_a_list_that_could_not_be_written_back_is_not_changed():
    def empty(radio):
        radio.memory.nv["lte_band"] = radio.memory.found["lte_band"] = "0"

    found = sweep("quectel-5g", "12", cells("n71"), setup=empty)
    assert found.outcome("B12") == "INCONC"
    assert "an empty list must not be written" in found.reason("B12")
    assert found.radio.memory.writes == {}


def test_a_modem_that_goes_for_good_is_told_and_its_journal_stays(tmp_path):
    found = sweep("quectel-lte", "12,66", cells("12", "2"), Quirks(vanishes_at=60), journals=tmp_path)
    assert list(tmp_path.glob("*.journal.json"))
    assert found.blocked
    assert found.outcome("B66") == "INCONC"


def test_a_sweep_adds_little_to_the_times_of_the_device():
    found = sweep("quectel-lte", "12,2,4,5,66,71", cells("12", "2", "4", "5", "66", "71"), settle_s=0)
    device = sum(one.elapsed_ms or 0 for one in found.exchanges) / 1000
    waiting = sum(one.attach_s or 0 for one in found.trials.values()) + 2 * 3.0
    whole = found.clock.at - 1000
    assert whole <= 1.05 * (device + waiting)
