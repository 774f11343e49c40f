"""Personal data reaches no output of a run, whatever the device answered and in whatever form."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import planted
import pytest
import yaml
from planted import cell_leaks, leaks

from harness.recording.exchange import Exchange, LinkKind, Recording
from harness.recording.files import load_recording, resolve_recording
from harness.recording.scrubbing.scrub import known_of, scrub_address, scrub_exchange
from harness.recording.writer import RecordingWriter

ROOT = Path(__file__).resolve().parents[2]
HANDSET = "xiaomi-mi-mix-2-global"
MODEM = "quectel-rm520n-gl"
BY_ID = f"/dev/serial/by-id/usb-Quectel_RM520N-GL_{planted.BOARD_SERIAL}-if02-port0"
GONE = (planted.SERIAL, BY_ID, f"{planted.IPV4}:5555")

CELL_TEXTS = {
    "AT+CEREG?": f'+CEREG: 2,1,"{planted.TRACKING_AREA_HEX}","{planted.CELL_ID_HEX}",7',
    'AT+QENG="servingcell";+QCAINFO': (
        f'+QENG: "servingcell","NOCONN"\r\n+QENG: "LTE","FDD",310,260,{planted.CELL_ID_HEX},214,66786,66,5,5,'
        f"{planted.TRACKING_AREA_HEX},-93,-10,-63,15,11,200,-"
    ),
    "AT+CPSI?": f"+CPSI: LTE,Online,310-260,0x{planted.TRACKING_AREA_HEX},{planted.CELL_ID},308,EUTRAN-BAND3,1350,5,0,-94",
    "AT#MONI": f"#MONI: T-Mobile RSRP:-93 RSRQ:-10 TAC:{planted.TRACKING_AREA_HEX} Id:{planted.CELL_ID_HEX} EARFCN:66786",
    "AT!GSTATUS?": f"LTE Cell ID: {planted.CELL_ID_HEX} ({planted.CELL_ID})\r\nTAC: {planted.TRACKING_AREA_HEX} "
    f"({planted.TRACKING_AREA})",
    "AT^MONSC": f"^MONSC: LTE,310,260,66786,{planted.CELL_ID_HEX},2FF,{planted.TRACKING_AREA_HEX},-93,-10,-63",
    "dumpsys telephony.registry": (
        f"mCellIdentity=CellIdentityLte:{{ mCi={planted.CELL_ID} mPci=214 mTac={planted.TRACKING_AREA} mEarfcn=66786 }}\n"
        f"CellIdentityNr:{{ mPci=625 mTac={planted.TRACKING_AREA} mNrArfcn=520110 mNci={planted.NR_CELL_ID} }}\n"
        f"CellLocation: [{planted.TRACKING_AREA},{planted.CELL_ID},-1]\n"
        f"GsmCellLocation={{mLac={planted.TRACKING_AREA} mCid={planted.CELL_ID}}}"
    ),
}


def bandproof(*arguments: str, cwd: Path, status: set[int] = {0}) -> str:  # noqa: B006
    return _run([sys.executable, "-m", "harness.cli", *arguments], cwd, status)


def _run(command: list[str], cwd: Path, status: set[int]) -> str:
    # A server that is not there: no test may reach the handsets of the machine that it runs on.
    environment = {**os.environ, "COLUMNS": "100", "ADB_SERVER_SOCKET": "tcp:127.0.0.1:1", "BANDPROOF_KEY": ""}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, timeout=120, check=False)
    said = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
    assert done.returncode in status, said
    assert "Traceback" not in said, said
    return said


def suite(*options: str, cwd: Path, status: set[int] = {0, 1}) -> str:  # noqa: B006
    return _run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options], cwd, status)


def _with(exchange: Exchange, lines: list[str], end: str) -> Exchange:
    """The answer with more lines before its last one: as unsolicited codes come, or another line of a dump."""
    body, last, tail = exchange.response.decode().rpartition("\r\nOK") if end == "\r\n" else ("", "", "")
    if not last:
        body, last, tail = exchange.response.decode(), "", ""
    added = "".join(f"{end}{line}" for line in lines)
    return replace(exchange, response=f"{body}{added}{last}{tail}{'' if last else end}".encode())


def _answers(kind: LinkKind) -> dict[str, list[str]]:
    """Planted lines by the request under which they are told."""
    table = planted.AT if kind == "at" else [*planted.ADB, *planted.ADB_KNOWN]
    answers: dict[str, list[str]] = {}
    for request, text in table:
        answers.setdefault(request, []).append(text)
    return answers


def _planted(recording: Recording, kind: LinkKind) -> list[Exchange]:
    end = "\r\n" if kind == "at" else "\n"
    answers = _answers(kind)
    told: dict[str, Exchange] = {one.request: one for one in recording.links[kind]}
    for request, lines in answers.items():
        known = told.get(request, Exchange(request, b"\r\nOK\r\n" if kind == "at" else b"", exit_code=None))
        told[request] = _with(known, lines, end)
    if kind == "at":
        # What comes unasked comes between the lines of any answer.
        unasked = [text for _, text in planted.AT if text.startswith(("+", "^", "#", "$"))]
        told = {request: _with(one, unasked[n::3], end) for n, (request, one) in enumerate(told.items())}
    return list(told.values())


def _write(folder: Path, base: str, exchanges: dict[LinkKind, list[Exchange]]) -> Path:
    info = load_recording(resolve_recording(f"fixture:{base}")).info
    with RecordingWriter(folder, replace(info, id=folder.name, sha256={}), reveal=True) as writer:
        for kind, items in exchanges.items():
            for exchange in items:
                writer.append(kind, exchange)
    return folder


@pytest.fixture(scope="module")
def devices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A handset and a modem whose recordings hold everything personal, unscrubbed."""
    folder = tmp_path_factory.mktemp("devices")
    made = {}
    for kind, base in (("adb", HANDSET), ("at", MODEM)):
        recording = load_recording(resolve_recording(f"fixture:{base}"))
        made[kind] = _write(folder / base, base, {kind: _planted(recording, kind)})  # type: ignore[dict-item,arg-type]
        assert list(leaks((made[kind] / f"{kind}.yaml").read_text(encoding="utf-8")))
    return made


def everything(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and text of every file below a folder, of PDF, XLSX and ZIP what is inside, and of every name itself."""
    for file in sorted(folder.rglob("*")):
        yield f"the name {file}", str(file.relative_to(folder))
        if not file.is_file():
            continue
        data = file.read_bytes()
        yield str(file), data.decode("utf-8", "replace")
        if file.suffix == ".pdf":
            from pypdf import PdfReader

            reader = PdfReader(io.BytesIO(data))
            yield f"{file} text", "\n".join(page.extract_text() for page in reader.pages)
            yield f"{file} metadata", str(reader.metadata)
        if file.suffix == ".xlsx":
            with zipfile.ZipFile(file) as book:
                for name in book.namelist():
                    yield f"{file}:{name}", book.read(name).decode("utf-8", "replace")


@pytest.mark.parametrize(("request_", "text"), [*planted.AT, *planted.ADB])
def test_an_answer_alone_tells_nothing_personal(request_: str, text: str) -> None:
    assert list(leaks(text)), "the search sees what is planted"
    clean, removed = scrub_exchange(Exchange(request_, f"{text}\r\n\r\nOK\r\n".encode()))
    assert not list(leaks(clean.text))
    assert removed
    assert scrub_exchange(clean) == (clean, frozenset())


def test_what_one_answer_named_is_found_in_the_others_in_any_form() -> None:
    known = known_of(planted.SERIAL)
    for request, text in planted.ADB:
        scrub_exchange(Exchange(request, text.encode()), known=known)
    for request, text in planted.ADB_KNOWN:
        assert list(leaks(text))
        clean, _ = scrub_exchange(Exchange(request, text.encode()), known=known)
        assert not list(leaks(clean.text)), request


@pytest.mark.parametrize("request_", CELL_TEXTS)
def test_cell_ids_and_tracking_areas_go_where_asked(request_: str) -> None:
    exchange = Exchange(request_, f"{CELL_TEXTS[request_]}\r\n\r\nOK\r\n".encode())
    assert list(cell_leaks(exchange.text))
    assert list(cell_leaks(scrub_exchange(exchange)[0].text)), "they stay unless asked"
    clean, removed = scrub_exchange(exchange, cells=True)
    assert not list(cell_leaks(clean.text))
    assert removed >= {"cell_id", "tac"}


def test_a_number_of_json_stays_a_number() -> None:
    text = f'{{"tracking_area_code": {planted.TRACKING_AREA}, "cell_id": {planted.CELL_ID}, "enodeb_id": 301946}}'
    clean, _ = scrub_exchange(Exchange("uqmi --get-serving-system", text.encode()), cells=True)
    assert json.loads(clean.text) == {"tracking_area_code": 0, "cell_id": 0, "enodeb_id": 0}


def test_cells_of_every_modem_that_was_captured_go_where_asked(captures_dir: Path) -> None:
    found, searched = [], 0
    for file in sorted((captures_dir / "at").glob("*.yaml")):
        capture = yaml.safe_load(file.read_text(encoding="utf-8"))
        told = [value for value in _cells_of(capture.get("expected")) if len(value) > 3 and value.strip("0x")]
        for item in capture["transcript"]:
            text = "\r\n".join(map(str, item["response"]))
            clean, _ = scrub_exchange(Exchange(str(item["request"]), text.encode()), cells=True)
            for value in told:
                form = re.compile(
                    rf"(?<![0-9A-F:])0*{re.escape(value.lower().lstrip('0x'))}(?![0-9A-F])", re.IGNORECASE
                )
                searched += bool(form.search(text))
                found += [f"{file.name} {item['request']}: {value}" for _ in form.finditer(clean.text)]
    assert searched > 100
    # Its tracking area 1 is also a slot, a count and a year.
    assert not [one for one in found if "0001" not in one], "\n".join(found)


def _cells_of(expected: object) -> Iterator[str]:
    if isinstance(expected, dict):
        for key, value in expected.items():
            if key in ("tac", "ci", "cell_id", "nci", "lac") and isinstance(value, str | int):
                yield str(value)
            else:
                yield from _cells_of(value)
    elif isinstance(expected, list):
        for item in expected:
            yield from _cells_of(item)


@pytest.fixture(scope="module")
def outputs(devices: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every output that there is, of a run with both devices and with addresses that name a serial number."""
    pytest.importorskip("pypdf")
    work = tmp_path_factory.mktemp("run")
    both = [f"--device={devices['adb']}", f"--device={devices['at']}"]
    gone = [f"--device={address}" for address in GONE]
    more = ["--carrier=us/att@2024", "--carrier=us/t-mobile", "--junitxml=junit.xml", "-v", "--record=recorded"]
    said = {"suite": suite(*both, *gone, *more, "--report-dir=out", cwd=work)}
    said["report"] = bandproof("report", "out", "--format=html,pdf,xlsx", cwd=work)
    said["verify"] = bandproof("verify", "out", cwd=work, status={6})
    shutil.copytree(work / "out", work / "other")
    said["diff"] = bandproof("diff", "out", "other", cwd=work)
    for kind in ("adb", "at"):
        said[f"survey {kind}"] = bandproof("survey", str(devices[kind]), cwd=work)
        said[f"survey {kind} json"] = bandproof("survey", str(devices[kind]), "--json", cwd=work)
        said[f"record {kind}"] = bandproof("record", str(devices[kind]), "-o", f"again-{kind}", "--json", cwd=work)
    for number, address in enumerate(GONE):
        said[f"survey gone {number}"] = bandproof("survey", address, "--json", cwd=work, status={3})
        said[f"shown gone {number}"] = bandproof("survey", address, cwd=work, status={3})
    said["devices"] = bandproof("devices", "--json", "--timeout=1", cwd=work, status={0, 3})
    for name, text in said.items():
        (work / f"said {name}.txt").write_text(text, encoding="utf-8")
    return work


def test_no_output_of_a_run_tells_anything_personal(outputs: Path) -> None:
    searched, found = set(), []
    for name, text in everything(outputs):
        searched.add(Path(name).name)
        if Path(name).name == "said suite.txt":
            for typed in GONE:  # What the operator typed is shown on the own terminal; what is written is scrubbed.
                text = text.replace(typed, "ADDRESS")  # noqa: PLW2901
        found += [f"{name}: {leak}" for leak in leaks(text)]
    assert not found, "\n".join(found[:40])
    assert searched >= {
        *("report.html", "report.json", "report.pdf", "report.pdf text", "report.xlsx", "junit.xml", "run.json"),
        *("manifest.json", "adb.yaml", "at.yaml", "recording.yaml", "said suite.txt", "said diff.txt"),
    }


def test_what_is_no_identity_stays(outputs: Path) -> None:
    devices = json.loads((outputs / "out" / "report.json").read_text(encoding="utf-8"))["devices"]
    told = {one["device"]: one for one in devices}
    assert told[HANDSET]["identity"]["model"]
    cells = [one for one in told[MODEM]["observations"] if one["kind"] == "serving_cell"]
    assert cells[0]["arfcn"] == 66786
    assert {one["plmn"] for one in cells} >= {"310260"}


def test_with_the_switch_no_output_tells_where_the_laboratory_stands(tmp_path: Path) -> None:
    adb = [Exchange(one, text.encode()) for one, text in CELL_TEXTS.items() if not one.startswith("AT")]
    at = [Exchange(one, f"{text}\r\n\r\nOK\r\n".encode()) for one, text in CELL_TEXTS.items() if one.startswith("AT")]
    known = load_recording(resolve_recording(f"fixture:{MODEM}")).links["at"]
    at += [one for one in known if one.request not in CELL_TEXTS]
    handset = _write(tmp_path / "handset", HANDSET, {"adb": adb})
    modem = _write(tmp_path / "modem", MODEM, {"at": at})
    both = [f"--device={handset}", f"--device={modem}", "--carrier=us/t-mobile", "--junitxml=junit.xml"]
    for switch, tells in (([], True), (["--scrub-cells"], False)):
        work = tmp_path / f"work-{tells}"
        work.mkdir()
        (work / "said.txt").write_text(suite(*both, *switch, "--report-dir=out", cwd=work), encoding="utf-8")
        bandproof("report", "out", "--format=html,xlsx", cwd=work)
        found = [f"{name}: {leak}" for name, text in everything(work) for leak in cell_leaks(text)]
        assert bool(found) is tells, "\n".join(found[:20])
        cells = [
            one
            for device in json.loads((work / "out" / "report.json").read_text(encoding="utf-8"))["devices"]
            for one in device["observations"]
            if one["kind"] == "serving_cell"
        ]
        assert 66786 in {one["arfcn"] for one in cells}, "the channel stays"


def test_a_live_handset_is_scrubbed_as_a_recording_is(devices: dict[str, Path], tmp_path: Path) -> None:
    from harness.simulation.kit import adb_binaries, private_adb_server, serve_handset

    if not adb_binaries():
        pytest.skip("no adb on this machine")
    with private_adb_server() as server, serve_handset(devices["adb"], server=server) as served:
        environment = {**os.environ, **server.environment}
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--device={served.address}"]
        done = subprocess.run(
            [*command, "--carrier=us/t-mobile", "--report-dir=out", "--junitxml=junit.xml"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert done.returncode in (0, 1), done.stdout
    (tmp_path / "said.txt").write_bytes(done.stdout + done.stderr)
    found = [f"{name}: {leak}" for name, text in everything(tmp_path) for leak in leaks(text)]
    assert not found, "\n".join(found[:20])
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["devices"][0]["observations"]


def test_a_live_modem_is_scrubbed_as_a_recording_is(devices: dict[str, Path], tmp_path: Path) -> None:
    from harness.simulation.kit import serve_modem

    with serve_modem(devices["at"]) as served:
        said = suite(
            f"--device={served.address}", "--carrier=us/t-mobile", "--report-dir=out", "--junitxml=j.xml", cwd=tmp_path
        )
    (tmp_path / "said.txt").write_text(said, encoding="utf-8")
    found = [f"{name}: {leak}" for name, text in everything(tmp_path) for leak in leaks(text)]
    assert not found, "\n".join(found[:20])
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["devices"][0]["observations"]


@pytest.mark.parametrize(
    "address",
    [planted.SERIAL, f"{planted.IPV4}:5555", BY_ID, f"socket://{planted.IPV4}:4000", f"{planted.SERIAL} + COM7"],
)
def test_an_address_is_shown_without_serial_number_and_ip_address(address: str) -> None:
    assert not list(leaks(scrub_address(address)))
