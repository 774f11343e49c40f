"""What the device itself heard before the first lock: asked once, told in the row, and never a verdict by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from swept_modem import cells, sweep

from harness.reports.document.sweep_rows import _row
from harness.requirements.sweep import verdict_of_trial
from harness.simulation.modem.text import ScriptedAnswer
from harness.simulation.radio.locks import NO_FINAL

SCANS = {
    "quectel-5g": ("12,66", ["AT+QSCAN=1"]),
    "quectel-lte": ("12,66", ['AT+QENG="neighbourcell"']),
    "nordic": ("m12,m66", ["AT%NCELLMEAS"]),
    "sierra": ("12,66", ["AT!LTEINFO?"]),
    "fibocom-fm350": ("12,66", ["AT+GTCCINFO?"]),
    "simcom-5g": ("12,66", []),
    "quectel-unisoc": ("12,66", []),
}


def requests(found):
    return [one.request for one in found.exchanges]


def part_of(found):
    """The requests between the mark of the scan and the first trial."""
    every = requests(found)
    if "sweep scan" not in every:
        return []
    behind = every[every.index("sweep scan") + 1 :]
    return behind[: next(at for at, one in enumerate(behind) if one.startswith("sweep trial"))]


@pytest.mark.parametrize("family", SCANS)
def test_it_is_asked_once_behind_an_attach_and_before_any_list_is_written(family):
    bands, asked = SCANS[family]
    kind = "m" if "m" in bands else ""
    found = sweep(family, bands, cells(f"{kind}12", f"{kind}2"))
    assert [one for one in part_of(found) if one != "unasked"] == asked
    assert [one for one in requests(found) if one.startswith("sweep scan")] == ["sweep scan"] * bool(asked)
    assert found.outcome("B12") == "PASS"
    assert found.changed == {}
    writes = [at for at, one in enumerate(requests(found)) if found.radio.tongue.lists and '_band",' in one]
    assert not asked or not writes or requests(found).index(asked[0]) < writes[0]


@pytest.mark.parametrize(("bands", "asked"), [("n71", ["2"]), ("12,n71", ["1", "2"]), ("n79", ["2"]), ("12", ["1"])])
def test_of_the_technologies_that_are_tried_alone(bands, asked):
    found = sweep("quectel-5g", bands, cells("12", "n71", "e79"))
    assert part_of(found) == [f"AT+QSCAN={one}" for one in asked]


def test_without_an_attach_before_nothing_is_scanned():
    found = sweep("quectel-5g", "12", [])
    assert "sweep scan" not in requests(found)
    assert found.trials["B12"].own_scan is None


@pytest.mark.parametrize(
    ("on_air", "witness", "words"),
    [
        (("2", "66"), False, "nobody tells but its own scan, which heard none before the lock"),
        (("2",), True, "no cell of it is on air, and its own scan heard none"),
    ],
)
def test_it_is_a_second_word_for_no_cell(on_air, witness, words):
    found = sweep("quectel-5g", "12,2", cells(*on_air), witness=witness)
    assert found.outcome("B12") == "INCONC"
    assert words in found.reason("B12")
    assert (found.trials["B12"].own_scan, found.trials["B2"].own_scan) == (False, True)


def test_a_cell_that_it_heard_and_did_not_attach_to_fails_nothing_without_a_witness():
    barred = cells("12", barred=True)
    found = sweep("quectel-5g", "12", [*cells("2"), *barred], witness=False)
    assert found.outcome("B12") == "INCONC"
    assert "its own scan heard a cell on a channel of the band before the lock" in found.reason("B12")
    assert "no second witness speaks" in found.reason("B12")


@pytest.mark.parametrize("word", [True, False, None])
def test_what_it_heard_makes_no_difference_to_a_fail_or_a_pass(word):
    barred = cells("12", barred=True)
    found = sweep("quectel-5g", "12,2", [*cells("2"), *barred])
    assert found.outcome("B12") == "FAIL"
    for trial in found.trials.values():
        assert verdict_of_trial(replace(trial, own_scan=word)) == verdict_of_trial(trial)


@pytest.mark.parametrize("nobody", [{"on_air": None}, {"network": None}, {"on_air": False}], ids=str)
@pytest.mark.parametrize("word", [True, False])
def test_a_scan_stands_for_no_witness(nobody, word):
    barred = cells("12", barred=True)
    failed = sweep("quectel-5g", "12", [*cells("2"), *barred]).trials["B12"]
    assert verdict_of_trial(failed).outcome.name == "FAIL"
    assert verdict_of_trial(replace(failed, own_scan=word, **nobody)).outcome.name == "INCONC"


def answering(request, answer):
    """A radio that answers one request so."""

    def setup(radio):
        own = radio.tongue.own
        radio.tongue.own = lambda part, radio: answer if part == request else own(part, radio)

    return setup


@pytest.mark.parametrize(
    "answer",
    [NO_FINAL, ScriptedAnswer((), "ERROR"), ScriptedAnswer(('+QSCAN: "LTE",001,01,5094,1,-90',), "+CME ERROR: 3")],
    ids=["none", "refused", "cut"],
)
def test_a_scan_that_does_not_end_well_tells_nothing_and_costs_nothing_but_time(answer):
    found = sweep("quectel-5g", "12,66", cells("12", "2"), setup=answering("AT+QSCAN=1", answer))
    assert {one.own_scan for one in found.trials.values()} == {None}
    assert found.outcome("B12") == "PASS"
    assert found.outcome("B66") == "INCONC"
    assert "no cell of it is on air" in found.reason("B66")
    assert "scan" not in found.reason("B66")
    assert found.changed == {}


def test_a_measurement_that_never_comes_is_not_waited_for_without_end():
    found = sweep("nordic", "m12", cells("m12"), setup=answering("AT%NCELLMEAS", ScriptedAnswer()))
    assert found.outcome("B12") == "PASS"
    assert found.trials["B12"].own_scan is None
    assert found.trials["B12"].began_s < 90


def test_what_a_measurement_tells_unasked_is_read():
    found = sweep("nordic", "m12,m66,m2", cells("m2", "m12"), witness=False)
    assert {label: one.own_scan for label, one in found.trials.items()} == {"B12": True, "B66": None, "B2": True}


def test_under_a_lock_that_was_left_it_hears_less_and_that_is_not_asked_again():
    found = sweep("quectel-5g", "12,66,2", cells("12", "2"))
    assert requests(found).count("AT+QSCAN=1") == 1


def test_the_row_says_what_it_heard():
    found = sweep("quectel-5g", "12,66", cells("12", "2"), witness=False)
    assert _row(found.trials["B12"], None).air == "nobody tells; its own scan heard one"
    assert _row(found.trials["B66"], None).air == "nobody tells; its own scan heard none"
    assert _row(replace(found.trials["B66"], own_scan=None), None).air == "nobody tells"


def test_a_scan_is_no_step_of_a_link_that_was_not_told_of_it():
    """The list of scans is the family's; no other goes out, and none before the sweep names it."""
    from harness.errors import CommandRefused
    from harness.sweep.link import SweepLink

    class Never:
        def ask(self, command, *, deadline_s):
            raise AssertionError(command)

    link = SweepLink(Never(), lambda _: None, None)
    for request in ("AT+QSCAN=1", "AT+COPS=?", "AT%NCELLMEAS"):
        with pytest.raises(CommandRefused):
            link.ask(request, deadline_s=1.0)
    link.scans = frozenset({"AT+QSCAN=1"})
    with pytest.raises(CommandRefused):
        link.ask("AT+COPS=?", deadline_s=1.0)
