"""Which of Quectel's modules are of which kind, by their names (regular expressions)."""

from __future__ import annotations

IOT = (r"\bBG\d{2}", r"\bBC6\d\b")
FIVE_G = (r"\bR[GM]\d{3}", r"\bRG2\d\d", r"\b(?:EM|EC)160R", r"\bAG5\d\d", r"\bRM\d?x+", r"\b5G\b")
