"""One carrier's file, from its rows of the three tables."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import text, voice
from .bands import Bands, bands_of
from .decisions import ALIASES, HOSTS, NAMES, NOTES, NR_REQUIRED, SLUGS, UPLINK_MHZ, HostNetwork

if TYPE_CHECKING:
    from harness.carriers.edition import Network

    from .tables import Confirmed, Listed, Shutdown

_NO_NAMES = frozenset({"Sweden 2G", "Gt"})
_ALL_KINDS = "[band, coverage, attach, registered, volte]"


@dataclass(frozen=True, slots=True)
class Sources:
    """All rows of one carrier: the current one, older ones, the second list's, the shutdowns."""

    listed: Listed
    older: tuple[Listed, ...]
    confirmed: Confirmed | None
    shutdowns: list[Shutdown]
    host_networks: tuple[Network, ...] | None = None
    """Networks of the host, where it is in the tables too."""

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
    for older in rows.older:
        lines += _own_edition(replace(rows, listed=older, confirmed=None), (), older.as_of)
    if host is None or host.since:
        lines += _own_edition(rows, nets, listed.as_of)
    if host is not None:
        lines += _hosted_edition(rows, nets, host)
    return "\n".join(lines) + "\n"


def networks_of(rows: Sources) -> tuple[Network, ...]:
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
    lines += text.wrapped("plmns", [text.quoted(plmn) for plmn in listed.plmns])
    if listed.android_carrier_id is not None:
        lines.append(f"android_carrier_id: {listed.android_carrier_id}")
    if host is not None:
        lines.append(f"host: {host.carrier}")
    note = _note(rows)
    return [*lines, f"note: {text.quoted(note)}"] if note else lines


def _note(rows: Sources) -> str:
    cut = "The PLMNs are a part: the source cuts its list." if rows.listed.plmns_cut else ""
    own = "" if rows.key in NOTES or rows.key in HOSTS else rows.listed.note.strip()
    return " ".join(part for part in (NOTES.get(rows.key, ""), _sentence(own), cut) if part)


def _sentence(words: str) -> str:
    return words if not words or words.endswith((".", ")")) else words + "."


def _networks(nets: tuple[Network, ...]) -> list[str]:
    return ["networks:", *map(text.network, nets)] if nets else []


def _own_edition(rows: Sources, nets: tuple[Network, ...], as_of: str) -> list[str]:
    """The carrier's own network as the lists have it."""
    confirmed = rows.confirmed if rows.confirmed and rows.confirmed.found else None
    required = NR_REQUIRED.get(rows.key, ())
    bands = _with_parts(rows, bands_of(rows.listed, rows.confirmed, required))
    checked = confirmed.as_of if confirmed else None
    lines = _edition_head(rows, as_of, checked, "B" if confirmed else "C")
    if required:
        lines.append("    nr_required: true")
    volte, fallback = voice.need(rows.listed, nets, checked or as_of, sure=confirmed is not None)
    if not rows.listed.lte and required:
        volte = "unknown"
    lines.append(f"    voice: {text.flow({'volte': volte, 'fallback': text.flow_list(fallback)})}")
    lines.append("    requirements:")
    prefix = _prefix(rows)
    lines += [text.band(prefix, one) for one in bands.asked]
    if bands.low_open is not None:
        lines.append(text.coverage(prefix, bands.low_open))
    return lines + text.network_rules(prefix, bands.asked, sure=confirmed is not None, volte=volte == "required")


def _hosted_edition(rows: Sources, nets: tuple[Network, ...], host: HostNetwork) -> list[str]:
    """What the host's edition asks, and beside it the carrier's own bands where they are still on air."""
    confirmed = rows.confirmed if rows.confirmed and rows.confirmed.found else None
    checked = confirmed.as_of if confirmed and not host.since else None
    lines = _edition_head(rows, host.since or rows.listed.as_of, checked, "B", host.why)
    voiced = (
        ("required", ())
        if host.carrier.startswith("us/")
        else voice.need(rows.listed, nets, checked or "2026-10", sure=True)
    )
    lines.append(f"    voice: {text.flow({'volte': voiced[0], 'fallback': text.flow_list(voiced[1])})}")
    inherited = {
        "carrier": host.carrier,
        "edition": text.quoted(host.edition),
        "levels": "[mandatory, recommended, informative]",
        "kinds": _ALL_KINDS,
    }
    lines.append(f"    inherits: {text.flow(inherited)}")
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
    found = [_shorter(source) for source in rows.listed.sources]
    if rows.confirmed is not None:
        found.append(_shorter(rows.confirmed.source))
        if rows.confirmed.third:
            found.append(rows.confirmed.third)
    return list(dict.fromkeys(found))


def _shorter(source: str) -> str:
    source = source.removeprefix("cross-check ").replace("https://", "").replace("http://", "")
    return source.replace('"Mobile network codes in ITU region" pages', "mobile network codes").replace('"', "'")


def _prefix(rows: Sources) -> str:
    return rows.id.upper().replace("/", "-")


def _with_parts(rows: Sources, bands: Bands) -> Bands:
    asked = tuple(
        replace(one, ul_mhz=UPLINK_MHZ.get((*rows.key, one.band))) if one.rat == "lte" else one for one in bands.asked
    )
    return replace(bands, asked=asked)
