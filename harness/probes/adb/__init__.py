"""Answers of ADB shell commands -> observations. `read` is the door; `plan` asks and reads a whole device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import ParseError
from harness.plain_text import visible

from .answers import read_answer
from .identity.packages import read_packages

if TYPE_CHECKING:
    from harness.observations import Reading

__all__ = ["read", "read_answer", "read_packages"]


def read(text: str, command: str | None = None) -> Reading:
    """Read the answer of one shell command, or recognise what the text is.

    Recognised: a registry dump or parts of it, a radio log, getprop, property files, isub, connectivity,
    carrier_config, a package list, Termux JSON, a bugreport; several of them in turn. Every observation has its source
    (command, line).
    Raises ParseError where nothing was read; its message says why where that is known.
    """
    reading = _bugreport(text) if command is None and text.count("DUMP OF SERVICE ") > 1 else None
    reading = reading or read_answer(text, command)
    if not reading.observations:
        raise ParseError(reading.warnings[0] if reading.warnings else _nothing(text, command))
    return reading


def _bugreport(text: str) -> Reading | None:
    """What the dumps of several services in one text tell; None where that is nothing."""
    from .bugreport import read_bugreport

    reading = read_bugreport(text.encode("utf-8", "replace"))
    return reading if reading.observations else None


def _nothing(text: str, command: str | None) -> str:
    if not text.strip():
        return f"{command or 'the text'}: empty"
    first = next((line.strip() for line in text[:2000].splitlines() if line.strip()), "")
    shown = visible(first[:60])
    way_out = "" if command else "; --command says what it answers"
    return f"{command or 'the text'}: nothing recognised (it begins {shown!r}){way_out}"
