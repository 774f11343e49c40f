"""What a device can expect at a carrier: bands in groups, the best usable technology, nothing promised unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, get_args

import msgspec
import pytest
from verdict_cases import alternative, band, handset, listed, modem, outlooked, selected, sheet

from harness.carriers.edition import Alias, OldNetwork
from harness.carriers.store import Selected
from harness.carriers.words import BandRole
from harness.observations import Grade
from harness.requirements.bands.roles import EFFECTS, effect_of_missing
from harness.survey.survey import Survey
from harness.verdicts.fit.outlook import Outlook
from harness.verdicts.verdict import Outcome

NOBODY = Survey("phone", "without device", None)
PRIMARY = band(12, role="coverage-primary")
CAPACITY = band(2, role="capacity")
EXTENDED = band(30, role="extended", level="recommended")
NR = band(71, rat="nr", role="coverage", level="informative")


def seen(chosen: Selected, *lte: int, policy: Any = "strict", **more: Any) -> Outlook:
    return outlooked(NOBODY, chosen, sheet(*lte, **more), policy)


def with_networks(*networks: OldNetwork) -> Selected:
    chosen = selected(PRIMARY, CAPACITY)
    return replace(chosen, carrier=msgspec.structs.replace(chosen.carrier, networks=networks))


def test_every_role_has_an_effect_in_words() -> None:
    assert set(EFFECTS) == set(get_args(BandRole)) - {"unknown"}
    assert effect_of_missing("unknown", "") == ""
    assert effect_of_missing("unknown", "In the north.") == "In the north"


def test_what_a_policy_only_notes_stands_apart_from_what_decides() -> None:
    chosen = selected(PRIMARY, CAPACITY, EXTENDED)
    strict, service = seen(chosen, 2, 12), seen(chosen, 2, 12, policy="service")
    assert (strict.band_fit, strict.labels("missing"), strict.labels("missing_extended")) == (
        Outcome.FAIL,
        ("B30",),
        (),
    )
    assert (service.band_fit, service.labels("missing")) == (Outcome.PASS_NOTE, ())
    assert service.labels("missing_extended") == ("B30",)
    assert service.as_json()["sentences"] == ["B30 is missing: an extended band, so slower where it is on air"]


def test_an_alias_is_neither_had_nor_missing_and_a_superset_is_no_alias() -> None:
    alias = Alias(band=17, satisfied_by=12, since="2015", reason="MFBI")
    found = seen(selected(band(17), aliases=(alias,)), 12)
    assert (found.labels("by_alias"), found.labels("missing"), found.labels("have")) == (("B17",), (), ())
    aws = selected(band(4, any_of=(alternative(66),)))
    assert seen(aws, 66).labels("missing") == ("B4",)
    assert seen(aws, 66, policy="service").labels("missing_extended") == ("B4",)


def test_informative_bands_are_in_no_group_and_yet_tell_5g() -> None:
    found = seen(selected(PRIMARY, NR), 12, nr=(71,))
    assert [answer.label for answer in found.bands] == ["B12"]
    assert found.best_rat == "5G on n71; LTE on all bands listed"


@pytest.mark.parametrize(
    ("lte", "words"),
    [
        ((2, 12), "LTE on all bands listed"),
        ((2,), "LTE on capacity bands only (B2)"),
        ((12,), "LTE in part (B12)"),
        ((), "no LTE"),
    ],
)
def test_the_best_technology_is_no_better_than_the_bands(lte: tuple[int, ...], words: str) -> None:
    assert seen(selected(PRIMARY, CAPACITY), *lte).best_rat == words


def test_what_nobody_told_is_no_lack() -> None:
    found = outlooked(handset(), selected(PRIMARY, CAPACITY))
    assert found.labels("open") == ("B12", "B2")
    assert (found.band_fit, found.best_rat) == (Outcome.INCONC, "LTE not known")


def test_a_measurement_outweighs_the_declaration() -> None:
    found = outlooked(modem(listed(2, 12)), selected(PRIMARY, CAPACITY), sheet(2))
    assert found.labels("have") == ("B12", "B2")
    assert {answer.verdict.grade for answer in found.bands} == {Grade.MEASURED}


@pytest.mark.parametrize(
    ("network", "umts", "words"),
    [
        (OldNetwork(rat="umts", status="live", bands=(2, 5)), (5,), "; 3G (UMTS 5, not UMTS 2)"),
        (OldNetwork(rat="umts", status="live", bands=(2, 5)), (1,), ""),
        (OldNetwork(rat="umts", status="live", bands=(2, 5)), None, "; 3G not known"),
        (OldNetwork(rat="umts", status="live"), (2,), "; 3G, on bands that the profile does not tell"),
        (OldNetwork(rat="umts", status="closed", until="2022-02", bands=(2,)), (2,), ""),
        (OldNetwork(rat="umts", status="closed"), (2,), ""),
        (OldNetwork(rat="umts", status="planned", until="2030", bands=(2,)), (2,), "; 3G (UMTS 2) until 2030"),
        (OldNetwork(rat="umts", status="planned", until="2023", bands=(2,)), (2,), "; 3G (UMTS 2) if still on air"),
        (OldNetwork(rat="cdma", status="live"), (2,), "; CDMA: whether the device has it is not told"),
    ],
)
def test_an_older_network_is_told_as_far_as_it_is_known(
    network: OldNetwork, umts: tuple[int, ...] | None, words: str
) -> None:
    assert seen(with_networks(network), 2, 12, umts=umts).best_rat == f"LTE on all bands listed{words}"


def test_the_outlook_is_json_and_names_what_is_not_assessed() -> None:
    document = seen(selected(PRIMARY, EXTENDED), 30).as_json()
    assert json.loads(json.dumps(document)) == document
    assert document["not_assessed"]
    assert (document["have"], document["missing"], document["roles"]["B12"]) == (["B30"], ["B12"], "coverage-primary")
