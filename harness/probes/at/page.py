"""Which commands each family is read with. `python -m harness.probes.at.page` writes docs/at-families.md anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.at_commands import split_joined
from harness.probes.at.language.answer import Modem

from .registry import dialect
from .session import MOST_REQUESTS, requests_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MODELS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("quectel", "LTE modules (EC2x, EG2x, EM, EP)", "EG25-G", ()),
    ("quectel", "LTE-M and NB-IoT modules (BG9x, BG77)", "BG95-M3", ()),
    ("quectel", "5G modules (RG50x, RM50x, RM52x)", "RM520N-GL", ()),
    ("quectel", "5G modules of Unisoc make", "RM500U-CNV", ()),
    ("sierra", "EM and MC", "EM7565", ()),
    ("telit", "LE, ME, LM, FN", "LM960", ("AT+CGMM", "AT+CGMR")),
    ("telit", "LN940, LN960 (Foxconn inside)", "LN960", ("AT+CGMM", "AT+CGMR")),
    ("u_blox", "SARA-R4, R5, N4", "SARA-R510S", ("AT+CGMR",)),
    ("u_blox", "TOBY-L4, LARA-R6, LARA-L6", "LARA-R6001", ("AT+CGMR",)),
    ("u_blox", "TOBY-L2, LARA-R2, LISA", "LARA-R211", ("AT+CGMR",)),
    ("simcom", "SIM76xx, SIM75xx, A76xx", "SIM7600G-H", ()),
    ("simcom", "SIM7000, 7070, 7080", "SIM7080G", ()),
    ("simcom", "SIM82xx, SIM83xx", "SIM8262E-M2", ()),
    ("huawei", "Balong", "ME909s-120", ()),
    ("fibocom", "Intel based (L8xx)", "L850-GL", ("AT+CGMM", "AT+CGMR")),
    ("fibocom", "Qualcomm and MediaTek based", "FM350-GL", ("AT+CGMM", "AT+CGMR")),
    ("cinterion", "ELS, PLS, EXS", "PLS62-W", ()),
    ("foxconn", "T77W968, DW5821e", "T77W968", ("AT+CGMM", "AT+CGMR")),
    ("foxconn", "T99W175, T99W373, MV31-W", "T99W175", ("AT+CGMM", "AT+CGMR")),
    ("intel", "XMM", "XMM 7360", ("AT+CGMM", "AT+CGMR")),
    ("nordic", "nRF91", "nRF9160-SICA", ("AT+CGMM", "AT+CGMR")),
    ("sequans", "Monarch", "GM02S", ("AT+CGMM", "AT+CGMR")),
    ("zte", "ZTE, Gosuncn", "ME3630", ()),
    ("meig", "SLM7xx", "SLM770A", ()),
    ("meig", "5G (SRM8xx)", "SRM825", ()),
    ("altair", "ALT1250, ALT3100", "ALT1250", ("AT+CGMM", "AT+CGMR")),
    ("mediatek", "with the maker's own commands", "MT6879", ("AT+CGMM", "AT+CGMR")),
    ("unisoc", "with the maker's own commands", "UIS8581", ("AT+CGMM", "AT+CGMR")),
    ("asr", "ASR and Marvell", "ASR1802", ("AT+CGMM", "AT+CGMR")),
    ("mikrotik", "R11e", "R11e-LTE6", ("AT+CGMM", "AT+CGMR")),
    ("inseego", "Novatel, Inseego", "MiFi 8800L", ()),
    ("askey", "RTL", "RTL6300", ()),
    ("qualcomm", "with the chip's own commands only", "RC400L", ()),
)
"""Dialect, kind of modem, a model of the kind, what its ATI does not tell and is asked beside it."""

_HEAD = f"""# What each modem family is asked

Identity, supported bands, enabled bands and serving cell of a modem take at most {MOST_REQUESTS} requests. The table
is written by the code that sends them: `python -m harness.probes.at.page` writes it anew.

A request may join several commands (`AT+A?;+B?`); where a modem refuses that, its parts are asked alone. What a
modem does not answer is left unknown. `AT+CGMM`, `AT+CGMI` and `AT+CGMR` are asked only where ATI leaves a gap.

| family | modems | requests | count |
|---|---|---|---|
"""


def rows() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(family, kind of modem, requests in their order) of every kind."""
    for name, kind, model, identity in MODELS:
        family = dialect(name)
        requests = ("ATI", *identity, *requests_of(family, Modem(None, model, None)))
        yield family.name, kind, requests[:MOST_REQUESTS]


def page() -> str:
    """The text of docs/at-families.md."""
    lines = []
    for name, kind, requests in rows():
        cells = "<br>".join(f"`{request}`" for request in requests)
        lines.append(f"| {name} | {kind} | {cells} | {len(requests)} |")
    return _HEAD + "\n".join(lines) + "\n"


def longest() -> int:
    """Most single commands that one request joins."""
    return max(len(split_joined(request)) for _, _, requests in rows() for request in requests)


if __name__ == "__main__":
    from pathlib import Path

    Path("docs/at-families.md").write_text(page(), encoding="utf-8")
