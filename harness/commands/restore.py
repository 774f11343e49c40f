"""`bandproof restore`: what a run has changed and not put back is put back now, by its journal."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

    from harness.survey.restoring.putting_back import CarriedOut

SCHEMA = "bandproof.restore/1"
NOT_PUT_BACK = 5
WAIT_S = 60.0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof restore`."""
    restore = commands.add_parser(
        "restore",
        help="put back what a run has changed on a device and left so",
        description="Carries out the journals of runs that ended early. The device is known by what it is, not by its "
        "port, and waited for. Exit status 5: something is not put back, and the journal stays.",
    )
    restore.add_argument(
        "address", nargs="?", default="", metavar="ADDRESS", help="only this device: adb serial or port"
    )
    restore.add_argument(
        "--insist", action="store_true", help="also overwrite what somebody else has changed meanwhile"
    )
    restore.add_argument(
        "--wait", type=float, default=WAIT_S, metavar="S", help="seconds that a device may take to appear (default 60)"
    )
    restore.add_argument("--json", action="store_true", help=f"one JSON object ({SCHEMA})")
    restore.set_defaults(run=restore_devices)


def restore_devices(options: argparse.Namespace) -> int:
    """Carry out every journal that no run holds. 5 where something is not put back."""
    from harness.state.folder import has_journals

    results: list[CarriedOut] = []
    if has_journals():
        from harness.survey.restoring.putting_back import carry_out_all

        wait_s = max(0.0, options.wait)
        for only in _names(options.address):
            results += carry_out_all(only=only, insist=options.insist, wait_s=wait_s, kept=True)
    if options.json:
        sys.stdout.write(json.dumps({"schema": SCHEMA, "devices": [_as_json(one) for one in results]}, indent=1) + "\n")
    else:
        lines = [line for one in results for line in one.lines] or ["nothing is left to put back"]
        sys.stdout.write("".join(f"{_harmless(line)}\n" for line in lines))
    return NOT_PUT_BACK if any(one.trouble for one in results) else 0


def _names(address: str) -> list[str]:
    """What the journals of a device can be told by: its key, and the port that it was reached by."""
    if not address:
        return [""]
    from harness.links.addresses import parse_address
    from harness.state.journal import device_key

    if parse_address(address).kind != "at":
        return [device_key("adb", address)]
    from harness.survey.restoring.modem_finding import key_at

    key = key_at(address)
    return [key] if key else [address]


def _as_json(one: CarriedOut) -> dict[str, Any]:
    return {
        "device": one.words,
        "items": [
            {"item": item.item, "before": item.before, "outcome": item.outcome, "why": item.why or None}
            for item in one.put_back
        ],
        "trouble": one.trouble or None,
        "way_out": one.way_out or None,
    }


def _harmless(line: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in line)
