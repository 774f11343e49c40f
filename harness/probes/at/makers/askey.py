"""Askey (RTL6300 and kin): Qualcomm's commands; ATI names the chip vendor, and the product in OEM_VER only.

No public answer of a band command of this family is known (reference at-dialects.md section 15.6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.probes.at.chips import qualcomm
from harness.probes.at.dialect import Dialect, ModemKind, Reader

if TYPE_CHECKING:
    from harness.probes.at.language.answer import Modem


def _claims(modem: Modem) -> bool:
    return "askey" in (modem.manufacturer or "").lower() or modem.is_model(r"\bRTL\d{4}(?![0-9])")


DIALECT = Dialect(
    name="askey",
    claims=_claims,
    readers=(Reader(r"ATI\d?", qualcomm.read_identification, tells=()), *qualcomm.READERS),
    plan=lambda _modem: qualcomm.PLAN,
    read_forms=qualcomm.READ_FORMS,
    no_lock="no public text tells how Askey's modems are set to bands",
    kinds=(ModemKind("RTL", "RTL6300", ()),),
)
