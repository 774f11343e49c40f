"""What the types of `model` cannot say: bands that exist, editions apart, aliases that are true.

Everything here takes a converted value and answers all its faults with the path of each in the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.radio import overlaps, plmn, tables
from harness.yamlfiles.problem import Path, Problem

from . import configurations, dates
from .edition import (
    KINDS,
    AttachRule,
    BandEnabledRule,
    BandRule,
    Carrier,
    CombinationRule,
    CoverageRule,
    CustomisationRule,
    DeviceSheet,
    FirmwareRule,
    ModelRule,
    RegisteredRule,
    RomRegionRule,
    UeCategoryRule,
    VolteRule,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .edition import Alternative, Edition, Network, Requirement, Variant

UNUSED_LTE = {
    6: "obsolete, UMTS only (3GPP TS 36.101 5.5)",
    9: "Japan-only number nested in B3 with no deployed LTE network; lists take it over from UMTS 9",
}
"""Band numbers that 3GPP defines for LTE but no network ever used: in a list they are a fault of the list."""
NEVER_PRIMARY_LTE = {46: "unlicensed (LAA)"}
"""LTE bands, beside the downlink-only ones, that can only be secondary cells (TS 36.101 5.5 note)."""


def band_fault(rat: str, number: int) -> str | None:
    """Why no device or profile can name this band, or None where it can."""
    label = f"{rat.upper()} band {number}"
    if rat == "lte" and number in UNUSED_LTE:
        return f"{label}: {UNUSED_LTE[number]}"
    if tables.is_band(rat, number):
        return None
    known = sorted(tables.bands_of(rat))
    if rat == "gsm":
        return f"{label}: no such band; GSM bands are named by their MHz class {', '.join(map(str, known))}"
    return f"{label}: no such band in 3GPP; {rat.upper()} numbers run from {known[0]} to {known[-1]}, with gaps"


def primary_fault(rat: str, number: int) -> str | None:
    """Why a device can never be attached (PCell) on this band, or None where it can."""
    fault = band_fault(rat, number)
    if fault:
        return fault
    band = tables.bands_of(rat)[number]
    if band.dl_mhz is None or band.ul_mhz is None:
        way = "downlink" if band.ul_mhz is None else "uplink"
        return f"{band.label} is {way} only: it can never be the serving primary cell"
    if rat == "lte" and number in NEVER_PRIMARY_LTE:
        return f"{band.label} is {NEVER_PRIMARY_LTE[number]}: it can never be the serving primary cell"
    return None


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
    if not carrier.editions:
        yield Problem(("editions",), "a profile needs at least one edition")
    yield from _order(carrier.editions)
    for index, network in enumerate(carrier.networks):
        yield from _network(network, ("networks", index))
    for index, edition in enumerate(carrier.editions):
        yield from _edition(edition, ("editions", index))
        if carrier.nature == "carrier":
            yield from _low_band(edition, ("editions", index))
        else:
            yield from _without_sim(carrier.nature, edition, ("editions", index))


def _plmn_fault(number: str) -> str | None:
    if plmn.parse_plmn(number) is None:
        return f'"{number}" is no PLMN'
    if number[:3] in plmn.THREE_DIGIT_MNC_COUNTRIES and len(number) != 6:
        return f'PLMN "{number}": MNCs of MCC {number[:3]} have three digits, write "{number[:3]}0{number[3:]}"'
    return None


def _network(network: Network, path: Path) -> Iterator[Problem]:
    yield from _date("until", network.until, path)
    if network.status in {"live", "unknown"} and network.until is not None:
        yield Problem(
            (*path, "until"), f"a network with status: {network.status} has no last day; write closed or planned"
        )
    if network.status == "planned" and network.until is None:
        yield Problem((*path, "status"), "a planned end needs its day under until; write unknown where none is told")
    if network.rat != "cdma":
        yield from _band_list(network.rat, network.bands or (), (*path, "bands"))


def _low_band(edition: Edition, path: Path) -> Iterator[Problem]:
    """A profile that asks for no band below 1 GHz lets a phone pass that has no service indoors."""
    if edition.inherits is not None or edition.without_low_band or not edition.requirements:
        return
    asked = [rule for rule in edition.requirements if isinstance(rule, BandRule) and rule.level != "informative"]
    if any(is_low_band(rule.rat, rule.band) for rule in asked):
        return
    if any(isinstance(rule, CoverageRule) and rule.level != "informative" for rule in edition.requirements):
        return
    yield Problem(
        (*path, "requirements"),
        "no band below 1 GHz is asked, so a phone without any would pass; add a rule of kind: coverage, or say under "
        "without_low_band why the carrier has none",
        "warning",
    )


def is_low_band(rat: str, number: int) -> bool:
    """Whether a band's downlink lies below 1 GHz: the layer that reaches far and indoors."""
    band = tables.bands_of(rat).get(number)
    return band is not None and band.dl_mhz is not None and band.dl_mhz[1] < 1000


def _without_sim(nature: str, edition: Edition, path: Path) -> Iterator[Problem]:
    for index, rule in enumerate(edition.requirements):
        if isinstance(rule, AttachRule | RegisteredRule | VolteRule):
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
        if kind not in KINDS:
            yield Problem(
                (*path, "inherits", "kinds", index), f'unknown kind "{kind}"; one of {", ".join(sorted(KINDS))}'
            )
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
        if isinstance(rule, BandRule):
            if (rule.rat, rule.band) in met:
                yield Problem((*at, "band"), f"{rule.rat.upper()} band {rule.band} is asked twice in this edition")
            met.add((rule.rat, rule.band))


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
    yield from _date("as_of", rule.as_of, path)
    if rule.level == "mandatory" and rule.authority in {"two_sources", "one_source"} and rule.evidence_count < 2:
        yield Problem(
            (*path, "level"),
            f"{rule.id} is mandatory on {rule.evidence_count} publisher; two are needed, or a carrier's own document",
            "warning",
        )
    elif rule.authority == "two_sources" and rule.evidence_count < 2:
        told = f"authority: two_sources, but {rule.evidence_count} publisher stands here"
        yield Problem((*path, "authority"), f"{told}; name the other, or write one_source", "warning")
    match rule:
        case BandRule():
            yield from _band_rule(rule, edition, path)
        case AttachRule():
            yield from _attach_rule(rule, path)
        case BandEnabledRule():
            fault = band_fault(rule.rat, rule.band)
            if fault:
                yield Problem((*path, "band"), fault)
        case CombinationRule():
            faults = configurations.faults(rule.configuration, rule.uplink)
            yield from (Problem((*path, one.key), one.words) for one in faults)
        case UeCategoryRule():
            faults = configurations.category_faults(dl=rule.dl, ul=rule.ul)
            yield from (Problem((*path, one.key), one.words) for one in faults)
        case CoverageRule():
            for rat, numbers in rule.candidates.items():
                yield from _band_list(rat, numbers, (*path, "candidates", rat), low=True)
        case _:
            yield from _names(rule, path)


def _names(rule: Requirement, path: Path) -> Iterator[Problem]:
    """A rule that lists names must list one, or everything would pass it."""
    match rule:
        case RomRegionRule() if not rule.any_of:
            yield Problem((*path, "any_of"), "any_of must name at least one region")
        case ModelRule() if not rule.any_of:
            yield Problem((*path, "any_of"), "any_of must name at least one model number")
        case VolteRule() if not rule.states:
            yield Problem((*path, "states"), "states must name at least one of available, provisioned, registered")
        case RegisteredRule() if not rule.states:
            yield Problem((*path, "states"), "states must name home, roaming or both")
        case CustomisationRule() if not (rule.carrier_config or rule.build or rule.apps):
            yield Problem(path, f"{rule.id} names no carrier_config, build or apps to look for")
        case FirmwareRule() if not (rule.baseband or rule.build):
            yield Problem(path, f"{rule.id} names no baseband and no build")
        case _:
            return


def _band_rule(rule: BandRule, edition: Edition, path: Path) -> Iterator[Problem]:
    fault = band_fault(rule.rat, rule.band)
    if fault:
        yield Problem((*path, "band"), fault)
        return
    if rule.ul_mhz is not None:
        yield from _part(rule.rat, rule.band, rule.ul_mhz, path)
    if rule.rat == "nr" and rule.level != "informative" and not edition.nr_required:
        yield Problem(
            (*path, "level"),
            f"{rule.id} is {rule.level}, so every phone without 5G would miss it; write informative, or nr_required: "
            "true in the edition of a carrier that has no LTE",
            "warning",
        )
    for index, alternative in enumerate(rule.any_of):
        at = (*path, "any_of", index)
        fault = band_fault(rule.rat, alternative.band)
        if fault:
            yield Problem((*at, "band"), fault)
            continue
        untrue = _relation_fault(rule, alternative, edition)
        if untrue:
            yield Problem((*at, "relation"), untrue)
    numbers = [str(number) for number in rule.bands]
    if len(set(numbers)) < len(numbers):
        yield Problem((*path, "any_of"), f"{rule.id} names a band twice: {', '.join(numbers)}")


def _part(rat: str, number: int, part: tuple[float, float], path: Path) -> Iterator[Problem]:
    band = tables.bands_of(rat)[number]
    whole = band.ul_mhz
    if whole is None:
        yield Problem((*path, "ul_mhz"), f"{band.label} has no uplink")
    elif not whole[0] <= part[0] < part[1] <= whole[1]:
        yield Problem(
            (*path, "ul_mhz"),
            f"{part[0]:g} to {part[1]:g} MHz is no part of the uplink of {band.label}, "
            f"{whole[0]:g} to {whole[1]:g} MHz",
        )


def _relation_fault(rule: BandRule, alternative: Alternative, edition: Edition) -> str | None:
    band, other, relation = rule.band, alternative.band, alternative.relation
    if relation == "alternative":
        return None
    if rule.rat != "lte":
        return f'relation "{relation}" is known for LTE bands only; write "alternative"'
    if relation == "legacy_alias":
        if any(alias.satisfied_by == other for alias in edition.alias_for(rule.rat, band)):
            return None
        return f"B{other} for B{band} is no alias of this edition; declare it under aliases, with its date"
    fits = overlaps.supersets(band) if relation == "superset" else overlaps.subsets(band)
    if other in fits:
        return None
    if other in overlaps.supersets(band) or other in overlaps.subsets(band):
        right = "superset" if relation == "subset" else "subset"
        return f"B{other} is no {relation} of B{band} in TS 36.101 but its {right}: write relation: {right}"
    return f"B{other} is no {relation} of B{band} in TS 36.101; its {relation}s: {', '.join(map(str, fits)) or 'none'}"


def _attach_rule(rule: AttachRule, path: Path) -> Iterator[Problem]:
    if not any(rule.any_of.values()):
        yield Problem((*path, "any_of"), "any_of must name at least one band")
    for rat, numbers in rule.any_of.items():
        yield from _band_list(rat, numbers, (*path, "any_of", rat), primary=True)


def _band_list(
    rat: str, numbers: tuple[int, ...], path: Path, *, primary: bool = False, low: bool = False
) -> Iterator[Problem]:
    seen: set[int] = set()
    for index, number in enumerate(numbers):
        fault = primary_fault(rat, number) if primary else band_fault(rat, number)
        if fault:
            yield Problem((*path, index), fault)
        elif low and not is_low_band(rat, number):
            yield Problem((*path, index), f"{rat.upper()} band {number} lies above 1 GHz: it gives no coverage indoors")
        if number in seen:
            yield Problem((*path, index), f"{rat.upper()} band {number} stands here twice")
        seen.add(number)


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
            yield from _part(partial.rat, partial.band, partial.ul_mhz, at)
    for rat in ("gsm", "umts", "lte", "nr"):
        yield from _band_list(rat, variant.bands.of_as_written(rat) or (), (*path, "bands", rat))
