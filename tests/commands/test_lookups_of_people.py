"""What people look up: who uses a band, what a sheet declares, which recordings there are; and text that they paste."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from harness import cli
from harness.carriers.files import lint_text
from harness.carriers.resellers import names, reseller
from harness.carriers.sheets import Sheets
from harness.carriers.store import Profiles
from harness.radio.channels import lte_band_of, lte_uplink_channel


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = cli.main(list(words))
    out = capsys.readouterr()
    return status, out.out, out.err


DAY = "--as-of=2026-06-01"


def test_a_band_names_who_uses_it(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "band", "14", "--carriers", DAY)
    assert status == 0
    assert "us/firstnet" in out
    assert "public-safety coverage, mandatory" in out
    assert "us/verizon" not in out
    _, told, _ = said(capsys, "band", "12", "--country=Mexico,us", "--json", DAY)
    carriers = json.loads(told)["carriers"]
    assert {one["country"] for one in carriers} <= {"US", "MX"}
    one_list = next(one for one in carriers if one["id"] == "us/c-spire")
    assert (one_list["sure"], one_list["level"]) == ("one_list", "informative")
    assert "carriers" not in json.loads(said(capsys, "band", "12", "--json")[1])
    assert said(capsys, "band", "12", "--country=Germny")[0] == 2
    assert said(capsys, "band", "12", DAY)[0] == 2


def test_a_channel_tells_its_uplink_and_who_uses_its_band(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "earfcn", "66786", "--country=us", "--json", DAY)
    told = json.loads(out)
    assert told["uplink_channel"] == 132322
    assert "us/t-mobile" in {one["id"] for one in told["carriers"]}
    _, out, _ = said(capsys, "earfcn", "132322")
    assert "downlink channel" in out
    assert "66786" in out


@pytest.mark.parametrize(
    ("downlink", "uplink"),
    # 3GPP TS 36.101 table 5.7.3-1: the same place in the range of the band's uplink.
    [(5110, 23110), (300, 18300), (9820, 27710), (38000, 38000), (67200, None), (9700, None), (262143, None)],
)
def test_uplink_channels(downlink: int, uplink: int | None) -> None:
    assert lte_uplink_channel(downlink) == uplink
    assert uplink is None or lte_band_of(downlink) is not None


@pytest.mark.parametrize(
    ("name", "carrier"),
    [("mint", "us/t-mobile"), ("Mint Mobile", "us/t-mobile"), ("us/mint", "us/t-mobile"), ("giffgaff", "gb/o2")],
)
def test_a_reseller_is_found_by_its_host(name: str, carrier: str) -> None:
    assert [one.carrier.id for one in Profiles().select([name])] == [carrier]


def test_every_reseller_has_a_profile_and_no_carrier_is_one() -> None:
    known = Profiles().paths
    for name in names():
        one = reseller(name)
        assert one is not None
        assert one.carrier in known
    assert reseller("de/mint") is None
    assert reseller("att") is None


def test_a_reader_is_told_that_it_is_a_reseller(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Mint Mobile is a reseller on the network of us/t-mobile" in said(capsys, "profiles", "show", "mint")[1]
    _, out, err = said(capsys, "fit", "--without-device=xiaomi/mi-mix-2#global", "--carrier=mint", "--json", DAY)
    assert "reseller on the network of us/t-mobile" in err
    json.loads(out)


def test_sheets_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "profiles", "sheets")
    assert len(out.splitlines()) == len(Sheets().ids())
    _, out, _ = said(capsys, "profiles", "sheets", "quectel")
    assert "quectel/rm520n-gl" in out
    assert "xiaomi" not in out
    _, out, _ = said(capsys, "profiles", "show", "xiaomi/mi-mix-2")
    assert "xiaomi/mi-mix-2#global" in out
    assert "xiaomi/mi-mix-2#china" in out
    assert "B12 B13" in out
    _, out, _ = said(capsys, "profiles", "show", "xiaomi/mi-mix-2#china-mobile", "--json")
    assert [one["variant"]["id"] for one in json.loads(out)] == ["china-mobile"]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("profiles", "sheets", "mimix"), "xiaomi/mi-mix"),
        (("fixtures", "quctel"), "quectel-rm520n-gl"),
        (("profiles", "show", "xiaomi/mi-mix-2#globl"), "xiaomi/mi-mix-2#global"),
    ],
)
def test_what_may_be_meant_is_offered_five_names_at_most(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], meant: str
) -> None:
    status, _, err = said(capsys, *words)
    assert status == 2
    assert meant in err
    assert err.partition("did you mean ")[2].count(",") <= 4


def test_fixtures_are_listed_with_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "fixtures")
    assert "fixture:xiaomi-mi-mix-2-global" in out
    assert "composed" in out
    rows = json.loads(said(capsys, "fixtures", "rooted", "--json")[1])
    assert [row["name"] for row in rows] == ["xiaomi-redmi-note-8-pro-rooted"]


def test_a_new_sheet_is_filled_from_a_survey_and_has_no_fault(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "profiles" / "devices" / "quectel" / "rm520n-gl.yaml"
    status, out, err = said(capsys, "sheet", "new", "fixture:quectel-rm520n-gl", "--variant=global", f"--output={file}")
    assert (status, out) == (0, "")
    assert "0 faults" in err
    found = Sheets([tmp_path / "profiles"]).sheet("quectel/rm520n-gl")
    assert found.variants[0].model_numbers == ("RM520N-GL",)
    assert {2, 12, 66, 71} <= set(found.variants[0].bands.of("lte") or ())
    assert found.variants[0].bands.of("nr")
    assert said(capsys, "sheet", "new", "fixture:quectel-rm520n-gl", f"--output={file}")[0] == 2


def test_a_new_sheet_of_a_phone_leaves_to_a_person_what_it_does_not_tell(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "sheet", "new", "fixture:xiaomi-mi-mix-2-global")
    assert status == 0
    assert "# fill in, from the maker's page:  bands:" in out
    assert 'model_numbers: ["MDE5"]' in out
    assert lint_text(out, "profiles/devices/xiaomi/mi-mix-2.yaml") == []
    given = ("--bands=lte=2,4 nr=41", "--bands-source=the box")
    _, out, _ = said(capsys, "sheet", "new", "fixture:samsung-galaxy-s21-5g-us", *given)
    assert "lte: [2, 4]" in out
    assert "nr: [41]" in out
    assert "the box (" in out
    assert said(capsys, "sheet", "new", "fixture:quectel-rm520n-gl", "--id=Quectel RM")[0] == 2


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


PASTED = b'AT+QNWPREFCFG="lte_band"\r\n+QNWPREFCFG: "lte_band",2:4:66\r\nOK\r\n'


def typed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    stdin = Terminal()
    stdin.buffer = io.BytesIO(data)  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "stdin", stdin)


def test_decode_speaks_in_sentences_on_a_terminal_and_json_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "at.txt"
    file.write_bytes(PASTED)
    piped = said(capsys, "decode", "at", str(file))[1]
    assert json.loads(piped)["schema"] == "bandproof.decode/1"
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    assert cli.main(["decode", "at", str(file)]) == 0
    assert "LTE enabled  3 bands" in screen.getvalue()
    assert "{" not in screen.getvalue()
    screen.truncate(0)
    screen.seek(0)
    assert cli.main(["decode", "at", str(file), "--json"]) == 0
    assert json.loads(screen.getvalue()) == json.loads(piped)


@pytest.mark.parametrize(("kind", "data"), [("at", PASTED), ("qmi", b""), ("adb", b"[ro.product.model]: [X]\n")])
def test_without_a_file_it_says_how_a_paste_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str, data: bytes
) -> None:
    typed(monkeypatch, data)
    _, _, err = said(capsys, "decode", kind)
    assert err.startswith("paste, then Ctrl-")


def test_a_pipe_is_not_asked_to_paste(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    stdin: Any = io.StringIO()
    stdin.buffer = io.BytesIO(PASTED)
    monkeypatch.setattr(sys, "stdin", stdin)
    assert "paste" not in said(capsys, "decode", "at", "-")[2]
