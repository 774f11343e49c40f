"""What must agree in a message, and what it takes for two of its statements to vouch for each other."""

from __future__ import annotations

import copy

import pytest
import uecap_samples as samples
import uecap_texts as texts

from harness.capability_facts import BandCombinations, CarrierComponent
from harness.observations import Grade, SupportedBands
from harness.probes.uecap import lte, nr, read, read_accounts
from harness.probes.uecap.account import Account
from harness.probes.uecap.attach import read_tree
from harness.probes.uecap.tables.confusable import doubtful, shaky
from harness.probes.uecap.tables.consistency import vouched
from harness.probes.uecap.wire import rrc


def combo(text: str) -> tuple[CarrierComponent, ...]:
    """`1Aa 3A n78Aa` -> components; the small letter is the uplink's class."""
    out = []
    for part in text.split():
        rat = "nr" if part.startswith("n") else "lte"
        digits = part.lstrip("n").rstrip("ABCDEFabcdef")
        letters = part.lstrip("n")[len(digits) :]
        out.append(CarrierComponent(rat, int(digits), letters[0], letters[1].upper() if letters[1:] else None))
    return tuple(out)


# --- LTE ------------------------------------------------------------------------------------------------------------


def eutra() -> dict:
    """A UE-EUTRA-Capability as a tree, with the lists that go beside others."""
    needs = [{"interFreqNeedForGaps": True}] * 3

    def entry(*parts: tuple[int, str]) -> dict:
        listed = [
            {
                "bandEUTRA-r13": band,
                "bandParametersDL-r13": {
                    "ca-BandwidthClassDL-r13": letter,
                    "intraBandContiguousCC-InfoList-r13": [{}] * {"a": 1, "c": 2}[letter],
                },
                **({"bandParametersUL-r13": {"ca-BandwidthClassUL-r10": "a"}} if place == 0 else {}),
            }
            for place, (band, letter) in enumerate(parts)
        ]
        info = {"interFreqBandList": list(needs), "interRAT-BandList": [{}, {}]}
        return {"bandParameterList-r13": listed, "bandInfoEUTRA-r13": info}

    combos = [entry((7, "a")), entry((3, "a")), entry((1, "a")), entry((7, "a"), (3, "c")), entry((7, "c"), (1, "a"))]
    return {
        "rf-Parameters": {"supportedBandListEUTRA": [{"bandEUTRA": band} for band in (3, 7, 1)]},
        "measParameters": {"bandListEUTRA": [{"interFreqBandList": list(needs)} for _ in range(3)]},
        "rf-Parameters-v1020": {"nonContiguousUL-RA-WithinCC-List-r10": [{}] * 3},
        "rf-Parameters-v1250": {"supportedBandListEUTRA-v1250": [{}] * 3},
        "rf-Parameters-v1310": {"supportedBandCombinationReduced-r13": combos},
        "rf-Parameters-v1430": {
            "supportedBandCombinationReduced-v1430": [
                {"bandParameterList-v1430": [{}] * size} for size in (1, 1, 1, 2, 2)
            ]
        },
        "irat-ParametersNR-r15": {"supportedBandListEN-DC-r15": [{"bandNR-r15": band} for band in (28, 78)]},
    }


def lte_account(**changes) -> Account:
    root = copy.deepcopy(eutra())
    for path, value in changes.items():
        *outer, last = path.split("__")
        place = root
        for key in outer:
            place = place[int(key) if key.isdigit() else key.replace("_", "-")]
        place[int(last) if last.isdigit() else last.replace("_", "-")] = value
    return lte.read(root, "x")


REDUCED = "rf_Parameters_v1310__supportedBandCombinationReduced_r13"


def test_a_regular_message_has_no_doubt():
    account = lte_account()
    assert (account.doubts, account.loose, account.shaky) == ((), (), frozenset())
    assert [place.bands for place in account.seen["lte"]] == [(3, 7, 1), (1, 3, 7)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"measParameters__bandListEUTRA": [{}] * 2}, "bandListEUTRA has 2 entries beside 3 bands"),
        ({"measParameters__bandListEUTRA__1__interFreqBandList": [{}] * 4}, "interFreqBandList has 4 entries"),
        ({f"{REDUCED}__2__bandInfoEUTRA_r13__interFreqBandList": [{}] * 2}, "interFreqBandList has 2 entries"),
        ({f"{REDUCED}__2__bandInfoEUTRA_r13__interRAT_BandList": [{}] * 3}, "interRAT-BandList has different lengths"),
        ({"rf_Parameters_v1020__nonContiguousUL_RA_WithinCC_List_r10": [{}] * 4}, "nonContiguousUL-RA"),
        ({"rf_Parameters_v1250__supportedBandListEUTRA_v1250": [{}] * 2}, "supportedBandListEUTRA-v1250 has 2"),
        ({"rf_Parameters_v1430__supportedBandCombinationReduced_v1430": [{}] * 4}, "4 entries beside 5 combinations"),
        (
            {"rf_Parameters_v1430__supportedBandCombinationReduced_v1430__3__bandParameterList_v1430": [{}]},
            "other numbers of bands",
        ),
        ({f"{REDUCED}__0__bandParameterList_r13__0__bandEUTRA_r13": 8}, "bands that the LTE band list has not"),
        ({"rf_Parameters__supportedBandListEUTRA__0__bandEUTRA": 7}, "names a band twice"),
        (
            {"irat_ParametersNR_r15__supportedBandListEN_DC_r15": [{"bandNR-r15": 78}] * 2},
            "the NR band list names a band twice",
        ),
        (
            {f"{REDUCED}__3__bandParameterList_r13__0__bandParametersDL_r13__ca_BandwidthClassDL_r13": "c"},
            "intraBandContiguousCC-InfoList",
        ),
    ],
)
def test_an_lte_message_that_contradicts_itself_is_in_doubt(change, told):
    assert any(told in text for text in lte_account(**change).doubts)


def test_combinations_in_no_one_order_do_not_vouch_for_each_other():
    account = lte_account(**{f"{REDUCED}__4__bandParameterList_r13__1__bandEUTRA_r13": 7})
    assert account.loose == ()  # 7 7 falls, too
    account = lte_account(**{f"{REDUCED}__4__bandParameterList_r13__0__bandEUTRA_r13": 1, **reordered(3)})
    assert account.loose
    assert not account.doubts


def reordered(band: int) -> dict[str, int]:
    return {f"{REDUCED}__4__bandParameterList_r13__1__bandEUTRA_r13": band}


def test_combinations_vouch_for_all_bands_of_a_regular_message_and_elsewhere_for_those_that_two_name():
    combos = [combo("1Aa"), combo("3Aa"), combo("7Aa 3A"), combo("7Aa 1A")]
    assert vouched(combos, "lte", (1, 3, 7), loose=False).bands == (1, 3, 7)
    assert vouched(combos[1:], "lte", (1, 3, 7), loose=False).bands == (1, 3, 7)
    assert vouched(combos[1:], "lte", (1, 3, 7, 20), loose=False).bands == (3, 7)
    assert vouched(combos, "lte", (1, 3, 7), loose=True).bands == (1, 3, 7)
    assert vouched(combos[:3], "lte", (1, 3, 7), loose=True).bands == (3,)


# --- NR and MR-DC ---------------------------------------------------------------------------------------------------


def mrdc() -> dict:
    def part(rat: str, band: int, up: bool) -> dict:
        name = {"eutra": "EUTRA", "nr": "NR"}[rat]
        return {
            rat: {
                f"band{name}": band,
                f"ca-BandwidthClassDL-{name}": "a",
                **({f"ca-BandwidthClassUL-{name}": "a"} if up else {}),
            }
        }

    def features(rat: str, up: bool) -> list[dict]:
        name = {"eutra": "EUTRA", "nr": "NR"}[rat]
        return [{rat: {f"downlinkSet{name}": 1, f"uplinkSet{name}": int(up)}}]

    shapes = (
        (("eutra", 1, True), ("eutra", 3, False), ("nr", 78, True)),
        (("eutra", 1, False), ("eutra", 3, True), ("nr", 78, True)),
        (("eutra", 3, True), ("nr", 28, True)),
    )
    return {
        "rf-ParametersMRDC": {
            "supportedBandCombinationList": [
                {"bandList": [part(*one) for one in shape], "featureSetCombination": place}
                for place, shape in enumerate(shapes)
            ],
            "appliedFreqBandListFilter": [
                *({"bandInformationEUTRA": {"bandEUTRA": band}} for band in (1, 3)),
                *({"bandInformationNR": {"bandNR": band}} for band in (28, 78)),
            ],
        },
        "featureSetCombinations": [[features(rat, up) for rat, _, up in shape] for shape in shapes],
    }


def mrdc_account(change=lambda root: None) -> Account:
    root = mrdc()
    change(root)
    return nr.read_mrdc(root, "x")


def listed(root: dict) -> list[dict]:
    return root["rf-ParametersMRDC"]["supportedBandCombinationList"]


def test_a_regular_mrdc_message_has_no_doubt():
    account = mrdc_account()
    assert (account.doubts, account.loose, account.shaky) == ((), (), frozenset())
    assert {rat: places[0].bands for rat, places in account.seen.items()} == {"lte": (1, 3), "nr": (28, 78)}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda root: listed(root)[0]["bandList"][2]["nr"].update(bandNR=77), "the filter of the enquiry has not"),
        (lambda root: listed(root)[0]["bandList"][1]["eutra"].update(bandEUTRA=7), "the filter of the enquiry has not"),
        (lambda root: listed(root)[0].update(featureSetCombination=3), "do not fit"),
        (lambda root: listed(root)[0].update(featureSetCombination=2), "do not fit"),
        (lambda root: root["featureSetCombinations"][0].reverse(), "do not fit"),
        (lambda root: root["featureSetCombinations"][0][0].append({"eutra": {}}), "do not fit"),
        (
            lambda root: root["rf-ParametersMRDC"].update({"supportedBandCombinationList-v1540": [{}, {}]}),
            "2 entries beside 3 combinations",
        ),
    ],
)
def test_an_mrdc_message_that_contradicts_itself_is_in_doubt(change, told):
    assert any(told in text for text in mrdc_account(change).doubts)


def test_extensions_that_name_no_bands_are_no_contradiction():
    beside = [{"ca-ParametersNRDC": {"ca-ParametersNR-ForDC": {"simultaneousRxTxInterBandCA": "supported"}}}, {}, {}]
    account = mrdc_account(
        lambda root: root["rf-ParametersMRDC"].update({"supportedBandCombinationList-v1560": beside})
    )
    assert not account.doubts


@pytest.mark.parametrize(
    "change",
    [
        lambda root: listed(root)[0]["bandList"][1]["eutra"].update({"ca-BandwidthClassDL-EUTRA": "c"}),
        lambda root: listed(root)[0]["bandList"][1]["eutra"].update({"ca-BandwidthClassUL-EUTRA": "a"}),
        lambda root: listed(root)[1].update(featureSetCombination=0),
        lambda root: listed(root)[0]["bandList"].reverse() or root["featureSetCombinations"][0].reverse(),
    ],
    ids=["a class", "an uplink", "one unused", "the order"],
)
def test_an_mrdc_message_without_the_habits_of_all_vouches_for_nothing_alone(change):
    account = mrdc_account(change)
    assert not account.doubts
    assert account.loose


# --- one bit away ---------------------------------------------------------------------------------------------------


def test_where_one_list_lacks_a_band_of_another_its_neighbours_in_bits_are_not_certain():
    both = (1, 2, 3, 28, 38, 41, 78)
    assert doubtful([both, both]) == [set(), set()]
    # n38 and n40 are one bit apart; n41 is not, n8 would not stand in that place of a list that rises
    assert doubtful([(1, 8, 38, 40, 41), (1, 8, 38, 41)]) == [set(), {38}]
    assert doubtful([(1, 12, 38, 40, 41), (1, 12, 40, 41)]) == [set(), {40}]
    assert doubtful([(1, 8, 38, 40, 41), (1, 40, 38, 41)])[1] == {38, 40}
    assert doubtful([(5,)]) == [set()]


def bands(reading, rat: str) -> SupportedBands:
    return next(item for item in reading.observations if isinstance(item, SupportedBands) and item.rat == rat)


def test_lists_for_two_modes_vouch_for_each_other_but_for_such_bands():
    found = read([("a", samples.eutra(nsa=(28, 38, 40, 78), sa=(28, 38, 78)).hex().encode())])
    assert bands(found, "nr_sa").told_once == (38,)
    assert bands(found, "nr_nsa").told_once == (38, 40)


def test_a_combination_one_bit_from_a_missing_member_of_a_family_is_shaky():
    family = [combo("7Aa 3A 20A"), combo("7A 3Aa 20A"), combo("7A 3A 20Aa")]
    assert shaky(family) == frozenset()
    broken = shaky([*family[:2], combo("3A 3A 20Aa")])  # a 7 has become a 3
    assert combo("3A 3A 20Aa") in broken
    assert shaky([*family, combo("3A 3A 20Aa"), combo("3A 3Aa 20A"), combo("3Aa 3A 20A")]) == frozenset()
    assert combo("3Ca 7A") in shaky([combo("3Ca 7A"), combo("3A 7Aa")])  # the C may be the A of `3Aa 7A`
    assert shaky([combo("1Aa"), combo("3Aa"), combo("1A"), combo("3A")]) == frozenset()


def test_decimal_digits_have_neighbours_of_their_own():
    some = [combo("28A 66Aa"), combo("28Aa 66A"), combo("38A 66Aa")]
    assert shaky(some) == frozenset()
    assert shaky(some, decimal=True) == {combo("28Aa 66A")}  # it may be the `38Aa 66A` that is not there


def test_what_is_shaky_or_loose_vouches_for_nothing():
    combos = (((3, "a", "a"), (1, "a", None)), ((1, "a", "a"), (3, "a", None)), ((3, "a", "a"), (7, "a", None)))
    found = read([("a", samples.eutra(bands=(1, 3, 7), combos=combos).hex().encode())])
    (told,) = (o for o in found.observations if isinstance(o, BandCombinations))
    assert (told.grade, told.told_once, told.alone) == (Grade.MEASURED, (0, 1, 2), (0, 1, 2))
    assert any("in no one order; they do not vouch for each other" in text for text in found.warnings)


# --- real messages --------------------------------------------------------------------------------------------------


def containers(folder) -> list[tuple[str, bytes]]:
    """The containers of the samples, each once."""
    out: list[tuple[str, bytes]] = []
    for name, coding in (("ueCapHexEutra", "lte_ul"), ("ueCapHexNr", "nr_ul")):
        message = rrc.decode(bytes.fromhex("".join((folder / f"{name}.hex").read_text().split())), coding)[0]
        body = message["message"]["c1"]["ueCapabilityInformation"]["criticalExtensions"]
        body = body.get("c1", body)
        (content,) = body.values()
        for entry in content["ue-CapabilityRAT-ContainerList"]:
            data = next(value for key, value in entry.items() if key != "rat-Type")
            if entry["rat-Type"] in {"eutra", "nr"}:
                out.append((entry["rat-Type"], data))
    for part, kind in (("eutra", "eutra"), ("nr", "nr"), ("eutra-nr", "mrdc")):
        text = (folder / f"ueCapHexMrdcSplit_{part}.hex").read_text()
        out.append((kind, bytes.fromhex("".join(text.split()))))
    return out


STYLES = {
    "Wireshark": lambda kind, value: "\n".join(texts.wireshark(texts.message((kind, value)))),
    "NSG": lambda kind, value: texts.nsg(texts.message((kind, value))),
    "OSIX": lambda kind, value: "\n".join(
        texts.indented(texts.message((kind, value)), "UL-DCCH-Message", 0, "osix")
    ).replace("]::", "]:"),
    "TEMS": lambda kind, value: "\n".join(texts.indented(texts.message((kind, value)), "UL-DCCH-Message", 0, "tems")),
    "QCAT": lambda kind, value: texts.qcat(texts._TYPES[kind], value),
    "Amarisoft": lambda kind, value: texts.amarisoft(texts.message((kind, value))),
    "JSON": lambda kind, value: texts.as_json([(kind, value)]),
}


@pytest.mark.parametrize("style", STYLES)
def test_real_containers_say_the_same_in_every_text(style, captures_dir):
    for kind, data in containers(captures_dir / "uecap"):
        type_, buffer = rrc._loaded(kind)
        type_.from_uper(buffer(data))
        value = copy.deepcopy(type_.get_val())
        expected = read_tree(rrc.decode(data, kind)[0], kind, "")
        text = STYLES[style]({"mrdc": "eutra-nr"}.get(kind, kind), value)
        (found,), _ = read_accounts([("x", text.encode())])
        for name in ("bands", "combinations", "seen", "category", "mfbi", "power", "asked", "doubts", "loose"):
            assert getattr(found, name) == getattr(expected, name), (kind, len(data), name)
