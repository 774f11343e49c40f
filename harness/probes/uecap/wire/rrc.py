"""Unaligned PER of RRC messages and capability containers, by pycrate. The only module that imports it, and late."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from harness.errors import InputError, ParseError

if TYPE_CHECKING:
    from harness.probes.uecap.texts.tree import Tree

Coding = Literal[
    "lte_ul", "nr_ul", "lte_dl", "nr_dl", "eutra", "nr", "mrdc", "nr_filter", "band_list", "s1ap", "ngap", "rat_list"
]

_TYPES: dict[Coding, tuple[str, str, str]] = {
    "lte_ul": ("RRCLTE", "EUTRA_RRC_Definitions", "UL_DCCH_Message"),
    "lte_dl": ("RRCLTE", "EUTRA_RRC_Definitions", "DL_DCCH_Message"),
    "eutra": ("RRCLTE", "EUTRA_RRC_Definitions", "UE_EUTRA_Capability"),
    "nr_ul": ("RRCNR", "NR_RRC_Definitions", "UL_DCCH_Message"),
    "nr_dl": ("RRCNR", "NR_RRC_Definitions", "DL_DCCH_Message"),
    "nr": ("RRCNR", "NR_RRC_Definitions", "UE_NR_Capability"),
    "mrdc": ("RRCNR", "NR_RRC_Definitions", "UE_MRDC_Capability"),
    "nr_filter": ("RRCNR", "NR_RRC_Definitions", "UE_CapabilityRequestFilterNR"),
    "band_list": ("RRCNR", "NR_RRC_Definitions", "FreqBandList"),
    "s1ap": ("RRCLTE", "EUTRA_InterNodeDefinitions", "UERadioAccessCapabilityInformation"),
    "ngap": ("RRCNR", "NR_InterNodeDefinitions", "UERadioAccessCapabilityInformation"),
    "rat_list": ("RRCNR", "NR_RRC_Definitions", "UE_CapabilityRAT_ContainerList"),
}

MAX_BYTES = 9 * 9000 * 8
"""More than the largest segmented capability can have (TS 38.331: 16 segments of one PDCP SDU, 9000 bytes each)."""

_lock = threading.Lock()


def decode(data: bytes, coding: Coding) -> tuple[Tree, str]:
    """Decode one value; the second part warns of padding that is not zero, or of zero bytes behind the value.

    PER has no checksum, so every byte must be used, but for a few zero bytes of padding. Raises ParseError for
    anything else, and InputError where the extra `uecap` is not installed.
    """
    if not data or len(data) > MAX_BYTES:
        raise ParseError(f"{len(data)} bytes cannot be a {coding} value")
    kind, buffer = _loaded(coding)[0], _loaded(coding)[1](data)
    with _lock:  # pycrate decodes into a global object
        try:
            kind.from_uper(buffer)
            value = plain(kind.get_val())
        except Exception as error:
            raise ParseError(f"not a {coding} value: {type(error).__name__}") from error
        left, padding = buffer.len_bit(), buffer.padding
    if padding:
        return value, "the padding bits are not zero"
    if left >= 8:
        behind = data[len(data) - left // 8 :]
        if any(behind) or len(behind) > 16:
            raise ParseError(f"{len(behind)} of {len(data)} bytes are left over behind the {coding} value")
        return value, f"{len(behind)} zero bytes stand behind the message"
    return value, ""


@cache
def _loaded(coding: Coding) -> tuple[Any, Any]:
    from importlib import import_module

    module, definitions, name = _TYPES[coding]
    try:
        with _lock:  # Two of its modules that are imported at once wait for each other's names for ever.
            charpy = _watching(import_module("pycrate_core.charpy").Charpy)
            found = getattr(getattr(import_module(f"pycrate_asn1dir.{module}"), definitions), name)
    except ImportError as error:
        raise InputError(
            "decoding a UE capability needs pycrate, which is not installed", way_out="pip install bandproof[uecap]"
        ) from error
    return found, charpy


def _watching(charpy: Any) -> Any:
    """A bit buffer that remembers the bits that were skipped last: at the end of a value these are its padding."""

    class Watching(charpy):  # type: ignore[misc]
        padding = 0

        def forward(self, bits: int | None = None) -> None:
            here = self._cur
            if bits and bits < 8 and here + bits <= self._len_bit:
                self.padding = self.to_uint(bits)
            super().forward(bits)

    return Watching


def plain(value: Any) -> Tree:
    """pycrate's values as a tree: a CHOICE or an open type becomes one entry, a BIT STRING a string of digits."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, tuple) and len(value) == 2:
        first, second = value
        if isinstance(first, int):
            return bin(first)[2:].zfill(second) if second else ""
        return {str(first): plain(second)}
    return value
