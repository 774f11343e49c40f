"""The error tree, by what the user can do about it.

    BandproofError
    ├── UsageError            exit 2   change the command, the profile or the bench file
    │   └── UnknownName                a carrier, band or sheet that does not exist; names the nearest
    ├── InputError            exit 4   the text or file given cannot be read
    │   ├── ParseError                 an answer in which nothing could be recognised
    │   ├── FileError                  a YAML or JSON file that breaks its schema: file, line, column, what was expected
    │   └── RecordingError             a recording that cannot be replayed
    ├── StateError            exit 5   a device could not be changed as asked, or not put back
    └── LinkError             exit 3   look at the device, the cable, the port, the server
        ├── NoAdbServer                start the adb server
        ├── DeviceAbsent               plug it in, or correct the address
        ├── DeviceAmbiguous            name one device
        ├── DeviceUnauthorized         accept the key on the handset
        ├── DeviceOffline              replug or reboot it
        ├── NoPermission               udev rule, group membership
        ├── PortBusy                   somebody else holds the port (named where known)
        ├── DeviceGone                 it went away in the middle
        ├── AnswerTimeout              the deadline passed without a whole answer
        ├── AnswerGarbled              what came is no answer
        └── CommandRefused             a command that would change the device, without permission for it

Libraries' errors are mapped to these at the links only.
"""

from __future__ import annotations


class BandproofError(Exception):
    """Root of all errors that a user can meet. `message` says what and where, `way_out` what to do about it."""

    exit_status = 3

    def __init__(self, message: str, *, way_out: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.message}\n  {self.way_out}" if self.way_out else self.message


class UsageError(BandproofError):
    """The request itself is wrong."""

    exit_status = 2


class UnknownName(UsageError):
    """A name that nothing carries; `nearest` lists what may have been meant."""

    def __init__(self, what: str, name: str, nearest: tuple[str, ...] = ()) -> None:
        hint = f"did you mean {', '.join(nearest)}?" if nearest else ""
        super().__init__(f"no {what} named {name!r}", way_out=hint)
        self.name = name
        self.nearest = nearest


class InputError(BandproofError):
    """Text or a file that cannot be read."""

    exit_status = 4


class ParseError(InputError):
    """An answer in which nothing could be recognised. The only error that a parser raises."""


class FileError(InputError):
    """A file that breaks its schema; `line` and `column` count from 1."""

    def __init__(
        self, message: str, *, path: str, line: int | None = None, column: int | None = None, way_out: str = ""
    ) -> None:
        place = ":".join(str(part) for part in (path, line, column) if part is not None)
        super().__init__(f"{place}: {message}", way_out=way_out)
        self.path = path
        self.line = line
        self.column = column
        self.bare_message = message


class RecordingError(InputError):
    """A recording that cannot be replayed."""


class StateError(BandproofError):
    """A device could not be changed as asked, or put back; `way_out` says what a person does about it."""

    exit_status = 5


class LinkError(BandproofError):
    """Trouble between the bench and the device, with the evidence: command, raw bytes so far, device, elapsed time."""

    exit_status = 3

    def __init__(
        self,
        message: str,
        *,
        device: str = "",
        command: str = "",
        raw: bytes = b"",
        elapsed_s: float | None = None,
        way_out: str = "",
    ) -> None:
        super().__init__(message, way_out=way_out)
        self.device = device
        self.command = command
        self.raw = raw
        self.elapsed_s = elapsed_s


class NoAdbServer(LinkError):
    """No adb server answers and none can be started."""


class DeviceAbsent(LinkError):
    """No device has this address."""


class DeviceAmbiguous(LinkError):
    """The address fits more than one device."""


class DeviceUnauthorized(LinkError):
    """The handset has not accepted this computer's key."""


class DeviceOffline(LinkError):
    """The adb server knows the handset but cannot talk to it."""


class NoPermission(LinkError):
    """The operating system refuses the port or the USB device."""


class PortBusy(LinkError):
    """The port is held by another program."""


class DeviceGone(LinkError):
    """The device went away while it was asked."""


class AnswerTimeout(LinkError):
    """The deadline passed before a whole answer had come."""


class AnswerGarbled(LinkError):
    """What came cannot be an answer to the command."""


class CommandRefused(LinkError):
    """A command that is not on the list of read forms, without permission to change the device."""
