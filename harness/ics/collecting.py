"""Rows of a filled proforma -> a declaration: what was read, what was not and where it stands. For every form alike."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from harness.radio.ics import specifications, tables

from .declaration import ALL_TABLES, IcsDeclaration, IcsFault, IcsHead, SheetPlace, Statement
from .references import ForeignItem, Reference, ReferenceRefused, find

if TYPE_CHECKING:
    from .declaration import Word

_TRUE, _FALSE = {"TRUE", "T", "Y", "YES", "SUPPORTED"}, {"FALSE", "F", "N", "NO", "NOT SUPPORTED"}
_BLANK = {"", "-", "?", "N/A", "NA", "NO INFORMATION", "UNKNOWN", "TBD"}
_LOCALIZED = {
    **dict.fromkeys(
        ("WAHR", "VRAI", "VERDADERO", "VERO", "VERDADEIRO", "WAAR", "PRAWDA", "ИСТИНА", "真", "참", "SANT"), "TRUE"
    ),
    **dict.fromkeys(("FALSCH", "FAUX", "FALSO", "ONWAAR", "FAŁSZ", "ЛОЖЬ", "偽", "假", "거짓", "FALSKT"), "FALSE"),
}
_BAND_IN_TEXT = re.compile(r"\bband\s+n?(\d{1,3})\b", re.IGNORECASE)
_BAND_IN_NAME = re.compile(r"^pc_(?:e|nr)?Band(\d{1,3})_.*", re.IGNORECASE)
_AS_WORDS = r"band \1"
_LONGEST = 300
MOST_FAULTS = 100_000

HEAD_LABELS = {
    "date": ("date", "date of the statement", "ics date"),
    "model": ("model", "ue name", "model name", "device", "device name", "product name", "ue model"),
    "hardware": ("hardware", "hardware configuration", "hardware version", "hw version", "hvin"),
    "software": ("software", "software configuration", "software version", "sw version", "build", "firmware", "fvin"),
    "supplier": ("supplier", "manufacturer", "maker", "vendor"),
    "client": ("client", "applicant", "customer"),
    "contact": ("contact", "contact person"),
    "laboratory": ("laboratory", "test laboratory", "lab"),
}
"""How files label what stands in their head."""
COMPLETE_LABELS = ("complete", "complete tables", "false is an answer", "false is an answer in")
"""How a file says that a FALSE in it is an answer: `all`, or tables as `36.523-2#A.4.3.1-1`."""
_HEAD_OF = {label: name for name, labels in HEAD_LABELS.items() for label in labels}


def word_of(value: object) -> Word:
    """What a cell or word answers. Raises ValueError in words for what is neither TRUE nor FALSE nor blank."""
    if value is None:
        return "blank"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        raise ValueError(f"{value} is a number; write TRUE or FALSE")
    text = " ".join(str(value).split()).upper()
    if text in _TRUE:
        return "true"
    if text in _FALSE:
        return "false"
    if text in _BLANK:
        return "blank"
    if text.startswith("="):
        raise ValueError(f"{text[:40]!r} is a formula, and what it gave is not taken; paste its value")
    if text in _LOCALIZED:
        raise ValueError(f"{str(value)[:40]!r} is {_LOCALIZED[text]} in another language; write TRUE or FALSE")
    raise ValueError(f"{str(value)[:40]!r} is no answer; write TRUE or FALSE, or leave it blank")


def complete_tables(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """`all`, or tables and specifications in any order -> those that exist, and the words that name none."""
    found, strange = set[str](), []
    for word in re.split(r"[\s,;]+", text.strip()):
        name = word.rstrip(".")
        if name.lower() in {"all", "every"}:
            found.add(ALL_TABLES)
        elif name in tables() or name in specifications():
            found.add(name)
        elif name.lower() not in {"", "in", "tables", "table", "none", "no"}:
            strange.append(name)
    return frozenset(found), tuple(strange)


@dataclass
class Collector:
    """Takes the rows of one file in their order."""

    source: str
    form: str
    head: dict[str, str] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    faults: list[IcsFault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    complete: set[str] = field(default_factory=set)
    others: int = 0
    _twice: set[str] = field(default_factory=set)

    def fault(self, place: SheetPlace, message: str) -> None:
        """Note a row that is not taken."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(IcsFault(place, message))

    def told(self, label: str, value: str, place: SheetPlace) -> bool:
        """Take a line of the head; False where the label is none. Two values of one label are a fault."""
        word = " ".join(label.replace("_", " ").split()).strip(" :").lower()
        if word in COMPLETE_LABELS:
            self._completes(value, place)
            return True
        name = _HEAD_OF.get(word)
        if name is None:
            return False
        text = " ".join(value.split())[:_LONGEST]
        if text and self.head.setdefault(name, text) != text:
            self.fault(place, f"{label} is {text!r} here and {self.head[name]!r} before: whose declaration is it?")
        return True

    def _completes(self, value: str, place: SheetPlace) -> None:
        named, strange = complete_tables(value)
        self.complete |= named
        for name in strange:
            self.fault(place, f"{name[:40]!r} is no table that could be complete: write all, or 36.523-2#A.4.3.1-1")

    def take(
        self,
        text: str,
        value: object,
        place: SheetPlace,
        *,
        spec: str = "",
        mnemonic: str = "",
        about: str = "",
        comment: str = "",
    ) -> None:
        """Take one row: the item as it is named, its answer, the mnemonic and the words that stand beside it."""
        try:
            word = word_of(value)
            wrong = ""
        except ValueError as error:
            word, wrong = "blank", str(error)
        try:
            reference = self._reference(text, spec, mnemonic, about)
        except ForeignItem as error:
            self.others += 1
            if error.of_known_table and (word == "true" or wrong):
                self.fault(place, error.message)
            return
        except ReferenceRefused as error:
            self.fault(place, error.message)
            return
        if wrong:
            self.fault(place, f"{reference.key} ({reference.item.label}): {wrong}")
            return
        self._state(Statement(reference, word, place, comment[:_LONGEST]))

    def of_another_type(self, name: str, type_: str, place: SheetPlace) -> None:
        """Take a parameter that is not BOOLEAN: none of the items here, or a fault."""
        try:
            reference = find(name)
        except ForeignItem:
            self.others += 1
        except ReferenceRefused as error:
            self.fault(place, error.message)
        else:
            self.fault(place, f"{reference.key} ({reference.item.label}) is BOOLEAN, and stands here as {type_}")

    def _reference(self, text: str, spec: str, mnemonic: str, about: str) -> Reference:
        named = mnemonic.strip()
        own = _found(named) if named else None
        if own is not None:
            # The mnemonic decides; a number beside it must not say otherwise.
            numbered = _found(text, spec) if text.strip() else None
            if numbered is not None and numbered.item.key != own.item.key:
                raise ReferenceRefused(
                    f"{text.strip()[:60]!r} is {numbered.item.mnemonic or numbered.item.label} in the version known here,"
                    f" and the row says {named}: is the file of mixed versions?"
                )
            return numbered if numbered is not None else own
        reference = find(text if text.strip() else named, spec)
        _check_text(reference, f"{about} {_BAND_IN_NAME.sub(_AS_WORDS, named)}")
        return reference

    def _state(self, one: Statement) -> None:
        known = self.statements.get(one.key)
        if known is None:
            if one.key not in self._twice:
                self.statements[one.key] = one
            return
        if one.word in (known.word, "blank"):
            return
        if known.word == "blank":
            self.statements[one.key] = one
            return
        self.fault(
            one.place,
            f"{one.key} is {one.word.upper()} here and {known.word.upper()} in {known.place}: neither is taken",
        )
        self._twice.add(one.key)
        del self.statements[one.key]

    def finish(self) -> IcsDeclaration:
        """The declaration."""
        names = {one.name for one in fields(IcsHead)}
        return IcsDeclaration(
            source=self.source,
            form=self.form,
            head=IcsHead(**{name: text for name, text in self.head.items() if name in names}),
            statements=tuple(self.statements.values()),
            complete=frozenset(self.complete),
            faults=tuple(self.faults),
            other_items=self.others,
            remarks=tuple(self.remarks),
        )


def _found(text: str, spec: str = "") -> Reference | None:
    try:
        return find(text, spec)
    except ReferenceRefused:
        return None


def _check_text(reference: Reference, about: str) -> None:
    """Refuse an item whose own words name another band: the number is not taken against them."""
    named = {int(number) for number in _BAND_IN_TEXT.findall(about[:1000])}
    band = reference.item.band
    if band is not None and named and band not in named:
        raise ReferenceRefused(
            f"{reference.key} is {reference.item.label} in the version known here, and its text says"
            f" band {', '.join(map(str, sorted(named)))}: is the file of another version?"
        )
