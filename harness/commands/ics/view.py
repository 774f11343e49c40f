"""A proforma held against a device, as a person reads it: what needs work first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.commands.views.page import Page
    from harness.ics.declaration import IcsDeclaration
    from harness.requirements.proforma.holding import Held, ItemLine

_HEADS = {
    "contradiction": "Contradictions",
    "undeclared": "Undeclared (the scope of a certification is too small)",
    "open": "Stated, and open",
    "agrees": "Agree",
}
_MOST_UNREAD = 200


def draw(page: Page, held: Held, declaration: IcsDeclaration, *, everything: bool) -> None:
    """Write the comparison to a page."""
    page.heading(held.sentence)
    for remark in held.all_remarks:
        page.text(remark)
    if declaration.other_items:
        page.text(f"{declaration.other_items} items are not about bands, modes or configurations, or not known here")
    if held.speaks.refused and not everything:
        return
    for state, head in _HEADS.items():
        lines = [one for one in held.lines if one.state == state]
        if state == "open" and not everything:
            lines = [one for one in lines if one.claimed]
        if lines and (everything or state != "agrees"):
            page.heading(f"{head}: {len(lines)}")
            page.rows([_row(one) for one in lines])
    if held.unread:
        page.heading(f"Not read: {len(held.unread)}")
        for fault in held.unread[:_MOST_UNREAD]:
            page.text(fault)
        if len(held.unread) > _MOST_UNREAD:
            page.text(f"and {len(held.unread) - _MOST_UNREAD} more; --json lists all")


def _row(one: ItemLine) -> tuple[str, str, str]:
    name = one.item.mnemonic or one.key
    place = f" [{one.place}]" if one.place else ""
    return f"{one.item.label}", f"{name}: {one.reason}", f"{one.grade.word if one.grade else ''}{place}".strip()
