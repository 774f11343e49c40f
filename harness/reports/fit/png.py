"""The fit picture as PNG, drawn by Pillow at twice the size."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.verdicts.verdict import Outcome

from .picture import CELL, INK, LOOKS

if TYPE_CHECKING:
    from .picture import Label, Picture, PictureCell

_SCALE = 2
_MOST_PIXELS = 120_000_000
_HATCH = "#6b7078"


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
        return fonts.setdefault(points, ImageFont.load_default(points * _SCALE))

    for cell in picture.cells:
        _cell(draw, cell, font(12.5))
    for label in picture.labels:
        _label(image, draw, label, font(label.size))
    told = PngImagePlugin.PngInfo()
    told.add_itxt("Title", picture.title)
    told.add_itxt("Description", picture.words)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True, pnginfo=told)
    return out.getvalue()


def _cell(draw: Any, cell: PictureCell, font: Any) -> None:
    look = LOOKS[cell.look]
    left, top = (cell.x + 2) * _SCALE, (cell.y + 2) * _SCALE
    side = (CELL - 4) * _SCALE
    box = (left, top, left + side, top + side)
    draw.rectangle(box, fill=look.fill)
    for hatch in look.hatch:
        _hatch(draw, hatch, left, top, side)
    if cell.outcome is Outcome.FAIL:
        draw.rectangle(box, outline="#000000", width=5)
    elif cell.outcome is Outcome.INCONC:
        _dashes(draw, left, top, side)
    else:
        draw.rectangle(box, outline="#8a94a0", width=1)
    halo = {"stroke_width": 3, "stroke_fill": "#ffffff"} if look.hatch else {}
    centre = (left + side / 2, top + side / 2)
    draw.text(centre, look.letter, font=font, fill=look.ink, anchor="mm", **halo)


def _hatch(draw: Any, hatch: str, left: float, top: float, side: float) -> None:
    step = 8 * _SCALE / 2
    if hatch == "dots":
        for row in range(int(side // step)):
            for column in range(int(side // step)):
                x, y = left + step * (column + 0.5), top + step * (row + 0.5)
                draw.ellipse((x - 1.5, y - 1.5, x + 1.5, y + 1.5), fill=_HATCH)
        return
    steps = int(2 * side // step)
    for index in range(1, steps):
        at = index * step
        if hatch == "flat":
            if at < side:
                draw.line((left, top + at, left + side, top + at), fill=_HATCH, width=2)
            continue
        low, high = max(0.0, at - side), min(side, at)
        if hatch == "up":
            draw.line((left + low, top + at - low, left + high, top + at - high), fill=_HATCH, width=2)
        else:
            draw.line((left + side - low, top + at - low, left + side - high, top + at - high), fill=_HATCH, width=2)


def _dashes(draw: Any, left: float, top: float, side: float) -> None:
    dash = 6
    for start in range(0, int(side), dash * 2):
        end = min(start + dash, side)
        for across in (0, side):
            draw.line((left + start, top + across, left + end, top + across), fill="#000000", width=2)
            draw.line((left + across, top + start, left + across, top + end), fill="#000000", width=2)


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
