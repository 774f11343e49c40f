"""Time from outside: an RFC 3161 token over a run's manifest, asked of a time stamping authority, checked offline.

It proves that the manifest, and with it every file of the run, was there at the token's time. It proves neither that
the devices were read then, nor who read them, nor that what was read is true. Needs the extra `timestamp`.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.errors import FileError, UsageError
from harness.recording.writer import write_atomically

from .manifest import MANIFEST, TOKEN, ManifestFault
from .regular_files import read_regular

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

VARIABLE = "BANDPROOF_TSA_ROOTS"
"""Names a file of the authorities' root certificates that are trusted here (PEM)."""
REQUEST_TYPE, ANSWER_TYPE = "application/timestamp-query", "application/timestamp-reply"
"""RFC 3161 clause 3.4."""
_WAY_OUT = "pip install bandproof[timestamp]"
_ANSWER_S = 30.0
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class TokenFound:
    """What a time token shows, in words, and what does not agree."""

    words: str = ""
    faults: tuple[ManifestFault, ...] = ()
    open: str = ""
    """Why it could not be checked; else empty."""
    time: str | None = None
    """The token's time, where a trusted authority gave it."""


NO_TOKEN = TokenFound()


def request(directory: Path) -> bytes:
    """The request to an authority for this run, as `openssl ts` writes it. Raises FileError, UsageError."""
    client = _client()
    data: bytes = client.TimestampRequestBuilder().data(_manifest(directory)).build().as_bytes()
    return data


def ask(url: str, query: bytes) -> bytes:
    """The authority's answer to a request over HTTP. Raises UsageError for an address, FileError where none came."""
    import urllib.error
    import urllib.request

    if not url.startswith(("http://", "https://")):
        raise UsageError(f"{url[:80]} is no address of a time stamping authority", way_out="--tsa=https://HOST/PATH")
    asked = urllib.request.Request(url, data=query, headers={"Content-Type": REQUEST_TYPE})  # noqa: S310 - http alone
    try:
        with urllib.request.urlopen(asked, timeout=_ANSWER_S) as answer:  # noqa: S310
            data: bytes = answer.read(_LARGEST)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise FileError(f"the authority gave no answer: {error}", path=url, way_out="try again, or another") from None
    return data


def keep(directory: Path, answer: bytes) -> str:
    """Put an authority's answer into the run; answers its time. Raises FileError where it is of another run."""
    token = _decoded(answer)
    if token is None or not _is_over(token, _manifest(directory)):
        raise FileError("is no granted time token over this run", path=str(directory / TOKEN))
    try:
        write_atomically(directory / TOKEN, answer)
    except OSError as error:
        raise FileError(f"cannot be written: {error.strerror}", path=str(directory / TOKEN)) from None
    return _moment(token)


def examine_token(directory: Path, roots: Path | None, finished: str | None) -> TokenFound:
    """What the token of a run shows: offline, by the roots that are trusted. Nothing where it has none."""
    try:
        answer = read_regular(directory, TOKEN)
        manifest = read_regular(directory, MANIFEST)
    except OSError:
        return NO_TOKEN
    try:
        token = _decoded(answer)
    except UsageError as error:
        return TokenFound(open=f"the time token {TOKEN}: {error.message}; {error.way_out}")
    if token is None:
        return TokenFound(faults=(ManifestFault(TOKEN, "is no granted time token (RFC 3161)"),))
    if not _is_over(token, manifest):
        return TokenFound(faults=(ManifestFault(TOKEN, "is a time token over another manifest"),))
    time = _moment(token)
    if roots is None:
        words = f"a time token says {time}, but no authority is trusted here, so it proves nothing: --tsa-root=FILE"
        return TokenFound(words)
    if why := _distrust(token, manifest, _certificates(roots)):
        return TokenFound(faults=(ManifestFault(TOKEN, f"is no token of an authority that is trusted here: {why}"),))
    if finished is not None and time < finished[:19]:
        return TokenFound(faults=(ManifestFault(TOKEN, f"is of {time}, before the run's end ({finished})"),))
    words = (
        f"a trusted authority attests that the manifest was there on {time} (RFC 3161): nothing was made later; "
        "that the devices were read then, by whom, and that it is true, it does not attest"
    )
    return TokenFound(words, time=time)


def roots_path(named: str | None) -> Path | None:
    """The file of trusted roots: the one that is named, else that of `BANDPROOF_TSA_ROOTS`; None: none is."""
    name = named or os.environ.get(VARIABLE)
    return Path(name).expanduser() if name else None


def _client() -> Any:
    try:
        import rfc3161_client
    except ImportError:
        raise UsageError("time tokens need rfc3161-client, which is not installed", way_out=_WAY_OUT) from None
    return rfc3161_client


def _decoded(answer: bytes) -> Any | None:
    """The answer, where it grants a token; None for anything else. Raises UsageError without the extra."""
    client = _client()
    try:
        token = client.decode_timestamp_response(answer)
        granted = client.PKIStatus(token.status) is client.PKIStatus.GRANTED
        return token if granted and token.tst_info is not None else None
    except ValueError:
        return None


def _is_over(token: Any, data: bytes) -> bool:
    imprint = token.tst_info.message_imprint
    names = {"2.16.840.1.101.3.4.2.1": "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512"}
    name = names.get(imprint.hash_algorithm.dotted_string)
    return name is not None and bool(imprint.message == hashlib.new(name, data).digest())


def _moment(token: Any) -> str:
    """The token's time in UTC to the second, `2026-11-21T14:05:00`."""
    told: datetime = token.tst_info.gen_time
    return told.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def _distrust(token: Any, data: bytes, roots: list[Certificate]) -> str:
    """Why no trusted root vouches for the token; empty where one does."""
    client = _client()
    why = ""
    for root in roots:
        try:
            client.VerifierBuilder().add_root_certificate(root).build().verify_message(token, data)
        except client.VerificationError as error:
            why = str(error)
        else:
            return ""
    return why or "no root certificate is named"


def _certificates(path: Path) -> list[Certificate]:
    """The certificates of a PEM file. Raises FileError."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise FileError(f"holds no certificates: {error}", path=str(path), way_out="give PEM certificates") from None


def _manifest(directory: Path) -> bytes:
    try:
        return read_regular(directory, MANIFEST)
    except OSError:
        raise FileError("is no finished run: it has no manifest.json", path=str(directory)) from None
