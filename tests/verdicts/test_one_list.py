"""What one list says: heard where nothing is decided, and never a PASS."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest
from verdict_cases import band, handset, known, listed, modem, selected, sheet

from harness.carriers.confidence import edition_sureness, sureness_of
from harness.carriers.edition import Edition
from harness.carriers.store import Profiles, Selected
from harness.radio.tables import bands_of
from harness.requirements.coverage import CoverageRule
from harness.verdicts.fit.ranking import Fit, Offers
from harness.verdicts.verdict import Outcome

ONE = {"level": "informative", "authority": "one_source", "publishers": ("Wikipedia",)}
TWO = {"authority": "two_sources", "publishers": ("Wikipedia", "kimovil.com")}
COVERAGE = CoverageRule(id="T-COVERAGE", level="mandatory")
TODAY = date(2026, 11, 21)
ALL = sheet(*bands_of("lte"), nr=tuple(bands_of("nr")), umts=tuple(bands_of("umts")))


def fit(chosen: Selected, *bands: int) -> Fit:
    return Offers([chosen]).fits(known(handset(), sheet(*bands)))[0]


def solo(*more: object) -> Selected:
    """A carrier that one list has on B20 and B3."""
    return selected(band(3, role="capacity", **ONE), band(20, **ONE), COVERAGE, *more)


@pytest.mark.parametrize(
    ("has", "sentence"),
    [
        ((3, 7, 20), "one list says: works (B20, B3)"),
        ((20,), "one list says: works with gaps (B20; not B3)"),
        ((3,), "one list says: works with gaps (B3; not B20)"),
        ((7,), "one list says: does not work (not B20, B3)"),
    ],
)
def test_one_list_is_told_and_decides_nothing(has: tuple[int, ...], sentence: str) -> None:
    found = fit(solo(), *has)
    assert found.band_fit is Outcome.INCONC
    assert found.answer.confidence == "one_list"
    assert found.answer.one_list is not None
    assert found.answer.one_list.sentence == sentence
    assert found.reason.startswith(sentence)


def test_what_is_not_known_of_the_device_is_not_answered() -> None:
    found = Offers([solo()]).fits(known(handset()))[0]
    assert found.answer.one_list is not None
    assert found.answer.one_list.word == "cannot be told"


def test_a_list_without_a_low_band_never_says_works() -> None:
    chosen = selected(band(3, role="capacity", **ONE), COVERAGE)
    assert fit(chosen, 3, 20).answer.one_list.sentence == (
        "one list says: works with gaps (B3; no band below 1 GHz is named)"
    )


def test_two_publishers_decide_and_one_list_is_silent() -> None:
    chosen = selected(band(3, role="capacity", **TWO), band(20, **TWO), band(8, **ONE))
    found = fit(chosen, 3, 20)
    assert found.band_fit is Outcome.PASS
    assert (found.answer.confidence, found.answer.one_list) == ("confirmed", None)


def test_a_missing_band_of_two_publishers_fails_whatever_else_is_open() -> None:
    chosen = selected(band(3, role="capacity", **TWO), band(20, **ONE), COVERAGE)
    found = fit(chosen, 20)
    assert found.band_fit is Outcome.FAIL
    assert found.answer.confidence == "confirmed"
    assert "one list says" not in found.reason


def test_a_contradicted_band_is_no_list() -> None:
    doubtful = band(20, **ONE, contradicted_by=("a regulator",))
    chosen = selected(doubtful, COVERAGE)
    found = fit(chosen, 20)
    assert sureness_of(doubtful) == "contradicted"
    assert (found.band_fit, found.answer.confidence) == (Outcome.INCONC, "contradicted")
    assert found.answer.one_list is None
    mixed = fit(selected(doubtful, band(3, role="capacity", **ONE), COVERAGE), 3)
    assert mixed.answer.one_list.sentence == "one list says: works with gaps (B3; no band below 1 GHz is named)"


def test_nobody_names_a_band() -> None:
    found = fit(selected(COVERAGE), 3, 20)
    assert (found.band_fit, found.answer.confidence, found.answer.one_list) == (Outcome.INCONC, "unknown", None)


@pytest.mark.parametrize("role", ["supplementary-dl", "extended-laa", "legacy-alias", "millimetre-wave"])
def test_nobody_lives_on_such_a_band(role: str) -> None:
    found = fit(selected(band(3, role=role, **ONE), COVERAGE), 3)
    assert (found.answer.confidence, found.answer.one_list) == ("unknown", None)


def test_no_shipped_carrier_of_one_list_passes_under_any_policy() -> None:
    chosen = Profiles().living(Profiles().ids(), TODAY)
    for policy in ("service", "strict"):
        for found in Offers(chosen, policy).fits(known(handset(), ALL)):
            if found.answer.confidence != "confirmed" and found.selected.carrier.nature == "carrier":
                assert found.band_fit is Outcome.INCONC, found.selected.ref


def test_less_evidence_never_gives_a_better_answer() -> None:
    """Take the second publisher away from any carrier's bands: no outcome gets better than INCONC."""
    for one in Profiles().select(["fr", "us", "jp"], TODAY):
        weak = tuple(
            msgspec.structs.replace(r, level="informative", authority="one_source", publishers=r.publishers[:1])
            if r.kind == "band"
            else r
            for r in one.edition.requirements
        )
        found = fit(replace(one, edition=msgspec.structs.replace(one.edition, requirements=weak)), *bands_of("lte"))
        if not one.edition.has_no_low_band and one.carrier.nature == "carrier":
            assert found.band_fit is Outcome.INCONC, one.ref


def test_none_on_air_answers_the_question_of_coverage() -> None:
    chosen = selected(band(4, role="capacity", **TWO))
    edition = msgspec.structs.replace(
        chosen.edition, coverage="none_on_air", coverage_publishers=("Wikipedia", "kimovil.com")
    )
    assert fit(chosen, 4).band_fit is Outcome.INCONC
    assert fit(replace(chosen, edition=edition), 4).band_fit is Outcome.PASS
    assert fit(replace(chosen, edition=edition), 7).band_fit is Outcome.FAIL
    (wom,) = Profiles().select(["cl/wom"], TODAY)
    assert fit(wom, 4, 66).band_fit is Outcome.PASS
    assert fit(wom, 3, 28).band_fit is Outcome.FAIL


def test_a_modem_that_tells_its_bands_hears_the_list_as_well() -> None:
    found = Offers([solo()]).fits(known(modem(listed(3, 20))))[0]
    assert found.answer.one_list.sentence == "one list says: works (B20, B3)"


def test_confidence_of_an_edition_is_that_of_its_weakest_question() -> None:
    sure = Edition(as_of="2024", sources=("x",), confidence="B", requirements=(band(20, **TWO),))
    assert edition_sureness(sure, coverage_open=False) == "confirmed"
    assert edition_sureness(sure, coverage_open=True) == "one_list"


def test_the_super_phone_decides_more_than_a_third_of_the_world() -> None:
    chosen = Profiles().living(Profiles().ids(), TODAY)
    fits = Offers(chosen).fits(known(handset(), ALL))
    # A list that tells no mode of NR leaves a note where a band serves standalone: decided, and not by every word.
    assert sum(found.band_fit in {Outcome.PASS, Outcome.PASS_NOTE} for found in fits) >= 250
    assert not any(found.band_fit is Outcome.FAIL for found in fits)
