"""A proforma filled from one survey: every item with its answer and the hash of its evidence, or with the reason."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from harness.errors import UnknownName
from harness.ics.answers import FilledIcs, ItemAnswer
from harness.ics.declaration import IcsHead
from harness.observations import Source
from harness.radio.ics import items, specifications

from .item_facts import DeviceItems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.observations import Identity
    from harness.radio.ics import IcsItem
    from harness.survey.survey import Survey


def fill(survey: Survey, *, specs: Sequence[str] = (), date: str = "", laboratory: str = "") -> FilledIcs:
    """Answer every item of the specifications (all where none is named). Raises UnknownName for another one."""
    for spec in specs:
        if spec not in specifications():
            raise UnknownName("ICS specification", spec, tuple(specifications()))
    digests, told = _Digests(survey), DeviceItems(survey)
    answers = tuple(_answer(told, item, digests) for item in items() if not specs or item.spec in specs)
    remarks = [f"{survey.device}: {survey.trouble}"] if survey.trouble else []
    if survey.refused:
        remarks.append(survey.refused)
    if survey.provenance not in {None, "recorded"}:
        remarks.append(f"the evidence is {survey.provenance}: not read from hardware by this laboratory")
    return FilledIcs(survey.device, head_of(survey.identity, date, laboratory), answers, tuple(remarks))


def head_of(identity: Identity, date: str = "", laboratory: str = "") -> IcsHead:
    """The head that the device itself tells: model, hardware, software configuration, maker."""
    return IcsHead(
        date=date,
        model=identity.model or identity.market_name or identity.codename or "",
        hardware=identity.hardware or "",
        software=identity.build or identity.rom_version or identity.baseband or "",
        supplier=identity.manufacturer or identity.brand or "",
        laboratory=laboratory,
    )


def _answer(told: DeviceItems, item: IcsItem, digests: _Digests) -> ItemAnswer:
    fact = told.of(item)
    evidence = digests.expand(fact.evidence) if fact.value is not None else ()
    return ItemAnswer(
        item,
        fact.value,
        fact.reason,
        fact.grade if fact.value is not None else None,
        fact.basis if fact.value is not None else "",
        tuple(source for source, _ in evidence),
        tuple(digest for _, digest in evidence),
    )


class _Digests:
    """The hashes of a survey's answers, each made once."""

    def __init__(self, survey: Survey) -> None:
        self._exchanges = survey.exchanges
        self._known: dict[int, str] = {}

    def expand(self, sources: tuple[Source, ...]) -> list[tuple[Source, str]]:
        """Each source with the hash of its answer; a capability of several files stands for each of them."""
        out: dict[int, tuple[Source, str]] = {}
        for source in sources:
            if source.link == "uecap":
                for number, (link, exchange) in enumerate(self._exchanges):
                    if link == "uecap":
                        out.setdefault(number, (Source(exchange.request, None, link, number), self._of(number)))
            elif source.exchange is not None and source.exchange < len(self._exchanges):
                out.setdefault(source.exchange, (source, self._of(source.exchange)))
            else:
                out.setdefault(-1 - len(out), (source, ""))
        return list(out.values())

    def _of(self, number: int) -> str:
        if number not in self._known:
            self._known[number] = sha256(self._exchanges[number][1].response).hexdigest()
        return self._known[number]
