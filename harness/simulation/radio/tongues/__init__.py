"""The tongues of families, by their name: `quectel-lte`, `quectel-5g` ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulation.radio.tongues.quectel import QuectelFiveG, QuectelIot, QuectelLte

if TYPE_CHECKING:
    from harness.simulation.radio.tongue import Tongue

TONGUES: dict[str, type[Tongue]] = {
    "quectel-lte": QuectelLte,
    "quectel-iot": QuectelIot,
    "quectel-5g": QuectelFiveG,
}
