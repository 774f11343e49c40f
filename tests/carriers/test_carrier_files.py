"""Broken profiles and sheets: every fault at its line and column, in words that help."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.carriers import files, schemas
from harness.carriers.sheets import Sheets
from harness.carriers.store import Profiles
from harness.errors import FileError
from harness.yamlfiles import strict_yaml

PROFILE = """\
format: bandproof.profile/1
id: us/test
name: Test
country: US
plmns: ["310410"]
editions:
  - as_of: "2016"
    sources: [a list]
    confidence: B
    aliases:
      - {band: 17, satisfied_by: 12, since: "2015-08", reason: MFBI}
    requirements:
      - id: T-LTE-B17
        kind: band
        rat: lte
        band: 17
        role: coverage-primary
        level: mandatory
        any_of: [{band: 12, relation: legacy_alias}]
      - id: T-LTE-B4
        kind: band
        rat: lte
        band: 4
        role: capacity
        level: recommended
        any_of: [{band: 66, relation: superset}]
      - id: T-ATTACH
        kind: attach
        level: mandatory
        any_of:
          lte: [4, 17]
"""

SHEET = """\
format: bandproof.sheet/1
id: maker/model
maker: Maker
model: Model
variants:
  - id: one
    model_numbers: [M1]
    sources: [a list]
    confidence: B
    bands:
      gsm: [850, 900]
      umts: [1, 6]
      lte: [1, 3, 20]
      nr: [78]
"""


def test_the_unbroken_texts_have_no_fault() -> None:
    assert files.lint_text(PROFILE, "p.yaml") == []
    assert files.lint_text(SHEET, "s.yaml") == []


BROKEN_PROFILES = [
    (
        "level: mandatory\n        any_of: [{b",
        "levle: mandatory\n        any_of: [{b",
        18,
        9,
        'unknown key "levle"; did you mean "level"?',
    ),
    ("level: recommended", "level: recomended", 25, 9, 'unknown level "recomended"; did you mean "recommended"?'),
    ("role: capacity\n", "role: capcity\n", 24, 9, 'unknown role "capcity"; did you mean "capacity"?'),
    ("kind: attach", "kind: atach", 28, 9, 'unknown kind "atach"; did you mean "attach"?'),
    ("        kind: attach\n", "", 27, 9, 'lacks the key "kind"'),
    ("band: 4\n", "band: 6\n", 23, 9, "LTE band 6: obsolete, UMTS only (3GPP TS 36.101 5.5)"),
    ("band: 4\n", "band: 9\n", 23, 9, "LTE band 9: Japan-only number nested in B3"),
    ("band: 4\n", "band: 300\n", 23, 9, "LTE band 300: no such band in 3GPP"),
    ("band: 4\n", "band: B4\n", 23, 9, 'band must be a whole number, not the text "B4"'),
    ("band: 4\n", "band: true\n", 23, 9, "band must be a whole number, not true"),
    ("T-LTE-B4", "T-LTE-B17", 20, 9, 'the requirement id "T-LTE-B17" stands here twice'),
    ("T-LTE-B4", "t lte b4", 20, 9, "not of its form: such as ATT-LTE-B12"),
    ("relation: superset", "relation: subset", 26, 29, "B66 is no subset of B4 in TS 36.101"),
    ("satisfied_by: 12", "satisfied_by: 13", 11, 20, "B13 and B17 do not nest in spectrum"),
    ('since: "2015-08"', 'since: "2017"', 11, 38, "after this edition"),
    ("{band: 17, satisfied_by: 12", "{band: 12, satisfied_by: 17", 19, 29, "no alias of this edition"),
    ("lte: [4, 17]", "lte: [4, 29]", 31, 20, "B29 is downlink only: it can never be the serving primary cell"),
    ("lte: [4, 17]", "lte: [46]", 31, 17, "B46 is unlicensed (LAA)"),
    ("lte: [4, 17]", "lte: []", 30, 9, "at least one band"),
    ("lte: [4, 17]", "lt: [4, 17]", 31, 11, 'unknown lt "lt"'),
    ('as_of: "2016"', "as_of: 2016", 7, 5, "as_of must be text, not the number 2016; write it in quotes"),
    ('as_of: "2016"', 'as_of: "2016-13"', 7, 5, "no date of the calendar"),
    ('plmns: ["310410"]', "plmns: [310410]", 5, 9, 'must be text, not the number 310410; write it in quotes: "310410"'),
    ('plmns: ["310410"]', 'plmns: ["31041"]', 5, 9, "MNCs of MCC 310 have three digits"),
    ("country: US", "country: DE", 4, 1, 'does not fit the id "us/test"'),
    ("sources: [a list]", "sources: []", 8, 5, "at least one source"),
    ("sources: [a list]", "sources: a list", 8, 5, "sources must be a list"),
    (PROFILE[PROFILE.index("editions:") :], "editions: []\n", 6, 1, "at least one edition"),
    ("name: Test\n", "", 1, 1, 'lacks the key "name"'),
    ("name: Test\n", "name: Test\nname: Two\n", 4, 1, "twice"),
    ("format: bandproof.profile/1", "format: bandproof.profile/2", 1, 1, 'unknown format "bandproof.profile/2"'),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "words"), BROKEN_PROFILES, ids=[row[4] for row in BROKEN_PROFILES]
)
def test_a_broken_profile_names_its_fault_and_place(old: str, new: str, line: int, column: int, words: str) -> None:
    text = PROFILE.replace(old, new, 1)
    assert text != PROFILE
    errors = [one for one in files.lint_text(text, "p.yaml") if one.severity == "error"]
    assert any((one.line, one.column) == (line, column) and words in one.message for one in errors), errors
    with pytest.raises(FileError) as caught:
        files.carrier_from_text(text, "p.yaml")
    assert str(caught.value).startswith("p.yaml:")
    assert caught.value.line is not None


BROKEN_SHEETS = [
    ("lte: [1, 3, 20]", "lte: [1, 6, 20]", 13, 16, "LTE band 6: obsolete, UMTS only"),
    ("lte: [1, 3, 20]", "lte: [1, 9, 20]", 13, 16, "LTE band 9: Japan-only number"),
    ("lte: [1, 3, 20]", "lte: [1, 3, 3]", 13, 19, "LTE band 3 stands here twice"),
    ("gsm: [850, 900]", "gsm: [2, 900]", 11, 13, "MHz class 850, 900, 1800, 1900"),
    ("umts: [1, 6]", "umts: [1, 17]", 12, 17, "UMTS band 17: no such band"),
    ("nr: [78]", "nr: [4]", 14, 12, "NR band 4: no such band"),
    ("nr: [78]", "5g: [78]", 14, 7, 'unknown key "5g"'),
    ("confidence: B", "confidence: E", 9, 5, 'unknown confidence "E"'),
    ("id: one", "id: One", 6, 5, "not of its form: such as global"),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "words"), BROKEN_SHEETS, ids=[row[4] for row in BROKEN_SHEETS]
)
def test_a_broken_sheet_names_its_fault_and_place(old: str, new: str, line: int, column: int, words: str) -> None:
    (found,) = files.lint_text(SHEET.replace(old, new, 1), "s.yaml")
    assert (found.line, found.column) == (line, column)
    assert words in found.message
    with pytest.raises(FileError, match=r"^s\.yaml:"):
        files.sheet_from_text(SHEET.replace(old, new, 1), "s.yaml")


def test_editions_of_one_day_overlap_and_older_ones_stand_first() -> None:
    head, _, block = PROFILE.partition("  - as_of")
    two = head + "  - as_of" + block + "  - as_of" + block.replace('"2016"', '"2016-01"', 1)
    (found,) = files.lint_text(two, "p.yaml")
    assert (found.line, found.column) == (32, 5)
    assert 'overlap: "2016-01" begins on the same day as "2016"' in found.message
    back = head + "  - as_of" + block + "  - as_of" + block.replace('"2016"', '"2015-08"', 1)
    assert "oldest first" in files.lint_text(back, "p.yaml")[0].message


def test_lint_finds_all_faults_of_all_files(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(PROFILE.replace("role: capacity\n", "rolle: x\n").replace("level: recommended", "level: often"))
    two.write_text(SHEET.replace("[1, 3, 20]", "[6, 9]").replace("[78]", "[4]"))
    broken = tmp_path / "three.yaml"
    broken.write_text("a: [")
    (tmp_path / "four.yaml").write_bytes(b"\xff\xfe")
    found = files.lint([tmp_path])
    assert [Path(finding.path).stem for finding in found].count("one") == 3
    assert [Path(finding.path).stem for finding in found].count("two") == 3
    assert [Path(finding.path).stem for finding in found].count("three") == 1
    assert [finding.message for finding in found if "four" in finding.path] == ["is not UTF-8 text"]
    with pytest.raises(FileError) as caught:
        files.load_carrier(one)
    assert "lists all 3 faults" in caught.value.way_out


def test_a_file_that_is_not_there_is_one_finding(tmp_path: Path) -> None:
    (found,) = files.lint([tmp_path / "none.yaml"])
    assert "cannot be read" in found.message


def test_a_mandatory_band_of_one_publisher_is_a_warning_and_loads() -> None:
    text = PROFILE.replace(
        "level: mandatory\n        any_of: [{b",
        "level: mandatory\n        publishers: [one]\n        authority: one_source\n        any_of: [{b",
        1,
    )
    (found,) = files.lint_text(text, "p.yaml")
    assert found.severity == "warning"
    assert files.carrier_from_text(text, "p.yaml").id == "us/test"


def test_norway_stays_a_country() -> None:
    text = PROFILE.replace("us/test", "no/test").replace("country: US", "country: NO")
    assert files.carrier_from_text(text, "p.yaml").country == "NO"


def test_published_schemas_are_current() -> None:
    for name, text in schemas.rendered().items():
        assert (schemas.DIRECTORY / name).read_text(encoding="utf-8") == text, "run harness.carriers.schemas.write()"


@pytest.mark.parametrize("kind", ["profile", "sheet"])
def test_shipped_files_fit_the_published_schemas(kind: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((schemas.DIRECTORY / f"{kind}.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    store = Profiles() if kind == "profile" else Sheets()
    assert store.paths
    for path in store.paths.values():
        value, _ = strict_yaml.load(path.read_text(encoding="utf-8"), str(path))
        assert [error.message for error in validator.iter_errors(value)] == []
    refused = strict_yaml.load((PROFILE if kind == "profile" else SHEET) + "extra: 1\n", "x")[0]
    assert not validator.is_valid(refused)


_LINES = PROFILE.splitlines(keepends=True)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, len(_LINES) - 1), st.sampled_from(["", "  x: 1\n", "- 1\n", "id: [\n", "band: {}\n", "\t\n", "~\n"])
)
def test_no_edit_of_a_profile_raises_anything_but_a_file_error(index: int, line: str) -> None:
    text = "".join([*_LINES[:index], line, *_LINES[index + 1 :]])
    try:
        files.carrier_from_text(text, "p.yaml")
    except FileError:
        assert any(finding.severity == "error" for finding in files.lint_text(text, "p.yaml"))
    else:
        assert all(finding.severity == "warning" for finding in files.lint_text(text, "p.yaml"))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "kind", "editions", "format", "band"]), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_no_value_breaks_the_walk(value: object) -> None:
    from harness.carriers.edition import Carrier
    from harness.yamlfiles import shape

    assert shape.problems(value, Carrier)
