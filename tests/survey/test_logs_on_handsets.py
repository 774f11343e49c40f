"""Modem logs of makers' apps: which are found, how they are named here, and that one bad log costs that log alone."""

from __future__ import annotations

import hashlib
import time
from types import SimpleNamespace

import pytest

from harness.errors import FileError, LinkError
from harness.survey import modem_logs
from harness.survey.modem_logs import PulledLog, collect_logs, find_logs, pull_log


class Files:
    """A handset's files: folder -> {name: octets or None for a folder}."""

    def __init__(self, tree: dict[str, dict[str, int | None]]) -> None:
        self.tree = tree
        self.listed: list[str] = []
        self.broken: dict[str, Exception] = {}

    def list_folder(self, folder: str, *, deadline_s: float):
        self.listed.append(folder)
        for name, size in self.tree.get(folder, {}).items():
            yield SimpleNamespace(name=name, is_folder=size is None, size=size or 0)

    def pull(self, path: str, keep, *, deadline_s: float) -> int:
        if path in self.broken:
            keep(b"part")
            raise self.broken[path]
        for part in (b"ab", b"cd"):
            keep(part)
        return 4


def found(files: Files, *folders: str) -> list[str]:
    return [path for path, _ in find_logs(files, folders, deadline_s=0)]


def test_logs_are_found_in_folders_below_by_their_suffix_and_size():
    files = Files({
        "/sdcard/a": {"x.txt": 5, "one.qmdl": 1, "empty.qmdl": 0, "huge.qmdl": 536870913, "most.qmdl": 536870912, "b": None},
        "/sdcard/a/b": {"TWO.QMDL2": 7, "folder.qmdl": None},
        "/sdcard/c": {"three.sdm": 3},
    })  # fmt: skip
    assert found(files, "/sdcard/a/", "/sdcard/c") == [
        "/sdcard/a/one.qmdl", "/sdcard/a/most.qmdl", "/sdcard/c/three.sdm", "/sdcard/a/b/TWO.QMDL2",
    ]  # fmt: skip
    assert "/sdcard/a/b/folder.qmdl" in files.listed


def test_it_looks_no_deeper_than_four_folders():
    tree: dict[str, dict[str, int | None]] = {}
    folder = "/a"
    for _ in range(6):
        tree[folder] = {"x": None, "one.qmdl": 1}
        folder += "/x"
    assert found(Files(tree), "/a") == ["/a" + "/x" * depth + "/one.qmdl" for depth in range(5)]


def test_no_more_than_so_many_are_taken_of_a_handset(monkeypatch):
    monkeypatch.setattr(modem_logs, "MOST", 3)
    files = Files({"/a": {f"{n}.qmdl": 1 for n in range(3)}, "/b": {"x.qmdl": 1}})
    assert len(found(files, "/a", "/b")) == 3
    assert files.listed == ["/a"]
    assert len(found(Files({"/a": {"0.qmdl": 1, "1.qmdl": 1}, "/b": {"x.qmdl": 1}}), "/a", "/b")) == 3


def test_a_log_is_pulled_with_its_digest_and_leaves_nothing_beside_it(tmp_path):
    told = pull_log(Files({}), "/sdcard/a/one.qmdl", tmp_path, deadline_s=0)
    assert told == PulledLog(tmp_path / "one.qmdl", "/sdcard/a/one.qmdl", 4, hashlib.sha256(b"abcd").hexdigest())
    assert told.path.read_bytes() == b"abcd"
    assert [one.name for one in tmp_path.iterdir()] == ["one.qmdl"]


@pytest.mark.parametrize(
    ("name", "here"),
    [
        ("one.qmdl", "one-2.qmdl"),
        ("..hidden.qmdl", "hidden.qmdl"),
        ("a b;c.qmdl", "a_b_c.qmdl"),
        ("...", "log"),
        ("x" * 200 + ".qmdl", "x" * 95 + ".qmdl"),
    ],
)
def test_its_name_is_safe_here_and_takes_no_other_files_place(tmp_path, name, here):
    (tmp_path / "one.qmdl").write_bytes(b"other")
    assert pull_log(Files({}), f"/sdcard/{name}", tmp_path, deadline_s=0).path == tmp_path / here
    assert (tmp_path / "one.qmdl").read_bytes() == b"other"


def test_a_third_of_one_name_is_the_third(tmp_path):
    for _ in range(3):
        pull_log(Files({}), "/sdcard/one.qmdl", tmp_path, deadline_s=0)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["one-2.qmdl", "one-3.qmdl", "one.qmdl"]


def test_a_log_that_grows_beyond_all_measure_is_let_be(tmp_path, monkeypatch):
    monkeypatch.setattr(modem_logs, "LARGEST", 3)
    with pytest.raises(LinkError, match="grows"):
        pull_log(Files({}), "/sdcard/one.qmdl", tmp_path, deadline_s=0)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(modem_logs, "LARGEST", 4)
    assert pull_log(Files({}), "/sdcard/one.qmdl", tmp_path, deadline_s=0).size == 4


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(FileError, match="cannot be written"):
        pull_log(Files({}), "/sdcard/one.qmdl", tmp_path / "gone", deadline_s=0)


def test_a_log_that_cannot_be_pulled_is_told_and_the_next_is_pulled(tmp_path):
    files = Files({"/a": {"one.qmdl": 1, "two.qmdl": 2}})
    files.broken["/a/one.qmdl"] = LinkError("it is locked")
    heard: list[str] = []
    pulled = collect_logs(files, ("/a",), tmp_path, seconds=10, told=heard.append)
    assert [one.origin for one in pulled] == ["/a/two.qmdl"]
    assert heard == ["/a/one.qmdl (1 octets)", "it is locked", "/a/two.qmdl (2 octets)"]
    assert [one.name for one in tmp_path.iterdir()] == ["two.qmdl"]


def test_where_the_time_is_over_the_loss_is_the_end(tmp_path):
    files = Files({"/a": {"one.qmdl": 1, "two.qmdl": 2}})
    files.broken["/a/one.qmdl"] = LinkError("it is gone")
    started = time.monotonic()
    with pytest.raises(LinkError, match="gone"):
        collect_logs(files, ("/a",), tmp_path, seconds=0, told=lambda word: None)
    assert time.monotonic() - started < 5
