"""The market that a build was made for, by the properties of each maker but Xiaomi; carriers' builds among them.

Only what the maker wrote into the build counts. A region that the user chose at set-up (persist.sys.*.region) names the
market where nothing else does, and is told with a warning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Props = Mapping[str, str]

_ISO = {"CN": "china", "US": "us", "IN": "india", "RU": "russia", "ID": "indonesia", "TW": "taiwan", "TR": "turkey"}
_ISO |= {
    "JP": "japan",
    "KR": "korea",
    "BR": "brazil",
    "MX": "mexico",
    "AR": "argentina",
    "CL": "chile",
    "CO": "colombia",
}
_ISO |= {
    "PE": "peru",
    "CA": "canada",
    "GB": "united kingdom",
    "CH": "switzerland",
    "AU": "australia",
    "ZA": "south africa",
}
_ISO |= {"TH": "thailand", "VN": "vietnam", "PH": "philippines", "MY": "malaysia", "SG": "singapore", "HK": "hong kong"}
_ISO |= {
    "UA": "ukraine",
    "KZ": "kazakhstan",
    "NZ": "new zealand",
    "IL": "israel",
    "EG": "egypt",
    "AE": "united arab emirates",
}
_EEA = [
    "AT",
    "BE",
    "BG",
    "HR",
    "CY",
    "CZ",
    "DK",
    "EE",
    "FI",
    "FR",
    "DE",
    "GR",
    "HU",
    "IE",
    "IT",
    "LV",
    "LT",
    "LU",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SK",
    "SI",
    "ES",
    "SE",
    "IS",
    "LI",
    "NO",
]
_ISO |= dict.fromkeys(_EEA, "eea")
"""ISO 3166 codes -> the words of a ROM region; the states of the European Economic Area share one."""

_MARKETS = {"USA": "us", "IND": "india", "RUS": "russia", "IDN": "indonesia", "PRC": "china", "CHN": "china"}
_MARKETS |= {"EU": "eea", "EEA": "eea", "EUEX": "eea", "GDPR": "eea", "NA": "us"}
_MARKETS |= dict.fromkeys(("ROW", "WW", "GLO", "GLOBAL", "OVERSEAS", "EX", "EN", "ASIA", "UN", "APC", "MEA"), "global")
_MARKETS |= dict.fromkeys(("SPCSEAS", "LA", "MEAFNAF", "LATAM", "APAC"), "global")
COUNTRIES = _ISO | _MARKETS
"""Codes of countries and markets as builds write them; a code of both kinds (NA, LA) is the market."""

_NAMES = {"usa": "us", "united states": "us", "korea": "korea", "south korea": "korea", "republic of korea": "korea"}
_NAMES |= {"open europe": "eea", "europe": "eea", "hong kong": "hong kong", "prc": "china", "viet nam": "vietnam"}
_NAMES |= dict.fromkeys(
    [
        "austria",
        "belgium",
        "bulgaria",
        "croatia",
        "cyprus",
        "czech",
        "denmark",
        "estonia",
        "finland",
        "france",
        "germany",
        "greece",
        "hungary",
        "ireland",
        "italy",
        "latvia",
        "lithuania",
        "luxembourg",
        "netherlands",
        "poland",
        "portugal",
        "romania",
        "slovakia",
        "slovenia",
        "spain",
        "sweden",
        "iceland",
        "norway",
        "nordic",
        "baltic",
    ],
    "eea",
)
"""Samsung's names of countries, where the market is called otherwise."""

_SALES_CODES = {
    "china": "CHC CHM CHN CHU CTC",
    "us": "ATT AIO TMB TMK MTR VZW VZT USC SPR BST VMU XAS TFN TFV TFA TFO XAA XAR CCT CHA DSH DSG DSA FKR LRA ACG GCF",
    "korea": "KOO SKC KTC LUC SKT KTT LGT",
    "japan": "DCM KDI SJP XJP RKT UQM JCO SBM",
    "india": "INS INU",
    "indonesia": "XID",
    "russia": "SER",
    "taiwan": "BRI TWN",
    "turkey": "TUR",
    "eea": "EUX EUY OXM DBT VD2 DTM XEF ITV PHE XEO NEE PHN ROM ATO AUT TPH COS EUR XEZ XEH BGL",
}
_OF_SALES_CODE = {code: region for region, codes in _SALES_CODES.items() for code in codes.split()}
_US_CARRIERS = {
    **dict.fromkeys(("ATT", "AIO"), "att"),
    **dict.fromkeys(("TMB", "TMK", "MTR"), "t-mobile"),
    **dict.fromkeys(("VZW", "VZT"), "verizon"),
    **dict.fromkeys(("SPR", "BST", "VMU", "XAS"), "sprint"),
    **dict.fromkeys(("TFN", "TFV", "TFA", "TFO"), "tracfone"),
    "USC": "us cellular",
    "CCT": "xfinity",
    "CHA": "spectrum",
    "DSH": "dish",
    "DSG": "dish",
    "DSA": "dish",
}
_CARRIER_CODES = _US_CARRIERS | {"CHM": "china mobile", "CTC": "china telecom", "CHU": "china unicom"}
_CARRIER_CODES |= {"SKC": "sk telecom", "KTC": "kt", "LUC": "lg u+", "DCM": "docomo", "KDI": "kddi", "RKT": "rakuten"}
_CARRIER_CODES |= {"SBM": "softbank", "VD2": "vodafone", "DTM": "telekom", "VIA": "o2", "EVR": "ee", "O2U": "o2"}
_CARRIER_CODES |= {"VOD": "vodafone", "H3G": "three", "BMC": "bell", "RWC": "rogers", "TLS": "telus", "TEL": "telstra"}

_CHANNELS = {"tmo": "t-mobile", "tmus": "t-mobile", "metropcs": "t-mobile", "att": "att", "cricket": "att"}
_CHANNELS |= {"vzw": "verizon", "verizon": "verizon", "vzwpre": "verizon", "usc": "us cellular", "sprint": "sprint"}
_CHANNELS |= {"boost": "boost", "tracfone": "tracfone", "trf": "tracfone", "dish": "dish", "comcast": "xfinity"}
_CHANNELS |= {"spectrum": "spectrum", "xfinity": "xfinity", "amz": "", "attpre": "att", "uscc": "us cellular"}
"""Channels as Motorola (ro.carrier), Google and OnePlus (ro.boot.opcarrier) write them; amz is a shop in the US."""

_OPTB = {"156": "china", "432": "eea", "840": "us", "392": "japan", "410": "korea", "356": "india", "643": "russia"}
_OPTB |= dict.fromkeys(("900", "185", "636", "605", "999"), "global")
_HUAWEI_BUILD = re.compile(r"\(?(?<![A-Z0-9])C(\d{2,3})E\d{1,4}R")
_HUAWEI_CUST = {
    "00": "china",
    "01": "china",
    "02": "china",
    "92": "china",
    "432": "eea",
    "10": "russia",
    "675": "india",
}
_HUAWEI_CUST |= dict.fromkeys(("185", "636", "605", "33", "34", "461", "69", "900"), "global")
_ZTE = re.compile(r"(?:^|_)(CN|EU|EN|NA|US|IN|RU|JP|ASIA|UN)(?:_EEA|Common)?_")


def get(props: Props, key: str) -> str:
    """A property in one line, empty where it is not there."""
    return props.get(key, "").replace("\n", "").strip()


def market(props: Props) -> tuple[str | None, str | None]:
    """The market of the build and the property that tells it; (None, None) where none does."""
    return next(((region, key) for region, key in _signs(props) if region), (None, None))


def _signs(props: Props) -> Iterator[tuple[str | None, str]]:
    for reader in _READERS:
        yield from reader(props)


def _country(props: Props, *keys: str) -> Iterator[tuple[str | None, str]]:
    for key in keys:
        yield COUNTRIES.get(get(props, key).upper()), key


def _samsung(props: Props) -> Iterator[tuple[str | None, str]]:
    yield _ISO.get(get(props, "ro.csc.countryiso_code").upper()), "ro.csc.countryiso_code"
    name = get(props, "ro.csc.country_code").lower()
    if name and re.fullmatch(r"[a-z][a-z .&-]{2,30}", name):
        yield _NAMES.get(name, name), "ro.csc.country_code"
    for key in _SALES_KEYS:
        yield _OF_SALES_CODE.get(get(props, key).upper()), key


_SALES_KEYS = ("ro.csc.sales_code", "ro.csc.omcnw_code", "ril.sales_code", "ro.omc.multi_csc", "ro.boot.carrierid")


def _oppo(props: Props) -> Iterator[tuple[str | None, str]]:
    for key in (
        *("ro.vendor.oplus.regionmark", "ro.oplus.regionmark", "ro.vendor.oppo.regionmark", "ro.oppo.regionmark"),
        *("ro.oplus.image.my_region.type", "ro.oplus.pipeline.region", "ro.oplus.pipeline_key"),
    ):
        word = get(props, key).upper()
        yield COUNTRIES.get(word.split("_")[0]), key
    shown = re.search(r"\(([A-Z]{2,4})\d{2}\)$", get(props, "ro.build.display.id"))
    yield COUNTRIES.get(shown[1]) if shown else None, "ro.build.display.id"


def _oneplus(props: Props) -> Iterator[tuple[str | None, str]]:
    """Before ColorOS: Hydrogen is the Chinese system, Oxygen the others' one."""
    for key in ("ro.build.ota.versionname", "ro.rom.version", "ro.build.version.ota"):
        if "hydrogen" in get(props, key).lower() or get(props, key).upper().startswith("H2OS"):
            yield "china", key
    yield from _country(props, "ro.build.region", "ro.oem.region")
    if re.match(r"(?i)oneplus|oppo|realme", get(props, "ro.product.brand") or get(props, "ro.product.manufacturer")):
        named = re.search(r"(?:_|(?<=\d))(EEA|IND?|RU|TW|JP|ID|TR)$", get(props, "ro.product.name"))
        yield COUNTRIES.get(named[1]) if named else None, "ro.product.name"
    yield from _country(props, "persist.sys.oem.region")
    for key in ("ro.build.ota.versionname", "ro.rom.version"):
        yield "global" if "oxygen" in get(props, key).lower() else None, key


def _huawei(props: Props) -> Iterator[tuple[str | None, str]]:
    for key in ("ro.hw.country", "msc.sys.country", "hw_sc.sys.country", "ro.hw.region"):
        yield COUNTRIES.get(get(props, key).upper()) if get(props, key).lower() != "all" else None, key
    for key in ("ro.hw.custPath", "ro.hw.cust_path", "msc.sys.custPath"):
        place = get(props, key).rpartition("/")[2].upper()
        yield COUNTRIES.get(place) if place not in ("ALL", "") else None, key
    for key in ("msc.config.optb", "ro.config.hw_optb", "hw_sc.config.optb"):
        yield _OPTB.get(get(props, key)), key
    if not re.match(r"(?i)huawei|honor", get(props, "ro.product.manufacturer") or get(props, "ro.product.brand")):
        return
    for key in ("ro.build.display.id", "ro.huawei.build.display.id", "ro.honor.build.display.id"):
        build = _HUAWEI_BUILD.search(get(props, key))
        yield _HUAWEI_CUST.get(build[1]) if build else None, key
    # Model numbers: AL, AN, TL, TN, CL, BD: China; L, LX, N, NX and a number: elsewhere, not told where.
    model = re.search(r"-(?:AL|AN|TL|TN|CL|UL|DL|BD)\d\d", get(props, "ro.product.model"))
    yield "china" if model else None, "ro.product.model"


def _vivo(props: Props) -> Iterator[tuple[str | None, str]]:
    yield from _country(props, "ro.product.country.region", "ro.vivo.product.country", "ro.vivo.country.region")
    overseas = get(props, "ro.vivo.product.overseas").lower()
    yield {"no": "china", "yes": "global", "false": "china", "true": "global"}.get(overseas), "ro.vivo.product.overseas"
    if re.match(r"(?i)vivo|iqoo", get(props, "ro.product.brand") or get(props, "ro.product.manufacturer")):
        version = get(props, "ro.vivo.product.version") or get(props, "ro.build.version.bbk")
        product = re.match(r"PD\d{4}[A-Z]{0,3}(_EX|F_EX)?_", version)
        yield ("global" if product[1] else "china") if product else None, "ro.vivo.product.version"


def _meizu(props: Props) -> Iterator[tuple[str | None, str]]:
    """Flyme's version ends in A or Y (China), G or I (elsewhere)."""
    for key in ("ro.build.display.id", "ro.flyme.version.id", "ro.build.flyme.version"):
        flyme = re.search(r"(?i)flyme[\w ]{0,12} ?\d+(?:\.\d+){2,4}([AYGI])\b", get(props, key))
        yield ("china" if flyme[1].upper() in "AY" else "global") if flyme else None, key
    yield from _country(props, "ro.meizu.region", "ro.product.flyme.region")


def _motorola(props: Props) -> Iterator[tuple[str | None, str]]:
    yield from _country(props, "ro.lenovo.region", "ro.lenovo.easyimage.code")
    for key in ("ro.carrier", "ro.boot.carrier", "ro.boot.opcarrier"):
        word = get(props, key).lower()
        if word in _CHANNELS:
            yield "us", key
        elif word.startswith("ret") and len(word) > 4:
            yield COUNTRIES.get(word[3:].upper()), key


def _asus(props: Props) -> Iterator[tuple[str | None, str]]:
    for key in ("ro.vendor.build.asus.sku", "ro.build.asus.sku", "ro.asus.product.sku", "ro.config.versatility"):
        yield from _country(props, key)
    name = re.match(r"(WW|CN|JP|TW|IN|US|RU|EU|ID)_", get(props, "ro.product.name"))
    yield COUNTRIES.get(name[1]) if name else None, "ro.product.name"


def _zte(props: Props) -> Iterator[tuple[str | None, str]]:
    if not re.match(r"(?i)zte|nubia|redmagic", get(props, "ro.product.manufacturer") or get(props, "ro.product.brand")):
        return
    for key in (
        "ro.build.display.id",
        "ro.build.sw_internal_version",
        "ro.build.rom.id",
        "ro.build.version.incremental",
    ):
        named = _ZTE.search(get(props, key))
        yield COUNTRIES.get(named[1]) if named else None, key


_READERS: tuple[Callable[[Props], Iterator[tuple[str | None, str]]], ...] = (
    *(_samsung, _oppo, _huawei, _oneplus, _vivo, _meizu, _motorola, _asus, _zte),
)


def chosen_by_user(props: Props) -> tuple[str | None, str | None]:
    """The region that was chosen at set-up, and its property: of makers whose builds may not tell their market."""
    keys = ("persist.sys.oplus.region", "persist.sys.oppo.region")
    return next(
        ((COUNTRIES[word], key) for key in keys if (word := get(props, key).upper()) in COUNTRIES), (None, None)
    )


def build_variant(props: Props) -> str | None:
    """The variant of the build as its maker codes it: sales code and multi-CSC, channel, SKU. None: not told."""
    sales = [code for key in ("ro.csc.sales_code", "ro.omc.multi_csc") if (code := get(props, key))]
    if sales:
        return "/".join(dict.fromkeys(sales))
    for key in () if props.keys().isdisjoint(_VARIANT_KEYS) else _VARIANT_KEYS:
        word = get(props, key)
        if word and word.lower() not in _NO_VARIANT and len(word) <= 40:
            return word
    return None


_VARIANT_KEYS = (
    *("ro.carrier", "ro.boot.opcarrier", "ro.boot.carrier", "ro.boot.carrierid", "ro.lenovo.region"),
    *("ro.vendor.build.asus.sku", "ro.build.asus.sku", "ro.vendor.oplus.regionmark", "ro.oplus.image.my_region.type"),
    *("msc.config.optb", "ro.config.hw_optb", "ro.build.region"),
)
_LOCK_KEYS = (*_SALES_KEYS, "ro.boot.opcarrier", "ro.carrier", "ro.boot.carrier")
_NO_VARIANT = frozenset({"unknown", "none", "null", "default", "0", "wifi-only"})


def carrier_lock(props: Props) -> str | None:
    """The carrier whose build this is, in lower case; None for an open build and where it is not told.

    A build says for whom it was made, not whether the lock of its SIM slot is still on.
    """
    if props.keys().isdisjoint(_LOCK_KEYS):
        return None
    for key in _SALES_KEYS:
        if carrier := _CARRIER_CODES.get(get(props, key).upper()):
            return carrier
    for key in ("ro.boot.opcarrier", "ro.carrier", "ro.boot.carrier"):
        if carrier := _CHANNELS.get(get(props, key).lower()):
            return carrier
    return None
