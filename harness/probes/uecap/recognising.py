"""What a file is, and its content into an attach. Everything is recognised by its content; names are hints only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from harness.errors import ParseError
from harness.probes.pasted import plain_text

from . import hexes
from .attach import Attach
from .finding import find
from .logs import logged
from .nameless import is_plain_capability
from .tables import ca_binary
from .texts.tables_printed import printed_tables
from .wire import packets

if TYPE_CHECKING:
    from .account import Kind
    from .wire.rrc import Coding

_CODINGS: dict[str, Coding] = {
    "lte-dcch": "lte_ul",
    "nr-dcch": "nr_ul",
    "eutra": "eutra",
    "nr": "nr",
    "mrdc": "mrdc",
    "s1ap": "s1ap",
    "ngap": "ngap",
}
_KINDS = ("eutra", "nr", "mrdc")
_PASSED_ON: tuple[Coding, ...] = ("s1ap", "ngap", "rat_list")
_MESSAGES: tuple[Coding, ...] = ("lte_ul", "nr_ul", "lte_dl", "nr_dl")
_HINTS: tuple[tuple[str, str], ...] = (
    (r"0xb0cd|b0cd", "0xB0CD"),
    (r"0xb826|b826", "0xB826"),
    (r"shannon", "shannon"),
    (r"eutra[-_ ]?nr", "mrdc"),
)
_WORDS = {"eutra": "eutra", "lte": "eutra", "nr": "nr", "mrdc": "mrdc", "endc": "mrdc"}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def take(attach: Attach, data: bytes, name: str, type_name: str | None = None) -> None:
    """Read one file into the attach. Raises ParseError where nothing of it can be read, InputError without pycrate."""
    attach.begin()
    if packets.is_capture(data):
        _capture(attach, data, name)
        return
    text = as_text(data)
    if text is None:
        _octets(attach, data, name, type_name)
        return
    if not text.strip():
        raise ParseError(f"{name} is empty")
    text = plain_text(text)
    blobs = hexes.read_hex(text)
    if blobs:
        _hex(attach, text, blobs, name, type_name)
    elif not _log(attach, text, name):
        _text(attach, text, name)


def _log(attach: Attach, text: str, name: str) -> bool:
    """Messages between the lines of a base station's log; False where there is none."""
    before = len(attach.accounts)
    for entry in logged(text):
        origin = f"{name} line {entry.line}"
        try:
            if entry.octets is not None:
                _guess(attach, entry.octets, origin, None)
            else:
                _trees(attach, entry.value, origin)
        except ParseError as error:
            attach.warnings.append(error.message)
    return len(attach.accounts) > before


def as_text(data: bytes) -> str | None:
    """The text of a file, or None where it is binary."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    if _CONTROL.search(data[:4096]) or _CONTROL.search(data):
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1") if _mostly_ascii(data) else None


def _mostly_ascii(data: bytes) -> bool:
    sample = data[:65536]
    return sum(octet < 128 for octet in sample) >= 0.95 * len(sample)


def _capture(attach: Attach, data: bytes, name: str) -> None:
    found, warnings = packets.read_packets(data)
    attach.warnings += [f"{name}: {text}" for text in warnings]
    before = len(attach.accounts)
    errors: list[str] = []
    for packet in found:
        error = _packet(attach, packet, f"{name} frame {packet.number}")
        if error:
            errors.append(error)
    attach.warnings += errors[:20]
    if len(attach.accounts) == before and not attach.waiting:
        why = (
            next(iter((*errors, *warnings)), "") or f"none of its {len(found)} RRC packets is a UECapabilityInformation"
        )
        raise ParseError(f"{name}: no UE capability in the capture: {why}")


_FIRST = {
    # first octets of the messages that matter (c1 and the message's number; or the class extension of segments)
    "lte_ul": lambda octet: octet & 0xF8 == 0x38 or octet & 0xFC == 0xAC,
    "lte_dl": lambda octet: octet & 0xF8 == 0x38,
    "nr_ul": lambda octet: octet & 0xF8 == 0x48 or octet & 0xFC == 0x80,
    "nr_dl": lambda octet: octet & 0xF8 == 0x30,
}


def _packet(attach: Attach, packet: packets.Packet, origin: str) -> str:
    """Take one packet; returns why it could not be read, where it looked like one that matters."""
    error = ""
    for coding, data in packet.choices:
        looks = _FIRST.get(coding)
        if looks and not (data and looks(data[0])):
            continue
        try:
            if coding in _KINDS:
                attach.container(data, cast("Kind", coding), origin)
                return ""
            if attach.message(data, coding, origin):
                return ""
        except ParseError as trouble:
            certain = len(packet.choices) == 1 and data[0] < 0x80
            error = f"{origin}: {trouble.message}" if certain or "UE-" in trouble.message else error
    return error


def _hex(attach: Attach, text: str, blobs: list[tuple[str, bytes]], name: str, type_name: str | None) -> None:
    """Hex: one blob, labelled ones, or paragraphs where the whole is nothing."""
    if len(blobs) == 1:
        parts = hexes.paragraphs(text)
        try:
            _octets(attach, blobs[0][1], name, type_name, blobs[0][0])
            return
        except ParseError:
            split = [blob for part in parts for blob in hexes.read_hex(part)] if len(parts) > 1 else []
            if not split:
                raise
            blobs = split
    for number, (label, data) in enumerate(blobs, 1):
        _octets(attach, data, f"{name} part {number}", type_name, label)


def _octets(attach: Attach, data: bytes, name: str, type_name: str | None, label: str = "") -> None:
    """Octets of a message, a container, a Qualcomm log item, or a Shannon file."""
    item = ca_binary.item_of(data)
    if item is not None:
        attach.add(ca_binary.read_item(item[1], item[0], name))
        return
    chosen = type_name or _hinted(label) or _hinted(name)
    if chosen in {"0xB0CD", "0xB826"}:
        attach.add(ca_binary.read_item(data, cast("ca_binary.Item", chosen), name))
    elif chosen == "shannon":
        from .tables.shannon import read_shannon

        attach.add(read_shannon(data, name))
    elif type_name:
        _as_coding(attach, data, _CODINGS[type_name], name)
    else:
        _guess(attach, data, name, chosen)


def _hinted(text: str) -> str | None:
    low = text.lower()
    for pattern, meaning in _HINTS:
        if re.search(pattern, low):
            return meaning
    words = re.split(r"[^a-z0-9]+", re.sub(r"(mr|en)-dc", r"\1dc", low))
    named = next((_WORDS[word] for word in reversed(words) if word in _WORDS), None)
    return named or ("mrdc" if re.search(r"mrdc|endc", low) else None)


def _as_coding(attach: Attach, data: bytes, coding: Coding, name: str) -> None:
    if coding in _KINDS:
        attach.container(data, cast("Kind", coding), name)
    elif not attach.message(data, coding, name):
        raise ParseError(f"{name}: a message, but no UECapabilityInformation")


def _guess(attach: Attach, data: bytes, name: str, hint: str | None) -> None:
    """Messages are tried where their first octet fits, then containers; two containers that fit are one too many."""
    reasons: list[str] = []
    for coding in _MESSAGES:
        if data and _FIRST[coding](data[0]):
            trial = Attach()
            try:
                if trial.message(data, coding, name) and (trial.accounts or coding.endswith("_dl")):
                    attach.message(data, coding, name)
                    return
                if trial.waiting:
                    attach.message(data, coding, name)
                    return
            except ParseError as error:
                reasons.append(error.message)
    for coding in _PASSED_ON:
        trial = Attach()
        try:
            if trial.message(data, coding, name) and not any(account.doubts for account in trial.accounts):
                attach.message(data, coding, name)
                return
        except ParseError as error:
            reasons.append(error.message)
    fitting = []
    for kind in _KINDS:
        trial = Attach()
        try:
            trial.container(data, cast("Kind", kind), name)
            if hint != kind and not is_plain_capability(data, trial.accounts[0]):
                raise ParseError(f"{name}: octets that fit a {kind} container by chance, perhaps")
            fitting.append((kind, trial.accounts[0]))
        except ParseError as error:
            reasons.append(error.message)
    clean = [found for found in fitting if not found[1].doubts] or fitting
    if len(clean) > 1 and hint in {kind for kind, _ in clean}:
        clean = [found for found in clean if found[0] == hint]
    if len(clean) == 1:
        attach.container(data, cast("Kind", clean[0][0]), name)
        return
    if clean:
        raise ParseError(
            f"{name}: can be read as {' or '.join(kind for kind, _ in clean)}", way_out="say which, with --type"
        )
    detail = next((why for why in reasons if "names" in why), reasons[-1] if reasons else "")
    raise ParseError(
        f"{name}: {len(data)} octets that are no capability message or container ({detail})",
        way_out="is it whole, and hex only? --type says what it is meant to be",
    )


def _printed(attach: Attach, text: str, name: str) -> bool:
    """Vendor tables in a saved output of `scat --cacombos`; False where there is none."""
    from .tables.ca_binary import read_item

    tables = dict.fromkeys((code, octets) for _, code, octets in printed_tables(text))
    for code, octets in tables:
        try:
            attach.add(read_item(bytes.fromhex(octets), code, f"{name} {code}"))  # type: ignore[arg-type]
        except ParseError as error:
            attach.warnings.append(error.message)
    return bool(tables)


def _text(attach: Attach, text: str, name: str) -> None:
    """A decoder's text, JSON, or a table."""
    from .tables.ca_table import is_table, read_table
    from .texts.brace_text import read_braced
    from .texts.indent_text import read_indented
    from .texts.json_text import read_json
    from .vendor_tree import read_mediatek

    start = text.lstrip()[:1]
    if start in {"{", "["}:
        try:
            value, numeric = read_json(text)
            _trees(attach, value, name, numeric=numeric)
            return
        except ParseError:
            if start == "[" or text.lstrip()[1:2] == '"':
                raise
    if _printed(attach, text, name):
        return
    if is_table(text):
        attach.add(read_table(text, name))
    elif "CA_COMB" in text:
        attach.add(read_mediatek(text, name))
    elif "{" in text and _BRACED.search(text):
        _trees(attach, read_braced(text), name)
    elif "apabilit" in text or "rf-Parameters" in text:
        _trees(attach, read_indented(text), name)
    else:
        raise ParseError(
            f"{name}: not a UE capability in a form that is known",
            way_out="hex, pcap, decoder text, JSON and vendor tables are read",
        )


_BRACED = re.compile(r"(?:[Pp]arameters[\w-]{0,40}|Container(?:List)?|Capability)\s{0,99}(?:(?:::=|:)\s{0,99})?\{")


def _trees(attach: Attach, value: object, name: str, *, numeric: bool = False) -> None:
    before = len(attach.accounts)
    octets: dict[str, list[int]] = {}
    for number, (kind, content) in enumerate(find(value), 1):
        place = len(attach.accounts)
        if kind == "enquiry":
            attach.enquiry(content)
            octets = {}
        elif isinstance(content, bytes):
            attach.container(content, kind, f"{name} container {number}")
            octets.setdefault(kind, []).append(place)
        else:
            attach.decoded(content, kind, f"{name} container {number} ({kind})", numeric=numeric)
            if octets.get(kind):  # decoders print a container as octets, and then what is in it
                attach.same(octets[kind].pop(0), place)
    if len(attach.accounts) == before:
        raise ParseError(f"{name}: no capability container in the decoded text")
