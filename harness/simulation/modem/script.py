"""What a recording says of a modem's behaviour beyond its answers: `extra: {simulation: {...}}` in recording.yaml.

    extra:
      simulation:
        registration_delay_ms: 800        # from power-on, or from the end of flight mode, to service
        operator: {long: "AT&T", short: "AT&T", numeric: "310410"}
        states:                           # a write after which other answers are served
          - when: 'AT+QNWPREFCFG="lte_band",12'
            delay_ms: 300
            answers: {'AT+QNWINFO': "+QNWINFO: \\"FDD LTE\\",\\"310410\\",\\"LTE BAND 12\\",5110\\n\\nOK\\n"}

A line end in `answers` stands for CR LF. Until the delay has passed the modem searches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.errors import RecordingError
from harness.recording.exchange import Exchange
from harness.simulation.tape import at_key

if TYPE_CHECKING:
    from harness.recording.exchange import RecordingInfo


@dataclass(frozen=True, slots=True)
class Change:
    """A write after which other answers are served."""

    when: str
    """The write, as `at_key` has it."""
    delay_s: float
    answers: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A modem's behaviour beyond its recorded answers."""

    registration_delay_s: float = 0.0
    operator: dict[int, str] = field(default_factory=dict)
    """Operator name by format: 0 long, 1 short, 2 numeric."""
    changes: tuple[Change, ...] = ()


def behaviour(info: RecordingInfo) -> Behaviour:
    """Read it from a recording's description. Raises RecordingError where it has another shape."""
    found = info.extra.get("simulation", {})
    if not isinstance(found, dict):
        raise _wrong(info, "simulation", "a mapping")
    unknown = set(found) - {"registration_delay_ms", "operator", "states"}
    if unknown:
        raise _wrong(info, f"simulation.{min(unknown)}", "registration_delay_ms, operator or states")
    operator = found.get("operator", {})
    if not isinstance(operator, dict) or not all(isinstance(value, str) for value in operator.values()):
        raise _wrong(info, "simulation.operator", "names as text")
    states = found.get("states", [])
    if not isinstance(states, list):
        raise _wrong(info, "simulation.states", "a list")
    return Behaviour(
        registration_delay_s=_milliseconds(info, found.get("registration_delay_ms", 0)),
        operator={n: operator[name] for n, name in enumerate(("long", "short", "numeric")) if name in operator},
        changes=tuple(_change(info, item) for item in states),
    )


def _change(info: RecordingInfo, item: Any) -> Change:
    if not isinstance(item, dict) or not isinstance(item.get("when"), str):
        raise _wrong(info, "simulation.states", "entries with `when` and `answers`")
    answers = item.get("answers", {})
    if not isinstance(answers, dict) or not all(isinstance(text, str) for text in answers.values()):
        raise _wrong(info, "simulation.states.answers", "answers as text by request")
    return Change(
        at_key(item["when"]),
        _milliseconds(info, item.get("delay_ms", 0)),
        tuple(Exchange(str(request), text.replace("\n", "\r\n").encode()) for request, text in answers.items()),
    )


def _milliseconds(info: RecordingInfo, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise _wrong(info, "simulation: a delay", "milliseconds")
    return float(value) / 1000


def _wrong(info: RecordingInfo, what: str, expected: str) -> RecordingError:
    return RecordingError(f"recording {info.id}: extra.{what}: expected {expected}")
