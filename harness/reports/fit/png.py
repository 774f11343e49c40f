"""The fit picture as PNG, drawn by Pillow at twice the size."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError

from .picture import BAND, CELL, INK, LOOKS, SOFT, STROKES

if TYPE_CHECKING:
    from .picture import BandMark, Label, Picture, PictureCell, Sign

_SCALE = 2
_FONTS = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "NotoSans-Regular.ttf", "Arial.ttf", "Helvetica.ttc")
_MOST_PIXELS = 120_000_000


def png(picture: Picture) -> bytes:
    """The bytes of the file. Raises UsageError without Pillow, or for a picture larger than a viewer opens."""
    try:
        from PIL import Image, ImageDraw, ImageFont, PngImagePlugin
    except ImportError:
        raise UsageError("no PNG without Pillow", way_out="pip install 'bandproof[figures]', or write --svg") from None
    size = (round(picture.width * _SCALE), round(picture.height * _SCALE))
    if size[0] * size[1] > _MOST_PIXELS:
        raise UsageError("the picture is too large for a PNG", way_out="name fewer carriers, or write --svg")
    image = Image.new("RGB", size, "#ffffff")
    draw = ImageDraw.Draw(image)
    fonts: dict[float, Any] = {}

    def font(points: float) -> Any:
        if points not in fonts:
            fonts[points] = _font(ImageFont, points * _SCALE)
        return fonts[points]

    for cell in picture.cells:
        _cell(draw, cell)
    for mark in picture.marks:
        _mark(draw, mark, font(11))
    for label in picture.labels:
        _label(image, draw, label, font(label.size))
    told = PngImagePlugin.PngInfo()
    told.add_itxt("Title", picture.title)
    told.add_itxt("Description", picture.words)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True, pnginfo=told)
    return out.getvalue()


def _font(library: Any, size: float) -> Any:
    """A font that has the letters of carriers' names; Pillow's own, which lacks accents, where the machine has none."""
    for name in _FONTS:
        try:
            return library.truetype(name, size)
        except OSError:
            continue
    return library.load_default(size)


def _cell(draw: Any, cell: PictureCell) -> None:
    look = LOOKS[cell.answer]
    left, top = (cell.x + 2) * _SCALE, (cell.y + 2) * _SCALE
    side = (CELL - 4) * _SCALE
    box = (left, top, left + side, top + side)
    draw.rectangle(box, fill=look.fill)
    if look.dashed:
        _dashes(draw, left, top, side, look.line)
    else:
        draw.rectangle(box, outline=look.line, width=2)
    _sign(draw, look.sign, cell.x + CELL / 2, cell.y + CELL / 2, INK)


def _mark(draw: Any, mark: BandMark, font: Any) -> None:
    draw.text((mark.x * _SCALE, (mark.y + 14) * _SCALE), mark.text, font=font, fill=SOFT, anchor="ls")
    _sign(draw, mark.sign, mark.x + BAND - 13, mark.y + CELL / 2, mark.ink)


def _sign(draw: Any, sign: Sign, x: float, y: float, ink: str) -> None:
    for line in STROKES[sign]:
        places = [((x + dx) * _SCALE, (y + dy) * _SCALE) for dx, dy in line]
        draw.line(places, fill=ink, width=3, joint="curve")


def _dashes(draw: Any, left: float, top: float, side: float, line: str) -> None:
    dash = 6
    for start in range(0, int(side), dash * 2):
        end = min(start + dash, side)
        for across in (0, side):
            draw.line((left + start, top + across, left + end, top + across), fill=line, width=2)
            draw.line((left + across, top + start, left + across, top + end), fill=line, width=2)


def _label(image: Any, draw: Any, label: Label, font: Any) -> None:
    from PIL import Image, ImageDraw

    x, y = label.x * _SCALE, label.y * _SCALE
    if not label.upright:
        draw.text((x, y), label.text, font=font, fill=INK, anchor="rs" if label.anchor == "end" else "ls")
        return
    wide, high = max(1, round(font.getlength(label.text)) + 4), round(label.size * _SCALE * 1.4)
    strip = Image.new("RGB", (wide, high), "#ffffff")
    ImageDraw.Draw(strip).text((0, high - round(high * 0.25)), label.text, font=font, fill=INK, anchor="ls")
    image.paste(strip.rotate(90, expand=True), (round(x - high * 0.75), round(y - wide)))
