"""`bandproof bench check`."""

import json
from pathlib import Path

import pytest

from harness.cli import main
from harness.links.adb.server import AdbServer, Handset

GOOD = """\
format: bandproof.bench/1
devices:
  mix2: {recording: "fixture:xiaomi-mi-mix-2-global", carriers: [us/att], sheet: xiaomi/mi-mix-2#global}
"""


def bench(folder: Path, text: str) -> str:
    (folder / "bench.yaml").write_text(text)
    return str(folder / "bench.yaml")


def test_a_good_file_has_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "check", bench(tmp_path, GOOD)]) == 0
    assert capsys.readouterr().out.endswith("1 device, 0 faults\n")


def test_all_faults_are_listed_with_their_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GOOD.replace("recording:", "recordin:").replace("carriers: [us/att]", "carriers: us/att")
    assert main(["bench", "check", bench(tmp_path, text)]) == 4
    out = capsys.readouterr().out
    assert 'bench.yaml:3:10: error: unknown key "recordin"; did you mean "recording"?' in out
    assert "carriers must be a list" in out


@pytest.mark.parametrize(("change", "words"), [(("us/att", "us/attt"), "us/att"), (("#global", "#moon"), "moon")])
def test_unknown_carriers_and_sheets_are_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str], words: str
) -> None:
    assert main(["bench", "check", "--json", bench(tmp_path, GOOD.replace(*change))]) == 4
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert words in rows[0]["message"]


def test_a_port_that_is_not_there_is_a_device_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = bench(tmp_path, "format: bandproof.bench/1\ndevices:\n  m: {at: /dev/ttyNothing9}\n")
    assert main(["bench", "check", path]) == 3
    assert "/dev/ttyNothing9 is not there" in capsys.readouterr().out
    assert main(["bench", "check", "--offline", path]) == 0


def test_no_file_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "check", str(tmp_path / "none.yaml")]) == 2
    assert "no bench file" in capsys.readouterr().err


def test_the_schema_accepts_a_good_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import jsonschema
    import yaml

    assert main(["bench", "schema"]) == 0
    jsonschema.validate(yaml.safe_load(GOOD), json.loads(capsys.readouterr().out))


def test_a_handset_of_a_named_adb_server_is_looked_for_there_and_its_usb_place_is_not_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def listing(server: AdbServer, *, deadline_s: float) -> list[Handset]:
        asked.append(str(server))
        return [Handset("R58M12ABCDE", "device", usb="usb:1-2")] if server.host == "bench-a" else []

    monkeypatch.setattr("harness.links.adb.shell.list_handsets", listing)
    monkeypatch.setattr("harness.commands.bench._port_place", lambda _: "1-2:1.3")
    text = "format: bandproof.bench/1\ndevices:\n  m: {adb: 'adb://bench-a:5037/R58M12ABCDE', at: /dev/null}\n"
    assert main(["bench", "check", bench(tmp_path, text)]) == 0
    out = capsys.readouterr().out
    assert asked == ["bench-a:5037"]
    assert "adb://bench-a:5037/R58M12ABCDE is there" in out
    assert "nothing tells whether the port is of this handset" in out
    assert "are one phone" not in out
