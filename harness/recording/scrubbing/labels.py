"""Personal data behind a label that names it: `IMEI: …`, `subscriberId=…`, `ssid "…"`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.recording.scrubbing import gates, shapes
from harness.recording.scrubbing.words import MOST_PLACES, in_group, places, replace_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.recording.scrubbing.shapes import Blank, Kinds

_GAP = r"""\w{0,12}["'\]]{0,2}\s{0,4}[:=]\s{0,4}[\["'(]{0,3}"""
_LABELS: tuple[tuple[Mapping[str, tuple[int, ...]], tuple[str, ...], re.Pattern[str], Blank], ...] = tuple(
    (stems, words, re.compile(pattern, re.IGNORECASE), blank)
    for stems, words, pattern, blank in (
        # A match starts with one of the words, and holds one of the stems so many signs behind its start. Stems are
        # looked for first, once for all patterns: that is a hundred times as fast.
        (
            {"mei": (0, 1), "device": (0,)},
            ("imei", "meid", "deviceid", "device_id"),
            rf"(?:imei|meid|device_?id){_GAP}(?:0x)?((?:[0-9A-F](?:\r?\n(?=\d))?){{14,17}})(?![0-9A-Z])",
            shapes.imei_value,
        ),
        (
            {"msi": (1,), "subscri": (0,)},
            ("imsi", "subscriberid", "subscriber_id"),
            rf"(?:imsi|subscriber_?id){_GAP}(\d{{6,15}})(?!\d)",
            shapes.imsi_value,
        ),
        (
            {"msi": (1,), "subscri": (0,)},
            ("imsi", "subscriberid", "subscriber_id"),
            rf"(?:imsi|subscriber_?id){_GAP}(\d{{3}}[ -]\d{{2,3}}(?:[ -]\d{{1,10}}){{1,4}})(?!\d)",
            shapes.imsi_value,
        ),
        (
            {"msin": (0,)},
            ("msin",),
            rf"msin{_GAP}([0-9A-F]{{6,10}})(?![0-9A-Z])",
            shapes.msin_value,
        ),
        (
            # TS 23.003 clauses 2.2B and 28.7.3: a SUCI by its fields, as a network access identifier, or as octets.
            {"suci": (0,), "schid": (0,)},
            ("suci", "schid"),
            r"(?:suci(?:-\d{1,3}){1,3}-[0-9A-F]{1,4}-\d{1,2}-\d{1,3}-|suci\W{1,6}(?:0x)?|schid\d{1,2}\.[\w.]{0,80}?"
            r"(?:userid|cip))([0-9A-F]{6,200})",
            shapes.msin_value,
        ),
        (
            {"esn": (0,)},
            ("esn",),
            rf"(?<![a-z])esn{_GAP}(?:0x)?([0-9A-F]{{8}}|\d{{11}})(?![0-9A-Z])",
            shapes.serial_value,
        ),
        (
            {"icc": (0,), "cardstring": (0,), "serial": (3,), "eid": (0,)},
            ("iccid", "icc_id", "cardstring", "simserial", "eid"),
            rf"(?:icc_?id|cardstring|simserial|(?<![a-z])eid){_GAP}([0-9A-F]{{8,32}})(?![0-9A-Z])",
            shapes.iccid_value,
        ),
        (
            {"number": (0, 5, 6, 8, 9, 10, 11, 12, 13), "line1": (0,), "msi": (0,), "foregroundcall": (0,)},
            ("incoming", "line1", "msisdn", "phone", "voicemail", "voice", "subscription", "foregroundcall", "number"),
            r"(?:incoming[ _]?number|line1(?:number)?|msisdn|phone[ _]?number|voice[ _]?mail[ _]?number"
            r"|subscription[ _]?number|foregroundcallstate|numberfrom\w{2,10}|(?<![a-z])number(?==))"
            rf"{_GAP}(\+?\d[\d -]{{3,18}}\d)",
            shapes.phone_value,
        ),
        (
            {"serial": (0,), "sn": (0, 1), "s/n": (0,)},
            ("serial", "sn", "fsn", "s/n"),
            r"(?:serial[ _]?(?:number|num|no)?|(?<![a-z])(?:f?sn|s/n))[\"'\]]{0,2}\s{0,4}[:=]\s{0,4}[\[\"'(]{0,3}"
            r"([A-Z0-9][A-Z0-9-]{5,31})(?![A-Z0-9])",
            shapes.serial_value,
        ),
        (
            {"android_id": (0,), "androidid": (0,), "gsf": (0,), "advertising": (0,)},
            ("android_id", "androidid", "gsf_id", "gsfid", "advertising_id", "advertisingid"),
            rf"(?:android_?id|gsf_?id|advertising_?id){_GAP}([0-9a-f]{{16}}(?:[0-9a-f]{{16}})?|[0-9a-f-]{{36}})(?![0-9A-Z])",
            shapes.serial_value,
        ),
        (
            # ModemManager's `own`, `own-numbers` and the hash that it makes of a modem's identity.
            {"own": (0,)},
            ("own",),
            r"own(?:[- ]numbers?)?(?:\.value\[\d{1,2}\])?\"?\s{0,3}:\s{0,3}[\[\"']{0,3}(\+?\d{5,15})(?!\d)",
            shapes.phone_value,
        ),
        (
            {"device": (0,)},
            ("device id", "device-id"),
            r"device[- ]id(?:entifier)?\"?[\s:]{1,5}[\"']?([0-9a-f]{40})(?![0-9a-z])",
            shapes.serial_value,
        ),
        (
            {"msi": (1,), "guti": (0,)},
            ("tmsi", "guti"),
            r"(?:tmsi|guti)\s{0,4}[:=]\s{0,4}(?:0x)?([0-9A-F]{6,20})(?![0-9A-Z])",
            shapes.tmsi_value,
        ),
        (
            {"guti": (0,)},
            ("guti",),
            r"guti\W{1,4}(?:0x)?([0-9A-F]{2,6}(?:[-. ][0-9A-F]{1,8}){2,5})(?![0-9A-Z])",
            shapes.tmsi_value,
        ),
        (
            {"ssid": (0,)},
            ("ssid",),
            r"(?<!b)ssid[\"'\]]{0,2}\s{0,4}[:=]\s{0,4}[\"'\[]{0,2}([^\"'\],;\r\n]{1,32})",
            shapes.name_value,
        ),
        (
            # SubscriptionManager.NAME_SOURCE_USER_INPUT is 2. Where no source is told, a name of the carrier's is none.
            {"displayname": (0,)},
            ("displayname",),
            r"displayname=([^\r\n,=]{1,60}?)(?= \w{1,40}=|[,\r\n]|$)(?:(?=[^\r\n]{0,300}namesource=(?:2\b|\w{0,20}user_input))"
            r"|(?! carriername=\1[ ,])(?![^\r\n]{0,300}namesource=))",
            shapes.name_value,
        ),
        (
            {"nickname": (0,)},
            ("nickname",),
            r"nickname[\"'\]]{0,2}\s{0,4}[:=]\s{0,4}[\"'\[]{0,2}([^\"'\],;\r\n]{1,64})",
            shapes.name_value,
        ),
        (
            {"host": (0,)},
            ("hostname", "host name", "host_name", "host-name"),
            r"host[ _-]?name[\"'\]]{0,2}\s{0,4}[:=]\s{0,4}[\"'\[]{0,2}([\w.-]{2,64})",
            shapes.name_value,
        ),
        (
            {"proxy": (0,)},
            ("proxy",),
            r"proxy[ _-]?(?:user(?:[ _]?name)?|pass(?:word|wd)?)[\"'\]]{0,2}\s{0,4}[:=]\s{0,4}[\"'\[]{0,2}([^\s,;\"'\]]{1,64})",
            shapes.account_value,
        ),
        (
            {"latitude": (0,), "longitude": (0,)},
            ("latitude", "longitude"),
            r"(?:lat|long)itude[\"'\]]{0,2}\s{0,20}[:=]\s{0,4}[\"']?([+-]?\d{1,3}[.,]\d{2,18})",
            shapes.location_value,
        ),
        (
            {"location[": (0,)},
            ("location[",),
            r"location\[\w{1,20} ([+-]?\d{1,3}[.,]\d{2,18},[+-]?\d{1,3}[.,]\d{2,18})",
            shapes.location_value,
        ),
    )
)
_STEMS = {
    stem: [number for number, (stems, *_) in enumerate(_LABELS) if stem in stems]
    for stem in dict.fromkeys(stem for stems, *_ in _LABELS for stem in stems)
}
"""Which labels hold each stem."""


def scrub_labelled(text: str, kinds: Kinds) -> str:
    """The text without what stands behind a label that names it."""
    lower = text.lower()
    # What goes leaves as many zeros: so places stay, and no word is new.
    here = {stem: places(lower, stem) for stem in _STEMS if stem in lower}
    crowd = {stem for stem, found in here.items() if len(found) > MOST_PLACES}
    # İ and its like: then places in one are not places in the other.
    if len(lower) == len(text):
        wanted = sorted({number for stem in here for number in _STEMS[stem]})
    else:
        wanted = list(range(len(_LABELS)))
    for stems, words, pattern, blank in map(_LABELS.__getitem__, wanted):
        if len(lower) != len(text) or not crowd.isdisjoint(stems):
            text = pattern.sub(in_group(blank, kinds), text)
            lower = text.lower()
        elif starts := _starts(lower, stems, here, words):
            changed = replace_at(text, starts, pattern, in_group(blank, kinds))
            if changed is not text:
                text, lower = changed, changed.lower()
    if gates.has_account(text, lower):
        from harness.recording.scrubbing.accounts import scrub_accounts

        text = scrub_accounts(text, lower, kinds)
    return text


def _starts(
    lower: str, stems: Mapping[str, tuple[int, ...]], here: dict[str, list[int]], words: tuple[str, ...]
) -> list[int]:
    found = set()
    for stem in stems:
        for at in here.get(stem, ()):
            for before in stems[stem]:
                if before <= at and lower.startswith(words, at - before):
                    found.add(at - before)
    return sorted(found)
