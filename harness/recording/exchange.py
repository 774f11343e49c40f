"""Exchange and recording as values."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from harness.errors import AnswerGarbled, AnswerTimeout, DeviceGone

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.errors import BandproofError

LinkKind = Literal["adb", "at", "qmi", "uecap", "sweep"]
Provenance = Literal["recorded", "captured", "composed"]

FORMAT = "bandproof.recording/1"


_IN_WORDS = {
    DeviceGone.__name__: "the device went away",
    AnswerTimeout.__name__: "no whole answer in time",
    AnswerGarbled.__name__: "what came is no answer",
}
_NAMED = re.compile(r"([A-Z]\w+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Interruption:
    """What cut an answer short: the error's class name (empty where it is not known) and its text."""

    kind: str
    message: str

    @staticmethod
    def of(error: BandproofError) -> Interruption:
        """The error as an exchange names it."""
        return Interruption(type(error).__name__, error.message)

    @staticmethod
    def parse(text: str) -> Interruption:
        """From one text, `DeviceGone: it went away`, as recordings had it before both stood apart."""
        match = _NAMED.fullmatch(text)
        return Interruption(match[1], match[2]) if match else Interruption("", text)

    @property
    def passing(self) -> bool:
        """Whether the link went on: one answer was late or garbled."""
        return self.kind in {AnswerTimeout.__name__, AnswerGarbled.__name__}

    @property
    def is_loss(self) -> bool:
        """Whether the device was there and went away."""
        return self.kind == DeviceGone.__name__

    def changed(self, change: Callable[[str], str]) -> Interruption:
        """The same with another text: scrubbed, without an address."""
        return replace(self, message=change(self.message))

    def __str__(self) -> str:
        """In words: the kind is for programs, no person reads a class name."""
        return self.message or _IN_WORDS.get(self.kind, "the answer was cut short")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request on a link and its raw answer.

    ADB: `request` is the shell command, `response` its standard output, with `exit_code` and `stderr` apart
    (None where the handset cannot tell, shell v1). AT: `response` holds the lines as received without the echo, the
    final result code included, line ends untouched; `exit_code` is None. `error` names what cut the answer short; an
    exchange with an error is never read by a probe. `at` is UTC in ISO 8601 with milliseconds.
    """

    request: str
    response: bytes
    exit_code: int | None = None
    stderr: bytes | None = None
    elapsed_ms: float | None = None
    at: str | None = None
    error: Interruption | None = None
    number: int | None = field(default=None, compare=False)
    """Its place among all exchanges of a survey, from 0; given when it happens, and not written."""

    def numbered(self, number: int) -> Exchange:
        """The same exchange at that place among all; by hand, since every exchange of a rack comes by here."""
        return Exchange(
            self.request, self.response, self.exit_code, self.stderr, self.elapsed_ms, self.at, self.error, number
        )

    @property
    def text(self) -> str:
        """The response as text; bytes that are not UTF-8 become U+FFFD."""
        return self.response.decode("utf-8", errors="replace")


@dataclass(frozen=True, slots=True)
class RecordingInfo:
    """What `recording.yaml` says: where the recording comes from and what it is of."""

    id: str
    provenance: Provenance
    device: dict[str, str] = field(default_factory=dict)
    """Identity in words: manufacturer, model, codename, build, baseband ..."""
    sources: tuple[str, ...] = ()
    """For captured and composed recordings: where the text or the facts were published."""
    device_sheet: str | None = None
    """The sheet that the maker declares for this device, `maker/model` or `maker/model#variant`."""
    description: str = ""
    recorded_at: str | None = None
    tool: str | None = None
    address: str | None = None
    scrubbed: tuple[str, ...] = ()
    complete: bool = True
    """False while it is being written, and for ever when the writer was killed."""
    sha256: dict[str, str] = field(default_factory=dict)
    """Hash of each link's file, written when the recording is finished."""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole recording: its description and the exchanges of each link, in order."""

    info: RecordingInfo
    links: dict[str, tuple[Exchange, ...]]
    path: str = ""


def now() -> str:
    """The time as exchanges write it: UTC, ISO 8601, milliseconds."""
    return stamp(time.time_ns())


def stamp(since_1970_ns: int) -> str:
    """A moment as exchanges write it, cut to the millisecond. A rack asks for thousands, and many in one second."""
    seconds, ns = divmod(since_1970_ns, 1_000_000_000)
    return f"{_second(seconds)}{ns // 1_000_000:03}Z"


@lru_cache(maxsize=4)
def _second(since_1970_s: int) -> str:
    return f"{datetime.fromtimestamp(since_1970_s, UTC):%Y-%m-%dT%H:%M:%S}."
