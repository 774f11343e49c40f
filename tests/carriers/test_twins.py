"""A profile that was copied still has parts of the other carrier: lint names each at its place."""

from __future__ import annotations

from pathlib import Path

from harness.carriers.store import Profiles


def copied(tmp_path: Path, **changes: str) -> list[tuple[int | None, str, str]]:
    text = Profiles().paths["be/proximus"].read_text(encoding="utf-8").partition("\n")[2]
    for old, new in {"id: be/proximus": "id: lu/post", "country: BE": "country: LU"}.items():
        text = text.replace(old, new, 1)
    for old, new in changes.items():
        text = text.replace(old, new)
    path = tmp_path / "carriers" / "lu" / "post.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return [(one.line, one.severity, one.message) for one in Profiles().lint_files([path])]


def test_every_left_over_is_a_warning_at_its_line(tmp_path: Path) -> None:
    found = copied(tmp_path)
    assert {severity for _, severity, _ in found} == {"warning"}
    told = " ".join(message for _, _, message in found)
    assert 'PLMN "20601" is one of be/proximus too' in told
    assert "android_carrier_id 1365 is be/proximus's too" in told
    assert 'the requirement id "BE-PROXIMUS-LTE-B3" is one of be/proximus too' in told
    assert [line for line, _, _ in found][:2] == [6, 7]


def test_a_copy_that_was_renamed_throughout_is_clean(tmp_path: Path) -> None:
    changes = {"BE-PROXIMUS": "LU-POST", "20601": "27001", "android_carrier_id: 1365\n": ""}
    assert copied(tmp_path, **changes) == []


def test_gid1_tells_carriers_of_one_plmn_apart(tmp_path: Path) -> None:
    changes = {"BE-PROXIMUS": "LU-POST", "android_carrier_id: 1365\n": 'gid1: ["544A"]\n'}
    assert copied(tmp_path, **changes) == []


def test_a_broken_file_among_the_named_ones_hides_no_fault_of_the_others(tmp_path: Path) -> None:
    broken = tmp_path / "a.yaml"
    broken.write_text("format: [", encoding="utf-8")
    sheet = next(Path(Profiles().paths["us/att"]).parents[2].glob("devices/*/*.yaml"))
    found = Profiles().lint_files([tmp_path, sheet])
    assert [one.path for one in found] == [str(broken)]


def test_shipped_profiles_share_nothing() -> None:
    assert Profiles().lint() == []
