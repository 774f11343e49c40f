"""Which requests ask for bands or for the network, and which were answered with nothing that could be read.

An answer that lost its lists (cut, garbled, locked) is no proof that the modem has no such layer: what it would have
said is unknown, and a verdict must not rest on the layers that happen to be left.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harness.observations import Observation, ServingCell
    from harness.recording.exchange import Exchange

_SUPPORT = r"""AT\+QNWPREFCFG="(?:rf|policy|ue_capability)_band"\??
      | AT\+QNWPREFCFG=\? | AT\+QGETCAPABILITY\??
      | AT.(?:\w*BAND\w*|BND|GTACT|XACT|UACT|SYSCFGEX|SCFG|EPBSE)=\?
      | AT\^(?:BAND_PREF|BAND_PREF_EXT|SLBAND)\?"""
_ENABLED = {"lte": r'AT\+QNWPREFCFG="lte_band"', "nr": r'AT\+QNWPREFCFG="(?:nsa_)?nr5g_band"'}
"""By radio technology: those that ask for the enabled bands and not for the supported ones."""
_PREFERENCE = re.compile(r"qmicli(?: --device-open-mbim)? --nas-get-system-selection-preference")
_NOT_KNOWN = re.compile(rb"QMI protocol error \(\d+\): '(?:NotSupported|InvalidQmiCommand)'")
_REGISTRATION = r"AT\+C(?:5G|G|E)REG\?"
_SERVING = r"""AT\+QENG="servingcell"\?? | AT\+QNWINFO\?? | AT\+MENG="servingcell"
      | AT\+(?:CPSI|GTCCINFO|XLEC|UCGED|ZCELLINFO)\? | AT!GSTATUS\? | AT\#(?:RFSTS|SERVINFO|MONI)
      | AT\^(?:SMONI|MONSC|HFREQINFO\?|DEBUG\?)"""
"""Requests that a modem in service answers with its primary cell; not those that may be silent while it is idle."""
_CARRIERS = r"AT\+(?:QCAINFO|GTCAINFO)\??"
_UNKNOWN = r"""(?:^|[\r\n])\s*(?:ERROR|COMMAND\ NOT\ SUPPORT|\+CME\ ERROR:\s*
      (?:[34]|50|58|100|operation\ not\ (?:allowed|supported)|incorrect\ parameters|invalid\ command\ line|unknown))\s*$"""
"""Refusals by a modem that has no such request (TS 27.007 clause 9.2.1), and not for the state that it is in."""
_REFUSED = r"(?:^|[\r\n])\s*(?:ERROR|COMMAND\ NOT\ SUPPORT|\+CM[ES]\ ERROR:[^\r\n]*)\s*$"


def unread_support(exchanges: Iterable[tuple[str, Exchange]], told: Iterable[Observation]) -> tuple[str, ...]:
    """Requests for supported bands that were answered, not refused, and are the source of none of the facts `told`.

    Pass only the facts of one radio technology to ask about that one.
    """
    return _unread(exchanges, told, _SUPPORT)


def unread_enabled(exchanges: Iterable[tuple[str, Exchange]], told: Iterable[Observation], rat: str) -> bool:
    """Whether the answer that tells the enabled bands of a radio technology was lost. `told`: all that was read.

    A modem behind tools of the host that fell silent is not asked any more: what was not asked then is lost, too.
    """
    kept = tuple(exchanges)
    read = {item.source.request for item in told if item.source}
    if rat in _ENABLED and any(part not in read for part in _asked(kept, _ENABLED[rat], _UNKNOWN)):
        return True
    queries = [exchange for kind, exchange in kept if kind == "qmi"]
    asked = [one for one in queries if _PREFERENCE.fullmatch(one.request)]
    if asked:
        return any(one.request not in read and not _is_unknown(one) for one in asked)
    return any(one.error for one in queries)


def _is_unknown(query: Exchange) -> bool:
    """Whether a modem said that it does not know a query."""
    return query.error is None and query.exit_code != 0 and _NOT_KNOWN.search(query.stderr or b"") is not None


def unread_registration(exchanges: Iterable[tuple[str, Exchange]], told: Iterable[Observation]) -> tuple[str, ...]:
    """Requests for the data registration that were answered, not refused, and told nothing."""
    return _unread(exchanges, told, _REGISTRATION)


def unread_serving(exchanges: Iterable[tuple[str, Exchange]], cells: Iterable[ServingCell]) -> tuple[str, ...]:
    """Requests for the serving cell whose answers told no primary cell though they were no refusal.

    A list of carriers may be empty while the modem is idle; one with secondary carriers alone has lost its first line.
    """
    kept = tuple(exchanges)
    told = tuple(cells)
    primary = [cell for cell in told if cell.role == "pcell"]
    secondary = {cell.source.request for cell in told if cell.role != "pcell" and cell.source}
    headless = (part for part in _unread(kept, primary, _CARRIERS) if part in secondary)
    return (*_unread(kept, primary, _SERVING), *headless)


def _unread(
    exchanges: Iterable[tuple[str, Exchange]],
    told: Iterable[Observation],
    wanted: str,
) -> tuple[str, ...]:
    read = {item.source.request for item in told if item.source}
    return tuple(dict.fromkeys(part for part in _asked(exchanges, wanted) if part not in read))


def _asked(exchanges: Iterable[tuple[str, Exchange]], wanted: str, refused: str = _REFUSED) -> Iterator[str]:
    for kind, exchange in exchanges:
        parts = _wanted_parts(exchange.request, wanted) if kind == "at" else ()
        if parts and not (exchange.error is None and _pattern(refused).search(exchange.text[-400:])):
            yield from parts


@lru_cache(maxsize=1024)
def _wanted_parts(request: str, wanted: str) -> tuple[str, ...]:
    """The single commands of a request that are of the wanted kind. Every verdict asks this of every exchange."""
    # A survey of handsets alone must not pay for the modems' grammar.
    from harness.probes.at.language import answer

    return tuple(part for part in answer.split_joined(request) if _pattern(wanted).fullmatch(part))


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.VERBOSE | re.IGNORECASE)
