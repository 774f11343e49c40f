"""The tongues of families, by their name: `quectel-lte`, `quectel-5g` ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulation.radio.tongues.fibocom import FibocomFm350
from harness.simulation.radio.tongues.foxconn import FoxconnT99
from harness.simulation.radio.tongues.nordic import NordicNrf91
from harness.simulation.radio.tongues.quectel import QuectelFiveG, QuectelIot, QuectelLte
from harness.simulation.radio.tongues.simcom import SimcomNarrow

if TYPE_CHECKING:
    from harness.simulation.radio.tongue import Tongue

TONGUES: dict[str, type[Tongue]] = {
    "quectel-lte": QuectelLte,
    "quectel-iot": QuectelIot,
    "quectel-5g": QuectelFiveG,
    "nordic": NordicNrf91,
    "simcom-narrow": SimcomNarrow,
    "foxconn": FoxconnT99,
    "fibocom-fm350": FibocomFm350,
}
