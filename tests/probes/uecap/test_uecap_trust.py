"""What the network asked for, what stands at one place only, and what is refused."""

from __future__ import annotations

import dataclasses
import random

import pytest
import uecap_samples as samples
import uecap_texts as texts

from harness.capability_facts import BandCombinations, CarrierComponent, MfbiSupport, UeCategory
from harness.errors import InputError, ParseError
from harness.observations import SupportedBands
from harness.probes.uecap import read, read_accounts
from harness.probes.uecap.implied import Told, counted
from harness.probes.uecap.wire import rrc


def bands(reading, rat):
    return next(item for item in reading.observations if isinstance(item, SupportedBands) and item.rat == rat)


def capture(*frames: tuple[str, bytes]) -> list[tuple[str, bytes]]:
    return [("a.pcap", samples.pcap(252, [samples.exported(name, data) for name, data in frames]))]


def answer(**options) -> tuple[str, bytes]:
    return "lte-rrc.ul.dcch", samples.lte_message(("eutra", samples.eutra(**options)))


def enquiry(**options) -> tuple[str, bytes]:
    return "lte-rrc.dl.dcch", samples.lte_enquiry(**options)


# --- the filter -----------------------------------------------------------------------------------------------------


def test_without_an_enquiry_an_absence_tells_nothing():
    reading = read([("a", samples.eutra().hex().encode())])
    found = bands(reading, "lte")
    assert (found.complete, found.filtered_by) == (False, None)
    assert not found.could_show(5)
    assert any("not known" in text for text in reading.warnings)


def test_an_enquiry_without_a_list_makes_the_answer_complete():
    found = bands(read(capture(enquiry(), answer())), "lte")
    assert found.complete is True
    assert found.could_show(5)
    assert bands(read(capture(enquiry(), answer())), "nr_nsa").complete is True


def test_an_enquiry_with_a_list_shows_only_the_bands_in_it():
    reading = read(capture(enquiry(bands=(1, 5), nr_bands=(77, 78)), answer()))
    assert bands(reading, "lte").filtered_by == (1, 5)
    assert bands(reading, "lte").could_show(5)
    assert not bands(reading, "lte").could_show(12)
    assert bands(reading, "nr_nsa").filtered_by == (77, 78)
    assert any("asked for B1 B5 only" in text for text in reading.warnings)


def test_an_enquiry_for_another_container_or_transaction_says_nothing():
    for other in (enquiry(rats=("nr",)), enquiry(transaction=3)):
        assert bands(read(capture(other, answer())), "lte").filtered_by is None


def test_the_echo_in_the_answer_stands_for_the_enquiry():
    reading = read([("a", samples.eutra(asked=(1, 2)).hex().encode())])
    assert bands(reading, "lte").filtered_by == (1, 2)
    assert bands(reading, "nr_sa").filtered_by is None
    found = bands(read([("a.nr", samples.nr(asked=(28, 71)).hex().encode())]), "nr")
    assert (found.complete, found.filtered_by) == (False, (28, 71))


def test_the_filter_of_an_nr_enquiry():
    message = samples.nr_message(("nr", samples.nr()))
    frames = [("nr-rrc.dl.dcch", samples.nr_enquiry((1, 71))), ("nr-rrc.ul.dcch", message)]
    assert bands(read(capture(*frames)), "nr").filtered_by == (1, 71)


def test_several_answers_show_what_any_of_them_was_asked_for():
    frames = [enquiry(bands=(1, 5)), answer(), enquiry(bands=(3, 8)), answer()]
    assert bands(read(capture(*frames)), "lte").filtered_by == (1, 3, 5, 8)


def test_answers_that_the_enquiries_do_not_explain_tell_nothing_of_absence():
    small = answer(bands=(1, 20), combos=(((1, "a", "a"),), ((20, "a", "a"),)))
    reading = read(capture(enquiry(bands=(1, 3)), answer(), enquiry(bands=(1, 3)), small))
    assert bands(reading, "lte").filtered_by is None
    assert any("several devices" in text for text in reading.warnings)


# --- said once ------------------------------------------------------------------------------------------------------


def test_a_band_is_certain_where_two_places_name_it():
    combos = (((1, "a", "a"), (5, "a", None)), ((1, "a", "a"),))
    reading = read([("a", samples.eutra(bands=(1, 5), combos=combos).hex().encode())])
    assert bands(reading, "lte").told_once == ()
    reading = read([("a", samples.eutra(bands=(1, 5, 12), combos=combos).hex().encode())])
    assert bands(reading, "lte").told_once == (5, 12)  # one wrong bit could have made the 5 of a 12, or a 12 of the 5
    assert any("B12" in text and "checksum" in text for text in reading.warnings)


def test_containers_vouch_for_each_other():
    alone = read([("a", samples.nr(combos=()).hex().encode())])
    assert bands(alone, "nr").told_once == (1, 28, 78, 258)
    both = read([("a", samples.nr(combos=()).hex().encode()), ("b", samples.eutra().hex().encode())])
    assert bands(both, "nr").told_once == (1, 258)


def test_the_same_file_twice_vouches_for_nothing_but_two_answers_do():
    data = samples.nr(combos=()).hex().encode()
    twice = read([("a", data), ("b", data)])
    assert bands(twice, "nr").told_once == (1, 28, 78, 258)
    assert any("twice" in text for text in twice.warnings)
    message = ("nr-rrc.ul.dcch", samples.nr_message(("nr", samples.nr(combos=()))))
    asked = ("nr-rrc.dl.dcch", samples.nr_enquiry((1, 28, 78, 258)))
    assert bands(read(capture(asked, message, asked, message)), "nr").told_once == ()
    # a packet that was captured on two interfaces is there twice, and so is its enquiry
    assert bands(read(capture(asked, asked, message, message)), "nr").told_once == (1, 28, 78, 258)


def test_one_message_given_in_two_forms_is_one_statement():
    data = samples.nr(combos=())
    message = samples.nr_message(("nr", data))
    asked = ("nr-rrc.dl.dcch", samples.nr_enquiry((1, 28, 78, 258)))
    files = [
        ("a.hex", message.hex().encode()),
        ("b.nr.hex", data.hex(" ").encode()),
        ("c.pcap", capture(asked, ("nr-rrc.ul.dcch", message))[0][1]),
        ("d.txt", texts.qcat("UE-NR-Capability", samples.nr_value(combos=())).encode()),
    ]
    for one in files:
        for other in files:
            assert bands(read([one, other]), "nr").told_once == (1, 28, 78, 258), (one[0], other[0])


def test_octets_and_decoded_text_of_one_message_are_one_statement_and_must_agree():
    value = samples.eutra_value()
    octets = samples.eutra(mfbi=True).hex().upper()
    head = "value UL-DCCH-Message ::= { message c1 : ueCapabilityInformation : { criticalExtensions c1 : x : {"
    head += (
        f" ue-CapabilityRAT-ContainerList {{ {{ rat-Type eutra, ueCapabilityRAT-Container '{octets}'H }} }} }} }} }}\n"
    )
    found = read([("a", (head + texts.qcat("UE-EUTRA-Capability", value)).encode())]).observations
    assert [item.told_once for item in found if isinstance(item, UeCategory | MfbiSupport)] == [True, True]
    other = texts.qcat("UE-EUTRA-Capability", samples.eutra_value(bands=(1, 3, 7, 20, 66)))
    accounts, _ = read_accounts([("a", (head + other).encode())])
    assert [any("differ" in text for text in account.doubts) for account in accounts] == [True, True]


def test_a_message_that_contradicts_itself_vouches_for_nothing():
    for data in (
        samples.eutra(bands=(1, 1, 3), combos=(((1, "a", "a"), (3, "a", None)),)),
        samples.eutra(bands=(1, 3), combos=(((1, "a", "a"), (3, "a", None)),)) + b"\0\0",
    ):
        reading = read([("a.eutra", data.hex().encode())])
        assert bands(reading, "lte").told_once == (1, 3)
        with pytest.raises(ParseError):  # octets of which nobody says what they are prove nothing
            read([("a", data.hex().encode())])


def test_what_a_message_in_doubt_was_asked_does_not_make_an_absence_certain():
    doubtful = answer(bands=(1, 1, 3))
    found = bands(read(capture(enquiry(bands=(1, 3)), answer(), enquiry(transaction=2), doubtful)), "lte")
    assert (found.complete, found.filtered_by) == (False, (1, 3))
    assert not found.could_show(5)


def test_a_combination_without_its_band_is_told():
    reading = read([("a.lte", samples.eutra(bands=(1, 3), combos=(((1, "a", "a"), (40, "a", None)),)).hex().encode())])
    assert any("in no band list: B40" in text for text in reading.warnings)


def test_a_fallback_of_another_combination_is_not_told_once():
    def part(band, up="A"):
        return CarrierComponent("lte", band, "A", up)

    large = (part(1), part(3, None), part(7, None))
    combos = (large, (part(1), part(3, None)), (part(1), part(5, None)), (part(1, None), part(3)))
    alone, again = Told(frozenset(combos)), Told(frozenset({large}))
    assert [counted([alone])[combo].statements for combo in combos] == [1, 2, 1, 1]
    assert [counted([alone, again])[combo].statements for combo in combos] == [2, 3, 1, 1]
    assert [counted([alone, again])[combo].accounts for combo in combos] == [2, 2, 1, 1]
    shaky = Told(frozenset(), frozenset(combos))
    assert [counted([shaky])[combo].statements for combo in combos] == [1, 1, 1, 1]
    assert [counted([shaky, alone])[combo].statements for combo in combos] == [2, 3, 2, 2]
    assert [counted([shaky, again])[combo].statements for combo in combos] == [2, 2, 1, 1]


def test_combinations_carry_the_marks_and_the_filter():
    reading = read([("a", samples.eutra(asked=(1, 3)).hex().encode())])
    found = next(item for item in reading.observations if isinstance(item, BandCombinations))
    assert (found.complete, found.filtered_by, len(found.told_once)) == (False, ("B1", "B3"), 4)


# --- refused --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("band", [15, 16, 55, 100, 250])
def test_a_band_that_3gpp_does_not_have_is_refused(band):
    with pytest.raises(ParseError, match="3GPP does not have"):
        read([("a.lte", samples.eutra(bands=(1, band), combos=(((1, "a", "a"),),)).hex().encode())])


def test_an_nr_band_with_bandwidths_of_the_other_range_is_in_doubt():
    value = samples.nr_value(bands=(78, 258), combos=())
    for entry, kind in zip(value["rf-Parameters"]["supportedBandListNR"], ("fr2", "fr1"), strict=True):
        entry["channelBWs-DL"] = (kind, {"scs-60kHz": (7, 3 if kind == "fr2" else 10)})
    data = samples.encode(samples._types()[1].UE_NR_Capability, value)
    accounts, _ = read_accounts([("a.nr", data.hex().encode())])
    assert len(accounts[0].doubts) == 2


def test_octets_left_over_and_padding_that_is_not_zero():
    data = samples.eutra()
    with pytest.raises(ParseError):
        read([("a.eutra", (data + b"\x01").hex().encode())])
    value, warning = rrc.decode(data + b"\0", "eutra")
    assert value["ue-Category"] == 4
    assert "zero bytes" in warning
    filler = samples.encode(samples._types()[1].FreqBandList, [("bandInformationNR", {"bandNR": 78})])
    assert rrc.decode(filler, "band_list")[1] == ""
    value, warning = rrc.decode(filler[:-1] + bytes([filler[-1] | 1]), "band_list")
    assert value == [{"bandInformationNR": {"bandNR": 78}}]
    assert "padding" in warning


def test_one_broken_container_refuses_the_whole_message():
    message = samples.lte_message(("eutra", samples.eutra()), ("nr", b"\xff" * 40))
    with pytest.raises(ParseError):
        read([("a", message.hex().encode())])


def test_an_empty_mrdc_container_in_a_message_is_no_error():
    empty = samples.encode(samples._types()[1].UE_MRDC_Capability, {"rf-ParametersMRDC": {}})
    reading = read([("a", samples.lte_message(("eutra", samples.eutra()), ("eutra-nr", empty)).hex().encode())])
    assert bands(reading, "lte").bands
    assert any("names no combination" in text for text in reading.warnings)


def test_without_pycrate_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pycrate_core.charpy", None)
    rrc._loaded.cache_clear()
    try:
        with pytest.raises(InputError) as caught:
            read([("a", b"48 02 00 00")])
        assert caught.value.way_out == "pip install bandproof[uecap]"
        assert not isinstance(caught.value, ParseError)
    finally:
        rrc._loaded.cache_clear()


def test_every_observation_is_plain_data():
    for item in read([("a", samples.eutra().hex().encode())]).observations:
        assert dataclasses.is_dataclass(item)
        assert item.as_json()["source"]["request"] == "UE capability a"


def test_a_band_that_came_later_does_not_refuse_the_message():
    combos = (((1, "a", "a"), (3, "a", None)), ((107, "a", "a"), (3, "a", None)), ((3, "a", "a"),))
    reading = read([("a", samples.eutra(bands=(1, 3, 20, 107), combos=combos).hex().encode())])
    assert bands(reading, "lte").bands == (1, 3, 20)
    assert any("B107: a band that this version does not know" in text for text in reading.warnings)
    told = next(item for item in reading.observations if isinstance(item, BandCombinations))
    assert {part.band for combo in told.combinations for part in combo} == {1, 3}
    for damaged in ((1, 107), (1, 3, 20, 107, 108, 109), (1, 3, 20, 100)):
        with pytest.raises(ParseError):
            read([("a.lte", samples.eutra(bands=damaged, combos=(((1, "a", "a"),),)).hex().encode())])


UMTS = ("9ca7a04a120001208088a80000000000000000000000000000000000000000", "1ca7a04a" + "00" * 27)


@pytest.mark.parametrize("text", UMTS)
def test_umts_system_information_is_no_capability(text):
    for files in ([("a", text.encode())], [("a.hex", text.encode()), ("b.hex", UMTS[0].encode())]):
        with pytest.raises(ParseError):
            read(files)


def test_chance_octets_are_no_capability():
    chance = random.Random(7)
    for _ in range(1500):
        data = chance.randbytes(chance.choice((8, 12, 20, 31, 60)))
        for octets in (data, data + bytes(chance.randrange(20))):
            with pytest.raises(ParseError):
                read([("a", octets.hex().encode())])


def test_the_utra_container_vouches_for_the_lte_bands_that_it_lists():
    bands_ = (1, 3, 7, 20, 28)
    message = samples.lte_message
    data = samples.eutra(bands=bands_, combos=(((1, "a", "a"),),))

    def handover(listed) -> bytes:
        bits = "101" + f"{len(listed) - 1:04b}" + "".join(f"{band - 1:06b}1" for band in listed) + "0110"
        return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")

    def once(listed):
        return bands(
            read([("a", message(("eutra", data), ("utra", handover(listed))).hex().encode())]), "lte"
        ).told_once

    assert once((20, 7, 1, 3, 28)) == ()
    for other in ((20, 7, 1, 3, 29), (20, 7, 1, 3), (20, 7, 1, 3, 28, 38)):
        assert once(other) == (3, 7, 20, 28) or once(other) == bands_
