"""SCPI instruments through pyvisa, as a channel for state items: every write is followed by a look at the error queue.

An answer that comes late belongs to nothing that is asked later: after a timeout the session is opened anew.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from harness.errors import AnswerGarbled, AnswerTimeout, DeviceAbsent, DeviceGone, UsageError
from harness.recording.exchange import Exchange, now

if TYPE_CHECKING:
    from .maps import InstrumentMap

OPEN_S = 10.0
MOST_ERRORS = 50
"""So many are read from a queue before it is called endless."""
BACKEND = "@py"
_TIMEOUT, _LOST = "VI_ERROR_TMO", "VI_ERROR_CONN_LOST"


def visa_manager(backend: str) -> Any:
    """pyvisa's resource manager. Raises UsageError where pyvisa is not installed, or has no such backend."""
    try:
        import pyvisa
    except ImportError:
        raise UsageError("SCPI instruments need pyvisa", way_out="pip install 'bandproof[cells]'") from None
    try:
        return pyvisa.ResourceManager(backend)
    except (OSError, ValueError, ImportError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UsageError(f"pyvisa cannot use {backend}: {why[:200]}") from None


class ScpiChannel:
    """One instrument. Thread-safe: one command at a time. `accepted` of items is the answer of the error queue.

    Raises AnswerTimeout, AnswerGarbled, DeviceGone, DeviceAbsent.
    """

    def __init__(self, resource: str, told: InstrumentMap, *, backend: str = BACKEND) -> None:
        self._manager = visa_manager(backend)
        self._resource = resource
        self._map = told
        self._session: Any = None
        self._one = threading.Lock()
        self.identity = ""
        """What it said that it is."""
        with self._one:
            self._open()

    def ask(self, command: str, *, deadline_s: float) -> Exchange:
        """A query and its answer; of a write what the error queue says behind it."""
        at, start = now(), time.monotonic()
        with self._one:
            if self._session is None:
                self._open()
            answer = self._query(command, deadline_s) if "?" in command else self._written(command, deadline_s)
        elapsed = (time.monotonic() - start) * 1000
        return Exchange(command, answer.encode("utf-8", "replace"), elapsed_ms=round(elapsed, 3), at=at)

    def is_error(self, answer: str) -> bool:
        """Whether an answer of the error queue tells one."""
        return re.match(self._map.errors.none, answer.strip()) is None

    def close(self) -> None:
        """Let go of it."""
        with self._one:
            self._drop()
        self._manager.close()

    def _first(self, until: float) -> str:
        """What it says that it is. Some backends connect only now."""
        try:
            return self._query(self._map.identify.ask, until)
        except DeviceGone as error:
            raise DeviceAbsent(error.message, device=self._resource, way_out="check the VISA resource") from None

    def _written(self, command: str, deadline_s: float) -> str:
        errors = self._map.errors
        if errors.behind:
            return self._query(command + errors.behind, deadline_s)
        self._guard(command, deadline_s, lambda session: session.write(command))
        first = self._query(errors.ask, deadline_s)
        self._drain(first, deadline_s)
        return first

    def _drain(self, answer: str, deadline_s: float) -> None:
        """Read what else is in the queue: an error of before must not be told of the next write."""
        for _ in range(MOST_ERRORS):
            if not self.is_error(answer):
                return
            answer = self._query(self._map.errors.ask, deadline_s)
        raise self._broken(AnswerGarbled(f"{self._map.words}: its error queue does not end", device=self._resource))

    def _query(self, command: str, deadline_s: float) -> str:
        answer = self._guard(command, deadline_s, lambda session: session.query(command))
        return str(answer).strip().strip("\0")

    def _guard(self, command: str, deadline_s: float, do: Any) -> Any:
        """Do it before the deadline; pyvisa's errors are ours, and the session is not used after one."""
        import pyvisa

        left = min(deadline_s - time.monotonic(), self._map.timeout_s)
        if left <= 0:
            raise self._broken(AnswerTimeout(f"no time left to ask {self._map.words} for {command}", command=command))
        try:
            self._session.timeout = max(1, int(left * 1000))
            return do(self._session)
        except pyvisa.VisaIOError as error:
            words = f"{self._map.words}: {command}"
            if error.abbreviation == _TIMEOUT:
                raise self._broken(AnswerTimeout(f"{words} was not answered in time", command=command)) from None
            raise self._broken(DeviceGone(f"{words}: the connection was lost", command=command)) from None
        except UnicodeDecodeError:
            raise self._broken(AnswerGarbled(f"{self._map.words}: {command}: no text came", command=command)) from None
        except (OSError, pyvisa.errors.InvalidSession) as error:
            raise self._broken(DeviceGone(f"{self._map.words}: {command}: {error}", command=command)) from None

    def _broken(self, error: Exception) -> Exception:
        self._drop()
        return error

    def _drop(self) -> None:
        from pyvisa.errors import Error

        session, self._session = self._session, None
        if session is not None:
            with suppress(Error, OSError):
                session.close()

    def _open(self) -> None:
        """Open a session, make sure of what answers, empty its error queue."""
        import pyvisa

        until, end = time.monotonic() + OPEN_S, self._map.terminator
        try:
            self._session = self._manager.open_resource(
                self._resource, open_timeout=int(OPEN_S * 1000), read_termination=end, write_termination=end
            )
        except (pyvisa.VisaIOError, OSError, ValueError) as error:
            raise DeviceAbsent(
                f"{self._map.words} cannot be reached: {error}",
                device=self._resource,
                way_out="check the VISA resource",
            ) from None
        told = self._first(until)
        if not re.match(self._map.identify.expect, told):
            self._drop()
            raise UsageError(
                f"the instrument says that it is {told[:80]!r}, which is no {self._map.words}",
                way_out="name another map",
            )
        if self.identity and told != self.identity:
            self._drop()
            raise DeviceAbsent(f"another instrument answers where {self._map.words} was", device=self._resource)
        self.identity = told
        if self._map.errors.ask:
            self._drain(self._query(self._map.errors.ask, until), until)
