"""The submission checklist: every item that a carrier's acceptance team and ISO/IEC 17025 clause 7.8.2 ask for.

Each item has its place in every report. What nobody gave and nothing told stands there as missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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


def submission(document: Mapping[str, Any], supplied: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The list in order: `section`, `item`, `value` (None: missing) and `by`, who told it.

    `by` is `run` (known from the run itself), `device` (the device said it), `laboratory` (its bench file) or `customer`
    (supplied data, which can affect the validity of the results: ISO/IEC 17025 clause 7.8.2.2).
    """
    rows = [*_laboratory(document), *_plan(document)]
    for device in document["devices"]:
        rows += _device(device, supplied.get(device["device"], {}))
    return [{"section": s, "item": i, "value": v or None, "by": by} for s, i, v, by in [*rows, *_results(document)]]


_Row = tuple[str, str, str | None, str]


def _laboratory(document: Mapping[str, Any]) -> Iterator[_Row]:
    lab, run = document["lab"], document["run"]
    told = lab.get("accreditation")
    accreditation = f"{told['standard']}: {told['body']} {told['number']}, {told['scope']}" if told else None
    customer, section = lab.get("customer") or {}, "Laboratory and customer"
    yield section, "laboratory", lab.get("name"), "laboratory"
    yield section, "address", lab.get("address"), "laboratory"
    yield section, "place where the work was done", lab.get("location"), "laboratory"
    yield section, "accreditation", accreditation or "not an accredited report", "laboratory"
    yield section, "customer", customer.get("name"), "laboratory"
    yield section, "customer's contact", customer.get("contact"), "laboratory"
    yield section, "performed by", lab.get("tester"), "laboratory"
    yield section, "authorised by", lab.get("approver"), "laboratory"
    yield section, "report", run["id"], "run"
    yield section, "amends report", lab.get("amends") or "none", "laboratory"
    yield section, "dates of the tests", f"{run['started']} to {run['finished'] or 'stopped before its end'}", "run"
    yield section, "date of issue", run["finished"], "run"


def _plan(document: Mapping[str, Any]) -> Iterator[_Row]:
    plan, run, section = document["lab"].get("plan") or {}, document["run"], "Plan and method"
    identified = " ".join(filter(None, (plan.get("id"), plan.get("version"))))
    yield section, "test plan", identified, "laboratory"
    yield section, "method", f"{run['tool']}, policy {run['policy']}, weakest grade taken {run['require_grade']}", "run"
    for edition in document["editions"]:
        asked = f"{edition['carrier']}@{edition['edition']}, {len(edition['requirements'])} requirements"
        yield section, f"profile of {edition['name']}", f"{asked}, judged as of {edition['asked']}", "run"
    rule = "a requirement passes only by evidence of the grade it needs; what cannot be told is INCONC"
    yield section, "decision rule", rule, "run"
    yield section, "sampling", "none: every device named was tested once, repeated cases show their attempts", "run"


def _device(device: Mapping[str, Any], supplied: Mapping[str, Any]) -> Iterator[_Row]:
    section = f"Item {device['device']}"
    identity = device["identity"]
    for item, names in _IDENTITY:
        yield section, item, next((identity[name] for name in names if identity.get(name)), None), "device"
    for item, name in _SUPPLIED:
        yield section, item, supplied.get(name), "customer"
    sims = [
        " ".join(str(part) for part in (sim.get("operator"), sim.get("plmn"), sim.get("gid1")) if part)
        for sim in device["sims"]
        if sim.get("state") not in {"absent", "not_ready"}
    ]
    yield section, "SIM", ", ".join(filter(None, sims)), "device"
    yield section, "connected by", ", ".join(device["connection"]["links"]), "run"
    yield section, "declared capability", device["declared_by"], "customer"
    measured = [name for name in device["layers"] if name not in {"declared", "attached"}]
    yield section, "measured capability", ", ".join(measured), "device"


def _results(document: Mapping[str, Any]) -> Iterator[_Row]:
    section = "Results"
    counts = ", ".join(f"{count} {name}" for name, count in document["summary"].items() if count)
    waived = document["summary"].get("WAIVED", 0)
    yield section, "verdicts", counts, "run"
    yield section, "deviations and waivers", f"{waived} waived" if waived else "none", "run"
    yield section, "evidence", f"{len(document['files'])} files, each with its hash", "run"
    external = [one["device"] for one in document["devices"] if one["provenance"] in {"captured", "composed"}]
    told = f"{', '.join(external)}: not read by this laboratory from hardware" if external else "none"
    yield section, "results from elsewhere", told, "run"
    yield section, "scope of the statement", "results relate only to the items, builds and SIMs named here", "run"


def missing(rows: Sequence[Mapping[str, Any]]) -> int:
    """How many items nobody gave."""
    return sum(row["value"] is None for row in rows)
