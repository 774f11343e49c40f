"""From a finished run's document to the rows that a history keeps of it. Pure; nothing heavy is imported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from harness.reports.document.firmware import firmware_of
from harness.reports.run.folder import run_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.reports.document.document import Document
    from harness.reports.document.entries import DeviceEntry

Row = dict[str, Any]


def key_of(document: Document) -> str:
    """The run's key; of an old document it is made of its start and id."""
    return document.run.key or run_key(document.run.started, document.run.id)


def rows_of(document: Document) -> Iterator[Row]:
    """Every row of a run: the run, its devices, their bands and trials, their results and verdicts."""
    run = _run(document)
    told = document.run
    yield {
        **run,
        "row": "run",
        "report": told.report,
        "finished": _moment(told.finished),
        "complete": told.complete,
        "tester": document.lab.tester,
    }
    profiles = {one.ref: one.profile_sha256 for one in document.editions}
    for device in document.devices:
        about = run | _device(device, told.bench)
        yield {
            **about,
            "row": "device",
            "build": device.identity.get("build"),
            "baseband": device.identity.get("baseband"),
            "trouble": device.trouble,
        }
        yield from _bands(about, device)
        yield from _trials(about, device)
        yield from _judged(about, document, device, profiles)


def encoded_rows(document: Document) -> bytes:
    """The rows as one JSON object a line; what is null is left out."""
    lines = []
    for row in rows_of(document):
        told = {name: value for name, value in row.items() if value is not None}
        try:
            lines.append(msgspec.json.encode(told))
        except UnicodeEncodeError:
            lines.append(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))
    return b"\n".join(lines) + b"\n"


def _run(document: Document) -> Row:
    run = document.run
    return {
        "month": run.started[:7],
        "run": key_of(document),
        "started": _moment(run.started),
        "lab": document.lab.name,
        "bench": run.bench,
        "tool": run.tool,
        "data": run.data,
        "policy": str(run.policy),
        "as_of": run.as_of,
        "require_grade": run.require_grade,
    }


def _device(device: DeviceEntry, bench: str | None) -> Row:
    identity = device.identity
    return {
        # A piece without number and serial is known by its place, so that two labs' are not taken for one.
        "key": device.key or f"name:{bench or ''}/{device.device}",
        "device": device.device,
        "sample": device.sample,
        "kind": device.kind,
        "manufacturer": identity.get("manufacturer"),
        "model": identity.get("model"),
        "hardware": identity.get("hardware"),
        "region": identity.get("rom_region"),
        # Reports of before took Xiaomi's builds for one: the identity tells, the newest words of it.
        "firmware": firmware_of(identity) or device.firmware,
        "sim": _sims(device),
        "provenance": device.provenance,
    }


def _sims(device: DeviceEntry) -> str | None:
    """The networks of the cards in it, by slot: `0:310410`. `none` where slots were read and hold no card."""
    from harness.observations import Sim

    told = list(device.sims.of(Sim))
    cards = {one.slot or 0: one.imsi_prefix for one in told if one.imsi_prefix}
    cards |= {one.slot or 0: one.plmn for one in told if one.plmn}
    if not cards:
        return "none" if any(one.state == "absent" for one in told) else None
    return " ".join(f"{slot}:{network}" for slot, network in sorted(cards.items()))


def _bands(about: Row, device: DeviceEntry) -> Iterator[Row]:
    """One row a layer and RAT that was read; what nothing tells has no row, so that it is never taken for a loss."""
    for layer, rats in device.layers.items():
        for rat, bands in rats.items():
            unlimited = isinstance(bands, str)
            yield {
                **about,
                "row": "band",
                "layer": layer,
                "rat": str(rat),
                "bands": None if unlimited else list(bands),
                "unlimited": unlimited,
            }


def _trials(about: Row, device: DeviceEntry) -> Iterator[Row]:
    """One row a trial of a sweep, as it was seen; what it comes to, verdicts say. Of a technology that was held no band."""
    from harness.trial_facts import Trial

    for fact in device.observations:
        if isinstance(fact, Trial):
            yield {
                **about,
                "row": "trial",
                "grade": fact.grade.word,
                **{name: getattr(fact, name) or None for name in ("why", "served_rat")},
                **{name: getattr(fact, name, None) for name in _OF_TRIAL},
                "lock_state": fact.lock,
                "sources_differ": fact.disagree,
            }


_OF_TRIAL = (
    *("rat", "band", "plan", "on_air", "registered", "fresh", "served_band", "network", "denied", "cause"),
    *("attach_s", "rsrp_dbm", "rsrq_db", "sinr_db"),
)


def _judged(
    about: Row, document: Document, device: DeviceEntry, profiles: dict[tuple[str, str], str | None]
) -> Iterator[Row]:
    for result in document.results_of(device.device):
        yield {
            **about,
            "row": "result",
            **_ref(result.ref, profiles),
            "verdict": result.verdict.name,
            "grade": result.grade,
            "name": result.name,
            "met": result.met,
            "asked": result.asked,
            "missing": list(result.missing),
            "not_run": len(result.not_run),
        }
    for verdict in document.verdicts_of(device.device):
        yield {
            **about,
            "row": "verdict",
            **_ref(verdict.ref, profiles),
            "verdict": verdict.verdict.name,
            "grade": verdict.grade,
            "requirement": verdict.requirement,
            "level": verdict.level,
            "reason": verdict.reason,
            "evidence": [f"{one.link}#{one.exchange}:{one.line or ''}" for one in verdict.evidence if one.link],
        }


def _ref(ref: tuple[str, str], profiles: dict[tuple[str, str], str | None]) -> Row:
    return {"carrier": ref[0], "edition": ref[1], "profile": profiles.get(ref)}


def _moment(text: str | None) -> str | None:
    """`2026-11-21 14:03:11.000`, in UTC as all moments of a run."""
    return text.replace("T", " ").removesuffix("Z") if text else None
