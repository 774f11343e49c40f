"""Recorded requests and answers of real modems, and how two readings of one answer are compared."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

import yaml

from harness.at_commands import split_joined
from harness.errors import ParseError
from harness.probes.at import read_parts, registry
from harness.probes.at.language.answer import AnswerText, Modem, is_unsolicited
from harness.probes.at.language.pasted import without_prefixes
from harness.probes.at.readers import readers_of

if TYPE_CHECKING:
    from pathlib import Path

    from harness.observations import Observation
    from harness.probes.at.dialect import Dialect


@dataclass(frozen=True)
class Transcript:
    """One request of a capture with the lines that came back, without the echo and the final result code."""

    name: str
    request: str
    lines: tuple[str, ...]
    final: str
    family: Dialect
    modem: Modem

    @property
    def text(self) -> str:
        return wire((*self.lines, self.final))


def wire(lines: tuple[str, ...] | list[str], end: str = "\r\n") -> str:
    return "".join(line + end for line in lines)


@cache
def transcripts(folder: Path) -> tuple[Transcript, ...]:
    """Every request of every capture, in the order of the files."""
    return tuple(item for path in sorted(folder.glob("*.yaml")) for item in _of_file(path))


@cache
def shipped(folder: Path) -> tuple[Transcript, ...]:
    """Every request of every recording of a modem in a folder of recordings."""
    found = []
    for path in sorted(folder.glob("*/at.yaml")):
        about = yaml.safe_load(path.with_name("recording.yaml").read_text(encoding="utf-8"))
        model = str((about.get("device") or about).get("model"))
        family = registry.dialect_for(Modem(None, model, None))
        for item in yaml.safe_load(path.read_text(encoding="utf-8")):
            if family is not None and "response" in item:
                found.append(_transcript(path.parent.name, item["request"], [item["response"]], family, model, None))
    return tuple(found)


def of_samples(file: Path) -> tuple[Transcript, ...]:
    """Every answer of our own that a family reads."""
    return tuple(
        _transcript(
            f"sample {one['dialect']}",
            one["command"],
            one["lines"],
            registry.dialect(one["dialect"]),
            one["model"],
            None,
        )
        for one in yaml.safe_load(file.read_text(encoding="utf-8"))
        if one["dialect"]
    )


def _of_file(path: Path) -> list[Transcript]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    family = registry.dialect(str(data["vendor"]).split()[0])
    firmware = str(data["firmware"]) if data.get("firmware") else None
    return [
        _transcript(path.stem, str(item["request"]), item["response"], family, str(data.get("model", "")), firmware)
        for item in data["transcript"]
    ]


def _transcript(
    name: str, request: str, response: list[object], family: Dialect, model: str, firmware: str | None
) -> Transcript:
    """A terminal's marks, echo, trailing unsolicited codes and final code taken off; OK where a recorder dropped it."""
    lines = without_prefixes("\n".join(str(line) for line in response)).splitlines()
    if lines and "".join(lines[0].split()).upper() == "".join(request.split()).upper():
        lines.pop(0)
    while len(lines) > 1 and (not lines[-1].strip() or is_unsolicited(lines[-1])):
        lines.pop()
    final = lines.pop().strip() if lines and _is_final(lines[-1].strip()) else "OK"
    return Transcript(name, request, tuple(lines), final, family, Modem(None, model, firmware))


def _is_final(line: str) -> bool:
    return line in {"OK", "ERROR"} or line.upper().startswith(("+CME ERROR", "+CMS ERROR"))


def observations(text: str, item: Transcript) -> tuple[Observation, ...]:
    """What a reading of the text as the transcript's answer tells; nothing where it is refused."""
    try:
        return read_parts(text, item.request, item.family, item.modem).told
    except ParseError:
        return ()


Facts = frozenset[tuple[object, ...]]
_read_before: dict[object, Facts] = {}
"""Facts of the transcript that was read last, by what its readers got."""


def facts(text: str, item: Transcript) -> Facts:
    """The facts without their places: (kind, (field, value) of every known field).

    Texts that reach the readers as the same records are read once: a reader takes nothing else to tell by, and the
    numbers of the lines go into the place alone.
    """
    answers = (id(item), *_answers(text, item))
    if answers not in _read_before:
        if not any(key[0] == id(item) for key in islice(_read_before, 1)):
            _read_before.clear()
        _read_before[answers] = frozenset(fact(one) for one in observations(text, item))
    return _read_before[answers]


def _answers(text: str, item: Transcript) -> tuple[object, ...]:
    """What each reader of each part of the request gets, in their order; the refusal where one is refused."""
    parts = split_joined(item.request)
    found: list[object] = []
    try:
        said = AnswerText(text, item.modem, item.family.records.unsolicited)
        for part in parts:
            for reader in readers_of(part, item.family):
                answer = said.answer(item.request if len(parts) > 1 else part, reader.names)
                records = tuple((one.name, one.text, one.raw) for one in answer.records)
                found.append((records, answer.final, answer.whole, answer.mixed))
    except ParseError as error:
        found.append(str(error))
    return tuple(found)


def fact(one: Observation) -> tuple[object, ...]:
    known = [(f.name, getattr(one, f.name)) for f in fields(one) if f.name != "source"]
    return (one.kind, *((name, value) for name, value in known if value is not None))


def covered(found: frozenset[tuple[object, ...]], truth: frozenset[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The facts that the whole answer does not tell: each of the others says nothing that one of the truth does not."""
    return [one for one in found if one not in truth and not any(_tells_no_more(one, other) for other in truth)]


def _tells_no_more(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """A band that rests on channel or name alone is weaker than one that rests on both; candidates follow from them."""
    extra = {item for item in set(one) - set(other) if isinstance(item, tuple)}
    allowed = {("band_source", "arfcn"), ("band_source", "reported")} if ("band_source", "both") in other else set()
    bands = {item[1] for item in other if isinstance(item, tuple) and item[0] == "band"}
    for item in extra:
        if item not in allowed and not (item[0] == "band_candidates" and bands & set(item[1])):
            return False
    return one[0] == other[0]


__all__ = ["Transcript", "covered", "facts", "observations", "transcripts", "wire"]
