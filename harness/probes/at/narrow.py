"""Modems that have LTE-M and NB-IoT alone: a cell that their answers call LTE is of one of the two.

Sequans' +SQNMONI, Altair's %PCONI, u-blox's +UCGED, Telit's #RFSTS, Cinterion's ^SMONI, +COPS and +CEREG (AcT 7) do not
tell LTE-M from LTE. One answer alone cannot settle it; what a modem told in all of its answers can.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Registration, ServingCell, SupportedBands
from harness.radio.rats import E_UTRA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.observations import Observation, Rat
    from harness.probes.at.language.answer import Modem

MODELS = (
    r"\bGM0[12][QS]",
    r"\bMONARCH",
    r"\bVZM20Q",
    r"\bNB01Q",
    r"\bALT12[59]\d",
    r"\bSARA-[RN][2345]\d",
    r"\bM[EL]310",
    r"\bME910",
    r"\bM[EL]86[56]",
    r"\bNE310",
    r"\b[ET]X[S]?[68]2\b",
    r"\bHL78\d\d",
    r"\bnRF91",
    r"\bB[CG]\d{2}",
    r"SIM70[078]\d",
)
"""By the makers' data sheets: Sequans Monarch, Altair ALT1250 and ALT1255, u-blox SARA-R4, R5, N2 to N4, Telit xE310, ME910,
ME866 and ML865, Cinterion EXS and TX, Sierra HL78, Nordic nRF91, Quectel BG and BC, SIMCom SIM7000, 7070 and 7080."""


def told_narrow(observations: Iterable[Observation], modem: Modem) -> tuple[Observation, ...]:
    """All that one modem told; where it has no LTE, its cells and registrations with the technology that they are of.

    That is NB-IoT or LTE-M where an access technology (TS 27.007: 9, or 7) or a list of one of them alone says which,
    else it is not known.
    """
    items = tuple(observations)
    if not _is_narrow(items, modem):
        return items
    rat = _which(items)
    return tuple(
        replace(item, rat=rat) if isinstance(item, ServingCell | Registration) and item.rat == "lte" else item
        for item in items
    )


def _listed(items: Sequence[Observation]) -> set[Rat]:
    return {item.rat for item in items if isinstance(item, SupportedBands | EnabledBands)} & {*E_UTRA}


def _is_narrow(items: Sequence[Observation], modem: Modem) -> bool:
    listed = _listed(items)
    return modem.is_model(*MODELS) or bool(listed and "lte" not in listed)


def _which(items: Sequence[Observation]) -> Rat | None:
    """The technology in which the modem is served: +CEREG tells NB-IoT apart, and calls LTE-M what it calls LTE."""
    listed = _listed(items) - {"lte"}
    if len(listed) == 1:
        return next(iter(listed))
    served = {item.rat for item in items if isinstance(item, Registration) and item.domain in {"eps", "ps"}} - {None}
    if served in ({"lte"}, {"lte_m"}, {"lte", "lte_m"}):
        return "lte_m"
    return "nb_iot" if served == {"nb_iot"} else None
