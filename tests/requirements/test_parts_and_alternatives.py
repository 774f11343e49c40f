"""A part of a band is not the band, and one of two bands of which nobody knows which is wanted proves nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from verdict_cases import alternative, band, handset, known, listed, modem, selected, sheet, verdict

from harness.carriers.edition import Bands, DeviceSheet, PartialBand, Variant
from harness.carriers.sheets import SheetMatch
from harness.requirements.bands.declared import declared_of
from harness.verdicts.fit.ranking import Offers
from harness.verdicts.verdict import Outcome

LOWER, UPPER, WHOLE = (703.0, 733.0), (718.0, 748.0), (703.0, 748.0)
B28A = replace(sheet(28), parts={("lte", 28): LOWER})


def asked(ul_mhz=None, **more):
    return band(28, ul_mhz=ul_mhz, **more)


@pytest.mark.parametrize("device", [handset(), modem(listed(28))], ids=["declared", "named by the modem"])
@pytest.mark.parametrize(
    ("used", "outcome", "words"),
    [
        ((708.0, 718.0), "PASS", ""),
        ((703.0, 733.0), "PASS", ""),
        ((733.0, 743.0), "FAIL", "only 703 to 733 MHz, and the carrier uses 733 to 743 MHz"),
        (UPPER, "INCONC", "whether the carrier's cells lie in it is not known"),
        (None, "INCONC", "whether the carrier's cells lie in it is not known"),
    ],
)
def test_a_part_serves_where_the_carriers_part_lies_in_it(device, used, outcome, words):
    found = verdict(device, asked(used), declared=B28A)
    assert (found.outcome.name, words in found.reason) == (outcome, True), found.reason


def test_a_whole_band_serves_every_part():
    for used in (None, (733.0, 743.0)):
        assert verdict(handset(), asked(used), declared=sheet(28)).outcome is Outcome.PASS


def test_a_part_that_may_not_serve_stands_in_for_nothing():
    rule = band(5, any_of=(alternative(26),), ul_mhz=(824.0, 834.0))
    part = replace(sheet(26), parts={("lte", 26): (814.0, 824.0)})
    assert verdict(handset(), rule, declared=part, policy="service").outcome is Outcome.FAIL
    assert verdict(handset(), rule, declared=sheet(26), policy="service").outcome is Outcome.PASS_NOTE


def test_the_sheet_tells_the_part():
    own = Variant(id="one", sources=("s",), confidence="A", bands=Bands(lte=(3, 28)), partial_bands=(
        PartialBand(band=28, ul_mhz=LOWER),))  # fmt: skip
    file = DeviceSheet(format="bandproof.sheet/1", id="maker/model", maker="M", model="X", variants=(own,))
    assert declared_of(SheetMatch("found", ((file, own),))).parts == {("lte", 28): LOWER}


def test_a_fit_shows_a_part_that_does_not_serve_as_missing():
    [fit] = Offers([selected(asked((733.0, 743.0), role="coverage-primary"))]).fits(known(handset(), B28A))
    assert (fit.band_fit, fit.answer.missing, fit.best_rat) == (Outcome.FAIL, ("B28",), "no LTE")
    offers = Offers([selected(asked((733.0, 743.0))), selected(asked((708.0, 718.0)))])
    for device, outcomes in (
        (known(handset(), B28A), ["FAIL", "PASS"]),
        (known(handset(), sheet(28)), ["PASS", "PASS"]),
    ):
        assert [fit.band_fit.name for fit in offers.fits(device)] == outcomes


@pytest.mark.parametrize(
    ("has", "policy", "outcome"),
    [
        ((8, 28), "service", "PASS"),
        ((8,), "service", "INCONC"),
        ((28,), "service", "INCONC"),
        ((3,), "service", "FAIL"),
        ((8, 28), "strict", "PASS"),
        ((8,), "strict", "INCONC"),
        ((28,), "strict", "FAIL"),
    ],
)
def test_one_of_two_separate_bands_is_open(has, policy, outcome):
    rule = band(8, any_of=(alternative(28, "alternative"),))
    found = verdict(handset(), rule, declared=sheet(*has), policy=policy)
    assert found.outcome.name == outcome
    assert ("no source says which" in found.reason) is (outcome == "INCONC")


def test_an_alternative_of_which_nothing_is_known_leaves_it_open():
    rule = band(8, any_of=(alternative(28, "alternative"),))
    assert verdict(modem(listed(28)), rule, policy="service").outcome is Outcome.INCONC
    assert verdict(handset(), rule, policy="service").outcome is Outcome.INCONC
