"""Profiles that were read before: never old for new, never from a damaged cache, never needed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harness.carriers import compiled, files
from harness.carriers.compiled import Compiled
from harness.carriers.store import Profiles
from harness.errors import FileError

TEXT = Profiles().paths["be/proximus"].read_text(encoding="utf-8")
CARRIER = files.carrier_from_text(TEXT, "p.yaml")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(compiled.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "profiles.sqlite"


def kept(cache: Path) -> None:
    one = Compiled()
    one.keep(TEXT, CARRIER)
    one.save()
    assert cache.is_file()


def own(tmp_path: Path, text: str = TEXT) -> Path:
    path = tmp_path / "own" / "carriers" / "be" / "proximus.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return tmp_path / "own"


def test_a_text_is_read_once(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = own(tmp_path)
    first = Profiles([folder]).carrier("be/proximus")
    assert first == CARRIER
    monkeypatch.setattr(files, "carrier_from_text", lambda *_: pytest.fail("read again"))
    assert Profiles([folder]).carrier("be/proximus") == first


def test_every_shipped_profile_comes_back_as_it_was(cache: Path) -> None:
    read = Profiles().carriers(Profiles().ids())
    found = Compiled()
    found.load_all()
    store = Profiles()
    for carrier in read:
        assert found.find(store.paths[carrier.id].read_text(encoding="utf-8")) == carrier


def test_an_edit_is_seen_at_once(cache: Path, tmp_path: Path) -> None:
    folder = own(tmp_path)
    assert Profiles([folder]).carrier("be/proximus").name == "Proximus"
    own(tmp_path, TEXT.replace('name: "Proximus"', 'name: "Another"'))
    assert Profiles([folder]).carrier("be/proximus").name == "Another"


def test_a_profile_with_faults_is_never_kept(cache: Path, tmp_path: Path) -> None:
    folder = own(tmp_path, TEXT.replace("band: 3,", "band: 6,"))
    for _ in range(2):
        with pytest.raises(FileError):
            Profiles([folder]).carrier("be/proximus")


def test_other_code_reads_for_itself(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(cache)
    assert Compiled().find(TEXT) == CARRIER
    monkeypatch.setattr(compiled, "_stamp", lambda: b"another version")
    assert Compiled().find(TEXT) is None


@pytest.mark.parametrize("all_", [False, True])
@pytest.mark.parametrize("damage", ["text", "empty", "flipped", "other value"])
def test_a_damaged_cache_tells_nothing(cache: Path, damage: str, all_: bool) -> None:
    kept(cache)
    if damage == "text":
        cache.write_text("no database " * 1000, encoding="utf-8")
    elif damage == "empty":
        cache.write_bytes(b"")
    else:
        with closing(sqlite3.connect(cache)) as base, base:
            (value,) = base.execute("SELECT value FROM profile").fetchone()
            other = value[:-1] + bytes([value[-1] ^ 1]) if damage == "flipped" else b"\x80"
            base.execute("UPDATE profile SET value = ?", (other,))
    one = Compiled()
    if all_:
        one.load_all()
    assert one.find(TEXT) is None
    one.keep(TEXT, CARRIER)
    one.save()
    if damage == "text":
        return  # it was thrown away; the next run makes a new one
    assert Compiled().find(TEXT) == CARRIER


@pytest.mark.parametrize("place", ["", "/proc/nowhere", "file"])
def test_without_a_place_to_keep_it_everything_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    if place == "file":
        (tmp_path / "file").write_text("", encoding="utf-8")
        place = str(tmp_path / "file")
    monkeypatch.setenv(compiled.VARIABLE, place)
    assert Profiles([own(tmp_path)]).carrier("be/proximus") == CARRIER
    assert Compiled().find(TEXT) is None


def test_a_cache_that_another_run_writes_to_is_left_alone(cache: Path, tmp_path: Path) -> None:
    kept(cache)
    base = sqlite3.connect(cache, isolation_level=None)
    base.execute("BEGIN EXCLUSIVE")
    try:
        assert Profiles([own(tmp_path, TEXT + "\n")]).carrier("be/proximus") == CARRIER
    finally:
        base.execute("ROLLBACK")
        base.close()
