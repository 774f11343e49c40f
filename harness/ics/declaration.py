"""A proforma that somebody filled, as a value: its head, what it states of each item, and what of it was not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .references import Reference

ALL_TABLES = "all"
"""In `complete`: FALSE is an answer in every table of the file."""

Word = Literal["true", "false", "blank"]


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """Where a thing stands: sheet (empty in a text), row or line and column from 1."""

    sheet: str = ""
    row: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        words = [f"sheet {self.sheet!r}"] if self.sheet else []
        words += [f"{'row' if self.sheet else 'line'} {self.row}"] if self.row is not None else []
        words += [f"column {self.column}"] if self.column is not None else []
        return ", ".join(words) or "the file"


@dataclass(frozen=True, slots=True)
class IcsFault:
    """A row that was not read, or not taken at its word: where it stands, and why."""

    place: SheetPlace
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class IcsHead:
    """Whose declaration it is (TS 36.523-2 clause A.2): empty where the file does not say."""

    date: str = ""
    model: str = ""
    hardware: str = ""
    software: str = ""
    """The software configuration: build, ROM version or baseband."""
    supplier: str = ""
    client: str = ""
    contact: str = ""
    laboratory: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What the file says of one item. `blank`: the item stands there and is not answered."""

    reference: Reference
    word: Word
    place: SheetPlace
    comment: str = ""

    @property
    def key(self) -> str:
        """The key of the item with what is asked of it."""
        return self.reference.key


@dataclass(frozen=True, slots=True)
class IcsDeclaration:
    """A filled proforma. No item stands twice in `statements`.

    A FALSE is a denial only in the tables that are `complete`: elsewhere it may be the template's default.
    """

    source: str
    """The file's name."""
    form: str
    head: IcsHead
    statements: tuple[Statement, ...]
    complete: frozenset[str] = frozenset()
    """`all`, or tables as `36.523-2#A.4.3.1-1`."""
    faults: tuple[IcsFault, ...] = ()
    other_items: int = 0
    """How many items stand there that are not about bands, modes or configurations."""
    remarks: tuple[str, ...] = ()

    def denies(self, statement: Statement) -> bool:
        """Whether this FALSE says "not supported": the file says that its table is complete."""
        item = statement.reference.item
        return statement.word == "false" and bool(self.complete & {ALL_TABLES, f"{item.spec}#{item.table}", item.spec})
