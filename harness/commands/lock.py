"""`bandproof lock ADDRESS BAND`: a modem is held to one band until `bandproof restore`."""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from harness.sweep.bands import PlannedBand

OPEN_S = 15.0
READ_S = 60.0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof lock`."""
    lock = commands.add_parser(
        "lock",
        help="hold a modem to one band, or a handset to one technology, until `bandproof restore`",
        description="Locks a modem to one band and switches its radio off and on, or leaves a handset one technology of "
        "those that its user allows. What was there before stands in a journal; `bandproof restore` puts it back. A lock "
        "that reads as asked need not be in force: only an attach proves that (`pytest --sweep`).",
    )
    lock.add_argument("address", metavar="ADDRESS", help="the modem's AT port, or the handset's serial")
    lock.add_argument("band", metavar="BAND", help="12, n71; m12 for LTE-M, nb20 for NB-IoT; of a handset lte or nr")
    lock.add_argument("--slot", type=int, choices=(0, 1), default=0, help="the handset's SIM slot (default 0)")
    lock.add_argument("--yes", action="store_true", help="do not ask on the terminal")
    lock.set_defaults(run=lock_band)


def lock_band(options: argparse.Namespace) -> int:
    """Lock it. 2 wrong usage or no yes, 3 a link error, 5 where it could not be locked."""
    from harness.errors import StateError, UsageError
    from harness.links.addresses import parse_address
    from harness.links.at.port import open_at
    from harness.probes.at import registry
    from harness.probes.at.session import read_modem
    from harness.sweep.bands import OwnBands, parse_bands, plan_band

    address = parse_address(options.address)
    if address.kind == "adb":
        return _hold_handset(options, address.value)
    asked = parse_bands(options.band)
    if address.kind != "at" or len(asked) != 1:
        raise UsageError("bandproof lock holds a modem on an AT port to one band", way_out="name its port, and a band")
    with open_at(address.value, deadline_s=time.monotonic() + OPEN_S, allow_changes=True) as port:
        read = read_modem(port, deadline_s=time.monotonic() + READ_S)
        family = registry.dialect(read.dialect) if read.dialect else None
        locking = family.locking(read.modem) if family is not None and family.locking is not None else None
        listed = OwnBands.of(read.reading.observations)
        one = plan_band(asked[0], locking, listed, no_lock=family.no_lock if family is not None else "")
        if family is None or locking is None or one.plan != "tried":
            raise StateError(one.why, way_out="nothing was changed")
        words = f"{read.modem.manufacturer or ''} {read.modem.model or 'modem'}".strip()
        if not (options.yes or _said_yes(one, words, locking.memory)):
            raise UsageError("nothing was changed: nobody said yes", way_out="say y, or give --yes")
        from harness.links.clock import REAL_CLOCK
        from harness.survey.sweeping import found_again
        from harness.sweep.link import SweepLink
        from harness.sweep.order import SweepOrder
        from harness.sweep.runner import Sweep

        link = SweepLink(port, lambda _: None, REAL_CLOCK, forms=family.read_forms)
        order = SweepOrder(
            bands=(one,),
            opened_by="bandproof lock",
            words=words,
            firmware=read.modem.firmware or "",
            listed=listed,
            reached=address.value,
        )
        again = partial(found_again, link, address.value, family.records)
        try:
            Sweep(link, locking, family, read.modem, order, reopen=again).hold(one)
        finally:
            # A modem that restarts is opened anew.
            link.port.close()
    from harness.radio.tables import band_label

    name = band_label(one.rat, one.band)
    sys.stdout.write(f"{words} is held to {name}; `bandproof restore {options.address}` puts it back\n")
    return 0


def _hold_handset(options: argparse.Namespace, name: str) -> int:
    """Leave a handset one technology."""
    from harness.errors import UsageError
    from harness.links.adb.shell import open_adb
    from harness.survey.handset_locking import RATS, hold_to

    rat = options.band.lower()
    if rat not in RATS:
        raise UsageError(
            "without root a handset can be held to a technology, not to a band", way_out=f"name one: {', '.join(RATS)}"
        )
    link = open_adb(name, deadline_s=time.monotonic() + OPEN_S, allow_changes=True, exclusive=True)
    try:
        maker, model = (
            told.text.strip() if told is not None else ""
            for told in link.run(["getprop ro.product.manufacturer", "getprop ro.product.model"], deadline_s=_soon())
        )
        words = f"{maker} {model}".strip() or "handset"
        kept = "the types that its user allows are kept for its SIM, over restarts"
        if not (options.yes or _is_wanted(words, rat.upper(), kept)):
            raise UsageError("nothing was changed: nobody said yes", way_out="say y, or give --yes")
        hold_to(link, link.handset.serial, rat, options.slot, words=words)
    finally:
        link.close()
    sys.stdout.write(f"{words} is held to {rat.upper()}; `bandproof restore {options.address}` puts it back\n")
    return 0


def _soon() -> float:
    return time.monotonic() + OPEN_S


def _said_yes(one: PlannedBand, words: str, memory: str) -> bool:
    from harness.radio.tables import band_label

    return _is_wanted(words, band_label(one.rat, one.band), memory or "its band list is written")


def _is_wanted(words: str, to: str, what: str) -> bool:
    if not sys.stdin.isatty():
        return False
    sys.stderr.write(f"hold {words} to {to}? {what}. [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
