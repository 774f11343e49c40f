"""One made-up sample of every form in which capabilities come; all say what the container of the sample says."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

import uecap_samples as samples
import uecap_texts as texts

if TYPE_CHECKING:
    from collections.abc import Callable

BANDS = (1, 3, 7, 20, 66, 71)
_VALUE = samples.eutra_value(nsa=(), sa=())


def lte() -> bytes:
    """The container of all samples: six LTE bands, four combinations."""
    return samples.eutra(nsa=(), sa=())


def message() -> bytes:
    return samples.lte_message(("eutra", lte()))


def _lines(style: str) -> str:
    return "\n".join(texts.indented(texts.message(("eutra", _VALUE)), "UL-DCCH-Message", 0, style))


def osix(value: Any, name: str, depth: int = 0) -> list[str]:
    """OSIX as it prints: `name = 0 (a)`, items `name nr 0`, in lists of lists `name nr 0 nr 1`."""
    pad = "   " * depth
    if isinstance(value, dict):
        return [pad + name] + [line for key, part in value.items() for line in osix(part, key, depth + 1)]
    if isinstance(value, list):
        lines = [pad + name]
        for number, item in enumerate(value):
            label = f"{name} nr {number}"
            lines += osix(item, label, depth + 1) if isinstance(item, dict) else _inner(item, label, depth + 1)
        return lines
    if texts.is_bits(value):
        return [f"{pad}{name} = '{value[0]:0{value[1]}b}'B"]
    if texts.is_choice(value):
        return [pad + name, *osix(value[1], value[0], depth + 1)]
    if isinstance(value, str):
        return [f"{pad}{name} = {ord(value[0]) % 7} ({value})"]
    return [f"{pad}{name} = {str(value).upper()}"]


def _inner(item: Any, label: str, depth: int) -> list[str]:
    if not isinstance(item, list):
        return osix(item, label, depth)
    lines = ["   " * depth + label]
    for number, part in enumerate(item):
        lines += osix(part, f"{label} nr {number}", depth + 1)
    return lines


def containing() -> str:
    """QCAT with an octet string that it opened."""
    text = texts.qcat("UE-EUTRA-Capability", _VALUE)
    head, _, tail = text.partition("lateNonCriticalExtension")
    start = tail.index("{")
    return f"{head}lateNonCriticalExtension\n CONTAINING\n {tail[start:]}" if head else text


def octets_text() -> str:
    """A message whose container stands as octets."""
    return (
        "value UL-DCCH-Message ::=\n{\n message c1 : ueCapabilityInformation :\n {\n  rrc-TransactionIdentifier 2,\n"
        "  criticalExtensions c1 : ueCapabilityInformation-r8 :\n  {\n   ue-CapabilityRAT-ContainerList\n   {\n    {\n"
        f"     rat-Type eutra,\n     ueCapabilityRAT-Container '{lte().hex().upper()}'H\n    }}\n   }}\n  }}\n }}\n}}\n"
    )


def dump(data: bytes, indent: str = "    ") -> str:
    return "".join(f"{indent}{at:04x}: {data[at : at + 16].hex(' ')}\n" for at in range(0, len(data), 16))


def srsran_hex() -> str:
    stamp = "2026-11-03T10:11:12.000001 [RRC    ] [D] "
    size = len(message())
    return (
        f"{stamp}SRB1 - Tx ueCapabilityEnquiry (3 B)\n    0000: 38 00 80\n"
        f"{stamp}SRB1 - Rx ueCapabilityInformation ({size} B)\n{dump(message())}{stamp}UE attached\n"
    )


def srsran_json() -> str:
    entry = {"rat-Type": "eutra", "ueCapabilityRAT-Container": lte().hex()}
    inner = {"ueCapabilityInformation-r8": {"ue-CapabilityRAT-ContainerList": [entry]}}
    value = {"ueCapabilityInformation": {"rrc-TransactionIdentifier": 2, "criticalExtensions": {"c1": inner}}}
    tree = [{"UL-DCCH-Message": {"message": {"c1": value}}}]
    return f"2026-11-03T10:11:12.000002 [RRC    ] [D] Content:\n{json.dumps(tree, indent=2)}\n"


def fragmented(size: int = 64) -> bytes:
    """GSMTAP over Ethernet whose IP packet travels in fragments, the last one first."""
    whole = samples.udp(samples.gsmtap2(3, message()))
    ethernet, head, payload = whole[:14], whole[14:34], whole[34:]
    frames = []
    for at in range(0, len(payload), size):
        part = payload[at : at + size]
        flags = at // 8 | (0x2000 if at + size < len(payload) else 0)
        ip = head[:2] + struct.pack(">HHH", 20 + len(part), 77, flags) + head[8:]
        frames.append(ethernet + ip + part)
    return samples.pcap(1, frames[::-1])


def passed_on(coding: str) -> bytes:
    """What base stations and core networks pass on: UERadioAccessCapabilityInformation, or the bare list."""
    from pycrate_asn1dir import RRCLTE, RRCNR

    entry = {"rat-Type": "eutra", "ue-CapabilityRAT-Container": lte()}
    if coding == "rat_list":
        return samples.encode(RRCNR.NR_RRC_Definitions.UE_CapabilityRAT_ContainerList, [entry])
    if coding == "ngap":
        kind = RRCNR.NR_InterNodeDefinitions.UERadioAccessCapabilityInformation
        inner: Any = ("UE-CapabilityRAT-ContainerList", [entry])
        name = "ueRadioAccessCapabilityInformation"
    else:
        kind = RRCLTE.EUTRA_InterNodeDefinitions.UERadioAccessCapabilityInformation
        old = {"rat-Type": "eutra", "ueCapabilityRAT-Container": lte()}
        told = ("c1", ("ueCapabilityInformation-r8", {"ue-CapabilityRAT-ContainerList": [old]}))
        inner = ("UECapabilityInformation", {"rrc-TransactionIdentifier": 0, "criticalExtensions": told})
        name = "ueRadioAccessCapabilityInformation-r8"
    kind.set_val({"criticalExtensions": ("c1", (name, {"ue-RadioAccessCapabilityInfo": inner}))})
    return bytes(kind.to_uper())


GRAMMARS: dict[str, Callable[[], bytes | str]] = {
    "rrc-hex (lte-dcch)": lambda: message().hex(),
    "rrc-hex, spaced lines": lambda: dump(message(), ""),
    "rrc octets": message,
    "container-hex (eutra)": lambda: lte().hex(),
    "rrc-hex of S1AP": lambda: passed_on("s1ap").hex(),
    "rrc-hex of NGAP": lambda: passed_on("ngap").hex(),
    "rrc-hex, RAT container list": lambda: passed_on("rat_list").hex(),
    "pcap, exported PDU": lambda: samples.pcap(252, [samples.exported("lte-rrc.ul.dcch", message())]),
    "pcap, GSMTAP": lambda: samples.pcap(1, [samples.udp(samples.gsmtap2(3, message()))]),
    "pcap, IP fragments": fragmented,
    "wireshark-text": lambda: "\n".join(texts.wireshark(texts.message(("eutra", _VALUE)))),
    "nsg-text": lambda: texts.nsg(texts.message(("eutra", _VALUE))),
    "osix-text": lambda: "\n".join(osix(_VALUE, "EUTRA-RRC-Definitions.UE-EUTRA-Capability")),
    "tems-text": lambda: _lines("tems"),
    "qcat-text": lambda: texts.qcat("UE-EUTRA-Capability", _VALUE),
    "qcat-text, CONTAINING": containing,
    "qcat-text, octets": octets_text,
    "qcat-text, octets and decoded": lambda: octets_text() + texts.qcat("UE-EUTRA-Capability", _VALUE),
    "amarisoft-text": lambda: texts.amarisoft(texts.message(("eutra", _VALUE))),
    "json": lambda: texts.as_json([("eutra", _VALUE)]),
    "log-text, srsRAN dump": srsran_hex,
    "log-text, srsRAN JSON": srsran_json,
}
