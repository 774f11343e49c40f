"""Photographs of devices, encoded anew: what a camera writes into a picture is where, whose and by which device it was."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FORMATS = {"JPEG": ("JPEG", ".jpg"), "MPO": ("JPEG", ".jpg"), "PNG": ("PNG", ".png"), "WEBP": ("WEBP", ".webp")}
"""Format of the picture -> the one it is kept in, and its ending. All others become PNG."""
_MODES = {"JPEG": ("L", "RGB"), "PNG": ("L", "LA", "RGB", "RGBA"), "WEBP": ("RGB", "RGBA")}
_AS_TAKEN = "or write `photographs: as_taken` into the bench file, to keep what the camera wrote into it"


def require_pictures(files: Iterable[Path]) -> None:
    """Raises UsageError where a photograph cannot be encoded anew: without Pillow, or where it is no picture."""
    for file in files:
        _opened(file).close()


def stripped(file: Path) -> tuple[bytes, str]:
    """The picture, upright and without anything beside it (EXIF, GPS, XMP, comments, thumbnails), and its ending.

    Raises UsageError as `require_pictures` does.
    """
    from PIL import ImageOps

    with _opened(file) as image:
        try:
            form, suffix = _FORMATS.get(image.format or "", ("PNG", ".png"))
            upright = ImageOps.exif_transpose(image)
            modes = _MODES[form]
            pixels = upright if upright.mode in modes else upright.convert(_fitting(upright, modes))
            return _encoded(pixels, form), suffix
        except Exception as error:  # noqa: BLE001 - a damaged picture makes the library raise anything
            raise _no_picture(file, error) from None


LARGEST_IN_PAGE = 100_000
"""Bytes of a photograph as the page embeds it."""
_SIDES = (1400, 1200, 1000, 800, 640, 480, 320, 160)
_QUALITIES = (85, 75, 65)


def for_the_page(file: Path) -> bytes | None:
    """The picture as a JPEG of at most 100 kB, as large as that allows; None where it cannot be encoded anew."""
    try:
        from PIL import ImageOps

        with _opened(file) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
            for side in _SIDES:
                small = upright.copy()
                small.thumbnail((side, side))
                for quality in _QUALITIES:
                    data = _encoded(small, "JPEG", quality)
                    if len(data) <= LARGEST_IN_PAGE:
                        return data
    except Exception:  # noqa: BLE001 - a photograph that is kept as it was taken need not be a picture
        return None
    return None


def _encoded(pixels: Any, form: str, quality: int = 92) -> bytes:
    from PIL import Image

    # A new one: an image keeps what was read beside its pixels, and writers put some of it back.
    clean = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
    out = io.BytesIO()
    clean.save(out, form, **({} if form == "PNG" else {"quality": quality}))
    return out.getvalue()


def _fitting(image: Any, modes: tuple[str, ...]) -> str:
    return "RGBA" if "RGBA" in modes and (image.mode == "PA" or "transparency" in image.info) else "RGB"


def _opened(file: Path) -> Any:
    try:
        from PIL import Image
    except ImportError:
        raise UsageError(
            f"photograph {file} cannot be kept without Pillow", way_out=f"pip install 'bandproof[figures]', {_AS_TAKEN}"
        ) from None
    try:
        return Image.open(file)
    except Exception as error:  # noqa: BLE001
        raise _no_picture(file, error) from None


def _no_picture(file: Path, error: Exception) -> UsageError:
    why = type(error).__name__ if not isinstance(error, OSError) or not error.strerror else error.strerror
    return UsageError(f"photograph {file} cannot be encoded anew: {why}", way_out=f"give a JPEG or PNG, {_AS_TAKEN}")
