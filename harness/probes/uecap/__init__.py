"""UE capability (TS 36.331, TS 38.331, and vendors' tables) -> observations. `read` is the door.

A capability answers an enquiry, so what it does not name is only unsupported where the enquiry asked for it; and PER has
no checksum, so what a message says at one place only is marked (`told_once`).
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from harness.errors import ParseError
from harness.observations import Reading, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .account import Account
    from .attach import Attach

__all__ = ["TYPES", "read", "read_accounts"]

TYPES = ("lte-dcch", "nr-dcch", "eutra", "nr", "mrdc", "s1ap", "ngap", "0xB0CD", "0xB826", "shannon")
"""What octets can be said to be; see `read`."""

_RAW_TABLE = re.compile(r"(LTE|NR) UE CA Combos Raw: ([0-9a-f]+)")


def read(files: Sequence[tuple[str, bytes]], type_name: str | None = None) -> Reading:
    """Read the files of one device (name, content): LTE, NR and MR-DC parts are merged, in any order.

    `type_name` (one of TYPES) says what octets without a recognisable form are. Raises ParseError where a file holds
    nothing that can be read, InputError where pycrate (or, for a diagnostic log, SCAT) is not installed.
    """
    from .merging import merge

    accounts, warnings = read_accounts(files, type_name)
    names = ", ".join(dict.fromkeys(name for name, _ in files))
    return merge(accounts, Source(request=f"UE capability {names}"[:200]), warnings)


def read_accounts(files: Sequence[tuple[str, bytes]], type_name: str | None = None) -> tuple[list[Account], list[str]]:
    """What each container says, in order, and warnings. The same file given twice counts once. Raises as `read`."""
    from .attach import Attach
    from .recognising import take
    from .scat import is_diagnostic_log, to_pcap

    if type_name is not None and type_name not in TYPES:
        raise ParseError(f"{type_name!r} is not one of {', '.join(TYPES)}")
    attach = Attach()
    seen: set[bytes] = set()
    for name, data in files:
        digest = sha256(data).digest()
        if digest in seen:
            attach.warnings.append(f"{name}: the same content was given twice; it counts once")
            continue
        seen.add(digest)
        if is_diagnostic_log(name):
            _log(attach, *to_pcap(data, name), name)
        else:
            take(attach, data, name, type_name)
    attach.finish()
    if not attach.accounts:
        raise ParseError(attach.warnings[0] if attach.warnings else "no UE capability in what was given")
    return attach.accounts, attach.warnings


def _log(attach: Attach, pcap: bytes, printed: bytes, name: str) -> None:
    """The packets and the raw CA tables that SCAT took from a diagnostic log."""
    from .recognising import take
    from .tables.ca_binary import read_item

    tables = 0
    for match in _RAW_TABLE.finditer(printed.decode("ascii", errors="replace")):
        try:
            item = read_item(bytes.fromhex(match[2]), "0xB0CD" if match[1] == "LTE" else "0xB826", name)
            attach.add(item)
            tables += 1
        except (ParseError, ValueError) as error:
            attach.warnings.append(str(error).splitlines()[0])
    try:
        take(attach, pcap, name)
    except ParseError:
        if not tables:
            raise
