"""`bandproof decode uecap`: UE capabilities in any supported form -> observations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import InputError

if TYPE_CHECKING:
    import argparse

LARGEST = 512 * 1024 * 1024


def add(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `uecap` under `bandproof decode`."""
    from harness.commands.decode.text import add_json

    uecap = kinds.add_parser("uecap", help="UE capability: RRC hex, pcap, decoder text, vendor tables, diagnostic logs")
    uecap.add_argument(
        "files", nargs="*", default=["-"], metavar="FILE", help="the files of one device; - for standard input"
    )
    uecap.add_argument(
        "--type",
        choices=("lte-dcch", "nr-dcch", "eutra", "nr", "mrdc", "0xB0CD", "0xB826", "shannon"),
        metavar="TYPE",
        help="what the octets are, where that cannot be told from them: %(choices)s",
    )
    add_json(uecap)
    uecap.set_defaults(run=decode_uecap)


def decode_uecap(options: argparse.Namespace) -> int:
    """Decode the files of one device, merged."""
    from harness.commands.decode.text import show
    from harness.probes import uecap

    files = [(Path(name).name if name != "-" else "standard input", _content(name)) for name in options.files]
    return show(uecap.read(files, options.type), as_json=options.json)


def _content(name: str) -> bytes:
    try:
        if name == "-":
            from harness.commands.decode.text import pasted

            return pasted()
        path = Path(name)
        if path.is_file() and path.stat().st_size > LARGEST:
            raise InputError(f"{name} is larger than {LARGEST >> 20} MB", way_out="cut the log around the attach")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror or error}") from error
