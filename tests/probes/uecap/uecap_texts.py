"""Decoded values (as pycrate gives them) printed the way that other programs print them."""

from __future__ import annotations

import json
from typing import Any

import uecap_samples as samples


def message(*containers: tuple[str, Any], nr: bool = False) -> dict[str, Any]:
    """A UECapabilityInformation whose containers are decoded values."""
    field = "ue-CapabilityRAT-Container" if nr else "ueCapabilityRAT-Container"
    listed = [{"rat-Type": rat, field: value} for rat, value in containers]
    content = {"ue-CapabilityRAT-ContainerList": listed}
    extension = ("ueCapabilityInformation", content) if nr else ("c1", ("ueCapabilityInformation-r8", content))
    body = {"rrc-TransactionIdentifier": 1, "criticalExtensions": extension}
    return {"message": ("c1", ("ueCapabilityInformation", body))}


def three() -> list[tuple[str, Any]]:
    return [("eutra", samples.eutra_value()), ("nr", samples.nr_value()), ("eutra-nr", samples.mrdc_value())]


def is_bits(value: Any) -> bool:
    return isinstance(value, tuple) and isinstance(value[0], int)


def is_choice(value: Any) -> bool:
    return isinstance(value, tuple) and isinstance(value[0], str)


def hexed(value: tuple[int, int]) -> str:
    return f"{value[0]:0{(value[1] + 3) // 4}X}"


# --- by indentation -------------------------------------------------------------------------------------------------

_TYPES = {"eutra": "UE-EUTRA-Capability", "nr": "UE-NR-Capability", "eutra-nr": "UE-MRDC-Capability"}


def wireshark(value: Any, name: str = "UL-DCCH-Message", depth: int = 0) -> list[str]:
    pad = "    " * depth
    if isinstance(value, dict) and "rat-Type" in value:
        rat = value["rat-Type"]
        inner = next(part for key, part in value.items() if key != "rat-Type")
        lines = [f"{pad}{name}", f"{pad}    rat-Type: {rat} (0)", f"{pad}    ueCapabilityRAT-Container: ddb805006c0…"]
        return lines + wireshark(inner, _TYPES[rat], depth + 2)
    if isinstance(value, dict):
        return [pad + name] + [line for key, part in value.items() for line in wireshark(part, key, depth + 1)]
    if isinstance(value, list):
        lines = [f"{pad}{name}: {len(value)} items"]
        for number, item in enumerate(value):
            kind = "BandParameters" if is_choice(item) else "SomeType-r10"
            lines += [f"{pad}    Item {number}", *wireshark(item, kind, depth + 2)]
        return lines
    if is_bits(value):
        digits = f"{value[0]:0{value[1]}b}"
        legend = f"{pad}    0... .... = Indicator 1: something: else - Not supported"
        return [
            f"{pad}{name}: {hexed(value).lower()} [bit length {value[1]}, {digits} decimal value {value[0]}]",
            legend,
        ]
    if is_choice(value):
        return [f"{pad}{name}: {value[0]} (1)", *wireshark(value[1], value[0], depth + 1)]
    if isinstance(value, bool):
        return [f"{pad}..{int(value)}. .... {name}: {value}"]
    return [f"{pad}{name}: {value} (3)" if isinstance(value, str) else f"{pad}{name}: {value}"]


def indented(value: Any, name: str, depth: int, style: str) -> list[str]:
    """NSG (`a : b`, `[0]`, `a -> b`), OSIX (`a: b`, `[0]:`) and TEMS (`a = b`, `a[0]`, tabs)."""
    pad = ("\t" if style == "tems" else " " if style == "nsg" else "   ") * depth
    sign = {"nsg": " : ", "osix": ": ", "tems": " = "}[style]
    if isinstance(value, dict):
        return [pad + name] + [line for key, part in value.items() for line in indented(part, key, depth + 1, style)]
    if isinstance(value, list):
        lines = [pad + name]
        for number, item in enumerate(value):
            label = {"nsg": f"[{number}]", "osix": f"[{number} ]:", "tems": f"{name}[{number}]"}[style]
            lines += indented(item, label, depth + 1, style)
        return lines
    if is_bits(value):
        return [f"{pad}{name}{sign}'{value[0]:0{value[1]}b}'B({value[0]})"]
    if is_choice(value):
        if style == "nsg":
            first, *rest = indented(value[1], value[0], depth, style)
            return [f"{pad}{name} -> {first.strip()}", *rest]
        return [f"{pad}{name}", *indented(value[1], value[0], depth + 1, style)]
    if isinstance(value, bool):
        return [f"{pad}{name}{sign}{str(value).lower()}"]
    return [f"{pad}{name}{sign}{value}"]


NSG_HEAD = "ICD Version : 702\nMsg Sequence : 0x0000\nStack : Stack 2\nTickTime : 3856.727\nDirection : Uplink\n"


def nsg(value: dict[str, Any]) -> str:
    body = value["message"][1][1]
    lines = ["ul-dcch -> c1 -> ueCapabilityInformation"]
    for key, part in body.items():
        lines += indented(part, key, 1, "nsg")
    return NSG_HEAD + "\n".join(lines) + "\n"


# --- by braces ------------------------------------------------------------------------------------------------------


def braced(value: Any, depth: int, sign: str) -> str:
    """`sign` stands between a choice and its value: ` : ` in ASN.1 value notation, `: ` in Amarisoft's logs."""
    pad = "  " * depth
    if isinstance(value, dict):
        inner = ",\n".join(f"{pad}  {key} {braced(part, depth + 1, sign)}" for key, part in value.items())
        return "{\n" + inner + f"\n{pad}}}" if inner else "{\n" + pad + "}"
    if isinstance(value, list):
        return "{\n" + ",\n".join(f"{pad}  {braced(item, depth + 1, sign)}" for item in value) + f"\n{pad}}}"
    if is_bits(value):
        return f"'{hexed(value)}'H" if value[1] % 4 == 0 else f"'{value[0]:0{value[1]}b}'B"
    if is_choice(value):
        return f"{value[0]}{sign}{braced(value[1], depth, sign)}"
    if isinstance(value, bool):
        return str(value).upper()
    return f"'{value.hex().upper()}'H" if isinstance(value, bytes) else str(value)


def qcat(kind: str, value: Any) -> str:
    head = "2023 May 20  10:02:58.440  [1A]  0xB0C0  LTE RRC OTA Packet\nPkt Version = 26\nInterpreted PDU:\n\n"
    return f"{head}value {kind} ::= \n{braced(value, 0, ' : ')}\n"


def amarisoft(value: Any) -> str:
    return (
        "10:02:58.440 [RRC] UL 0001 01 DCCH: UE capability information\n"
        "        0000:  38 02 58 30 ae 92 0d 00  8.X0....\n" + braced(value, 0, ": ") + "\n"
        "10:02:58.450 [RRC] DL 0001 01 DCCH: RRC connection reconfiguration\n"
    )


# --- JSON -----------------------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if is_bits(value):
        return f"{value[0]:0{value[1]}b}"
    return {value[0]: plain(value[1])} if is_choice(value) else value


def as_json(parts: list[tuple[str, Any]]) -> str:
    return json.dumps({rat: plain(value) for rat, value in parts}, indent=1)


def tshark_json(value: Any, name: str = "ul_dcch", prefix: str = "lte-rrc.") -> str:
    """Numbers for enumerated values, as `tshark -T json` prints them."""
    return json.dumps([{"_source": {"layers": {"lte_rrc": _tshark(name, value, prefix)}}}])


_ENUMS = {"a": 0, "c": 2, "eutra": 0, "nr": 5, "eutra-nr": 6, "pc2": 1, "rel15": 7}


def _tshark(name: str, value: Any, prefix: str) -> dict[str, Any]:
    key = prefix + name.replace("-", "_")
    if isinstance(value, dict) and "rat-Type" in value:
        rat = value["rat-Type"]
        inner = next(part for field, part in value.items() if field != "rat-Type")
        container = {f"{prefix}ueCapabilityRAT_Container": "dd:b8", **_tree(prefix, "ueCapabilityRAT_Container")}
        container[f"{prefix}ueCapabilityRAT_Container_tree"] = _tshark(_TYPES[rat], inner, prefix)
        return {f"{key}_element": {f"{prefix}rat_Type": str(_ENUMS[rat]), **container}}
    if isinstance(value, dict):
        inside: dict[str, Any] = {"per.optional_field_bit": "1"}
        for field, part in value.items():
            inside.update(_tshark(field, part, prefix))
        return {f"{key}_element": inside}
    if isinstance(value, list):
        listed = {f"Item {n}": _tshark("SomeType", item, prefix) for n, item in enumerate(value)}
        return {key: str(len(value)), f"{key}_tree": listed}
    if is_bits(value):
        digits = hexed(value).lower()
        octets = ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))
        return {key: octets, f"{key}_tree": {"lte-rrc.eutra_cap_feat_group_ind_1": "0"}}
    if is_choice(value):
        return {key: "1", f"{key}_tree": _tshark(value[0], value[1], prefix)}
    if isinstance(value, bool):
        return {key: str(int(value))}
    if isinstance(value, str):
        return {key: str(_ENUMS.get(value, 0))}
    return {key: str(value)}


def _tree(prefix: str, name: str) -> dict[str, Any]:
    return {f"{prefix}{name}_tree": {}}
