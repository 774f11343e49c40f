"""What a text told, remembered: devices of one model answer many questions with the very same words."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Rest = ParamSpec("_Rest")
_Value = TypeVar("_Value")

_FORGETS: list[Callable[[], None]] = []


def remembered(
    most: int, longest: int
) -> Callable[[Callable[Concatenate[str, _Rest], _Value]], Callable[Concatenate[str, _Rest], _Value]]:
    """Keeps the values of a pure function of a text for the `most` texts that came last, each of at most `longest` signs.

    The other arguments must be hashable, and the value must be one that nobody can change. What raises is not kept.
    """

    def decorate(read: Callable[Concatenate[str, _Rest], _Value]) -> Callable[Concatenate[str, _Rest], _Value]:
        kept = lru_cache(maxsize=most)(read)

        @wraps(read)
        def of(text: str, /, *rest: _Rest.args, **named: _Rest.kwargs) -> _Value:
            return (kept if len(text) <= longest else read)(text, *rest, **named)  # type: ignore[arg-type]

        on_forget(kept.cache_clear)
        return of

    return decorate


def on_forget(forget: Callable[[], None]) -> None:
    """Have `forget` called when all is to be forgotten."""
    _FORGETS.append(forget)


def forget_all() -> None:
    """Know nothing of any text, as a process does at its start."""
    for forget in _FORGETS:
        forget()
