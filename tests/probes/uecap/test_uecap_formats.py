"""Every form in which capabilities come, each from a file made here; all must say the same."""

from __future__ import annotations

import struct

import pytest
import uecap_samples as samples
import uecap_texts as texts

from harness.capability_facts import BandCombinations, MfbiSupport, PowerClass, UeCategory
from harness.errors import ParseError
from harness.observations import Reading, SupportedBands
from harness.probes.uecap import read, read_accounts


def facts(reading: Reading) -> dict[str, object]:
    out: dict[str, object] = {}
    for item in reading.observations:
        if isinstance(item, SupportedBands):
            out[item.rat] = item.bands
            assert item.layer == "advertised"
        elif isinstance(item, BandCombinations):
            out[item.type] = {
                tuple(sorted((p.rat, p.band, p.dl_class or "", p.ul_class or "") for p in combo))
                for combo in item.combinations
            }
        elif isinstance(item, UeCategory):
            out["category"] = (item.dl, item.ul, item.legacy)
        elif isinstance(item, MfbiSupport):
            out["mfbi"] = item.supported
        elif isinstance(item, PowerClass):
            out.setdefault("power", set()).add((item.rat, item.band, item.power_class))
    return out


LTE = {
    "lte": (1, 3, 7, 20, 66, 71),
    "nr_nsa": (28, 78),
    "nr_sa": (78,),
    "lte_ca": {
        (("lte", 1, "A", "A"), ("lte", 3, "A", "")),
        (("lte", 66, "A", "A"), ("lte", 71, "C", "")),
        (("lte", 7, "A", "A"),),
        (("lte", 20, "A", "A"),),
    },
    "category": (17, 5, 4),
    "mfbi": True,
}
NR = {
    "nr": (1, 28, 78, 258),
    "nr_ca": {(("nr", 28, "A", ""), ("nr", 78, "A", "A")), (("nr", 1, "A", "A"),)},
    "power": {("nr", 78, 2.0)},
}
MRDC = {
    "en_dc": {
        (("lte", 3, "A", "A"), ("nr", 78, "A", "A")),
        (("lte", 7, "C", "A"), ("nr", 28, "A", "A")),
    }
}
ALL = {**LTE, **NR, **MRDC}


def whole() -> bytes:
    return samples.lte_message(("eutra", samples.eutra()), ("nr", samples.nr()), ("eutra-nr", samples.mrdc()))


def of(text: str | bytes, name: str = "file", **options: str) -> dict[str, object]:
    return facts(read([(name, text.encode() if isinstance(text, str) else text)], **options))


# --- hex ------------------------------------------------------------------------------------------------------------


def in_columns(data: bytes, width: int, sign: str = "") -> str:
    digits = [f"{octet:02X}" for octet in data]
    return "\n".join(sign.join(digits[place : place + width]) for place in range(0, len(digits), width))


def dumped(data: bytes, row: str, ascii_column: str = "") -> str:
    lines = []
    for place in range(0, len(data), 16):
        part = data[place : place + 16]
        lines.append(row.format(place) + " ".join(f"{octet:02x}" for octet in part) + ascii_column)
    return "\n".join(lines)


def xxd(data: bytes) -> str:
    lines = []
    for place in range(0, len(data), 16):
        part = data[place : place + 16]
        groups = " ".join(part[n : n + 2].hex() for n in range(0, len(part), 2))
        lines.append(f"{place:08x}: {groups:<39}  " + "".join(chr(o) if 32 <= o < 127 else "." for o in part))
    return "\n".join(lines)


def hexdump_c(data: bytes) -> str:
    lines = []
    for place in range(0, len(data), 16):
        part = data[place : place + 16]
        halves = "  ".join(" ".join(f"{o:02x}" for o in half) for half in (part[:8], part[8:]) if half)
        lines.append(f"{place:08x}  {halves:<48}  |{'abcdef0123456789'[: len(part)]}|")
    return "\n".join([*lines, f"{len(data):08x}"])


LAYOUTS = {
    "one line": lambda data: data.hex(),
    "upper case in 60 columns": lambda data: in_columns(data, 30),
    "spaced bytes, ragged first line": lambda data: (
        f"{data[:3].hex(' ')} \r\n\t     {in_columns(data[3:], 12, ' ')} \r\n"
    ),
    "0x before all": lambda data: "0x" + data.hex(),
    "0x before each": lambda data: ", ".join(f"0x{octet:02x}" for octet in data),
    "a C array": lambda data: "{ " + ",\n".join(f"0x{octet:02X}" for octet in data) + " };",
    "backslash x": lambda data: "".join(f"\\x{octet:02x}" for octet in data),
    "colons": lambda data: data.hex(":"),
    "offsets as Wireshark": lambda data: dumped(data, "{:04x}   "),
    "offsets and an ASCII column": lambda data: dumped(data, "{:04x}  ", "   abcdef.12.beef"),
    "offsets with a colon": lambda data: dumped(data, "{:05X}: "),
    "decimal offsets": lambda data: dumped(data, "{:05d}  "),
    "xxd": xxd,
    "hexdump -C": hexdump_c,
    "with a label": lambda data: f"Payload: {data.hex(' ')}",
}


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_hex_in_every_layout(layout):
    assert of(LAYOUTS[layout](whole())) == ALL


def test_a_dump_with_more_octets_than_its_offsets_say_is_refused():
    rows = dumped(whole(), "{:04x}  ").splitlines()
    for broken in ([*rows[:-1], rows[-1] + " 00" * 20], [rows[0], *rows[2:]], [rows[0] + " 00", *rows[1:]]):
        with pytest.raises(ParseError):
            of("\n".join(broken))
    assert of(f"0000: {whole().hex(' ')}") == ALL


def test_bare_containers_in_three_files_are_merged_in_any_order():
    files = [
        ("b.hex", samples.nr().hex().encode()),
        ("c.hex", samples.mrdc().hex().encode()),
        ("a.hex", samples.eutra().hex().encode()),
    ]
    assert facts(read(files)) == ALL


def test_labelled_containers_in_one_file():
    parts = {"eutra": samples.eutra(), "nr": samples.nr(), "eutra-nr": samples.mrdc()}
    assert of("\n".join(f"{label}: {data.hex()}" for label, data in parts.items())) == ALL
    assert of("\n\n".join(data.hex(" ") for data in parts.values())) == ALL


def test_binary_octets_and_a_named_type():
    assert of(samples.eutra(), type_name="eutra") == LTE
    assert of(whole()) == ALL
    with pytest.raises(ParseError):
        of(samples.eutra(), type_name="mrdc")


def test_a_message_of_nr_and_skipped_rats():
    assert of(samples.nr_message(("nr", samples.nr())).hex()) == NR
    message = samples.lte_message(("geran-cs", b"\x33\x03"), ("eutra", samples.eutra()), ("utra", b"\x01\x02"))
    assert of(message.hex()) == LTE


@pytest.mark.parametrize("text", ["38 0", "3C03zz", "38 03 0G", "0x3", "12 34 56", "ff" * 50, "00" * 50, "38" * 100])
def test_hex_that_is_no_capability_is_refused(text):
    with pytest.raises(ParseError):
        of(text)


def test_a_value_64_alone_names_no_band_and_bands_above_come_from_the_late_extension():
    reading = of(samples.eutra(bands=(1, 66, 71, 85), combos=(((85, "a", "a"), (1, "a", None)),)).hex())
    assert reading["lte"] == (1, 66, 71, 85)
    assert reading["lte_ca"] == {(("lte", 1, "A", ""), ("lte", 85, "A", "A"))}


def test_combinations_with_nr_dc_parameters_are_nr_dc():
    combos = (((78, "a", "a"), (258, "a", "a")), ((28, "a", None), (78, "a", "a")))
    reading = of(samples.nr(combos=combos, dc={0}).hex())
    assert reading["nr_dc"] == {(("nr", 78, "A", "A"), ("nr", 258, "A", "A"))}
    assert reading["nr_ca"] == {(("nr", 28, "A", ""), ("nr", 78, "A", "A"))}


def test_mfbi_is_the_31st_feature_group_indicator():
    assert of(samples.eutra(mfbi=False).hex())["mfbi"] is False


# --- captures -------------------------------------------------------------------------------------------------------

FRAMES = {
    "exported PDU": (252, lambda data: samples.exported("lte-rrc.ul.dcch", data)),
    "exported PDU, other spelling": (252, lambda data: samples.exported("lte_rrc.ul_dcch", data)),
    "GSMTAP 2": (1, lambda data: samples.udp(samples.gsmtap2(3, data))),
    "GSMTAP 3 in the layout of 2": (1, lambda data: samples.udp(samples.gsmtap2(3, data, version=3, words=7))),
    "GSMTAP 3": (1, lambda data: samples.udp(samples.gsmtap3(0x0403, 0x000B, data))),
    "GSMTAP 3 without padding": (1, lambda data: samples.udp(samples.gsmtap3(0x0403, 0x000B, data, padded=False))),
    "GSMTAP 3, another sub-type": (1, lambda data: samples.udp(samples.gsmtap3(0x0403, 3, data))),
    "raw IP": (101, lambda data: samples.udp(samples.gsmtap2(3, data))[14:]),
    "DLT_USER": (147, lambda data: data),
}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("form", ["pcap", "pcapng"])
@pytest.mark.parametrize("kind", FRAMES)
def test_captures(kind, form, order):
    link, frame = FRAMES[kind]
    noise = [b"\x01\x02\x03", samples.udp(b"hello", 53) if link == 1 else b""]
    build = samples.pcap if form == "pcap" else samples.pcapng
    assert of(build(link, [*noise, frame(whole())], order)) == ALL


def test_nr_messages_and_containers_in_captures():
    message = samples.nr_message(("nr", samples.nr()))
    assert of(samples.pcap(252, [samples.exported("nr-rrc.ul.dcch", message)])) == NR
    assert of(samples.pcap(1, [samples.udp(samples.gsmtap3(0x0503, 0x0009, message))])) == NR
    assert of(samples.pcap(1, [samples.udp(samples.gsmtap3(0x0503, 0x0204, samples.nr()))])) == NR
    assert of(samples.pcap(1, [samples.udp(samples.gsmtap3(0x0503, 0x0203, samples.mrdc()))])) == MRDC


def test_a_cut_capture_warns_and_a_cut_frame_is_left_out():
    frame = samples.exported("lte-rrc.ul.dcch", whole())
    reading = read([("a.pcap", samples.pcap(252, [frame, frame])[:-9])])
    assert facts(reading) == ALL
    assert any("cut after frame 1" in text for text in reading.warnings)
    short = struct.pack("<IIII", 0, 0, 100, len(frame)) + frame[:100]
    reading = read([("a.pcap", samples.pcap(252, [frame]) + short)])
    assert any("snap length" in text for text in reading.warnings)


def test_a_capture_without_a_capability_is_refused():
    with pytest.raises(ParseError, match="no UE capability"):
        of(samples.pcap(252, [samples.exported("lte-rrc.ul.dcch", b"\x10\x20")]))


@pytest.mark.parametrize("rat", ["lte", "nr"])
def test_segments_are_joined_in_any_order_and_a_missing_one_is_told(rat):
    message = whole() if rat == "lte" else samples.nr_message(("nr", samples.nr()))
    expected = ALL if rat == "lte" else NR
    parts = samples.segments(message, 12, rat=rat)
    frames = [samples.exported(f"{rat}-rrc.ul.dcch", part) for part in parts]
    assert of(samples.pcap(252, frames)) == expected
    files = [(f"{place}.hex", part.hex().encode()) for place, part in enumerate(reversed(parts))]
    assert facts(read(files)) == expected
    with pytest.raises(ParseError, match="not whole"):
        read(files[1:])


# --- decoders' text -------------------------------------------------------------------------------------------------


def test_wireshark_text():
    head = ["Frame 1: 60 bytes on wire (480 bits), 60 bytes captured (480 bits)", "    Frame Number: 1"]
    assert of("\n".join(head + texts.wireshark(texts.message(*texts.three())))) == ALL


def test_nsg_text():
    assert of(texts.nsg(texts.message(*texts.three()))) == ALL


@pytest.mark.parametrize("style", ["osix", "tems"])
def test_osix_and_tems_text(style):
    lines = texts.indented(texts.message(*texts.three()), "UL-DCCH-Message", 0, style)
    assert of("\r\n".join(["Time: 10:02:58.440", *lines])) == ALL


def test_lists_without_numbers_and_list_names_printed_twice():
    text = """UE-EUTRA-Capability
  accessStratumRelease : rel15
  rf-Parameters
    supportedBandListEUTRA
      SupportedBandEUTRA
        bandEUTRA : 1
      SupportedBandEUTRA
        bandEUTRA : 3 (0x3)
  nonCriticalExtension
    rf-Parameters-v1020
      supportedBandCombination-r10
        supportedBandCombination-r10
          [0 ] :
            [0 ] :
              bandEUTRA-r10 : 1
              bandParametersDL-r10
                bandParametersDL-r10
                  [0 ] :
                    ca-BandwidthClassDL-r10 : c
    rf-Parameters-v1180
      requestedBands-r11
        FreqBandIndicator-r11 : 1
        FreqBandIndicator-r11 : 3
"""
    assert of(text) == {"lte": (1, 3), "lte_ca": {(("lte", 1, "C", ""),)}}
    found = read([("a", text.encode())]).observations[0]
    assert isinstance(found, SupportedBands)
    assert found.filtered_by == (1, 3)
    single = text.replace("      SupportedBandEUTRA\n        bandEUTRA : 3 (0x3)\n", "")
    assert of(single)["lte"] == (1,)


def test_braces_with_equals_signs():
    text = texts.qcat("UE-NR-Capability", samples.nr_value()).replace(
        "value UE-NR-Capability ::=", "UE-NR-Capability ="
    )
    assert of(text) == NR


def test_an_enquiry_in_a_text_is_the_filter():
    text = """dl-dcch -> c1 -> ueCapabilityEnquiry
 rrc-TransactionIdentifier : 2
 criticalExtensions -> c1 -> ueCapabilityEnquiry-r8
  ue-CapabilityRequest
   [0] : eutra
  nonCriticalExtension
   nonCriticalExtension
    requestedFrequencyBands-r11
     [0] : 1
     [1] : 5
"""
    found = read([("a", (text + texts.nsg(texts.message(*texts.three()))).encode())]).observations[0]
    assert isinstance(found, SupportedBands)
    assert (found.rat, found.complete, found.filtered_by) == ("lte", False, (1, 5))


def test_qcat_text():
    parts = [
        texts.qcat(kind, value)
        for kind, value in zip(
            ("UE-EUTRA-Capability", "UE-NR-Capability", "UE-MRDC-Capability"),
            (value for _, value in texts.three()),
            strict=True,
        )
    ]
    assert of("\n".join(parts)) == ALL
    assert of(texts.qcat("UL-DCCH-Message", texts.message(*texts.three()))) == ALL


def test_amarisoft_text_with_decoded_containers_and_with_octets():
    assert of(texts.amarisoft(texts.message(*texts.three()))) == ALL
    octets = [("eutra", samples.eutra()), ("nr", samples.nr()), ("eutra-nr", samples.mrdc())]
    assert of(texts.amarisoft(texts.message(*octets))) == ALL


def test_decoded_trees_as_json():
    assert of(texts.as_json(texts.three())) == ALL
    assert of(texts.tshark_json(texts.message(*texts.three()))) == ALL


def test_text_that_is_something_else_is_refused():
    for text in ("{}", "[1, 2]", '{"a": 1}', "hello capability", "{ capability {", "Capability\n" * 10, "", "\n\n"):
        with pytest.raises(ParseError):
            of(text)


# --- vendors' tables ------------------------------------------------------------------------------------------------

TABLE_HEAD = """----------------------------------------------
|   |   |      |DL BW|DL Max  |UL BW|UL Max  |
|#  |#  |Band  |Class|Antennas|Class|Antennas|
----------------------------------------------
"""
CA = {(("lte", 1, "A", ""), ("lte", 3, "C", "A")), (("lte", 71, "A", "A"),)}


def test_the_0xb0cd_table():
    rows = "|  0|  0|     3|    3|       4|    1|       1|\n|   |  1|     1|    1|       2|    0|       0|\n"
    rows += "|   |  2|      |     |        |     |        |\n|  1|  0|    71|    A|       2|    A|       1|\n"
    assert of(TABLE_HEAD + rows) == {"lte_ca": CA}
    for broken in (
        rows.replace("|    71|", "|    7x|"),
        rows.replace("|  0|  0|", "|   |  0|"),
        rows.replace("|  1|", "|  ¹|"),
        rows[:-20],
    ):
        with pytest.raises(ParseError):
            of(TABLE_HEAD + broken)
    with pytest.raises(ParseError, match="3GPP"):
        of(TABLE_HEAD + rows.replace("|    71|", "|    99|"))


def test_a_0xb0cd_table_that_ends_early_is_in_doubt():
    blank = "|   |  {}|      |     |        |     |        |\n"
    row = "|{:>3}|  0|{:>6}|    1|       2|    1|       1|\n"
    whole = "".join(row.format(n, band) + blank.format(1) + blank.format(2) for n, band in enumerate((7, 3, 1)))
    told = {
        len(text): read_accounts([("a", (TABLE_HEAD + text).encode())])[0][0].doubts for text in (whole, whole[:-48])
    }
    assert [bool(doubts) for doubts in told.values()] == [False, True]


def test_the_0xb826_table():
    head = "|#  |RAT|Band|DL BW Class|DL Antennas|UL BW Class|UL Antennas|\n"
    rows = "|0|LTE|3|1|4|1|1|\n| |NR|78|1|4|1|1|\n|1|NR|258|7|2|1|1|\n"
    expected = {
        "en_dc": {(("lte", 3, "A", "A"), ("nr", 78, "A", "A"))},
        "nr_ca": {(("nr", 258, "G", "A"),)},
    }
    assert of(head + rows) == expected
    assert of(head.replace("|RAT", "") + "|0|B3|A|4|A|1|\n| |n78|A|4|A|1|\n|1|n258|G|2|A|1|\n") == expected


def item(code: int, body: bytes) -> bytes:
    return struct.pack("<HHQ", 12 + len(body), code, 0) + body


LTE_PARTS = [[(3, 3, 1), (1, 1, 0)], [(71, 1, 1)]]
"""Band, downlink class and uplink class of the components; 0 is none, 1 is A."""
NR_PARTS = [[(3, 0, 1, 0), (78, 1, 1, 1)], [(258, 1, 7, 1)]]
"""Band, whether of NR, classes."""
ENDC = {
    "en_dc": {(("lte", 3, "A", ""), ("nr", 78, "A", "A"))},
    "nr_ca": {(("nr", 258, "G", "A"),)},
}


def b0cd(version: int = 32, parts=LTE_PARTS) -> bytes:
    """A body of 0xB0CD as its versions are laid out."""

    def one(band: int, down: int, up: int) -> bytes:
        antennas = bytes([2 if down else 0]), bytes([1 if up else 0])
        down_, up_ = bytes([down]), bytes([up])
        if version >= 41:
            return struct.pack("<H", band) + down_ + up_ + b"".join(antennas) + b"\1"
        if version < 32:
            return struct.pack("<H", band) + down_ + up_
        return struct.pack("<H", band) + down_ + antennas[0] + up_ + antennas[1] + b"\1" * (version >= 40)

    body = bytes([version, len(parts)]) + b"\0" * (version < 41)
    for combo in parts:
        if version >= 41:
            body += bytes([len(combo)]) + b"".join(one(*part) for part in combo)
        else:
            size = len(one(1, 1, 1))
            body += b"".join(one(*part) for part in combo).ljust(6 * size, b"\0") + b"\0\0" * (version < 24)
    return body


def b826(version: int, parts=NR_PARTS) -> bytes:
    """A body of 0xB826 as its versions are laid out."""

    def one(band: int, nr: int, down: int, up: int) -> bytes:
        if version < 8:
            return struct.pack("<HBBBBB", band, down << 1 | nr, 2, up << 1, 1, 1) + bytes(3)
        head = struct.pack("<H", band | nr << 9 | down << 10)
        return (head + bytes([(up & 3) << 6, up >> 2])).ljust(9 if version > 14 else 8, b"\0")

    count = struct.pack("<H", len(parts)) if version <= 3 else struct.pack("<HHHB", len(parts), 0, len(parts), 1)
    shift = 3 if version >= 8 else 1 if version >= 3 else 0
    behind = 25 if version >= 14 else 9 if version >= 9 else {6: 1, 7: 3, 8: 1}.get(version, 0)
    body = struct.pack("<HH", version, 0) + count
    for combo in parts:
        body += bytes(3 * (version >= 8)) + bytes([len(combo) << shift]) + bytes(behind)
        body += b"".join(one(*part) for part in combo)
    return body


@pytest.mark.parametrize("version", [20, 24, 32, 40, 41])
def test_0xb0cd_octets_with_and_without_a_log_header(version):
    body = b0cd(version)
    assert of(item(0xB0CD, body)) == {"lte_ca": CA}
    assert of(item(0xB0CD, body).hex(" ")) == {"lte_ca": CA}
    assert of(body.hex(), "0xB0CD-v32.hex") == {"lte_ca": CA}
    assert of(body, type_name="0xB0CD") == {"lte_ca": CA}


@pytest.mark.parametrize("version", [2, 3, 4, 6, 7, 8, 9, 13, 14, 15])
def test_0xb826_octets(version):
    body = b826(version)
    assert of(item(0xB826, body)) == ENDC
    assert of(body.hex(), type_name="0xB826") == ENDC


@pytest.mark.parametrize(("name", "make"), [("0xB0CD", b0cd), ("0xB826", b826)])
def test_octets_of_a_table_that_do_not_fit_their_version_are_refused(name, make):
    version = {"0xB0CD": 32, "0xB826": 7}[name]
    body = make(version)
    broken = [body[:cut] for cut in range(len(body))] + [bytes([99]) + body[1:], body + b"\1", body + bytes(9)]
    if name == "0xB0CD":
        broken += [b0cd(parts=[[(99, 1, 1)]]), b0cd(parts=[[(3, 0, 0)]]), b0cd(parts=[[(3, 20, 0)]]), b0cd(parts=[[]])]
    else:
        broken += [b826(7, [[(36, 1, 1, 1)]]), b826(9, [[(3, 0, 0, 0)]]), b826(9, [[(3, 0, 31, 0)]])]
    for data in broken:
        with pytest.raises(ParseError):
            of(data, type_name=name)
    assert of(body + bytes(3), type_name=name)


MEDIATEK = """MSG_ID_ERRC_RCM_UE_CA_COMB_INFO
  ca_total_num = 2
  band_comb = Array[2]
    band_comb[0] = (struct)
      band_param_num = 2
      band_param = Array[3]
        band_param[0] = (struct)
          band = 0x0003
          ca_bw_clas_ul = 0x00
          ca_bw_clas_dl = 0x02
        band_param[1] = (struct)
          band = 0x0001
          ca_bw_clas_ul = 0x06
          ca_bw_clas_dl = CA_BW_CLASS_A
        band_param[2] = (struct)
          band = 0x0007
          ca_bw_clas_ul = 0x00
          ca_bw_clas_dl = 0x00
    band_comb[1] = (struct)
      band_param_num = 1
      band_param = Array[2]
        band_param[0] = (struct)
          band = 71
          ca_bw_clas_ul = 0
          ca_bw_clas_dl = A
        band_param[1] = (struct)
          band = 0
          ca_bw_clas_ul = 0
          ca_bw_clas_dl = 0
"""


def test_mediatek_text():
    assert of(MEDIATEK) == {"lte_ca": CA}
    assert of(MEDIATEK + MEDIATEK) == {"lte_ca": CA}
    with pytest.raises(ParseError, match="3GPP"):
        of(MEDIATEK.replace("band = 71", "band = 99"))
    with pytest.raises(ParseError, match="no bandwidth class"):
        of(MEDIATEK.replace("ca_bw_clas_dl = 0x02", "ca_bw_clas_dl = 0x07"))


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def test_shannon_octets():
    def part(band: int, down: int, up: int) -> bytes:
        return field(1, field(1, band) + field(2, down) + (field(3, up) if up else b"") + field(4, 300))

    group = field(1, field(1, 1) + field(2, 7))
    group += field(2, part(3, 1, 1) + part(10078, 1, 1)) + field(2, part(10028, 1, 0) + part(10001, 1, 1))
    data = field(1, 14) + field(2, group)
    expected = {
        "en_dc": {(("lte", 3, "A", "A"), ("nr", 78, "A", "A"))},
        "nr_ca": {(("nr", 1, "A", "A"), ("nr", 28, "A", ""))},
    }
    assert of(data, "ShannonNrUeCap.binarypb") == expected
    assert of(data.hex(), type_name="shannon") == expected
    with pytest.raises(ParseError):
        of(data[:-1], type_name="shannon")


def test_no_text_can_make_the_reader_hang_or_crash():
    for text in (
        "a" * 2_000_000,
        "| " * 500_000,
        "{" * 500_000,
        "value UE-NR-Capability ::= " + "{ a " * 100_000,
        "Capability\n" + "\n".join(" " * n + "x" for n in range(3000)),
        "0 " * 500_000,
        "[" * 100_000,
        "Capability: " * 100_000,
        "rf-Parameters" * 200_000,
        "Capability" + " " * 2_000_000,
        "UE-NR-Capability\n rf-Parameters\n  supportedBandListNR\n   [0]\n    bandNR : 7" + " " * 2_000_000 + "x",
        '{"rf-Parameters": {"supportedBandListNR": [{"bandNR": "7' + " " * 2_000_000 + 'x"}]}}',
        "'" * 1_000_000 + "Capability {",
    ):
        with pytest.raises(ParseError):
            of(text)
