"""Reading and writing a list of bands, with the ways in which modems misbehave at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulation.modem.text import ScriptedAnswer

if TYPE_CHECKING:
    from harness.simulation.radio.radio import Radio

NO_FINAL = ScriptedAnswer((), "")
"""An answer that never ends."""
_REFUSED = ScriptedAnswer((), "ERROR")


def read_list(radio: Radio, key: str, line: str) -> ScriptedAnswer:
    """A list as it reads."""
    if radio.quirks.unreadable and radio.memory.now.get(f"written {key}"):
        return _REFUSED
    return ScriptedAnswer((line,))


def write_list(radio: Radio, key: str, value: str, *, other: str, effect: str = "now") -> ScriptedAnswer:
    """A list is written; `other` is what a modem with another mask keeps in its place."""
    quirks, memory = radio.quirks, radio.memory
    is_back = value == memory.found[key]
    if quirks.refuses:
        return _REFUSED
    memory.now[f"written {key}"] = True
    if not quirks.deaf and not (quirks.not_put_back and is_back):
        memory.put(key, other if quirks.other_mask and not is_back else value)
        radio.changed(effect)
    return NO_FINAL if quirks.no_final and not is_back else ScriptedAnswer()
