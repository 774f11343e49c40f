"""What a text told, remembered: devices of one model answer many questions with the very same words."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Rest = ParamSpec("_Rest")
_Value = TypeVar("_Value")


def remembered(
    most: int, longest: int
) -> Callable[[Callable[Concatenate[str, _Rest], _Value]], Callable[Concatenate[str, _Rest], _Value]]:
    """Keeps the values of a pure function of a text for the `most` texts that came last, each of at most `longest` signs.

    The other arguments must be hashable, and the value must be one that nobody can change. What raises is not kept.
    `forget()` of the function empties it.
    """

    def decorate(read: Callable[Concatenate[str, _Rest], _Value]) -> Callable[Concatenate[str, _Rest], _Value]:
        kept = lru_cache(maxsize=most)(read)

        @wraps(read)
        def of(text: str, /, *rest: _Rest.args, **named: _Rest.kwargs) -> _Value:
            return (kept if len(text) <= longest else read)(text, *rest, **named)  # type: ignore[arg-type]

        of.forget = kept.cache_clear  # type: ignore[attr-defined]
        return of

    return decorate
