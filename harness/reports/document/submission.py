"""The submission checklist: every item that a carrier's acceptance team and ISO/IEC 17025 clause 7.8.2 ask for.

Each item has its place in every report. What nobody gave and nothing told stands there as missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from harness.observations import Sim
from harness.plain_text import plural
from harness.reports.document.lab_entries import SubmissionEntry
from harness.verdicts.verdict import Outcome

from .entries import declaration
from .evidence_dates import dates_of_the_tests
from .words import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from harness.reports.document.lab_entries import LabEntry

    from .beside import Beside
    from .document import Summary
    from .entries import DeviceEntry, EditionEntry, RunEntry

_By = Literal["run", "device", "laboratory", "customer"]
_Row = tuple[str, str, str | None, _By]

_BOTH, _HANDSET, _MODEM = (None, "handset", "modem"), (None, "handset"), (None, "modem")
_IDENTITY: tuple[tuple[str, tuple[str | None, ...], tuple[str, ...], str], ...] = (
    ("marketing name", _HANDSET, ("market_name",), "marketing_name"),
    ("model number", _BOTH, ("model_number", "model"), "model_number"),
    ("hardware variant", _BOTH, ("hardware",), "hardware"),
    ("codename", _HANDSET, ("codename",), ""),
    ("maker", _BOTH, ("manufacturer", "brand"), "maker"),
    ("software build", _HANDSET, ("rom_version", "build"), "software_build"),
    ("software build (firmware)", _MODEM[1:], ("build", "baseband"), "software_build"),
    ("fingerprint", _HANDSET, ("fingerprint",), ""),
    ("security patch", _HANDSET, ("security_patch",), ""),
    ("baseband version", _HANDSET, ("baseband",), "baseband"),
    ("carrier configuration or MBN", _BOTH, ("carrier_config",), "carrier_config"),
    ("IMEI type code (TAC)", _BOTH, ("tac_imei",), "tac"),
    ("software version number (SVN)", _BOTH, ("svn",), "svn"),
)
"""Item, the kinds of device that have it (None: the kind is not known), parts of the identity, word of the bench file.

A modem has neither Android nor its security patch; its firmware is its software build."""
_ONLY_THE_DEVICE = "not told by the device"
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
    yield section, "place where the work was done", lab.location or lab.address, "laboratory"
    yield section, "accreditation", accreditation or "not an accredited report", "laboratory"
    yield section, "customer", customer.name if customer else None, "laboratory"
    yield section, "customer's contact", customer.contact if customer else None, "laboratory"
    yield section, "performed by", lab.tester, "laboratory"
    yield section, "authorised by", lab.approver, "laboratory"
    yield section, "report", run.number, "run"
    yield section, "amends report", lab.amends or "none", "laboratory"
    yield section, "dates of the tests", dates_of_the_tests(devices) or "not told by the evidence", "device"
    yield section, "dates of the judgement", f"{run.started} to {run.finished or 'stopped before its end'}", "run"
    yield section, "date of issue", run.finished, "run"


def _plan(run: RunEntry, lab: LabEntry, editions: Iterable[EditionEntry]) -> Iterator[_Row]:
    plan, section = lab.plan, "Plan and method"
    identified = " ".join(filter(None, (plan.id, plan.version))) if plan else None
    yield section, "test plan", identified, "laboratory"
    age = "" if run.max_evidence_age is None else f", evidence of at most {run.max_evidence_age} days"
    yield (
        section,
        "method",
        f"{run.tool}, policy {run.policy}, weakest evidence accepted {run.require_grade}{age}",
        "run",
    )
    for edition in editions:
        asked = f"{edition.carrier}@{edition.edition}, {plural(len(edition.requirements), 'requirement')}"
        yield section, f"profile of {edition.name}", f"{asked}, judged as of {edition.asked}", "run"
    rule = "a requirement passes only by evidence of the grade it needs; what could not be determined is INCONC"
    yield section, "decision rule", rule, "run"
    yield section, "sampling", "none: every device named was tested once, repeated cases show their attempts", "run"


def _device(device: DeviceEntry, supplied: Mapping[str, str], filled: str = "") -> Iterator[_Row]:
    section, identity = f"Item {device.device}", device.identity
    yield section, "sample number", device.sample, "customer"
    for item, kinds, names, word in _IDENTITY:
        if device.kind in kinds:
            told = next((identity[name] for name in names if identity.get(name)), None)
            yield (section, item, *_either(told, supplied.get(word), can_be_given=bool(word)))
    for item, name in _SUPPLIED:
        yield section, item, supplied.get(name), "customer"
    sims = [
        " ".join(filter(None, (sim.operator, sim.plmn, sim.gid1)))
        for sim in device.sims.of(Sim)
        if sim.state not in {"absent", "not_ready"}
    ]
    yield (section, "SIM profile", *_either(", ".join(filter(None, sims)) or None, supplied.get("sim_profile")))
    yield section, "connected by", ", ".join(device.connection.links) or "nothing: it did not answer", "run"
    declared = declaration(device) or (f"none: {device.sheet_remark}" if device.sheet_remark else None)
    yield section, "declared capability", declared, "customer" if device.declared_own else "run"
    if filled:
        yield section, "ICS proforma", filled, "run"
    measured = [name for name in device.layers if name not in {"declared", "attached"}]
    yield section, "measured capability", ", ".join(measured) or "none: no source measures its bands", "device"


def _either(told: str | None, given: str | None, *, can_be_given: bool = True) -> tuple[str | None, _By]:
    """What the device told, and where the customer says otherwise, that beside it; else what the customer gave."""
    if told is None:
        return (given, "customer") if can_be_given else (_ONLY_THE_DEVICE, "device")
    if given is not None and given.casefold() != told.casefold():
        return f"{told}; the customer says {given}", "device"
    return told, "device"


def _results(summary: Summary, devices: Sequence[DeviceEntry], files: int) -> Iterator[_Row]:
    section, counts = "Results", summary.counts()
    waived = counts[Outcome.WAIVED]
    told = ", ".join(f"{count} {VERDICTS[name][0]}" for name, count in counts.items() if count)
    yield section, "verdicts", told or "nothing was judged", "run"
    yield section, "deviations and waivers", f"{waived} waived" if waived else "none", "run"
    yield section, "evidence", f"{plural(files, 'file')}, each with its hash", "run"
    external = [one.device for one in devices if one.provenance in {"captured", "composed"}]
    told = f"{', '.join(external)}: not read by this laboratory from hardware" if external else "none"
    yield section, "results from elsewhere", told, "run"
    yield section, "scope of the statement", "results relate only to the items, builds and SIMs named here", "run"


def missing(rows: Sequence[SubmissionEntry]) -> int:
    """How many items nobody gave."""
    return sum(row.value is None for row in rows)
