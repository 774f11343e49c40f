"""What a sweep is asked for, and what becomes of each band before anything is sent."""

from __future__ import annotations

import pytest

from harness.errors import UsageError
from harness.observations import SupportedBands
from harness.probes.at import registry
from harness.probes.at.language.answer import Modem
from harness.sweep.bands import OwnBands, SweepBand, parse_bands, plan_band


def locking(model):
    return registry.dialect("quectel").locking(Modem("Quectel", model))


NOTHING = OwnBands({})


@pytest.mark.parametrize(
    ("text", "bands"),
    [
        ("12,66,n71", (("", 12), ("", 66), ("nr", 71))),
        ("B12, N71,12", (("", 12), ("nr", 71))),
        ("m12,nb20", (("lte_m", 12), ("nb_iot", 20))),
    ],
)
def test_bands_are_read_as_engineers_write_them(text, bands):
    assert parse_bands(text) == tuple(SweepBand(*one) for one in bands)


@pytest.mark.parametrize("text", ["", ",", "x12", "b", "n999", "0", "999", "12;13", "-3", "1.5"])
def test_what_is_no_band_is_refused(text):
    with pytest.raises(UsageError):
        parse_bands(text)


def plan(word, model="RM520N-GL", listed=NOTHING):
    return plan_band(parse_bands(word)[0], locking(model), listed)


def test_a_plain_number_is_of_the_technology_that_the_modem_can_lock():
    assert plan("12").rat == "lte"
    assert plan("12", "BG95-M3").rat == "lte_m"
    assert plan("nb12", "BG95-M3").rat == "nb_iot"


@pytest.mark.parametrize(
    ("word", "why"),
    [("29", "downlink only"), ("n75", "downlink only"), ("n80", "uplink only"), ("46", "secondary"), ("m12", "LTE-M")],
)
def test_what_no_device_attaches_on_is_no_trial(word, why):
    found = plan(word)
    assert found.plan == "not_applicable"
    assert why in found.why


def test_a_family_without_a_documented_lock_is_no_trial():
    found = plan("12", "EC100Y-CN")
    assert (found.plan, found.why) == ("not_applicable", "no documented lock of this family here yet")


@pytest.mark.parametrize(
    ("maker", "model", "word"),
    [
        ("Askey", "NDQ1300", "no public text"),
        ("Inseego", "MiFi 8800L", "no public text"),
        ("Sierra Wireless", "EM9191", "technology each"),
        ("u-blox", "LARA-R211", "MHz"),
        ("Unisoc", "UIS8910", "SPFORCEFRQ"),
    ],
)
def test_a_family_that_cannot_be_locked_says_why(maker, model, word):
    family = registry.dialect_for(Modem(maker, model))
    assert family.locking is None or family.locking(Modem(maker, model)) is None
    found = plan_band(parse_bands("12")[0], None, NOTHING, no_lock=family.no_lock)
    assert found.plan == "not_applicable"
    assert word in found.why


def lists(**bands):
    return OwnBands.of(
        SupportedBands(rat=rat, bands=numbers, complete=complete) for rat, (numbers, complete) in bands.items()
    )


def test_a_device_is_locked_to_nothing_that_it_does_not_list():
    listed = lists(lte=((12, 66), None), nr_sa=((71,), None), nr_nsa=((41, 71), None))
    assert plan("12", listed=listed).plan == "tried"
    assert plan("30", listed=listed).plan == "not_applicable"
    assert plan("n71", listed=listed).plan == "tried"
    # Beside an LTE cell alone, which is a trial of its own.
    assert plan("n41", listed=listed).rat == "nr_nsa"
    assert plan("n78", listed=listed).plan == "not_applicable"


def test_a_filtered_list_tells_nothing_of_what_it_lacks():
    assert plan("30", listed=lists(lte=((12, 66), False))).plan == "tried"


@pytest.mark.parametrize("model", ["EG25-G", "RM520N-GL", "BG95-M3"])
def test_every_lock_goes_back_to_the_letter(model):
    found = locking(model)
    values = {
        "band_masks": "f0,42000001200b0918df,0" if model == "EG25-G" else "f,100002000000000f0e189f,10004200000000090e189f",
        "lte_band": "1:3:78", "nr5g_band": "41:71", "nsa_nr5g_band": "41:78",
    }  # fmt: skip
    for lock in found.locks:
        before = values[lock.item.name]
        request = lock.item.request(before)
        assert lock.item.value_set_by(request) == before
        value = lock.only(before, 12)
        assert lock.bands(value) == {12}
        assert lock.item.request(value) is not None
        # The other technologies' masks are written as they were read.
        others = [one for one in found.locks if one.item is lock.item and one is not lock]
        assert all(one.bands(value) == one.bands(before) for one in others)


@pytest.mark.parametrize("value", ["f0,0,0", "f0", "", "f0,800,0,1,1", "f0,800 ,0", "f0,800,0\r"])
def test_an_empty_or_strange_mask_is_never_written(value):
    assert locking("EG25-G").lock_of("lte").item.request(value) is None


@pytest.mark.parametrize("value", ["0", "", "0:12", "12:", "12,66", "lte", "12:0"])
def test_an_empty_or_strange_list_is_never_written(value):
    assert locking("RM520N-GL").lock_of("lte").item.request(value) is None
