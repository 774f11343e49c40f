"""The answer of a run: one result a device and edition, and the sentences that a reviewer reads first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from harness.radio.tables import band_label

from .words import BASIS, GRADE_ORDER, READING_ORDER, WEIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TOLD = ("FAIL", "INCONC", "ERROR", "WAIVED", "PASS_NOTE")
_MOST_NAMED = 6


def results_of(
    plan: Sequence[tuple[str, Mapping[str, Any]]], verdicts: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """One result for each device and edition (as `editions_of` gives it) of the plan, in the plan's order."""
    groups: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for verdict in verdicts:
        groups.setdefault((verdict["device"], verdict["carrier"], verdict["edition"]), []).append(verdict)
    return [
        _result(device, edition, groups.get((device, edition["carrier"], edition["edition"]), []))
        for device, edition in plan
    ]


def _result(device: str, edition: Mapping[str, Any], verdicts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rules = {rule["id"]: rule for rule in edition["requirements"]}
    judged = {verdict["requirement"] for verdict in verdicts}
    decided = [verdict for verdict in verdicts if verdict["verdict"] != "NA"]
    worst = max((verdict["verdict"] for verdict in verdicts), key=WEIGHT.__getitem__, default="NA")
    not_run = [id_ for id_ in rules if id_ not in judged]
    # A result rests on all requirements: what was left out of the run leaves it open, whatever the rest says.
    if not_run and WEIGHT[worst] < WEIGHT["INCONC"]:
        worst = "INCONC"
    out: dict[str, Any] = {
        "device": device,
        "carrier": edition["carrier"],
        "name": edition["name"],
        "edition": edition["edition"],
        "verdict": worst,
        "met": sum(verdict["verdict"] in {"PASS", "PASS_NOTE"} for verdict in decided),
        "asked": len(decided),
        "grade": weakest(decided),
        "bands_asked": edition["bands_asked"],
        "missing": [label for label, _ in _missing(rules, verdicts)],
        "missing_roles": [role for _, role in _missing(rules, verdicts)],
        "reasons": _reasons(decided),
        "not_run": not_run,
    }
    out["sentence"] = _sentence(out, rules, decided)
    return out


def weakest(verdicts: Iterable[Mapping[str, Any]]) -> str | None:
    """The weakest grade that the verdicts met or failed rest on."""
    grades = [v["grade"] for v in verdicts if v["grade"] and v["verdict"] in {"PASS", "PASS_NOTE", "FAIL", "WAIVED"}]
    return min(grades, key=GRADE_ORDER.index, default=None)


def _missing(rules: Mapping[str, Mapping[str, Any]], verdicts: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Label and role of the bands whose requirement failed, mandatory ones first."""
    failed = [(v["level"] != "mandatory", rules[v["requirement"]]) for v in verdicts if _failed_band(v, rules)]
    failed.sort(key=lambda pair: pair[0])
    return list({band_label(r["rat"], r["bands"][0]): r["role"] for _, r in failed}.items())


def _failed_band(verdict: Mapping[str, Any], rules: Mapping[str, Mapping[str, Any]]) -> bool:
    return verdict["verdict"] == "FAIL" and rules.get(verdict["requirement"], {}).get("kind") == "band"


def _reasons(decided: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What speaks against the device or remains open, the heaviest and mandatory ones first, each reason once."""
    told = [verdict for verdict in decided if verdict["verdict"] in _TOLD]
    told.sort(key=lambda v: (READING_ORDER.index(v["verdict"]), v["level"] != "mandatory"))
    unique = {(v["verdict"], v["reason"]): v for v in reversed(told)}
    kept = [v for v in told if unique[v["verdict"], v["reason"]] is v]
    return [{"requirement": v["requirement"], "verdict": v["verdict"], "reason": v["reason"]} for v in kept]


def _sentence(
    result: Mapping[str, Any], rules: Mapping[str, Mapping[str, Any]], decided: Sequence[Mapping[str, Any]]
) -> str:
    """`does not meet AT&T Mobility (edition 2024): B14 and B66 missing`."""
    who = f"{result['name']} (edition {result['edition']})"
    verdict = result["verdict"]
    if verdict in {"PASS", "PASS_NOTE", "WAIVED"}:
        how = {"PASS": "", "PASS_NOTE": ", with notes", "WAIVED": ", under waivers"}[verdict]
        basis = BASIS.get(result["grade"] or "", "")
        return f"meets {who}{' ' if basis else ''}{basis}{how}"
    first = result["reasons"][0]["reason"] if result["reasons"] else ""
    if verdict == "FAIL":
        others = [v["reason"] for v in decided if v["verdict"] == "FAIL" and not _failed_band(v, rules)]
        missing = [f"{listed(result['missing'])} missing"] if result["missing"] else []
        return f"does not meet {who}: {'; '.join(missing + list(dict.fromkeys(others)))}"
    if verdict == "ERROR":
        return f"was not judged by {who}: {first}"
    if verdict == "NA":
        return f"has nothing to be judged by {who}"
    if not result["reasons"] or result["reasons"][0]["verdict"] != "INCONC":
        return f"cannot be told for {who}: {len(result['not_run'])} requirements were not judged in this run"
    return f"cannot be told for {who}: {first}{_and_more(result)}"


def _and_more(result: Mapping[str, Any]) -> str:
    more = sum(reason["verdict"] == "INCONC" for reason in result["reasons"]) - 1
    return f" (and {more} more open)" if more > 0 else ""


def listed(words: Sequence[str]) -> str:
    """`B14 and B66`, `B1, B2 and 5 more`."""
    if len(words) > _MOST_NAMED:
        return f"{', '.join(words[: _MOST_NAMED - 1])} and {len(words) - _MOST_NAMED + 1} more"
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def answer(document: Mapping[str, Any]) -> str:
    """The whole run in one sentence."""
    results, devices = document["results"], document["devices"]
    if not results:
        return "RF band fit: no carrier was judged."
    if len(devices) == 1:
        return _of_one_device(devices[0]["label"], results)
    fitting = {d["device"] for d in devices} - {r["device"] for r in results if not _meets(r)}
    fitting &= {r["device"] for r in results}
    whom = f"all {_carriers(results)} carriers asked" if _carriers(results) > 1 else f"{results[0]['name']}"
    return f"RF band fit: {len(fitting)} of {len(devices)} devices meet{'s' * (len(fitting) == 1)} {whom}."


def _of_one_device(label: str, results: Sequence[Mapping[str, Any]]) -> str:
    if len(results) <= 2:
        return f"RF band fit: {label} {'; '.join(result['sentence'] for result in results)}."
    names = Counter(result["name"] for result in results)
    named = [(r, r["name"] if names[r["name"]] == 1 else f"{r['name']} of {r['edition']}") for r in results]
    meets = [name for result, name in named if _meets(result)]
    fails = [name for result, name in named if result["verdict"] == "FAIL"]
    rest = [name for result, name in named if not _meets(result) and result["verdict"] != "FAIL"]
    parts = [f"meets {listed(meets)}" if meets else f"meets none of the {len(results)} carriers asked"]
    if fails and meets:
        parts.append(f"does not meet {listed(fails)}")
    if rest:
        parts.append(f"cannot be told for {listed(rest)}")
    return f"RF band fit: {label} {'; '.join(parts)}."


def _meets(result: Mapping[str, Any]) -> bool:
    return result["verdict"] in {"PASS", "PASS_NOTE", "WAIVED"}


def _carriers(results: Iterable[Mapping[str, Any]]) -> int:
    return len({(result["carrier"], result["edition"]) for result in results})
