"""Octets of a file -> lines, in the encodings that spreadsheets and editors write."""

from __future__ import annotations

from harness.errors import FileError


def lines_of(data: bytes, source: str) -> list[str]:
    """The lines without their ends; UTF-8 with or without its mark, UTF-16 with it. Raises FileError with the place."""
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        way_out = "save it as UTF-8 text, or as .xlsx"
        raise FileError(
            f"is no text in {encoding}: octet {error.start}", path=source, line=line, way_out=way_out
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise FileError("is no text: it holds octets 0", path=source, line=line)
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def head_line(line: str) -> tuple[str, str] | None:
    """`# model: X-100` -> label and value; None for any other comment."""
    body = line.lstrip().lstrip("#").strip()
    label, colon, value = body.partition(":")
    return (label.strip(), value.strip()) if colon and 0 < len(label.split()) <= 5 else None


def comment_text(text: str) -> str:
    """Text of a device or a person as part of a comment: one line, and nothing that a reader takes for a head."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return plain.replace("#", " ")[:300]
