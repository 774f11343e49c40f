"""What a UE capability can prove: filters, one wrong bit, sources side by side."""

from __future__ import annotations

import os
import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from verdict_cases import OWN, band, enabled, handset, listed, modem, registered, selected, sheet, sim, verdict

from harness.carriers.model import CombinationRule, MfbiRule, UeCategoryRule
from harness.errors import InputError
from harness.observations import BandCombinations, Grade, Observation, ServingCell, Source, SupportedBands
from harness.radio.tables import bands_of
from harness.verdicts.combinations import combination_name, serves, wanted_of
from harness.verdicts.facts import band_fact

CAPABILITY = Source("UE capability a.hex", link="uecap", exchange=0)
MUTATIONS = int(os.environ.get("BANDPROOF_MUTATIONS", "16"))


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
    assert band_fact(handset(*lists), None, "nr", 71, own_sim=True).has is not True
    assert band_fact(handset(*lists), None, "nr", 78, own_sim=True).has is True
    assert band_fact(handset(lists[0]), None, "nr", 71).has is True


def test_one_mode_is_enough():
    assert band_fact(handset(told(71, rat="nr"), told(71, rat="nr_nsa"), told(78, rat="nr_sa")), None, "nr", 71).has


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
    from harness.reports.devices import device_part

    part = device_part(modem(listed(12, layer="advertised"), told(2)), None)
    (item,) = [one for one in part["disagreements"] if "supported (advertised)" in one["about"]]
    assert [(said["what"], said["source"]["link"], said["grade"]) for said in item["says"]] == [
        ("B12", "at", "measured"),
        ("B2", "uecap", "measured"),
    ]


# --- one wrong bit --------------------------------------------------------------------------------------------------


def own_message() -> bytes:
    sys.path.insert(0, str(Path(__file__).parents[1] / "probes" / "uecap"))
    import uecap_samples

    parts = (("eutra", uecap_samples.eutra()), ("nr", uecap_samples.nr()), ("eutra-nr", uecap_samples.mrdc()))
    return uecap_samples.lte_message(*parts)


def reading(name: str, data: bytes) -> tuple[Observation, ...] | None:
    """The facts of a capability; None where it cannot be read. Octets of a hex file are flipped as octets."""
    from harness.probes.uecap import read

    try:
        return read([(name, data.hex().encode() if name.endswith("hex") else data)]).observations
    except InputError:
        return None


def judged(observations: tuple[Observation, ...]):
    return handset(*observations, sim(OWN), registered())


def passed(observations: tuple[Observation, ...]) -> set[str]:
    survey = judged(observations)
    rules = [band(n, rat, id=f"{rat}{n}") for rat in ("lte", "nr") for n in bands_of(rat)]
    names = {
        combination_name(one)
        for item in observations
        if isinstance(item, BandCombinations)
        for one in item.combinations[:400]
        if all(part.dl_class for part in one)
    }
    chosen = sorted(names)[:: max(1, len(names) // 40)]
    rules += [CombinationRule(id=name, level="mandatory", configuration=name) for name in chosen]
    rules += [UeCategoryRule(id=f"C{n}", level="mandatory", dl=n) for n in (1, 6, 16)]
    rules.append(MfbiRule(id="MFBI", level="mandatory"))
    edition = selected(*rules)
    return {rule.id for rule in rules if verdict(survey, rule, edition).outcome.name.startswith("PASS")}


def combinations_told(observations: tuple[Observation, ...], names: set[str]) -> set[str]:
    """Of these configurations, those that the capability tells, if only once: a second witness makes none false."""
    lists = [item for item in observations if isinstance(item, BandCombinations)]
    every = [one for item in lists for one in item.combinations]
    asked = {name: wanted_of(CombinationRule(id="X", level="mandatory", configuration=name))[1] for name in names}
    return {name for name, wanted in asked.items() if any(serves(one, wanted) for one in every)}


SAMPLES = (
    *(
        "own.hex",
        "ueCapHexEutra.hex",
        "ueCapHexNr.hex",
        "ueCapHexMrdcSplit_eutra.hex",
        "ueCapHexMrdcSplit_eutra-nr.hex",
    ),
    *("0xB0CD-v32.txt", "nsgNr.txt", "exportedPduMrdcMixedSplit.pcap"),
)
SLOW = {"nsgNr.txt": 8, "exportedPduMrdcMixedSplit.pcap": 8, "ueCapHexMrdcSplit_eutra-nr.hex": 4}
"""Samples that take longer: so many times fewer mutations."""


@pytest.mark.parametrize("cut", [False, True], ids=["flipped", "cut"])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_damaged_capability_passes_nothing_that_the_untouched_does_not(name, cut, request):
    pytest.importorskip("pycrate_asn1dir", reason="the extra uecap is not installed")
    if name == "own.hex":
        data = own_message()
    else:
        data = (request.getfixturevalue("captures_dir") / "uecap" / name).read_bytes()
        data = bytes.fromhex("".join(data.decode().split())) if name.endswith("hex") else data
    untouched = reading(name, data)
    before = passed(untouched)
    assert before or name in {"ueCapHexNr.hex", "ueCapHexMrdcSplit_eutra-nr.hex"}
    chance = random.Random(20261121)
    gained: dict[int, set[str]] = {}
    for _ in range(MUTATIONS // (1 if MUTATIONS >= 1000 else SLOW.get(name, 1))):
        place = chance.randrange(len(data) * (1 if cut else 8))
        flipped = bytearray(data)
        flipped[place if cut else place // 8] ^= 0 if cut else 1 << place % 8
        facts = reading(name, data[:place] if cut else bytes(flipped))
        new = passed(facts or ()) - before
        new -= combinations_told(untouched, {one for one in new if "_" in one})
        if new:
            gained[place] = new
    assert not gained
