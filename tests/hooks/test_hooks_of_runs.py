"""Telling others: each way against a receiver that takes it, and against those that fail in their ways."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.hooks.calling import Calls
from harness.hooks.event import encoded_event, event_of
from harness.hooks.metrics import metrics_of
from harness.hooks.senders import call_program, post, write_metrics
from harness.reports.document.document import load_document
from harness.survey.bench import Hooks, check_bench

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN = ("--report-dir=run", "--carrier=us/att@2017-03")
SAMPLE = Path(__file__).parents[2] / "reports" / "sample"
DOCUMENT = load_document(SAMPLE)


@contextmanager
def receiver(*statuses: int) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A server that answers with these, and what it was sent."""
    sent: list[tuple[dict[str, str], bytes]] = []
    left = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent.append(({"path": self.path, **dict(self.headers)}, body))
            self.send_response(left.pop(0) if left else 204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", sent
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _program(folder: Path, text: str) -> str:
    file = folder / "program"
    file.write_text(f"#!{sys.executable}\n{text}")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def test_a_program_gets_the_report_and_the_place_of_the_run(tmp_path: Path) -> None:
    program = _program(
        tmp_path,
        "import json, os, sys\n"
        "told = json.load(sys.stdin)\n"
        "open(sys.argv[1], 'w').write(told['schema'] + ' ' + os.environ['BANDPROOF_RUN'])\n",
    )
    out = tmp_path / "a b; touch x"
    assert call_program([program, str(out)], SAMPLE / "report.json", SAMPLE) is None
    assert out.read_text() == f"{DOCUMENT.schema} {SAMPLE}"


def test_a_program_that_fails_hangs_or_is_not_there_is_a_line(tmp_path: Path) -> None:
    program = _program(tmp_path, "import sys\nsys.exit('no room left')\n")
    assert call_program([program], SAMPLE / "report.json", SAMPLE) == f"the hook {program} ended with 1: no room left"
    assert "cannot be started" in (call_program([str(tmp_path / "none")], SAMPLE / "report.json", SAMPLE) or "")
    slow = _program(tmp_path, "import subprocess, time\nsubprocess.Popen(['sleep', '60'])\ntime.sleep(60)\n")
    began = time.monotonic()
    said = call_program([slow], SAMPLE / "report.json", SAMPLE, within_s=0.5)
    assert "longer than 0.5 s" in (said or "")
    assert time.monotonic() - began < 10


def test_a_webhook_gets_a_cloud_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANDPROOF_WEBHOOK_TOKEN", "word")
    with receiver() as (url, sent):
        assert post(f"{url}/here?a=b", encoded_event(DOCUMENT)) is None
    ((headers, body),) = sent
    assert headers["path"] == "/here?a=b"
    assert headers["Content-Type"].startswith("application/cloudevents+json")
    assert headers["Authorization"] == "Bearer word"
    event = json.loads(body)
    assert event["specversion"] == "1.0"
    assert {"id", "source", "type"} <= event.keys()
    assert event["id"] == DOCUMENT.run.key
    assert event["data"]["summary"]["FAIL"] == DOCUMENT.summary.FAIL
    assert len(event["data"]["results"]) == len(DOCUMENT.results)


def test_an_event_is_sent_again_as_the_same_event_where_the_receiver_fails() -> None:
    with receiver(503, 200) as (url, sent):
        assert post(url, encoded_event(DOCUMENT)) is None
    assert len(sent) == 2
    assert sent[0][1] == sent[1][1]
    with receiver(403, 200) as (url, sent):
        assert "answered 403" in (post(url, b"{}") or "")
    assert len(sent) == 1


def test_a_webhook_that_is_not_there_is_told_without_its_secret() -> None:
    said = post("http://127.0.0.1:1/services/T0SECRET", b"{}", within_s=2) or ""
    assert "127.0.0.1 cannot be reached" in said
    assert "T0SECRET" not in said


def test_a_webhook_that_never_answers_costs_its_deadline() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as deaf:
        began = time.monotonic()
        assert post(f"http://127.0.0.1:{deaf.getsockname()[1]}/", b"{}", within_s=1.0)
        assert time.monotonic() - began < 3


def test_an_event_holds_no_key_of_the_evidence() -> None:
    told = json.dumps(event_of(DOCUMENT))
    assert "observations" not in told
    assert "address" not in told


SERIES = re.compile(r'^[a-z_]+\{([a-z]+="(?:[^"\\\n]|\\["\\n])*",?)*\} [0-9.e+]+$')


def test_metrics_are_a_textfile_that_a_collector_reads(tmp_path: Path) -> None:
    from msgspec.structs import replace

    document = replace(DOCUMENT, lab=replace(DOCUMENT.lab, name='a "lab"\\\nof two lines'))
    file = tmp_path / "bandproof.prom"
    assert write_metrics(file, document) is None
    assert [one.name for one in tmp_path.iterdir()] == ["bandproof.prom"]
    assert file.stat().st_mode & 0o777 == 0o644
    lines = file.read_text().splitlines()
    for line in lines:
        assert line.startswith(("# HELP ", "# TYPE ")) or SERIES.match(line), line
    assert any("bandproof_verdicts{" in one and 'verdict="FAIL"} ' in one for one in lines)
    assert not any(one.device in metrics_of(document) for one in document.devices)
    said = write_metrics(tmp_path / "none" / "x.prom", document)
    assert "cannot be written" in (said or "")


def test_all_hooks_are_called_at_the_same_time(tmp_path: Path) -> None:
    program = _program(tmp_path, "import sys\nsys.exit(3)\n")
    with receiver(500, 500) as (url, sent):
        hooks = Hooks(command="./program", webhook=url, textfile="out.prom")
        said = sorted(Calls(hooks, tmp_path, SAMPLE, DOCUMENT).lines())
    assert said == [f"the hook {program} ended with 3", "the webhook at 127.0.0.1 answered 500"]
    assert (tmp_path / "out.prom").exists()
    assert len(sent) == 2


@pytest.mark.parametrize("line", ["webhook: ftp://x/", "textfile: metrics.txt", "pager: now"])
def test_what_a_bench_file_cannot_say(tmp_path: Path, line: str) -> None:
    bench = tmp_path / "bench.yaml"
    bench.write_text(
        f"format: bandproof.bench/1\ndevices:\n  dut: {{recording: fixture:xiaomi-mi-mix-2-global}}\nhooks:\n  {line}\n"
    )
    _, problems = check_bench(bench)
    assert [place[0] for place, _ in problems] == [5]


def test_failing_hooks_change_nothing_of_a_run(tmp_path: Path) -> None:
    _program(tmp_path, "import sys\nsys.exit('no')\n")
    bench = tmp_path / "bench.yaml"
    bench.write_text(
        "format: bandproof.bench/1\nname: rack\ndevices:\n  dut: {recording: fixture:xiaomi-mi-mix-2-global}\n"
        "hooks: {command: ./program, webhook: 'http://127.0.0.1:1/', textfile: none/x.prom}\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--bench={bench}", *RUN],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("warning: the ") == 3
    assert done.stdout.splitlines()[-1] == "report run/report.html"
    assert load_document(tmp_path / "run").run.bench == "rack"
