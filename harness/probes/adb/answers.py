"""The answer of one shell command -> observations, by the command or by what the text is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from harness.equal_texts import remembered
from harness.observations import Reading, Source

from . import band_screen
from .connectivity import read_carrier_config, read_connectivity
from .hal import has_answer
from .identity.customisation import CONFIG_KEYS, has_ims, read_customisation, read_ims
from .identity.packages import has_packages, read_packages, read_some_packages
from .identity.properties import has_properties, read_properties
from .language.prefixes import unprefixed
from .language.text import clean
from .modes import read_allowed_types, read_preferred_mode
from .radiolog import is_log, read_log
from .registry import has_registry, is_dump, read_registry
from .service.forgery import doubted, impossible_fields
from .subscriptions import ISUB_MARKS, read_isub
from .termux import has_termux, read_termux

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[str], Reading]


def read_answer(text: str, command: str | None = None, *, pasted: bool = True) -> Reading:
    """Read one answer; a text that tells nothing is an empty Reading. `pasted` False: as it came from the device."""
    return _answer(text, command, pasted)


@remembered(most=128, longest=65_536)
def _answer(text: str, command: str | None, pasted: bool) -> Reading:
    """Handsets of one build name the same packages, and answer settings with the same word."""
    body = unprefixed(clean(text)) if pasted else clean(text)
    if not body.strip():
        return Reading()
    chosen = _by_command(command) if command else None
    reading = chosen(body) if chosen else Reading()
    if not reading.observations:
        reading += _by_content(body, command)
    found = reading.observations
    if command and found:
        source = Source(request=command)
        found = tuple(dict.fromkeys([item.from_(source) for item in found]))
    return Reading(found, tuple(dict.fromkeys(reading.warnings)))


@lru_cache(maxsize=256)
def _by_command(command: str) -> Reader | None:
    """The reader of a command; None for one that is not known, or several joined by `;`."""
    words = re.sub(r"^\s*adb\s+(?:-s\s+\S+\s+)?(?:shell|exec-out)?\s*", "", command).strip().strip("'\"")
    if ";" in words or "&&" in words:
        return None
    if re.match(_LIST, words) and _FILTERED.search(words):
        return read_some_packages
    words = words.partition("|")[0].strip()
    if match := re.match(r"cmd phone get-allowed-network-types-for-users(?:.*?-s (\d))?", words):
        slot = int(match[1]) if match[1] else None
        return lambda text: read_allowed_types(text, slot)
    for name, reader in _READERS:
        if re.match(name, words):
            return reader
    return None


def _registry(text: str) -> Reading:
    if not has_registry(text) or (is_log(text) and not is_dump(text)):
        return Reading()
    return doubted(read_registry(text), impossible_fields(text, None))


_LIST = r"(?:pm|cmd package) list packages\b"
_FILTERED = re.compile(r"\||\bgrep\b|list packages(?: -\S+)* (?:-[se3]\b|[a-z])")
"""A pipe, or an argument of `pm list packages` that leaves packages out."""


def _packages(text: str) -> Reading:
    return read_packages(text, None)


def _disabled(text: str) -> Reading:
    return read_packages("", text)


def _carrier_config(text: str) -> Reading:
    return read_carrier_config(text) + read_customisation(text)


def _log(text: str) -> Reading:
    return read_log(text)


def _screen(text: str) -> Reading:
    return band_screen.read_band_screen([text])


def _is_screen(text: str) -> bool:
    return "<hierarchy" in text and f"{band_screen.PACKAGE}:id/TableLayout" in text


_READERS: tuple[tuple[str, Reader], ...] = (
    (r"getprop\b", read_properties),
    (r"cat\b.*\.prop\b", read_properties),
    (r"dumpsys telephony\.registry\b", _registry),
    (r"dumpsys isub\b", read_isub),
    (r"dumpsys connectivity\b", read_connectivity),
    (r"dumpsys carrier_config\b", _carrier_config),
    (r"dumpsys (?:phone|ims|telephony_ims)\b", read_ims),
    (_LIST + r" -d\b", _disabled),
    (_LIST, _packages),
    (r"settings get global preferred_network_mode", read_preferred_mode),
    (r"logcat\b.*\bBandSelect\b", band_screen.read_band_log),
    (r"logcat\b", _log),
    (r"uiautomator dump\b", _screen),
)


def _by_content(text: str, command: str | None) -> Reading:
    """Every reader whose marks stand in the text, in turn; of a command that filters, no package list is whole."""
    if has_termux(text):
        return read_termux(text)
    if _is_screen(text):
        return _screen(text)
    reading = Reading()
    if has_properties(text):
        reading += read_properties(text)
    if any(mark in text for mark in ISUB_MARKS):
        reading += read_isub(text)
    if has_registry(text) or has_answer(text) or "Physical cell ID" in text:
        reading += _registry(text) if is_dump(text) or not is_log(text) else read_log(text)
    if "NetworkAgentInfo" in text:
        reading += read_connectivity(text)
    if any(key in text for key in CONFIG_KEYS):
        reading += _carrier_config(text)
    if has_ims(text):
        reading += read_ims(text)
    if has_packages(text):
        filtered = command is not None and _FILTERED.search(command) is not None
        reading += read_some_packages(text) if filtered else read_packages(text, None)
    return reading
