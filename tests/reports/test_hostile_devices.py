"""Text that a device chose to do harm reaches every output as text: no script, no formula, no escape, no file of its own."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import socketserver
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from harness.recording.exchange import Exchange, Interruption, Recording
from harness.recording.files import load_recording, resolve_recording
from harness.recording.writer import RecordingWriter

HANDSET = "xiaomi-mi-mix-2-global"
LISTENER = "http://127.0.0.1:{port}/"
MARK = "pwned-by-device"
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
PAYLOADS = (
    f"<script>document.title='{MARK}';fetch('LISTENER')</script>",
    f"<img src=x onerror=\"document.title='{MARK}'\"><img src='LISTENERimg'>",
    f"</style></pre></td></table></title><svg/onload=document.title='{MARK}'><iframe src='LISTENERframe'></iframe>",
    f"javascript:document.title='{MARK}'//' onmouseover='x \" autofocus onfocus=\"document.title='{MARK}'",
    "--><link rel=stylesheet href='LISTENERcss'><base href='LISTENER'><meta http-equiv=refresh content='0;url=LISTENERmeta'>",
    "{{ 7*191919 }}{% raw %}${7*191919}",
    "=cmd|' /C calc'!A0",
    '+HYPERLINK("LISTENERxlsx";"click")',
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "LISTENERurl",
    "\x1b[2J\x1b]0;owned\x07\x1b[31mred\x1b[0m",
    "\x9b31mC1\x9d0;title\x9c",
    "abc\u202egnp.exe\u2066x\u2069\u200b\ufeff",
    "../../../../../../tmp/bandproof-escaped",
    "..\\..\\windows\\system32",
    "/etc/passwd\x00.html",
    "!!python/object/apply:os.system ['touch /tmp/bandproof-yaml']",
    "&anchor *anchor !<tag:yaml.org,2002:python/name:os.system>",
    "a: b\n- c\n? d\n---\n...\n%YAML 1.1",
    "]]><!DOCTYPE x [<!ENTITY e SYSTEM 'LISTENERxml'>]>&e;<![CDATA[",
    "\ufffe\uffff\x01\x02\x0b\x0c",
    "%s%n%x{0}{0.__class__}$(touch x)`touch x`;touch x|touch x",
    "a\u0301" * 12,
    "Zal" + "\u0336\u0310\u0489" * 20,
)


@dataclass
class Listener:
    """A server on this machine that counts who comes."""

    port: int
    came: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return LISTENER.format(port=self.port)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    came: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            came.append(self.rfile.readline().decode(errors="replace"))
            self.wfile.write(b"HTTP/1.0 204 No Content\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Listener(server.server_address[1], came)
        server.shutdown()


def hostile(recording: Recording, listener: Listener) -> list[Exchange]:
    """The recording with a payload in every field that a device fills in with words of its own."""
    texts = [payload.replace("LISTENER", listener.url) for payload in PAYLOADS]
    number = 0

    def turn() -> str:
        """All of them, each time another one first: a formula must begin its cell."""
        nonlocal number
        number += 1
        first = number % len(texts)
        return " ".join((*texts[first:], *texts[:first]))

    words = re.compile(
        r"^(\[ro\.(?:product|build|boot|miui|soc|com)[^\]]*\]: \[|\[gsm\.[^\]]*\]: \[)([^\]\n]*[A-Za-z][^\]\n]*)\]$",
        re.M,
    )
    names = re.compile(r"((?:mOperatorAlpha\w+|mAlpha\w+|carrierName|displayName|mSimCarrierName)\s?=\s?)([^,}\n]+)")
    changed = []
    for one in recording.links["adb"]:
        text = one.response.decode("utf-8", "replace")
        text = words.sub(lambda match: f"{match[1]}{turn().replace(chr(10), ' ').replace(']', '')}]", text)
        text = names.sub(lambda match: f"{match[1]}{turn().replace(',', ';')}", text)
        text += "".join(f"[ro.product.extra.{n}]: [{value}]\n{value}\n" for n, value in enumerate(texts))
        data = text.encode("utf-8", "surrogatepass") + b"\xff\xfe\xc3\x28 \xed\xa0\x80 broken\n"
        changed.append(replace(one, response=data, stderr=turn().encode("utf-8", "surrogatepass")))
    return changed


def broken(recording: Recording, listener: Listener) -> list[Exchange]:
    """The recording of a handset that was lost with hostile last words."""
    words = " ".join(PAYLOADS).replace("LISTENER", listener.url)
    first = recording.links["adb"][0]
    return [first, Exchange("dumpsys isub", words.encode("utf-8", "replace"), error=Interruption("DeviceGone", words))]


def suite(*options: str, cwd: Path) -> bytes:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", "-rA", "--color=no", *options]
    done = subprocess.run(command, cwd=cwd, capture_output=True, timeout=120, check=False)
    said = done.stdout + done.stderr
    assert done.returncode in (0, 1), said.decode(errors="replace")
    return said


def report(*arguments: str, cwd: Path, status: int = 0) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "harness.cli", *arguments], cwd=cwd, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == status, done.stderr.decode(errors="replace")
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Path:
    """A run of a hostile handset, in every form. `said` is what the terminal got."""
    work = tmp_path_factory.mktemp("hostile")
    recording = load_recording(resolve_recording(f"fixture:{HANDSET}"))
    for name, exchanges in (("device", hostile(recording, listener)), ("lost", broken(recording, listener))):
        with RecordingWriter(work / name, replace(recording.info, sha256={}), reveal=True) as writer:
            for exchange in exchanges:
                writer.append("adb", exchange)
    said = suite(
        f"--device={work / 'device'}",
        f"--device={work / 'lost'}",
        "--carrier=us",
        "--junitxml=junit.xml",
        "--report-dir=out",
        cwd=work,
    )
    said += report("report", "out", "--format=html,pdf,xlsx", cwd=work)
    said += report("survey", str(work / "device"), cwd=work)
    said += report("survey", str(work / "lost"), cwd=work, status=3)
    files = ("--csv=fit.csv", "--xlsx=fit.xlsx")
    said += report("fit", str(work / "device"), "--country=us", *files, cwd=work, status=1)
    (work / "said").write_bytes(said)
    return work


def test_the_hostile_text_is_in_the_report_at_all(run: Path) -> None:
    document = json.loads((run / "out" / "report.json").read_text(encoding="utf-8"))
    told = json.dumps(document["devices"])
    assert "script" in told
    assert "=cmd|" in told
    assert document["verdicts"]


def test_the_terminal_gets_no_control_sign(run: Path) -> None:
    said = (run / "said").read_bytes().decode("utf-8")
    assert not [line for line in said.splitlines() if UNSEEN.search(line)]


def test_junit_is_well_formed(run: Path) -> None:
    tree = ElementTree.parse(run / "junit.xml")
    assert len(list(tree.iter("testcase"))) > 20
    text = (run / "junit.xml").read_bytes().decode("utf-8")
    assert "<!ENTITY" not in text
    assert not UNSEEN.search(text)


def test_files_are_named_by_us(run: Path) -> None:
    names = [path.relative_to(run).as_posix() for path in run.rglob("*")]
    assert all(re.fullmatch(r"[A-Za-z0-9._/@-]+", name) for name in names), names
    assert not Path("/tmp/bandproof-escaped").exists()
    assert not Path("/tmp/bandproof-yaml").exists()


def test_evidence_and_run_are_plain_yaml_and_json(run: Path) -> None:
    for path in (run / "out").rglob("*.yaml"):
        if "profiles" in path.parts:
            continue
        tokens = list(yaml.scan(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader))
        kinds = {type(token).__name__ for token in tokens}
        assert not kinds & {"AnchorToken", "AliasToken"}, path
        tags = {token.value for token in tokens if isinstance(token, yaml.TagToken)}
        assert tags <= {("!!", "binary")}, path
    for path in (run / "out").rglob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))


def test_the_workbook_holds_no_formula_and_no_link(run: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(run / "out" / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("=cmd|" in str(cell.value) for cell in cells)
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert not [cell.coordinate for cell in cells if isinstance(cell.value, str) and UNSEEN.search(cell.value)]
    with zipfile.ZipFile(run / "out" / "report.xlsx") as archive:
        parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    assert not [name for name, part in parts.items() if "<f>" in part or 'TargetMode="External"' in part]
    assert not [name for name in parts if "vba" in name.lower() or "externalLink" in name]


def test_tables_of_carriers_hold_no_formula(run: Path) -> None:
    with (run / "fit.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert len(cells) > 20
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not cell[1:].isdigit()]
    assert not [cell for cell in cells if UNSEEN.search(cell)]


def test_the_pdf_holds_no_action_and_no_foreign_link(run: Path, listener: Listener) -> None:
    pypdf = pytest.importorskip("pypdf")
    reader = pypdf.PdfReader(run / "out" / "report.pdf")
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "script" in text
    actions = [note.get_object().get("/A", {}) for page in reader.pages for note in page.get("/Annots", ()) or ()]
    assert not [action for action in actions if action.get("/S") in ("/JavaScript", "/Launch", "/SubmitForm")]
    assert not [action for action in actions if str(listener.port) in str(action.get("/URI", ""))]
    root = reader.trailer["/Root"]
    assert "/OpenAction" not in root or "/JavaScript" not in str(root["/OpenAction"])
    assert "/JavaScript" not in str(root.get("/Names", ""))
    assert not listener.came


def _dom(page: Path, folder: Path) -> str:
    # Only Chromium itself: its own services would make requests too.
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *quiet]
    done = subprocess.run(
        [*command, f"--user-data-dir={folder}", "--virtual-time-budget=3000", "--dump-dom", page.as_uri()],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-500:]
    return done.stdout.decode("utf-8", "replace")


@pytest.mark.parametrize("guarded", [True, False], ids=["as it is", "without its policy"])
def test_in_a_browser_no_script_runs_and_no_request_leaves(
    run: Path, listener: Listener, tmp_path: Path, guarded: bool
) -> None:
    if shutil.which("chromium") is None:
        pytest.skip("no chromium on this machine (Debian package chromium)")
    text = (run / "out" / "report.html").read_text(encoding="utf-8")
    policy = re.search(r"<meta[^>]+Content-Security-Policy[^>]*>", text)
    assert policy is not None
    # Even without the content security policy nothing of the device is markup.
    page = tmp_path / "page.html"
    page.write_text(text if guarded else text.replace(policy[0], ""), encoding="utf-8")
    title = re.search(r"<title>([^<]*)</title>", text)
    before = len(listener.came)
    dom = _dom(page, tmp_path / "profile")
    told = re.search(r"<title>([^<]*)</title>", dom)
    assert title is not None
    assert told is not None
    assert told[1] == title[1]
    assert MARK not in told[1]
    assert len(listener.came) == before, listener.came
    for element in ("script", "iframe", "img", "base", "object", "embed", "form", "link"):
        assert f"<{element}" not in dom, element
    assert not re.search(r"<[a-z]+[^>]*\son[a-z]+=", re.sub(r'"[^"<]*"', "", dom))


def test_the_browser_test_would_see_a_script_and_a_request(listener: Listener, tmp_path: Path) -> None:
    if shutil.which("chromium") is None:
        pytest.skip("no chromium on this machine (Debian package chromium)")
    page = tmp_path / "page.html"
    page.write_text(
        f"<title>x</title><body>{PAYLOADS[0]}{PAYLOADS[1]}".replace("LISTENER", listener.url), encoding="utf-8"
    )
    before = len(listener.came)
    dom = _dom(page, tmp_path / "profile")
    assert f"<title>{MARK}</title>" in dom
    until = time.monotonic() + 5
    while len(listener.came) == before and time.monotonic() < until:
        threading.Event().wait(0.05)
    assert len(listener.came) > before


def test_ten_million_signs_in_a_field_are_no_burden(tmp_path: Path) -> None:
    long = "A" * 10_000_000
    recording = load_recording(resolve_recording(f"fixture:{HANDSET}"))
    with RecordingWriter(tmp_path / "device", replace(recording.info, sha256={}), reveal=True) as writer:
        for one in recording.links["adb"]:
            text = one.response.decode()
            text = text.replace("[ro.product.model]: [", f"[ro.product.model]: [{long}")
            text = re.sub(r"(mOperatorAlphaLong=)", rf"\1{long}", text, count=1)
            writer.append("adb", replace(one, response=text.encode()))
    start = sum(os.times()[2:4])
    said = suite(
        f"--device={tmp_path / 'device'}", "--carrier=us/att", "--junitxml=j.xml", "--report-dir=out", cwd=tmp_path
    )
    said += report("report", "out", "--format=html,xlsx,pdf", cwd=tmp_path)
    assert sum(os.times()[2:4]) - start < 60, "CPU of the children"
    assert max(map(len, said.splitlines())) < 2000
    ElementTree.parse(tmp_path / "j.xml")
    for name in ("report.html", "report.xlsx", "report.pdf"):
        assert (tmp_path / "out" / name).stat().st_size < 5_000_000, name


def test_a_live_modem_with_a_hostile_name_names_no_file(tmp_path: Path) -> None:
    from harness.simulation.kit import serve_modem

    name = "../../../../bandproof-escaped<script>\x1b[2J=cmd"
    recording = load_recording(resolve_recording("fixture:quectel-rm520n-gl"))
    with RecordingWriter(tmp_path / "device", replace(recording.info, sha256={}), reveal=True) as writer:
        for one in recording.links["at"]:
            text = one.response.decode().replace("RM520N-GL", name) if one.request == "ATI" else one.response.decode()
            writer.append("at", replace(one, response=text.encode()))
    with serve_modem(tmp_path / "device") as served:
        said = suite(
            f"--device={served.address}", "--carrier=us/t-mobile", "--junitxml=j.xml", "--report-dir=out", cwd=tmp_path
        )
    assert b"\x1b" not in said
    names = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")]
    assert all(re.fullmatch(r"[A-Za-z0-9._/@-]+", one) for one in names), names
    assert not any(".." in one for one in names)
    ElementTree.parse(tmp_path / "j.xml")
