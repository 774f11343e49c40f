"""The registry of kinds: ours and other packages' in one table, and what is wrong with one of them ends no run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest
from verdict_cases import handset, selected, verdict

from harness import extending
from harness.carriers import files, kinds
from harness.carriers.kinds import Rule
from harness.errors import UsageError
from harness.reports.document.editions import editions_of
from harness.requirements.answers import Answer
from harness.requirements.outcomes import Outcome
from harness.verdicts.verdict import Outcome as OutcomeOfVerdicts

HERE = __name__
PROFILE = """\
format: bandproof.profile/1
id: us/lab
name: Lab
country: US
editions:
  - as_of: "2024"
    sources: [lab]
    confidence: A
    without_low_band: it asks for no band
    requirements:
      - {{id: L-1, kind: {kind}, level: mandatory{more}}}
"""


class LabRule(Rule, frozen=True, kw_only=True, tag="lab"):
    """Passes where the lab says so."""

    kind: ClassVar[str] = "lab"
    does: str = "pass"

    def faults(self, edition: Any) -> Iterator[Any]:
        return iter(()) if self.does != "faults" else 1 / 0  # type: ignore[return-value]

    def asks(self) -> str:
        return "what the lab asks" if self.does != "asks" else str(1 / 0)

    def judge(self, bound: Any) -> Any:
        return {"judge": lambda: 1 / 0, "nothing": lambda: None}.get(self.does, lambda: Answer(Outcome.NA, "ok"))()

    def particulars(self) -> Any:
        return {"does": self.does} if self.does != "particulars" else 1 / 0


class Untagged(LabRule, frozen=True, kw_only=True, tag="other"):
    """A class whose tag is not its kind."""


NO_RULE = object()
POINTS = {"lab": "LabRule", "untagged": "Untagged", "no_rule": "NO_RULE", "gone": "Nowhere", "band": "LabRule"}


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    points = EntryPoints(EntryPoint(name, f"{HERE}:{value}", kinds.GROUP) for name, value in POINTS.items())
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points.select(group=group))
    kinds._foreign.cache_clear()
    kinds.rule_class.cache_clear()
    yield
    kinds._foreign.cache_clear()
    kinds.rule_class.cache_clear()


def of_lab(**more: str) -> LabRule:
    return LabRule(id="L-1", level="mandatory", **more)


@pytest.mark.parametrize("kind", kinds.BUILT_IN)
def test_a_kind_of_ours_is_named_alike_in_table_class_and_file(kind: str) -> None:
    found = kinds.rule_class(kind)
    assert found is not None
    assert (found.kind, found.__struct_config__.tag, found.__module__) == (kind, kind, f"harness.requirements.{kind}")
    assert found.judge is not Rule.judge
    assert found.asks is not Rule.asks


def test_a_kind_of_another_package_stands_in_the_same_table_and_never_for_one_of_ours() -> None:
    assert kinds.names()[: len(kinds.BUILT_IN)] == tuple(kinds.BUILT_IN)
    assert kinds.rule_class("lab") is LabRule
    assert kinds.rule_class("band") is not LabRule
    carrier = files.carrier_from_text(PROFILE.format(kind="lab", more=""), "lab.yaml")
    assert carrier.editions[0].requirements == (of_lab(),)
    assert verdict(handset(), of_lab()).reason == "ok"


def test_its_own_faults_have_their_places() -> None:
    (found,) = files.lint_text(PROFILE.format(kind="lab", more=", doess: pass"), "lab.yaml")
    assert (found.line, found.message) == (11, 'unknown key "doess"; did you mean "does"?')


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("untagged", 'requirement kind untagged of .*: its class says kind "lab"'),
        ("no_rule", "requirement kind no_rule of .* is no Rule"),
        ("gone", "requirement kind gone of .* cannot be loaded"),
        ("nowhere", 'unknown kind "nowhere"'),
    ],
)
def test_a_kind_that_cannot_be_used_is_a_fault_of_the_profile_with_its_reason(kind: str, words: str) -> None:
    (found,) = files.lint_text(PROFILE.format(kind=kind, more=""), "lab.yaml")
    assert (found.severity, found.line) == ("error", 11)
    assert re.search(words, found.message), found.message


def test_a_broken_package_leaves_every_other_kind_alone() -> None:
    assert [one.kind for one in kinds.rule_classes()] == [*kinds.BUILT_IN, "lab"]
    with pytest.raises(UsageError, match="cannot be loaded"):
        kinds.rule_class("gone")


@pytest.mark.parametrize(("does", "words"), [("judge", "ZeroDivisionError"), ("nothing", "gave no Answer")])
def test_a_judgement_that_fails_decides_nothing(does: str, words: str) -> None:
    found = verdict(handset(), of_lab(does=does))
    assert found.outcome is OutcomeOfVerdicts.ERROR
    assert words in found.reason


def test_words_and_particulars_that_fail_end_no_report() -> None:
    (edition,) = editions_of([selected(of_lab(does="asks"), of_lab(does="particulars"))])
    first, second = edition.requirements
    assert "failed (ZeroDivisionError" in first.text
    assert (first.id, second.id) == ("L-1", "L-1")
    (fault,) = files.lint_text(PROFILE.format(kind="lab", more=", does: faults"), "lab.yaml")
    assert "failed (ZeroDivisionError" in fault.message


def test_our_own_errors_are_not_hidden() -> None:
    rule = kinds.rule_of({"kind": "mfbi", "id": "X", "level": "mandatory"})
    with pytest.raises(ZeroDivisionError):
        kinds.guarded(rule, lambda: 1 / 0, lambda why: why)  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize("value", [None, 1, "band", [], {}, {"kind": 1}, {"kind": "band"}, {"kind": None}])
def test_what_is_no_requirement_is_refused(value: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        kinds.rule_of(value)


def test_the_public_face_hands_out_all_that_it_names() -> None:
    assert sorted(extending._PLACES) == sorted(extending.__all__)
    assert all(getattr(extending, name) is not None for name in extending.__all__)
    with pytest.raises(AttributeError):
        _ = extending.judge  # type: ignore[attr-defined]


def test_the_kind_of_the_example_package_imports_the_public_face_alone() -> None:
    source = Path(__file__).parents[2] / "examples/bandproof-example/src/bandproof_example/security_patch.py"
    modules = {
        node.module
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    assert {name for name in modules if name and name.startswith("harness")} == {"harness.extending"}
