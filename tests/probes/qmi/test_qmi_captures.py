"""Real output of the tools: what it tells is read, what it does not tell stays unknown, cut off or damaged."""

from __future__ import annotations

import random
from dataclasses import fields

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.errors import ParseError
from harness.observations import EnabledBands, Observation, Registration, ServingCell, SupportedBands
from harness.probes import qmi
from harness.radio.tables import is_band
from harness.recording.files import load_recording, resolve_recording

FIXTURES = ("sierra-em7565", "quectel-em12-g-mbim")
_LOOSE = {"source", "grade", "band_source", "band_candidates", "band_reported", "role", "domain"}


def _captures(place):
    manifest = place / "qmi" / "manifest.yaml"
    if not manifest.is_file():
        pytest.skip("no QMI captures")
    for capture in yaml.safe_load(manifest.read_text())["captures"]:
        for name in capture["files"]:
            file = place / "qmi" / capture["id"] / name
            if file.is_file():
                yield capture, name, file.read_text(encoding="utf-8")


def _samples(place):
    found = {f"{capture['id'][:3]}/{name}": text for capture, name, text in _captures(place)}
    for name in FIXTURES:
        for exchange in load_recording(resolve_recording(f"fixture:{name}")).links["qmi"]:
            found[exchange.request] = exchange.text
    return found


def _read(text: str) -> tuple[Observation, ...]:
    try:
        return qmi.read(text).observations
    except ParseError:
        return ()


def _bands(facts, kind, *rats):
    lists = [f.bands for f in facts if isinstance(f, kind) and f.rat in rats and f.bands is not None]
    return sorted({band for bands in lists for band in bands}) or None


def test_every_capture_tells_what_its_manifest_says_and_nothing_more(captures_dir):
    facts: dict[str, list[Observation]] = {}
    expected = {}
    for capture, _, text in _captures(captures_dir):
        facts.setdefault(capture["id"], []).extend(_read(text))
        expected[capture["id"]] = capture["expected"]
    assert len(facts) >= 20
    for name, want in expected.items():
        for word, kind in (("supported", SupportedBands), ("enabled", EnabledBands)):
            told = want.get(f"{word}_lte_extended") or want.get(f"{word}_lte_from_mask") or want.get(f"{word}_lte")
            if f"{word}_lte" in want:
                assert _bands(facts[name], kind, "lte") == (told or None), (name, word)
            assert _bands(facts[name], kind, "nr", "nr_sa", "nr_nsa") == (want.get(f"{word}_nr") or None), (name, word)
        if want.get("registration") in {"home", "roaming"}:
            assert {f.state for f in facts[name] if isinstance(f, Registration)} == {want["registration"]}, name


def _agrees(part: Observation, whole: Observation) -> bool:
    """Whether every field that the part tells is told alike by the whole."""
    for field in fields(part):
        here, there = getattr(part, field.name), getattr(whole, field.name)
        if field.name in _LOOSE or here is None or here == there:
            continue
        if field.name == "arfcn" and there is not None and here % 65536 == there % 65536:
            continue
        return False
    return True


def _is_short_list(part: Observation, whole: Observation) -> bool:
    """Cut between the 64-bit list and the extended one, a text reads like that of a modem which has no other."""
    same = isinstance(part, SupportedBands | EnabledBands) and type(part) is type(whole) and part.rat == whole.rat
    return same and part.rat == "lte" and set(part.bands or ()) <= set(whole.bands or ())


def test_a_text_cut_off_anywhere_tells_the_same_or_less(captures_dir):
    for name, text in _samples(captures_dir).items():
        whole = _read(text)
        step = 1 if len(text) < 2500 else 3
        for end in range(0, len(text), step):
            for fact in _read(text[:end]):
                alike = [w for w in whole if type(w) is type(fact)]
                good = any(_agrees(fact, w) or _is_short_list(fact, w) for w in alike)
                assert good, (name, end, fact)


@pytest.mark.parametrize("seed", range(8))
def test_damage_raises_nothing_but_the_parse_error_and_names_no_band_outside_the_tables(captures_dir, seed):
    chance = random.Random(seed)
    for text in _samples(captures_dir).values():
        for _ in range(12):
            signs = list(text)
            for _ in range(chance.randrange(1, 12)):
                at = chance.randrange(len(signs))
                match chance.randrange(4):
                    case 0:
                        del signs[at : at + chance.randrange(1, 40)]
                    case 1:
                        signs[at] = chance.choice("'\":|[]{}\0\r\n,é0x-")
                    case 2:
                        signs.insert(at, chance.choice(["'", "\n", "65535", "4294967295", "-1", "(null)"]))
                    case _:
                        signs[at] = chance.choice("0123456789")
                signs = signs or ["x"]
            for fact in _read("".join(signs)):
                if isinstance(fact, SupportedBands | EnabledBands) and fact.bands:
                    assert all(is_band(fact.rat, band) for band in fact.bands)
                if isinstance(fact, ServingCell) and fact.band is not None and fact.rat:
                    assert is_band(fact.rat, fact.band)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=400) | st.binary(max_size=300).map(lambda data: data.decode("latin-1")))
def test_any_text_is_read_or_refused(text):
    _read(text)
    _read("[/dev/cdc-wdm0] Successfully got RF band info\n" + text)
    _read("  Bands    |   supported: " + text)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 5_000_000,
        "'" * 3_000_000,
        "LTE bands: '" + "1, " * 1_500_000,
        "|" * 3_000_000,
        "01:" * 1_500_000,
        "01:00:00:80:03:" * 300_000,
        "modem.generic.x : y\n" * 100_000,
        "[" * 100_000,
        '{"a":' * 50_000,
    ],
    ids=["letters", "quotes", "open list", "bars", "hex", "frames", "keys", "brackets", "json"],
)
def test_a_huge_text_of_one_kind_is_refused_in_linear_time(text):
    assert _read(text) == ()
