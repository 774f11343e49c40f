"""Broken profiles, one fault each: the first line of a file says where lint must point and in what words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.carriers import files
from harness.commands import profiles as command
from harness.errors import FileError

BROKEN = sorted(Path(__file__).with_name("broken").glob("*.yaml"))


def expected(path: Path) -> tuple[int, int, str]:
    match = re.match(r"# (\d+):(\d+) (.+)\n", path.read_text(encoding="utf-8"))
    assert match, f"{path.name} does not say what to expect"
    return int(match[1]), int(match[2]), match[3]


def test_there_are_forty_of_them() -> None:
    assert len(BROKEN) >= 40


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_lint_refuses_it_at_its_place_in_words_that_help(path: Path) -> None:
    line, column, words = expected(path)
    found = [finding for finding in files.lint([path]) if finding.severity == "error"]
    assert (found[0].line, found[0].column, found[0].message) == (line, column, words)
    assert str(found[0]).startswith(f"{path}:{line}:{column}: error: ")


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_it_cannot_be_loaded(path: Path) -> None:
    line, _, _ = expected(path)
    with pytest.raises(FileError) as caught:
        files.load_carrier(path)
    assert caught.value.line == line


def test_the_command_refuses_the_folder(capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    options = argparse.Namespace(paths=[str(BROKEN[0].parent)], json=False, age=False)
    assert command.lint_profiles(options) == 4
    printed = capsys.readouterr().out
    assert all(str(path) in printed for path in BROKEN)


def test_a_profile_that_asks_for_no_low_band_gets_a_warning() -> None:
    text = (
        "format: bandproof.profile/1\nid: us/test\nname: T\ncountry: US\neditions:\n"
        '  - as_of: "2020"\n    sources: [s]\n    confidence: C\n    requirements:\n'
        "      - {id: T-B4, kind: band, rat: lte, band: 4, role: capacity, level: recommended}\n"
    )
    (found,) = files.lint_text(text, "p.yaml")
    assert (found.severity, found.line) == ("warning", 9)
    assert "kind: coverage" in found.message
    told = text.replace("    requirements", '    without_low_band: "has none"\n    requirements')
    assert files.lint_text(told, "p.yaml") == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{id: T-N78, kind: band, rat: nr, band: 78, role: capacity, level: mandatory}", "every phone without 5G"),
        (
            "{id: T-B8, kind: band, rat: lte, band: 8, role: coverage, level: recommended, publishers: [a], "
            "authority: two_sources}",
            "name the other",
        ),
    ],
)
def test_a_claim_that_the_evidence_does_not_carry_gets_a_warning(rule: str, words: str) -> None:
    text = (
        "format: bandproof.profile/1\nid: us/test\nname: T\ncountry: US\neditions:\n"
        '  - as_of: "2020"\n    sources: [s]\n    confidence: C\n    without_low_band: "has none"\n    requirements:\n'
        f"      - {rule}\n"
    )
    (found,) = files.lint_text(text, "p.yaml")
    assert found.severity == "warning"
    assert words in found.message
