"""Messages and containers in the order of a capture -> accounts: enquiries paired with answers, segments joined."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from harness.errors import ParseError
from harness.radio.tables import band_label, is_band

from . import lte, nr
from .account import Account, Enquiry, MessagePlace
from .handover import names_bands
from .texts import tree
from .wire import rrc
from .wire.segments import Segments

if TYPE_CHECKING:
    from .account import Kind
    from .texts.tree import Tree
    from .wire.rrc import Coding

_RATS: dict[str, Kind] = {"eutra": "eutra", "nr": "nr", "eutra-nr": "mrdc"}
_LTE_NUMBERS: dict[int, Kind] = {0: "eutra", 5: "nr", 6: "mrdc"}
_NR_NUMBERS: dict[int, Kind] = {0: "nr", 1: "mrdc", 2: "eutra"}
"""RAT-Type as numbers (TS 36.331, TS 38.331), as tshark prints them in JSON."""
_LIST = "ue-CapabilityRAT-ContainerList"
_NAMES = {"eutra": "UE-EUTRA-Capability", "nr": "UE-NR-Capability", "mrdc": "UE-MRDC-Capability"}


class Attach:
    """Collects what messages of one device say. Broken ones raise ParseError; nothing of them is kept."""

    def __init__(self) -> None:
        self.accounts: list[Account] = []
        self.warnings: list[str] = []
        self._asked: dict[tuple[int | None, Kind], Enquiry] = {}
        self._file = self._enquiries = 0
        self._said: dict[tuple[object, ...], tuple[int, int]] = {}
        self._segments = Segments()

    def begin(self) -> None:
        """What follows is of another file."""
        self._file += 1

    def message(self, data: bytes, coding: Coding, origin: str) -> bool:
        """Take one RRC message. False: it is none of those that matter here. Raises ParseError.

        Also the forms in which base stations and core networks pass a capability on (TS 36.331 clause 10.2.2, TS 38.331
        clause 11.2.2): `s1ap`, `ngap`, `rat_list`.
        """
        value, warning = rrc.decode(data, coding)
        names = tree.index(value)
        if "ueCapabilityEnquiry" in names:
            self._enquiry(names)
            return True
        if "rrc-MessageSegmentContainer-r16" in names:
            whole = self._segments.add(names, coding)
            return self.message(whole, coding, f"{origin} (joined segments)") if whole else True
        if coding == "rat_list":
            value = {_LIST: value}
        elif (
            "ueCapabilityInformation" if coding not in {"s1ap", "ngap"} else "ue-RadioAccessCapabilityInfo"
        ) not in names:
            return False
        self.answer(value, origin, (warning,) if warning else ())
        return True

    def answer(self, value: Tree, origin: str, doubts: tuple[str, ...] = ()) -> None:
        """Take a decoded UECapabilityInformation: all its containers, or none where one is broken."""
        names = tree.index(value)
        transaction = tree.number(names.get("rrc-TransactionIdentifier", [None])[0])
        found: list[Account] = []
        handover: bytes | None = None
        for entry in tree.items(names.get(_LIST, names.get("UE-CapabilityRAT-ContainerList", [None]))[0]):
            if not isinstance(entry, dict):
                continue
            rat = _RATS.get(tree.word(entry.get("rat-Type")) or "")
            content = next(
                (v for k, v in entry.items() if k.lower().replace("-", "").startswith("uecapabilityrat")), None
            )
            if tree.word(entry.get("rat-Type")) == "utra" and isinstance(content, bytes):
                handover = content
            if rat is None or not isinstance(content, bytes):
                continue
            account = self._container(content, rat, origin, doubts, transaction, inner=True)
            if account.kind == "mrdc" and not account.combinations:
                self.warnings.append(f"{account.origin}: names no combination")
            found.append(account)
        if not found:
            raise ParseError(f"{origin}: UECapabilityInformation without an LTE, NR or MR-DC container")
        for account in found:
            self._keep(_with_handover(account, handover) if handover else account)

    def container(self, data: bytes, kind: Kind, origin: str) -> None:
        """Take one bare container. Raises ParseError."""
        self._keep(self._container(data, kind, origin, (), None))

    def decoded(self, value: Tree, kind: Kind, origin: str, *, numeric: bool = False) -> None:
        """Take a container that somebody else decoded to a tree. Raises ParseError."""
        self._keep(self._checked(read_tree(value, kind, origin, numeric=numeric, decimal=True), None))

    def same(self, one: int, other: int) -> None:
        """Two accounts are of one message, as octets and as decoded text: where they differ, both are in doubt."""
        first, second = self.accounts[one], self.accounts[other]
        if first.content == second.content:
            self.accounts[other] = replace(second, repeat=True)
            return
        doubt = "the octets and the decoded text of one message differ"
        for place, account in ((one, first), (other, second)):
            self.accounts[place] = replace(account, doubts=(*account.doubts, doubt))

    def enquiry(self, value: Tree) -> None:
        """Take an UECapabilityEnquiry that somebody else decoded; the answers that follow belong to it."""
        self._enquiry({**tree.index(value), "rrc-TransactionIdentifier": [None]})

    def add(self, account: Account) -> None:
        """Take an account that somebody else read (a vendor's table). Raises ParseError by the guards."""
        check(account)
        self._keep(account)

    def _keep(self, account: Account) -> None:
        """Take an account. What was told before is no new statement, unless an enquiry of the same file asked anew."""
        mark = (self._file, self._enquiries)
        before = self._said.get(account.content)
        if before is not None and (before[0] != mark[0] or before[1] == mark[1]):
            account = replace(account, repeat=True)
        elif not account.doubts:
            self._said[account.content] = mark
        self.accounts.append(account)

    @property
    def waiting(self) -> bool:
        """Whether segments of a message are there that is not whole yet."""
        return self._segments.waiting

    def next_radio(self) -> None:
        """What follows is of another SIM's modem: no enquiry before it belongs to it, and no segment."""
        self.finish()
        self._asked.clear()
        self._segments = Segments()

    def finish(self) -> None:
        """Say which segments never became a message."""
        self.warnings += self._segments.missing()

    def _container(
        self,
        data: bytes,
        kind: Kind,
        origin: str,
        doubts: tuple[str, ...],
        transaction: int | None,
        *,
        inner: bool = False,
    ) -> Account:
        try:
            account = _decoded(data, kind)
        except ParseError as error:
            raise ParseError(f"{origin}: {_NAMES[kind]}: {error.message}") from error
        account = replace(account, origin=f"{origin} {_NAMES[kind]}", doubts=account.doubts + doubts)
        return self._checked(account, transaction, may_be_empty=inner)

    def _checked(self, account: Account, transaction: int | None, *, may_be_empty: bool = False) -> Account:
        account = _without_unknown(account)
        if not (may_be_empty and account.kind == "mrdc" and not account.combinations):
            check(account)
        if account.kind == "table":
            return account
        asked = self._asked.get((transaction, account.kind)) or self._asked.get((None, account.kind))
        if asked is None:
            return account
        return replace(account, asked=replace(_joined(asked, account.asked, account.kind), enquired=True))

    def _enquiry(self, names: dict[str, list[Tree]]) -> None:
        """What the network asks for, by container kind (TS 36.331 5.6.3, TS 38.331 5.6.1)."""
        self._enquiries += 1
        transaction = tree.number(names.get("rrc-TransactionIdentifier", [None])[0])
        lte_only = _numbers(names.get("requestedFrequencyBands-r11", [None])[0])
        common = _common_filter(names)
        for entry in tree.items(names.get("ue-CapabilityRequest", [None])[0]):
            kind = _rat(tree.unwrap(entry), _LTE_NUMBERS)
            if kind == "eutra":
                self._asked[transaction, kind] = Enquiry(lte_only or None, common.nr)
            elif kind:
                self._asked[transaction, kind] = common
        for entry in tree.items(names.get("ue-CapabilityRAT-RequestList", [None])[0]):
            kind = _rat(entry.get("rat-Type"), _NR_NUMBERS) if isinstance(entry, dict) else None
            if kind:
                self._asked[transaction, kind] = _request_filter(entry.get("capabilityRequestFilter"), kind) or common


def _rat(value: Tree, numbers: dict[int, Kind]) -> Kind | None:
    position = tree.number(value)
    return numbers.get(position) if position is not None else _RATS.get(tree.word(value) or "")


def _numbers(value: Tree) -> frozenset[int]:
    return frozenset(band for item in tree.items(value) if (band := tree.number(item)) is not None)


def _common_filter(names: dict[str, list[Tree]]) -> Enquiry:
    """requestedFreqBandsNR-MRDC-r15 of an LTE enquiry: an octet string with an NR FreqBandList."""
    value = names.get("requestedFreqBandsNR-MRDC-r15", [None])[0]
    content = tree.octets(value)
    if content:
        try:
            return nr.bands_asked(rrc.decode(content, "band_list")[0]) or Enquiry()
        except ParseError:
            return Enquiry(frozenset(), frozenset())  # a filter that cannot be read: nothing can be told of absence
    if isinstance(value, dict):
        inner = next((item for item in value.values() if isinstance(item, list)), [])
        return nr.bands_asked(tree.items(inner)) or Enquiry()
    if isinstance(value, str):
        return Enquiry(frozenset(), frozenset())
    return Enquiry()


def _request_filter(value: Tree, kind: Kind) -> Enquiry | None:
    """capabilityRequestFilter of an NR enquiry: an NR filter, or for LTE a whole LTE enquiry."""
    content = tree.octets(value)
    if content is not None:
        try:
            value = rrc.decode(content, "lte_dl" if kind == "eutra" else "nr_filter")[0]
        except ParseError:
            return Enquiry(frozenset(), frozenset())
    if value is None:
        return None
    names = tree.index(value)
    if kind == "eutra":
        return Enquiry(_numbers(names.get("requestedFrequencyBands-r11", [None])[0]) or None, _common_filter(names).nr)
    return nr.bands_asked(tree.items(names.get("frequencyBandListFilter", [None])[0]))


def _joined(enquiry: Enquiry, echo: Enquiry | None, kind: Kind) -> Enquiry:
    """The echo in the answer is nearer to it than the enquiry before it."""
    if echo is None:
        return enquiry
    if kind == "eutra":
        return Enquiry(echo.lte, enquiry.nr)
    return echo


@lru_cache(maxsize=32)
def _decoded(data: bytes, kind: Kind) -> Account:
    """The account of a container's octets; a capture repeats the same answer many times."""
    value, warning = rrc.decode(data, "mrdc" if kind == "mrdc" else "nr" if kind == "nr" else "eutra")
    account = read_tree(value, kind, "")
    return replace(account, doubts=(*account.doubts, warning)) if warning else account


def read_tree(value: Tree, kind: Kind, origin: str, *, numeric: bool = False, decimal: bool = False) -> Account:
    """The account of one decoded container; `decimal`: its numbers were text."""
    read = {"eutra": lte.read, "nr": nr.read_nr, "mrdc": nr.read_mrdc}[kind]
    return read(value, origin, numeric=numeric, decimal=decimal)


_RANGES = {"lte": range(107, 257), "nr": (*range(111, 254), *range(264, 513))}
"""Numbers behind the last bands of the tables: they may be bands that came later."""
_MOST_UNKNOWN = 2


def _without_unknown(account: Account) -> Account:
    """The account without bands that are newer than the tables, and a warning of them.

    Many of them, or more than bands that are known, are no bands but damage: then the account stays as it is.
    """
    told = [("lte" if rat == "lte" else "nr", band) for rat, bands in account.bands.items() for band in bands]
    told += [(part.rat, part.band) for combos in account.combinations.values() for combo in combos for part in combo]
    new = {(rat, band) for rat, band in told if not is_band(rat, band) and band in _RANGES.get(rat, ())}
    known = Counter(rat for rat, _ in set(told) - new)
    if (
        not new
        or len(new) > _MOST_UNKNOWN
        or any(count >= known[rat] for rat, count in Counter(r for r, _ in new).items())
    ):
        return account
    labels = tuple(band_label(rat, band) for rat, band in sorted(new))
    bands = {
        rat: tuple(band for band in listed if ("lte" if rat == "lte" else "nr", band) not in new)
        for rat, listed in account.bands.items()
    }
    combinations = {
        kind: tuple(combo for combo in combos if not any((part.rat, part.band) in new for part in combo))
        for kind, combos in account.combinations.items()
    }
    return replace(
        account,
        bands={rat: listed for rat, listed in bands.items() if listed},
        combinations={kind: combos for kind, combos in combinations.items() if combos},
        unknown=labels,
        warnings=(*account.warnings, f"{', '.join(labels)}: a band that this version does not know"),
    )


def _with_handover(account: Account, handover: bytes) -> Account:
    """The account with the UTRA container as a second place of its LTE bands, where it names just these."""
    listed = account.bands.get("lte", ())
    if account.kind != "eutra" or account.doubts or not names_bands(handover, listed):
        return account
    places = (*account.seen.get("lte", ()), MessagePlace("UTRA container", listed))
    return replace(account, seen={**account.seen, "lte": places})


def check(account: Account) -> None:
    """The guards: something is told, and every band is in the 3GPP tables. Raises ParseError."""
    told = [(rat, band) for rat, bands in account.bands.items() for band in bands]
    told += [(part.rat, part.band) for combos in account.combinations.values() for combo in combos for part in combo]
    if not told or (account.kind == "eutra" and "lte" not in account.bands):
        raise ParseError(f"{account.origin}: names no band")
    strange = sorted({band_label(rat, band) for rat, band in told if not is_band(rat, band)})
    if strange:
        raise ParseError(f"{account.origin}: names bands that 3GPP does not have ({', '.join(strange[:5])})")
