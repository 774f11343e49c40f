"""What a piece of hardware is known by when its serial number may not be told: a short hash of it under the lab's secret.

A hash without a secret would tell the serial to whoever tries them all: a TAC leaves a million of IMEIs. So two labs
that do not share the secret know the same piece by two keys.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from harness.recording.scrubbing import shapes

if TYPE_CHECKING:
    from harness.recording.exchange import Exchange

VARIABLE = "BANDPROOF_SAMPLE_KEY"
_SECRET_BYTES = 32
_KEY_BYTES = 6
_FEWEST_SIGNS = 3
"""A serial number with fewer different signs is a placeholder: stars, zeros."""

_ANDROID = re.compile(rb"^\[?ro\.(?:boot\.)?serialno\]?(?:: \[|=)([A-Za-z0-9._:-]{4,64})\]?\s*$", re.MULTILINE)
_TELLS_IMEI = re.compile(r"C?GSN|EGMR|IMEI|dms-get-ids|query-device-caps|mmcli", re.IGNORECASE)
_IMEI = re.compile(rb"(?<![0-9])[0-9]{15}(?![0-9])")


def serial_in(kind: str, exchange: Exchange) -> str | None:
    """The serial number of a handset, or the IMEI of a modem, that an answer tells before it is scrubbed."""
    if kind == "adb":
        if b"serialno" not in exchange.response:
            return None
        found = [match[1].decode() for match in _ANDROID.finditer(exchange.response)]
        return next((one for one in found if len(set(one)) >= _FEWEST_SIGNS), None)
    if kind not in {"at", "qmi"} or not _tells_imei(exchange.request):
        return None
    digits = (match[0].decode() for match in _IMEI.finditer(exchange.response))
    return next((one for one in digits if _is_imei(one)), None)


def imeis_in(kind: str, exchange: Exchange) -> tuple[str, ...]:
    """The IMEIs that an answer tells before it is scrubbed: of a handset's properties, or of a modem."""
    if kind == "adb":
        if exchange.request != "getprop" or b"imei" not in exchange.response.lower():
            return ()
        lines = [line for line in exchange.response.splitlines() if b"imei" in line.lower()]
        found = _IMEI.findall(b"\n".join(lines))
    elif kind in {"at", "qmi"} and _tells_imei(exchange.request):
        found = _IMEI.findall(exchange.response)
    else:
        return ()
    return tuple(dict.fromkeys(one for one in (digits.decode() for digits in found) if _is_imei(one)))


@lru_cache(maxsize=1024)
def _tells_imei(request: str) -> bool:
    """Whether a request asks for the IMEI: a rack asks each of its requests often, and each is looked at twice."""
    return _TELLS_IMEI.search(request) is not None


def _is_imei(digits: str) -> bool:
    return digits[:2] in shapes.REPORTING_BODIES and len(set(digits)) >= _FEWEST_SIGNS and shapes.luhn(digits)


def sample_key(serial: str) -> str | None:
    """12 hex digits for a serial number; the same whatever its case. None where no secret can be kept."""
    secret = _secret(secret_path())
    if secret is None:
        return None
    return hashlib.blake2b(serial.strip().upper().encode(), key=secret, digest_size=_KEY_BYTES).hexdigest()


def secret_path() -> Path:
    """Where the lab's secret is kept: `BANDPROOF_SAMPLE_KEY`, else a file of the user's configuration."""
    return _path(*map(os.environ.get, (VARIABLE, "XDG_CONFIG_HOME", "HOME", "USERPROFILE")))


@lru_cache(maxsize=4)
def _path(named: str | None, config: str | None, *_homes: str | None) -> Path:
    """By the variables that decide it: each serial number of a rack asks for it."""
    if named:
        return Path(named).expanduser()
    home = config or Path.home() / ".config"
    return Path(home) / "bandproof" / "sample-key"


@lru_cache(maxsize=4)
def _secret(path: Path) -> bytes | None:
    """The secret, made where there is none. What is no secret, or cannot be read, is none: a key would not last."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Whole or not at all: of two runs that make it at once, the second one takes what the first one made.
        beside = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
        if not path.exists():
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(f"{secrets.token_hex(_SECRET_BYTES)}\n")
            with suppress(FileExistsError):
                os.link(beside, path)
            beside.unlink()
    with suppress(OSError, ValueError):
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
        return secret if len(secret) == _SECRET_BYTES else None
    return None
