"""What mail, terminals, pagers and loggers make of a text: ten kinds, each a function of the text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def _each(form: str) -> Callable[[str], str]:
    """Every line with what `form` puts before it; `{n}` counts lines, `{s}` seconds."""

    def put(text: str) -> str:
        lines = text.removesuffix("\n").split("\n")
        return "".join(form.format(n=n, s=f"{n % 60:02d}") + line + "\n" for n, line in enumerate(lines, 1))

    return put


def _grep(text: str) -> str:
    return _each("{n}:")(text)


PASTES: dict[str, Callable[[str], str]] = {
    "quoted mail": _each("> "),
    "mail quoted twice": _each(">> "),
    "grep -n": _grep,
    "grep -Hn": _each("logs/modem.txt:{n}:"),
    "cat -n": _each("{n:6d}\t"),
    "syslog": _each("Nov  3 10:11:{s} router modem[812]: "),
    "journal with ISO time": _each("2026-11-03T10:11:{s}+0100 router modem[812]: "),
    "time in brackets": _each("[2026-11-03 10:11:{s}] "),
    "serial monitor": _each("10:11:{s}.125 -> "),
    "dmesg": _each("[  812.1250{s}] "),
    "logcat": _each("11-03 10:11:{s}.125   812   813 I modem   : "),
    "python logging": _each("2026-11-03 10:11:{s},125 INFO modem: "),
    "arrow": _each("<< "),
    "terminal's colours": lambda text: "".join(f"\x1b[0;32m{line}\x1b[0m\n" for line in text.split("\n")),
    "JSON string": json.dumps,
    "escapes": lambda text: text.replace("\t", "\\t").replace("\n", "\\n"),
    "DOS line ends": lambda text: text.replace("\n", "\r\n"),
    "byte order mark": lambda text: "\ufeff" + text,
}
