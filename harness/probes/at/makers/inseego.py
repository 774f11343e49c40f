"""Inseego (Novatel) routers: Qualcomm's commands behind their own ATI.

No public answer of a band command of this family is known (reference at-dialects.md section 15.6).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.probes.at.chips import qualcomm
from harness.probes.at.dialect import Dialect, ModemKind, Reader

if TYPE_CHECKING:
    from harness.probes.at.language.answer import Modem


def _claims(modem: Modem) -> bool:
    maker = re.search(r"inseego|novatel", modem.manufacturer or "", re.IGNORECASE)
    return maker is not None or modem.is_model(r"\bnvtl\b")


DIALECT = Dialect(
    name="inseego",
    claims=_claims,
    readers=(Reader(r"ATI\d?", qualcomm.read_identification, tells=()), *qualcomm.READERS),
    plan=lambda _modem: qualcomm.PLAN,
    read_forms=qualcomm.READ_FORMS,
    no_lock="no public text tells how Inseego's modems are set to bands",
    kinds=(ModemKind("Novatel, Inseego", "MiFi 8800L", ()),),
)
