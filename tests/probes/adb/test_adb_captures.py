"""Every real capture, fact by fact, as the expected values beside it say."""

import os
import pathlib
import re

import pytest
import yaml

from harness.errors import ParseError
from harness.probes.adb import read

ROOT = pathlib.Path(os.environ.get("BANDPROOF_CAPTURES") or pathlib.Path(__file__).parents[4] / "shared" / "captures")
COMMANDS = (
    "getprop", "cat build.prop", "logcat -b radio", "dumpsys telephony.registry", "dumpsys connectivity", "dumpsys isub"
)  # fmt: skip


def _captures():
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    out = []
    for name in ("adb/manifest.yaml", "adb/manifest-2.yaml", "adb-3/manifest.yaml"):
        path = ROOT / name
        if path.is_file():
            found = yaml.load(path.read_text(encoding="utf-8"), loader)["captures"]
            out += [{**capture, "folder": path.parent.name} for capture in found]
    return out


def _number(band):
    match = re.search(r"\d+", str(band)) if band is not None else None
    return int(match[0]) if match else None


def _facts(folder, capture):
    asked = capture["command"].split("|")[0].strip()
    command = next((c for c in COMMANDS if asked.startswith(c) and ";" not in capture["command"]), None)
    out = []
    for name in capture["files"]:
        try:
            reading = read((folder / name).read_text(encoding="utf-8"), command)
        except ParseError:
            continue
        out += [item.as_json() for item in reading.observations]
    return out


def _rat(word):
    word = (word or "").upper()
    return "nr" if "NR" in word else "lte" if "LTE" in word else "umts" if "UMTS" in word else None


def _in_slot(facts, kind, slot):
    return [f for f in facts if f["kind"] == kind and (not isinstance(slot, int) or f["slot"] in (slot, None))]


def _check_slot(facts, want):
    serving, slot = want.get("serving"), want.get("slot")
    cells = [c for c in _in_slot(facts, "serving_cell", slot) if c["role"] == "pcell"]
    cells = [c for c in cells if not want.get("plmn") or c["plmn"] in (want["plmn"], None)]
    if serving:
        assert cells, "no serving cell"
        cell = cells[0]
        for key in ("arfcn", "pci", "tac", "bandwidth_khz"):
            if key in serving:
                assert cell[key] == serving[key], key
        if serving.get("band") or "band" in serving:
            assert cell["band"] == _number(serving["band"])
        assert cell["plmn"] == want.get("plmn")
        assert cell["rat"] == _rat(want["rat"])
    elif "serving" in want:
        # A cell that is camped on may be told, as what it is.
        assert not any(c["band"] or c["arfcn"] for c in cells if c["registered"] is not False), (
            "a cell where none serves"
        )
        assert not any(c["plmn"] for c in cells if c["registered"] is False)
    state = (want.get("registration") or {}).get("state")
    registrations = _in_slot(facts, "registration", slot)
    if state in ("home", "roaming", "denied", "searching", "emergency"):
        assert state in {r["state"] for r in registrations}
    told = want.get("registration") or {}
    for domain in ("cs", "ps"):
        if told.get(domain):
            assert {r["state"] for r in registrations if r["domain"] == domain} == {told[domain]}
    if told.get("reject_cause"):
        assert told["reject_cause"] in {r["cause"] for r in registrations}
    if want.get("nr"):
        _check_nr(facts, want["nr"], slot)


def _check_nr(facts, want, slot):
    """The NR leg and the state, which the judge of the captures does not look at."""
    legs = [c for c in _in_slot(facts, "serving_cell", slot) if c["role"] == "pscell"]
    if want.get("arfcn"):
        (leg,) = legs
        for key in ("arfcn", "pci", "bandwidth_khz"):
            assert leg[key] == want[key], key
        assert leg["band"] == _number(want["band"])
    modes = {o["mode"] for o in _in_slot(facts, "nr_state", slot)}
    if want.get("state") == "CONNECTED":
        assert modes == {"nsa_connected"}


@pytest.mark.parametrize("capture", _captures(), ids=lambda capture: capture["id"])
def test_a_capture_reads_as_expected(capture, captures_dir):
    facts = _facts(captures_dir / capture["folder"] / capture["id"], capture)
    expected = capture["expected"]
    for want in expected.get("slots") or []:
        _check_slot(facts, want)
        if want.get("sim_state"):
            (sim,) = _in_slot(facts, "sim", want["slot"])
            assert (sim["state"], sim["plmn"]) == (want["sim_state"].lower(), want.get("sim_plmn"))
        if "registered" in want:
            states = {r["state"] for r in _in_slot(facts, "registration", want["slot"])}
            assert (
                states
                == {
                    True: {"home", (want.get("registration") or {}).get("state", "home")} & states,
                    False: {"not_registered"},
                    None: set(),
                }[want["registered"]]
            )
    _check_subscriptions(facts, expected)
    cells = [f for f in facts if f["kind"] == "serving_cell"]
    for cell, want in zip(cells, expected.get("physical_channels") or [], strict=False):
        assert (cell["bandwidth_khz"], cell["band"], cell["pci"]) == (
            want["bandwidth_khz"],
            _number(want["band"]),
            want["pci"],
        )
    identity = next((f for f in facts if f["kind"] == "identity"), {})
    if "rom_region" in expected:
        assert identity.get("rom_region") == expected["rom_region"]
    for key in ("model", "market_name", "codename", "android", "hardware_region"):
        if key in (expected.get("identity") or {}):
            assert identity.get(key) == expected["identity"][key], key
    if expected.get("baseband"):
        assert identity.get("baseband") == expected["baseband"]


def _check_subscriptions(facts, expected):
    sims = {f["slot"]: f for f in facts if f["kind"] == "sim"}
    modes = {f["slot"]: f["raw"] for f in facts if f["kind"] == "network_mode"}
    for want in expected.get("active_subscriptions") or []:
        sim = sims[want["slot"]]
        assert sim["plmn"] == want["plmn"]
        for key in ("operator", "carrier_id"):
            if key in want:
                assert sim[key] == want[key], key
        if want.get("allowed_types_user"):
            assert modes[want["slot"]] == f"user={want['allowed_types_user']}"
    for slot, state in (expected.get("sim_state") or {}).items():
        assert sims[int(slot)]["state"] == state


def test_a_rom_of_several_devices_in_one_file_gives_one_region_each(captures_dir):
    text = (captures_dir / "adb" / "038-miui-region-properties" / "getprop.txt").read_text(encoding="utf-8")
    regions = [item.rom_region for item in read(text, "getprop").observations]
    assert regions == ["china", "global", "china", "china"]


def test_of_a_radio_log_the_newest_registration_counts(captures_dir):
    folder = captures_dir / "adb" / "063-rilj-hidl14-data-registration-lte-b3-b41"
    reading = read((folder / "logcat-radio.txt").read_text(encoding="utf-8"), "logcat -b radio -d")
    assert [(c.slot, c.arfcn, c.band) for c in reading.observations if c.kind == "serving_cell"] == [(0, 40936, 41)]


def test_no_personal_number_of_a_capture_is_told(captures_dir):
    for path in (captures_dir / "adb").glob("*/getprop*.txt"):
        try:
            shown = str(read(path.read_text(encoding="utf-8")).observations)
        except ParseError:
            continue
        assert not re.search(r"(?<![\d.])\d{14,20}(?![\d.])", shown), path
