"""A set of bands, written as each family writes it, is read as the same set; "all" is said to be all and no list.

The writers here follow the reference, not the parsers.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest
from at_transcripts import wire
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import ParseError
from harness.observations import EnabledBands, SupportedBands
from harness.probes.at import read_parts
from harness.probes.at.language.answer import Modem
from harness.probes.at.registry import all_dialects, dialect, our_dialects
from harness.radio.tables import lte_bands, nr_bands, umts_bands

Bands = frozenset[int]
HIGH_LTE = sorted(lte_bands())
NR = sorted(nr_bands())


def mask(bands: Bands, first: int = 1, bits: int | None = None) -> int:
    return sum(1 << (b - first) for b in bands if b >= first and (bits is None or b < first + bits))


def colons(bands: Bands) -> str:
    return ":".join(map(str, sorted(bands))) or "0"


def commas(bands: Bands) -> str:
    return ",".join(map(str, sorted(bands)))


def nr_numbers(bands: Bands) -> str:
    return ",".join(f"50{b}" for b in sorted(bands))


def preference(rat: str, has: Bands, table: list[int]) -> list[str]:
    off = [b for b in table if b not in has]
    return [f"{rat},Enable Bands :{commas(has)},", f"{rat},Disable Bands:{','.join(map(str, off))},"]


@dataclass(frozen=True)
class Form:
    """How one family tells a set: request, the writer of its lines, RAT and bands that the form can carry."""

    dialect: str
    request: str
    write: Callable[[Bands], list[str]]
    rat: str
    table: list[int]
    model: str | None = None
    layer: str | None = None
    least: int = 1

    @property
    def name(self) -> str:
        return f"{self.dialect} {self.request} {self.rat} {self.model or ''}"


def low(top: int) -> list[int]:
    return [band for band in HIGH_LTE if band <= top]


def sierra(columns: str, words: Callable[[Bands], list[int]]) -> Callable[[Bands], list[str]]:
    def write(bands: Bands) -> list[str]:
        row = " ".join(f"{word:016X}" for word in words(bands))
        return ["!BAND:", f"Index, Name,                        {columns}", f"00, All bands          {row}"]

    return write


def words(bands: Bands, count: int, bits: int = 64) -> list[int]:
    return [mask(bands, 1 + bits * index, bits) for index in range(count)]


SIERRA = "GW Band Mask     L Band Mask 1    L Band Mask 2"
SIERRA_NR = "GW Band Mask LTE Band Mask 1 LTE Band Mask 2 NSA Band Mask 1 NSA Band Mask 2 SA Band Mask 1 SA Band Mask 2"
LE910C = [1, 2, 3, 4, 5, 7, 8, 12, 13, 14, 18, 19, 20, 25, 26, 28, 38, 39, 40, 41]
LM960 = [*LE910C, 29, 30, 32, 42, 43, 46, 48, 66, 71]
ME310 = [1, 2, 3, 4, 5, 8, 12, 13, 14, 18, 19, 20, 25, 26, 27, 28, 66, 71, 85]
FN_NR = [1, 2, 3, 5, 7, 8, 20, 25, 28, 38, 40, 41, 48, 66, 70, 71, 75, 76, 77, 78, 79]
MHZ = {"LARA-R211": {800: 20, 1800: 3, 2600: 7}, "TOBY-L210": {2100: 1, 1800: 3, 850: 5, 2600: 7, 900: 8, 800: 20}}

FORMS = [
    Form("quectel", 'AT+QCFG="band"', lambda b: [f'+QCFG: "band",0x93,{mask(b):#x},0x0'], "lte", low(106), "EG25-G"),
    Form("quectel", 'AT+QCFG="band"', lambda b: [f'+QCFG: "band",0xf,{mask(b):#x},0x1'], "lte_m", low(106), "BG95-M3"),
    Form("quectel", 'AT+QCFG="band"', lambda b: [f'+QCFG: "band",0xf,0x1,{mask(b):#X}'], "nb_iot", low(106), "BG77"),
    *(
        Form("quectel", f'AT+QNWPREFCFG="{key}"', lambda b, key=key: [f'+QNWPREFCFG: "{key}",{colons(b)}'], rat, table)
        for key, rat, table in (
            ("lte_band", "lte", HIGH_LTE),
            ("nsa_nr5g_band", "nr_nsa", NR),
            ("nr5g_band", "nr_sa", NR),
            ("gw_band", "umts", sorted(umts_bands())),
        )
    ),
    *(
        Form(
            "quectel",
            f'AT+QNWPREFCFG="{key}"',
            lambda b: ['+QNWPREFCFG: "lte_band",1', f'+QNWPREFCFG: "nr5g_band",{colons(b)}'],
            "nr_sa",
            NR,
            layer=layer,
            least=layer == "hardware",  # no hardware without a band: such a list tells nothing
        )
        for key, layer in (("rf_band", "hardware"), ("policy_band", "policy"), ("ue_capability_band", "advertised"))
    ),
    Form(
        "quectel",
        "AT+QGETCAPABILITY",
        lambda b: [f"+QGETCAPABILITY: NR:{','.join(f'n{x}' for x in sorted(b))}", "+QGETCAPABILITY: LTE-FDD:B1"],
        "nr",
        NR,
        layer="advertised",
    ),
    Form("telit", "AT#BND?", lambda b: [f"#BND: 0,0,{mask(b):X}"], "lte", LE910C, "LE910C1"),
    Form("telit", "AT#BND=?", lambda b: [f"#BND: (0-5),(0-11),(1-{mask(b):X})"], "lte", LE910C, "LE910C1", "hardware"),
    Form("telit", "AT#BND?", lambda b: [f"#BND: 5,5,{mask(b)}"], "lte", LE910C[:4], "LE910-EU V2"),
    Form(
        "telit",
        "AT#BND?",
        lambda b: ["#BND: 0,11,{:X},{:X}".format(*words(b, 2))],
        "lte",
        LM960,
        "LM960",
    ),
    Form("telit", "AT#BND?", lambda b: ["#BND: 0,0,{},0,{}".format(*words(b, 2))], "lte_m", ME310, "ME310G1"),
    *(
        Form(
            "telit",
            "AT#BND?",
            lambda b, at=at: [
                "#BND: 0,22,A7E2BB0F38DF,42,"
                + ",".join(f"{w:X}" for w in ([0xD7, 0] * (at == 1) + words(b, 2) + [0xD7, 0] * (at == 0)))
            ],
            rat,
            FN_NR,
            "FN990A28",
        )
        for at, rat in enumerate(("nr_nsa", "nr_sa"))
    ),
    Form(
        "sierra",
        "AT!BAND=?",
        sierra(SIERRA, lambda b: [0x0000000000C00000, *words(b, 2)]),
        "lte",
        low(106),
        "EM7565",
        "hardware",
    ),
    Form("sierra", "AT!BAND?", sierra(SIERRA, lambda b: [0x400000, *words(b, 2)]), "lte", low(106), "EM7565"),
    Form("sierra", "AT!BAND?", sierra(SIERRA_NR, lambda b: [0, 1, 0, *words(b, 2), 1, 0]), "nr_nsa", NR[:50], "EM9191"),
    Form("sierra", "AT!BAND?", sierra(SIERRA_NR, lambda b: [0, 1, 0, 1, 0, *words(b, 2)]), "nr_sa", NR[:50], "EM9191"),
    Form("u-blox", "AT+UBANDMASK?", lambda b: ["+UBANDMASK: 0,{:#x},{:#x}".format(*words(b, 2))], "lte_m", ME310),
    Form("u-blox", "AT+UBANDMASK?", lambda b: ["+UBANDMASK: 1,{:#x},{:#x}".format(*words(b, 2))], "nb_iot", low(106)),
    Form("u-blox", "AT+UACT?", lambda b: ["+UACT: ,,,1," + ",".join(f"{100 + x}" for x in sorted(b))], "lte", low(88)),
    Form(
        "u-blox",
        "AT+UACT=?",
        lambda b: ["+UACT: ,,,(900,1800),(1,8),(" + ",".join(f"{100 + x}" for x in sorted(b)) + ")"],
        "lte",
        low(88),
        layer="hardware",
    ),
    *(
        Form(
            "u-blox",
            "AT+UBANDSEL?",
            lambda b, table=table: ["+UBANDSEL: " + ",".join(str(mhz) for mhz, band in table.items() if band in b)],
            "lte",
            sorted(table.values()),
            model,
        )
        for model, table in MHZ.items()
    ),
    Form("simcom", "AT+CNBP?", lambda b: [f"+CNBP: 0x{0x400000:016X},0x{mask(b):064X},0x0000"], "lte", low(106)),
    *(
        Form("simcom", f'AT+CSYSSEL="{key}"', lambda b, key=key: [f'+CSYSSEL: "{key}",{colons(b)}'], rat, table)
        for key, rat, table in (
            ("lte_band", "lte", HIGH_LTE),
            ("nsa_nr5g_band", "nr_nsa", NR),
            ("nr5g_band", "nr_sa", NR),
        )
    ),
    *(
        Form("simcom", "AT+CBANDCFG?", lambda b, w=w: [f'+CBANDCFG: "{w}",{commas(b)}'], rat, HIGH_LTE)
        for w, rat in (("CAT-M", "lte_m"), ("NB-IOT", "nb_iot"))
    ),
    Form("huawei", "AT^SYSCFGEX?", lambda b: [f'^SYSCFGEX: "030201",400000,1,2,{mask(b):x}'], "lte", low(106)),
    Form(
        "huawei",
        "AT^SYSCFGEX=?",
        lambda b: [
            f'^SYSCFGEX: ("00","03"),((2000000400380,"GSM900/WCDMA2100"),(3fffffff,"All bands")),(0-2),(0-4),(({mask(b):x},"'
            + "/".join(f"LTE BC{x}" for x in sorted(b))
            + '"),(7fffffffffffffff,"All bands"))'
        ],
        "lte",
        low(64),
        layer="hardware",
    ),
    Form("meig", "AT^SYSCFGEX?", lambda b: [f'^SYSCFGEX: "0302",400000,1,2,{mask(b):X}'], "lte", low(106)),
    Form("fibocom", "AT+GTACT?", lambda b: [f"+GTACT: 20,6,3,1,101,{nr_numbers(b)}"], "nr", NR, "FM350-GL"),
    Form(
        "fibocom",
        "AT+GTACT?",
        lambda b: ["+GTACT: 20,6,3,1," + ",".join(f"{100 + x}" for x in sorted(b)) + ",501"],
        "lte",
        HIGH_LTE,
        "FM350-GL",
    ),
    Form(
        "fibocom",
        "AT+GTACT=?",
        lambda b: [f"+GTACT: (1,2,4,10,14,16,17,20),(2,3,6),(2,3,6),(),(1,8),(101,103),(),(),({nr_numbers(b)})"],
        "nr",
        NR,
        "FM350-GL",
        "hardware",
    ),
    Form(
        "intel", "AT+XACT?", lambda b: ["+XACT: 6,2,1,1," + ",".join(f"{100 + x}" for x in sorted(b))], "lte", low(106)
    ),
    Form(
        "fibocom",
        "AT+XACT=?",
        lambda b: ["+XACT: (0-6),(0-2),0,1,8," + ",".join(f"{100 + x}" for x in sorted(b))],
        "lte",
        low(106),
        "L850-GL",
        "hardware",
    ),
    Form(
        "cinterion",
        'AT^SCFG="Radio/Band/4G"',
        lambda b: [f'^SCFG: "Radio/Band/4G","{mask(b, 1, 32):08X}","{mask(b, 33, 64):08x}"'],
        "lte",
        low(88),
    ),
    Form(
        "cinterion",
        "AT^SCFG=?",
        lambda b: [f'^SCFG: "Radio/Band/4G",("00000001"-"{mask(b, 1, 32):08X}"),("00000000"-"{mask(b, 33, 32):08X}")'],
        "lte",
        low(64),
        layer="hardware",
    ),
    Form("foxconn", "AT^BAND_PREF_EXT?", lambda b: preference("LTE", b, HIGH_LTE), "lte", HIGH_LTE, "T99W175"),
    Form("foxconn", "AT^BAND_PREF?", lambda b: preference("NR5G_SA", b, NR), "nr_sa", NR, "T99W175"),
    Form("foxconn", "AT^BAND_PREF?", lambda b: preference("NR5G_NSA", b, NR), "nr_nsa", NR, "T99W175"),
    Form("foxconn", "AT^SLBAND?", lambda b: [f"^SLBAND: LTE,Enabled,{commas(b)}"], "lte", HIGH_LTE, "T77W968"),
    Form("foxconn", "AT^SLBAND?", lambda b: [f"^SLBAND: LTE,{commas(b)}"], "lte", HIGH_LTE, "T77W968"),
    Form("nordic", "AT%XCBAND=?", lambda b: [f"%XCBAND: ({commas(b)})"], "lte_m", low(88), layer="hardware"),
    Form("nordic", "AT%XBANDLOCK?", lambda b: [f'%XBANDLOCK: "","{mask(b):b}"'], "lte_m", low(88)),
    Form("nordic", "AT%XBANDLOCK?", lambda b: [f'%XBANDLOCK: "{mask(b):088b}",""'], "nb_iot", low(88)),
    Form("sequans", "AT+SQNBANDSEL?", lambda b: [f'+SQNBANDSEL: 0,standard,"{commas(b)}"'], "lte_m", HIGH_LTE),
    Form(
        "sequans",
        "AT+SQNCTM?;+SQNBANDSEL?",
        lambda b: ["+SQNCTM: att", '+SQNBANDSEL: 1,standard,"1"', f'+SQNBANDSEL: 1,att,"{commas(b)}"'],
        "nb_iot",
        HIGH_LTE,
    ),
    Form(
        "sequans",
        "AT+SQNBANDSEL=?",
        lambda b: [f"+SQNBANDSEL: (0,1),(standard,att),({commas(b)})"],
        "lte_m",
        HIGH_LTE,
        layer="hardware",
    ),
    Form("zte", "AT+ZNLOCKBAND?", lambda b: [f"+ZNLOCKBAND: {mask(b):x},400000"], "lte", low(106)),
    Form("altair", 'AT%GETCFG="BAND"', lambda b: [f"Bands: {commas(b)}"], "lte", HIGH_LTE),
    *(
        Form(
            "mediatek",
            f"AT+EPBSE{sign}",
            lambda b: ["+EPBSE: 154,155,{},{},{},0,0,0,0,0".format(*words(b, 3, 32))],
            "lte",
            low(88),
            layer=layer,
        )
        for sign, layer in (("?", None), ("=?", "hardware"))
    ),
    Form(
        "unisoc",
        "AT+SPLBAND=0",
        lambda b: ["+SPLBAND: {3},{2},{1},{0},{4}".format(*words(b, 5, 16))],
        "lte",
        low(80),
    ),
    Form("asr", "AT*BAND?", lambda b: ["*BAND:15,74,129,{1},{0},0,2,0".format(*words(b, 2, 32))], "lte", low(64)),
    *(
        Form(
            name,
            f"AT$QCBANDPREF{sign}",
            lambda b: [f'{x},"LTE BAND {x}"' for x in sorted(b)],
            "lte",
            HIGH_LTE,
            layer=layer,
        )
        for name in ("qualcomm", "inseego", "askey")
        for sign, layer in (("?", None), ("=?", "hardware"))
    ),
]


def read_bands(form: Form, lines: list[str]) -> tuple[list[EnabledBands | SupportedBands], tuple[str, ...]]:
    reading = read_parts(wire([*lines, "OK"]), form.request, dialect(form.dialect), Modem(model=form.model))
    kind: type = SupportedBands if form.layer else EnabledBands
    found = [o for o in reading.observations if isinstance(o, kind) and o.rat == form.rat]  # type: ignore[attr-defined]
    if form.layer:
        found = [o for o in found if isinstance(o, SupportedBands) and o.layer == form.layer]
    return found, reading.warnings  # type: ignore[return-value]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_set_of_bands_comes_back(form: Form, data: st.DataObject) -> None:
    bands = data.draw(st.frozensets(st.sampled_from(form.table), min_size=form.least))
    found, warnings = read_bands(form, form.write(bands))
    if not found and form.dialect == "telit" and any("decimal and" in w for w in warnings):
        return  # both bases fit: test_bases holds when that may be
    (one,) = found
    assert one.bands == tuple(sorted(bands))
    assert one.unlimited is False


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_set_that_is_cut_on_its_way_is_no_smaller_set(form: Form, data: st.DataObject) -> None:
    bands = data.draw(st.frozensets(st.sampled_from(form.table), min_size=1))
    text = wire([*form.write(bands), "OK"])
    cut = text[: data.draw(st.integers(0, len(text)))]
    with suppress(ParseError):
        reading = read_parts(cut, form.request, dialect(form.dialect), Modem(model=form.model))
        whole = read_parts(text, form.request, dialect(form.dialect), Modem(model=form.model))
        for one in reading.told:
            assert one in whole.observations, cut


def test_the_forms_carry_high_bands_and_every_family() -> None:
    assert {form.dialect for form in FORMS} == {family.name for family in our_dialects()} - {"mikrotik"}
    assert sum(max(form.table) > 64 for form in FORMS) > 30
    assert sum(max(form.table) > 128 for form in FORMS) >= 8


ONES = "F" * 16
UNLIMITED = [
    ("quectel", 'AT+QCFG="band"', '+QCFG: "band",0x93,0x7fffffffffffffff,0x0', "lte", "EG25-G"),
    ("quectel", 'AT+QCFG="band"', f'+QCFG: "band",0xf,0x{ONES},0x1', "lte_m", "BG95-M3"),
    ("telit", "AT#BND?", f"#BND: 0,0,{ONES}", "lte", "LE910C1"),
    ("telit", "AT#BND=?", f"#BND: (0-5),(0-11),(1-{ONES})", "lte", "LM940"),
    ("sierra", "AT!BAND?", f"Index, Name, GW Band Mask L Band Mask\r\n00, All {ONES} {ONES}", "lte", "EM7455"),
    ("u-blox", "AT+UBANDMASK?", "+UBANDMASK: 0,18446744073709551615,18446744073709551615", "lte_m", "SARA-R510S"),
    ("u-blox", "AT+UBANDMASK=?", "+UBANDMASK: (0,1),0xffffffffffffffff,0xffffffffffffffff", "nb_iot", None),
    ("u-blox", "AT+UBANDSEL?", "+UBANDSEL: 0", "lte", None),
    ("simcom", "AT+CNBP?", f"+CNBP: 0x0000000000400000,0x{ONES},0x0000", "lte", None),
    ("huawei", "AT^SYSCFGEX?", '^SYSCFGEX: "00",3FFFFFFF,1,2,7FFFFFFFFFFFFFFF', "lte", None),
    ("huawei", "AT^SYSCFGEX?", '^SYSCFGEX: "00",3FFFFFFF,1,2,80C5', "umts", None),
    ("huawei", "AT^SYSCFGEX=?", '^SYSCFGEX: ("00"),(0-2),((7fffffffffffffff,"All bands"))', "lte", None),
    ("meig", "AT^SYSCFGEX?", '^SYSCFGEX: "00",3FFFFFFF,1,2,7FFFFFFFFFFFFFFF', "lte", None),
    ("fibocom", "AT+GTACT?", "+GTACT: 20,6,3,0", "nr", "FM350-GL"),
    ("intel", "AT+XACT?", "+XACT: 6,2,1,0", "lte", None),
    ("cinterion", 'AT^SCFG="Radio/Band/4G"', '^SCFG: "Radio/Band/4G","FFFFFFFF","FFFFFFFF"', "lte", None),
    ("nordic", "AT%XBANDLOCK?", '%XBANDLOCK: "",""', "lte_m", None),
    ("nordic", "AT%XBANDLOCK?", f'%XBANDLOCK: "{"1" * 88}",""', "nb_iot", None),
    ("zte", "AT+ZNLOCKBAND?", f"+ZNLOCKBAND: {ONES},400000", "lte", None),
    ("mediatek", "AT+EPBSE?", "+EPBSE: 154,155,4294967295,4294967295,4294967295,0,0", "lte", None),
    ("unisoc", "AT+SPLBAND=0", "+SPLBAND: 65535,65535,65535,65535,65535", "lte", None),
    ("asr", "AT*BAND?", "*BAND:15,74,129,4294967295,4294967295,0,2,0", "lte", None),
]


@pytest.mark.parametrize(("name", "request_", "text", "rat", "model"), UNLIMITED, ids=lambda v: str(v)[:40])
def test_no_restriction_is_told_as_such_and_never_as_a_list(
    name: str, request_: str, text: str, rat: str, model: str | None
) -> None:
    reading = read_parts(f"{text}\r\nOK\r\n", request_, dialect(name), Modem(model=model))
    found = [o for o in reading.observations if isinstance(o, EnabledBands | SupportedBands) and o.rat == rat]
    assert [(o.bands, o.unlimited) for o in found] == [(None, True)]


REQUESTS = [
    (family.name, request)
    for family in all_dialects()
    for request in sorted({form.request for form in FORMS if form.dialect == family.name})
]
NOISE = st.text(alphabet=st.sampled_from('0123456789ABCDEFabcdefxn+^#!%*$:,;()"-=? \r\n\0\x7fé'), max_size=120)


@pytest.mark.parametrize(("name", "request_"), REQUESTS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_text_is_read_or_refused_in_our_words(name: str, request_: str, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from([f for f in FORMS if f.dialect == name and f.request == request_]))
    text = wire(form.write(data.draw(st.frozensets(st.sampled_from(form.table)))))
    place = data.draw(st.integers(0, len(text)))
    noise = data.draw(NOISE | st.binary(max_size=60).map(lambda raw: raw.decode("utf-8", "replace")))
    mutated = text[:place] + noise + text[place + data.draw(st.integers(0, 8)) :]
    for candidate in (mutated, noise, mutated + "OK\r\n"):
        with suppress(ParseError):
            read_parts(candidate, request_, dialect(name), Modem(model=form.model))
