"""`--evidence uecap=FILE`: what a run keeps of the file, whom it is of, and what it proves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from test_plugin import MIX, MIX2, run

from harness.capability_facts import BandCombinations
from harness.errors import InputError, UnknownName, UsageError
from harness.observations import SupportedBands
from harness.recording.exchange import Exchange
from harness.recording.files import load_recording
from harness.reports.run.verify import verify
from harness.survey.evidence_files import Given, keep, parse_option, read_kept, with_evidence
from harness.survey.reading import read_device
from harness.survey.targets import Target, plan_targets

CARRIER = "--carrier=us/att@2024"
IMSI = b"310410123456789"


@pytest.fixture(autouse=True)
def _extra() -> None:
    pytest.importorskip("pycrate_asn1dir", reason="the extra uecap is not installed")


def samples():
    sys.path.insert(0, str(Path(__file__).parents[1] / "probes" / "uecap"))
    import uecap_samples

    return uecap_samples


def capability(bands=(2, 4, 5, 12, 14, 29, 30, 66), *, asked=None) -> list[bytes]:
    """An enquiry and its answer, in which combinations vouch for every band."""
    make = samples()
    combos = tuple(((band, "a", "a"),) for band in bands)
    answer = make.lte_message(("eutra", make.eutra(bands=bands, combos=combos, nsa=(), sa=())))
    return [make.lte_enquiry(bands=asked), answer]


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """A capture that also holds an attach request with an IMSI, and the bench's addresses."""
    make = samples()
    enquiry, answer = capability()
    frames = [
        make.udp(make.gsmtap2(1, enquiry)),
        make.udp(make.gsmtap2(3, b"\x20\x41" + IMSI)),
        make.udp(make.gsmtap2(3, answer)),
        make.udp(b"login=" + IMSI, 5000),
    ]
    file = tmp_path / "attach.pcap"
    file.write_bytes(make.pcap(1, frames))
    return file


def report(folder: Path) -> dict:
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def verdicts(folder: Path) -> dict[str, dict]:
    return {one["requirement"]: one for one in report(folder)["verdicts"]}


# --- a run ----------------------------------------------------------------------------------------------------------


def test_a_capability_makes_a_handsets_bands_measured_and_the_run_verifies(tmp_path: Path, capture: Path) -> None:
    result = run(tmp_path, MIX2, CARRIER, "--evidence", f"uecap={capture.name},model=Mi MIX 2", "--report-dir=out")
    assert result.returncode == 1, result.stdout
    found = verdicts(tmp_path / "out")
    # No capability tells whether VoLTE is there.
    assert {id_ for id_, one in found.items() if one["verdict"] in {"INCONC", "FAIL"}} == {"ATT-VOLTE"}
    assert {found[f"ATT-LTE-B{n}"]["grade"] for n in (2, 4, 5, 12, 14, 66)} == {"measured"}
    place = found["ATT-LTE-B66"]["evidence"][0]
    told = report(tmp_path / "out")["devices"][0]["exchanges"][place["exchange"]]
    assert (place["link"], told["link"]) == ("uecap", "uecap")
    assert told["request"] == "uecap attach.pcap 'model=Mi MIX 2'"
    assert any(file["file"].endswith("uecap.yaml") for file in report(tmp_path / "out")["files"])
    assert verify(tmp_path / "out") == []


def test_a_changed_capability_is_found_by_verify(tmp_path: Path, capture: Path) -> None:
    run(tmp_path, MIX2, CARRIER, f"--evidence=uecap={capture.name}", "--report-dir=out")
    kept = next((tmp_path / "out" / "evidence").glob("*/uecap.yaml"))
    lines = kept.read_text().splitlines(keepends=True)
    kept.write_text("".join(line for line in lines if "lte_dl" not in line))
    assert any("uecap.yaml" in (fault.file or "") for fault in verify(tmp_path / "out"))
    assert any("the evidence gives" in fault.message for fault in verify(tmp_path / "out"))


def test_only_the_capability_is_kept_of_a_capture(tmp_path: Path, capture: Path) -> None:
    assert IMSI in capture.read_bytes()
    run(tmp_path, MIX2, CARRIER, f"--evidence=uecap={capture.name}", "--report-dir=out")
    for file in (tmp_path / "out").rglob("*"):
        if file.is_file():
            assert IMSI not in file.read_bytes()
            assert IMSI.hex().encode() not in file.read_bytes()
    (kept,) = load_recording(next((tmp_path / "out" / "evidence").iterdir())).links["uecap"]
    assert [line.split()[0] for line in kept.text.splitlines()] == ["bandproof.uecap/1", "lte_dl", "lte_ul"]


def test_a_file_of_another_device_decides_nothing_and_the_reason_says_so(tmp_path: Path, capture: Path) -> None:
    option = f"uecap={capture.name},model=SM-G991U"
    result = run(tmp_path, MIX2, CARRIER, "--evidence", option, "--report-dir=out")
    assert result.returncode == 1
    found = verdicts(tmp_path / "out")["ATT-LTE-B66"]
    assert found["verdict"] == "INCONC"
    assert "is of model SM-G991U, the device says" in found["reason"]
    assert any("decides nothing" in text for text in report(tmp_path / "out")["devices"][0]["warnings"])
    assert verify(tmp_path / "out") == []


def test_each_device_gets_its_own_file(tmp_path: Path, capture: Path) -> None:
    option = f"xiaomi-mi-mix-2-global:uecap={capture.name}"
    run(tmp_path, MIX2, MIX, CARRIER, "--evidence", option, "--report-dir=out")
    links = {one["device"]: one["connection"]["links"] for one in report(tmp_path / "out")["devices"]}
    assert links == {"xiaomi-mi-mix-2-global": ["adb", "uecap"], "xiaomi-mi-mix-china": ["adb"]}


def test_workers_of_xdist_judge_by_the_file_too(tmp_path: Path, capture: Path) -> None:
    run(tmp_path, MIX2, CARRIER, f"--evidence=uecap={capture.name},model=chiron", "--report-dir=out", "-n1")
    assert verdicts(tmp_path / "out")["ATT-LTE-B66"]["grade"] == "measured"


def test_a_bench_names_the_files_of_its_devices(tmp_path: Path, capture: Path) -> None:
    (tmp_path / "bench.yaml").write_text(
        "format: bandproof.bench/1\ndevices:\n"
        '  mix: {recording: "fixture:xiaomi-mi-mix-2-global", carriers: [us/att@2024], evidence: {uecap: [attach.pcap]}}\n',
        encoding="utf-8",
    )
    result = run(tmp_path, "--bench=bench.yaml", "--report-dir=out")
    found = verdicts(tmp_path / "out")["ATT-LTE-B66"]
    # Its bands are more than the maker's sheet has, and nothing says that it is of this phone.
    assert found["verdict"] == "INCONC"
    assert "that attach.pcap is of this device is known by the user's word alone" in found["reason"]
    assert "which xiaomi/mi-mix-2#global does not declare" in found["reason"]
    assert "that attach.pcap is of this device is known by the user's word alone" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((MIX2, "--evidence=uecap=nothing.hex"), "nothing.hex cannot be read"),
        ((MIX2, "--evidence=qcat=a.txt"), "names no kind and file"),
        ((MIX2, MIX, "--evidence=uecap=junk.hex"), "which of the 2 devices?"),
        ((MIX2, "--evidence=other:uecap=junk.hex"), "no device of this run named 'other'"),
        ((MIX2, "--evidence=uecap=junk.hex"), "junk.hex"),
        ((MIX2, "--evidence=uecap=junk.hex,date=2026-13-01"), "is no day"),
        (("--evidence=uecap=junk.hex",), "--evidence is of a device"),
    ],
)
def test_a_wrong_option_is_told_in_a_line_before_anything_is_read(tmp_path: Path, arguments, words) -> None:
    (tmp_path / "junk.hex").write_text("00 11 22 33")
    result = run(tmp_path, CARRIER, *arguments, "--report-dir=out")
    told = result.stdout + result.stderr
    assert result.returncode == 4
    assert words in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path, capture: Path) -> None:
    (tmp_path / "pycrate_core").mkdir()
    (tmp_path / "pycrate_core" / "__init__.py").write_text("raise ImportError('absent')")
    result = run(tmp_path, MIX2, CARRIER, f"--evidence=uecap={capture.name}")
    assert result.returncode == 4
    assert "pip install bandproof[uecap]" in result.stdout + result.stderr


def test_without_a_file_nothing_of_the_decoder_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys, pytest; status = pytest.main(sys.argv[1:]); "
        "print([n for n in sys.modules if 'pycrate' in n or 'probes.uecap' in n or 'evidence_' in n and 'survey' in n])"
    )
    command = [sys.executable, "-c", code, "-p", "no:cacheprovider", "-q", MIX2, CARRIER]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert "\n[]\n" in result.stdout


# --- the parts ------------------------------------------------------------------------------------------------------


def test_the_option_names_device_file_and_what_it_was_taken_from() -> None:
    assert parse_option("uecap=a,b.hex") == ("", Given(Path("a,b.hex")))
    assert parse_option("mix2-1:uecap=C:x=1.hex,build=V12,date=2026-11-01") == (
        "mix2-1",
        Given(Path("C:x=1.hex"), build="V12", date="2026-11-01"),
    )
    assert parse_option("10.0.0.7:5555:uecap=a.hex")[0] == "10.0.0.7:5555"
    with pytest.raises(UsageError):
        parse_option("uecap=")


def surveyed(*given: Given):
    return read_device(Target("d", ("fixture:xiaomi-mi-mix-2-global",), given=keep(given)))


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({}, False),
        ({"model": "mi-mix 2"}, False),
        ({"model": "chiron"}, False),
        ({"model": "Mi MIX 2S"}, True),
        ({"build": "V12.0.1.0.PDEMIXM"}, False),
        ({"build": "V12.0.1.0.PDEMIXN"}, True),
        ({"date": "2016-01-01"}, True),
        ({"date": "2026-01-01"}, False),
    ],
)
def test_what_the_user_says_is_held_against_the_device(capture: Path, said, refused) -> None:
    survey = surveyed(Given(capture, **said))
    assert bool(survey.refused) is refused
    assert bool(survey.supported) is not refused
    assert any("the user's word alone" in text for text in survey.warnings) is not bool(
        said.keys() & {"model", "build"} or refused
    )


def test_the_facts_of_a_file_are_those_of_the_decoder(capture: Path) -> None:
    from harness.probes.uecap import read

    direct = read([(capture.name, capture.read_bytes())]).observations
    survey = surveyed(Given(capture))

    def plain(items):
        return {
            (
                type(one).__name__,
                getattr(one, "rat", None),
                getattr(one, "bands", None),
                getattr(one, "filtered_by", None),
            )
            for one in items
        }

    assert plain(direct) <= plain(survey.observations)


@pytest.mark.parametrize("name", ["ueCapHexEutra.hex", "nsgNr.txt", "0xB0CD-v32.txt", "exportedPduMrdcMixedSplit.pcap"])
def test_real_files_read_the_same_from_what_is_kept(captures_dir: Path, name: str) -> None:
    from harness.probes.uecap import read

    file = captures_dir / "uecap" / name
    direct = read([(name, file.read_bytes())]).observations
    kinds = (SupportedBands, BandCombinations)
    kept = [one for one in surveyed(Given(file)).observations if isinstance(one, kinds)]

    def trimmed(items):
        out = []
        for one in items:
            if isinstance(one, kinds):
                told = one.as_json()
                told.pop("source")
                out.append(told)
        return out

    assert trimmed(kept) == trimmed(direct)


def told_by(items) -> list[dict]:
    return [{key: value for key, value in one.as_json().items() if key != "source"} for one in items]


def alike(tmp_path: Path, **content: bytes | str) -> list[dict]:
    """What files tell; what is kept of them must tell the same."""
    from harness.probes.uecap import read

    files = []
    for name, data in content.items():
        files.append((name, data if isinstance(data, bytes) else data.encode()))
        (tmp_path / name).write_bytes(files[-1][1])
    kept = keep([Given(tmp_path / name) for name in content])
    direct = told_by(read(files).observations)
    assert told_by(read_kept(kept).observations) == direct, content.keys()
    return direct


def test_every_form_reads_the_same_from_what_is_kept(tmp_path: Path) -> None:
    samples()
    from uecap_grammars import GRAMMARS

    for made in GRAMMARS.values():
        assert alike(tmp_path, sample=made())


def test_what_is_kept_knows_that_octets_and_text_are_of_one_message(tmp_path: Path) -> None:
    """Else a text that differs from its octets would be a second message, and vouch for what they share."""
    samples()
    import uecap_samples as make
    from uecap_grammars import octets_text
    from uecap_texts import qcat

    other = qcat("UE-EUTRA-Capability", make.eutra_value(bands=(1, 3, 7, 20), nsa=(), sa=()))
    told = alike(tmp_path, sample=octets_text() + other)
    bands = next(one for one in told if one["kind"] == "supported_bands")
    assert bands["grade"] == "observed"
    assert bands["told_once"] == bands["bands"]


def test_what_is_kept_of_a_second_file_with_its_enquiry_is_no_second_statement(tmp_path: Path) -> None:
    make = samples()
    enquiry, answer = capability()
    first = make.pcap(1, [make.udp(make.gsmtap2(3, answer))])
    second = make.pcap(1, [make.udp(make.gsmtap2(1, enquiry)), make.udp(make.gsmtap2(3, answer))])
    told = alike(tmp_path, **{"a.pcap": first, "b.pcap": second})
    category = next(one for one in told if one["kind"] == "ue_category")
    assert category["told_once"] is True


def test_a_split_capability_is_merged_over_its_files(tmp_path: Path) -> None:
    make = samples()
    for name, data in (("a.hex", make.eutra()), ("b.hex", make.nr())):
        (tmp_path / name).write_text(data.hex())
    survey = surveyed(Given(tmp_path / "a.hex"), Given(tmp_path / "b.hex"))
    assert {item.rat for item in survey.supported} >= {"lte", "nr"}
    twice = surveyed(Given(tmp_path / "a.hex"), Given(tmp_path / "a.hex"))
    assert any("twice" in text for text in twice.warnings)


def test_a_device_that_was_not_read_is_not_judged_by_a_file(capture: Path) -> None:
    survey = read_device(Target("d", ("qmi:/dev/bandproof-no-such-port",), given=keep([Given(capture)])))
    assert survey.trouble
    assert survey.observations == ()


def test_a_capture_without_a_capability_is_refused(tmp_path: Path) -> None:
    make = samples()
    file = tmp_path / "a.pcap"
    file.write_bytes(make.pcap(1, [make.udp(make.gsmtap2(3, b"\x20\x41" + IMSI))]))
    with pytest.raises(InputError):
        keep([Given(file)])


def replayed(request_: str, response: bytes):
    return read_device(Target("d", ("fixture:xiaomi-mi-mix-2-global",), given=(Exchange(request_, response),)))


@pytest.mark.parametrize("request_", ["uecap", "uecap 'a", "uecap a b"])
def test_a_kept_file_of_another_writer_is_refused(request_: str) -> None:
    with pytest.raises(InputError, match="no request of a capability file"):
        replayed(request_, b"bandproof.uecap/1\n")


@pytest.mark.parametrize(
    "response",
    [
        b"bandproof.uecap/1\neutra zz\n",
        b"bandproof.uecap/1\nshell reboot\n",
        b"bandproof.uecap/1\nsame 1 2\n",
        b"bandproof.uecap/1\nsame 1\n",
        b"bandproof.uecap/1\ntree eutra 0 " + b"[" * 100_000,
        b"bandproof.uecap/1\ntree eutra\nenquiry {}\n\xff\n",
        b"\x00\xff",
    ],
)
def test_a_kept_file_that_somebody_changed_tells_nothing(response: bytes) -> None:
    survey = replayed("uecap a", response)
    assert survey.supported == ()
    assert any(warning.startswith("a:") for warning in survey.warnings)


def test_a_file_for_an_address_or_a_name() -> None:
    targets = plan_targets(["fixture:xiaomi-mi-mix-2-global", "fixture:xiaomi-mi-mix-china"])
    with pytest.raises(UnknownName):
        with_evidence(targets, ["nobody:uecap=a.hex"])
    assert with_evidence(targets) == targets
