"""Time from outside: a token of RFC 3161 over the manifest, kept with the run and checked offline."""

from __future__ import annotations

import http.server
import json
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from test_verify import MIX2, resealed, run_pytest

from harness.cli import main
from harness.reports.run.seals import time_token
from harness.reports.run.seals.manifest import TOKEN
from harness.reports.run.verify import examine

pytestmark = pytest.mark.slow
CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[stamp]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
basicConstraints = critical, CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[req]
distinguished_name = name
[name]
"""


class Authority:
    """A time stamping authority made with openssl, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "serial").write_text("01\n")
        (folder / "c.cnf").write_text(CONFIG.format(folder=folder))
        self.root = folder / "root.pem"
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self._openssl("req", "-x509", *key, "-keyout", "rk.pem", "-out", "root.pem", "-days", "9", *self._as("root"))
        self._openssl("req", *key, "-keyout", "k.pem", "-out", "c.csr", "-subj", "/CN=stamp", "-config", "c.cnf")
        ca = ("-CA", "root.pem", "-CAkey", "rk.pem", "-CAcreateserial", "-days", "9")
        self._openssl("x509", "-req", "-in", "c.csr", *ca, "-out", "c.pem", "-extfile", "c.cnf", "-extensions", "stamp")

    def _as(self, name: str) -> tuple[str, ...]:
        return ("-subj", f"/CN={name}", "-config", "c.cnf", "-extensions", name)

    def _openssl(self, *words: str) -> None:
        found = subprocess.run(["openssl", *words], cwd=self.folder, capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stderr

    def answer(self, query: bytes) -> bytes:
        (self.folder / "q.tsq").write_bytes(query)
        signer = ("-signer", "c.pem", "-inkey", "k.pem")
        self._openssl("ts", "-reply", "-config", "c.cnf", "-queryfile", "q.tsq", *signer, "-out", "r.tsr")
        return (self.folder / "r.tsr").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    pytest.importorskip("rfc3161_client", reason="the extra timestamp is not installed")
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    return Authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_pytest(tmp_path_factory.mktemp("run"), f"--device=fixture:{MIX2}", "--carrier=us/sprint@2013-09")


@pytest.fixture
def run(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv(time_token.VARIABLE, raising=False)
    return Path(shutil.copytree(finished, tmp_path / "run"))


def stamped(run: Path, authority: Authority) -> Path:
    (run / TOKEN).write_bytes(authority.answer(time_token.request(run)))
    return run


def test_a_token_by_way_of_files_is_kept_and_checked_offline(run, authority, tmp_path, capsys):
    query, answer = tmp_path / "run.tsq", tmp_path / "run.tsr"
    assert main(["keys", "stamp", str(run), f"--request={query}"]) == 0
    answer.write_bytes(authority.answer(query.read_bytes()))
    assert main(["keys", "stamp", str(run), f"--response={answer}"]) == 0
    assert (run / TOKEN).read_bytes() == answer.read_bytes()
    capsys.readouterr()
    # Time is no signature: who made the run is as open as before.
    assert main(["verify", str(run), f"--tsa-root={authority.root}"]) == 6
    told = capsys.readouterr().out
    assert "a trusted authority attests that the manifest was there on 20" in told
    assert "it does not attest" in told
    assert main(["verify", str(run), f"--tsa-root={authority.root}", "--json"]) == 6
    assert json.loads(capsys.readouterr().out)["attested"].startswith("20")


def test_an_authority_is_asked_over_http(run, authority, capsys):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == time_token.REQUEST_TYPE
            answer = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        assert main(["keys", "stamp", str(run), f"--tsa=http://127.0.0.1:{server.server_port}/"]) == 0
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert examine(run, tsa_roots=authority.root).token.time
    assert main(["keys", "stamp", str(run), "--tsa=file:///etc/passwd"]) == 2
    assert main(["keys", "stamp", str(run), "--tsa=http://127.0.0.1:1/"]) == 4


def test_without_a_trusted_root_a_token_proves_nothing_and_verify_says_so(run, authority):
    found = examine(stamped(run, authority))
    assert not found.faults
    assert "no authority is trusted here, so it proves nothing" in found.token.words
    assert found.token.time is None


def test_a_token_of_another_authority_run_or_of_no_sense_is_named(run, finished, authority, tmp_path):
    strange = Authority(tmp_path / "strange")
    stamped(run, strange)
    faults = [str(one) for one in examine(run, tsa_roots=authority.root).faults]
    assert any("no token of an authority that is trusted here" in one for one in faults)
    other = tmp_path / "other"
    shutil.copytree(finished, other)
    (other / "manifest.json").write_bytes((other / "manifest.json").read_bytes() + b"\n")
    (run / TOKEN).write_bytes(authority.answer(time_token.request(other)))
    for roots in (None, authority.root):
        assert any("over another manifest" in str(one) for one in examine(run, tsa_roots=roots).faults)
    for junk in (b"", b"\x30\x03\x02\x01\x02", b"A" * 4000):
        (run / TOKEN).write_bytes(junk)
        assert any("no granted time token" in str(one) for one in examine(run, tsa_roots=authority.root).faults)
        (tmp_path / "junk").write_bytes(junk)
        assert main(["keys", "stamp", str(run), f"--response={tmp_path / 'junk'}"]) == 4


def test_every_byte_of_a_token_that_is_changed_is_noticed_or_changes_nothing(run, authority):
    good = stamped(run, authority).joinpath(TOKEN).read_bytes()
    true = examine(run, tsa_roots=authority.root).token.time
    for place in range(0, len(good), max(1, len(good) // 40)):
        changed = bytearray(good)
        changed[place] ^= 1
        (run / TOKEN).write_bytes(changed)
        found = time_token.examine_token(run, authority.root, None)
        assert found.faults or found.time == true, place


def test_a_token_from_before_the_runs_end_is_named(run, authority):
    stamped(run, authority)
    found = time_token.examine_token(run, authority.root, "2099-01-01T00:00:00.000Z")
    assert any("before the run's end" in str(one) for one in found.faults)


def test_a_run_that_was_changed_and_sealed_anew_has_no_token_any_more(run, authority):
    stamped(run, authority)
    (run / "run.json").write_bytes((run / "run.json").read_bytes() + b"\n")
    resealed(run)
    assert any("over another manifest" in str(one) for one in examine(run, tsa_roots=authority.root).faults)


def test_a_file_without_certificates_is_wrong_input(run, authority, tmp_path):
    stamped(run, authority)
    (tmp_path / "none.pem").write_text("nothing")
    assert main(["verify", str(run), f"--tsa-root={tmp_path / 'none.pem'}"]) == 4


def test_without_the_extra_a_token_is_not_checked_and_it_is_said(run, authority, monkeypatch, capsys):
    stamped(run, authority)
    monkeypatch.setitem(__import__("sys").modules, "rfc3161_client", None)
    assert main(["verify", str(run)]) == 6
    assert "pip install bandproof[timestamp]" in capsys.readouterr().out
    assert main(["keys", "stamp", str(run), f"--request={run.parent / 'x'}"]) == 2
