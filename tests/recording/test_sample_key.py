"""What a piece is known by: the same whenever it is read, another one for every piece, and its serial in no file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from harness.recording.exchange import Exchange, RecordingInfo
from harness.recording.files import load_recording
from harness.recording.scrubbing import sample_key as module
from harness.recording.scrubbing.sample_key import sample_key, serial_in
from harness.recording.writer import SAMPLE_KEY, RecordingWriter

IMEI = "356938035643809"
SERIAL = "R58M12ABCDE"


@pytest.fixture(autouse=True)
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BANDPROOF_SAMPLE_KEY", str(tmp_path / "lab" / "sample-key"))
    module._secret.cache_clear()
    return tmp_path / "lab" / "sample-key"


@pytest.mark.parametrize(
    ("kind", "request_", "answer", "serial"),
    [
        ("adb", "getprop", f"[ro.product.model]: [X]\n[ro.serialno]: [{SERIAL}]\n", SERIAL),
        ("adb", "getprop", f"[ro.boot.serialno]: [{SERIAL}]\r\n", SERIAL),
        ("adb", "cat /system/build.prop", f"ro.serialno={SERIAL}\n", SERIAL),
        ("adb", "getprop", "[ro.serialno]: [***********]\n", None),
        ("adb", "getprop", "[ro.serialno]: []\n[ro.boot.serialno]: [0000000000]\n", None),
        ("adb", "getprop", f"[persist.note]: [ro.serialno {SERIAL}]\n", None),
        ("at", "AT+CGSN", f"{IMEI}\r\n\r\nOK\r\n", IMEI),
        ("at", "AT+GSN;+CIMI", f"{IMEI}\r\n310410123456789\r\nOK\r\n", IMEI),
        ("at", "AT+CIMI", "310410123456789\r\nOK\r\n", None),
        ("at", "AT+CGSN", "356938035643800\r\nOK\r\n", None),
        ("at", "AT+CGSN", "000000000000000\r\nOK\r\n", None),
        ("qmi", "qmicli -d /dev/cdc-wdm0 --dms-get-ids", f"ESN: '0'\nIMEI: '{IMEI}'\n", IMEI),
        ("uecap", "uecap a.txt", IMEI, None),
    ],
)
def test_the_serial_is_found_where_it_is_told(kind: str, request_: str, answer: str, serial: str | None) -> None:
    assert serial_in(kind, Exchange(request_, answer.encode())) == serial


def test_a_key_lasts_and_tells_pieces_apart(secret: Path) -> None:
    first = sample_key(SERIAL)
    module._secret.cache_clear()
    assert sample_key(SERIAL.lower()) == first
    assert sample_key(IMEI) != first
    assert first is not None
    assert len(first) == 12
    assert secret.stat().st_mode & 0o077 == 0


def test_another_lab_knows_the_piece_by_another_key(secret: Path) -> None:
    first = sample_key(SERIAL)
    secret.unlink()
    module._secret.cache_clear()
    assert sample_key(SERIAL) != first


@pytest.mark.parametrize("text", ["", "short", "zz" * 32, "ab" * 31])
def test_what_is_no_secret_makes_no_key(secret: Path, text: str) -> None:
    secret.parent.mkdir()
    secret.write_text(text)
    assert sample_key(SERIAL) is None
    assert secret.read_text() == text


def test_a_place_that_cannot_be_written_makes_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BANDPROOF_SAMPLE_KEY", str(tmp_path / "file" / "key"))
    assert sample_key(SERIAL) is None


def test_runs_that_begin_at_once_share_one_secret() -> None:
    code = f"from harness.recording.scrubbing.sample_key import sample_key; print(sample_key({SERIAL!r}))"
    runs = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    keys = {run.communicate(timeout=60)[0].strip() for run in runs}
    assert len(keys) == 1
    assert "None" not in keys


def test_a_recording_keeps_the_key_and_not_the_serial(tmp_path: Path) -> None:
    info = RecordingInfo(id="m", provenance="recorded")
    with RecordingWriter(tmp_path / "m", info, live=True) as writer:
        writer.append("adb", Exchange("getprop", f"[ro.serialno]: [{SERIAL}]\n".encode()))
    assert load_recording(tmp_path / "m").info.extra == {SAMPLE_KEY: sample_key(SERIAL)}
    assert not [path for path in (tmp_path / "m").iterdir() if SERIAL in path.read_text()]


def test_a_replay_makes_no_key_of_what_stands_in_place_of_a_serial(tmp_path: Path) -> None:
    with RecordingWriter(tmp_path / "m", RecordingInfo(id="m", provenance="recorded")) as writer:
        writer.append("at", Exchange("AT+CGSN", f"{IMEI}\r\nOK\r\n".encode()))
    assert writer.sample_key is None


def test_another_place_in_the_environment_is_another_secret(monkeypatch, tmp_path):
    for name in (module.VARIABLE, "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "one"))
    places = [module.secret_path()]
    monkeypatch.setenv("HOME", str(tmp_path / "two"))
    places.append(module.secret_path())
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    places.append(module.secret_path())
    monkeypatch.setenv(module.VARIABLE, str(tmp_path / "key"))
    places.append(module.secret_path())
    ends = (
        "one/.config/bandproof/sample-key",
        "two/.config/bandproof/sample-key",
        "config/bandproof/sample-key",
        "key",
    )
    assert places == [tmp_path / end for end in ends]
