"""The tongues of families, by their name: `quectel-lte`, `quectel-5g` ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.simulation.radio.tongues.cinterion import CinterionPls
from harness.simulation.radio.tongues.fibocom import FibocomFm350
from harness.simulation.radio.tongues.foxconn import FoxconnT99
from harness.simulation.radio.tongues.huawei import HuaweiBalong, HuaweiFiveG
from harness.simulation.radio.tongues.intel import IntelXmm
from harness.simulation.radio.tongues.nordic import NordicNrf91
from harness.simulation.radio.tongues.quectel import (
    QuectelFiveG,
    QuectelIot,
    QuectelLte,
    QuectelTwoMasks,
    QuectelUnisoc,
)
from harness.simulation.radio.tongues.restarting import AltairOne, AsrOne, SequansOne, ZteMf
from harness.simulation.radio.tongues.sierra import SierraEm
from harness.simulation.radio.tongues.simcom import SimcomAsr, SimcomFiveG, SimcomMasks, SimcomNarrow
from harness.simulation.radio.tongues.telit import TelitFn, TelitLe
from harness.simulation.radio.tongues.u_blox import UbloxSara

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
    "telit-fn": TelitFn,
    "telit-le": TelitLe,
    "cinterion": CinterionPls,
    "huawei": HuaweiBalong,
    "huawei-5g": HuaweiFiveG,
    "intel": IntelXmm,
    "simcom": SimcomMasks,
    "simcom-5g": SimcomFiveG,
    "simcom-asr": SimcomAsr,
    "quectel-ec200": QuectelTwoMasks,
    "quectel-unisoc": QuectelUnisoc,
    "sierra": SierraEm,
    "u-blox": UbloxSara,
    "zte": ZteMf,
    "asr": AsrOne,
    "altair": AltairOne,
    "sequans": SequansOne,
}
