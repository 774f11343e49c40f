"""The one word by which builds are told apart: two ROMs of one Android are two, and a coarser name is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.history.rows import encoded_rows
from harness.observations import Identity
from harness.probes.adb.identity.properties import read_properties
from harness.reports.document.document import load_document
from harness.reports.document.firmware import firmware_of
from harness.reports.run.verify import examine

OLDER = Path(__file__).with_name("older_runs")


def of_properties(**told: str) -> str | None:
    text = "".join(f"[{name.replace('_', '.')}]: [{value}]\n" for name, value in told.items())
    (identity,) = (one for one in read_properties(text).observations if isinstance(one, Identity))
    return firmware_of(identity.as_json())


def miui(version: str, **more: str) -> str | None:
    told = {"ro_build_display_id": "OPR1.170623.032", "ro_miui_ui_version_name": "V10", "ro_product_model": "MIX"}
    return of_properties(**told, ro_build_version_incremental=version, **more)


def test_two_roms_of_xiaomi_with_one_display_id_are_two_builds() -> None:
    assert miui("V10.2.1.0.OAHMIXM") == "V10.2.1.0.OAHMIXM"
    assert miui("V11.0.2.0.OAHMIXM") == "V11.0.2.0.OAHMIXM"
    fingerprint = "Xiaomi/lithium/lithium:8.0.0/OPR1.170623.032/9.5.30:user/release-keys"
    assert miui("9.5.30", ro_build_fingerprint=fingerprint) == "9.5.30", "a developer's ROM is named by its day"
    assert miui("V816.0.5.0.UMCMIXM", ro_mi_os_version_incremental="OS1.0.5.0.UMCMIXM") == "OS1.0.5.0.UMCMIXM"


@pytest.mark.parametrize(
    ("identity", "word"),
    [
        ({"build": "DE2118_11_C.14", "rom_version": "V12.1"}, "DE2118_11_C.14"),
        ({"build": "CPH2451_13.1.0.580(EX01)", "rom_version": "OxygenOS 13.1"}, "CPH2451_13.1.0.580(EX01)"),
        ({"build": "TP1A.220624.014.G991USQU6EWA1", "baseband": "G991USQU6EWA1"}, "TP1A.220624.014.G991USQU6EWA1"),
        ({"baseband": "RM520NGLAAR03A03M4G"}, "RM520NGLAAR03A03M4G"),
        ({}, None),
    ],
)
def test_elsewhere_it_is_the_build_or_the_baseband(identity: dict[str, str], word: str | None) -> None:
    assert firmware_of(identity) == word


def test_a_history_counts_an_older_report_of_a_rom_with_the_newer_ones() -> None:
    document = load_document(OLDER / "report-2")
    assert "PKQ1.190118.001" in {one.firmware for one in document.devices}
    rows = [json.loads(line) for line in encoded_rows(document).splitlines()]
    assert {row["firmware"] for row in rows if row.get("model") == "Mi MIX 2"} == {"V12.0.1.0.PDEMIXM"}
    assert examine(OLDER / "report-2").faults == ()
