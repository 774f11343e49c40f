"""Regular expressions that are compiled when they are first used: most of a module's are not used in one run."""

from __future__ import annotations

import re
from typing import cast


class _Late:
    """Compiles itself at the first look for one of its methods, and then holds them."""

    __slots__ = ("_flags", "_text", "findall", "finditer", "flags", "fullmatch", "match", "search", "split", "sub")
    _METHODS = ("findall", "finditer", "flags", "fullmatch", "match", "search", "split", "sub")

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> object:
        """Only asked for what is not there yet."""
        if name not in self._METHODS:
            raise AttributeError(name)
        compiled = re.compile(self._text, self._flags)
        for method in self._METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile`, put off to the first use. Raises re.error then."""
    return cast("re.Pattern[str]", _Late(pattern, flags))
