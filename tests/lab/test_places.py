"""Places of a lab: verdicts as without it, held under a name of the run's own, and no loss of it turns a verdict."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("labgrid", reason="the lab's tests have an environment of their own")

from harness.errors import PortBusy, UnknownName
from harness.lab.places import LabSession, _is_dead, address_of
from harness.processes import born
from harness.reports.document.document import load_document, plain

ROOT = Path(__file__).resolve().parents[2]
CARRIER = "--carrier=us/att@2017-03"


class SimulatedLab:
    """`bandproof simulate --lab`, running."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "harness.cli", "simulate", "--lab", "--json"], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.told: dict[str, Any] = json.loads(self.process.stdout.readline())

    @property
    def places(self) -> list[str]:
        return list(self.told["places"])

    def signal(self, name: str, number: signal.Signals) -> None:
        os.kill(self.told["processes"][name]["pid"], number)

    def run(self, folder: Path, *options: str, wait: bool = True, out: str = "run") -> subprocess.Popen[str]:
        words = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            CARRIER,
            f"--report-dir={out}",
            *options,
        ]
        environment = {**os.environ, "LG_COORDINATOR": self.told["coordinator"]}
        process = subprocess.Popen(
            words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if wait:
            process.said = process.communicate(timeout=120)[0]  # type: ignore[attr-defined]
        return process

    def end(self) -> None:
        for one in self.told["processes"].values():
            try:
                os.kill(one["pid"], signal.SIGCONT)
            except OSError:
                continue
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=60)


@pytest.fixture
def fragile() -> Iterator[SimulatedLab]:
    """A lab that a test may break."""
    found = SimulatedLab()
    yield found
    found.end()


@pytest.fixture(scope="module")
def lab() -> Iterator[SimulatedLab]:
    """A lab that tests share."""
    found = SimulatedLab()
    yield found
    found.end()


def _said(process: subprocess.Popen[str]) -> str:
    return str(process.said)  # type: ignore[attr-defined]


def _owners(lab: SimulatedLab) -> dict[str, str]:
    session = LabSession(lab.told["coordinator"], "looking")
    session.open()
    found = {name: place.acquired for name, place in session._session.places.items() if place.acquired}
    session.close()
    return found


def _rows(run: Path, names: dict[str, str]) -> list[str]:
    rows = [plain(one) for one in load_document(run).verdicts]
    return sorted(
        json.dumps({**one, "device": names.get(one["device"], one["device"])}, sort_keys=True) for one in rows
    )


def test_six_devices_on_two_exporters_equal_the_local_ones_row_by_row(lab: SimulatedLab, tmp_path: Path) -> None:
    done = lab.run(tmp_path, *(f"--device=labgrid:{name}" for name in lab.places))
    assert "ERROR" not in _said(done)
    local, names = [], {}
    for bench, told in lab.told["benches"].items():
        port = str(told["adb_server"]["port"])
        devices = [one["address"] for one in told["devices"]]
        file = tmp_path / f"{bench}.yaml"
        lines = [f"  {bench}-{one['name']}: {{{one['link']}: '{one['address']}'}}\n" for one in told["devices"]]
        file.write_text("format: bandproof.bench/1\ndevices:\n" + "".join(lines))
        assert devices
        words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", CARRIER, f"--bench={file}"]
        subprocess.run(
            [*words, f"--report-dir={bench}"],
            cwd=tmp_path,
            env={**os.environ, "ANDROID_ADB_SERVER_PORT": port},
            stdout=subprocess.DEVNULL,
            check=False,
        )
        local += _rows(tmp_path / bench, names)
    found = _rows(tmp_path / "run", names)
    assert len(found) == len(local) >= 50
    assert found == sorted(local)
    assert _owners(lab) == {}
    text = (tmp_path / "run" / "run.json").read_text()
    serials = [
        one["address"] for told in lab.told["benches"].values() for one in told["devices"] if one["link"] == "adb"
    ]
    assert f"place {lab.places[0]} of the lab" in text
    assert len(serials) == 4


def test_the_command_that_the_lab_prints_judges_all_six(lab: SimulatedLab, tmp_path: Path) -> None:
    words = lab.told["pytest"].replace(
        " pytest ", f" {sys.executable} -m pytest -q -p no:cacheprovider --report-dir=run "
    )
    subprocess.run(["sh", "-c", words], cwd=tmp_path, stdout=subprocess.DEVNULL, check=False, timeout=120)
    document = load_document(tmp_path / "run")
    assert sorted(one.device for one in document.results) == sorted(lab.places)
    assert [word for word in document.run.command if "labgrid:" in word] == [
        f"--device=labgrid:{name}" for name in lab.places
    ], "a place is no serial number: the command is kept as it was given"


def test_a_place_by_its_tags_and_two_by_the_same(lab: SimulatedLab, tmp_path: Path) -> None:
    wanted = "--device=labgrid:kind=modem"
    done = lab.run(tmp_path, wanted, wanted)
    names = [one.device for one in load_document(tmp_path / "run").devices]
    assert names == ["bench-a-quectel-rm520n-gl", "bench-b-quectel-rm520n-gl"], _said(done)
    assert done.returncode in (0, 1)
    third = lab.run(tmp_path, wanted, wanted, wanted, out="third")
    assert third.returncode == 4, _said(third)
    assert "is another device of this run" in _said(third)
    assert _owners(lab) == {}


def test_a_bench_file_names_places(lab: SimulatedLab, tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(
        f"format: bandproof.bench/1\ncoordinator: {lab.told['coordinator']}\ndevices:\n"
        f"  phone: {{labgrid: {lab.places[0]}, sample: S-17}}\n  modem: {{labgrid: 'kind=modem,bench=bench-b'}}\n"
    )
    done = (
        lab.run(tmp_path, "--bench=bench.yaml", "-n", "2") if _has_xdist() else lab.run(tmp_path, "--bench=bench.yaml")
    )
    devices = load_document(tmp_path / "run").devices
    assert [(one.device, one.kind, one.sample) for one in devices] == [
        ("phone", "handset", "S-17"),
        ("modem", "modem", None),
    ], _said(done)
    assert _owners(lab) == {}


def _has_xdist() -> bool:
    from importlib.util import find_spec

    return find_spec("xdist") is not None


@pytest.mark.parametrize(
    ("wanted", "words"),
    [("bench-a-quectel", "no place in the lab named"), ("kind=toaster", "no place of the lab has the tags")],
)
def test_what_the_lab_does_not_have(lab: SimulatedLab, tmp_path: Path, wanted: str, words: str) -> None:
    done = lab.run(tmp_path, f"--device=labgrid:{wanted}")
    assert done.returncode == 4
    assert words in _said(done)
    assert not (tmp_path / "run").exists()


def test_where_no_coordinator_is_named_or_answers(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--device=labgrid:x", CARRIER]
    environment = {name: value for name, value in os.environ.items() if name != "LG_COORDINATOR"}
    for more, told in (({}, "no lab is named"), ({"LG_COORDINATOR": "127.0.0.1:1"}, "no labgrid coordinator answers")):
        done = subprocess.run(
            words, cwd=tmp_path, env=environment | more, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 4
        assert told in done.stderr


WAITS = """
import time
from pathlib import Path

def test_wait(device):
    Path("waiting").write_text("")
    end = time.monotonic() + 60
    while not Path("go").exists() and time.monotonic() < end:
        time.sleep(0.05)
"""


def _waiting(lab: SimulatedLab, folder: Path, *options: str) -> subprocess.Popen[str]:
    """A run that holds its places until the file `go` is there."""
    (folder / "test_own.py").write_text(WAITS)
    run = lab.run(folder, *options, "test_own.py", f"--rootdir={folder}", wait=False)
    _until((folder / "waiting").exists, 60)
    return run


def _until(is_so: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_live_run_keeps_its_place_and_is_named(lab: SimulatedLab, tmp_path: Path) -> None:
    place = f"--device=labgrid:{lab.places[0]}"
    holder = _waiting(lab, tmp_path, place)
    owner = _owners(lab)[lab.places[0]]
    other = lab.run(tmp_path, place, f"--device=labgrid:{lab.places[1]}", out="other")
    assert other.returncode == 4
    assert re.search(rf"is held by {re.escape(owner)} since 20\d\d-\d\d-\d\d [\d:]+ UTC", _said(other)), _said(other)
    assert ":bandproof-20" in owner
    # Nothing of the one that was refused stays held, and nothing of the holder's was taken.
    assert _owners(lab) == {lab.places[0]: owner}
    (tmp_path / "go").write_text("")
    assert holder.communicate(timeout=60)[0]
    assert _owners(lab) == {}


def test_the_place_of_a_run_that_was_killed_is_found_and_freed(lab: SimulatedLab, tmp_path: Path) -> None:
    place = f"--device=labgrid:{lab.places[2]}"
    holder = _waiting(lab, tmp_path, place)
    holder.kill()
    holder.communicate()
    owner = _owners(lab)[lab.places[2]]
    began = time.monotonic()
    done = lab.run(tmp_path, place, out="next")
    assert done.returncode in (0, 1), _said(done)
    assert f"was still held by a run that was killed ({owner})" in _said(done)
    assert time.monotonic() - began < 30
    assert _owners(lab) == {}


def test_an_exporter_that_is_gone_is_a_lost_device_and_no_lost_run(fragile: SimulatedLab, tmp_path: Path) -> None:
    fragile.signal("bench-a", signal.SIGKILL)
    time.sleep(1)
    modems = [name for name in fragile.places if "quectel" in name]
    began = time.monotonic()
    done = fragile.run(tmp_path, *(f"--device=labgrid:{name}" for name in modems))
    assert time.monotonic() - began < 60
    document = load_document(tmp_path / "run")
    verdicts = {one.device: {v.verdict.name for v in document.verdicts_of(one.device)} for one in document.devices}
    assert verdicts["bench-a-quectel-rm520n-gl"] == {"ERROR"}, _said(done)
    assert verdicts["bench-b-quectel-rm520n-gl"] & {"PASS", "PASS_NOTE"}
    assert "ERROR" not in verdicts["bench-b-quectel-rm520n-gl"]
    assert _owners(fragile) == {}


def test_a_frozen_exporter_costs_its_own_device_alone(fragile: SimulatedLab, tmp_path: Path) -> None:
    fragile.signal("bench-a", signal.SIGSTOP)
    modems = [name for name in fragile.places if "quectel" in name]
    began = time.monotonic()
    done = fragile.run(tmp_path, *(f"--device=labgrid:{name}" for name in modems))
    assert time.monotonic() - began < 60
    document = load_document(tmp_path / "run")
    verdicts = {one.device: {v.verdict.name for v in document.verdicts_of(one.device)} for one in document.devices}
    assert verdicts["bench-a-quectel-rm520n-gl"] == {"ERROR"}, _said(done)
    assert verdicts["bench-b-quectel-rm520n-gl"] & {"PASS", "PASS_NOTE"}


def test_an_exporter_that_dies_while_a_run_goes_on_turns_no_verdict(fragile: SimulatedLab, tmp_path: Path) -> None:
    run = _waiting(fragile, tmp_path, f"--device=labgrid:{fragile.places[2]}")
    fragile.signal("bench-a", signal.SIGKILL)
    (tmp_path / "go").write_text("")
    said = run.communicate(timeout=60)[0]
    assert run.returncode in (0, 1), said
    assert {one.verdict.name for one in load_document(tmp_path / "run").verdicts} & {"PASS", "PASS_NOTE"}
    assert "ERROR" not in {one.verdict.name for one in load_document(tmp_path / "run").verdicts}


def test_to_part_from_a_frozen_coordinator_takes_five_seconds_whatever_is_held(fragile: SimulatedLab) -> None:
    session = LabSession(fragile.told["coordinator"], "many")
    session.open()
    assert all(one.addresses for one in session.acquire_all(fragile.places))
    fragile.signal("coordinator", signal.SIGSTOP)
    began = time.monotonic()
    session.close()
    assert time.monotonic() - began <= 5
    assert len(session.notes) == len(fragile.places) == 6
    assert all("could not be released (no answer): the next run here frees it" in note for note in session.notes)


def test_a_run_ends_whole_before_a_frozen_coordinator(fragile: SimulatedLab, tmp_path: Path) -> None:
    place = fragile.places[2]
    run = _waiting(fragile, tmp_path, f"--device=labgrid:{place}")
    fragile.signal("coordinator", signal.SIGSTOP)
    began = time.monotonic()
    (tmp_path / "go").write_text("")
    said = run.communicate(timeout=60)[0]
    # Five for the lab, which the test above holds; the rest writes the report, on a machine that may be busy.
    assert time.monotonic() - began < 5 + 15
    assert run.returncode in (0, 1), said
    assert f"warning: {place} could not be released" in said
    assert (tmp_path / "run" / "manifest.json").exists()


def test_a_coordinator_that_is_started_again_is_no_loss(fragile: SimulatedLab, tmp_path: Path) -> None:
    run = _waiting(fragile, tmp_path, f"--device=labgrid:{fragile.places[2]}")
    fragile.signal("coordinator", signal.SIGKILL)
    home = fragile.told["processes"]["coordinator"]["folder"]
    program = Path(sys.executable).with_name("labgrid-coordinator")
    again = subprocess.Popen(
        [str(program), "-l", fragile.told["coordinator"]],
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        began = time.monotonic()
        (tmp_path / "go").write_text("")
        said = run.communicate(timeout=60)[0]
        assert time.monotonic() - began < 12
        assert run.returncode in (0, 1), said
        assert (tmp_path / "run" / "manifest.json").exists()
        assert "ERROR" not in {one.verdict.name for one in load_document(tmp_path / "run").verdicts}
    finally:
        again.terminate()
        again.wait()


@pytest.mark.parametrize(
    ("cls", "told", "address"),
    [
        ("NetworkADBDevice", {"host": "h", "port": 5038, "serial": "S"}, "adb://h:5038/S"),
        ("NetworkADBDevice", {"host": "h", "port": 5037, "serialno": "S"}, "adb://h:5037/S"),
        ("NetworkADBDevice", {"host": "h"}, ""),
        ("RemoteADBDevice", {"host": "h", "port": 5555}, "h:5555"),
        ("NetworkSerialPort", {"host": "h", "port": 4000, "protocol": "raw"}, "socket://h:4000"),
        ("NetworkSerialPort", {"host": "h", "port": 4000, "protocol": "rfc2217"}, "rfc2217://h:4000"),
        ("NetworkSerialPort", {"host": "h", "port": None}, ""),
        ("NetworkPowerPort", {"host": "h", "port": 1}, ""),
        ("NetworkService", {"address": "h", "username": "u", "port": 5555}, "h:5555"),
        ("NetworkService", {"address": "h", "username": "u", "port": 22}, ""),
        ("NetworkService", {"address": "h", "username": "u"}, ""),
        ("NetworkService", {"port": 5555}, ""),
    ],
)
def test_addresses_of_resources(cls: str, told: dict[str, Any], address: str) -> None:
    assert address_of(cls, told) == address


def test_all_places_at_once_are_those_one_by_one(lab: SimulatedLab) -> None:
    session = LabSession(lab.told["coordinator"], "many")
    session.open()
    try:
        wanted = ["kind=modem", lab.places[0], lab.places[3], "kind=handset"]
        found = session.acquire_all(wanted)
        assert [one.wanted for one in found] == wanted
        assert len({one.name for one in found}) == 4
        assert all(one.addresses for one in found)
        assert {session._session.places[one.name].acquired for one in found} == {session.me}
    finally:
        session.close()
    assert session.notes == []
    assert _owners(lab) == {}


def test_a_place_that_somebody_has_taken_over_is_not_released_by_the_run_that_had_it(lab: SimulatedLab) -> None:
    """Without `fromuser` a coordinator releases whoever has it now."""
    place = lab.places[0]
    session = LabSession(lab.told["coordinator"], "many")
    session.open()
    assert session.acquire(place).addresses
    client = [str(Path(sys.executable).with_name("labgrid-client")), "-p", place]
    theirs = {
        **os.environ,
        "LG_USERNAME": "alice",
        "LG_HOSTNAME": "elsewhere",
        "LG_COORDINATOR": lab.told["coordinator"],
    }
    try:
        for verb in (["release", "--kick"], ["acquire"]):
            subprocess.run([*client, *verb], env=theirs, stdout=subprocess.DEVNULL, timeout=60, check=True)
        session.close()
        assert _owners(lab) == {place: "elsewhere/alice"}
    finally:
        subprocess.run([*client, "release"], env=theirs, stdout=subprocess.DEVNULL, timeout=60, check=True)
    assert _owners(lab) == {}


@pytest.mark.parametrize(
    ("owner", "dead"),
    [
        ("{host}/me:bandproof-2026-11-30T08-00-00Z-aaaaaaaa.{pid}.{born}", False),
        ("{host}/me:bandproof-2026-11-30T08-00-00Z-aaaaaaaa.{pid}.1", True),
        ("{host}/me:bandproof-2026-11-30T08-00-00Z-aaaaaaaa.4194303.1", True),
        ("elsewhere/me:bandproof-2026-11-30T08-00-00Z-aaaaaaaa.{pid}.1", False),
        ("{host}/me", False),
        ("{host}/me:bandproof-2026-11-30T08-00-00Z-aaaaaaaa", False),
        ("{host}/me:bandproof-x.y.1", False),
    ],
)
def test_only_a_run_of_ours_on_this_host_can_be_known_to_be_dead(owner: str, dead: bool) -> None:
    told = owner.format(host=socket.gethostname(), pid=os.getpid(), born=born(os.getpid()))
    assert _is_dead(told) is dead


def test_a_refusal_among_many_leaves_nothing_held(lab: SimulatedLab, tmp_path: Path) -> None:
    holder = _waiting(lab, tmp_path, f"--device=labgrid:{lab.places[1]}")
    session = LabSession(lab.told["coordinator"], "many")
    session.open()
    try:
        with pytest.raises(PortBusy, match=f"{lab.places[1]} is held by"):
            session.acquire_all(lab.places[:3])
        with pytest.raises(UnknownName):
            session.acquire_all([lab.places[0], "nowhere"])
        with pytest.raises(PortBusy, match="is another device of this run"):
            session.acquire_all([lab.places[0], lab.places[0]])
    finally:
        session.close()
        (tmp_path / "go").write_text("")
        holder.communicate(timeout=60)
    assert _owners(lab) == {}


def test_a_place_that_is_reserved_for_somebody_else_is_refused(lab: SimulatedLab) -> None:
    client = [str(Path(sys.executable).with_name("labgrid-client"))]
    theirs = {
        **os.environ,
        "LG_USERNAME": "alice",
        "LG_HOSTNAME": "elsewhere",
        "LG_COORDINATOR": lab.told["coordinator"],
    }
    told = subprocess.run(
        [*client, "reserve", "--shell", "bench=bench-a", "kind=modem"],
        env=theirs,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    token = told.stdout.strip().rpartition("=")[2]
    place = next(one for one in lab.places if one.startswith("bench-a-quectel"))
    session = LabSession(lab.told["coordinator"], "many")
    session.open()
    try:

        def is_reserved() -> bool:
            session._sync()
            return bool(session._session.places[place].reservation)

        _until(is_reserved, 20)
        with pytest.raises(PortBusy, match=rf"{place} is reserved for somebody else \(reservation {token}\)"):
            session.acquire_all([place])
        with pytest.raises(PortBusy, match="is reserved for somebody else"):
            session.acquire("bench=bench-a,kind=modem")
        assert session.acquire_all([lab.places[0]])[0].addresses
    finally:
        session.close()
        subprocess.run([*client, "cancel-reservation", token], env=theirs, timeout=60, check=True)
    assert session.notes == []
    assert _owners(lab) == {}


@pytest.mark.parametrize("option", ["--radio=quectel-rm520n", "--diag=x", "--fault=late=2s"])
def test_what_is_of_one_bench_is_not_of_a_lab(option: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "harness.cli", "simulate", "--lab", option], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "is of one bench, not of a lab" in done.stderr
