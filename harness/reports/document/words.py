"""The vocabulary of reports: each word of a document with what it means, so that a reader needs no other page."""

from __future__ import annotations

from harness.verdicts.result import READING_ORDER
from harness.verdicts.verdict import Outcome

__all__ = ["READING_ORDER"]

VERDICTS = {
    Outcome.PASS: ("PASS", "✓", "The requirement is met; the evidence is in this report."),
    Outcome.PASS_NOTE: (
        "PASS with note",
        "✓",
        "Met by an alias or a stand-in that the edition allows, or with a remark.",
    ),
    Outcome.FAIL: ("FAIL", "✕", "The requirement is not met; the reason names the fact that decides."),
    Outcome.INCONC: (
        "INCONC",
        "?",
        "It could not be determined: evidence is missing, too weak for the grade asked, or contradicts itself.",
    ),
    Outcome.ERROR: ("ERROR", "!", "The bench or the link failed; nothing is said about the device."),
    Outcome.NA: ("not applicable", "–", "The requirement does not apply here, or is informative and decides nothing."),
    Outcome.WAIVED: ("waived", "~", "Not met, and covered by a waiver with an owner and an expiry."),
}
"""Verdict -> its words, its sign, its meaning. The sign never stands alone."""

GRADES = {
    "measured": "The device's own modem or system told it.",
    "observed": "Seen in use, such as attached on the band: a lower bound.",
    "declared": "A device sheet says so, by the sources and with the confidence that it names, or the operator; not tested here.",
}
"""Grades of evidence, the strongest first."""

BASIS = {"declared": "as declared by the maker", "observed": "as seen in use", "measured": "as measured"}

LEVELS = {
    "mandatory": "Decides under every policy.",
    "recommended": "Decides under the policy strict; under service its absence is noted.",
    "informative": "Never decides.",
}

POLICIES = {
    "strict": "Every band that the carrier lists, mandatory or recommended, must be there.",
    "service": "Only mandatory requirements decide, with their any-of groups.",
}

LAYERS = {
    "hardware": "What the radio hardware can do, as the modem tells it.",
    "policy": "What the carrier policy (MBN, PRI) on the device leaves of it.",
    "advertised": "What the device tells the network (UE capability).",
    "supported": "Supported as the modem lists it, without naming a layer.",
    "declared": "What the maker's device sheet says.",
    "enabled": "What is configured on the device now.",
    "attached": "Bands of the cells that served the device while it was read.",
}
"""Rows of the band picture, from the inside of the device outwards. They never stand in for one another."""

PROVENANCE = {
    "recorded": "read from hardware by this tool",
    "captured": "someone else's published output of hardware",
    "composed": "written from published facts; no hardware was read",
}

LINKS = {
    "adb": "ADB shell",
    "at": "AT command port",
    "qmi": "QMI output",
    "uecap": "UE capability message",
    "sweep": "sweep",
}

AUTHORITIES = {
    "carrier": "the carrier says so itself",
    "regulator": "a regulator's document",
    "two_sources": "two independent publishers",
    "one_source": "one publisher",
}

CONFIDENCES = {
    "A": "the publisher itself: carrier, maker or regulator",
    "B": "agreeing public lists",
    "C": "one list or a forum",
    "D": "from memory; to be confirmed",
}

NOT_THIS = (
    "Not a carrier acceptance: the carrier alone decides what it lets into its network.",
    "Not an accredited report under ISO/IEC 17025.",
    "Results relate only to the devices, builds and SIMs named here, at the time named here.",
)

OUT_OF_SCOPE = (
    "radiated and conducted RF performance (TRP, TIS, sensitivity, spurious emissions, SAR)",
    "protocol conformance (TS 36.523, TS 38.523) and mobility",
    "voice (VoLTE, VoNR), emergency calls, messaging and IMS registration with the carrier",
    "carrier approval lists, IMEI/TAC whitelists and SIM locks",
    "whether a band is usable over its whole width: sub-band filters are not seen by software",
)

ICS_ANSWERS = {
    "contradiction": "Contradictions",
    "undeclared": "Undeclared: measured, and not declared; a certification would be too narrow",
    "open": "Stated, and open",
    "agrees": "Agree",
}
"""Answers to the items of a proforma, those that need work first, as headings."""
ICS_STATED = {
    "true": "TRUE",
    "false": "FALSE",
    "default": "FALSE (perhaps the template's)",
    "blank": "blank",
    "absent": "not in the file",
}
"""What a file states of an item."""
