"""JUnit as pytest wrote it, made to say what a case came to, and to fit the schemas that continuous integration checks.

Jenkins' `junit-10.xsd` and the common schema know no properties of a test case: in the families `xunit1` and `legacy` a
case keeps them, in `xunit2` the suite's `system-out` tells each verdict in a line.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from harness import __version__
from harness.plain_text import one_line
from harness.suite.judging import OWN_PROPERTIES, TARGET_PROPERTIES
from harness.verdicts.verdict import Outcome, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pytest

    from harness.suite.judging import Judging
    from harness.verdicts.case import Case
    from harness.verdicts.verdict import Verdict

_NOT_XML = re.compile("[^\u0009\u000a\u000d\u0020-\u007e\u0080-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDS = {"failure": {Outcome.FAIL, Outcome.INCONC}, "error": {Outcome.ERROR}}
"""Element of a case -> the outcomes that pytest tells by it."""


def finish(session: Judging) -> None:
    """Say the verdicts in the file that pytest has just written. Raises OSError."""
    config: pytest.Config = session.config
    path = Path(os.path.normpath(os.path.expanduser(os.path.expandvars(config.option.xmlpath))))  # noqa: PTH111 - as pytest
    if not session.verdicts or not path.is_file():
        return
    tree = ET.parse(path)  # noqa: S314 - pytest wrote it
    strict = config.getini("junit_family") == "xunit2"
    prefix = f"{config.option.junitprefix}." if config.option.junitprefix else ""
    verdicts = {verdict.case: verdict for verdict in session.verdicts}
    for suite in tree.getroot().iter("testsuite"):
        told = _tell_cases(suite, session.run.cases, verdicts, prefix=prefix, strict=strict)
        _tell_suite(suite, session, told, strict=strict)
    if strict:
        tree.getroot().attrib.pop("name", None)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def _tell_cases(
    suite: ET.Element,
    cases: Sequence[Case],
    verdicts: dict[tuple[str, str, str, str], Verdict],
    *,
    prefix: str,
    strict: bool,
) -> list[str]:
    """Name each case by device, carrier and requirement and give its outcome the verdict's word; a line for each."""
    known = {(f"{prefix}{one.device}.{one.selected.ref}", one.rule.id): one for one in cases}
    names = _class_names(cases)
    lines: dict[str, None] = {}
    for (classname, name), elements in _by_name(suite).items():
        case = known.get((classname, name))
        if case is None:
            if strict:
                _drop_targets(elements)
            continue
        element = _only_one(suite, elements)
        key = (case.device, case.selected.carrier.id, case.selected.edition.as_of, case.rule.id)
        verdict = verdicts.get(key)
        element.set("classname", prefix + names[case.device, case.selected.ref])
        properties = element.find("properties")
        if strict and properties is not None:
            _drop_own(element, properties)
        if verdict is None:
            continue
        _word(element, verdict)
        words = f"{prefix}{names[case.device, case.selected.ref]} {case.rule.id} {verdict.outcome.name}"
        lines[_clean(f"{words} {one_line(verdict.reason)}")] = None
    return list(lines)


def _class_names(cases: Iterable[Case]) -> dict[tuple[str, str], str]:
    """`<device>.<carrier>`; with its edition where a device is judged by two of one carrier."""
    editions = defaultdict(set)
    for case in cases:
        editions[case.device, case.selected.carrier.id].add(case.selected.ref)
    return {
        (case.device, case.selected.ref): f"{case.device}.{case.selected.ref}"
        if len(editions[case.device, case.selected.carrier.id]) > 1
        else f"{case.device}.{case.selected.carrier.id}"
        for case in cases
    }


def _by_name(suite: ET.Element) -> dict[tuple[str, str], list[ET.Element]]:
    found: dict[tuple[str, str], list[ET.Element]] = {}
    for element in suite.findall("testcase"):
        found.setdefault((element.get("classname", ""), element.get("name", "")), []).append(element)
    return found


def _only_one(suite: ET.Element, elements: list[ET.Element]) -> ET.Element:
    """The last of a case that was run again: pytest writes each attempt before as one that passed."""
    *attempts, last = elements
    for one in attempts:
        if {child.tag for child in one} <= {"properties", "system-out", "system-err"}:
            suite.remove(one)
    return last


def _drop_targets(elements: Iterable[ET.Element]) -> None:
    """Of a user's own cases: which device and carrier they are of stands in their names, too."""
    for element in elements:
        if (properties := element.find("properties")) is not None:
            _drop_own(element, properties)


def _drop_own(element: ET.Element, properties: ET.Element) -> None:
    for one in list(properties):
        if one.get("name") in {*OWN_PROPERTIES, *TARGET_PROPERTIES}:
            properties.remove(one)
    if not len(properties):
        element.remove(properties)


def _word(element: ET.Element, verdict: Verdict) -> None:
    """The verdict's word as the type of what pytest wrote, and its reason as the message."""
    reason = _clean(one_line(verdict.reason))
    for tag, outcomes in _WORDS.items():
        for one in element.findall(tag):
            if verdict.outcome in outcomes and "teardown" not in one.get("message", ""):
                one.set("type", verdict.outcome.name)
                one.set("message", reason)
    for one in element.findall("skipped"):
        one.set("type", verdict.outcome.name)
        one.set("message", reason)
        one.text = None


def _tell_suite(suite: ET.Element, session: Judging, lines: list[str], *, strict: bool) -> None:
    """What was judged, by which editions; the verdicts; and the parts that the common schema asks for."""
    properties = suite.find("properties")
    if properties is None:
        properties = ET.Element("properties")
        suite.insert(0, properties)
    for name, value in _facts(session):
        ET.SubElement(properties, "property", name=name, value=_clean(value))
    if not strict:
        return
    suite.set("id", "0")
    suite.set("package", "bandproof")
    stamp = suite.get("timestamp")
    if stamp:
        suite.set("timestamp", datetime.fromisoformat(stamp).replace(tzinfo=None, microsecond=0).isoformat())
    out = ET.SubElement(suite, "system-out")
    out.text = "\n".join(lines)
    ET.SubElement(suite, "system-err")


def _facts(session: Judging) -> list[tuple[str, str]]:
    """The heaviest verdict, then device, build, baseband, edition; of several devices with the name of each."""
    heaviest = worst([*(one.outcome for one in session.verdicts), *session.unjudged_outcomes])
    facts = [("tool", f"bandproof {__version__}"), ("policy", session.run.policy), ("verdict", heaviest.name)]
    several = len(session.run.surveys) > 1
    for name, survey in session.run.surveys.items():
        identity = survey.identity
        end = f".{name}" if several else ""
        parts = {
            "device": name,
            f"model{end}": survey.label if survey.kind else None,
            f"build{end}": identity.rom_version or identity.build,
            f"baseband{end}": identity.baseband,
            f"sample{end}": survey.sample or survey.key,
        }
        facts += [(word, one_line(value)) for word, value in parts.items() if value]
    facts += [("edition", ref) for ref in dict.fromkeys(case.selected.ref for case in session.run.cases)]
    return facts


def _clean(text: str) -> str:
    """The text without signs that XML does not have."""
    return _NOT_XML.sub("?", text)
