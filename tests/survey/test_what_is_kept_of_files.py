"""What is kept of a capability file: its records and nothing else, a table whole, each file by itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.errors import InputError
from harness.survey.evidence_files import read_kept
from harness.survey.evidence_reduction import Keeping, kept_of, messages_of
from harness.survey.evidence_trees import FORMAT, read_tree, tree_text

sys.path.insert(0, str(Path(__file__).parents[1] / "probes" / "uecap"))

pytest.importorskip("pycrate_asn1dir", reason="the extra uecap is not installed")

import uecap_samples as make

from harness.recording.exchange import Exchange


def message() -> bytes:
    answer = make.eutra(bands=(2, 4, 12), combos=(((2, "a", "a"),),), nsa=(), sa=())
    return make.lte_message(("eutra", answer))


def test_a_message_is_kept_as_its_octets_behind_the_format():
    (kept,) = kept_of([("a.hex", message().hex().encode())])
    assert kept.decode().splitlines() == [FORMAT, f"lte_ul {message().hex()}"]
    assert kept.endswith(b"\n")


def test_each_file_has_its_own_records():
    first, second = message().hex().encode(), make.lte_enquiry().hex().encode()
    both = kept_of([("a.hex", first), ("b.hex", second), ("c.hex", first)])
    assert [one.decode().splitlines()[1].split(" ")[0] for one in both] == ["lte_ul", "lte_dl", "lte_ul"]
    assert [len(one.splitlines()) for one in both] == [2, 2, 2]


def test_a_table_is_kept_whole_and_a_message_behind_it_is_not_taken_for_one():
    table = bytes([32, 1, 0, *(3, 0, 1, 2, 1, 1), *(7, 0, 1, 2, 0, 0), *([0] * 24)])
    kept = kept_of([("0xB0CD-v32.hex", table.hex().encode()), ("a.hex", message().hex().encode())])
    assert kept[0] == table.hex().encode()
    assert kept[1].decode().splitlines()[0] == FORMAT


def test_a_table_among_what_was_taken_is_remembered():
    keeping = Keeping()
    assert not keeping.tables
    keeping.container(make.eutra(bands=(2,), combos=(((2, "a", "a"),),), nsa=(), sa=()), "eutra", "a")
    assert not keeping.tables
    account = keeping.accounts[0]
    keeping.add(account)
    assert keeping.tables
    assert len(keeping.accounts) == 2


def test_messages_of_a_capture_are_told_by_their_channel(monkeypatch):
    from harness.survey import evidence_reduction

    assert messages_of("a.hex", message().hex().encode()) == (("lte_ul", message()),)
    monkeypatch.setattr(evidence_reduction, "take", lambda keeping, data, name: keeping.records.append("eutra 00"))
    with pytest.raises(InputError, match="no message of a capability"):
        messages_of("a.hex", b"")


def test_the_same_content_counts_once_and_what_comes_behind_it_counts_too():
    kept = kept_of([("a.hex", message().hex().encode())])[0]
    other = make.lte_message(("eutra", make.eutra(bands=(5,), combos=(((5, "a", "a"),),), nsa=(), sa=())))
    third = kept_of([("c.hex", other.hex().encode())])[0]
    told = read_kept([Exchange("uecap a.hex", kept), Exchange("uecap b.hex", kept), Exchange("uecap c.hex", third)])
    assert [one for one in told.warnings if "given twice" in one] == [
        "b.hex: the same content was given twice; it counts once"
    ]
    alone = read_kept([Exchange("uecap a.hex", kept), Exchange("uecap c.hex", third)])
    assert [one.as_json() | {"source": 0} for one in told.observations] == [
        one.as_json() | {"source": 0} for one in alone.observations
    ]
    assert told.observations != read_kept([Exchange("uecap a.hex", kept)]).observations


def test_a_line_that_cannot_be_read_costs_its_file_and_no_other():
    kept = kept_of([("a.hex", message().hex().encode())])[0]
    bad = f"{FORMAT}\nlte_ul zz\n".encode()
    told = read_kept([Exchange("uecap bad.hex", bad), Exchange("uecap a.hex", kept)])
    assert told.observations
    assert any(one.startswith("bad.hex: bad.hex part 1") for one in told.warnings)


def test_nothing_that_holds_a_capability_tells_nothing():
    assert read_kept([Exchange("uecap a.hex", f"{FORMAT}\n".encode())]).observations == ()


def test_the_facts_cite_the_first_of_their_exchanges():
    kept = kept_of([("a.hex", message().hex().encode())])[0]
    told = read_kept([Exchange("uecap a.hex", kept)], 7)
    assert {(one.source.link, one.source.exchange) for one in told.observations} == {("uecap", 7)}


def test_octets_of_a_tree_come_back_and_a_dict_with_more_is_no_octets():
    tree = {"a": [1, {"b": b"\x01\xff"}], "c": ("x", None)}
    line = tree_text(tree)
    assert "\n" not in line
    assert read_tree(line) == {"a": [1, {"b": b"\x01\xff"}], "c": ["x", None]}
    assert read_tree('{"\\u0000hex": "00", "x": 1}') == {"\0hex": "00", "x": 1}


@pytest.mark.parametrize(("channel", "octets"), [("lte_dl", "080000"), ("lte_ul", "0c00"), ("nr_dl", "2800")])
def test_another_message_of_rrc_is_not_kept(channel, octets):
    keeping = Keeping()
    assert keeping.message(bytes.fromhex(octets), channel, "a") is False
    assert keeping.records == []


@pytest.mark.parametrize("size", [12, 1000])
def test_segments_are_kept_as_they_came_and_what_they_make_is_not_kept_beside_them(size):
    parts = make.segments(make.nr_message(("nr", make.nr())), size)
    keeping = Keeping()
    for part in parts:
        keeping.message(part, "nr_ul", "a")
    keeping.finish()
    assert keeping.records == [f"nr_ul {part.hex()}" for part in parts]
    assert keeping.accounts


def test_files_tell_of_a_device_that_told_something_before_it_was_lost():
    from dataclasses import replace

    from harness.observations import Identity, SupportedBands
    from harness.survey.evidence_files import with_facts
    from harness.survey.survey import Survey

    kept = kept_of([("a.hex", message().hex().encode())])[0]
    lost = Survey("d", "a", "handset", (Identity(model="X"),), trouble="it went away")
    assert with_facts(lost, [Exchange("uecap a.hex", kept)]).all(SupportedBands)
    silent = replace(lost, observations=(), trouble=None)
    assert with_facts(silent, [Exchange("uecap a.hex", kept)]).all(SupportedBands)
    assert not with_facts(replace(lost, observations=()), [Exchange("uecap a.hex", kept)]).all(SupportedBands)


def test_two_accounts_of_one_message_are_kept_by_how_far_back_they_are():
    keeping = Keeping()
    for bands in ((2,), (4,), (5,)):
        keeping.add(account_of(bands))
    keeping.same(0, 2)
    assert keeping.records == ["same 3 1"]


def account_of(bands):
    keeping = Keeping()
    answer = make.eutra(bands=bands, combos=(((bands[0], "a", "a"),),), nsa=(), sa=())
    keeping.message(make.lte_message(("eutra", answer)), "lte_ul", "a")
    keeping.finish()
    return keeping.accounts[0]


def test_a_file_of_more_than_512_mb_is_not_read(tmp_path):
    from harness.survey.evidence_files import Given, keep

    file = tmp_path / "a.hex"
    with file.open("wb") as out:
        out.truncate(512 * 1024 * 1024 + 1)
    with pytest.raises(InputError, match="larger than 512 MB"):
        keep([Given(file)])
