"""Band lists of Quectel 5G modems: +QNWPREFCFG and +QGETCAPABILITY (at-dialects.md sections 2.2 and 15.2).

The answers of policy_band, ue_capability_band and rf_band reuse the record names of the configured lists, so the
request decides what a list means.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from harness.at_commands import split_joined
from harness.observations import (
    EnabledBands,
    Identity,
    Layer,
    NetworkMode,
    NrState,
    Observation,
    Service,
    Source,
    SupportedBands,
)
from harness.patterns import late
from harness.probes.at.dialect import Reader
from harness.radio.masks import unknown_bands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat
    from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem

UNISOC = (r"RM500U", r"RG500U", r"RG200U", r"RM510U")
"""Unisoc-based 5G modules: one NR list for both modes, the test form names what is supported."""

_LISTS: dict[str, Rat] = {
    "gw_band": "umts",
    "lte_band": "lte",
    "nsa_nr5g_band": "nr_nsa",
    "nr5g_band": "nr_sa",
}
_LAYERS: dict[str, Layer] = {
    "policy_band": "policy",
    "ue_capability_band": "advertised",
    "rf_band": "hardware",
}
_MODES: dict[str, str] = {
    "GSM": "gsm",
    "WCDMA": "umts",
    "LTE": "lte",
    "NR5G": "nr",
    "NR5G-SA": "nr_sa",
    "NR5G-NSA": "nr_nsa",
}
_CAPABILITIES: dict[str, Rat] = {
    "NR": "nr",
    "NR5G": "nr",
    "NR-SA": "nr_sa",
    "NR5G-SA": "nr_sa",
    "NR-NSA": "nr_nsa",
    "NR5G-NSA": "nr_nsa",
    "LTE": "lte",
    "LTE-FDD": "lte",
    "LTE-TDD": "lte",
    "WCDMA": "umts",
}
_HALVES = {"LTE-FDD", "LTE-TDD"}
_BAND = late(r"[BbNn]?\d{1,3}")
_ASKED = late(r'AT\+QNWPREFCFG="(\w+)"\??', re.IGNORECASE)


def band_list(text: str, rat: Rat, separator: str = ":") -> tuple[int, ...] | None:
    """Band numbers with or without B or n before them; `0` alone is the empty list. None for anything else.

    A number that is no band of the RAT is a sign of a damaged line, and then nothing of the list is believed.
    """
    parts = [part.strip().strip('"') for part in text.split(separator)]
    if parts == ["0"]:
        return ()
    if not all(map(_BAND.fullmatch, parts)):
        return None
    bands = tuple(sorted({int(part.lstrip("BbNn")) for part in parts}))
    return None if unknown_bands(rat, bands) else bands


def _asked(answer: AtAnswer) -> list[str]:
    """What the (joined) request asks of +QNWPREFCFG, in order."""
    found = (_ASKED.fullmatch(part) for part in split_joined(answer.command))
    return [match[1].lower() for match in found if match]


def _lists(answer: AtAnswer, names: dict[str, Rat]) -> Iterator[tuple[AtRecord, Rat, tuple[int, ...]] | str]:
    for record in answer.named("+QNWPREFCFG"):
        name = record.fields[0].lower()
        if name not in names:
            continue
        _, _, text = record.text.partition(",")
        rat = names[name]
        bands = band_list(text, rat)
        if bands is None:
            yield f"line {record.line}: the list of {name} is unreadable: {text[:80]!r}"
        else:
            yield record, rat, bands


def _ambiguous(answer: AtAnswer) -> str | None:
    asked = _asked(answer)
    layers = [name for name in asked if name in _LAYERS]
    lists = [name for name in asked if name in _LISTS]
    if len(set(layers)) > 1 or (layers and lists):
        return f"+QNWPREFCFG lists of {', '.join(dict.fromkeys(layers + lists))} have the same names: ask one at a time"
    return None


def _layer(answer: AtAnswer, layer: Layer) -> Iterator[Observation | str]:
    """The lists of one layer of support."""
    if problem := _ambiguous(answer):
        yield problem
        return
    for item in _lists(answer, _LISTS):
        if isinstance(item, str):
            yield item
            continue
        record, rat, bands = item
        yield SupportedBands(source=Source(line=record.line), rat=rat, bands=bands, layer=layer)


def _configured(answer: AtAnswer, name: str) -> Iterator[Observation | str]:
    """One configured list."""
    if problem := _ambiguous(answer):
        yield problem
        return
    for item in _lists(answer, {name: _rat(name, answer.modem)}):
        if isinstance(item, str):
            yield item
            continue
        record, rat, bands = item
        yield EnabledBands(source=Source(line=record.line), rat=rat, bands=bands)


def _rat(name: str, modem: Modem) -> Rat:
    return "nr" if name == "nr5g_band" and modem.is_model(*UNISOC) else _LISTS[name]


def _test_form(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT+QNWPREFCFG=?` where it prints lists (Unisoc modules); elsewhere it prints ranges and is not read."""
    names = dict(_LISTS)
    if not any(record.fields[0].lower() == "nsa_nr5g_band" for record in answer.named("+QNWPREFCFG")):
        names["nr5g_band"] = "nr"
    for item in _lists(answer, names):
        if isinstance(item, str):
            yield item
            continue
        record, rat, bands = item
        if bands:
            yield SupportedBands(source=Source(line=record.line), rat=rat, bands=bands)


def _mode_pref(answer: AtAnswer) -> Iterator[Observation | str]:
    for record in answer.named("+QNWPREFCFG"):
        if record.fields[0].lower() != "mode_pref" or len(record.fields) < 2:
            continue
        raw = record.fields[1]
        words = [word.strip().upper() for word in raw.split(":")]
        known = all(word in _MODES for word in words)
        rats = tuple(_MODES[word] for word in words) if known else None
        yield NetworkMode(source=Source(line=record.line), rats=rats, raw=raw)


def _disable_mode(answer: AtAnswer) -> Iterator[Observation | str]:
    """0 nothing, 1 SA, 2 NSA is disabled."""
    for record in answer.named("+QNWPREFCFG"):
        if record.fields[0].lower() != "nr5g_disable_mode" or len(record.fields) < 2:
            continue
        value = record.fields[1]
        if value not in {"0", "1", "2"}:
            yield f"line {record.line}: nr5g_disable_mode {value!r} is not known"
            continue
        where = Source(line=record.line)
        yield Service(source=where, name="nr_sa", state="off" if value == "1" else "on")
        yield Service(source=where, name="nr_nsa", state="off" if value == "2" else "on")


def _leg_state(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+QENDC: <available>,<in list>,<restricted>,<n>`: the fourth is 1 while the NR leg of EN-DC is connected."""
    record = answer.sole("+QENDC")
    mode = {"0": "none", "1": "nsa_connected"}.get(record.fields[3]) if record and len(record.fields) > 3 else None
    if record is not None and mode is not None:
        yield NrState(source=Source(line=record.line), mode=mode)  # type: ignore[arg-type]


def _dual_connectivity(answer: AtAnswer) -> Iterator[Observation | str]:
    """The bands of NR-DC's second leg: no band of the modem's own lists, so nothing but a word is told of them."""
    for item in _lists(answer, {"nrdc_nr5g_band": "nr"}):
        if isinstance(item, str):
            yield item
        else:
            yield f"NR dual connectivity is configured for {', '.join(f'n{band}' for band in item[2]) or 'no band'}"


def _capability(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+QGETCAPABILITY: NR:n1,n2` and its kin: what the modem advertises (locked bands only, on some), not hardware."""
    found: dict[Rat, set[int]] = {}
    lines: dict[Rat, int] = {}
    spoiled: set[Rat] = set()
    words: list[str] = []
    for record in (*answer.named("+QGETCAPABILITY"), *answer.bare):
        word, colon, text = record.text.partition(":")
        rat = _CAPABILITIES.get(word.strip().upper())
        if rat is None or not colon:
            continue
        lines.setdefault(rat, record.line)
        words.append(word.strip().upper())
        bands = band_list(text.strip().rstrip(","), rat, ",") if text.strip() else ()
        if bands is None:
            spoiled.add(rat)
            yield f"line {record.line}: the list of {word.strip()} is unreadable: {text[:80]!r}"
            continue
        found.setdefault(rat, set()).update(bands)
    if not answer.closed and words and words[-1] in _HALVES and not set(words) >= _HALVES:
        spoiled.add("lte")
        yield "the other half of the LTE list may be missing: the answer has no end"
    for rat, numbers in found.items():
        if rat not in spoiled:
            yield SupportedBands(
                source=Source(line=lines[rat]), rat=rat, bands=tuple(sorted(numbers)), layer="advertised"
            )


def read_qgmr(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT+QGMR`: one bare line, the full firmware revision."""
    parts = split_joined(answer.command)
    if len(parts) > 1 and sum(not part.endswith("?") for part in parts) > 1 and len(answer.bare) > 1:
        yield "which line answers AT+QGMR cannot be told in the joined answer"
        return
    for record in (*answer.named("+QGMR"), *answer.bare):
        if re.fullmatch(r'"?[A-Z]{2}[A-Z0-9][\w.\-]{4,80}"?', record.text):
            yield Identity(source=Source(line=record.line), baseband=record.text.strip('"'))
            return


def _ask(name: str) -> str:
    return rf'AT\+QNWPREFCFG=(?i:"{name}")\??'


READERS_5G: tuple[Reader, ...] = (
    *(Reader(_ask(name), partial(_layer, layer=layer), tells=("supported",)) for name, layer in _LAYERS.items()),
    *(
        Reader(_ask(name), partial(_configured, name=name), tells=("enabled",), rats=(rat,))
        for name, rat in _LISTS.items()
    ),
    Reader(_ask("mode_pref"), _mode_pref, tells=()),
    Reader(_ask("nr5g_disable_mode"), _disable_mode, tells=()),
    Reader(r"AT\+QENDC\??", _leg_state, tells=()),
    Reader(r"AT\+QNWPREFCFG=\?", _test_form, tells=("supported",)),
    Reader(_ask("nrdc_nr5g_band"), _dual_connectivity, tells=()),
    Reader(r"AT\+QGETCAPABILITY\??", _capability, tells=("supported",)),
)
