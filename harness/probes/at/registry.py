"""Finding a dialect: by name, or by what a modem tells of itself. Ours stand in `BUILT_IN`, others come by entry point."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from harness.errors import UnknownName, UsageError

from .foreign import foreign, troubles

if TYPE_CHECKING:
    from .dialect import Dialect
    from .language.answer import Modem

BUILT_IN = {
    "quectel": "makers.quectel.family",
    "sierra": "makers.sierra",
    "telit": "makers.telit.family",
    "simcom": "makers.simcom.family",
    "u_blox": "makers.u_blox",
    "huawei": "chips.huawei",
    "fibocom": "makers.fibocom",
    "cinterion": "makers.cinterion",
    "foxconn": "makers.foxconn",
    "intel": "chips.intel",
    "nordic": "chips.nordic",
    "sequans": "chips.sequans",
    "zte": "makers.zte",
    "meig": "makers.meig",
    "altair": "chips.altair",
    "mediatek": "chips.mediatek",
    "unisoc": "chips.unisoc",
    "asr": "chips.asr",
    "mikrotik": "makers.mikrotik",
    "inseego": "makers.inseego",
    "askey": "makers.askey",
    "qualcomm": "chips.qualcomm",
}
"""Name -> module below this one, in the order in which they are asked whether a modem is theirs; chips last."""

OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "quectel": ("quectel-5g", "quectel-lte", "quectel-iot"),
    "sierra": ("sierra-wireless", "semtech", "airprime"),
    "telit": ("telit-mobile",),
    "simcom": ("simtech", "sim-com"),
    "u_blox": ("u-blox", "ublox"),
    "huawei": ("balong", "hisilicon", "td-tech"),
    "fibocom": ("fibocom-intel", "fibocom-mtk", "fibocom-qualcomm"),
    "cinterion": ("thales", "gemalto", "siemens", "telit-cinterion", "cinterion-thales"),
    "foxconn": ("dell", "t99w175", "t77w968"),
    "intel": ("xmm", "intel-xmm"),
    "nordic": ("nrf91", "nordic-semiconductor"),
    "sequans": ("monarch",),
    "zte": ("gosuncn", "zte-welink"),
    "meig": ("meig-smart",),
    "altair": ("sony", "sony-altair", "alt1250"),
    "mediatek": ("mtk",),
    "unisoc": ("spreadtrum",),
    "asr": ("marvell", "marvell-asr", "asr-micro"),
    "mikrotik": ("r11e",),
    "inseego": ("novatel", "novatel-wireless"),
    "askey": (),
    "qualcomm": ("qcom", "qualcomm-generic"),
}
"""Other names of the built-in dialects. They stand here so that one is found without loading all; `aliases` has them."""


def _squeezed(name: str) -> str:
    """Any case, with blanks, dashes, underscores or without."""
    return re.sub(r"[\s_-]+", "", name.lower())


@cache
def dialect(name: str) -> Dialect:
    """The dialect of this name or alias (any case, blanks, dashes or underscores alike).

    Raises UnknownName with the nearest names, UsageError for one of another package that cannot be loaded.
    """
    word = _squeezed(name)
    for known, module in BUILT_IN.items():
        if word in {_squeezed(other) for other in (known, *OTHER_NAMES[known])}:
            found: Dialect = import_module(f"{__package__}.{module}").DIALECT
            return replace(found, aliases=OTHER_NAMES[known])
    for known, value in foreign().items():
        if word in {_squeezed(other) for other in (known, value.name, *value.aliases)}:
            return value
    for known, trouble in troubles().items():
        if word == _squeezed(known):
            raise UsageError(trouble, way_out="mend or remove that package; the built-in dialects work without it")
    raise UnknownName("dialect", name, _nearest(word))


def _nearest(word: str) -> tuple[str, ...]:
    """Names of the dialects whose name or alias is nearest; all of them where none is near."""
    from difflib import get_close_matches

    names = {
        _squeezed(known): module.replace("_", "-") for module in BUILT_IN for known in (module, *OTHER_NAMES[module])
    }
    names |= {_squeezed(other): known for known, value in foreign().items() for other in (known, *value.aliases)}
    near = [names[match] for match in get_close_matches(word, names, n=3)]
    return tuple(dict.fromkeys(near or names.values()))


def all_dialects() -> tuple[Dialect, ...]:
    """Every dialect, another package's first: it may know its modem better than our general ones."""
    return (*foreign().values(), *(dialect(name) for name in BUILT_IN))


def dialect_for(modem: Modem) -> Dialect | None:
    """The dialect that claims the modem, or None where no family knows it."""
    return next((candidate for candidate in all_dialects() if candidate.claims(modem)), None)
