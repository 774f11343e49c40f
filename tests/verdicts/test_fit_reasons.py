"""Why a fit is no plain PASS, word for word: what is missing, what is open, and nothing of what is not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from verdict_cases import OTHER, alternative, band, handset, known, listed, modem, registered, selected, sheet, sim

from harness.carriers.store import Selected
from harness.observations import Identity
from harness.requirements.registered import RegisteredRule
from harness.requirements.rom_region import RomRegionRule
from harness.verdicts.fit.ranking import Offers
from harness.verdicts.ways_out import LEADS, SECOND_LIST

LOW = "no band below 1 GHz of this carrier has two publishers, so coverage indoors and far out is not known"
NONE = "the edition lists no band that decides"
REGISTERED = RegisteredRule(id="T-R", level="mandatory")


def truly_without(chosen: Selected) -> Selected:
    edition = msgspec.structs.replace(chosen.edition, without_low_band="licence at 1800 MHz only")
    return Selected(chosen.carrier, edition, chosen.asked)


def reason(device: Any, chosen: Selected) -> tuple[str, str]:
    (fit,) = Offers([chosen]).fits(device)
    return fit.band_fit.name, fit.reason


@pytest.mark.parametrize(
    ("chosen", "lte", "expected"),
    [
        (selected(band(12)), (12,), ("PASS", "")),
        (truly_without(selected(band(3))), (3,), ("PASS", "")),
        (selected(band(12)), (2,), ("FAIL", "without B12: a coverage band, so service indoors and far out has holes")),
        (selected(band(3)), (3,), ("INCONC", f"{LOW}{LEADS}{SECOND_LIST}")),
        (selected(REGISTERED), (3,), ("INCONC", f"{LOW}{LEADS}{SECOND_LIST}")),
        (truly_without(selected(REGISTERED)), (3,), ("INCONC", f"{NONE}{LEADS}{SECOND_LIST}")),
        (
            selected(band(12), band(2, level="recommended", role="capacity")),
            (12,),
            ("PASS_NOTE", "without B2: a capacity band, so slower where it carries the load"),
        ),
        (
            selected(band(3, level="recommended", role="capacity"), band(7, level="recommended", role="capacity")),
            (7,),
            ("INCONC", f"without B3: a capacity band, so slower where it carries the load; {LOW}{LEADS}{SECOND_LIST}"),
        ),
    ],
)
def test_the_reason_of_a_fit(chosen: Selected, lte: tuple[int, ...], expected: tuple[str, str]) -> None:
    assert reason(known(handset(), sheet(*lte)), chosen) == expected
    assert reason(known(modem(listed(*lte))), chosen) == expected


def test_a_fit_that_is_open_by_its_device_says_what_the_verdict_says() -> None:
    outcome, why = reason(known(handset()), selected(band(12)))
    assert outcome == "INCONC"
    assert why.startswith("B12: no source tells the supported bands; way out: give a UE capability")
    assert (why.count(LEADS), NONE in why, LOW in why) == (1, False, False)
    outcome, why = reason(known(handset()), selected(band(3)))
    assert why.startswith("B3: no source tells the supported bands; way out: ")
    assert why.endswith(LOW)
    assert (why.count(LEADS), NONE in why) == (1, False)


def test_a_fit_by_a_stand_in_or_of_a_device_that_was_lost() -> None:
    rule = band(4, any_of=(alternative(66),))
    chosen = selected(band(12), rule)
    assert reason(known(modem(listed(12, 4))), chosen) == ("PASS", "")
    outcome, why = reason(known(modem(listed(12, 66))), chosen)
    assert (outcome, "superset of B4" in why) == ("PASS_NOTE", True)
    assert reason(known(handset(trouble="gone")), chosen) == ("ERROR", "gone")


@pytest.mark.parametrize(
    ("facts", "failed"),
    [
        ((sim(), registered(), Identity(rom_region="global")), []),
        ((sim(), registered("denied"), Identity(rom_region="global")), ["T-R"]),
        ((sim(), registered(), Identity(rom_region="india")), ["T-ROM"]),
        ((sim(), registered("denied"), Identity(rom_region="india")), ["T-ROM", "T-R"]),
        ((sim(OTHER), registered("denied")), []),
        ((), []),
    ],
)
def test_what_else_failed_beside_the_bands(facts: Any, failed: list[str]) -> None:
    rom = RomRegionRule(id="T-ROM", level="mandatory", any_of=("global",))
    (fit,) = Offers([selected(band(12), rom, REGISTERED)]).fits(known(handset(*facts), sheet(2)))
    assert [one.requirement for one in fit.failing] == failed
    assert fit.band_fit.name == "FAIL"
