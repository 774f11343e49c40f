"""The feature list of a laboratory, as a form of the ICS: `pc_eBand12_Supp = yes`, below a line that names the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.extending import Collector, IcsDeclaration, IcsForm, SheetPlace, comment_text, lines_of

if TYPE_CHECKING:
    from harness.extending import FilledIcs

TITLE = "NOWHERE LAB FEATURE LIST"
_WORDS = {True: "yes", False: "no", None: "?"}


def recognise(data: bytes) -> bool:
    """Whether the first line is the list's title."""
    return data.lstrip(b"\xef\xbb\xbf").startswith(TITLE.encode())


def read(data: bytes, source: str) -> IcsDeclaration:
    """The declaration. In this laboratory a "no" is an answer: a feature that nobody was asked about has a "?"."""
    found = Collector(source, FORM.name)
    found.told("complete", "all", SheetPlace(row=1))
    for number, line in enumerate(lines_of(data, source)[1:], 2):
        name, sign, answer = line.partition("=")
        place = SheetPlace(row=number)
        if sign and not found.told(name, answer, place):
            found.take(name.strip(), answer.strip(), place)
        elif line.strip() and not sign:
            found.fault(place, f"{line[:40]!r} is no line of the list: name = answer")
    return found.finish()


def write(filled: FilledIcs) -> bytes:
    """The list of a filled proforma."""
    head = (("model", filled.head.model), ("software", filled.head.software), ("date", filled.head.date))
    lines = [TITLE, *(f"{label} = {comment_text(text)}" for label, text in head if text)]
    lines += [f"{one.item.mnemonic or one.item.key} = {_WORDS[one.value]}" for one in filled.answers]
    return ("\n".join(lines) + "\n").encode("utf-8")


FORM = IcsForm("nowhere-lab", recognise, read, write, suffix=".txt")
