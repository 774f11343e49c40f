"""Who may come in, and what is never sent: asked of the real server, with nothing between."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from harness.cli import main

if TYPE_CHECKING:
    from conftest import ServedPage

Serve = Callable[..., "ServedPage"]
TOKEN, READER = "operator-token-0123456789", "reader-token-01234567890"


def _ask(
    page: ServedPage, path: str = "/", method: str = "GET", form: dict[str, str] | None = None, **headers: str
) -> tuple[int, dict[str, str], str]:
    link = http.client.HTTPConnection("127.0.0.1", page.port, timeout=10)
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    body = urlencode(form) if form is not None else None
    link.request(method, path, body, told)
    answer = link.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    link.close()
    return found


@pytest.fixture
def tokens(tmp_path: Path) -> list[str]:
    (tmp_path / "operator").write_text(f"{TOKEN}\n")
    (tmp_path / "reader").write_text(f"{READER}\n")
    return [f"--token-file={tmp_path / 'operator'}", f"--reader-token-file={tmp_path / 'reader'}"]


def test_the_policy_is_strict_and_nothing_is_from_elsewhere(serve: Serve) -> None:
    status, headers, text = _ask(serve())
    assert status == 200
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "http://" not in text
    assert "https://" not in text
    assert "<script>" not in text
    assert " style=" not in text
    assert " onclick" not in text


def test_foreign_hosts_and_origins_are_refused(serve: Serve) -> None:
    page = serve()
    here = f"http://127.0.0.1:{page.port}"
    order = {"device": "mix2-1", "carriers": "us/att@2017-03"}
    assert _ask(page, Host="evil.example")[0] == 400
    assert _ask(page, "/events", Host="127.0.0.1.evil.example")[0] == 400
    for origin in ("http://evil.example", "null", f"http://127.0.0.1:{page.port + 1}", ""):
        assert _ask(page, "/runs", "POST", order, Origin=origin)[0] == 403, origin
    assert _ask(page, "/runs", "POST", order, Sec_Fetch_Site="cross-site")[0] == 403
    assert not list(page.live.glob("*"))
    assert _ask(page, "/runs", "POST", order, Origin=here)[0] == 303


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"device": "unknown"},
        {"device": "--collect-only"},
        {"device": "mix2-1", "carriers": "--report-dir=/tmp/x"},
        {"device": "mix2-1", "carriers": "us/att;reboot"},
        {"device": "mix2-1", "policy": "--help"},
        {"preset": "nothing"},
        {"device": "mix2-1", "tab": "x" * 100},
    ],
)
def test_what_is_no_order_starts_nothing(serve: Serve, order: dict[str, str]) -> None:
    page = serve()
    assert _ask(page, "/runs", "POST", order)[0] == 400
    assert "is starting" not in _ask(page)[2]


def test_a_form_without_end_is_refused(serve: Serve) -> None:
    assert _ask(serve(), "/runs", "POST", {"device": "x" * 100_000})[0] == 400


@pytest.mark.parametrize(
    "path",
    [
        "/runs/2026-11-30T08-00-00Z-aaaaaaaa/report.html",
        "/runs/..%2f..%2fetc/passwd",
        "/runs/%2e%2e/bench.yaml",
        "/runs/x/report.html",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/diff?before=..&after=..",
        "/runs/x/run.json",
    ],
)
def test_no_file_but_a_report_is_handed_out(serve: Serve, path: str) -> None:
    assert _ask(serve(), path)[0] == 404


def test_a_token_becomes_a_cookie_and_leaves_the_address(serve: Serve, tokens: list[str]) -> None:
    page = serve(*tokens)
    assert _ask(page)[0] == 401
    assert _ask(page, "/events")[0] == 401
    assert _ask(page, "/static/bench.js")[0] == 401
    assert _ask(page, "/?token=wrong-token-wrong-token")[0] == 401
    status, headers, _ = _ask(page, f"//evil.example/?token={TOKEN}")
    assert (status, headers["location"]) == (303, "/evil.example/")
    status, headers, _ = _ask(page, f"/?token={TOKEN}")
    assert (status, headers["location"]) == (303, "/")
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert _ask(page, Cookie=cookie.partition(";")[0])[0] == 200
    assert _ask(page, Authorization=f"Bearer {TOKEN}")[0] == 200
    assert _ask(page, Authorization=f"Basic {TOKEN}")[0] == 401


def test_a_reader_looks_and_does_not_act(serve: Serve, tokens: list[str]) -> None:
    page = serve(*tokens)
    reader, operator = ({"Authorization": f"Bearer {word}"} for word in (READER, TOKEN))
    status, _, text = _ask(page, **reader)
    assert status == 200
    assert 'name="carriers"' not in text
    for path in ("/runs", "/runs/x/abort", "/prompts/x"):
        assert _ask(page, path, "POST", {"device": "mix2-1"}, **reader)[0] == 403
    assert 'name="carriers"' in _ask(page, **operator)[2]


def _certificate(folder: Path) -> list[str]:
    """A key and a certificate of its own for bench3.example.com."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bench3.example.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("bench3.example.com")]), critical=False)
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *form))
    return [f"--tls-cert={folder / 'cert.pem'}", f"--tls-key={folder / 'key.pem'}"]


def test_elsewhere_it_is_served_by_tls_alone_and_with_a_token(serve: Serve, tokens: list[str], tmp_path: Path) -> None:
    named = ["--host=0.0.0.0", "--name=bench3.example.com"]
    page = serve(*named, *tokens[:1], *_certificate(tmp_path))
    assert page.url.startswith("https://bench3.example.com:")
    context = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))

    def asked(**headers: str) -> int:
        told = {"Host": f"bench3.example.com:{page.port}"} | headers
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        plain = socket.create_connection(("127.0.0.1", page.port), timeout=10)
        with context.wrap_socket(plain, server_hostname="bench3.example.com") as link:
            link.sendall(f"GET / HTTP/1.1\r\n{lines}Connection: close\r\n\r\n".encode())
            return int(link.recv(100).split()[1])

    assert asked(Authorization=f"Bearer {TOKEN}") == 200
    assert asked() == 401
    assert asked(Authorization=f"Bearer {TOKEN}", Host="127.0.0.1") == 400
    with pytest.raises((http.client.HTTPException, OSError)):
        _ask(page, Authorization=f"Bearer {TOKEN}", Host="bench3.example.com")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host=0.0.0.0"], "open to others"),
        (["--host=0.0.0.0", "--token-file=good"], "open to others"),
        (["--tls-cert=good"], "--tls-key"),
        (["--token-file=short"], "can be guessed"),
        (["--token-file=none"], "cannot be read"),
    ],
)
def test_what_is_not_safe_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good").write_text(TOKEN)
    (tmp_path / "short").write_text("1234")
    assert main(["serve", *options]) in {2, 4}
    assert words in capsys.readouterr().err


def test_the_extra_is_named_where_it_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("harness.commands.serve.find_spec", lambda _: None)
    assert main(["serve"]) == 2
    assert "pip install 'bandproof[serve]'" in capsys.readouterr().err


def test_a_run_and_the_light_commands_import_nothing_of_it(tmp_path: Path) -> None:
    code = (
        "import sys, json, pytest\n"
        "pytest.main(['-q', '-p', 'no:cacheprovider', '--device=fixture:xiaomi-mi-mix-2-global', "
        "'--carrier=us/att@2017-03', '--report-dir=run'])\n"
        "from harness.cli import main\nmain(['band', '12'])\n"
        "never = {'starlette', 'uvicorn', 'playwright', 'labgrid', 'grpc', 'deltalake', 'duckdb', 'harness.serve.app',"
        " 'harness.lab.places', 'harness.history.store', 'harness.hooks.senders'}\n"
        "print(json.dumps(sorted(never & sys.modules.keys())))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert "report run/report.html" in lines
    assert json.loads(lines[-1]) == []
