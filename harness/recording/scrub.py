"""Personal data out of device text: by property key, by label, by AT record, and by shapes that nothing else has.

What stands in its place has the same length and shape, so that a scrubbed answer still parses: an IMEI keeps its TAC
(TS 23.003 clause 6.2), an IMSI its PLMN, an ICCID its issuer. Scrubbing twice changes nothing more. Channels, PLMNs,
bands and band masks are never touched: a number is only taken for an identity by its context or its check digit.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from harness.recording import scrub_shapes as shapes
from harness.recording.scrub_known import Known

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.recording.model import Exchange, RecordingInfo
    from harness.recording.scrub_shapes import Blank, Kinds

CAPABILITY_FILE = "uecap "
"""How the request of a file that was given as evidence begins; no command of a device does."""
_AT_REQUEST = re.compile(r"\s*at(?![a-z]{2})", re.IGNORECASE)

_PROPERTY = re.compile(r"^\[([\w.@:-]{1,200})\]: \[([^\]]*)\]|^([a-z]\w*(?:\.[\w-]+)+)=([^\r\n]*)", re.MULTILINE)
_PROPERTY_KINDS: tuple[tuple[re.Pattern[str], Blank], ...] = tuple(
    (re.compile(pattern), blank)
    for pattern, blank in (
        (r"icc_?id|iccserial|sim\.serial", shapes.iccid_value),
        (r"imei|meid", shapes.imei_value),
        (r"imsi|subscriber", shapes.imsi_value),
        (
            r"(?:^|[._])(?:wifi|wlan\d?|bt|ble|eth\d?|p2p|softap)?_?mac(?:_?addr(?:ess)?)?\d?$|bd_?addr|btaddr",
            shapes.mac_value,
        ),
        (
            r"serial(?:no|num|number)?\d?$|[._](?:sno|psno|sn|fsn|did)$|fuse_?id|cpu_?id|chip_?id|android_?id"
            r"|net\.hostname|unique_?(?:id|no)|device_?(?:uuid|id)$|_serial$",
            shapes.serial_value,
        ),
        (r"msisdn|line1|phone_?num|voice_?mail|vmail|[._]mdn$", shapes.phone_value),
        (r"dns\d?$|ip_?addr|gateway|(?:local|remote)-ip|server(?:addr)?$|[._]ip$|pcscf|host$", shapes.address_value),
    )
)

_GAP = r"""\w{0,12}["'\]]{0,2}\s{0,4}[:=]\s{0,4}[\["'(]{0,3}"""
_LABELS: tuple[tuple[tuple[str, ...], re.Pattern[str], Blank], ...] = tuple(
    (words, re.compile(pattern, re.IGNORECASE), blank)
    for words, pattern, blank in (
        # The words are how a match of the pattern starts: they are looked for first, which is fifty times as fast.
        (
            ("imei", "meid", "deviceid", "device_id"),
            rf"(?:imei|meid|device_?id){_GAP}((?:[0-9A-F](?:\r?\n(?=\d))?){{14,17}})(?![0-9A-Z])",
            shapes.imei_value,
        ),
        (
            ("imsi", "subscriberid", "subscriber_id"),
            rf"(?:imsi|subscriber_?id){_GAP}(\d{{6,15}})(?!\d)",
            shapes.imsi_value,
        ),
        (
            ("iccid", "icc_id", "cardstring", "simserial", "eid"),
            rf"(?:icc_?id|cardstring|simserial|(?<![a-z])eid){_GAP}([0-9A-F]{{8,32}})(?![0-9A-Z])",
            shapes.iccid_value,
        ),
        (
            ("incoming", "line1", "msisdn", "phone", "voicemail", "voice", "subscription", "foregroundcall", "number"),
            r"(?:incoming[ _]?number|line1(?:number)?|msisdn|phone[ _]?number|voice[ _]?mail[ _]?number"
            r"|subscription[ _]?number|foregroundcallstate|numberfrom\w{2,10}|(?<![a-z])number(?==))"
            rf"{_GAP}(\+?\d[\d -]{{3,18}}\d)",
            shapes.phone_value,
        ),
        (
            ("serial", "sn", "fsn", "s/n"),
            r"(?:serial[ _]?(?:number|num|no)?|(?<![a-z])(?:f?sn|s/n))[\"'\]]{0,2}\s{0,4}[:=]\s{0,4}[\[\"'(]{0,3}"
            r"([A-Z0-9][A-Z0-9-]{5,31})(?![A-Z0-9])",
            shapes.serial_value,
        ),
        (
            ("android_id", "androidid", "gsf_id", "gsfid", "advertising_id"),
            rf"(?:android_?id|gsf_?id|advertising_?id){_GAP}([0-9a-f]{{16}}(?:[0-9a-f]{{16}})?|[0-9a-f-]{{36}})(?![0-9A-Z])",
            shapes.serial_value,
        ),
        (
            # ModemManager's `own`, `own-numbers` and the hash that it makes of a modem's identity.
            ("own-number", "own number", "own:", "own :"),
            r"own(?:[- ]numbers?)?(?:\.value\[\d{1,2}\])?\"?\s{0,3}:\s{0,3}[\[\"']{0,3}(\+?\d{5,15})(?!\d)",
            shapes.phone_value,
        ),
        (
            ("device id", "device-id"),
            r"device[- ]id(?:entifier)?\"?[\s:]{1,5}[\"']?([0-9a-f]{40})(?![0-9a-z])",
            shapes.serial_value,
        ),
        (
            ("tmsi", "guti"),
            r"(?:tmsi|guti)\s{0,4}[:=]\s{0,4}(?:0x)?([0-9A-F]{6,20})(?![0-9A-Z])",
            shapes.tmsi_value,
        ),
    )
)

_MASK_LINE = re.compile(r"BND|BAND|MASK|EPBSE|CNBP|SYSCFG|PREF|SCFG|GTACT|XACT", re.IGNORECASE)
_IDENTITY_LINE = re.compile(r"IMEI|MEID|ICC|CCID", re.IGNORECASE)
# A look-behind stands after the first character: so the search can skip to that.
_DIGITS = re.compile(r"\d(?<![\w.]\d)\d{14}(?:\d{4,5}F?)?(?![\w.])|\d(?<![\w-]\d)\d-\d{6}-\d{6}-\d(?![\w-])")
_NAI = re.compile(r"(?<!\d)\d{14,16}$")
_PHONE = re.compile(r"\+(?<![\w+.]\+)[1-9]\d{7,14}(?![\w.])")
_PHONE_URI = re.compile(r"(?:tel|sips?):(\+?\d{6,15})")
_PROFILE = re.compile(
    r"(dataprofile\s{0,2}[=:]?\s{0,2}\d{1,4}/[^/\s]{0,100}/IP(?:V4V6|V6|V4)?/\d/)([^/\s]{0,100}/[^/\s]{0,100})(?=/)",
    re.IGNORECASE,
)
"""AOSP's DataProfile.toString: profile, APN, protocol, authentication, user, password."""
_CARD_FILE = re.compile(
    r"(?:IccIoResult|ICC_IO|SIM_IO)[^\r\n]{0,200}?(?:payload|data|response)\s{0,2}[:=]\s{0,2}([0-9A-F]{12,600})",
    re.IGNORECASE,
)
"""What a radio log tells of a file of the SIM."""
_IMSI_WORD = re.compile(r"imsi|subscri", re.IGNORECASE)
_ACCOUNT_WORDS = ("apn", "data_call", "gateways=")
_ACCOUNT = re.compile(r"(?<![a-z])(?:user(?:name)?|passw(?:or)?d)=([^,\s;\"\]]+)", re.IGNORECASE)


def scrub(
    text: str, *, request: str = "", cells: bool = False, known: Known | None = None
) -> tuple[str, frozenset[str]]:
    """The text without personal data, and the kinds of what was removed.

    `request` is what was asked; an AT command tells what its bare digits are. `cells` also replaces cell ids and
    tracking areas. `known` is what earlier answers of the same device told; what this one tells is added to it, and
    all of it goes from the text in any form. Kinds: imei, imsi, iccid, phone, serial, mac, ip, apn_user, tmsi, message,
    cell_id, tac.
    """
    kinds = shapes.Found()
    is_at = _AT_REQUEST.match(request) is not None
    if is_at or not request:
        from harness.recording.scrub_at import scrub_records

        text = scrub_records(text, request, kinds)
    if not is_at:
        text = _PROPERTY.sub(lambda match: _property(match, kinds), text)
        if "arcel" in text:
            from harness.recording.scrub_messages import scrub_parcels

            text = scrub_parcels(text, request, kinds)
    text = _labelled(text, kinds)
    text = _by_shape(text, is_at=is_at, kinds=kinds)
    known = Known() if known is None else known
    for kind, value in kinds.values:
        known.learn(kind, value)
    text = known.hide(text, kinds)
    if cells:
        from harness.recording.scrub_cells import scrub_cells

        text = scrub_cells(text, request, kinds)
    return text, frozenset(kinds)


def scrub_exchange(
    exchange: Exchange, *, cells: bool = False, known: Known | None = None
) -> tuple[Exchange, frozenset[str]]:
    """An exchange with response, standard error and the words of its error scrubbed; see `scrub`.

    Bytes that are no text stay what they are, and so does what was kept of a capability file: nothing in it is
    personal, and its octets must not change.
    """
    if exchange.request.startswith(CAPABILITY_FILE):
        return exchange, frozenset()
    response, removed = _scrub_bytes(exchange.response, exchange.request, cells=cells, known=known)
    stderr, error = exchange.stderr, exchange.error
    if stderr:
        stderr, more = _scrub_bytes(stderr, exchange.request, cells=cells, known=known)
        removed |= more
    if error:
        error, more = scrub(error, request=exchange.request, cells=cells, known=known)
        removed |= more
    if not removed:
        return exchange, removed
    return replace(exchange, response=response, stderr=stderr, error=error), removed


def scrub_info(info: RecordingInfo) -> tuple[RecordingInfo, frozenset[str]]:
    """A recording's description with its address and identity scrubbed."""
    kinds: Kinds = set()
    device = {
        key: _blank_property(key, value, kinds) or _by_shape(value, is_at=True, kinds=kinds)
        for key, value in info.device.items()
    }
    address = info.address and scrub_address(info.address, kinds)
    return replace(info, device=device, address=address), frozenset(kinds)


_TOGETHER = " + "


def scrub_address(address: str, kinds: Kinds | None = None) -> str:
    """An address that may be shown to strangers: an adb serial or an IP address goes, ports and names of files stay.

    Several addresses of one device stand with ` + ` between them.
    """
    kinds = set() if kinds is None else kinds
    if _TOGETHER in address:
        return _TOGETHER.join(scrub_address(part, kinds) for part in address.split(_TOGETHER))
    if by_id := re.fullmatch(r"(/dev/serial/by-id/.*_)([^_]+?)(-if\d+.*|-port\d+)", address):
        return by_id[1] + shapes.serial_value(by_id[2], kinds) + by_id[3]
    if re.match(
        r"emulator-\d+$|COM\d+$|/|\.|[^:]*[/\\]|[a-z0-9+]+://|fixture:|bench:|usb:|localfilesystem:|qmi:|mbim:", address
    ):
        return _by_shape(address, is_at=False, kinds=kinds)
    if re.search(r":\d+$", address):
        return _by_shape(address, is_at=False, kinds=kinds)
    return shapes.serial_value(address, kinds)


def hide_address(text: str, address: str) -> str:
    """`text` with every mention of the device's addresses in the form that may be shown to strangers."""
    for part in address.split(_TOGETHER):
        shown = scrub_address(part)
        if shown != part and len(part) >= 4:
            text = text.replace(part, shown)
    return text


def known_of(address: str) -> Known:
    """What is known of a device before it is asked: the serial numbers among its addresses."""
    return Known(
        *(part for part in address.split(_TOGETHER) if scrub_address(part) == shapes.serial_value(part, set()))
    )


def _scrub_bytes(data: bytes, request: str, *, cells: bool, known: Known | None) -> tuple[bytes, frozenset[str]]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text, kinds = scrub(data.decode("utf-16", "replace"), request=request, cells=cells, known=known)
        return (text.encode("utf-8", "replace") if kinds else data), kinds
    text, kinds = scrub(data.decode("utf-8", "surrogateescape"), request=request, cells=cells, known=known)
    return text.encode("utf-8", "surrogateescape"), kinds


def _property(match: re.Match[str], kinds: Kinds) -> str:
    key, value = (match[1], match[2]) if match[1] is not None else (match[3], match[4])
    blanked = _blank_property(key, value, kinds)
    if blanked is None or blanked == value:
        return match[0]
    start = match.start(2 if match[1] is not None else 4) - match.start()
    return match[0][:start] + blanked + match[0][start + len(value) :]


def _blank_property(key: str, value: str, kinds: Kinds) -> str | None:
    """The value of a property without what its key says is personal; None where the key says nothing."""
    blank = _property_blank(key)
    return None if blank is None else ",".join(blank(item, kinds) for item in value.split(","))


@lru_cache(maxsize=8192)
def _property_blank(key: str) -> Blank | None:
    lower = key.lower()
    return next((blank for pattern, blank in _PROPERTY_KINDS if pattern.search(lower)), None)


def _labelled(text: str, kinds: Kinds) -> str:
    for words, pattern, blank in _LABELS:
        lower = text.lower()
        if len(lower) != len(text):
            text = pattern.sub(_group(blank, kinds), text)
        elif any(word in lower for word in words):
            text = _replace_at(text, _starts(lower, words), pattern, _group(blank, kinds))
    lower = text.lower()
    if "sim_io" in lower or "icc" in lower:
        from harness.recording.scrub_messages import card_value

        text = _CARD_FILE.sub(_group(card_value, kinds), text)
    if "dataprofile" in lower:
        text = _PROFILE.sub(
            lambda match: match[1] + "/".join(_account_part(p, kinds) for p in match[2].split("/")), text
        )
    if "=" in text and any(word in lower for word in _ACCOUNT_WORDS):
        text = _ACCOUNT.sub(lambda match: _account(match, kinds), text)
    return text


def _starts(lower: str, words: tuple[str, ...]) -> list[int]:
    found = set()
    for word in words:
        at = lower.find(word)
        while at >= 0:
            found.add(at)
            at = lower.find(word, at + 1)
    return sorted(found)


def _replace_at(text: str, starts: list[int], pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> str:
    out, done = [], 0
    for start in starts:
        if start >= done and (match := pattern.match(text, start)) is not None:
            out += [text[done:start], change(match)]
            done = match.end()
    return "".join((*out, text[done:]))


def _group(blank: Blank, kinds: Kinds) -> Callable[[re.Match[str]], str]:
    def change(match: re.Match[str]) -> str:
        start = match.start(1) - match.start()
        return match[0][:start] + blank(match[1], kinds) + match[0][start + len(match[1]) :]

    return change


def _account_part(value: str, kinds: Kinds) -> str:
    return value if value.strip("*").lower() in ("", "null") else shapes.account_value(value, kinds)


def _account(match: re.Match[str], kinds: Kinds) -> str:
    value = match[1]
    near = match.string[max(0, match.start() - 300) : match.end() + 300].lower()
    # `user=0` is an Android user, not an account.
    if value.isdigit() or value.lower() in ("null", "none") or not any(word in near for word in _ACCOUNT_WORDS):
        return match[0]
    return match[0][: -len(value)] + shapes.account_value(value, kinds)


def _by_shape(text: str, *, is_at: bool, kinds: Kinds) -> str:
    text = _DIGITS.sub(lambda match: _digits(match, kinds), text)
    if "@" in text:
        *before, last = text.split("@")
        tails = (_NAI.sub(lambda match: shapes.imsi_value(match[0], kinds), part[-20:]) for part in before)
        text = "@".join((*(part[:-20] + tail for part, tail in zip(before, tails, strict=True)), last))
    if "+" in text:
        text = _PHONE.sub(lambda match: shapes.phone_value(match[0], kinds), text)
    if "tel:" in text or "sip:" in text or "sips:" in text:
        text = _PHONE_URI.sub(_group(shapes.phone_value, kinds), text)
    return shapes.network_addresses(text, is_at=is_at, kinds=kinds)


def _digits(match: re.Match[str], kinds: Kinds) -> str:
    """Free-standing digits: an IMEI by its reporting body and check digit, an ICCID by its telecom prefix 89."""
    found = match[0]
    plain = found.replace("-", "")
    if len(plain) == 15:
        if plain[:2] in shapes.REPORTING_BODIES and shapes.luhn(plain):
            blank: Blank = shapes.imei_value
        elif _IMSI_WORD.search(shapes.line_around(match)):
            blank = shapes.imsi_value
        else:
            return found
    elif found.startswith("89"):
        blank = shapes.iccid_value
    else:
        return found
    line = shapes.line_around(match)
    if _MASK_LINE.search(line) and not _IDENTITY_LINE.search(line):
        return found
    return blank(found, kinds)
