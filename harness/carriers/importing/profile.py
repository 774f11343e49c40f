"""One carrier's file, from its rows of the three tables."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.carriers import dates

from . import text, voice
from .bands import ListedBands, bands_of
from .decisions import (
    ALIASES,
    ANDROID_IDS,
    ENDED,
    HOSTS,
    NAMES,
    NETWORK_PLMNS,
    NO_LOW_BAND,
    NOTES,
    NR_MODES,
    NR_REQUIRED,
    RULES_OF_STATE,
    SLUGS,
    UPLINK_MHZ,
    HostNetwork,
)
from .past import past_edition

if TYPE_CHECKING:
    from harness.carriers.edition import OldNetwork

    from .bands import WantedBand
    from .history import FirstSeen
    from .tables import Confirmed, Listed, Shutdown

_NO_NAMES = frozenset({"Sweden 2G", "Gt"})
_ALL_KINDS = "[band, coverage, attach, registered, volte]"


@dataclass(frozen=True, slots=True)
class Sources:
    """All rows of one carrier: the current one, older ones, the second list's, the shutdowns, its history."""

    listed: Listed
    older: tuple[Listed, ...]
    confirmed: Confirmed | None
    shutdowns: list[Shutdown]
    host_networks: tuple[OldNetwork, ...] | None = None
    """Networks of the host, where it is in the tables too."""
    listings: tuple[FirstSeen, ...] = ()
    more_plmns: tuple[str, ...] = ()
    """PLMNs of its SIMs that the first list does not have."""
    shares_with: tuple[str, ...] = ()
    """Ids of carriers with a PLMN or an Android id of its own."""

    @property
    def plmns(self) -> tuple[str, ...]:
        """All PLMNs of its SIMs, those of the first list before the others."""
        return tuple(dict.fromkeys((*self.listed.plmns, *self.more_plmns)))

    @property
    def android_ids(self) -> tuple[int, ...]:
        """Its ids in AOSP's carrier list."""
        own = self.listed.android_carrier_id
        return tuple(dict.fromkeys((*([] if own is None else [own]), *ANDROID_IDS.get(self.id, ()))))

    @property
    def key(self) -> tuple[str, str]:
        """Country and brand, by which decisions are kept."""
        return self.listed.country, self.listed.brand

    @property
    def id(self) -> str:
        """`de/telekom`."""
        return carrier_id(self.listed)


def carrier_id(listed: Listed) -> str:
    """The id of a row's carrier: its country, and its brand as a file name."""
    slug = SLUGS.get((listed.country, listed.brand)) or slug_of(listed.brand)
    return f"{listed.country.lower()}/{slug}"


def slug_of(brand: str) -> str:
    """A brand in small letters without accents; the digit 3 as a word, since a bare number reads as one."""
    plain = unicodedata.normalize("NFKD", brand).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return {"3": "three"}.get(slug, slug)


def profile_text(rows: Sources) -> str:
    """The whole file, without the line that marks it as generated."""
    listed = rows.listed
    host = HOSTS.get(rows.key)
    nets = networks_of(rows)
    lines = [*_head(rows, host), *_networks(nets), "editions:"]
    first = min([listed.as_of, *(older.as_of for older in rows.older), *([host.since] if host and host.since else [])])
    lines += past_edition(_prefix(rows), rows.listings, first)
    for older in rows.older:
        lines += _own_edition(replace(rows, listed=older, confirmed=None), (), older.as_of)
    if host is None or host.since:
        lines += _own_edition(rows, nets, listed.as_of)
    if host is not None:
        lines += _hosted_edition(rows, nets, host)
    return "\n".join(lines) + "\n"


def networks_of(rows: Sources) -> tuple[OldNetwork, ...]:
    """The circuit-switched networks that serve the carrier's customers: the host's, where it has one."""
    if rows.host_networks is not None:
        return rows.host_networks
    return voice.networks(rows.listed, rows.shutdowns)


def _head(rows: Sources, host: HostNetwork | None) -> list[str]:
    listed = rows.listed
    brands = [part.strip() for part in re.split(r",| / ", listed.brand) if part.strip()]
    name = NAMES.get(rows.key, brands[0])
    company = () if rows.key in NAMES else (listed.carrier.replace("“", '"').replace("”", '"'),)
    names = dict.fromkeys((*brands, *company, *ALIASES.get(rows.key, ())))
    others = [alias for alias in names if alias not in {name, *_NO_NAMES}]
    lines = [
        "format: bandproof.profile/1",
        f"id: {rows.id}",
        f"name: {text.quoted(name)}",
        f"country: {text.quoted(listed.country) if listed.country == 'NO' else listed.country}",
    ]
    if others:
        lines.append(f"aliases: {text.flow_list(map(text.quoted, others))}")
    lines += text.wrapped("plmns", [text.quoted(plmn) for plmn in rows.plmns])
    shared = [plmn for plmn in NETWORK_PLMNS.get(rows.id, ()) if plmn not in rows.plmns]
    if shared:
        lines += text.wrapped("network_plmns", [text.quoted(plmn) for plmn in shared])
    if rows.shares_with:
        lines += text.wrapped("shares_plmns_with", list(rows.shares_with))
    if rows.android_ids:
        ids = rows.android_ids
        lines.append(f"android_carrier_id: {ids[0] if len(ids) == 1 else text.flow_list(ids)}")
    if host is not None:
        lines.append(f"host: {host.carrier}")
    lines += _end(rows)
    note = _note(rows)
    return [*lines, f"note: {text.quoted(note)}"] if note else lines


def _end(rows: Sources) -> list[str]:
    """That the network ended, and who took its customers over."""
    if rows.key not in ENDED:
        return []
    day, successor, _ = ENDED[rows.key]
    lines = ["status: historical", f"ended: {text.quoted(day)}"]
    return [*lines, f"successor: {successor}"] if successor else lines


def _note(rows: Sources) -> str:
    missing = rows.listed.plmns_cut > len(rows.plmns) - len(rows.listed.plmns)
    cut = "The PLMNs are a part: the source cuts its list." if missing else ""
    own = "" if rows.key in NOTES or rows.key in HOSTS else rows.listed.note.strip()
    own = ENDED[rows.key][2] if rows.key in ENDED else own
    return " ".join(part for part in (NOTES.get(rows.key, ""), _sentence(own), cut) if part)


def _sentence(words: str) -> str:
    return words if not words or words.endswith((".", ")")) else words + "."


def _networks(nets: tuple[OldNetwork, ...]) -> list[str]:
    return ["networks:", *map(text.network, nets)] if nets else []


def _own_edition(rows: Sources, nets: tuple[OldNetwork, ...], as_of: str) -> list[str]:
    """The carrier's own network as the lists have it."""
    confirmed = rows.confirmed if rows.confirmed and rows.confirmed.found else None
    required = NR_REQUIRED.get(rows.key, ())
    bands = _with_parts(rows, bands_of(rows.listed, rows.confirmed, required))
    checked = confirmed.as_of if confirmed else None
    lines = _edition_head(rows, as_of, checked, "B" if confirmed else "C")
    if required:
        lines.append("    nr_required: true")
    volte, fallback = voice.need(rows.listed, nets, checked or as_of, rows.shutdowns)
    if not rows.listed.lte and required:
        volte = "unknown"
    lines.append(f"    voice: {text.flow({'volte': volte, 'fallback': text.flow_list(fallback)})}")
    if rows.key in NO_LOW_BAND:
        named = text.flow_list(map(text.word, NO_LOW_BAND[rows.key]))
        lines += ["    coverage: none_on_air", f"    coverage_publishers: {named}"]
    lines += _unreadable(rows)
    lines.append("    requirements:")
    prefix = _prefix(rows)
    lines += [text.band(prefix, one) for one in bands.asked]
    if bands.low_open is not None and rows.key not in NO_LOW_BAND:
        lines.append(text.coverage(prefix, bands.low_open))
    sure = any(one.level != "informative" for one in bands.asked)
    lines += text.network_rules(prefix, bands.asked, sure=sure)
    return [*lines, text.volte(prefix, _volte_since(nets, as_of))] if volte == "required" else lines


def _volte_since(nets: tuple[OldNetwork, ...], as_of: str) -> str | None:
    """The day on which calls began to need VoLTE, where that is after the edition began."""
    since = voice.needed_since(nets)
    return since if since and since > dates.first_day(as_of).isoformat() else None


def _unreadable(rows: Sources) -> list[str]:
    """What the state asks of every device and no reading shows."""
    told = RULES_OF_STATE.get(rows.listed.country, ())
    return ["    not_assessed:", *(f"      - {text.quoted(one)}" for one in told)] if told else []


def _hosted_edition(rows: Sources, nets: tuple[OldNetwork, ...], host: HostNetwork) -> list[str]:
    """What the host's edition asks, and beside it the carrier's own bands where they are still on air."""
    confirmed = rows.confirmed if rows.confirmed and rows.confirmed.found else None
    checked = confirmed.as_of if confirmed and not host.since else None
    lines = _edition_head(rows, host.since or rows.listed.as_of, checked, "B", host.why)
    voiced = (
        ("required", ())
        if host.carrier.startswith("us/")
        else voice.need(rows.listed, nets, checked or "2026-10", rows.shutdowns)
    )
    lines.append(f"    voice: {text.flow({'volte': voiced[0], 'fallback': text.flow_list(voiced[1])})}")
    inherited = {
        "carrier": host.carrier,
        "edition": text.quoted(host.edition),
        "levels": "[mandatory, recommended, informative]",
        "kinds": _ALL_KINDS,
    }
    lines.append(f"    inherits: {text.flow(inherited)}")
    lines += _unreadable(rows)
    if host.own and rows.key in NR_REQUIRED:
        lines.append("    nr_required: true")
    prefix = _prefix(rows)
    own = bands_of(rows.listed, rows.confirmed, NR_REQUIRED.get(rows.key, ())).asked if host.own else ()
    asked = [text.band(prefix, one) for one in own if one.level != "informative"]
    return [*lines, "    requirements:", *asked] if asked else [*lines, "    requirements: []"]


def _edition_head(rows: Sources, as_of: str, checked: str | None, confidence: str, why: str = "") -> list[str]:
    lines = [f"  - as_of: {text.quoted(as_of)}"]
    if checked and checked > as_of:
        lines.append(f"    checked: {text.quoted(checked)}")
    lines.append(f"    confidence: {confidence}")
    note = why or _open_points(rows.listed)
    if note:
        lines.append(f"    note: {text.quoted(note)}")
    lines.append("    sources:")
    return [*lines, *(f"      - {text.quoted(source)}" for source in _sources(rows))]


def _open_points(listed: Listed) -> str:
    parts = ["Band numbers follow from the MHz classes of the list."] if listed.derivation == "mhz-inferred" else []
    if listed.uncertain:
        parts.append(f"Open: {listed.uncertain.replace(' | ', '; ').rstrip('.')}.")
    return " ".join(parts)


def _sources(rows: Sources) -> list[str]:
    found = [text.shorter(source) for source in rows.listed.sources]
    if rows.confirmed is not None and rows.confirmed.found:
        found.append(text.shorter(rows.confirmed.source))
        if rows.confirmed.third:
            found.append(rows.confirmed.third)
    return list(dict.fromkeys(found))


def _prefix(rows: Sources) -> str:
    return rows.id.upper().replace("/", "-")


def _with_parts(rows: Sources, bands: ListedBands) -> ListedBands:
    """The bands with the part of each that the carrier has, and the day since which it is listed."""
    seen = {(one.rat, one.band): one for one in rows.listings if one.until is None}
    return replace(bands, asked=tuple(_dated(_moded(rows, _part(rows, one)), seen) for one in bands.asked))


def _part(rows: Sources, one: WantedBand) -> WantedBand:
    return replace(one, ul_mhz=UPLINK_MHZ.get((*rows.key, one.band))) if one.rat == "lte" else one


def _moded(rows: Sources, one: WantedBand) -> WantedBand:
    """An NR band of which a source says in which mode it serves, with that source."""
    numbers, mode, source = NR_MODES.get(rows.key, ((), "", ""))
    if one.rat != "nr" or one.band not in numbers:
        return one
    return replace(one, nr_mode=mode, note=" ".join(filter(None, (one.note, source))))


def _dated(one: WantedBand, seen: dict[tuple[str, int], FirstSeen]) -> WantedBand:
    listing = seen.get((one.rat, one.band))
    if listing is None:
        return one
    return replace(one, listed_since=listing.since, listed_source=text.shorter(listing.source))
