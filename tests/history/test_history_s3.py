"""A history in an object store that speaks S3, as a server of this machine serves one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from made_runs import MadeRun, append

from harness.history.rows import encoded_rows, key_of
from harness.history.store import Store
from harness.history.upkeep import keep_up

pytest.importorskip("moto.server", reason="moto[server] serves the store; nothing else needs it")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRITER = """
import sys
from pathlib import Path
from harness.history.store import Store
store = Store(sys.argv[1])
for file in map(Path, sys.argv[2:]):
    print(store.append(file, file.stem), flush=True)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Where it listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A table in an empty bucket."""
    told = {
        "AWS_ENDPOINT_URL": server,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_REGION": "us-east-1",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    request = urllib.request.Request(f"{server}/lab-{time.monotonic_ns()}", method="PUT")
    urllib.request.urlopen(request, timeout=20).close()
    return Store(f"s3:/{request.selector}/history")


def _runs(store: Store) -> list[str]:
    return [run for (run,) in store.view().execute("SELECT run FROM history WHERE row = 'run' ORDER BY run").fetchall()]


def test_runs_are_counted_once_and_joined(bucket: Store, tmp_path: Path) -> None:
    assert not bucket.exists()
    assert append(bucket, tmp_path, MadeRun(), MadeRun(), MadeRun(id="7f3a90c3")) == ["appended", "known", "appended"]
    assert append(bucket, tmp_path, MadeRun(day="2026-10-02")) == ["appended"]
    kept = keep_up(bucket, every=1)
    assert kept is not None
    assert kept.joined == 2
    assert len(_runs(bucket)) == 3
    assert len(bucket.view(since="2026-11").execute("SELECT run FROM history WHERE row = 'run'").fetchall()) == 2
    assert append(bucket, tmp_path, MadeRun()) == ["known"]


def test_writers_at_once_lose_nothing(bucket: Store, tmp_path: Path) -> None:
    files: list[list[str]] = []
    for writer in range(3):
        files.append([])
        for number in range(3):
            document = MadeRun(id=f"{writer:04}{number:04}").document()
            file = tmp_path / f"{key_of(document)}.ndjson"
            file.write_bytes(encoded_rows(document))
            files[-1].append(str(file))
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, bucket.uri, *mine, files[0][0]],
            env=dict(os.environ),
            stdout=subprocess.PIPE,
            text=True,
        )
        for mine in files
    ]
    said = [word for one in writers for word in one.communicate(timeout=120)[0].split()]
    assert said.count("appended") == 9
    assert said.count("known") == 3
    assert len(_runs(bucket)) == 9
