"""`bandproof band` and `bandproof earfcn`: the 3GPP tables at the prompt."""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from harness.commands.views.page import tell
from harness.errors import UnknownName, UsageError
from harness.plain_text import plural
from harness.radio import channels, overlaps
from harness.radio.tables import Band, bands_of

if TYPE_CHECKING:
    from harness.carriers.band_users import BandUser

_PREFIXES = {"": "lte", "b": "lte", "lte": "lte", "n": "nr", "nr": "nr", "umts": "umts", "u": "umts", "gsm": "gsm"}


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parsers of `bandproof band` and `bandproof earfcn`."""
    band = commands.add_parser("band", help="what 3GPP says of a band: 66, n78, umts2, gsm850")
    band.add_argument("name", metavar="NAME", help="B66, n78, umts2, gsm850; a bare number is an LTE band")
    _add_carriers(band, "who uses it, carrier by carrier")
    band.add_argument("--json", action="store_true", help="one JSON object")
    band.set_defaults(run=show_band)
    earfcn = commands.add_parser("earfcn", help="band, frequency and twins of an EARFCN; an NR-ARFCN with --nr")
    earfcn.add_argument(
        "number", type=_channel, metavar="NUMBER", help="the channel number; of LTE also that of an uplink"
    )
    earfcn.add_argument("--nr", action="store_true", help="the number is an NR-ARFCN")
    _add_carriers(earfcn, "who uses its band, carrier by carrier")
    earfcn.add_argument("--json", action="store_true", help="one JSON object")
    earfcn.set_defaults(run=show_channel)


def _add_carriers(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--carriers", action="store_true", help=what)
    parser.add_argument(
        "--country", action="append", default=[], metavar="CC", help="of these countries only: Germany, or us,mx"
    )
    parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="with --carriers: the day (default: today)")


def _channel(text: str) -> int:
    """A channel number, as a person writes it."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no channel number: write it in digits") from None


def show_band(options: argparse.Namespace) -> int:
    """Everything the tables say of one band."""
    band = _band(options.name)
    _print(_band_facts(band), _users(options, [(band.rat, band.number)]), as_json=options.json)
    return 0


def _band(name: str) -> Band:
    match = re.fullmatch(r"([a-z]*)[\s-]?(\d{1,4})", name.strip().lower())
    if match is None or match[1] not in _PREFIXES:
        raise UsageError(f"{name!r} names no band", way_out="write 66 or B66, n78, umts2, gsm850")
    rat, number = _PREFIXES[match[1]], int(match[2])
    table = bands_of(rat)
    if number not in table:
        nearest = sorted(table, key=lambda known: (abs(known - number), known))[:3]
        raise UnknownName(f"{rat.upper()} band", match[2], tuple(table[near].label for near in nearest))
    return table[number]


def _band_facts(band: Band) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "rat": band.rat,
        "band": band.number,
        "label": band.label,
        "name": band.common_name or None,
        "duplex": band.duplex,
        "downlink_mhz": band.dl_mhz,
        "uplink_mhz": band.ul_mhz,
        "downlink_channels": band.dl_channels,
        "uplink_channels": band.ul_channels,
    }
    if band.rat == "lte":
        facts["lies_in"] = overlaps.supersets(band.number)
        facts["holds"] = overlaps.subsets(band.number)
    return facts


def show_channel(options: argparse.Namespace) -> int:
    """Band and frequency of a channel number."""
    facts = _nr_facts(options.number) if options.nr else _lte_facts(options.number)
    bands = [("nr", band) for band in facts["band_candidates"]] if options.nr else [("lte", facts["band"])]
    _print(facts, _users(options, bands), as_json=options.json)
    return 0


def _users(options: argparse.Namespace, bands: list[tuple[str, int]]) -> list[BandUser] | None:
    """The carriers on any of the bands; None where nobody asked."""
    if not (options.carriers or options.country):
        if options.as_of:
            raise UsageError("--as-of is for the carriers", way_out="add --carriers")
        return None
    from harness.carriers.band_users import band_users
    from harness.carriers.store import Profiles
    from harness.commands.days import day_of

    profiles = Profiles()
    words = [word.strip() for text in options.country for word in text.split(",") if word.strip()]
    for word in words:
        if not profiles.country_ids(word):
            raise UnknownName("country", word, profiles.near_countries(word))
    ids = [id_ for word in words for id_ in profiles.country_ids(word)] if words else None
    day = day_of(options.as_of)
    return [one for rat, band in bands for one in band_users(profiles, rat, band, day, ids)]


def _lte_facts(earfcn: int) -> dict[str, Any]:
    band = channels.lte_band_of(earfcn)
    if band is None:
        downlink = channels.lte_downlink_channel(earfcn)
        if downlink is None:
            raise UsageError(f"no LTE band has the EARFCN {earfcn}", way_out="an NR-ARFCN needs --nr")
        return {"uplink_earfcn": earfcn, "downlink_channel": downlink, **_lte_facts(downlink)}
    twins = {
        f"B{other}": twin
        for other in (*overlaps.supersets(band), *overlaps.subsets(band))
        if (twin := overlaps.earfcn_twin(earfcn, other)) is not None
    }
    wrapped = channels.lte_band_of(earfcn + channels.EARFCN_MODULUS)
    return {
        "earfcn": earfcn,
        "band": band,
        "label": f"B{band}",
        "downlink_mhz": channels.lte_downlink_mhz(earfcn),
        "uplink_mhz": channels.lte_uplink_mhz(earfcn),
        "uplink_channel": channels.lte_uplink_channel(earfcn),
        "same_carrier_as": twins,
        "if_stored_in_16_bits": f"{earfcn + channels.EARFCN_MODULUS} (B{wrapped})" if wrapped else None,
    }


def _nr_facts(nrarfcn: int) -> dict[str, Any]:
    candidates = channels.nr_candidates(nrarfcn)
    if not candidates:
        raise UsageError(f"no NR band has the downlink NR-ARFCN {nrarfcn}")
    return {
        "nrarfcn": nrarfcn,
        "mhz": channels.nr_mhz(nrarfcn),
        "band": candidates[0] if len(candidates) == 1 else None,
        "band_candidates": candidates,
    }


def _print(facts: dict[str, Any], users: list[BandUser] | None, *, as_json: bool) -> None:
    if as_json:
        told = {} if users is None else {"carriers": [asdict(one) for one in users]}
        sys.stdout.write(json.dumps({**facts, **told}) + "\n")
        return
    width = max(map(len, facts))
    known = {name.replace("_", " "): value for name, value in facts.items() if value not in (None, (), {})}
    tell(f"{name:<{width}}  {_in_words(value)}" for name, value in known.items())
    if users is not None:
        _print_users(users)


def _print_users(users: list[BandUser]) -> None:
    from harness.carriers.countries import name_of
    from harness.requirements.bands.roles import role_words

    sys.stdout.write(f"\n{plural(len(users), 'carrier')} of our profiles on it" + (":\n" if users else "\n"))
    ids = max((len(one.id) for one in users), default=0)
    names = max((len(one.name) for one in users), default=0)
    for one in users:
        sure = "" if one.sure == "confirmed" else f", {one.sure.replace('_', ' ')}"
        asked = f"{role_words(one.role)}, {one.level}{sure}"
        tell([f"  {one.id:<{ids}}  {one.name:<{names}}  {name_of(one.country)}: {asked} ({one.edition})"])


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    if isinstance(value, tuple) and len(value) == 2 and value[0] < value[1] and isinstance(value[0], float):
        return f"{value[0]:g} to {value[1]:g}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)
