"""Every item of the captures of unrooted handsets gives what its manifest expects.

Items whose kind is `constructed` were built after a source's labels: their tests say so, and prove no real screen.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from harness.capability_facts import BandCombinations
from harness.errors import BandproofError, ParseError
from harness.links.diag.port import diag_port_of
from harness.links.diag.scat_child import build_in, doubts_in, trouble_in
from harness.links.usb.tree import VARIABLE, usb_device
from harness.observations import EnabledBands, Identity, SupportedBands
from harness.probes import adb
from harness.probes.adb.band_screen import read_band_screen
from harness.probes.adb.plan import READ_COMMANDS
from harness.probes.at import read as read_at
from harness.probes.uecap import read as read_uecap
from harness.probes.uecap.texts.tables_printed import printed_tables
from harness.recording.scrubbing.scrub import scrub
from harness.survey.live.diag_guidance import guidance_for

sys.path.insert(0, str(Path(__file__).parents[1] / "links"))

if TYPE_CHECKING:
    from collections.abc import Callable

ROOM = "unrooted"


@pytest.fixture(scope="module")
def place(captures_dir: Path) -> Path:
    folder = captures_dir / ROOM
    if not (folder / "manifest.yaml").is_file():
        pytest.skip("no captures of unrooted handsets")
    return folder


@pytest.fixture(scope="module")
def items(place: Path) -> dict[str, dict[str, Any]]:
    manifest = yaml.safe_load((place / "manifest.yaml").read_text(encoding="utf-8"))
    return {one["id"]: one for one in manifest["captures"]}


def bands_of(observations: Any, kind: type = SupportedBands) -> dict[str, list[int]]:
    return {one.rat: list(one.bands) for one in observations if isinstance(one, kind) and one.bands is not None}


def of_answer(text: str, command: str, dialect: str | None = None) -> Any:
    return read_at(text.replace("\n", "\r\n"), command, dialect).observations


def exchange(folder: Path) -> dict[str, str]:
    """Command -> answer of a transcript of commands and answers."""
    parts = re.split(r"^(AT\S.*)$", (folder / "exchange.txt").read_text(), flags=re.M)
    return {parts[n]: parts[n + 1].strip() + "\n" for n in range(1, len(parts), 2)}


def with_pcap(folder: Path, expected: dict[str, Any]) -> None:
    """A capture of SCAT or QCSuper: band and filter; what was asked for and is absent is not there, the rest unknown."""
    observations = read_uecap([("capture.pcap", (folder / "capture.pcap").read_bytes())]).observations
    (lte,) = (one for one in observations if isinstance(one, SupportedBands) and one.rat == "lte")
    assert list(lte.bands or ()) == expected["lte_bands"]
    assert list(lte.filtered_by or ()) == expected["filter"]
    assert lte.could_show(7)
    assert not lte.could_show(28)


def live_capability(folder: Path, expected: dict[str, Any], _: Any) -> None:
    with_pcap(folder, expected)
    said = (folder / "stdout.txt").read_text().splitlines()
    assert build_in(said) == expected["modem_build"]
    assert doubts_in(said) == ()


def terminated(folder: Path, expected: dict[str, Any], _: Any) -> None:
    data = (folder / "capture.pcap").read_bytes()
    assert len(data) == expected["capture_bytes"]
    with pytest.raises(BandproofError):
        read_uecap([("capture.pcap", data)])


def failures_of_scat(folder: Path, expected: dict[str, Any], _: Any) -> None:
    assert expected == {"evidence": "none"}
    blocks = (folder / "terminal.txt").read_text().split("$ ")[1:]
    assert len(blocks) == 6
    for block in blocks:
        assert all(trouble_in(block.splitlines()))
        with pytest.raises(BandproofError):
            read_uecap([("terminal.txt", block.encode())])
    wanted = {"-t", "-u", "-a", "-i", "-s", "--no-rts", "--no-dsr", "-L", "-H", "-P", "--port-up", "--cacombos"}
    assert {word for word in wanted if re.search(rf"(?<![\w-]){word}(?![\w-])", (folder / "help.txt").read_text())} == (
        wanted
    )


def qcsuper(folder: Path, expected: dict[str, Any], _: Any) -> None:
    with_pcap(folder, expected)
    assert "rc=0" in (folder / "terminal.txt").read_text()


def interfaces(folder: Path, _: Any, plant: Callable[[str], Any]) -> None:
    manifest = yaml.safe_load((folder.parent / "manifest.yaml").read_text(encoding="utf-8"))["captures"]
    files = next(one for one in manifest if one["id"] == folder.name)["files"]
    assert len(files) == 5
    for one in files:
        text, expected = (folder / one["file"]).read_text(), one["expected"]
        if expected.get("evidence") == "none":
            assert "Starting diag" in text
            assert build_in(text.splitlines()) == ""
            with pytest.raises(BandproofError):
                read_uecap([("said.txt", text.encode())])
            continue
        port = diag_port_of(plant(text))
        if expected["diag_interface"] is None or "triple" not in expected:
            # Of the second kind the interface stands in the command alone: what is printed ends before it.
            assert port is None, one["file"]
            continue
        assert port is not None
        assert (port.interface.number, port.interface.triple) == (expected["diag_interface"], expected["triple"])


def lsusb(folder: Path, expected: dict[str, Any], plant: Callable[[str], Any]) -> None:
    text = (folder / "lsusb.txt").read_text()
    device = plant(text)
    port = diag_port_of(device)
    assert port is not None
    assert (device.ids, port.interface.number, port.interface.triple) == (
        expected["vid_pid"], expected["diag_interface"], expected["triple"],
    )  # fmt: skip
    assert device.serial == expected["serial"] == expected["binds_to_adb_serial"]


def help_of_cmd_phone(folder: Path, expected: dict[str, Any], _: Any) -> None:
    assert expected["bands"] == "none in any"
    for file in sorted(folder.glob("*.txt")):
        text = file.read_text()
        assert not re.search(r"\bbands?\b", text, re.IGNORECASE)
        with pytest.raises(ParseError):
            adb.read(text)
    assert not any("get-imei" in one for one in READ_COMMANDS)


def band_screens_constructed(folder: Path, _: Any, __: Any) -> None:
    manifest = yaml.safe_load((folder.parent / "manifest.yaml").read_text(encoding="utf-8"))["captures"]
    files = next(one for one in manifest if one["id"] == folder.name)["files"]
    for one in files:
        text, expected = (folder / one["file"]).read_text(), one["expected"]
        try:
            found = read_band_screen([text, text]).observations
        except ParseError:
            found = ()
        has, on = bands_of(found), bands_of(found, EnabledBands)
        assert has.get("lte") == expected["lte_supported"], one["file"]
        assert on.get("lte") == expected.get("lte_enabled"), one["file"]
        assert has.get("nr") == expected.get("nr_supported"), one["file"]


def unisoc(folder: Path, expected: dict[str, Any], _: Any) -> None:
    told = exchange(folder)
    nr, lte = 'AT+SP5GCMDS="get nr support_band"', "AT+SPLBAND=0"
    assert bands_of(of_answer(told[nr], nr, "unisoc"))["nr"] == expected["nr_supported"]
    assert bands_of(of_answer(told[lte], lte, "unisoc"), EnabledBands)["lte"] == expected["lte_enabled"]


def devconinfo_constructed(folder: Path, expected: dict[str, Any], _: Any) -> None:
    (text,) = exchange(folder).values()
    found = of_answer(text, "AT+DEVCONINFO")
    (identity,) = (one for one in found if isinstance(one, Identity))
    assert (identity.model, identity.build_variant) == (expected["model"], expected["csc"])
    assert bands_of(found) == {}
    clean, removed = scrub(text)
    assert "serial" in removed
    assert expected["serial"] not in clean
    assert expected["personal"] == ["SN", "IMEI", "UN"]
    real = re.sub(r"IMEI\(\d+\)", "IMEI(490154203237518)", text)
    assert "203237518" not in scrub(real)[0]
    assert not re.search(r"UN\([^)]*[1-9A-Z]", clean)
    assert expected["serial"] not in json.dumps([one.as_json() for one in found])


def usb_settings_constructed(folder: Path, expected: dict[str, Any], _: Any) -> None:
    labels = re.findall(
        r'text="([^"]+)"[^>]*class="android.widget.RadioButton"', (folder / "window_dump.xml").read_text()
    )
    assert [one for one in labels if "DM" in one] == expected["choices_with_dm"]
    way = guidance_for("samsung")
    assert expected["choose"] in way.do
    assert expected["restore"] in way.back
    assert {expected["choose"], expected["restore"]} <= set(labels)
    named = [one for one in labels if one in way.do]
    assert set(named) <= set(expected["choices_with_dm"])
    assert "not REBOOT" in way.do


def printed_cacombos(folder: Path, expected: dict[str, Any], _: Any) -> None:
    text = (folder / "stdout.txt").read_text()
    tables = list(printed_tables(text))
    assert {code: int(octets[:2], 16) for _, code, octets in tables} == {
        "0xB0CD": expected["b0cd_version"],
        "0xB826": expected["b826_version"],
    }
    assert sorted(number for number, _, _ in tables) == expected["radio_numbers"]
    found = read_uecap([("stdout.txt", text.encode())]).observations
    combos = {one.type: len(one.combinations) for one in found if isinstance(one, BandCombinations)}
    assert combos.get("lte_ca", 0) > 50
    assert combos.get("en_dc", 0) + combos.get("nr_ca", 0) > 0
    # A log of tables alone has no RRC: what it tells is the hardware's, and lists no supported bands of the network's.
    assert not [one for one in found if isinstance(one, SupportedBands) and one.layer == "advertised"]


def epbseh(folder: Path, expected: dict[str, Any], _: Any) -> None:
    ((command, text),) = exchange(folder).items()
    has = bands_of(of_answer(text, command, "mediatek"))
    assert has["lte"] == expected["lte_supported"]
    assert has["nr"] == expected["nr_supported"]


CHECKS: dict[str, Callable[[Path, Any, Any], None]] = {
    "001-scat-live-ue-capability": live_capability,
    "002-scat-live-terminated": terminated,
    "003-scat-failures": failures_of_scat,
    "004-qcsuper-live-and-failures": qcsuper,
    "005-usb-interfaces-from-issues": interfaces,
    "006-lsusb-diag-mi11": lsusb,
    "007-cmd-phone-help": help_of_cmd_phone,
    "008-mtk-engineermode-band-screen-constructed": band_screens_constructed,
    "009-unisoc-supported-nr-bands": unisoc,
    "010-samsung-devconinfo-constructed": devconinfo_constructed,
    "011-samsung-usb-settings-constructed": usb_settings_constructed,
    "012-scat-cacombos-stdout": printed_cacombos,
    "013-mtk-epbseh-from-a-phone": epbseh,
}


def test_every_item_is_looked_at_and_constructed_ones_are_called_so(items: dict[str, dict[str, Any]]) -> None:
    assert set(items) == set(CHECKS)
    constructed = {name for name, one in items.items() if one["kind"] == "constructed"}
    assert {name for name, check in CHECKS.items() if check.__name__.endswith("_constructed")} == constructed


@pytest.mark.parametrize("name", CHECKS)
def test_an_item_gives_what_is_expected(
    name: str, place: Path, items: dict[str, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from usb_trees import plant, printed_interfaces

    def planted(text: str) -> Any:
        path = f"1-{len(list(tmp_path.iterdir())) + 1}"
        root = tmp_path / path
        monkeypatch.setenv(VARIABLE, str(root))
        ids = re.search(r"ID ([0-9a-f]{4}:[0-9a-f]{4})", text)
        serial = re.search(r"iSerial\s+\d+\s+(\S+)", text)
        plant(
            root, path, printed_interfaces(text), ids=ids[1] if ids else "04e8:6860", serial=serial[1] if serial else ""
        )
        return usb_device(path)

    pytest.importorskip("pycrate_asn1dir", reason="the extra uecap is not installed")
    CHECKS[name](place / name, items[name].get("expected"), planted)
