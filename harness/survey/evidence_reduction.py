"""A capability file -> what is kept of it as evidence: nothing but the capability, and so nothing personal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from harness.errors import InputError, ParseError
from harness.probes.uecap import hexes
from harness.probes.uecap.attach import Attach
from harness.probes.uecap.recognising import as_text, take
from harness.probes.uecap.scat import is_diagnostic_log, to_pcap
from harness.probes.uecap.texts.tables_printed import printed_tables
from harness.probes.uecap.wire import packets

from .evidence_trees import FORMAT, tree_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.probes.uecap.account import Account, Kind
    from harness.probes.uecap.texts.tree import Tree
    from harness.probes.uecap.wire.rrc import Coding


_CHANNELS = frozenset({"lte_ul", "lte_dl", "nr_ul", "nr_dl"})


class Keeping(Attach):
    """Notes every record that was taken, as a line of what is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[str] = []
        self.tables = False
        """A vendor's table was taken, which is no record of its own."""
        self._depth = 0

    def message(self, data: bytes, coding: Coding, origin: str) -> bool:
        """Take an RRC message; one that is joined of segments is kept as its segments."""
        self._depth += 1
        try:
            taken = super().message(data, coding, origin)
        finally:
            self._depth -= 1
        if taken and not self._depth:
            self.records.append(f"{coding} {data.hex()}")
        return taken

    def container(self, data: bytes, kind: Kind, origin: str) -> None:
        """Take a bare container."""
        super().container(data, kind, origin)
        self.records.append(f"{kind} {data.hex()}")

    def decoded(self, value: Tree, kind: Kind, origin: str, *, numeric: bool = False) -> None:
        """Take a container that somebody else decoded."""
        super().decoded(value, kind, origin, numeric=numeric)
        self.records.append(f"tree {kind} {int(numeric)} {tree_text(value)}")

    def enquiry(self, value: Tree) -> None:
        """Take an enquiry that somebody else decoded."""
        super().enquiry(value)
        self.records.append(f"enquiry {tree_text(value)}")

    def same(self, one: int, other: int) -> None:
        """Two accounts are of one message; kept as how far back the first of them is from the end."""
        super().same(one, other)
        self.records.append(f"same {len(self.accounts) - one} {len(self.accounts) - other}")

    def add(self, account: Account) -> None:
        """Take a vendor's table."""
        super().add(account)
        self.tables = True


def kept_of(files: Sequence[tuple[str, bytes]]) -> list[bytes]:
    """What is kept of each file (name, content) of one device. Raises InputError where one holds no capability."""
    keeping = Keeping()
    return [_kept(keeping, name, data) for name, data in files]


def messages_of(name: str, data: bytes) -> tuple[tuple[Coding, bytes], ...]:
    """The RRC messages of a capture that make a capability. Raises InputError where it holds none."""
    keeping = Keeping()
    take(keeping, data, name)
    words = [line.split(" ") for line in keeping.records]
    found = tuple((cast("Coding", word), bytes.fromhex(rest[0])) for word, *rest in words if word in _CHANNELS)
    if not found:
        raise InputError(f"{name}: no message of a capability, as the network gets it", way_out="give a capture of RRC")
    return found


def _kept(keeping: Keeping, name: str, data: bytes) -> bytes:
    keeping.records, keeping.tables = [], False
    if is_diagnostic_log(name):
        _log(keeping, *to_pcap(data, name), name)
    else:
        take(keeping, data, name)
        if keeping.tables:
            return _table(data, name)
    return "\n".join((FORMAT, *keeping.records, "")).encode("ascii")


def _log(keeping: Keeping, pcap: bytes, printed: bytes, name: str) -> None:
    """The capabilities and CA tables that SCAT took from a diagnostic log; nothing else of it is kept."""
    tables = [f"{code} {text}" for _, code, text in printed_tables(printed.decode("ascii", errors="replace"))]
    try:
        take(keeping, pcap, name)
    except ParseError:
        if not tables:
            raise
    keeping.records += tables


def _table(data: bytes, name: str) -> bytes:
    """A file with a vendor's table as it is: scrubbed where it is text. Raises InputError where that changes its facts."""
    from harness.recording.scrubbing.scrub import scrub

    if packets.is_capture(data):
        raise InputError(
            f"{name}: a capture and a vendor's table in one file", way_out="give the table in its own file"
        )
    text = as_text(data)
    if text is None or hexes.read_hex(text):
        return data
    clean, removed = scrub(text)
    if not removed:
        return data
    if _accounts(clean.encode(), name) != _accounts(data, name):
        raise InputError(
            f"{name} holds personal data ({', '.join(sorted(removed))}) inside its table, so it cannot be kept",
            way_out="cut the table out of the file",
        )
    return clean.encode("utf-8")


def _accounts(data: bytes, name: str) -> Any:
    attach = Attach()
    try:
        take(attach, data, name)
    except ParseError:
        return None
    return attach.accounts
