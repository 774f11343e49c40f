"""What a copied profile still has of the one that it was copied from: PLMNs, carrier ids, requirement ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.yamlfiles.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .edition import Carrier


class KnownCarriers:
    """Who has which PLMN, Android carrier id and requirement id among the carriers that are not historical."""

    def __init__(self, carriers: Iterable[Carrier]) -> None:
        self._plmns: dict[str, list[Carrier]] = {}
        self._numbers: dict[int, list[Carrier]] = {}
        self._rules: dict[str, list[Carrier]] = {}
        for carrier in carriers:
            if carrier.status == "historical":
                continue
            for plmn in carrier.plmns:
                self._plmns.setdefault(plmn, []).append(carrier)
            for number in carrier.android_carrier_ids:
                self._numbers.setdefault(number, []).append(carrier)
            for rule_id in {rule.id for edition in carrier.editions for rule in edition.requirements}:
                self._rules.setdefault(rule_id, []).append(carrier)

    def problems(self, carrier: Carrier) -> tuple[Problem, ...]:
        """Warnings for one carrier; none for a historical one, whose PLMNs live on elsewhere."""
        return () if carrier.status == "historical" else tuple(self._problems(carrier))

    def _problems(self, carrier: Carrier) -> Iterator[Problem]:
        for index, plmn in enumerate(carrier.plmns):
            for other in _others(self._plmns.get(plmn, []), carrier):
                if not carrier.gid1 and not other.gid1 and not _declared(carrier, other):
                    told = f'PLMN "{plmn}" is one of {other.id} too; where they share it, gid1 tells them apart'
                    yield Problem(("plmns", index), told, "warning")
        for number in carrier.android_carrier_ids:
            for other in _others(self._numbers.get(number, []), carrier):
                if not _declared(carrier, other):
                    told = f"android_carrier_id {number} is {other.id}'s too"
                    yield Problem(("android_carrier_id",), told, "warning")
        for at, edition in enumerate(carrier.editions):
            for index, rule in enumerate(edition.requirements):
                for other in _others(self._rules.get(rule.id, []), carrier):
                    told = (
                        f'the requirement id "{rule.id}" is one of {other.id} too; begin ids with your carrier\'s name'
                    )
                    yield Problem(("editions", at, "requirements", index, "id"), told, "warning")


def _declared(carrier: Carrier, other: Carrier) -> bool:
    """Whether a profile says that the two truly share it."""
    return other.id in carrier.shares_plmns_with or carrier.id in other.shares_plmns_with


def _others(found: list[Carrier], carrier: Carrier) -> list[Carrier]:
    return [other for other in found if other.id != carrier.id]
