"""An answer of the QMI and MBIM tools as blocks of labelled values below headings, as the tools print it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .tokens import Token


@dataclass
class Block:
    """The pairs below one heading, in order."""

    heading: str
    line: int
    pairs: list[tuple[str, str, int]] = field(default_factory=list)

    def get(self, *labels: str) -> str | None:
        """The first value of one of the labels."""
        return next((value for label, value, _ in self.pairs if label in labels), None)

    def line_of(self, *labels: str) -> int:
        """The line of the first of the labels, else of the heading."""
        return next((line for label, _, line in self.pairs if label in labels), self.line)


@dataclass
class Section:
    """One answer: its first sentence and its blocks; the first block has no heading."""

    sentence: str
    line: int
    blocks: list[Block]

    def all(self, *headings: str) -> list[Block]:
        """The blocks whose heading is one of these, case aside."""
        return [block for block in self.blocks if block.heading.lower() in headings]

    def pairs(self) -> list[tuple[str, str, int]]:
        """All pairs in order."""
        return [pair for block in self.blocks for pair in block.pairs]

    def get(self, *labels: str) -> tuple[str, int] | None:
        """The first value of one of the labels in any block, with its line."""
        return next(((value, line) for label, value, line in self.pairs() if label in labels), None)


def sections(items: list[Token]) -> list[Section]:
    """Tokens as answers, each cut into blocks at its headings."""
    found: list[Section] = []
    for token in items:
        if token.starts_answer or not found:
            sentence = token.label if token.value is None else ""
            found.append(Section(sentence, token.line, [Block("", token.line)]))
        if token.value is not None:
            found[-1].blocks[-1].pairs.append((token.label, token.value, token.line))
        elif token.label and not token.starts_answer:
            found[-1].blocks.append(Block(token.label, token.line))
    return found
