"""Keys and signatures: Ed25519 (RFC 8032) over the manifest, through `cryptography`."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import FileError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

VARIABLE = "BANDPROOF_KEY"
PUBLIC_BYTES = 32
"""RFC 8032 clause 5.1.5."""


def key_path() -> Path:
    """The lab's private key: `BANDPROOF_KEY`, else a file of the user's configuration."""
    if named := os.environ.get(VARIABLE):
        return Path(named).expanduser()
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "bandproof" / "signing-key.pem"


def new_key(path: Path) -> str:
    """Make a private key readable by its owner only; answer the public one. Raises UsageError where one is there."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(
            f"there is a key already: {path}", way_out="keep it: old reports are checked with it"
        ) from None
    with os.fdopen(file, "wb") as out:
        out.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return _public(key)


def public_key(path: Path) -> str | None:
    """The public half of the key in a file, base64; None where there is no file. Raises FileError."""
    key = _load(path)
    return None if key is None else _public(key)


def sign(data: bytes, path: Path) -> tuple[str, str] | None:
    """Public key and signature of the data, base64; None where there is no key. Raises FileError."""
    key = _load(path)
    return None if key is None else (_public(key), base64.b64encode(key.sign(data)).decode())


def is_signed(data: bytes, public: str, signature: str) -> bool:
    """Whether the signature is that of the key over the data."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        raw = base64.b64decode(signature)
        key.verify(raw, data)
    except (InvalidSignature, ValueError):
        return False
    # base64 has idle bits at its end: only one writing of a signature is the right one.
    return base64.b64encode(raw).decode() == signature


def require_public(text: str) -> str:
    """A public key as people pass it on. Raises UsageError for what is none."""
    public = text.strip()
    try:
        raw = base64.b64decode(public)
    except (ValueError, UnicodeEncodeError):
        raw = b""
    if len(raw) != PUBLIC_BYTES or base64.b64encode(raw).decode() != public:
        raise UsageError(
            "this is no public key", way_out="take the line `public key` of `bandproof keys show`: 44 signs of base64"
        )
    return public


def fingerprint(public: str) -> str:
    """A public key as people compare it: the first 16 bytes of its SHA-256 in groups of four digits."""
    digits = hashlib.sha256(public.encode()).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _load(path: Path) -> Ed25519PrivateKey | None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror}", path=str(path)) from None
    try:
        key = load_pem_private_key(data, None)
    except (ValueError, TypeError) as error:
        raise FileError(f"is no private key: {error}", path=str(path)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise FileError("is no Ed25519 key", path=str(path), way_out="make one: bandproof keys new")
    return key


def _public(key: Ed25519PrivateKey) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
