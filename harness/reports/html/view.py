"""What the HTML templates show, laid out of the document: no fact is added here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.radio.tables import band_label
from harness.reports.document import words
from harness.reports.document.band_table import band_rows, mhz, told_layers, worst_of
from harness.reports.document.combinations import combinations_view
from harness.reports.document.results import listed
from harness.reports.document.submission import missing
from harness.reports.figures.band_picture import legend, picture
from harness.reports.figures.heat_map import heat_map, heat_picture
from harness.reports.figures.timeline import timeline

from .evidence import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from harness.recording.exchange import Exchange
    from harness.reports.document.band_table import BandRow

_OPEN_DEVICES = 4
"""With more devices than this, each one is folded and the overview comes first."""
_SHOWN_FIRST = ("FAIL", "INCONC", "ERROR", "WAIVED", "PASS_NOTE")
_CARD = (
    ("Hardware", "hardware"),
    ("Codename", "codename"),
    ("Android", "android"),
    ("Build", "build"),
    ("ROM version", "rom_version"),
    ("ROM region", "rom_region"),
    ("Fingerprint", "fingerprint"),
    ("Security patch", "security_patch"),
    ("Baseband", "baseband"),
    ("Carrier configuration", "carrier_config"),
    ("TAC of the IMEI", "tac_imei"),
    ("SVN", "svn"),
)
_HANDSET_ONLY = {"build", "codename", "android", "rom_version", "rom_region", "fingerprint", "security_patch"}
_MODEM_ONLY = {"carrier_config"}


_MOST_ACROSS = 5
"""Columns of verdicts that a page has room for."""


def view(document: Mapping[str, Any], exchanges: Mapping[str, Sequence[tuple[str, Exchange]]]) -> dict[str, Any]:
    """The variables of `report.html.j2`."""
    cited = _cited(document["verdicts"])
    devices = [_device(document, n, device, exchanges, cited) for n, device in enumerate(document["devices"])]
    from markupsafe import Markup

    return {
        "doc": document,
        "run": document["run"],
        "lab": document["lab"],
        "devices": devices,
        "many": len(devices) > _OPEN_DEVICES,
        "several": len(devices) > 1,
        "editions": [{**edition, "groups": _alike(edition["requirements"])} for edition in document["editions"]],
        "columns": list(dict.fromkeys((r["carrier"], r["edition"], r["name"]) for r in document["results"])),
        "most_across": _MOST_ACROSS,
        "by_carrier": _by_carrier(document["results"]),
        "timeline": Markup(timeline(document)),  # noqa: S704 - escapes what it draws
        "sections": _sections(document["submission"]),
        "missing": missing(document["submission"]),
        "words": words,
        "listed": listed,
        "waived": [v for v in document["verdicts"] if v["verdict"] == "WAIVED"],
        "accredited": bool(document["lab"].get("accreditation")),
    }


def _sections(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The submission checklist, section by section, in its order."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["section"], []).append(row)
    return [{"name": name, "rows": kept} for name, kept in found.items()]


def _by_carrier(results: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How many devices meet each carrier."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for result in results:
        ref = (result["carrier"], result["edition"])
        one = found.setdefault(ref, {"name": result["name"], "edition": result["edition"], "meet": 0, "judged": 0})
        one["judged"] += 1
        one["meet"] += result["verdict"] in {"PASS", "PASS_NOTE", "WAIVED"}
    return list(found.values())


_OF_GROUP = ("level", "needed", "publishers", "authority", "as_of", "note")


def _alike(requirements: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The requirements of an edition, those of one level, grade, source and note together."""
    found: dict[str, dict[str, Any]] = {}
    for rule in requirements:
        common = {name: rule[name] for name in _OF_GROUP}
        found.setdefault(repr(common), {**common, "rules": []})["rules"].append(rule)
    return list(found.values())


def _cited(verdicts: Iterable[Mapping[str, Any]]) -> dict[str, dict[int, set[int]]]:
    """Device -> exchange -> the lines that verdicts rest on."""
    found: dict[str, dict[int, set[int]]] = {}
    for verdict in verdicts:
        for place in verdict["evidence"]:
            if place["exchange"] is not None and place["line"] is not None:
                found.setdefault(verdict["device"], {}).setdefault(place["exchange"], set()).add(place["line"])
    return found


def _device(
    document: Mapping[str, Any],
    number: int,
    device: Mapping[str, Any],
    exchanges: Mapping[str, Sequence[tuple[str, Exchange]]],
    cited: Mapping[str, Mapping[int, set[int]]],
) -> dict[str, Any]:
    from markupsafe import Markup

    name = device["device"]
    anchor = f"d{number}"
    evidence = Evidence(anchor, exchanges.get(name, ()), cited.get(name, {}), device["exchanges"])
    results = [result for result in document["results"] if result["device"] == name]
    verdicts = [verdict for verdict in document["verdicts"] if verdict["device"] == name]
    rows = band_rows(document, device)
    heat = heat_map(document, device)
    return {
        "anchor": anchor,
        "facts": device,
        "card": card(device),
        "now": _now(device["observations"]),
        "results": {(result["carrier"], result["edition"]): result for result in results},
        # The picture's own module escapes what it draws.
        "picture": Markup(picture(document, device, anchor)),  # noqa: S704
        "legend": Markup(legend(anchor)),  # noqa: S704
        "heat": heat,
        "heat_picture": Markup(heat_picture(heat, f"{anchor}-heat")) if heat else "",  # noqa: S704
        "layers": told_layers(device),
        "bands": [_band(row) for row in rows],
        "known": _known(device, rows),
        "carriers": [_carrier(document, f"{anchor}-c{n}", r, verdicts, evidence) for n, r in enumerate(results)],
        "combinations": combinations_view(device["observations"], verdicts, _kinds(document)),
        "disagreements": [_disagreement(item, evidence) for item in device["disagreements"]],
        "not_assessed": not_assessed(results, verdicts),
        "evidence": evidence,
    }


def _kinds(document: Mapping[str, Any]) -> dict[tuple[str, str, str], str]:
    """The kind of each requirement, by carrier, edition and id."""
    return {
        (edition["carrier"], edition["edition"], rule["id"]): rule["kind"]
        for edition in document["editions"]
        for rule in edition["requirements"]
    }


def card(device: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    """The identity card: words and values, None where the device did not tell what a submission asks for."""
    identity = device["identity"]
    skipped = _HANDSET_ONLY if device["kind"] == "modem" else _MODEM_ONLY
    maker = identity.get("manufacturer") or identity.get("brand")
    model = identity.get("market_name") or identity.get("model")
    number = identity.get("model") if identity.get("market_name") else None
    rows: list[tuple[str, str | None]] = [("Maker", maker), ("Model", model)]
    rows += [("Model number", number)] if number else []
    return rows + [
        (title, identity.get(key)) for title, key in _CARD if identity.get(key) is not None or key not in skipped
    ]


def _now(observations: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """SIM, registration and serving cells while the device was read."""
    rows = []
    for item in observations:
        if item["kind"] == "sim":
            told = [item["operator"], item["plmn"] and f"PLMN {item['plmn']}", item["state"]]
            rows.append((f"SIM{_slot(item)}", " · ".join(str(part) for part in told if part) or "not told"))
    for item in observations:
        if item["kind"] == "registration" and item["domain"] != "cs" and item["state"] != "unknown":
            network = f", PLMN {item['plmn']}" if item["plmn"] else ""
            domain = f" {item['domain'].upper()}" if item.get("domain") else ""
            rows.append((f"Registration{domain}{_slot(item)}", f"{item['state'].replace('_', ' ')}{network}"))
    rows += [(_role(item), _cell(item)) for item in observations if item["kind"] == "serving_cell"]
    return list(dict.fromkeys(rows))


def _slot(item: Mapping[str, Any]) -> str:
    return "" if item["slot"] is None else f", slot {item['slot']}"


def _role(cell: Mapping[str, Any]) -> str:
    return {"pcell": "Serving cell", "scell": "SCell", "pscell": "PSCell"}[cell["role"]] + _slot(cell)


def _cell(cell: Mapping[str, Any]) -> str:
    rat = cell["rat"] or ""
    channel = "NR-ARFCN" if rat.startswith("nr") else {"umts": "UARFCN", "gsm": "ARFCN"}.get(rat, "EARFCN")
    parts = [
        band_label(rat, cell["band"]) if rat and cell["band"] is not None else "band not known",
        f"{channel} {cell['arfcn']}" if cell["arfcn"] is not None else "",
        f"PCI {cell['pci']}" if cell["pci"] is not None else "",
        f"{cell['bandwidth_khz'] / 1000:g} MHz" if cell["bandwidth_khz"] else "",
        {True: "registered", False: "not registered"}.get(cell["registered"], ""),
        "configured only" if cell["active"] is False else "",
        "channel and reported band contradict" if cell["band_source"] == "conflict" else "",
    ]
    return ", ".join(part for part in parts if part)


def _band(row: BandRow) -> dict[str, Any]:
    band = row.spectrum
    return {
        "label": row.label,
        "downlink": mhz(band.dl_mhz) if band else "not a band of 3GPP",
        "uplink": mhz(band.ul_mhz) if band else "–",
        "duplex": band.duplex if band else "",
        "asked": row.asked,
        "worst": worst_of(row.asked),
        "layers": row.layers,
    }


def _known(device: Mapping[str, Any], rows: Sequence[BandRow]) -> list[dict[str, Any]]:
    """What each layer has, and of the bands that a carrier asks for, what it lacks and does not tell; alike ones together."""
    asked = [row for row in rows if row.asked]
    found: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for layer in told_layers(device):
        has = tuple(row.label for row in rows if row.layers[layer] is True)
        lacks = tuple(row.label for row in asked if row.layers[layer] is False)
        untold = tuple(row.label for row in asked if row.layers[layer] is None)
        found.setdefault((has, lacks, untold), []).append(layer)
    return [
        {"names": names, "has": has, "lacks": lacks, "untold": untold} for (has, lacks, untold), names in found.items()
    ]


def _carrier(
    document: Mapping[str, Any],
    anchor: str,
    result: Mapping[str, Any],
    verdicts: Iterable[Mapping[str, Any]],
    evidence: Evidence,
) -> dict[str, Any]:
    """One carrier's requirements: what a reviewer must see first, the rest to be folded."""
    ref = (result["carrier"], result["edition"])
    edition = next(e for e in document["editions"] if (e["carrier"], e["edition"]) == ref)
    rules = {rule["id"]: rule for rule in edition["requirements"]}
    own = [v for v in verdicts if (v["carrier"], v["edition"]) == ref]
    own.sort(key=lambda v: words.READING_ORDER.index(v["verdict"]))
    lines = [{**v, "rule": rules.get(v["requirement"]), "links": evidence.links(v["evidence"])} for v in own]
    return {
        "anchor": anchor,
        "result": result,
        "edition": edition,
        "first": [line for line in lines if line["verdict"] in _SHOWN_FIRST],
        "met": [line for line in lines if line["verdict"] == "PASS"],
        "rest": [line for line in lines if line["verdict"] == "NA"],
    }


def _disagreement(item: Mapping[str, Any], evidence: Evidence) -> dict[str, Any]:
    says = [{**said, "link": evidence.link(said["source"]) if said["source"] else None} for said in item["says"]]
    return {"about": item["about"], "says": says}


def not_assessed(results: Sequence[Mapping[str, Any]], verdicts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was not judged of a device and why: `{"why", "what"}`, each reason once."""
    groups: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict["verdict"] == "NA":
            informative = verdict["level"] == "informative"
            why = "informative: decides nothing" if informative else verdict["reason"]
            groups.setdefault(why, []).append(f"{verdict['carrier']} {verdict['requirement']}")
    for result in results:
        for id_ in result["not_run"]:
            groups.setdefault("not judged in this run: left out by selection or cut short", []).append(
                f"{result['carrier']} {id_}"
            )
    return [{"why": why, "what": list(dict.fromkeys(what))} for why, what in groups.items()]
