"""Which commands each family is read with. `python -m harness.probes.at.page` writes docs/at-families.md anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.at_commands import split_joined
from harness.probes.at.language.answer import Modem

from .registry import our_dialects
from .session import MOST_REQUESTS, requests_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .dialect import Dialect, ModemKind

_HEAD = f"""# What each modem family is asked

Identity, supported bands, enabled bands and serving cell of a modem take at most {MOST_REQUESTS} requests. The table
is written by the code that sends them: `python -m harness.probes.at.page` writes it anew.

A request may join several commands (`AT+A?;+B?`); where a modem refuses that, its parts are asked alone. What a
modem does not answer is left unknown. `AT+CGMM`, `AT+CGMI` and `AT+CGMR` are asked only where ATI leaves a gap.

| family | modems | requests | count |
|---|---|---|---|
"""


def rows() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(family, kind of modem, requests in their order) of every kind."""
    for family in our_dialects():
        for kind in family.kinds:
            yield family.name, kind.words, requests_of_kind(family, kind)


def requests_of_kind(family: Dialect, kind: ModemKind) -> tuple[str, ...]:
    """All that one modem of the kind is asked, in its order, however long."""
    return ("ATI", *kind.beside_ati, *requests_of(family, Modem(None, kind.model, None)))


def page() -> str:
    """The text of docs/at-families.md."""
    lines = []
    for name, kind, requests in rows():
        cells = "<br>".join(f"`{request}`" for request in requests)
        lines.append(f"| {name} | {kind} | {cells} | {len(requests)} |")
    return _HEAD + "\n".join(lines) + "\n"


def longest() -> int:
    """Most single commands that one request joins."""
    return max(len(split_joined(request)) for _, _, requests in rows() for request in requests)


if __name__ == "__main__":
    from pathlib import Path

    Path("docs/at-families.md").write_text(page(), encoding="utf-8")
