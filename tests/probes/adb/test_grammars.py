"""A clone alone proves every grammar that a capture has taught: each has a sample of our own, and tells what it must."""

import re

import pytest
import yaml
from adb_grammars import GRAMMARS, WITHOUT_A_READING

from harness.probes.adb import read

MANIFESTS = ("adb/manifest.yaml", "adb/manifest-2.yaml", "adb-3/manifest.yaml")


def told(text, command=None):
    return [one.as_json() for one in read(text, command).observations]


@pytest.mark.parametrize("grammar", GRAMMARS, ids=lambda grammar: grammar.name)
def test_the_sample_of_a_grammar_tells_its_facts(grammar):
    assert re.search(grammar.mark, grammar.sample, re.M), "the sample is not of its grammar"
    facts = told(grammar.sample, grammar.command)
    for want in grammar.facts:
        near = [one for one in facts if one["kind"] == want["kind"]]
        assert any(want.items() <= one.items() for one in near), (want, near)


def test_each_grammar_has_a_sample_of_its_own():
    assert len(GRAMMARS) == len({one.name for one in GRAMMARS}) == len({one.mark for one in GRAMMARS}) >= 40
    assert all(one.sample.strip() and one.facts for one in GRAMMARS)


def test_no_capture_has_a_grammar_without_a_sample(captures_dir):
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    seen, unknown = set(), []
    for manifest in MANIFESTS:
        path = captures_dir / manifest
        if not path.is_file():
            continue
        for capture in yaml.load(path.read_text(encoding="utf-8"), loader)["captures"]:
            for name in capture["files"]:
                file = path.parent / capture["id"] / name
                if not file.is_file():
                    continue
                text = file.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
                here = {one.name for one in GRAMMARS if re.search(one.mark, text, re.M)}
                seen |= here
                if not here and capture["id"] not in WITHOUT_A_READING:
                    unknown.append(f"{capture['id']}/{name}")
    assert not unknown, "captures whose grammar has no sample"
    assert len(seen) > 0.75 * len(GRAMMARS)
