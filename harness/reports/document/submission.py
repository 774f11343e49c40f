"""The submission checklist: every item that a carrier's acceptance team and ISO/IEC 17025 clause 7.8.2 ask for.

Each item has its place in every report. What nobody gave and nothing told stands there as missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from harness.observations import Sim
from harness.verdicts.verdict import Outcome

from .entries import SubmissionEntry, declaration
from .evidence_dates import dates_of_the_tests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .beside import Beside
    from .document import Summary
    from .entries import DeviceEntry, EditionEntry, LabEntry, RunEntry

_By = Literal["run", "device", "laboratory", "customer"]
_Row = tuple[str, str, str | None, _By]

_IDENTITY = (
    ("marketing name", ("market_name",)),
    ("model number", ("model_number", "model")),
    ("hardware variant", ("hardware",)),
    ("codename", ("codename",)),
    ("maker", ("manufacturer", "brand")),
    ("software build", ("rom_version", "build")),
    ("fingerprint", ("fingerprint",)),
    ("security patch", ("security_patch",)),
    ("baseband version", ("baseband",)),
    ("carrier configuration or MBN", ("carrier_config",)),
    ("IMEI type code (TAC)", ("tac_imei",)),
    ("software version number (SVN)", ("svn",)),
)
_SUPPLIED = (
    ("chipset", "chipset"),
    ("FCC ID", "fcc_id"),
    ("PTCRB request or certificate", "ptcrb"),
    ("GCF declaration", "gcf"),
    ("condition of the item", "condition"),
    ("date received", "received"),
)


def submission(
    run: RunEntry, beside: Beside, devices: Sequence[DeviceEntry], editions: Sequence[EditionEntry], summary: Summary
) -> list[SubmissionEntry]:
    """The list in order.

    `by` is `run` (known from the run itself), `device` (the device said it), `laboratory` (its bench file) or `customer`
    (supplied data, which can affect the validity of the results: ISO/IEC 17025 clause 7.8.2.2).
    """
    rows = [*_laboratory(run, beside.lab, devices), *_plan(run, beside.lab, editions)]
    for device in devices:
        filled = beside.filled_ics.get(device.device, "")
        rows += _device(device, beside.supplied.get(device.device, {}), filled)
    rows += _results(summary, devices, len(beside.files))
    return [SubmissionEntry(section, item, value or None, by) for section, item, value, by in rows]


def _laboratory(run: RunEntry, lab: LabEntry, devices: Sequence[DeviceEntry]) -> Iterator[_Row]:
    told, customer, section = lab.accreditation, lab.customer, "Laboratory and customer"
    accreditation = f"{told.standard}: {told.body} {told.number}, {told.scope}" if told else None
    yield section, "laboratory", lab.name, "laboratory"
    yield section, "address", lab.address, "laboratory"
    yield section, "place where the work was done", lab.location, "laboratory"
    yield section, "accreditation", accreditation or "not an accredited report", "laboratory"
    yield section, "customer", customer.name if customer else None, "laboratory"
    yield section, "customer's contact", customer.contact if customer else None, "laboratory"
    yield section, "performed by", lab.tester, "laboratory"
    yield section, "authorised by", lab.approver, "laboratory"
    yield section, "report", run.number, "run"
    yield section, "amends report", lab.amends or "none", "laboratory"
    yield section, "dates of the tests", dates_of_the_tests(devices), "device"
    yield section, "dates of the judgement", f"{run.started} to {run.finished or 'stopped before its end'}", "run"
    yield section, "date of issue", run.finished, "run"


def _plan(run: RunEntry, lab: LabEntry, editions: Iterable[EditionEntry]) -> Iterator[_Row]:
    plan, section = lab.plan, "Plan and method"
    identified = " ".join(filter(None, (plan.id, plan.version))) if plan else None
    yield section, "test plan", identified, "laboratory"
    age = "" if run.max_evidence_age is None else f", evidence of at most {run.max_evidence_age} days"
    yield section, "method", f"{run.tool}, policy {run.policy}, weakest grade taken {run.require_grade}{age}", "run"
    for edition in editions:
        asked = f"{edition.carrier}@{edition.edition}, {len(edition.requirements)} requirements"
        yield section, f"profile of {edition.name}", f"{asked}, judged as of {edition.asked}", "run"
    rule = "a requirement passes only by evidence of the grade it needs; what could not be determined is INCONC"
    yield section, "decision rule", rule, "run"
    yield section, "sampling", "none: every device named was tested once, repeated cases show their attempts", "run"


def _device(device: DeviceEntry, supplied: Mapping[str, str], filled: str = "") -> Iterator[_Row]:
    section, identity = f"Item {device.device}", device.identity
    if device.sample:
        yield section, "sample", device.sample, "customer"
    for item, names in _IDENTITY:
        yield section, item, next((identity[name] for name in names if identity.get(name)), None), "device"
    for item, name in _SUPPLIED:
        yield section, item, supplied.get(name), "customer"
    sims = [
        " ".join(filter(None, (sim.operator, sim.plmn, sim.gid1)))
        for sim in device.sims.of(Sim)
        if sim.state not in {"absent", "not_ready"}
    ]
    yield section, "SIM", ", ".join(filter(None, sims)), "device"
    yield section, "connected by", ", ".join(device.connection.links), "run"
    yield section, "declared capability", declaration(device) or None, "customer" if device.declared_own else "run"
    if filled:
        yield section, "ICS proforma", filled, "run"
    measured = [name for name in device.layers if name not in {"declared", "attached"}]
    yield section, "measured capability", ", ".join(measured), "device"


def _results(summary: Summary, devices: Sequence[DeviceEntry], files: int) -> Iterator[_Row]:
    section, counts = "Results", summary.counts()
    waived = counts[Outcome.WAIVED]
    yield section, "verdicts", ", ".join(f"{count} {name}" for name, count in counts.items() if count), "run"
    yield section, "deviations and waivers", f"{waived} waived" if waived else "none", "run"
    yield section, "evidence", f"{files} files, each with its hash", "run"
    external = [one.device for one in devices if one.provenance in {"captured", "composed"}]
    told = f"{', '.join(external)}: not read by this laboratory from hardware" if external else "none"
    yield section, "results from elsewhere", told, "run"
    yield section, "scope of the statement", "results relate only to the items, builds and SIMs named here", "run"


def missing(rows: Sequence[SubmissionEntry]) -> int:
    """How many items nobody gave."""
    return sum(row.value is None for row in rows)
