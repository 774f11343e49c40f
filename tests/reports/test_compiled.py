"""Compiled templates are kept, and never stand in for a template that was changed."""

from __future__ import annotations

import sys
from pathlib import Path

import jinja2
import pytest

from harness.reports.html import compiled


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "rules.py").write_text("first", encoding="utf-8")
    (tmp_path / "page.j2").write_text("told {{ word }}", encoding="utf-8")
    return tmp_path


def rendered(folder: Path) -> str:
    cache = compiled.cache_of(folder, rules=folder / "rules.py")
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), bytecode_cache=cache, autoescape=True)
    return environment.get_template("page.j2").render(word="once")


def never(*_: object, **__: object) -> None:
    raise AssertionError("compiled although the code was kept")


def test_a_template_is_compiled_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rendered(folder) == "told once"
    assert len(list((folder / "__pycache__").iterdir())) == 1
    monkeypatch.setattr(jinja2.Environment, "compile", never)
    assert rendered(folder) == "told once"


def test_a_changed_template_is_compiled_anew(folder: Path) -> None:
    rendered(folder)
    (folder / "page.j2").write_text("said {{ word }}", encoding="utf-8")
    assert rendered(folder) == "said once"


def test_code_of_other_rules_is_not_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered(folder)
    (folder / "rules.py").write_text("second", encoding="utf-8")
    monkeypatch.setattr(jinja2.Environment, "compile", never)
    with pytest.raises(AssertionError, match="although"):
        rendered(folder)


@pytest.mark.parametrize("kept", [0, 1, 20, 60, 110, 200])
def test_a_torn_file_is_compiled_anew(folder: Path, kept: int) -> None:
    rendered(folder)
    (file,) = (folder / "__pycache__").iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:kept])
    assert rendered(folder) == "told once"
    assert file.read_bytes() == whole


def test_where_nothing_can_be_kept_the_template_is_rendered_all_the_same(folder: Path) -> None:
    (folder / "__pycache__").write_text("a file, no folder", encoding="utf-8")
    assert rendered(folder) == "told once"


def test_nothing_is_kept_where_python_keeps_no_bytecode(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert compiled.cache_of(folder, rules=folder / "rules.py") is None
