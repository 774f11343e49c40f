"""A grant held against what is enabled: what lies in no line is a finding, and a line proves nothing."""

from __future__ import annotations

import pytest
from ics_values import AT, attached, enabled, hardware, survey

from harness.ics.grants import parse_grant
from harness.observations import EnabledBands, Grade
from harness.requirements.proforma.granting import hold_grants


def held(*rows, device, fcc_id="", head=""):
    return hold_grants(device, [parse_grant(f"{head}\n" + "\n".join(rows))], fcc_id)


def states(*rows, device):
    return {one.label: one.state for one in held(*rows, device=device).bands}


B66 = "27 1710.7-1779.3 0.2 1M10G7D"


@pytest.mark.parametrize(
    ("rows", "band", "state"),
    [
        ([B66], 66, "covered"),
        ([B66], 4, "covered"),
        (["27 1720-1770 0.2 18M0G7D"], 66, "covered"),
        (["27 1710.7-1754.3 0.2 1M10G7D"], 66, "finding"),
        (["24E 1850.7-1909.3 1M10G7D"], 25, "finding"),
        (["24E 1850-1910 18M0G7D"], 25, "finding"),
        (["24E 1850.7-1914.3 1M10G7D"], 25, "covered"),
        (["24E 1850.7-1914.3 1M10G7D"], 2, "covered"),
        (["22H 824.7-848.3 1M10G7D"], 26, "finding"),
        (["22H 824.7-848.3 1M10G7D", "90S 814.7-823.3 1M10G7D"], 26, "covered"),
        (["90S 814.7-848.3 1M10G7D"], 26, "covered"),
        (["27 699.7-715.3 1M10G7D"], 12, "covered"),
        (["27 699.7-715.3 1M10G7D"], 17, "covered"),
        (["27 706.5-713.5 4M50G7D"], 12, "finding"),
        (["90R 790.5-795.5"], 13, "finding"),
        (["90R 790.5-795.5"], 14, "covered"),
        (["27 2502.5-2567.5 4M50G7D"], 41, "finding"),
        (["27 2502.5-2567.5 4M50G7D"], 7, "covered"),
        (["27 2498.5-2687.5 4M50G7D"], 38, "covered"),
        (["15C 663-698", B66], 71, "finding"),
    ],
)
def test_an_enabled_band_against_the_lines(rows, band, state):
    assert states(*rows, device=survey(enabled(band))) == {f"B{band}": state}


def test_findings_are_told_with_what_no_line_covers():
    found = held(B66, "22H 824.7-848.3 1M10G7D", device=survey(enabled(13, 26, 66)), head="FCC IDENTIFIER: XMR1")
    assert found.sentence.endswith("enabled, and not in its lines: B13 (777 to 787 MHz), B26 (814 to 824.15 MHz)")
    assert [one.reason for one in found.of("finding")] == [
        "B13 is enabled, and no line of the grant covers its uplink (777 to 787 MHz)",
        "B26 is enabled, and no line of the grant covers 814 to 824.15 MHz of its uplink (814 to 849 MHz)",
    ]


def test_what_the_range_cannot_tell_apart_is_named():
    (one,) = held(B66, device=survey(enabled(4))).bands
    assert one.like == ("B10", "B66")
    (one,) = held("27 2498.5-2687.5 4M50G7D", device=survey(enabled(41))).bands
    assert one.like == ("B7", "B38")
    (one,) = held("27 698-716", device=survey(enabled(17))).bands
    assert one.like == ("B12", "B85")


@pytest.mark.parametrize("rows", [["27 3450-3550"], ["27 3700-3980"], ["96 3550-3700"]])
def test_n77_lies_in_any_of_its_three_parts(rows):
    assert states(*rows, device=survey(enabled(77, rat="nr_sa"))) == {"n77": "covered"}
    assert states(B66, device=survey(enabled(77, rat="nr_sa"))) == {"n77": "finding"}


def test_bands_of_other_countries_are_not_judged():
    found = held(B66, device=survey(enabled(1, 3, 8, 20, 28, 32, 40, 42, 66)))
    assert [one.label for one in found.bands] == ["B66"]
    assert found.not_judged == ("B1", "B3", "B8", "B20", "B28", "B32", "B40", "B42")


def test_gsm_and_umts_are_judged_too():
    device = survey(enabled(850, 1900, rat="gsm"), enabled(2, 5, rat="umts"))
    assert states("22H 824.2-848.8 GXW", device=device) == {
        "UMTS 2": "finding",
        "UMTS 5": "covered",
        "GSM 850": "covered",
        "GSM 1900": "finding",
    }


@pytest.mark.parametrize(
    ("row", "device", "why"),
    [
        ("15C 2402-2480 0.01", survey(enabled(66)), "a grant of other radios"),
        (B66, survey(hardware(66)), "what is enabled on the device was not observed"),
        (B66, survey(enabled(1, 3)), "no band of the US rules is enabled"),
    ],
)
def test_what_decides_nothing_says_why(row, device, why):
    assert why in held(row, device=device).refused


def test_a_grant_of_another_id_does_not_speak():
    head = "FCC ID: 2ABCD-NW200"
    assert held(B66, device=survey(enabled(66)), fcc_id="2ABCDNW200", head=head).refused == ""
    assert (
        "the grant is of 2ABCD-NW200" in held(B66, device=survey(enabled(66)), fcc_id="2ABCD-NW300", head=head).refused
    )


def test_that_it_is_of_this_device_can_be_the_users_word():
    assert held(B66, device=survey(enabled(66))).remarks


def test_a_module_may_have_what_its_host_lacks():
    found = held(B66, device=survey(enabled(71)), head="Contains FCC ID: XYZ-1")
    assert [one.state for one in found.bands] == ["open"]


def test_without_restriction_what_the_device_has_is_enabled():
    free = EnabledBands(rat="lte", bands=None, unlimited=True, source=AT)
    assert states(B66, device=survey(free, hardware(66, 71))) == {"B66": "covered", "B71": "finding"}
    assert held(B66, device=survey(free)).refused


def test_a_band_in_use_is_enabled():
    (one,) = held(B66, device=survey(*attached(2, 900))).bands
    assert (one.label, one.state, one.grade) == ("B2", "finding", Grade.OBSERVED)
