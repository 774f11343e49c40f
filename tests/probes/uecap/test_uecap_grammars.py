"""Every form by a sample of our own; the samples as people paste them; the forms of captures that have none."""

from __future__ import annotations

import dataclasses
import time

import pytest
import uecap_samples as samples
import yaml
from pastes import PASTES
from uecap_grammars import BANDS, GRAMMARS, fragmented, lte, message, osix, srsran_hex

from harness.capability_facts import BandCombinations, MfbiSupport, UeCategory
from harness.errors import ParseError
from harness.observations import SupportedBands
from harness.probes.uecap import nr, read, read_accounts
from harness.probes.uecap.texts.indent_text import read_indented
from harness.probes.uecap.wire import rrc

ELSEWHERE = {
    "container-hex (nr)": "test_uecap_formats",
    "container-hex (mrdc)": "test_uecap_formats",
    "0xB0CD-binary": "test_0xb0cd_octets",
    "0xB826-binary": "test_0xb826_octets",
    "qcat-0xB0CD-text": "test_the_0xb0cd_table",
    "mtk-ca-comb-info-text": "test_mediatek_text",
    "hex": "test_umts_system_information_is_no_capability",
}
"""Forms of captures that other tests hold samples of: what they say is no LTE container, or none at all."""


def content(name: str) -> bytes:
    made = GRAMMARS[name]()
    return made if isinstance(made, bytes) else made.encode()


def facts(data: bytes):
    found = read([("sample", data)]).observations
    (bands,) = (item for item in found if isinstance(item, SupportedBands))
    combos = {frozenset(combo) for item in found if isinstance(item, BandCombinations) for combo in item.combinations}
    marks = [item.told_once for item in found if isinstance(item, UeCategory | MfbiSupport)]
    return bands.rat, bands.bands, bands.told_once, combos, marks


@pytest.mark.parametrize("name", GRAMMARS)
def test_every_form_says_the_same_and_once(name):
    rat, bands, once, combos, marks = facts(content(name))
    assert (rat, bands, once) == ("lte", BANDS, ())
    assert combos == facts(lte().hex().encode())[3]
    assert len(combos) == 4
    assert marks == [True, True]


def test_every_form_of_a_capture_has_a_sample(captures_dir):
    names = {name.partition(",")[0] for name in GRAMMARS} | set(ELSEWHERE)
    for folder in ("uecap", "uecap-2"):
        manifest = captures_dir / folder / "manifest.yaml"
        if not manifest.is_file():
            pytest.skip("no capability captures")
        for capture in yaml.safe_load(manifest.read_text())["captures"]:
            kinds = [capture["type"]] if "type" in capture else [one["type"] for one in capture["inputs"]]
            for kind in kinds:
                assert any(name == kind or name.startswith(f"{kind} ") for name in names), (capture["id"], kind)


@pytest.mark.parametrize("kind", PASTES)
def test_a_form_that_was_pasted_says_the_same_or_nothing(kind):
    alike = 0
    names = [name for name in GRAMMARS if not name.startswith(("pcap", "rrc octets"))]
    for name in names:
        text = content(name).decode()
        try:
            found = facts(PASTES[kind](text).encode())
        except ParseError:
            continue
        assert found == facts(text.encode()), name
        alike += 1
    assert alike >= len(names) // 2


def test_deep_lines_of_wireshark_are_told_apart_by_the_counts_of_items():
    pad = " " * 160
    flat = ["a: 2 items", "Item 0", "Sort", "band: 1", "inner: 2 items", "Item 0", "x: 7", "Item 1", "x: 8"]
    flat += ["Item 1", "Sort", "band: 2", "inner: 2 items", "Item 0", "x: 9", "Item 1", "x: 9"]
    flat += ["later", "b: 3 items", "Item 0", "y: 1"]
    tree = read_indented("top\n" + "\n".join(pad + line for line in flat))
    text = repr(tree)
    assert text.index("'band': '2'") < text.index("'later'")
    (top,) = [value for key, value in tree.items() if key == "top"]
    first, second = top["a"]
    assert first["Sort"]["band"] == "1"
    assert [one["x"] for one in first["Sort"]["inner"]] == ["7", "8"]
    assert second["Sort"]["band"] == "2"
    assert top["b"][0]["y"] == "1"


def test_fragments_that_are_missing_are_told():
    whole = fragmented()
    assert facts(whole)[1] == BANDS
    frames = whole[24:]
    size = 16 + int.from_bytes(frames[8:12], "little")
    with pytest.raises(ParseError, match="not whole"):
        read([("a.pcap", whole[:24] + frames[size:])])


def test_a_dump_of_a_log_that_is_not_whole_is_left_out():
    text = srsran_hex()
    size = len(message())
    with pytest.raises(ParseError):
        read([("a", text.replace(f"({size} B)", f"({size + 1} B)").encode())])
    assert read_accounts([("a", text.encode())])[0][0].bands["lte"] == BANDS


def test_enumerations_of_osix_stand_behind_their_number():
    lines = osix({"x": [{"ca-BandwidthClassDL-r10": "c"}]}, "top")
    assert any("(c)" in line for line in lines)


def test_a_combination_without_any_class_is_left_out():
    data = samples.eutra(combos=(((1, "a", "a"), (3, None, None)), ((3, "a", "a"),)))
    reading = read([("a.lte", data.hex().encode())])
    (told,) = (item for item in reading.observations if isinstance(item, BandCombinations))
    assert [[part.band for part in combo] for combo in told.combinations] == [[3]]
    assert any("no bandwidth class" in text for text in reading.warnings)


def test_classes_of_release_17_stand_in_an_extension():
    value = samples.nr_value(bands=(78, 258), combos=(((78, "a", "a"), (258, None, "a")), ((78, "a", "a"),)))
    beside = [{"bandList-v1780": [{}, {"ca-BandwidthClassDL-NR-r17": "r"}]}, {}]
    value["rf-Parameters"]["supportedBandCombinationList-v1780"] = beside
    first, _ = nr.read_nr(rrc.plain(value), "x").combinations["nr_ca"]
    assert {(part.band, part.dl_class, part.ul_class) for part in first} == {(78, "A", "A"), (258, "R", "A")}


PARTS = [
    "{",
    "[",
    "a {",
    "a: 1\n",
    " ",
    "\t",
    "\n",
    "0000: 38 01\n",
    "12:",
    "> ",
    "|",
    "Item 0\n",
    "x: 3 items\n",
    "'",
    "38 ",
]


@pytest.mark.parametrize("part", [*PARTS, " " * 160 + "Item 0\n", " " * 160 + "a: 9 items\n"])
def test_a_text_of_one_part_costs_in_proportion_to_its_length(part):
    took = []
    for size in (40_000, 400_000):
        text = (part * (size // len(part) + 1))[:size]
        started = time.process_time()
        with pytest.raises(ParseError):
            read([("a", text.encode())])
        took.append(time.process_time() - started)
    assert took[1] < 40 * max(took[0], 0.02), took


def test_every_observation_of_a_sample_is_plain_data():
    for item in read([("a", content("qcat-text"))]).observations:
        assert dataclasses.is_dataclass(item)
