"""Exchange and recording as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from harness.errors import BandproofError

LinkKind = Literal["adb", "at", "qmi", "uecap"]
Provenance = Literal["recorded", "captured", "composed"]

FORMAT = "bandproof.recording/1"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request on a link and its raw answer.

    ADB: `request` is the shell command, `response` its standard output, with `exit_code` and `stderr` apart
    (None where the handset cannot tell, shell v1). AT: `response` holds the lines as received without the echo, the
    final result code included, line ends untouched; `exit_code` is None. `error` names what cut the answer short (the
    error's class name and its text); an exchange with an error is never read by a probe. `at` is UTC in ISO 8601 with
    milliseconds.
    """

    request: str
    response: bytes
    exit_code: int | None = None
    stderr: bytes | None = None
    elapsed_ms: float | None = None
    at: str | None = None
    error: str | None = None

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
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def error_text(error: BandproofError) -> str:
    """How an exchange names the error that cut it short."""
    return f"{type(error).__name__}: {error.message}"
