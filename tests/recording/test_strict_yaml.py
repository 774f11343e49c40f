"""Only the core types of YAML 1.2, every error with its place."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import FileError
from harness.yamlfiles.strict_yaml import load, nearest_mark


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "on",
        "yes",
        "2017-03-01",
        "12:30",
        "190:20:30",
        "00101",
        "0123",
        "1_000",
        "<<",
        "=",
        "0b11",
        "NO",
        "+",
        "08",
        "12:30:45.5",
    ],
)
def test_what_is_no_core_type_stays_text(text):
    assert load(f"a: {text}\n", "x")[0] == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.inf", float("-inf")),
        ("0", 0),
        ("0.0", 0.0),
        ("'12'", "12"),
        ("!!str 12", "12"),
    ],
)
def test_core_types_are_read(text, value):
    found = load(f"a: {text}\n", "x")[0]["a"]
    assert (type(found), found) == (type(value), value)


def test_every_part_has_its_place():
    value, marks = load("id: x\neditions:\n  - as_of: '2017'\n    bands: [2, 4]\n", "x")
    assert value["editions"][0]["bands"] == [2, 4]
    assert marks["editions", 0, "bands"] == (4, 5)
    assert marks["editions", 0, "bands", 1] == (4, 16)
    assert marks["editions", 0] == (3, 5)
    assert nearest_mark(marks, ("editions", 0, "absent")) == (3, 5)


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "twice"),
        ("a: &x [1]\nb: *x\n", 2, 4, "alias"),
        ("a: !!python/name:os.system x\n", 1, 4, "tag"),
        ("a: [1\n", 2, 1, "expected"),
        ("a: 1\n b: 2\n", 2, 3, "mapping"),
        ("? [a]\n: 1\n", 1, 3, "key"),
        ("a: !!int x\n", 1, 4, "int"),
        ("true: 1\n", 1, 1, "quotes"),
        ("a: 1\n---\nb: 2\n", 2, 1, "did not|second"),
        ("a: !!set {x}\n", 1, 4, "tag"),
        ("a: &x\n  b: *x\n", 2, 6, "alias"),
    ],
)
def test_errors_name_line_and_column(text, line, column, word):
    with pytest.raises(FileError, match=word) as caught:
        load(text, "profile.yaml")
    assert (caught.value.path, caught.value.line, caught.value.column) == ("profile.yaml", line, column)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{a: " * 5000, "- " * 50_000, "a: " + "9" * 5000, "a: \x07", "\ud800", "&a [*a]"]
)
def test_hostile_text_is_a_file_error(text):
    with pytest.raises(FileError):
        load(text, "x")


def test_an_empty_document_is_nothing():
    assert load("# only a comment\n", "x")[0] is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="a: -[]{}&*!|>'\"\n\t#%@0.?", max_size=40))
def test_no_text_raises_anything_else(text):
    with contextlib.suppress(FileError):
        load(text, "x")
