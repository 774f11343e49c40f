"""Opening an AT port: pyserial's many errors become ours."""

from __future__ import annotations

import errno
import threading
import warnings
from typing import Any

from harness.errors import DeviceAbsent, DeviceGone, LinkError, NoPermission, PortBusy, UsageError
from harness.links.port_lock import PortLock, busy

WRITE_TIMEOUT_S = 5.0
POLL_S = 0.1
"""How long one read may block on ports without a file descriptor; data ends it at once."""


def open_serial(url: str, *, baudrate: int) -> tuple[Any, PortLock]:
    """Open a port of any pyserial URL, exclusively. Raises the errors of the tree."""
    import serial

    lock = PortLock(url)
    options: dict[str, Any] = {"baudrate": baudrate, "timeout": POLL_S, "write_timeout": WRITE_TIMEOUT_S}
    if "://" not in url:
        options["exclusive"] = True
    try:
        if url.lower().startswith("rfc2217://"):
            return _open_rfc2217(url, options), lock
        return serial.serial_for_url(url, **options), lock
    except ValueError as error:
        lock.release()
        raise UsageError(f"{url}: {error}", way_out="see pyserial's URL forms, e.g. socket://host:port") from None
    except OSError as error:  # SerialException is one
        lock.release()
        raise open_error(url, error) from None
    except BaseException:
        lock.release()
        raise


def _open_rfc2217(url: str, options: dict[str, Any]) -> Any:
    """pyserial knows no write timeout there; the socket's own, of 5 s, bounds a write."""
    import serial

    del options["write_timeout"]
    if threading.current_thread() is not threading.main_thread():
        return serial.serial_for_url(_without_control(url), **options)
    # It starts its reader by a method that Python wants gone; where warnings are errors, that is no fault of the port.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return serial.serial_for_url(_without_control(url), **options)


def _without_control(url: str) -> str:
    """The URL so that no answer to RTS and DTR is waited for: a server whose port has none never gives one."""
    if "ign_set_control" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}ign_set_control"


def open_error(url: str, error: OSError) -> LinkError:
    """What went wrong when a port was opened, by what the user can do."""
    import serial

    number, text = _number(error), " ".join(str(error).split())
    device = "" if "://" in url else url
    if number == errno.EBUSY or "exclusively lock" in text or "already in use" in text.lower():
        return busy(url, device)
    if number in (errno.EACCES, errno.EPERM) or "PermissionError" in text or "Access is denied" in text:
        if isinstance(error, serial.SerialException) and "COM" in url.upper()[:8]:
            return busy(url, device)
        return NoPermission(
            f"no permission to open {url}",
            device=url,
            way_out="join the group that owns it (`sudo usermod -aG dialout $USER`, then log in again)",
        )
    if number == errno.ECONNREFUSED or "refused" in text:
        return DeviceAbsent(
            f"{url}: connection refused",
            device=url,
            way_out="start the program that serves the port, or correct its number",
        )
    if number in (errno.ENOENT, errno.ENODEV, errno.ENXIO) or "FileNotFoundError" in text:
        return DeviceAbsent(f"there is no port {url}", device=url, way_out=_ports_here(url))
    if "://" in url:
        return DeviceAbsent(f"{url} does not answer: {text}", device=url, way_out="check host and port")
    return DeviceAbsent(f"{url} cannot be opened: {text}", device=url, way_out=_ports_here(url))


def gone(url: str, command: str, raw: bytes = b"", why: str = "") -> DeviceGone:
    """The port went away while it was used."""
    return DeviceGone(
        f"{url} went away while it was asked {command}" + (f" ({why})" if why else ""),
        device=url,
        command=command,
        raw=raw,
        way_out="check the cable and the power of the modem, then run again",
    )


def list_ports() -> tuple[str, ...]:
    """The serial ports of this machine that can be a modem's."""
    from serial.tools import list_ports as ports

    return tuple(sorted(port.device for port in ports.comports()))


def _ports_here(url: str) -> str:
    try:
        found = list_ports()
    except Exception:  # noqa: BLE001  a listing that fails must not hide the error that it is to explain
        found = ()
    if not found:
        return "no serial port is plugged in here"
    import difflib

    nearest = difflib.get_close_matches(url, found, 4, 0.0) or found[:4]
    return f"here are {', '.join(nearest)}"


def _number(error: BaseException) -> int | None:
    """The error number, also from inside: pyserial wraps the socket's error into one without a number."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno is not None:
            return seen.errno
        seen = seen.__cause__ or seen.__context__
    return None


__all__ = ["PortBusy", "gone", "list_ports", "open_error", "open_serial"]
