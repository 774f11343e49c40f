"""Dialects of other installed packages, guarded. Whatever is wrong with one of them, modems are read without it.

A package that cannot be loaded, or whose code fails, is a trouble by the name of its entry point: an error where that
name was asked for, else a warning of the survey.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from harness.errors import ParseError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from harness.observations import Observation
    from harness.probes.at.language.answer import AtAnswer, Modem

    from .dialect import Dialect, Reader

_Told = TypeVar("_Told")


def guarded(name: str, place: str, load: Callable[[str], object], troubles: dict[str, str]) -> Dialect:
    """The dialect that another package says is at a place, its functions guarded: what they raise goes to `troubles`.

    Raises UsageError where there is none that can be used.
    """
    from .dialect import Dialect

    where = f"dialect {name} of {place}"
    try:
        value = load(place)
    except Exception as error:
        raise UsageError(f"{where} cannot be loaded ({_said(error)})") from error
    if not isinstance(value, Dialect):
        raise UsageError(f"{where} is no Dialect")
    try:
        value.check()
        return replace(
            value,
            claims=_guarded(name, f"{where}: claims() failed", value.claims, False, troubles),
            plan=_guarded(name, f"{where}: plan() failed", value.plan, (), troubles),
            readers=tuple(_guarded_reader(where, reader) for reader in value.readers),
            locking=value.locking and _guarded(name, f"{where}: locking() failed", value.locking, None, troubles),
        )
    except UsageError as error:
        raise UsageError(f"{where}: {error.message.partition(': ')[2]}") from None
    except Exception as error:
        raise UsageError(f"{where} is not as a Dialect must be ({_said(error)})") from error


def _guarded(
    name: str, what: str, ask: Callable[[Modem], _Told], otherwise: _Told, troubles: dict[str, str]
) -> Callable[[Modem], _Told]:
    def asked(modem: Modem) -> _Told:
        try:
            return ask(modem)
        except Exception as error:  # noqa: BLE001 - other people's code must not end a run
            troubles[name] = f"{what} ({_said(error)})"
            return otherwise

    return asked


def _guarded_reader(where: str, reader: Reader) -> Reader:
    def read(answer: AtAnswer) -> Iterator[Observation | str]:
        try:
            told: Iterable[Observation | str] = tuple(reader.read(answer))
        except ParseError:
            raise
        except Exception as error:  # noqa: BLE001 - other people's code must not end a run
            told = (f"{where}: its reader of {answer.command} failed ({_said(error)})",)
        yield from told

    reader.reads("AT")
    return replace(reader, read=read)


def _said(error: Exception) -> str:
    """An error in one line, with its kind."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__
