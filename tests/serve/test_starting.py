"""What a form may order: a sweep only of devices that the bench file allows, only bands that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import FileError, UsageError
from harness.serve.starting import Order, Starter
from harness.survey.bench import load_bench

BENCH = """format: bandproof.bench/1
devices:
  open: {at: /dev/ttyUSB2, sweep: allowed}
  shut: {at: /dev/ttyUSB3}
  kept: {recording: fixture:quectel-rm520n-gl-sweep}
presets:
  Nightly sweep: {devices: [open], sweep: "2,n71"}
"""


@pytest.fixture
def starter(tmp_path: Path) -> Starter:
    (tmp_path / "bench.yaml").write_text(BENCH)
    bench, path = load_bench(str(tmp_path / "bench.yaml"))
    return Starter(bench, path, tmp_path)


def words(starter: Starter, *devices: str, sweep: str = "") -> list[str]:
    return [one for one in starter._command(Order(devices, ("us/att",), sweep=sweep)) if one.startswith("--sweep")]


@pytest.mark.parametrize(
    ("sweep", "told"),
    [("", []), ("12, n71", ["--sweep=12,n71"]), ("REQUIRED", ["--sweep=required"]), ("2 4", ["--sweep=2,4"])],
)
def test_a_sweep_is_handed_on_as_the_option_takes_it(starter: Starter, sweep: str, told: list[str]) -> None:
    assert words(starter, "open", "kept", sweep=sweep) == told


def test_a_device_that_the_file_does_not_allow_is_not_swept(starter: Starter) -> None:
    with pytest.raises(UsageError, match="shut may not be swept"):
        words(starter, "open", "shut", sweep="12")
    assert words(starter, "shut") == []


@pytest.mark.parametrize("sweep", ["12;rm -rf x", "999", "--act", "12 --cells=x", ","])
def test_no_other_words_reach_the_command_line(starter: Starter, sweep: str) -> None:
    with pytest.raises(UsageError):
        words(starter, "open", sweep=sweep)


@pytest.mark.parametrize(
    ("old", "new", "why"), [('"2,n71"', '"2,x"', "no band"), ("[open]", "[shut]", "sweep: allowed")]
)
def test_a_preset_that_cannot_be_is_a_fault_of_the_file(tmp_path: Path, old: str, new: str, why: str) -> None:
    (tmp_path / "bench.yaml").write_text(BENCH.replace(old, new))
    with pytest.raises(FileError, match=why):
        load_bench(str(tmp_path / "bench.yaml"))


def test_cells_by_hand_are_asked_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    from harness import operator
    from harness.suite import sweeps

    asked = []

    def ask(text: str, *, within_s: float, choices: tuple[str, ...]) -> object:
        asked.append((text, choices))
        if "network" in text:
            raise operator.Unanswered("nobody")
        return operator.Testimony(text, "yes", "", "", "page")

    monkeypatch.setattr(operator, "ask", ask)
    from harness.cells.manual import ManualCells

    cells = ManualCells(sweeps._answer_on_page)
    assert cells.on("lte", 12).on is True
    assert cells.network("lte", 12).attached is None
    assert asked[0] == ("put a LTE cell of B12 on air: is it?", ("yes", "no", "not known"))
