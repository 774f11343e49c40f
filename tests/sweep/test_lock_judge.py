"""Every public transcript of a lock, of every family, against what it is known to say. Skipped without them."""

from __future__ import annotations

import pytest
import yaml
from lock_judge import Transcript, judge

LEAST_HELD = 170


@pytest.fixture(scope="module")
def judged(captures_dir):
    files = sorted((captures_dir / "lock").glob("*.yaml"))
    if not files:
        pytest.skip("no transcripts of locks")
    return {one.stem: judge(one.stem, yaml.safe_load(one.read_text(encoding="utf-8"))) for one in files}


def test_nothing_that_is_known_is_contradicted(judged):
    assert {name: one.contradicted for name, one in judged.items() if one.contradicted} == {}


def test_enough_is_told_that_it_proves_something(judged):
    held = {name: one.held for name, one in judged.items()}
    assert sum(map(len, held.values())) >= LEAST_HELD
    silent = [name for name, one in held.items() if not one]
    # Scans, cards and locks of cells, of which nothing is decoded here.
    assert len(silent) <= len(held) // 5, silent


def known(**expected):
    """A transcript made up for the judge itself."""
    lines = [
        ('AT+QCFG="band"', ['+QCFG: "band",0xf0,0x800,0x0', "OK"]),
        ('AT+QCFG="band",f0,2,0,1', ["OK"]),
        ('AT+QCFG="band"', ['+QCFG: "band",0xf0,0x2,0x0', "OK"]),
        ("AT+CEREG?", ["+CEREG: 0,2", "OK"]),
        ("AT+CEREG?", ["+CEREG: 0,1", "OK"]),
        ("AT+QNWINFO", ['+QNWINFO: "FDD LTE","00101","LTE BAND 2",900', "OK"]),
    ]
    lock = {"kind": "band", "asked": {"lte": [2]}, "accepted": True, "in_force": True}
    told = {
        "before": {"lte": [12]}, "lock": lock, "serving_after": {"rat": "LTE", "band": 2, "earfcn": 900},
        "restore": {"commands": ["AT+QCFG=\"band\",f0,800,0,1"], "exact": True}, "registered": True,
    }  # fmt: skip
    told["lock"] |= expected.pop("lock", {})
    transcript = [{"request": request, "response": response} for request, response in lines]
    return {"link": "at", "vendor": "Quectel", "model": "EG25-G", "transcript": transcript, "expected": told | expected}


def test_the_judge_holds_what_is_so():
    found = judge("made up", known())
    assert found.contradicted == []
    assert {"accepted", "before lte", "written lte", "serving band", "serving channel", "registered"} <= set(found.held)
    assert "verdict of lte 2: PASS" in found.held
    assert "the same restore lte" in found.held


@pytest.mark.parametrize(
    ("expected", "claim"),
    [
        ({"before": {"lte": [13]}}, "before lte"),
        ({"lock": {"in_force": False}}, "verdict of lte 2: PASS"),
        ({"serving_after": {"rat": "LTE", "band": 12, "earfcn": 900}}, "serving band"),
        ({"serving_after": {"rat": "LTE", "band": 2, "earfcn": 901}}, "serving channel"),
        ({"registered": False}, "registered"),
        ({"lock": {"accepted": False}}, "accepted"),
        ({"scan": [{"band": 3, "earfcn": 75}]}, "scan 75"),
    ],
)
def test_the_judge_finds_what_is_not_so(expected, claim):
    assert claim in judge("made up", known(**expected)).contradicted


def test_what_is_not_in_a_transcript_is_open():
    told = known(before={"nr": [1]})
    assert "before nr" in judge("made up", told).open
    assert Transcript("made up", told).asked == {"lte": frozenset({2})}
