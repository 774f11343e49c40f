"""Capabilities of our own, encoded by pycrate, and printed in the forms that decoders use."""

from __future__ import annotations

import struct
from typing import Any

LTE_BANDS = (1, 3, 7, 20, 66, 71)
NR_BANDS = (1, 28, 78, 258)


def _types() -> tuple[Any, Any]:
    from pycrate_asn1dir import RRCLTE, RRCNR

    return RRCLTE.EUTRA_RRC_Definitions, RRCNR.NR_RRC_Definitions


def encode(type_: Any, value: Any) -> bytes:
    type_.set_val(filled(type_, value))
    return bytes(type_.to_uper())


def filled(type_: Any, value: Any) -> Any:
    """The value with the mandatory, but empty, sequences that its extensions need."""
    if type_.TYPE != "SEQUENCE" or not isinstance(value, dict):
        return value
    out = dict(value)
    for name in type_._root_mand:
        if name not in out and type_._cont[name].TYPE == "SEQUENCE":
            out[name] = {}
    return {name: filled(type_._cont[name], part) for name, part in out.items()}


def chain(steps: int, leaf: dict[str, Any]) -> dict[str, Any]:
    """`leaf` under so many nonCriticalExtension."""
    for _ in range(steps):
        leaf = {"nonCriticalExtension": leaf}
    return leaf


def chained(levels: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Fields by the number of nonCriticalExtension above them."""
    out: dict[str, Any] = {}
    for level in range(max(levels), -1, -1):
        out = {**levels.get(level, {}), **({"nonCriticalExtension": out} if out else {})}
    return out


def eutra_value(
    bands=LTE_BANDS,
    combos=(((1, "a", "a"), (3, "a", None)), ((66, "a", "a"), (71, "c", None)), ((7, "a", "a"),), ((20, "a", "a"),)),
    *,
    mfbi=True,
    asked=None,
    nsa=(28, 78),
    sa=(78,),
):
    """A UE-EUTRA-Capability: bands above 64 by the escape, CA in the release-10 list, a category of each age."""
    r10, late = [], []
    for combo in combos:
        r10.append([_r10(band, down, up) for band, down, up in combo])
        late.append([{"bandEUTRA-v1090": band} if band > 64 else {} for band, _, _ in combo])
    late_chain = (
        "UE-EUTRA-Capability-v9a0-IEs",
        chain(3, {"rf-Parameters-v9e0": {"supportedBandListEUTRA-v9e0": [_late(band) for band in bands]}}),
    )
    levels: dict[int, dict[str, Any]] = {
        0: {
            "accessStratumRelease": "rel15",
            "ue-Category": 4,
            "pdcp-Parameters": {
                "supportedROHC-Profiles": {
                    f"profile0x{n}-r15": False
                    for n in ("0001", "0002", "0003", "0004", "0006", "0101", "0102", "0103", "0104")
                }
            },
            "phyLayerParameters": {"ue-TxAntennaSelectionSupported": False, "ue-SpecificRefSigsSupported": False},
            "rf-Parameters": {
                "supportedBandListEUTRA": [{"bandEUTRA": min(band, 64), "halfDuplex": False} for band in bands]
            },
            "measParameters": {
                "bandListEUTRA": [{"interFreqBandList": [{"interFreqNeedForGaps": True} for _ in bands]} for _ in bands]
            },
            "featureGroupIndicators": (0x7E0DD898 | (2 if mfbi else 0), 32),
            "interRAT-Parameters": {},
        },
        1: {
            "phyLayerParameters-v920": {},
            "interRAT-ParametersGERAN-v920": {},
            "csg-ProximityIndicationParameters-r9": {},
            "neighCellSI-AcquisitionParameters-r9": {},
            "son-Parameters-r9": {},
        },
        2: {"lateNonCriticalExtension": late_chain},
        3: {"ue-Category-v1020": 6, "rf-Parameters-v1020": {"supportedBandCombination-r10": r10}},
        5: {"rf-Parameters-v1090": {"supportedBandCombination-v1090": late}},
        10: {"ue-CategoryDL-r12": 13, "ue-CategoryUL-r12": 5},
        14: {"ue-CategoryDL-v1310": "n17"},
    }
    if asked:
        levels[8] = {"rf-Parameters-v1180": {"requestedBands-r11": list(asked)}}
    if nsa:
        levels[24] = {"irat-ParametersNR-r15": {"supportedBandListEN-DC-r15": [{"bandNR-r15": b} for b in nsa]}}
    if sa:
        levels[27] = {
            "irat-ParametersNR-v1540": {"supportedBandListNR-SA-r15": [{"bandNR-r15": b} for b in sa]},
            "otherParameters-v1540": {},
        }
    return chained(levels)


def _late(band: int) -> dict[str, int]:
    return {"bandEUTRA-v9e0": band} if band > 64 else {}


def _r10(band: int, down: str | None, up: str | None) -> dict[str, Any]:
    out: dict[str, Any] = {"bandEUTRA-r10": min(band, 64)}
    if up:
        out["bandParametersUL-r10"] = [{"ca-BandwidthClassUL-r10": up}]
    if down:
        out["bandParametersDL-r10"] = [{"ca-BandwidthClassDL-r10": down}]
    return out


def _nr_part(rat: str, band: int, down: str | None, up: str | None) -> tuple[str, dict[str, Any]]:
    name = "EUTRA" if rat == "eutra" else "NR"
    out: dict[str, Any] = {f"band{name}": band}
    if down:
        out[f"ca-BandwidthClassDL-{name}"] = down
    if up:
        out[f"ca-BandwidthClassUL-{name}"] = up
    return rat, out


def nr_value(bands=NR_BANDS, combos=(((28, "a", None), (78, "a", "a")), ((1, "a", "a"),)), *, dc=(), asked=None):
    """A UE-NR-Capability; `dc` names the places of combinations that are NR-DC."""
    radio: dict[str, Any] = {
        "supportedBandListNR": [{"bandNR": band, **({"ue-PowerClass": "pc2"} if band == 78 else {})} for band in bands]
    }
    if combos:
        radio["supportedBandCombinationList"] = [
            {"bandList": [_nr_part("nr", *part) for part in combo], "featureSetCombination": 0} for combo in combos
        ]
    if asked:
        radio["appliedFreqBandListFilter"] = [("bandInformationNR", {"bandNR": band}) for band in asked]
    if dc:
        radio["supportedBandCombinationList-v1560"] = [
            {"ca-ParametersNRDC": {}} if place in dc else {"ca-ParametersEUTRA-v1560": {}}
            for place in range(len(combos))
        ]
    return {
        "accessStratumRelease": "rel15",
        "pdcp-Parameters": {
            "supportedROHC-Profiles": {
                f"profile0x{n}": False
                for n in ("0000", "0001", "0002", "0003", "0004", "0006", "0101", "0102", "0103", "0104")
            },
            "maxNumberROHC-ContextSessions": "cs16",
        },
        "phy-Parameters": {},
        "rf-Parameters": radio,
    }


def mrdc_value(combos=((("eutra", 3, "a", "a"), ("nr", 78, "a", "a")), (("eutra", 7, "c", "a"), ("nr", 28, "a", "a")))):
    """A UE-MRDC-Capability."""
    return {
        "rf-ParametersMRDC": {
            "supportedBandCombinationList": [
                {"bandList": [_nr_part(*part) for part in combo], "featureSetCombination": 0} for combo in combos
            ]
        }
    }


def eutra(**options: Any) -> bytes:
    return encode(_types()[0].UE_EUTRA_Capability, eutra_value(**options))


def nr(**options: Any) -> bytes:
    return encode(_types()[1].UE_NR_Capability, nr_value(**options))


def mrdc(**options: Any) -> bytes:
    return encode(_types()[1].UE_MRDC_Capability, mrdc_value(**options))


def lte_message(*containers: tuple[str, bytes], transaction: int = 2) -> bytes:
    """An LTE UL-DCCH UECapabilityInformation."""
    content = [{"rat-Type": rat, "ueCapabilityRAT-Container": data} for rat, data in containers]
    body = {
        "rrc-TransactionIdentifier": transaction,
        "criticalExtensions": (
            "c1",
            ("ueCapabilityInformation-r8", {"ue-CapabilityRAT-ContainerList": content}),
        ),
    }
    return encode(_types()[0].UL_DCCH_Message, {"message": ("c1", ("ueCapabilityInformation", body))})


def nr_message(*containers: tuple[str, bytes], transaction: int = 1) -> bytes:
    """An NR UL-DCCH UECapabilityInformation."""
    content = [{"rat-Type": rat, "ue-CapabilityRAT-Container": data} for rat, data in containers]
    body = {
        "rrc-TransactionIdentifier": transaction,
        "criticalExtensions": ("ueCapabilityInformation", {"ue-CapabilityRAT-ContainerList": content}),
    }
    return encode(_types()[1].UL_DCCH_Message, {"message": ("c1", ("ueCapabilityInformation", body))})


def lte_enquiry(rats=("eutra",), *, bands=None, nr_bands=None, transaction: int = 2) -> bytes:
    """An LTE UECapabilityEnquiry, with the bands it is restricted to."""
    body: dict[str, Any] = {"ue-CapabilityRequest": list(rats)}
    levels: dict[int, dict[str, Any]] = {0: body}
    if bands:
        levels[2] = {"requestedFrequencyBands-r11": list(bands)}
    if nr_bands:
        listed = [("bandInformationNR", {"bandNR": band}) for band in nr_bands]
        levels[5] = {"requestedFreqBandsNR-MRDC-r15": encode(_types()[1].FreqBandList, listed)}
    message = {
        "rrc-TransactionIdentifier": transaction,
        "criticalExtensions": ("c1", ("ueCapabilityEnquiry-r8", chained(levels))),
    }
    return encode(_types()[0].DL_DCCH_Message, {"message": ("c1", ("ueCapabilityEnquiry", message))})


def nr_enquiry(bands, *, transaction: int = 1) -> bytes:
    """An NR UECapabilityEnquiry for the NR container, with a band filter."""
    listed = [("bandInformationNR", {"bandNR": band}) for band in bands]
    wanted = encode(_types()[1].UE_CapabilityRequestFilterNR, {"frequencyBandListFilter": listed})
    message = {
        "rrc-TransactionIdentifier": transaction,
        "criticalExtensions": (
            "ueCapabilityEnquiry",
            {"ue-CapabilityRAT-RequestList": [{"rat-Type": "nr", "capabilityRequestFilter": wanted}]},
        ),
    }
    return encode(_types()[1].DL_DCCH_Message, {"message": ("c1", ("ueCapabilityEnquiry", message))})


def segments(message: bytes, size: int, *, rat: str = "nr") -> list[bytes]:
    """ULDedicatedMessageSegment messages that carry a message."""
    definitions = _types()[0 if rat == "lte" else 1]
    parts = [message[start : start + size] for start in range(0, len(message), size)]
    out = []
    for number, part in enumerate(parts):
        content = {
            "segmentNumber-r16": number,
            "rrc-MessageSegmentContainer-r16": part,
            "rrc-MessageSegmentType-r16": "lastSegment" if number + 1 == len(parts) else "notLastSegment",
        }
        body = {"criticalExtensions": ("ulDedicatedMessageSegment-r16", content)}
        value = ("messageClassExtension", ("c2", ("ulDedicatedMessageSegment-r16", body)))
        out.append(encode(definitions.UL_DCCH_Message, {"message": value}))
    return out


# --- captures -------------------------------------------------------------------------------------------------------


def pcap(link: int, frames: list[bytes], order: str = "<") -> bytes:
    out = struct.pack(order + "IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link)
    for frame in frames:
        out += struct.pack(order + "IIII", 0, 0, len(frame), len(frame)) + frame
    return out


def pcapng(link: int, frames: list[bytes], order: str = "<") -> bytes:
    def block(kind: int, body: bytes) -> bytes:
        body += bytes(-len(body) % 4)
        return struct.pack(order + "II", kind, len(body) + 12) + body + struct.pack(order + "I", len(body) + 12)

    out = block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += block(1, struct.pack(order + "HHI", link, 0, 0))
    for frame in frames:
        out += block(6, struct.pack(order + "IIIII", 0, 0, 0, len(frame), len(frame)) + frame)
    return out


def exported(name: str, data: bytes) -> bytes:
    text = name.encode()
    text += bytes(-len(text) % 4)
    return struct.pack(">HH", 12, len(text)) + text + struct.pack(">HH", 0, 0) + data


def udp(payload: bytes, port: int = 4729) -> bytes:
    """An Ethernet frame with IPv4 and UDP."""
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28 + len(payload), 0, 0, 64, 17, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
    return bytes(12) + b"\x08\x00" + head + struct.pack(">HHHH", 13337, port, 8 + len(payload), 0) + payload


def gsmtap2(subtype: int, data: bytes, *, version: int = 2, words: int = 4) -> bytes:
    head = struct.pack("!BBBBHBBLBBBB", version, words, 0x0D, 0, 0, 0, 0, 0, subtype, 0, 0, 0)
    return head + bytes(words * 4 - len(head)) + data


def gsmtap3(kind: int, subtype: int, data: bytes, *, padded: bool = True) -> bytes:
    metadata = struct.pack("!HHL", 2, 4, 1300) + b"\xff\xfe"
    size = 8 + len(metadata)
    words = -(-size // 4)
    head = struct.pack("!BBHHH", 3, 0, words, kind, subtype) + metadata
    return head + (bytes(words * 4 - size) if padded else b"") + data
