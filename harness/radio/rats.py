"""Radio technologies by the words that observations use: families, their order, their labels.

`lte_m` and `nb_iot` share LTE's band numbers (TS 36.101 clauses 5.5E, 5.5F) and are technologies of their own; `nr_sa`
and `nr_nsa` are two ways to use one NR.
"""

from __future__ import annotations

RATS = ("gsm", "umts", "lte", "lte_m", "nb_iot", "nr", "nr_sa", "nr_nsa")
"""Every word, the oldest technology first: the order in which people meet them."""
NR = ("nr", "nr_sa", "nr_nsa")
"""NR as a whole, then each of its modes."""
E_UTRA = ("lte", "lte_m", "nb_iot")
"""The technologies whose bands are E-UTRA's and whose channels are EARFCNs."""
PUBLISHED = ("gsm", "umts", "lte", "nr")
"""The technologies of which makers and carriers publish lists."""

_LABELS = {"lte_m": "LTE-M", "nb_iot": "NB-IoT", "nr_sa": "NR SA", "nr_nsa": "NR NSA"}
_CHANNELS = {"gsm": "ARFCN", "umts": "UARFCN"} | dict.fromkeys(E_UTRA, "EARFCN") | dict.fromkeys(NR, "NR-ARFCN")


def label(rat: str) -> str:
    """As people write it: LTE, LTE-M, NB-IoT, NR SA."""
    return _LABELS.get(rat, rat.upper())


def channel_word(rat: str) -> str:
    """What its channel numbers are called: ARFCN, UARFCN, EARFCN, NR-ARFCN."""
    return _CHANNELS.get(rat, "EARFCN")


def family(rat: str | None) -> str | None:
    """NR is one technology, whichever core it hangs on; LTE-M and NB-IoT are not LTE. None stays None."""
    return "nr" if rat in NR else rat


def same_rat(asked: str, told: str) -> bool:
    """Whether a list or cell of `told` is about `asked`; NR stands for both of its modes, one mode not for the other."""
    return told == asked or (asked == "nr" and told in NR) or (told == "nr" and asked in NR)


def published(rat: str) -> str:
    """The technology under which makers publish its bands: `nr` for both modes, `lte` for its IoT kinds."""
    return "nr" if rat in NR else "lte" if rat in E_UTRA else rat


def order(rat: str) -> int:
    """Its place among `RATS`; a word that is not known stands last."""
    return RATS.index(rat) if rat in RATS else len(RATS)
