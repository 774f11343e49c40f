"""What a UE capability can prove: filters, one wrong bit, sources side by side."""

from __future__ import annotations

import os
import random
import sys
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from capability_requirements import passed, told_by
from capability_samples import SAMPLES
from verdict_cases import OWN, band, enabled, fact, handset, listed, modem, registered, sheet, sim, verdict

from harness.errors import InputError
from harness.observations import Grade, Observation, ServingCell, Source, SupportedBands
from harness.requirements.bound import Bound
from harness.requirements.capability import WantedCarrier

CAPABILITY = Source("UE capability a.hex", link="uecap", exchange=0)
MUTATIONS = int(os.environ.get("BANDPROOF_MUTATIONS", "0"))
"""Mutations a sample, form and kind of damage; 0: as many as the gate has time for."""


def told(*bands: int, rat: str = "lte", **more) -> SupportedBands:
    """A list of a capability whose enquiry asked for everything."""
    return SupportedBands(
        **{"rat": rat, "bands": bands, "layer": "advertised", "source": CAPABILITY, "complete": True, **more}
    )


# --- one list -------------------------------------------------------------------------------------------------------


def test_a_band_that_two_places_name_is_measured():
    found = verdict(handset(told(12, 66)))
    assert (found.outcome.name, found.grade) == ("PASS", Grade.MEASURED)
    assert found.evidence == (CAPABILITY,)


def test_a_band_named_at_one_place_only_decides_nothing():
    found = verdict(handset(told(12, 66, told_once=(12,))))
    assert found.outcome.name == "INCONC"
    assert "give another capture" in found.reason
    assert verdict(handset(told(12, 66, told_once=(66,)))).outcome.name == "PASS"


@pytest.mark.parametrize("asked", [None, (), (2, 4)])
def test_a_band_that_nobody_asked_for_is_not_thereby_absent(asked):
    found = verdict(handset(told(2, 4, complete=False, filtered_by=asked)))
    assert found.outcome.name == "INCONC"
    assert "did not ask" in found.reason


def test_a_band_that_was_asked_for_and_not_told_is_not_advertised():
    own = (sim(OWN), registered())
    found = verdict(handset(told(2, complete=False, filtered_by=(2, 12)), enabled(2, 12), *own))
    assert found.outcome.name == "FAIL"
    assert "the network will never see it" in found.reason
    assert verdict(handset(told(2, complete=False, filtered_by=(2, 12)))).outcome.name == "INCONC"


def test_a_list_in_doubt_proves_nothing_either_way():
    doubtful = told(2, 12, grade=Grade.OBSERVED)
    assert verdict(handset(doubtful)).outcome.name == "INCONC"
    assert verdict(handset(doubtful), band(13)).outcome.name == "INCONC"


def test_silence_of_a_capability_does_not_undo_what_is_seen_in_use():
    cell = ServingCell(rat="lte", band=12, arfcn=5110, band_source="both", registered=True)
    found = verdict(handset(told(2, complete=False), cell, registered()))
    assert (found.outcome.name, found.grade) == ("PASS", Grade.OBSERVED)


def test_silence_of_a_capability_is_no_ground_for_the_makers_word():
    found = verdict(handset(told(2, complete=False)), declared=sheet(12))
    assert found.outcome.name == "INCONC"


def test_measured_beats_declared():
    found = verdict(handset(told(12)), declared=sheet(2))
    assert (found.outcome.name, found.grade) == ("PASS", Grade.MEASURED)


def test_evidence_of_another_device_leaves_the_question_open():
    found = verdict(handset(refused="the UE capability given is of another device: a"), declared=sheet(12))
    assert found.outcome.name == "INCONC"
    assert "another device" in found.reason


# --- NR modes -------------------------------------------------------------------------------------------------------


def test_lists_of_a_mode_go_before_one_of_nr_as_a_whole():
    lists = (told(71, 78, rat="nr"), told(78, rat="nr_sa"), told(78, rat="nr_nsa"))
    assert fact(handset(*lists), None, "nr", 71, own_sim=True).has is not True
    assert fact(handset(*lists), None, "nr", 78, own_sim=True).has is True
    assert fact(handset(lists[0]), None, "nr", 71).has is True


def test_one_mode_is_enough():
    assert fact(handset(told(71, rat="nr"), told(71, rat="nr_nsa"), told(78, rat="nr_sa")), None, "nr", 71).has


# --- side by side ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["hardware", "policy"])
def test_a_capability_that_has_what_an_inner_layer_lacks_is_a_contradiction_and_both_are_named(layer):
    found = verdict(modem(listed(2, layer=layer), told(12)))
    assert found.outcome.name == "INCONC"
    assert "UE capability a.hex has it" in found.reason
    assert f"{listed(2, layer=layer).source.request} has it not" in found.reason
    assert {source.link for source in found.evidence} == {"at", "uecap"}


def test_two_advertised_lists_that_disagree_decide_nothing_and_both_are_named():
    found = verdict(modem(listed(12, layer="advertised"), told(2)))
    assert found.outcome.name == "INCONC"
    assert "measured sources disagree" in found.reason
    assert "UE capability a.hex has it not" in found.reason
    assert 'AT+QNWPREFCFG="ue_capability_band" has it' in found.reason


def test_at_and_qmi_that_disagree_are_named_beside_a_capability():
    qmi = replace(listed(2), source=Source("dms: --dms-get-band-capabilities", link="qmi", exchange=3))
    found = verdict(modem(listed(12), qmi, told(12)))
    assert found.outcome.name == "INCONC"
    assert "--dms-get-band-capabilities has it not" in found.reason
    assert {source.link for source in found.evidence} == {"at", "qmi", "uecap"}


def test_a_capability_that_was_not_asked_does_not_contradict_the_modem():
    found = verdict(modem(listed(12), told(2, complete=False, filtered_by=(2,))))
    assert (found.outcome.name, found.grade) == ("PASS", Grade.MEASURED)
    assert verdict(modem(listed(2), told(2, complete=False))).outcome.name == "FAIL"


def test_the_report_tells_which_source_says_what():
    from harness.reports.document.devices import device_entry

    part = device_entry(Bound.of(modem(listed(12, layer="advertised"), told(2))))
    (item,) = [one for one in part.disagreements if "supported (advertised)" in one.about]
    assert [(said.what, said.source and said.source.link, said.grade) for said in item.says] == [
        ("B12", "at", "measured"),
        ("B2", "uecap", "measured"),
    ]


# --- one wrong bit --------------------------------------------------------------------------------------------------

SETS: dict[str, tuple[str, ...]] = {"own": (), **SAMPLES}
COST = {"ueCapHexMrdcSplit": 3, "exportedPduMrdcMixedSplit": 3}
"""Samples that take longer: so many times fewer mutations, unless BANDPROOF_MUTATIONS says how many."""
SEED = os.environ.get("BANDPROOF_MUTATION_SEED", "20261121")
Parts = list[tuple[str, bytes]]


def own_message() -> bytes:
    sys.path.insert(0, str(Path(__file__).parents[1] / "probes" / "uecap"))
    import uecap_samples

    parts = (("eutra", uecap_samples.eutra()), ("nr", uecap_samples.nr()), ("eutra-nr", uecap_samples.mrdc()))
    return uecap_samples.lte_message(*parts)


@pytest.fixture(scope="module")
def sample(captures_dir):
    """The files of a sample: hex as the octets that it stands for, or as the text that it is."""
    pytest.importorskip("pycrate_asn1dir", reason="the extra uecap is not installed")

    def load(name: str, form: str) -> Parts:
        if name == "own":
            return [("own.hex", own_message() if form == "octets" else own_message().hex().encode())]
        files = [(file, (captures_dir / "uecap" / file).read_bytes()) for file in SETS[name]]
        if form == "file":
            return files
        return [
            (file, bytes.fromhex("".join(data.decode().split())) if file.endswith("hex") else data)
            for file, data in files
        ]

    return load


def read_parts(parts: Parts, form: str) -> tuple[Observation, ...]:
    """The facts of a capability; none where it cannot be read. Octets are given as hex again."""
    from harness.probes.uecap import read

    as_hex = form == "octets"
    try:
        return read(
            [(n, data.hex().encode() if as_hex and n.endswith("hex") else data) for n, data in parts]
        ).observations
    except InputError:
        return ()


def flipped(parts: Parts, file: int, bit: int) -> Parts:
    data = bytearray(parts[file][1])
    data[bit // 8] ^= 1 << bit % 8
    return [(name, bytes(data) if place == file else whole) for place, (name, whole) in enumerate(parts)]


def cut(parts: Parts, file: int, length: int) -> Parts:
    return [(name, whole[:length] if place == file else whole) for place, (name, whole) in enumerate(parts)]


@cache
def before(load, name: str, form: str) -> frozenset[object]:
    return passed(read_parts(load(name, form), form))


@pytest.mark.parametrize(
    ("name", "bands", "combinations"),
    [
        ("ueCapHexEutra", 20 + 3 * 12, 24),  # LTE; NR in both modes, without n38 (see below) and n40 (told once)
        ("ueCapHexNr", 3, 0),  # n71
        ("ueCapHexMrdcSplit", 24 + 3 * 14, 202),
        ("exportedPduMrdcMixedSplit", 4 + 3 * 13, 271),
        ("nsgNr", 3 * 2, 1),  # n41, n71, CA_n41A-n71A
        ("0xB0CD-v32", 0, 40),
    ],
)
def test_an_untouched_sample_proves_its_bands_and_most_of_its_combinations(name, bands, combinations, sample):
    found = before(sample, name, "file")
    assert sum(isinstance(one, tuple) and one[0] in {"lte", "nr", "nr_sa", "nr_nsa"} for one in found) == bands
    assert sum(isinstance(one, tuple) and isinstance(one[0], WantedCarrier) for one in found) == combinations


# Bits with which an earlier rule ("two places of the message") passed what the untouched sample does not pass.
PINNED = {
    # a band of the SA list becomes one that the EN-DC list alone has (n38 or n8 to n40), or the EN-DC list loses it
    ("ueCapHexEutra", 0, "SA and EN-DC list"): (7968, 8020, 7698, 7708, 7711),
    # a combination becomes a second witness of one that is told once: bands 1, 3, 7 are one bit apart
    ("ueCapHexEutra", 0, "another band"): (3752, 3784, 3943, 3951, 3964, 4118, 4175, 4288, 4414, 4858, 5012, 6412),
    # ... its bandwidth class, which the list of its carriers contradicts
    ("ueCapHexEutra", 0, "another class"): (3771, 3969, 4149, 4517, 4660, 4681, 4809, 4952, 5482, 5592, 6240),
    # ... the presence of its uplink
    ("ueCapHexEutra", 0, "another uplink"): (3618, 3936, 4112, 4560, 4714, 4837, 4980, 5136, 5266, 5396, 5737, 6384),
    ("ueCapHexMrdcSplit", 0, "LTE CA"): (4343, 4483, 4667, 4805, 5031, 5224, 5455, 5662, 5985, 6176, 6519, 6859),
    ("ueCapHexMrdcSplit", 2, "EN-DC"): (76, 3912, 5906, 17185, 20139, 2216, 7639),
    # an EN-DC combination becomes the second witness of an LTE-CA combination of the other container
    ("ueCapHexMrdcSplit", 2, "across containers"): (1850,),
}


@pytest.mark.parametrize(("name", "file", "why"), PINNED, ids=str)
def test_flips_that_once_gained_a_pass_gain_none(name, file, why, sample):
    parts = sample(name, "octets")
    known = before(sample, name, "octets")
    bits = PINNED[name, file, why]
    assert {bit: passed(read_parts(flipped(parts, file, bit), "octets"), known) - known for bit in bits} == {
        bit: frozenset() for bit in bits
    }


def test_a_table_that_ends_early_proves_no_more_than_the_whole(sample):
    parts = sample("0xB0CD-v32", "file")
    known = before(sample, "0xB0CD-v32", "file")
    for length in (5972, 6062, 6110, 6493, 6536, 6587):  # at the end of a combination, and inside of one
        assert passed(read_parts(cut(parts, 0, length), "file"), known) <= known


@pytest.mark.parametrize("damage", [flipped, cut], ids=["flipped", "cut"])
@pytest.mark.parametrize(
    ("name", "form"),
    [
        (name, form)
        for name, files in SETS.items()
        for form in (("octets", "file") if not files or files[0].endswith("hex") else ("file",))
    ],
)
def test_a_damaged_capability_passes_nothing_that_the_untouched_does_not(name, damage, form, sample):
    parts = sample(name, form)
    known = before(sample, name, form)
    chance = random.Random(f"{name} {form} {damage.__name__} {SEED}")
    if name == "own":  # a few combinations only: one that it tells once may gain a second witness, and none is made up
        known |= told_by(read_parts(parts, form))
    places = [(file, place) for file, (_, data) in enumerate(parts) for place in range(len(data))]
    number = MUTATIONS or max(4, 24 // COST.get(name, 1))
    gained: dict[tuple[int, int], frozenset[object]] = {}
    slowest = 0.0
    for file, octet in chance.choices(places, k=number):
        place = octet if damage is cut else octet * 8 + chance.randrange(8)
        broken = damage(parts, file, place)
        started = time.process_time()
        facts = read_parts(broken, form)
        slowest = max(slowest, time.process_time() - started)
        new = passed(facts, known) - known
        if new:
            gained[file, place] = new
    assert not gained
    assert slowest < 2
