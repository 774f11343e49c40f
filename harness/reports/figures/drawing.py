"""The elements of our pictures, made by drawsvg: a picture only says what goes where.

Device text stands in the words of elements, where drawsvg escapes it; it writes attributes as they are, so these are
escaped here. A stroke or a fill stands in attributes, not in a style: writers that know no style sheet print it too.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import drawsvg  # type: ignore[import-untyped]

from harness.plain_text import one_line

Element = Any
"""An element of drawsvg, which is untyped."""
Look = dict[str, Any]
"""Attributes of an element, by their names in Python (`stroke_width`), each a text or a number."""
_FONTS = "system-ui, Helvetica, Arial, DejaVu Sans, sans-serif"
_LONGEST = 20_000


class _Still:
    """An element that neither moves nor is used twice: drawsvg's two looks ahead, for those that do, find nothing."""

    children: list[Element]

    def all_children(self, lcontext: Any = None) -> list[Element]:
        return self.children

    def write_svg_defs(self, *_: Any) -> None:
        pass

    def write_svg_element(
        self, id_map: Any, is_duplicate: Any, output_file: Any, lcontext: Any, dry_run: bool, force_dup: bool = False
    ) -> None:
        if not dry_run:
            super().write_svg_element(id_map, is_duplicate, output_file, lcontext, dry_run, force_dup)  # type: ignore[misc]


class _Rectangle(_Still, drawsvg.Rectangle):  # type: ignore[misc]
    pass


class _Path(_Still, drawsvg.Path):  # type: ignore[misc]
    pass


class _Circle(_Still, drawsvg.Circle):  # type: ignore[misc]
    pass


class _Text(_Still, drawsvg.Text):  # type: ignore[misc]
    pass


class _Group(_Still, drawsvg.Group):  # type: ignore[misc]
    pass


class _Title(_Still, drawsvg.Title):  # type: ignore[misc]
    pass


class _Words(_Title):
    TAG_NAME = "desc"


class _Pattern(_Still, drawsvg.DrawingParentElement):  # type: ignore[misc]
    TAG_NAME = "pattern"


class Drawing:
    """A picture of a width and height. Give it a title and words (then `name` makes their ids unique), or only `about`."""

    def __init__(
        self,
        width: float,
        height: float,
        *,
        kind: str = "bands",
        name: str = "",
        title: str = "",
        words: str = "",
        about: str = "",
    ) -> None:
        told = {"aria-label": escape(one_line(about, _LONGEST), {'"': "&quot;"})} if about else {}
        if title:
            told = {"aria-labelledby": f"{name}-t {name}-d"}
        hidden = {} if told else {"aria-hidden": "true"}
        self._drawing = drawsvg.Drawing(
            _short(width),
            _short(height),
            class_=kind,
            **({"role": "img", **told} if told else hidden),
            font_family=_FONTS,
            font_size=12,
        )
        if title:
            self._drawing.append(_Title(one_line(title, _LONGEST), id=f"{name}-t"))
            self._drawing.append(_Words(one_line(words, _LONGEST), id=f"{name}-d"))

    def add(self, *elements: Element) -> None:
        """Draw elements, the first below."""
        self._drawing.extend(elements)

    def define(self, name: str, size: float, *elements: Element) -> None:
        """A pattern of square tiles, used as `url(#name)`."""
        side = _short(size)
        self._drawing.append_def(_Pattern(elements, id=name, patternUnits="userSpaceOnUse", width=side, height=side))

    def svg(self) -> str:
        """The drawing as it stands in a page or in a file of its own."""
        drawn: str = self._drawing.as_svg(header="")
        return drawn


def box(x: float, y: float, width: float, height: float, about: str = "", **look: Any) -> Element:
    """A rectangle; `about` shows under a pointer and is read aloud."""
    return _about(_Rectangle(_short(x), _short(y), _short(width), _short(height), **look), about)


def stroke(x: float, y: float, to_x: float, to_y: float, **look: Any) -> Element:
    """A straight line."""
    return _Path(**look).M(_short(x), _short(y)).L(_short(to_x), _short(to_y))


def path(d: str, **look: Any) -> Element:
    """A path as SVG writes it."""
    return _Path(d, **look)


def hatching() -> tuple[Element, Element]:
    """The tile, 5 wide, of what is missing: stripes that also tell it apart where there is no colour."""
    stripes = "M-1 1 L1 -1 M0 5 L5 0 M4 6 L6 4"
    return (
        box(0, 0, 5, 5, class_="paper", fill="#ffffff"),
        path(stripes, class_="stripe", stroke="#a33100", stroke_width=1.3),
    )


def dot(x: float, y: float, radius: float, **look: Any) -> Element:
    """A filled circle."""
    return _Circle(_short(x), _short(y), _short(radius), **look)


def label(text: str, x: float, y: float, size: float = 12, about: str = "", **look: Any) -> Element:
    """A line of text at its baseline."""
    return _about(_Text(one_line(text), _short(size), _short(x), _short(y), **look), about)


def group(kind: str, about: str, *elements: Element) -> Element:
    """Elements of one meaning: `kind` is what a style sheet calls it, `about` what it says."""
    made = _Group(class_=kind) if kind else _Group()
    _about(made, about)
    made.extend(elements)
    return made


def _about(element: Element, words: str) -> Element:
    if words:
        element.children.append(_Title(one_line(words)))
    return element


def _short(number: float) -> float:
    """A tenth of a pixel is fine enough."""
    rounded = round(number, 1)
    return int(rounded) if rounded == int(rounded) else rounded
