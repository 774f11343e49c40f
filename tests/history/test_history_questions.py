"""The questions: what is a loss and what only looks like one, what flips, what a cell of the matrix may say."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from made_runs import MadeRun, append

from harness.history.place import HistoryError
from harness.history.questions.changes import changes_of_build, lost_by_model
from harness.history.questions.coverage import carrier_results, coverage
from harness.history.questions.device import last_verdicts
from harness.history.questions.flaky import flaky, month_since
from harness.history.questions.own import own_question

if TYPE_CHECKING:
    from pathlib import Path

    from harness.history.questions.answer import HistoryAnswer
    from harness.history.store import Store

NOW = datetime(2026, 12, 1, 12)
EPOCH = datetime(1970, 1, 1)


def _columns(answer: HistoryAnswer, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in answer.dicts()]


def _at(number: int, **more: Any) -> MadeRun:
    """A run of day `number` of November."""
    return MadeRun(day=f"2026-11-{number:02}", id=f"{number:08}", **more)


def _lte(*bands: int, layer: str = "hardware") -> dict[str, Any]:
    return {layer: {"lte": bands}}


# What a build lost


def test_the_first_build_that_lost_a_band_is_named(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", layers=_lte(2, 4, 12)),
        _at(2, firmware="B", layers=_lte(2, 4)),
        _at(3, firmware="C", layers=_lte(2, 4)),
        _at(4, firmware="D", layers=_lte(2, 4, 12)),
    )
    found = lost_by_model(store.view(), "Model X")
    assert _columns(found, "what", "of", "build_before", "build", "undone_by") == [
        ("LTE B12", "hardware", "A", "B", "D")
    ]
    assert found.picture.startswith("<svg")


@pytest.mark.parametrize(
    ("then", "now"),
    [
        pytest.param(_lte(2, 12), {"enabled": {"lte": (2,)}}, id="the layer was not read"),
        pytest.param(_lte(2, 12), {"hardware": {"nr_sa": (71,)}}, id="the RAT was not read"),
        pytest.param(_lte(2, 12), {"hardware": {"lte": "unlimited"}}, id="nothing is restricted any more"),
        pytest.param({"hardware": {"lte": "unlimited"}}, _lte(2), id="nothing was restricted, which names no band"),
        pytest.param(_lte(2, 12, layer="attached"), _lte(2, layer="attached"), id="attached is a lower bound"),
        pytest.param(_lte(2, 12, layer="declared"), _lte(2, layer="declared"), id="a sheet was changed"),
    ],
)
def test_what_only_looks_like_a_loss(store: Store, tmp_path: Path, then: dict[str, Any], now: dict[str, Any]) -> None:
    append(store, tmp_path, _at(1, firmware="A", layers=then), _at(2, firmware="B", layers=now))
    assert lost_by_model(store.view(), "Model X").rows == ()


def test_another_variant_is_another_device(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", hardware="global", layers=_lte(2, 12)),
        _at(2, firmware="B", hardware="china", layers=_lte(2)),
    )
    assert lost_by_model(store.view(), "Model X").rows == ()


def test_a_build_that_did_not_read_the_layer_is_stepped_over(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", layers=_lte(2, 12)),
        _at(2, firmware="B", layers={}),
        _at(3, firmware="C", layers=_lte(2)),
    )
    assert _columns(lost_by_model(store.view(), "Model X"), "build_before", "build") == [("A", "C")]


def test_an_older_build_read_again_is_no_new_one(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", layers=_lte(2)),
        _at(2, firmware="B", layers=_lte(2, 12)),
        _at(3, firmware="A", layers=_lte(2)),
    )
    assert lost_by_model(store.view(), "Model X").rows == ()


def test_a_requirement_is_lost_by_the_same_profile_only(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", verdicts={"R-1": "PASS", "R-2": "PASS", "R-3": "PASS"}),
        _at(2, firmware="B", verdicts={"R-1": "FAIL", "R-2": "INCONC", "R-3": "PASS"}),
        _at(3, firmware="C", verdicts={"R-3": "FAIL"}, profile="b" * 64),
        _at(4, firmware="C", verdicts={"R-3": "FAIL"}, policy="service"),
    )
    found = lost_by_model(store.view(), "Maker Model X")
    assert _columns(found, "what", "build", "reason") == [("R-1", "B", "FAIL of R-1")]


def test_a_run_that_does_not_tell_its_profile_is_not_compared(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", verdicts={"R-1": "PASS"}, profile=None),
        _at(2, firmware="B", verdicts={"R-1": "FAIL"}, profile=None),
    )
    found = lost_by_model(store.view(), "Model X")
    assert found.rows == ()
    assert any("2 verdicts of older runs" in note for note in found.notes)


def test_what_a_build_gained_is_told_of_the_build(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", layers=_lte(2, 12)),
        _at(2, firmware="B", layers=_lte(2, 66), verdicts={"R-1": "PASS"}),
        _at(3, firmware="C", layers=_lte(2)),
    )
    found = changes_of_build(store.view(), "B")
    assert _columns(found, "change", "what", "undone_by") == [("lost", "LTE B12", None), ("gained", "LTE B66", "C")]
    assert found.notes == ("seen on Maker Model X rev A",)
    assert changes_of_build(store.view(), "Z").notes == ("no run of this history has read a device of this build",)


def test_builds_are_in_the_order_in_which_they_were_first_seen_whatever_was_read_of_them(
    store: Store, tmp_path: Path
) -> None:
    other = "b" * 64
    append(
        store,
        tmp_path,
        _at(1, firmware="A", layers={}, verdicts={"R-1": "PASS"}),
        _at(2, firmware="B", layers=_lte(2, 12), verdicts={"R-1": "PASS"}, profile=other),
        # Flashed back: the older build is read for the first time, and judged by the newer profile.
        _at(3, firmware="A", layers=_lte(2), verdicts={"R-1": "FAIL"}, profile=other),
    )
    assert lost_by_model(store.view(), "Model X").rows == ()
    gained = _columns(changes_of_build(store.view(), "B"), "change", "what", "build_before")
    assert gained == [("gained", "LTE B12", "A"), ("gained", "R-1", "A")]


def test_what_a_build_had_on_one_bench_alone_is_not_lost_by_the_next(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", layers=_lte(2, 12), verdicts={"R-1": "PASS"}),
        _at(2, firmware="A", layers=_lte(2), verdicts={"R-1": "FAIL"}, key="S-2"),
        _at(3, firmware="B", layers=_lte(2), verdicts={"R-1": "FAIL"}, key="S-2"),
    )
    found = lost_by_model(store.view(), "Model X")
    assert found.rows == ()
    assert "not told of builds whose own reads differ: LTE B12, R-1" in found.notes


def test_a_build_whose_reads_differ_is_stepped_over(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", layers=_lte(2, 12)),
        _at(2, firmware="B", layers=_lte(2, 12)),
        _at(3, firmware="B", layers=_lte(2), key="S-2"),
        _at(4, firmware="C", layers=_lte(2), key="S-2"),
    )
    assert _columns(lost_by_model(store.view(), "Model X"), "what", "build_before", "build") == [("LTE B12", "A", "C")]


def test_of_builds_first_seen_at_the_same_moment_none_is_before_the_other(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", layers=_lte(2, 12), verdicts={"R-1": "PASS"}),
        MadeRun(day="2026-11-01", id="00000009", key="S-2", firmware="B", layers=_lte(2), verdicts={"R-1": "FAIL"}),
    )
    assert lost_by_model(store.view(), "Model X").rows == ()


def test_what_another_card_enables_is_no_loss_of_the_build(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", layers=_lte(2, 12, layer="enabled"), verdicts={"R-1": "PASS"}, sim="310410"),
        _at(2, firmware="B", layers=_lte(2, layer="enabled"), verdicts={"R-1": "FAIL"}, sim="311480"),
    )
    assert lost_by_model(store.view(), "Model X").rows == ()
    append(store, tmp_path, _at(3, firmware="C", layers=_lte(2, layer="enabled"), sim="310410"))
    assert _columns(lost_by_model(store.view(), "Model X"), "what", "build_before", "build") == [("LTE B12", "A", "C")]


def test_devices_that_did_not_tell_their_model_are_not_compared_with_each_other(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", model=None, layers=_lte(2, 12)),
        _at(2, firmware="B", model=None, layers=_lte(2), key="S-2"),
    )
    assert lost_by_model(store.view(), None).rows == ()


# A device


def test_last_verdicts_have_build_age_and_since_when(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", verdicts={"R-1": "FAIL", "R-2": "PASS"}),
        _at(2, firmware="B", verdicts={"R-1": "PASS", "R-2": "PASS"}),
        _at(4, firmware="C", verdicts={"R-1": "FAIL"}),
        _at(5, firmware="C", verdicts={"R-1": "FAIL"}, device="renamed"),
    )
    found = last_verdicts(store.view(), "S-1", now=NOW)
    assert _columns(found, "requirement", "verdict", "firmware", "age_days", "since") == [
        ("R-1", "FAIL", "C", 25, "2026-11-04T14:03:11.000Z"),
        ("R-2", "PASS", "B", 28, "2026-11-01T14:03:11.000Z"),
    ]


def test_an_older_edition_does_not_speak_over_a_newer_one(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, edition="2024", verdicts={"R-1": "FAIL"}),
        _at(2, edition="2017-03", verdicts={"R-1": "PASS"}),
    )
    assert _columns(last_verdicts(store.view(), "S-1"), "edition", "verdict") == [("2024", "FAIL")]
    assert coverage(store.view()).rows == (("Maker Model X", "FAIL"),)


def test_a_verdict_is_told_though_another_run_of_the_same_moment_differs(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, _at(1), MadeRun(day="2026-11-01", id="00000009", verdicts={"R-1": "FAIL"}))
    assert _columns(last_verdicts(store.view(), "S-1"), "requirement", "verdict") == [("R-1", "FAIL")]


def test_a_name_of_two_pieces_is_told(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, _at(1, key="S-1"), _at(2, key="S-2"))
    found = last_verdicts(store.view(), "dut-1")
    assert len(found.rows) == 2
    assert "2 pieces" in found.notes[0]


def test_a_piece_without_serial_is_known_by_its_name(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, _at(1, key=None))
    assert _columns(last_verdicts(store.view(), "dut-1"), "key") == [("name:/dut-1",)]


# Flaky


def _flips(store: Store) -> list[tuple[Any, ...]]:
    return _columns(flaky(store.view(), EPOCH), "requirement", "flips", "runs")


def test_what_flips_on_the_same_piece_build_and_profile_is_flaky(store: Store, tmp_path: Path) -> None:
    words = ["PASS", "FAIL", "PASS", "FAIL", "FAIL"]
    append(store, tmp_path, *(_at(n, verdicts={"R-1": word, "R-2": "PASS"}) for n, word in enumerate(words, 1)))
    assert _flips(store) == [("R-1", 3, 5)]


@pytest.mark.parametrize(
    "change",
    [
        {"firmware": "B"},
        {"profile": "b" * 64},
        {"key": "S-2"},
        {"policy": "service"},
        {"edition": "2025"},
        {"sim": "311480"},
        {"grade": "declared"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_was_changed_between_is_no_flip(store: Store, tmp_path: Path, change: dict[str, Any]) -> None:
    append(store, tmp_path, _at(1, verdicts={"R-1": "PASS"}), _at(2, verdicts={"R-1": "FAIL"}, **change))
    assert _flips(store) == []


@pytest.mark.parametrize("word", ["INCONC", "ERROR", "NA", "WAIVED"])
def test_what_could_not_be_told_is_no_flip(store: Store, tmp_path: Path, word: str) -> None:
    append(store, tmp_path, *(_at(n, verdicts={"R-1": one}) for n, one in enumerate(["PASS", word, "PASS"], 1)))
    assert _flips(store) == []


@pytest.mark.parametrize("unknown", ["firmware", "profile"])
def test_where_build_or_profile_are_not_known_they_are_not_known_to_be_the_same(
    store: Store, tmp_path: Path, unknown: str
) -> None:
    runs = (_at(n, verdicts={"R-1": word}, **{unknown: None}) for n, word in enumerate(["PASS", "FAIL"], 1))
    append(store, tmp_path, *runs)
    assert _flips(store) == []


def test_flips_of_long_ago_are_left_out(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, _at(1, verdicts={"R-1": "PASS"}), _at(2, verdicts={"R-1": "FAIL"}))
    since, month = month_since(5, NOW)
    assert (since.day, month) == (26, "2026-11")
    assert flaky(store.view(since=month), since).rows == ()


# Coverage


def test_a_cell_passes_only_if_every_variant_that_was_asked_passed(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, hardware="global"),
        _at(2, hardware="china", key="S-2", verdicts={"R-1": "FAIL"}),
        _at(3, hardware="global", carrier="us/verizon"),
        _at(4, model="Model Y", key="S-3", carrier="us/verizon", verdicts={"R-1": "INCONC"}),
    )
    found = coverage(store.view())
    assert found.columns == ("model", "us/att", "us/verizon")
    assert found.rows == (("Maker Model X", "FAIL", "PASS"), ("Maker Model Y", None, "INCONC"))
    assert found.picture.count("<svg") == 1
    assert coverage(store.view(), policy="service").rows == ()
    assert coverage(store.view(), country="de").rows == ()


def test_of_two_pieces_on_one_build_the_heavier_counts_whichever_came_last(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, _at(1, key="S-1", verdicts={"R-1": "FAIL"}), _at(2, key="S-2"))
    assert coverage(store.view()).rows == (("Maker Model X", "FAIL"),)


def test_a_result_of_an_older_build_says_so(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, _at(1, firmware="A"), _at(2, firmware="B", carrier="us/verizon"))
    assert coverage(store.view()).rows == (("Maker Model X", "PASS (older build)", "PASS"),)


def test_the_newest_build_counts_and_an_old_failure_is_gone(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", verdicts={"R-1": "FAIL"}),
        _at(2, firmware="B"),
        _at(3, firmware="A", verdicts={"R-1": "FAIL"}),
    )
    assert coverage(store.view()).rows == (("Maker Model X", "PASS"),)
    assert _columns(carrier_results(store.view(), "us/att", now=NOW), "build", "verdict") == [("B", "PASS")]


def test_what_was_asked_of_an_unknown_build_is_no_empty_cell(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, _at(1, firmware=None, verdicts={"R-1": "FAIL"}))
    assert coverage(store.view()).rows == (("Maker Model X", "FAIL"),)
    append(store, tmp_path, _at(2, firmware="A"))
    assert coverage(store.view()).rows == (("Maker Model X", "PASS"),), "a build that is known to be newer"
    append(store, tmp_path, _at(3, firmware=None, key="S-2", verdicts={"R-1": "FAIL"}))
    assert coverage(store.view()).rows == (("Maker Model X", "FAIL"),), "it may be of the newest build"
    told = _columns(carrier_results(store.view(), "us/att", now=NOW), "build", "older_build", "verdict")
    assert told == [(None, None, "FAIL"), ("A", False, "PASS")]


def test_of_two_builds_first_seen_at_the_same_moment_none_hides_the_other(store: Store, tmp_path: Path) -> None:
    append(
        store,
        tmp_path,
        _at(1, firmware="A", verdicts={"R-1": "FAIL"}),
        MadeRun(day="2026-11-01", id="00000009", key="S-2", firmware="B"),
        MadeRun(day="2026-11-01", id="00000008", key="S-2", firmware="0"),
    )
    assert coverage(store.view()).rows == (("Maker Model X", "FAIL"),)


def test_a_later_run_that_asked_for_less_proof_does_not_speak_over_one_that_asked_for_more(
    store: Store, tmp_path: Path
) -> None:
    append(store, tmp_path, _at(1, verdicts={"R-1": "FAIL"}), _at(2, grade="declared"))
    assert coverage(store.view()).rows == (("Maker Model X", "FAIL"),)
    append(store, tmp_path, _at(3))
    assert coverage(store.view()).rows == (("Maker Model X", "PASS"),)


def test_a_device_that_did_not_tell_its_model_has_a_row_with_a_name(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, _at(1, model=None, maker=None, hardware=None))
    assert coverage(store.view()).rows == (("(model not told)", "PASS"),)
    assert _columns(carrier_results(store.view(), "us/att", now=NOW), "device") == [("(model not told)",)]


# Own questions


def test_a_question_of_ones_own_reads_the_history_and_nothing_else(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, _at(1))
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    files = store.readable()
    assert own_question(store.view(apart=True), "SELECT count(*) FROM verdicts", files).rows == ((1,),)
    for sql in (
        f"SELECT * FROM read_csv('{secret}')",
        f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
        f"ATTACH '{tmp_path}/other.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT * FROM nothing",
    ):
        with pytest.raises(HistoryError, match="cannot be answered"):
            own_question(store.view(apart=True), sql, files)
    assert not (tmp_path / "out.csv").exists()
    assert coverage(store.view()).rows, "its locks are not those of the questions after it"
