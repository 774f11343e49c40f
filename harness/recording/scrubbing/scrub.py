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

from harness.recording.scrubbing import gates, plain_answers, shapes
from harness.recording.scrubbing.known import KnownIdentifiers
from harness.recording.scrubbing.labels import scrub_labelled
from harness.recording.scrubbing.words import in_group

if TYPE_CHECKING:
    from harness.recording.exchange import Exchange, RecordingInfo
    from harness.recording.scrubbing.shapes import Blank, Kinds

CAPABILITY_FILE = "uecap "
"""How the request of a file that was given as evidence begins; no command of a device does."""
_AT_REQUEST = re.compile(r"\s*at(?![a-z]{2})", re.IGNORECASE)

# It starts with the line end before the property: so the search skips to line ends.
_PROPERTY = re.compile(r"\n(?:\[([\w.@:-]{1,200})\]: \[([^\]]*)\]|([a-z]\w*(?:\.[\w-]+)+)=([^\r\n]*))")
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

_MASK_LINE = re.compile(r"BND|BAND|MASK|EPBSE|CNBP|SYSCFG|PREF|SCFG|GTACT|XACT", re.IGNORECASE)
_IDENTITY_LINE = re.compile(r"IMEI|MEID|ICC|CCID", re.IGNORECASE)
# A look-behind stands after the first character: so the search can skip to that.
_DIGITS = re.compile(r"\d(?<![\w.]\d)\d{14}(?:\d{17}|\d{4,5}F?)?(?![\w.])|\d(?<![\w-]\d)\d-\d{6}-\d{6}-\d(?![\w-])")
_NAI = re.compile(r"\d(?<!\d\d)\d{13,15}(?=\n?@)")
_PHONE = re.compile(r"\+(?<![\w+.]\+)[1-9]\d{7,14}(?![\w.])")
_PHONE_URI = re.compile(r"(?:tel|sips?):(\+?\d{6,15})")
_USER_OF_URL = re.compile(r"://([^/\s:@]{1,64}(?::[^/\s@]{0,64})?)@")
_NMEA = re.compile(r"\$(?:G[ABILNPQ]|B[DP])(?:GGA|GLL|GNS|RMC),([^\r\n$]{4,120})")
"""A sentence of a satellite receiver (NMEA 0183) that tells where it is."""
_IMSI_WORD = re.compile(r"imsi|subscri", re.IGNORECASE)
_NONE: frozenset[str] = frozenset()


def scrub(
    text: str, *, request: str = "", cells: bool = False, known: KnownIdentifiers | None = None
) -> tuple[str, frozenset[str]]:
    """The text without personal data, and the kinds of what was removed.

    `request` is what was asked; an AT command tells what its bare digits are. `cells` also replaces cell ids and
    tracking areas. `known` is what earlier answers of the same device told; what this one tells is added to it, and
    all of it goes from the text in any form. Kinds: imei, imsi, iccid, phone, serial, mac, ip, apn_user, tmsi, message,
    name, location, cell_id, tac.
    """
    kinds = shapes.Found()
    text = _by_patterns(text, request, kinds, known)
    return _by_knowledge(text, request, kinds, known, cells=cells), frozenset(kinds)


def _by_patterns(text: str, request: str, kinds: shapes.Found, known: KnownIdentifiers | None) -> str:
    """What the text itself tells to be personal; of what is known only which records of the family are."""
    is_at = _is_at(request)
    if is_at or not request:
        from harness.recording.scrubbing.at import scrub_records

        text = scrub_records(text, request, kinds, known.records.personal if known else None)
    if not is_at:
        text = _properties(text, kinds)
        if "Parcel(" in text or "parcel" in request.lower():
            from harness.recording.scrubbing.messages import scrub_parcels

            text = scrub_parcels(text, request, kinds)
    text = scrub_labelled(text, kinds)
    return _by_shape(text, is_at=is_at, kinds=kinds)


@lru_cache(maxsize=1024)
def _is_at(request: str) -> bool:
    return _AT_REQUEST.match(request) is not None


def _by_knowledge(text: str, request: str, kinds: shapes.Found, known: KnownIdentifiers | None, *, cells: bool) -> str:
    """What is known to be personal from this text and earlier ones of the device."""
    if kinds.values or known is not None:
        known = KnownIdentifiers() if known is None else known
        for kind, value in kinds.values:
            known.learn(kind, value)
        text = known.hide(text, kinds)
    if cells:
        from harness.recording.scrubbing.cells import scrub_cells

        text = scrub_cells(text, request, kinds, known.records.cells if known else None)
    return text


def scrub_exchange(
    exchange: Exchange, *, cells: bool = False, known: KnownIdentifiers | None = None
) -> tuple[Exchange, frozenset[str]]:
    """An exchange with response, standard error and the words of its error scrubbed; see `scrub`.

    Bytes that are no text stay what they are, and so does what was kept of a capability file: nothing in it is
    personal, and its octets must not change.
    """
    if exchange.request.startswith(CAPABILITY_FILE) or has_nothing_personal(exchange, cells=cells):
        return exchange, _NONE
    response, removed = _scrub_bytes(exchange.response, exchange.request, cells=cells, known=known)
    stderr, error = exchange.stderr, exchange.error
    if stderr:
        stderr, more = _scrub_bytes(stderr, exchange.request, cells=cells, known=known)
        removed |= more
    if error:
        words, more = scrub(error.message, request=exchange.request, cells=cells, known=known)
        error = replace(error, message=words)
        removed |= more
    if not removed:
        return exchange, removed
    return replace(exchange, response=response, stderr=stderr, error=error), removed


def has_nothing_personal(exchange: Exchange, *, cells: bool = False) -> bool:
    """Whether an answer is too short and too plain for anything personal, as most answers of settings are."""
    return not (cells or exchange.stderr or exchange.error) and gates.nothing_personal(exchange.response)


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
    if on_server := _ON_SERVER.fullmatch(address):
        return f"{_by_shape(on_server[1], is_at=False, kinds=kinds)}{scrub_address(on_server[2], kinds)}"
    if re.match(
        r"emulator-\d+$|COM\d+$|/|\.|[^:]*[/\\]|[a-z0-9+]+://|fixture:|bench:|labgrid:|usb:|localfilesystem:|qmi:|mbim:",
        address,
    ):
        return _by_shape(address, is_at=False, kinds=kinds)
    if re.search(r":\d+$", address):
        return _by_shape(address, is_at=False, kinds=kinds)
    return shapes.serial_value(address, kinds)


_ON_SERVER = re.compile(r"(adb://.+?:\d{1,5}/)(\S+)")


def _parts(address: str) -> list[str]:
    """The addresses of a device; of a handset of a named server its serial as well."""
    found = address.split(_TOGETHER)
    return [*found, *(there[2] for one in found if (there := _ON_SERVER.fullmatch(one)))]


def hide_address(text: str, address: str) -> str:
    """`text` with every mention of the device's addresses in the form that may be shown to strangers."""
    for part in _parts(address):
        text = text.replace(part, scrub_address(part))
    return text


def known_of(address: str) -> KnownIdentifiers:
    """What is known of a device before it is asked: the serial numbers among its addresses."""
    return KnownIdentifiers(
        *(part for part in _parts(address) if scrub_address(part) == shapes.serial_value(part, set()))
    )


def _scrub_bytes(
    data: bytes, request: str, *, cells: bool, known: KnownIdentifiers | None
) -> tuple[bytes, frozenset[str]]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text, kinds = scrub(data.decode("utf-16", "replace"), request=request, cells=cells, known=known)
        return (text.encode("utf-8", "replace") if kinds else data), kinds
    text, found = data.decode("utf-8", "surrogateescape"), shapes.Found()
    mark = plain_answers.mark_of(data, request, known)
    if not plain_answers.is_plain(mark):
        before, text = text, _by_patterns(text, request, found, known)
        if not found and text == before:
            plain_answers.remember(mark)
    text = _by_knowledge(text, request, found, known, cells=cells)
    return text.encode("utf-8", "surrogateescape"), frozenset(found)


def _properties(text: str, kinds: Kinds) -> str:
    if "=" not in text and "]: [" not in text:
        return text
    out, done, below = [], 0, f"\n{text}"
    for match in _PROPERTY.finditer(below):
        key, of = match[1], 2
        if key is None:
            key, of = match[3], 4
        value = match[of]
        blanked = _blank_property(key, value, kinds)
        if blanked is not None:
            out += [below[done : match.start(of)], blanked]
            done = match.end(of)
    return "".join((*out, below[done:]))[1:] if out else text


def _blank_property(key: str, value: str, kinds: Kinds) -> str | None:
    """The value of a property without what its key says is personal; None where the key says nothing."""
    blank = _property_blank(key)
    return None if blank is None else ",".join(blank(item, kinds) for item in value.split(","))


@lru_cache(maxsize=8192)
def _property_blank(key: str) -> Blank | None:
    lower = key.lower()
    return next((blank for pattern, blank in _PROPERTY_KINDS if pattern.search(lower)), None)


def _by_shape(text: str, *, is_at: bool, kinds: Kinds) -> str:
    zeros = gates.numbers(text)
    if gates.has_long_number(zeros):
        text = _by_number(text, zeros, kinds)
    if "@" in text and "://" in text:
        text = _USER_OF_URL.sub(in_group(shapes.account_value, kinds), text)
    if "$G" in text or "$B" in text:
        text = _NMEA.sub(in_group(shapes.location_value, kinds), text)
    return shapes.network_addresses(text, is_at=is_at, kinds=kinds)


def _by_number(text: str, zeros: bytes, kinds: Kinds) -> str:
    if gates.has_identity(zeros):
        text = _DIGITS.sub(lambda match: _digits(match, kinds), text)
    if gates.has_access_identifier(zeros):
        text = _NAI.sub(lambda match: shapes.imsi_value(match[0], kinds), text)
    if gates.has_phone(zeros):
        text = _PHONE.sub(lambda match: shapes.phone_value(match[0], kinds), text)
    if gates.has_phone_uri(zeros):
        text = _PHONE_URI.sub(in_group(shapes.phone_value, kinds), text)
    return text


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
