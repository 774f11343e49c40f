"""Personal data in AT answers, by record name (TS 27.007 and vendor manuals) and by the command for bare lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.recording.scrubbing import messages, shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.at_commands import PersonalKind
    from harness.recording.scrubbing.shapes import Blank, Kinds

_LINE = re.compile(r"[^\r\n]+")
_RECORD = re.compile(r"\s*([+^#$%*!&]{0,2}[A-Z][A-Z0-9_]{2,19})\s?[:=]\s?", re.IGNORECASE)
_LONG_DIGITS = re.compile(r"(?<![\w.])\d{14,17}(?![\w.])")
_CARD = re.compile(r"(?<![\w.])[0-9]{6}[0-9A-F]{8,26}(?![\w.])", re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]*)"')
_SUBSCRIBER = re.compile(r'(?<=")\d{14,15}(?=")')
_BARE = re.compile(r'\s*"?([0-9A-F]{14,22})"?\s*', re.IGNORECASE)
_BROKEN = re.compile(r"(?<![^\r\n])([0-9]{2,21})(\r?\n)([0-9]{2,20}F?)(?![^\r\n])", re.IGNORECASE)
_ASKS_IDENTITY = re.compile(r"GSN|CIMI|CCID|SIMEI|EGMR|ICCSN")
_ASKS_CARD = re.compile(r"CCID|ICCSN")
_ASKS_OTHERS = re.compile(r"GSN|CIMI")
_FORBIDDEN_NETWORKS = re.compile(r"AT\+CRSM=176,28539,0,0,\d{1,2}")
_NETWORK_CODES = re.compile(r"(?:F{6}|\d\d[F\d]\d\d\d){1,21}", re.IGNORECASE)
"""Three bytes a network (TS 24.008 10.5.1.3), FF where there is none."""
_ASKS_ADDRESS = re.compile(r"CIFSR|IPADDR|PADDR|LOCIP|IFCONFIG")
_USER = re.compile(r'(\s*\d{1,2},\s?[23],\s?)"([^"]+)"')
_TEMPORARY = re.compile(r"(?<![^\r\n])(\d+,\d+,\w+,\w+,\w+,\w+,\d+,)([0-9a-f]{1,8})(?=,|$)", re.IGNORECASE)


def scrub_records(text: str, request: str, kinds: Kinds, family: Mapping[str, PersonalKind] | None = None) -> str:
    """The text with the values of personal records blanked, line by line. `family` are those of the modem's own family."""
    asked = request.upper()
    if "UCGED" in asked or "+UCGED" in text:
        text = _TEMPORARY.sub(lambda m: m[1] + shapes.tmsi_value(m[2], kinds), text)
    if messages.has_messages(text):
        text = messages.scrub_messages(text, kinds)
    if _ASKS_IDENTITY.search(asked):
        text = _BROKEN.sub(lambda match: _broken(match, asked, kinds), text)
    return _LINE.sub(lambda match: _line(match[0], asked, kinds, family or {}), text)


def _line(line: str, asked: str, kinds: Kinds, family: Mapping[str, PersonalKind]) -> str:
    if len(line) > 2000:
        return line
    record = _RECORD.match(line)
    if record is not None:
        name = record[1].upper()
        handler = _HANDLERS.get(name) or _BY_KIND.get(family.get(name)) or (_ACCOUNTS if "AUTH" in name else None)
        if handler is None or (name == "+CRSM" and _is_network_list(line, asked)):
            return line
        return line[: record.end()] + handler(line[record.end() :], kinds)
    if _ASKS_ADDRESS.search(asked):
        return shapes.address_value(line, kinds)
    bare = _BARE.fullmatch(line)
    if bare is None or not asked:
        return line
    blank = _bare_kind(bare[1], asked)
    return line if blank is None else line[: bare.start(1)] + blank(bare[1], kinds) + line[bare.end(1) :]


def _is_network_list(line: str, asked: str) -> bool:
    """Whether a file of the card is EF_FPLMN (TS 31.102 4.2.16): networks that were forbidden, nothing of its owner."""
    value = _QUOTED.search(line)
    return (
        value is not None
        and _FORBIDDEN_NETWORKS.fullmatch(asked.strip()) is not None
        and _NETWORK_CODES.fullmatch(value[1]) is not None
    )


def _broken(match: re.Match[str], asked: str, kinds: Kinds) -> str:
    """A number that a line end cuts in two, where the command asks for one and both halves are none alone."""
    whole, first = match[1] + match[3], len(match[1])
    # The number of a card has 18 digits at least (ITU-T E.118), so that more of it is a half.
    alone = 18 if _ASKS_CARD.search(asked) and not _ASKS_OTHERS.search(asked) else 14
    blank = _bare_kind(whole, asked) if 14 <= len(whole) <= 22 and max(first, len(match[3])) < alone else None
    if blank is None:
        return match[0]
    clean = blank(whole, kinds)
    return clean[:first] + match[2] + clean[first:]


def _bare_kind(value: str, asked: str) -> Blank | None:
    """What a line of nothing but digits is, by the command. A MEID has 14 hexadecimal digits, or 18 decimal (C.S0072)."""
    if not value[8:].strip("0"):
        return None
    digits = value.isdigit()
    if _ASKS_CARD.search(asked) and (len(value) > 17 or not _ASKS_OTHERS.search(asked)):
        return shapes.iccid_value
    device = re.search(r"CGSN|\+GSN|SIMEI|EGMR|\bATI", asked) is not None
    subscriber = "IMI" in asked
    if not digits and len(value) == 14 and "GSN" in asked:
        return shapes.imei_value
    if digits and len(value) <= 18:
        if subscriber and (not device or not shapes.luhn(value)):
            return shapes.imsi_value
        if device:
            return shapes.imei_value
        if len(value) == 15 and shapes.luhn(value) and value[:2] in shapes.REPORTING_BODIES:
            return shapes.imei_value
    return None


def _all(pattern: re.Pattern[str], blank: Blank) -> Callable[[str, Kinds], str]:
    return lambda rest, kinds: pattern.sub(lambda match: blank(match[0], kinds), rest)


def _phones(rest: str, kinds: Kinds) -> str:
    """Numbers, and the names that stand beside them in quotes."""
    fields = [
        shapes.phone_value(field, kinds) if re.fullmatch(r'\s*"?\+?[\d*#]{4,20}"?\s*', field) else field
        for field in _QUOTED.sub(lambda match: f'"{messages.number_or_name(match[1], kinds)}"', rest).split(",")
    ]
    return ",".join(fields)


def _addresses(rest: str, kinds: Kinds) -> str:
    return shapes.address_value(rest, kinds)


def _hex_addresses(rest: str, kinds: Kinds) -> str:
    changed = re.sub(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}(?![0-9A-Fa-f])", "00000000", rest)
    if changed != rest:
        kinds.add("ip")
    return shapes.address_value(changed, kinds)


def _accounts(first: int) -> Callable[[str, Kinds], str]:
    """Blanks the quoted texts from number `first` on, but for addresses and APNs before it."""

    def blank(rest: str, kinds: Kinds) -> str:
        seen = 0

        def change(match: re.Match[str]) -> str:
            nonlocal seen
            seen += 1
            return f'"{shapes.account_value(match[1], kinds)}"' if seen > first else match[0]

        return _QUOTED.sub(change, rest)

    return blank


def _serial(rest: str, kinds: Kinds) -> str:
    changed = _LONG_DIGITS.sub(lambda match: shapes.imei_value(match[0], kinds), rest)
    if changed != rest:
        return changed
    value = re.fullmatch(r'(\s*"?)([A-Za-z0-9-]{6,32})("?\s*)', rest)
    if value is None or _LONG_DIGITS.search(rest):
        return rest
    return value[1] + shapes.serial_value(value[2], kinds) + value[3]


def _users(rest: str, kinds: Kinds) -> str:
    """u-blox's +UPSD: parameter 2 is the user's name, 3 the password."""
    return _USER.sub(lambda match: f'{match[1]}"{shapes.account_value(match[2], kinds)}"', rest)


def _physical(rest: str, kinds: Kinds) -> str:
    """Huawei's ^PHYNUM: IMEI and MAC addresses without separators."""
    rest = _LONG_DIGITS.sub(lambda match: shapes.imei_value(match[0], kinds), rest)
    return ",".join(shapes.mac_value(field, kinds) for field in rest.split(","))


_ACCOUNTS = _accounts(0)
_ADDRESS_RECORDS = (
    *("+CGDCONT", "+CGPADDR", "+CGCONTRDP", "+QIPADDR", "+CIFSR", "+IPADDR", "+QIACT", "#CGPADDR", "+UPSND", "+XDNS"),
    *("$QCRMCALL", "+NETOPEN", "+QNETDEVSTATUS", "+CNACT", "#SGACT", "+QDNSCFG", "+CDNSCFG", "+UDNSRN", "+QMAP"),
)
_LOCATION_RECORDS = (
    *("+QGPSLOC", "+CGPSINFO", "+CGNSINF", "+CGNSSINFO", "+UGNSINF", "$GPSACP", "+UULOC", "+UGGLL", "+UGGGA", "+UGRMC"),
    *("+CIPGSMLOC", "+CLBS", "+QCELLLOC", "+QLBS", "#XGPS", "+GTGPS", "$QCGPSINFO"),
)
_DEVCONINFO = re.compile(r"(?<![A-Z])(SN|UN|IMEI|PN)\(([^()]{4,40})\)")


def _devconinfo(rest: str, kinds: Kinds) -> str:
    """Samsung's `MN(<model>);..;SN(<serial>);IMEI(<IMEI>);UN(<unique number>);PN(<phone number>)`."""
    blanks = {"IMEI": shapes.imei_value, "PN": shapes.phone_value}
    return _DEVCONINFO.sub(
        lambda match: f"{match[1]}({blanks.get(match[1], shapes.serial_value)(match[2], kinds)})", rest
    )


_HANDLERS: dict[str, Callable[[str, Kinds], str]] = {
    "+DEVCONINFO": _devconinfo,
    **dict.fromkeys(
        (
            "+CGSN",
            "+GSN",
            "#CGSN",
            "*CGSN",
            "%CGSN",
            "^GSN",
            "+KGSN",
            "^SN",
            "#SN",
            "+SN",
            "*SN",
            "+SIMEI",
            "+EGMR",
            "$QCIMEI",
        ),
        _serial,
    ),
    **dict.fromkeys(("+CIMI", "+CCED", "#CIMI", "*CIMI", "^CIMI", "%CIMI"), _all(_LONG_DIGITS, shapes.imsi_value)),
    **dict.fromkeys(
        ("+CCID", "+ICCID", "^ICCID", "#CCID", "+QCCID", "%XICCID", "+CICCID", "+ZICCID", "*ICCID", "^CCID", "!ICCID"),
        _all(_CARD, shapes.iccid_value),
    ),
    **dict.fromkeys(("+CNUM", "+CLIP", "+CCWA", "+COLP", "+CSCA", "+CLCC", "+CCFC", "+CDIP", "+CNAP"), _phones),
    **dict.fromkeys(("#RFSTS", "+RFSTS", "^RFSTS"), _all(_SUBSCRIBER, shapes.imsi_value)),
    **dict.fromkeys(_ADDRESS_RECORDS, _addresses),
    **dict.fromkeys(("^DHCP", "^DHCPV6", "^IPV6CAP"), _hex_addresses),
    **dict.fromkeys(("+CPBR", "+CPBF"), messages.phone_book),
    **dict.fromkeys(("+CMT", "+CMGL", "+CMGR", "+CDS"), messages.message_header),
    **dict.fromkeys(("+CRSM", "+CSIM", "+CGLA", "+CRLA"), messages.sim_file),
    **dict.fromkeys(_LOCATION_RECORDS, shapes.location_value),
    "+CUSD": messages.ussd,
    "^PHYNUM": _physical,
    "+UPSD": _users,
    # Every record whose name says AUTH is one too.
    **dict.fromkeys(("$QCPDPP", "%PDNSET"), _ACCOUNTS),
    **dict.fromkeys(("+QICSGP", "+CSTT"), _accounts(1)),
}
_BY_KIND: dict[str | None, Callable[[str, Kinds], str]] = {
    "imei": _serial,
    "serial": _serial,
    "imsi": _all(_LONG_DIGITS, shapes.imsi_value),
    "iccid": _all(_CARD, shapes.iccid_value),
    "phone": _phones,
    "account": _ACCOUNTS,
    "address": _addresses,
    "location": shapes.location_value,
}
"""By what a family says that a record of its own holds (`harness.at_commands.PersonalKind`)."""
