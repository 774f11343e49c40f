"""What the types of `model` cannot say: bands that exist, editions apart, aliases that are true.

Everything here takes a converted value and answers all its faults with the path of each in the file.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.radio import overlaps, plmn, tables
from harness.yamlfiles.problem import Path, Problem

from . import dates, kinds
from .band_faults import band_fault, is_low_band, list_faults, part_faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .edition import Carrier, DeviceSheet, Edition, OldNetwork, Variant
    from .kinds import Requirement


def carrier_problems(carrier: Carrier) -> tuple[Problem, ...]:
    """All faults of a profile."""
    return tuple(_carrier(carrier))


def sheet_problems(sheet: DeviceSheet) -> tuple[Problem, ...]:
    """All faults of a device sheet."""
    return tuple(_sheet(sheet))


def _carrier(carrier: Carrier) -> Iterator[Problem]:
    if carrier.country.lower() != carrier.id.partition("/")[0]:
        yield Problem(("country",), f'country "{carrier.country}" does not fit the id "{carrier.id}"')
    if carrier.nature != "carrier" and carrier.plmns:
        yield Problem(("plmns",), f"a {carrier.nature} profile has no PLMN: no SIM selects it")
    for index, number in enumerate(carrier.plmns):
        fault = _plmn_fault(number)
        if fault:
            yield Problem(("plmns", index), fault)
    yield from _repeated(carrier.plmns, ("plmns",), "PLMN")
    yield from _date("ended", carrier.ended, ())
    if carrier.ended and carrier.status != "historical":
        yield Problem(("ended",), "a network that has ended needs status: historical")
    if carrier.successor and not carrier.ended:
        yield Problem(("successor",), "only a carrier that has ended has a successor")
    yield from _repeated(map(str, carrier.android_carrier_ids), ("android_carrier_id",), "carrier id")
    for index, number in enumerate(carrier.network_plmns):
        fault = _plmn_fault(number)
        if fault or number in carrier.plmns:
            yield Problem(("network_plmns", index), fault or f'PLMN "{number}" stands under plmns already')
    if not carrier.editions:
        yield Problem(("editions",), "a profile needs at least one edition")
    yield from _order(carrier.editions)
    for index, network in enumerate(carrier.networks):
        yield from _network(network, ("networks", index))
    for index, edition in enumerate(carrier.editions):
        yield from _edition(edition, ("editions", index))
        if carrier.nature == "carrier":
            yield from _low_band(edition, ("editions", index))
            yield from _no_low_band(edition, ("editions", index))
        else:
            yield from _without_sim(carrier.nature, edition, ("editions", index))


def _plmn_fault(number: str) -> str | None:
    if plmn.parse_plmn(number) is None:
        return f'"{number}" is no PLMN'
    if number[:3] in plmn.THREE_DIGIT_MNC_COUNTRIES and len(number) != 6:
        return f'PLMN "{number}": MNCs of MCC {number[:3]} have three digits, write "{number[:3]}0{number[3:]}"'
    return None


def _network(network: OldNetwork, path: Path) -> Iterator[Problem]:
    yield from _date("until", network.until, path)
    if network.status in {"live", "unknown"} and network.until is not None:
        yield Problem(
            (*path, "until"), f"a network with status: {network.status} has no last day; write closed or planned"
        )
    if network.status == "planned" and network.until is None:
        yield Problem((*path, "status"), "a planned end needs its day under until; write unknown where none is told")
    if network.rat != "cdma":
        yield from list_faults(network.rat, network.bands or (), (*path, "bands"))


def _low_band(edition: Edition, path: Path) -> Iterator[Problem]:
    """A profile that asks for no band below 1 GHz lets a phone pass that has no service indoors."""
    if edition.inherits is not None or edition.has_no_low_band or not edition.requirements:
        return
    deciding = [rule for rule in edition.requirements if rule.level != "informative"]
    if any(rule.leaves_coverage_open or any(is_low_band(*band) for band in rule.bands) for rule in deciding):
        return
    yield Problem(
        (*path, "requirements"),
        "no band below 1 GHz is asked, so a phone without any would pass; add a rule of kind: coverage, or say under "
        "without_low_band why the carrier has none",
        "warning",
    )


def has_low_band(edition: Edition) -> bool:
    """Whether a band below 1 GHz decides in this edition."""
    deciding = [rule for rule in edition.requirements if rule.level != "informative"]
    return any(is_low_band(*band) for rule in deciding for band in rule.bands)


def _no_low_band(edition: Edition, path: Path) -> Iterator[Problem]:
    """That none is on air is a fact like any other: it needs two publishers, and no band of the edition against it."""
    if edition.coverage is None:
        return
    if len(set(edition.coverage_publishers)) < 2:
        yield Problem((*path, "coverage"), "coverage: none_on_air needs two publishers under coverage_publishers")
    for index, rule in enumerate(edition.requirements):
        if any(rat == "lte" and is_low_band(rat, band) for rat, band in rule.bands):
            told = f"coverage: none_on_air, but {rule.id} lies below 1 GHz"
            yield Problem((*path, "requirements", index, "band"), told)


def _without_sim(nature: str, edition: Edition, path: Path) -> Iterator[Problem]:
    for index, rule in enumerate(edition.requirements):
        if rule.needs_sim:
            yield Problem(
                (*path, "requirements", index, "kind"),
                f"kind: {rule.kind} needs a SIM of the carrier, and a {nature} profile has none",
            )


def _date(name: str, text: str | None, path: Path) -> Iterator[Problem]:
    if text is not None and not dates.is_date(text):
        yield Problem((*path, name), f'{name} "{text}" is no date of the calendar')


def _order(editions: tuple[Edition, ...]) -> Iterator[Problem]:
    before: Edition | None = None
    for index, edition in enumerate(editions):
        if not dates.is_date(edition.as_of):
            continue
        path = ("editions", index, "as_of")
        if before is not None and edition.first_day == before.first_day:
            yield Problem(path, f'editions overlap: "{edition.as_of}" begins on the same day as "{before.as_of}"')
        elif before is not None and edition.first_day < before.first_day:
            yield Problem(path, f'editions stand oldest first: "{edition.as_of}" is before "{before.as_of}"')
        before = edition


def _edition(edition: Edition, path: Path) -> Iterator[Problem]:
    yield from _date("as_of", edition.as_of, path)
    yield from _checked(edition, path)
    for index, kind in enumerate(edition.inherits.kinds if edition.inherits else ()):
        if kind not in kinds.BUILT_IN and kind not in kinds.names():
            known = ", ".join(sorted(kinds.names()))
            yield Problem((*path, "inherits", "kinds", index), f'unknown kind "{kind}"; one of {known}')
    if not edition.sources:
        yield Problem((*path, "sources"), "an edition needs at least one source")
    if not edition.requirements and edition.inherits is None:
        yield Problem((*path, "requirements"), "an edition needs at least one requirement")
    yield from _aliases(edition, path)
    yield from _repeated([rule.id for rule in edition.requirements], (*path, "requirements"), "requirement id", "id")
    met: set[tuple[str, int]] = set()
    for index, rule in enumerate(edition.requirements):
        at = (*path, "requirements", index)
        yield from _requirement(rule, edition, at)
        for rat, band in rule.bands:
            if (rat, band) in met:
                yield Problem((*at, "band"), f"{rat.upper()} band {band} is asked twice in this edition")
            met.add((rat, band))


def _checked(edition: Edition, path: Path) -> Iterator[Problem]:
    yield from _date("checked", edition.checked, path)
    if edition.checked is None or not dates.is_date(edition.checked) or not dates.is_date(edition.as_of):
        return
    if dates.last_day(edition.checked) < edition.first_day:
        yield Problem((*path, "checked"), f'checked "{edition.checked}", before the edition of "{edition.as_of}" began')


def _repeated(names: Iterable[str], path: Path, what: str, key: str | None = None) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield Problem((*path, index, *([key] if key else [])), f'the {what} "{name}" stands here twice')
        seen.add(name)


def _aliases(edition: Edition, path: Path) -> Iterator[Problem]:
    pairs = [f"{alias.rat}:{alias.band}<-{alias.satisfied_by}" for alias in edition.aliases]
    yield from _repeated(pairs, (*path, "aliases"), "alias")
    for index, alias in enumerate(edition.aliases):
        at = (*path, "aliases", index)
        yield from _date("since", alias.since, at)
        for name, number in (("band", alias.band), ("satisfied_by", alias.satisfied_by)):
            fault = band_fault(alias.rat, number)
            if fault:
                yield Problem((*at, name), fault)
        if alias.rat != "lte" or not _nested(alias.band, alias.satisfied_by):
            yield Problem(
                (*at, "satisfied_by"),
                f"B{alias.satisfied_by} and B{alias.band} do not nest in spectrum: no cell can carry both numbers",
            )
        if dates.is_date(alias.since) and dates.is_date(edition.as_of) and _since_later(alias.since, edition.as_of):
            yield Problem(
                (*at, "since"), f'the alias holds since "{alias.since}", after this edition of "{edition.as_of}"'
            )


def _since_later(since: str, as_of: str) -> bool:
    return dates.first_day(since) > dates.last_day(as_of)


def _nested(one: int, other: int) -> bool:
    return other in overlaps.supersets(one) or other in overlaps.subsets(one)


def _requirement(rule: Requirement, edition: Edition, path: Path) -> Iterator[Problem]:
    for name in ("as_of", "since", "until"):
        yield from _date(name, getattr(rule, name), path)
    yield from _span(rule, edition, path)
    if rule.level == "mandatory" and rule.authority in {"two_sources", "one_source"} and rule.evidence_count < 2:
        yield Problem(
            (*path, "level"),
            f"{rule.id} is mandatory on {rule.evidence_count} publisher; two are needed, or a carrier's own document",
            "warning",
        )
    elif rule.authority == "two_sources" and rule.evidence_count < 2:
        told = f"authority: two_sources, but {rule.evidence_count} publisher stands here"
        yield Problem((*path, "authority"), f"{told}; name the other, or write one_source", "warning")
    found = kinds.guarded(
        rule,
        lambda: tuple(rule.faults(edition)),
        lambda why: (Problem(("kind",), f"{why}: mend or remove its package"),),
    )
    for problem in found:
        yield replace(problem, path=(*path, *problem.path))


def _span(rule: Requirement, edition: Edition, path: Path) -> Iterator[Problem]:
    """A requirement that begins after it ends, or ends before its edition begins, is never asked."""
    if rule.until is None or not dates.is_date(rule.until):
        return
    start = rule.since or edition.as_of
    if dates.is_date(start) and dates.last_day(rule.until) < dates.first_day(start):
        yield Problem((*path, "until"), f'until "{rule.until}", before it begins on "{start}": it is never asked')


def _sheet(sheet: DeviceSheet) -> Iterator[Problem]:
    if not sheet.variants:
        yield Problem(("variants",), "a sheet needs at least one variant")
    yield from _repeated([variant.id for variant in sheet.variants], ("variants",), "variant id", "id")
    for index, variant in enumerate(sheet.variants):
        yield from _variant(variant, ("variants", index))


def _variant(variant: Variant, path: Path) -> Iterator[Problem]:
    yield from _date("released", variant.released, path)
    if not variant.sources:
        yield Problem((*path, "sources"), "a variant needs at least one source")
    for index, partial in enumerate(variant.partial_bands):
        at = (*path, "partial_bands", index)
        fault = band_fault(partial.rat, partial.band)
        if fault:
            yield Problem((*at, "band"), fault)
        elif partial.band not in (variant.bands.of(partial.rat) or ()):
            label = tables.band_label(partial.rat, partial.band)
            yield Problem((*at, "band"), f"{label} is not in this variant's bands")
        else:
            yield from part_faults(partial.rat, partial.band, partial.ul_mhz, at)
    for rat in ("gsm", "umts", "lte", "nr"):
        yield from list_faults(rat, variant.bands.of_as_written(rat) or (), (*path, "bands", rat))
