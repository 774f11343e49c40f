"""`bandproof collect`: logs of a maker's app come whole, under names that are safe here, or not at all."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import LinkError
from harness.links.adb.files import HandsetFile
from harness.simulation.kit import HandsetOptions, adb_binaries, private_adb_server, serve_handset
from harness.survey.modem_logs import FOLDERS, collect_logs, find_logs

CONTENT = bytes(range(256)) * 1000


class Files:
    """Folders and files of a handset."""

    def __init__(self, files: dict[str, bytes], *, broken: str = "") -> None:
        self.files, self.broken = files, broken

    def list_folder(self, path: str, *, deadline_s: float) -> list[HandsetFile]:
        inside = {name.removeprefix(f"{path}/") for name in self.files if name.startswith(f"{path}/")}
        return [
            HandsetFile(name.partition("/")[0], len(self.files.get(f"{path}/{name}", b"")), 0, "/" in name)
            for name in sorted(inside)
        ]

    def pull(self, path: str, keep, *, deadline_s: float) -> int:
        keep(self.files[path][:1000])
        if path == self.broken:
            raise LinkError("it ended early")
        keep(self.files[path][1000:])
        return len(self.files[path])


def test_logs_are_found_below_the_folder_and_nothing_else():
    files = Files({"/a/x.qmdl": b"1", "/a/b/c/y.SDM": b"1", "/a/z.txt": b"1", "/a/empty.qmdl": b"", "/b/w.qmdl": b"1"})
    found = [path for path, _ in find_logs(files, ("/a/",), deadline_s=0)]
    assert found == ["/a/x.qmdl", "/a/b/c/y.SDM"]


def test_what_ends_early_leaves_no_file(tmp_path):
    files = Files({"/a/x.qmdl": CONTENT, "/a/y.dlf": CONTENT}, broken="/a/x.qmdl")
    told: list[str] = []
    found = collect_logs(files, ("/a",), tmp_path, seconds=60, told=told.append)
    assert [one.path.name for one in found] == ["y.dlf"]
    assert [one.name for one in tmp_path.iterdir()] == ["y.dlf"]
    assert found[0].sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert "it ended early" in told


@pytest.mark.parametrize("name", ["..qmdl", "a b;rm -rf.qmdl", "\x1b[2J.qmdl", "é.qmdl", "x" * 300 + ".qmdl"])
def test_a_hostile_name_stays_in_the_folder(tmp_path, name):
    files = Files({f"/a/{name}": b"log", f"/a/b/{name}": b"log2"})
    found = collect_logs(files, ("/a",), tmp_path, seconds=60, told=lambda _: None)
    assert len({one.path for one in found}) == 2
    for one in found:
        assert one.path.parent == tmp_path
        assert one.path.name.isascii()
        assert one.path.name.isprintable()


@pytest.mark.skipif(not adb_binaries(), reason="no adb")
def test_over_a_real_adb_server(tmp_path):
    folder = FOLDERS[0][1]
    files = {f"{folder}/20260101/diag.qmdl": CONTENT, f"{folder}/note.txt": b"x"}
    with (
        private_adb_server() as server,
        serve_handset("fixture:xiaomi-mi-mix-2-global", options=HandsetOptions(files=files), server=server) as served,
    ):
        root = Path(__file__).parents[2]
        done = subprocess.run(
            [sys.executable, "-m", "harness.cli", "collect", served.address, "-o", str(tmp_path / "logs"), "--json"],
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(root), **server.environment}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        (log,) = json.loads(done.stdout)["logs"]
        assert Path(log["file"]).read_bytes() == CONTENT
        assert log["sha256"] == hashlib.sha256(CONTENT).hexdigest()
