"""The report's part on carrier combinations: what is missing first, everything to be found as text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from documents import RUN, typed
from msgspec import convert

from harness.capability_facts import BandCombinations, CarrierComponent, MfbiSupport, PowerClass, UeCategory
from harness.carriers.edition import Carrier, Edition
from harness.carriers.store import Selected
from harness.observations import Source, SupportedBands
from harness.reports.document import combinations
from harness.reports.document.build import build_document
from harness.reports.document.combinations import combinations_view
from harness.reports.document.document import document_from, plain
from harness.reports.document.entries import RunEntry
from harness.reports.document.schemas import schema
from harness.reports.document.told_facts import ToldFacts
from harness.reports.html.report import render_html
from harness.requirements.band import BandRule
from harness.requirements.bound import Bound
from harness.requirements.combination import CombinationRule
from harness.requirements.mfbi import MfbiRule
from harness.requirements.ue_category import UeCategoryRule
from harness.verdicts.plan import Run

HERE = Source("UE capability a.hex", link="uecap", exchange=0)


def part(band: int, up: str | None = None, rat: str = "lte", down: str = "A") -> CarrierComponent:
    return CarrierComponent(rat, band, down, up)


FACTS = (
    SupportedBands(rat="lte", bands=(2, 12, 66), layer="advertised", complete=True, source=HERE),
    BandCombinations(
        type="lte_ca",
        combinations=(
            (part(2, "A"), part(12)),
            (part(2), part(12, "A")),
            (part(2, "A"), part(12), part(66)),
            (part(66, "A", down="C"),),
        ),
        complete=True,
        told_once=(2,),
        source=HERE,
    ),
    BandCombinations(
        type="en_dc", combinations=((part(66, "A"), part(71, "A", "nr")),), complete=False, filtered_by=("B66", "n71")
    ),
    UeCategory(dl=16, ul=13, legacy=4, source=HERE),
    MfbiSupport(supported=True, told_once=True, source=HERE),
    PowerClass(rat="lte", band=41, power_class=2, source=HERE),
)
RULES = (
    BandRule(id="T-B2", level="mandatory", rat="lte", band=2, role="capacity"),
    CombinationRule(id="T-CA-1", level="mandatory", configuration="CA_2A-12A"),
    CombinationRule(id="T-CA-2", level="mandatory", configuration="CA_2A-66A"),
    CombinationRule(id="T-CA-3", level="mandatory", configuration="CA_12A-66A", uplink="66A"),
    UeCategoryRule(id="T-CAT", level="mandatory", dl=12),
    MfbiRule(id="T-MFBI", level="recommended"),
)


@pytest.fixture
def document(handset) -> dict:
    from datetime import date

    edition = Edition(as_of="2024", sources=("test",), confidence="A", requirements=RULES)
    carrier = Carrier(
        format="bandproof.profile/1", id="us/test", name="Test", country="US", editions=(edition,), plmns=("310410",)
    )
    chosen = Selected(carrier, edition, date(2024, 6, 1))
    survey = replace(handset, observations=(*handset.observations, *FACTS))
    run = Run(surveys={survey.device: survey})
    run.bound[survey.device] = Bound.of(survey)
    run.add(survey.device, chosen)
    made = build_document(
        run=convert(RUN, RunEntry),
        bound=[run.bound[survey.device]],
        plan=[(survey.device, chosen)],
        verdicts=[run.verdict(case) for case in run.cases],
    )
    return plain(made)


def section(document: dict) -> str:
    page = render_html(document_from(document), {document["devices"][0]["device"]: ()})
    return page.partition("Carrier aggregation and dual connectivity</h3>")[2].partition("<h2")[0]


def test_the_document_holds_the_published_schema(document: dict) -> None:
    jsonschema.validate(json.loads(json.dumps(document)), schema())
    rules = {rule["id"]: rule for rule in document["editions"][0]["requirements"]}
    assert (rules["T-CA-3"]["configuration"], rules["T-CA-3"]["uplink"]) == ("CA_12A-66A", "66A")
    assert (rules["T-CAT"]["dl_category"], rules["T-CAT"].get("ul_category")) == (12, None)


def test_what_the_carrier_misses_stands_first(document: dict) -> None:
    rows = re.findall(r"verdict v-(\w+).*?<td>((?:CA|UE|multi)[^<]*)</td>", section(document), re.DOTALL)
    assert [verdict for verdict, _ in rows] == sorted(
        (verdict for verdict, _ in rows), key=["FAIL", "INCONC", "PASS"].index
    )
    assert ("PASS", "CA_2A-12A supported") in rows
    assert ("INCONC", "CA_2A-66A supported") in rows
    assert ("PASS", "UE category at least DL 12") in rows


def test_every_combination_is_text_grouped_by_type_and_folded_by_band(document: dict) -> None:
    text = section(document)
    assert "LTE carrier aggregation: 4" in text
    assert "EN-DC (LTE with NR): 1" in text
    for name in ("CA_2A-12A (UL 12A, 2A)", "CA_2A-12A-66A (UL 2A*)", "CA_66C (UL 66A)", "DC_66A_n71A (UL 66A_n71A)"):
        assert name in text
    assert re.findall(r"<summary>(B\d+)", text) == ["B2", "B66", "B66"]
    assert "<script" not in text
    assert "the network asked for B66 n71 only" in text


def test_category_mfbi_and_power_class_are_told(document: dict) -> None:
    text = section(document)
    assert "UE category: DL 16, UL 13, release 8: 4" in text
    assert "MFBI: followed*" in text
    assert "Power class: B41 class 2" in text


def test_a_device_without_any_of_it_has_no_such_part(made) -> None:
    document, exchanges = typed(made[0]), made[1]
    assert combinations_view(document.devices[0].observations, [], {}) is None
    assert "Carrier aggregation and dual connectivity" not in render_html(document, exchanges)


def test_text_of_a_file_name_is_escaped(document: dict) -> None:
    for item in document["devices"][0]["observations"]:
        if item["kind"] == "band_combinations" and item.get("source"):
            item["source"]["request"] = "<b>x</b>"
    assert "<b>x</b>" not in section(document)
    assert "&lt;b&gt;x" in section(document)


def test_a_list_of_a_filtered_answer_is_no_disagreement(handset) -> None:
    from harness.reports.document.disagreements import disagreements as found

    def one(bands, **more):
        return SupportedBands(rat="lte", bands=bands, layer="advertised", **more)

    def disagreements(told, layers, sheet):
        return found(ToldFacts(told), layers, sheet)

    whole = one((2, 12))
    assert not disagreements([whole, one((2,), complete=False)], {}, None)
    assert not disagreements([whole, one((2,), complete=False, filtered_by=(2,))], {}, None)
    assert disagreements([whole, one((2,), complete=False, filtered_by=(12,))], {}, None)
    assert disagreements([whole, one((2,))], {}, None)
    layers = {"hardware": {"lte": (2, 12)}, "advertised": {"lte": (2,)}}
    assert disagreements([one((2,))], layers, None)
    assert not disagreements([one((2,), complete=False)], layers, None)


def test_a_thousand_combinations_stay_small(handset, tmp_path: Path) -> None:
    many = tuple((part(n % 12 + 1, "A"), part(n // 12 % 12 + 1), part(n // 144 + 1)) for n in range(1169))
    view = combinations_view(ToldFacts([BandCombinations(type="lte_ca", combinations=many)]), [], {})
    assert view is not None
    assert sum(len(name) for fold in view.lists[0].folds for name in fold.names) < 60_000


def test_an_uplink_that_one_message_only_tells_is_marked_where_its_combination_is_sure(handset) -> None:
    (told,) = [one for one in FACTS if isinstance(one, BandCombinations) and one.type == "lte_ca"]
    shown = combinations._list(replace(told, uplink_once=(0, 3)))
    assert (shown.once, shown.uplinks_once) == (1, 2)
    names = [name for fold in shown.folds for name in fold.names]
    assert "CA_2A-12A (UL 12A, 2A*)" in names
    assert "CA_66C (UL 66A*)" in names
    assert "CA_2A-12A-66A (UL 2A*)" in names
