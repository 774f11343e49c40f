"""Why the network last refused: +CEER (TS 27.007 clause 6.10), +QCAUSE, Quectel's +QCFG="emmcause".

They tell the last cause, of when it is they do not tell: no state of registration follows from them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import Observation, Registration, Source
from harness.patterns import late
from harness.probes.at.dialect import Reader
from harness.probes.at.language.values import integer, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.probes.at.language.answer import AtAnswer

_NUMBERED = late(r"\b(?:5GMM|EMM|GMM|MM)[ _]?cause\W{1,4}#?(\d{1,3})\b", re.IGNORECASE)
_IN_WORDS: tuple[tuple[str, int], ...] = (
    ("illegal ms", 3),
    ("illegal ue", 3),
    ("illegal me", 6),
    ("eps services and non-eps services not allowed", 8),
    ("eps services not allowed", 7),
    ("eps service not allowed", 7),
    ("plmn not allowed", 11),
    ("roaming not allowed in this tracking area", 13),
    ("roaming not allowed in tracking area", 13),
    ("eps services not allowed in this plmn", 14),
    ("no suitable cells in tracking area", 15),
    ("tracking area not allowed", 12),
)
"""The names of causes (TS 24.301 clause 9.9.3.9) as modems print them. "EMM attach failed" and "EMM detached" are none:
so the chip ends a call, whatever the network said."""
_LONGEST_FIRST = tuple(sorted(_IN_WORDS, key=lambda one: -len(one[0])))


def _words(text: str) -> int | None:
    """The cause that a text names by its number, else by its name; None where two are named."""
    found = _NUMBERED.findall(text)
    if found:
        return within(int(found[0]), 1, 255) if len(set(found)) == 1 else None
    plain = re.sub(r"[\s_]+", " ", text.lower())
    for words, cause in _LONGEST_FIRST:
        if words in plain:
            return cause
    return None


def _read_ceer(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+CEER: <report>`: free text of the maker, which may name the network's cause."""
    record = answer.sole("+CEER")
    if record is None:
        yield "+CEER: no report, or several that differ"
        return
    cause = _words(record.text)
    if cause is None:
        yield f"line {record.line}: the report {record.text[:80]!r} names no cause of the network"
    else:
        yield Registration(source=Source(line=record.line), state="unknown", cause=cause)


def _read_number(answer: AtAnswer, name: str) -> Iterator[Observation | str]:
    """`+QCAUSE: <cause>`, `+QCFG: "emmcause",<cause>`: one number; 0 is none."""
    record = answer.sole(name)
    fields = () if record is None else record.fields
    if fields[:1] and not integer(fields[0]):
        fields = fields[1:] if fields[0].lower() == "emmcause" else fields
    cause = within(integer(fields[0]), 1, 255) if len(fields) == 1 else None
    if record is not None and cause is not None:
        yield Registration(source=Source(line=record.line), state="unknown", cause=cause)


CAUSE_READERS: tuple[Reader, ...] = (
    Reader(r"AT\+CEER", _read_ceer, tells=()),
    Reader(r"AT\+QCAUSE\??", lambda answer: _read_number(answer, "+QCAUSE"), tells=()),
    Reader(r'AT\+QCFG=(?i:"emmcause")', lambda answer: _read_number(answer, "+QCFG"), tells=()),
)
