"""Finding a dialect: by name, or by what a modem tells of itself.

One table says where each dialect stands, `package.module:ATTRIBUTE`. Ours are written in it, those of other installed
packages come into it by the entry point group `bandproof.dialects`, and all are loaded from it in the same way.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from harness.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .dialect import Dialect
    from .language.answer import Modem

ENTRY_POINT_GROUP = "bandproof.dialects"


class DialectPlace(NamedTuple):
    """Where a dialect stands, and its other names, so that it is found without loading any other.

    What another package's dialect is called beside the name of its entry point, only the loaded dialect tells.
    """

    where: str
    aliases: tuple[str, ...] = ()
    is_ours: bool = True


_OURS: dict[str, DialectPlace] = {
    "quectel": DialectPlace(
        "harness.probes.at.makers.quectel.family:DIALECT", ("quectel-5g", "quectel-lte", "quectel-iot")
    ),
    "sierra": DialectPlace("harness.probes.at.makers.sierra:DIALECT", ("sierra-wireless", "semtech", "airprime")),
    "telit": DialectPlace("harness.probes.at.makers.telit.family:DIALECT", ("telit-mobile",)),
    "simcom": DialectPlace("harness.probes.at.makers.simcom.family:DIALECT", ("simtech", "sim-com")),
    "u_blox": DialectPlace("harness.probes.at.makers.u_blox:DIALECT", ("u-blox", "ublox")),
    "huawei": DialectPlace("harness.probes.at.chips.huawei:DIALECT", ("balong", "hisilicon", "td-tech")),
    "fibocom": DialectPlace(
        "harness.probes.at.makers.fibocom:DIALECT", ("fibocom-intel", "fibocom-mtk", "fibocom-qualcomm")
    ),
    "cinterion": DialectPlace(
        "harness.probes.at.makers.cinterion:DIALECT",
        ("thales", "gemalto", "siemens", "telit-cinterion", "cinterion-thales"),
    ),
    "foxconn": DialectPlace("harness.probes.at.makers.foxconn:DIALECT", ("dell", "t99w175", "t77w968")),
    "intel": DialectPlace("harness.probes.at.chips.intel:DIALECT", ("xmm", "intel-xmm")),
    "nordic": DialectPlace("harness.probes.at.chips.nordic:DIALECT", ("nrf91", "nordic-semiconductor")),
    "sequans": DialectPlace("harness.probes.at.chips.sequans:DIALECT", ("monarch",)),
    "zte": DialectPlace("harness.probes.at.makers.zte:DIALECT", ("gosuncn", "zte-welink")),
    "meig": DialectPlace("harness.probes.at.makers.meig:DIALECT", ("meig-smart",)),
    "altair": DialectPlace("harness.probes.at.chips.altair:DIALECT", ("sony", "sony-altair", "alt1250")),
    "mediatek": DialectPlace("harness.probes.at.chips.mediatek:DIALECT", ("mtk",)),
    "unisoc": DialectPlace("harness.probes.at.chips.unisoc:DIALECT", ("spreadtrum",)),
    "asr": DialectPlace("harness.probes.at.chips.asr:DIALECT", ("marvell", "marvell-asr", "asr-micro")),
    "mikrotik": DialectPlace("harness.probes.at.makers.mikrotik:DIALECT", ("r11e",)),
    "inseego": DialectPlace("harness.probes.at.makers.inseego:DIALECT", ("novatel", "novatel-wireless")),
    "askey": DialectPlace("harness.probes.at.makers.askey:DIALECT", ()),
    "qualcomm": DialectPlace("harness.probes.at.chips.qualcomm:DIALECT", ("qcom", "qualcomm-generic")),
}
"""In the order in which they are asked whether a modem is theirs; chips last."""


@cache
def dialects() -> Mapping[str, DialectPlace]:
    """The table: another package's dialects first, for they may know their modem better than our general ones.

    A name of ours stays ours.
    """
    from importlib.metadata import entry_points

    found = sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda one: one.name)
    theirs = {point.name: DialectPlace(point.value, is_ours=False) for point in found if point.name not in _OURS}
    return {**theirs, **_OURS}


def _squeezed(name: str) -> str:
    """Any case, with blanks, dashes, underscores or without."""
    return re.sub(r"[\s_-]+", "", name.lower())


@cache
def dialect(name: str) -> Dialect:
    """The dialect of this name or alias (any case, blanks, dashes or underscores alike); no other family of ours is loaded.

    Raises UnknownName with the nearest names, UsageError for one of another package that cannot be loaded.
    """
    word = _squeezed(name)
    # First ours: looking for entry points reads the metadata of every installed package.
    for table in (_OURS, dialects):
        for known, place in (table() if callable(table) else table).items():
            if word in {_squeezed(other) for other in (known, *place.aliases)}:
                return _named(known, place)
    for known, place in _theirs().items():
        found = load(known, place)
        if found is not None and word in {_squeezed(other) for other in (found.name, *found.aliases)}:
            return found
    raise UnknownName("dialect", name, _nearest(word))


def _named(name: str, place: DialectPlace) -> Dialect:
    found = load(name, place)
    if found is None:
        raise UsageError(_TROUBLES[name], way_out="mend or remove that package; the built-in dialects work without it")
    return found


def _theirs() -> dict[str, DialectPlace]:
    return {name: place for name, place in dialects().items() if not place.is_ours}


_TROUBLES: dict[str, str] = {}


@cache
def load(name: str, place: DialectPlace) -> Dialect | None:
    """The dialect that stands at a place; None, and a trouble, where another package's cannot be used."""
    if place.is_ours:
        return replace(cast("Dialect", _value(place.where)), aliases=place.aliases)
    from .foreign import guarded

    try:
        return guarded(name, place.where, _value, _TROUBLES)
    except UsageError as error:
        _TROUBLES[name] = error.message
        return None


def _value(where: str) -> object:
    """What stands at `package.module:ATTRIBUTE`."""
    module, _, attribute = where.partition(" [")[0].partition(":")
    return getattr(import_module(module), attribute)


def forget() -> None:
    """Look for the dialects of other packages anew: some were installed meanwhile."""
    _TROUBLES.clear()
    for remembered in (dialects, dialect, load):
        remembered.cache_clear()


def troubles() -> dict[str, str]:
    """What is wrong with packages that offer dialects, by the name of the entry point."""
    for name, place in _theirs().items():
        load(name, place)
    return dict(_TROUBLES)


def _nearest(word: str) -> tuple[str, ...]:
    """Names of the dialects whose name or alias is nearest; all of them where none is near."""
    from difflib import get_close_matches

    names: dict[str, str] = {}
    for known, place in dialects().items():
        others = place.aliases if place.is_ours else getattr(load(known, place), "aliases", ())
        names |= {_squeezed(other): known.replace("_", "-") if place.is_ours else known for other in (known, *others)}
    near = [names[match] for match in get_close_matches(word, names, n=3)]
    return tuple(dict.fromkeys(near or names.values()))


def all_dialects() -> tuple[Dialect, ...]:
    """Every dialect that can be used, in the order of the table."""
    loaded = (load(name, place) for name, place in dialects().items())
    return tuple(one for one in loaded if one is not None)


def our_dialects() -> tuple[Dialect, ...]:
    """The built-in dialects, in the order of the table."""
    return tuple(dialect(name) for name in _OURS)


def dialect_for(modem: Modem) -> Dialect | None:
    """The dialect that claims the modem, or None where no family knows it."""
    return next((candidate for candidate in all_dialects() if candidate.claims(modem)), None)
