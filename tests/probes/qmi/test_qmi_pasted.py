"""Every grammar of the tools by a sample of our own, and each sample as people paste it."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
import yaml
from pastes import PASTES
from qmi_samples import SAMPLES

from harness.errors import ParseError
from harness.observations import EnabledBands, Registration, ServingCell, Signal, Sim, SupportedBands
from harness.probes import qmi

GRAMMARS = {
    "qmicli": 15,
    "raw": 2,
    "mbimcli": 4,
    "mmcli": 5,
    "uqmi": 5,
}
"""How many answers of each tool the captures have taught."""

CAPTURES = {
    "--dms-get-band-capabilities": ("qmicli: band capabilities", "qmicli: band capabilities of 64 bits"),
    "--nas-get-system-selection-preference": ("qmicli: system selection preference",),
    "--nas-get-rf-band-info": ("qmicli: RF bands",),
    "qmicli --nas-get-lte-cphy-ca-info": ("qmicli: carrier aggregation", "qmicli: carrier aggregation before 2016"),
    "--nas-get-lte-cphy-ca-info": ("qmicli: carrier aggregation",),
    "--nas-get-serving-system": ("qmicli: serving system",),
    "--nas-get-system-info": ("qmicli: system info",),
    "--nas-get-cell-location-info": tuple(f"qmicli: cell location, {rat}" for rat in ("LTE", "NR", "UMTS")),
    "--nas-get-home-network": ("qmicli: home network",),
    "--nas-get-signal-info": ("qmicli: signal info",),
    "qmicli -v": ("qmicli: verbose",),
    "(0x0043)": ("raw: TLVs of QRTR",),
    "(0x0034)": ("raw: QMUX frame",),
    "mmcli": ("mmcli: table", "mmcli: table of 2013", "mmcli: table with a band without a name"),
    "mbimcli --query-registration-state": (
        "mbimcli: registration state",
        "mbimcli: registration state in one line",
    ),
    "uqmi -m -d /dev/wwan0mbim0 --get-system-info": ("uqmi: system info",),
    "uqmi --get-lte-cphy-ca-info": ("uqmi: carrier aggregation",),
    "uqmi --get-cell-location-info": ("uqmi: cell location",),
    "uqmi --get-signal-info": ("uqmi: signal info",),
}
"""A word of a capture's command -> the samples that stand for it in a checkout without captures."""


def told(text: str) -> dict[str, object]:
    """What the text tells, in the words of the samples."""
    out: dict[str, object] = {}
    for item in qmi.read(text).observations:
        if isinstance(item, SupportedBands):
            out[f"supported {item.rat}"], out[f"complete {item.rat}"] = item.bands, item.complete
        elif isinstance(item, EnabledBands):
            out[f"enabled {item.rat}"] = item.bands
        elif isinstance(item, ServingCell):
            key = "secondary" if item.role == "scell" else "cell"
            out.setdefault(key, (item.role, item.band, item.arfcn))
            out.setdefault("plmn", item.plmn)
        elif isinstance(item, Registration):
            out["registration"] = item.state
            out["plmn"] = item.plmn or out.get("plmn")
        elif isinstance(item, Sim):
            out["sim"], out["sim plmn"] = item.state, item.plmn
        elif isinstance(item, Signal):
            out.setdefault("rsrp", item.rsrp_dbm)
    return out


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_tells_what_it_says(name):
    text, expected = SAMPLES[name]
    found = told(text)
    assert expected
    assert {key: found.get(key) for key in expected} == expected


def test_there_is_a_sample_for_every_grammar():
    count = {tool: sum(name.startswith(f"{tool}: ") for name in SAMPLES) for tool in GRAMMARS}
    assert count == GRAMMARS
    assert {sample for names in CAPTURES.values() for sample in names} <= set(SAMPLES)


def test_every_command_of_a_capture_has_a_sample(captures_dir):
    for folder in ("qmi", "qmi-2"):
        manifest = captures_dir / folder / "manifest.yaml"
        if not manifest.is_file():
            pytest.skip("no QMI captures")
        for capture in yaml.safe_load(manifest.read_text())["captures"]:
            tool = f"{capture['tool']} {capture['command']}"
            assert any(word in tool for word in CAPTURES), capture["id"]


def plain(text: str) -> set[object]:
    """The facts without their places; empty where nothing is read."""
    try:
        return {replace(item, source=None) for item in qmi.read(text).observations}
    except ParseError:
        return set()


@pytest.mark.parametrize("kind", PASTES)
def test_a_sample_that_was_pasted_tells_the_same(kind):
    for name, (text, _) in SAMPLES.items():
        whole, found = plain(text), plain(PASTES[kind](text))
        assert found == whole or (not found and text.rstrip("\n").count("\n") < 2), name


@pytest.mark.parametrize("kind", PASTES)
def test_a_capture_that_was_pasted_tells_the_same_or_nothing(kind, captures_dir):
    texts = sorted(file for folder in ("qmi", "qmi-2") for file in (captures_dir / folder).glob("*/*"))
    assert len(texts) > 25
    alike = 0
    for file in texts:
        text = file.read_text(encoding="utf-8")
        found = plain(PASTES[kind](text))
        assert found in (plain(text), set()), file
        alike += bool(found)
    assert alike > len(texts) * 0.9


@pytest.mark.parametrize("kind", PASTES)
def test_a_pasted_sample_that_is_cut_tells_nothing_else(kind):
    for text, _ in SAMPLES.values():
        whole = {type(item) for item in plain(text)}
        pasted = PASTES[kind](text)
        for end in range(0, len(pasted), 29):
            assert {type(item) for item in plain(pasted[:end])} <= whole


DELIMITERS = [
    ":'",
    ": '",
    ": 'a'b",
    ": 'a\n",
    "'",
    "a: 'b' ",
    ": ':\n",
    "[",
    "[x] ",
    "|",
    "modem.",
    "> ",
    "12:",
    "\x1b[",
]
DELIMITERS += ["a: b\n", " ", "\t", "\n", "x", "0", "01:", "01:00:00:80:03:", "TLV", "{", '{"', "\\n", "2026-11-03 "]


@pytest.mark.parametrize("part", DELIMITERS)
def test_a_text_of_one_sign_costs_in_proportion_to_its_length(part):
    def cost(size: int) -> float:
        """CPU seconds, the best of three: what else runs on the machine only ever adds."""
        text, best = (part * (size // len(part) + 1))[:size], 1e9
        for _ in range(3):
            started = time.process_time()
            qmi.read_answer(text)
            best = min(best, time.process_time() - started)
        return best

    small = max(cost(50_000), 0.01)
    assert cost(500_000) < 30 * small
