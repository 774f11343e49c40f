"""The bench file: a lab's devices, how each is reached, and what stands in its report.

format: bandproof.bench/1
lab:
  name: Band lab 2
devices:
  mix2-1:
    adb: R58M12ABCDE                # or host:port
    at: /dev/serial/by-id/usb-...   # the AT port of the same phone
    sheet: xiaomi/mi-mix-2/global
    sample: S-2026-017              # the customer's number of this very piece
    sim: {plmn: "310410"}
    carriers: [us/att, us/verizon]
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from harness.errors import FileError, UnknownName, UsageError
from harness.links.addresses import parse_address
from harness.radio.plmn import parse_plmn
from harness.yamlfiles import shape, strict_yaml
from harness.yamlfiles.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FORMAT = "bandproof.bench/1"
FILE_NAME = "bench.yaml"
VARIABLE = "BANDPROOF_BENCH"

DeviceName = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$", description="letters, digits, dots and dashes, such as mix2-1")
]
Seconds = Annotated[float, Meta(gt=0, le=86400)]


class Accreditation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Printed on the report; without it the report says that it is not an accredited one."""

    body: str
    number: str
    scope: str
    standard: str = "ISO/IEC 17025"


class Lab(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who answers for the report."""

    name: str
    address: str | None = None
    location: str | None = None
    """Where the work is done, where that is not the address."""
    accreditation: Accreditation | None = None
    tester: str | None = None
    approver: str | None = None


class Customer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who ordered the report."""

    name: str
    contact: str | None = None


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The test plan that the run follows."""

    id: str
    version: str | None = None


class Supplied(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the customer says of the item; printed as supplied data, beside what the device tells. It decides nothing."""

    marketing_name: str | None = None
    model_number: str | None = None
    hardware: str | None = None
    maker: str | None = None
    software_build: str | None = None
    baseband: str | None = None
    carrier_config: str | None = None
    """The carrier configuration, such as the MBN."""
    tac: Annotated[str, Meta(pattern=r"^[0-9]{8}$", description='8 digits in quotes: "35693803"')] | None = None
    """The type allocation code of its IMEI, and no digit more."""
    svn: Annotated[str, Meta(pattern=r"^[0-9]{2}$", description='2 digits in quotes: "07"')] | None = None
    sim_profile: str | None = None
    chipset: str | None = None
    fcc_id: str | None = None
    ptcrb: str | None = None
    gcf: str | None = None
    condition: str | None = None
    received: str | None = None


class ExpectedSim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The SIM that should be in the device; another one is a conflict."""

    plmn: Annotated[str, Meta(pattern=r"^[0-9]{5,6}$", description='5 or 6 digits in quotes: "310410"')]
    note: str | None = None


class BenchDevice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One device: at least one way to reach it."""

    adb: str | None = None
    at: str | None = None
    qmi: str | None = None
    labgrid: str | None = None
    """A place of a labgrid lab, or the tags of one: `kind=handset,model=x`."""
    recording: str | None = None
    sheet: str | None = None
    sample: Annotated[str, Meta(min_length=1, max_length=60)] | None = None
    """The number of the piece: the customer's, or the laboratory's own."""
    sim: ExpectedSim | None = None
    carriers: tuple[str, ...] = ()
    evidence: dict[str, tuple[str, ...]] = {}
    sweep: Literal["allowed"] | None = None
    """`allowed`: `--sweep` may lock this device to bands, and puts it back, without asking on the terminal."""
    uecap: Literal["live"] | None = None
    """`live`: the UE capability is captured from the handset's own diagnostic port."""
    ics: str | tuple[str, ...] = ()
    """The maker's filled proforma (3GPP ICS): a file, or several."""
    fcc: str | tuple[str, ...] = ()
    """The saved page of its FCC grant, or of several."""
    supplied: Supplied = Supplied()
    notes: tuple[str, ...] = ()
    photographs: tuple[str, ...] = ()
    deadline_s: Seconds | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every way to the device, the handset's shell first."""
        place = f"labgrid:{self.labgrid}" if self.labgrid else None
        return tuple(one for one in (self.recording, self.adb, self.at, self.qmi, place) if one)

    @property
    def declared(self) -> dict[str, tuple[str, ...]]:
        """The papers that were declared of it, by kind; a kind without a file is left out."""
        named = {"ics": listed(self.ics), "fcc": listed(self.fcc)}
        return {kind: files for kind, files in named.items() if files}


def listed(named: str | tuple[str, ...]) -> tuple[str, ...]:
    """What may be written as one or as a list."""
    return (named,) if isinstance(named, str) else named


class Deadlines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long one device and the reading of all devices may take."""

    device_s: Seconds = 60.0
    run_s: Seconds = 900.0


class Hooks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is told of a finished run."""

    command: str | tuple[str, ...] | None = None
    """A program, with its words: the run's report.json is its standard input. No shell is between."""
    webhook: Annotated[str, Meta(pattern=r"^https?://[^/]+", description="http://… or https://…")] | None = None
    textfile: Annotated[str, Meta(pattern=r"\.prom$", description="a file whose name ends with .prom")] | None = None
    """Where node_exporter's textfile collector looks."""


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A run that the bench page starts with one press."""

    devices: tuple[DeviceName, ...] = ()
    """Names of the bench; without any, all of it."""
    carriers: tuple[str, ...] = ()
    policy: Literal["strict", "service"] = "strict"
    sweep: str = ""
    """Bands that its devices are locked to, `12,66,n71`, or `required`; each needs `sweep: allowed`."""


class Bench(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole bench file."""

    format: Annotated[str, Meta(pattern=r"^bandproof\.bench/1$", description=FORMAT)]
    devices: dict[DeviceName, BenchDevice]
    lab: Lab | None = None
    customer: Customer | None = None
    plan: Plan | None = None
    name: str | None = None
    """What the bench is called; a laboratory has several."""
    report: str | None = None
    """The laboratory's own number for the report of the next run; without it, day and id of the run."""
    amends: str | None = None
    """The report that the report of this run corrects."""
    cells: str | tuple[str, ...] = ()
    """Where the cells of a sweep come from, as `--cells` names it: one source, or several together."""
    coordinator: str | None = None
    """The labgrid coordinator of `labgrid` devices: HOST:PORT; LG_COORDINATOR where it is not said."""
    history: str | None = None
    """The table that runs are appended to: a folder, or a store's address."""
    hooks: Hooks = Hooks()
    presets: dict[str, Preset] = {}
    """Runs of the bench page, by what its buttons say."""
    deadlines: Deadlines = Deadlines()
    evidence: Literal["private", "shared"] = "private"
    """Who may read the evidence: the user alone (files 0600 in folders 0700), or whom the umask lets."""
    photographs: Literal["stripped", "as_taken"] = "stripped"
    """Whether photographs lose what the camera wrote into them (place, owner, serial number)."""

    def device(self, name: str) -> BenchDevice:
        """The entry of that name. Raises UnknownName with the nearest."""
        if name not in self.devices:
            import difflib

            raise UnknownName("device on the bench", name, tuple(difflib.get_close_matches(name, self.devices, 3, 0.4)))
        return self.devices[name]


def default_path(environ: Mapping[str, str] | None = None) -> Path:
    """The bench file where none is named: `BANDPROOF_BENCH`, else `bench.yaml` here."""
    return Path((environ if environ is not None else os.environ).get(VARIABLE) or FILE_NAME)


def load_bench(named: str | None = None) -> tuple[Bench, Path]:
    """The bench file that is named, else of `BANDPROOF_BENCH`, else `bench.yaml` here; and where it stands.

    Paths of recordings, evidence and photographs in it start from its own folder. Raises UsageError where there is
    none, FileError with line and column for the first fault.
    """
    path = Path(named) if named else default_path()
    if not path.is_file():
        raise UsageError(f"there is no bench file {path}", way_out="name it: --bench=FILE, or write bench.yaml here")
    bench, problems = check_bench(path)
    faults = [one for one in problems if one[1].severity == "error"]
    if bench is None or faults:
        (line, column), first = faults[0]
        more = f"`bandproof bench check {path}` lists all {len(faults)} faults" if len(faults) > 1 else ""
        raise FileError(first.message, path=str(path), line=line, column=column, way_out=more)
    return bench, path


Placed = tuple[tuple[int, int] | tuple[None, None], Problem]


def check_bench(path: Path) -> tuple[Bench | None, list[Placed]]:
    """The bench and every fault with its place, in order. Raises FileError for what is no YAML or cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise FileError(f"cannot be read: {why}", path=str(path)) from None
    value, marks = strict_yaml.load(text, str(path))
    bench: Bench | None = None
    try:
        bench = msgspec.convert(value, Bench)
        problems = list(_problems(bench, path.parent))
    except msgspec.ValidationError as error:
        problems = list(shape.problems(value, Bench)) or [Problem((), str(error))]
    placed = [(strict_yaml.nearest_mark(marks, one.path), one) for one in problems]
    return bench, sorted(placed, key=lambda one: (one[0][0] or 0, one[0][1] or 0))


def address_from(folder: Path, address: str) -> str:
    """An address of a bench file: the relative path of a recording starts from the file's folder."""
    if address.startswith("fixture:") or Path(address).is_absolute():
        return address
    return str(folder / address)


_LONGEST_NAME = 100
"""It names folders of the evidence."""
_LONGEST_ADDRESS = 1024


def _problems(bench: Bench, folder: Path) -> Iterator[Problem]:
    """What the types cannot say."""
    if not bench.devices:
        yield Problem(("devices",), "the bench has no device")
    yield from _cell_problems(bench)
    taken: dict[str, str] = {}
    samples: dict[str, str] = {}
    for preset, told in bench.presets.items():
        yield from _preset_problems(("presets", preset, "sweep"), told, bench)
        for index, name in enumerate(told.devices):
            if name not in bench.devices:
                yield Problem(("presets", preset, "devices", index), f"{name} is no device of this bench")
    for name, device in bench.devices.items():
        at: tuple[str | int, ...] = ("devices", name)
        if len(name) > _LONGEST_NAME:
            yield Problem(at, f"the name of a device has at most {_LONGEST_NAME} signs, this one has {len(name)}")
        if ".attempt-" in name:
            yield Problem(at, f'{name}: ".attempt-" ends the names of folders that hold earlier attempts')
        if not device.addresses:
            yield Problem(at, f'{name} has no address: write "adb", "at", "qmi", "labgrid" or "recording"')
        if device.labgrid and len(device.addresses) > 1:
            yield Problem((*at, "labgrid"), f"{name} is a place of a lab, which says itself how it is reached")
        if device.recording and len(device.addresses) > 1:
            yield Problem((*at, "recording"), f"{name} is a recording; it has no live address beside it")
        for key in ("adb", "at", "qmi", "recording"):
            if address := getattr(device, key):
                yield from _address_problems((*at, key), key, address, folder)
                if address in taken and len(address) <= _LONGEST_ADDRESS:
                    yield Problem((*at, key), f"{address} is already the address of {taken[address]}")
                taken.setdefault(address, name)
        if device.sample is not None:
            if device.sample in samples:
                yield Problem((*at, "sample"), f"{device.sample} is already the sample {samples[device.sample]}")
            samples.setdefault(device.sample, name)
        if device.sim is not None and parse_plmn(device.sim.plmn) is None:
            yield Problem((*at, "sim", "plmn"), f'"{device.sim.plmn}" is no PLMN')
        yield from _missing_files(at, device, folder)


def _preset_problems(at: tuple[str | int, ...], preset: Preset, bench: Bench) -> Iterator[Problem]:
    """Of a preset that sweeps: its bands, and whether each device may be swept."""
    if not preset.sweep:
        return
    from harness.sweep.bands import REQUIRED, parse_asked

    try:
        if preset.sweep != REQUIRED:
            parse_asked(preset.sweep)
    except UsageError as error:
        yield Problem(at, error.message)
    for name in preset.devices or bench.devices:
        device = bench.devices.get(name)
        if device is not None and device.sweep is None and not device.recording:
            yield Problem(at, f"{name} has no `sweep: allowed`, so no run of the page may sweep it")


def _cell_problems(bench: Bench) -> Iterator[Problem]:
    from harness.cells.specs import PLAIN, parse_spec

    for index, text in enumerate(listed(bench.cells)):
        at: tuple[str | int, ...] = ("cells",) if isinstance(bench.cells, str) else ("cells", index)
        try:
            if text not in PLAIN:
                parse_spec(text)
        except UsageError as error:
            yield Problem(at, f"{error.message}; {error.way_out}" if error.way_out else error.message)


_KINDS: dict[str, set[str]] = {"adb": {"adb"}, "at": {"at"}, "qmi": {"qmi", "mbim"}, "recording": {"recording"}}


def _address_problems(at: tuple[str | int, ...], key: str, address: str, folder: Path) -> Iterator[Problem]:
    if len(address) > _LONGEST_ADDRESS:
        yield Problem(at, f"an address has at most {_LONGEST_ADDRESS} signs, this one has {len(address)}")
        return
    try:
        parsed = parse_address(address_from(folder, address) if key == "recording" else address)
    except UsageError as error:
        yield Problem(at, error.message)
        return
    if parsed.kind not in _KINDS[key]:
        yield Problem(at, f"{address} is no address of that kind: it reads as {parsed.kind}")


def _missing_files(at: tuple[str | int, ...], device: BenchDevice, folder: Path) -> Iterator[Problem]:
    named: list[tuple[tuple[str | int, ...], str]] = [
        ((*at, "photographs", index), name) for index, name in enumerate(device.photographs)
    ]
    named += [
        ((*at, kind, index) if not isinstance(getattr(device, kind), str) else (*at, kind), name)
        for kind, files in device.declared.items()
        for index, name in enumerate(files)
    ]
    for kind, files in device.evidence.items():
        if kind not in EVIDENCE_KINDS:
            yield Problem((*at, "evidence", kind), f'unknown evidence "{kind}"; expected {", ".join(EVIDENCE_KINDS)}')
        named += [((*at, "evidence", kind, index), name) for index, name in enumerate(files)]
    for place, name in named:
        if not (folder / name).is_file():
            yield Problem(place, f"there is no file {folder / name}")


EVIDENCE_KINDS = ("uecap",)
"""What a file from outside can be: UE capability messages."""


def bench_schema() -> dict[str, Any]:
    """JSON Schema of the bench file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bandproof bench file",
        **msgspec.json.schema(Bench),
    }
