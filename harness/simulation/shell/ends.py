"""How a command ends more than itself."""

from __future__ import annotations


class Exit(Exception):
    """The shell ends with a status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Return(Exit):
    """A function ends with a status."""


class LoopEnd(Exception):
    """`break` (or `continue`, then `again`) out of so many loops."""

    def __init__(self, levels: int, *, again: bool) -> None:
        super().__init__(levels)
        self.levels = levels
        self.again = again
