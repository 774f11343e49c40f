"""What a person does so that a handset of a maker shows its diagnostic port, and how it is put back.

Facts of public sources about menus of stock firmware, none of which is promised for another build. The harness tells
them and checks the result on USB; it never dials, and no line here resets a handset.
"""

from __future__ import annotations

from dataclasses import dataclass

NEVER = "dial nothing else: some codes of such lists erase the handset"


@dataclass(frozen=True, slots=True)
class DiagGuidance:
    """One maker's way: what is done on the handset, how it is put back; `do` is empty where none is known."""

    do: str
    back: str = ""

    @property
    def way_out(self) -> str:
        """Both as one sentence."""
        return f"{self.do}; afterwards {self.back}; {NEVER}" if self.do else self.back


_UNKNOWN = DiagGuidance(
    "", "no way without root is known for this maker; give a capability from elsewhere: --evidence uecap=FILE"
)
_ROOTED_ONLY = DiagGuidance(
    "", "on handsets of this maker it takes root; give a capability from elsewhere: --evidence uecap=FILE"
)
_MAKERS: dict[str, DiagGuidance] = {
    "samsung": DiagGuidance(
        "type *#0808# in Samsung's own dialler, choose DM + ACM + ADB (else RNDIS + ACM + DM + ADB) and OK, not REBOOT",
        "choose MTP + ADB there: the choice outlives a restart",
    ),
    "xiaomi": DiagGuidance(
        "type *#*#717717#*#* in the dialler (older MIUI) and wait for the word that the diag port is enabled",
        "type it again, or restart the handset",
    ),
    "oppo": DiagGuidance("look in the engineer mode (*#899#) for the USB or DIAG port", "switch it off there"),
    "lge": DiagGuidance(
        "type 277634#*#* or *#546368#*<model number># and choose the USB test mode", "leave the test mode there"
    ),
    "motorola": DiagGuidance(
        "on models of before 2017 choose BP Tools in the boot loader's menu", "choose START there for a normal boot"
    ),
}
_ALIASES = {"redmi": "xiaomi", "poco": "xiaomi", "realme": "oppo", "lg": "lge", "lg electronics": "lge"}
_ROOT = frozenset({"oneplus", "sony", "nokia", "hmd global", "fairphone", "asus", "google"})


def guidance_for(maker: str | None) -> DiagGuidance:
    """What is known of a maker, by the name that its handsets tell."""
    name = (maker or "").strip().lower()
    if name in _ROOT:
        return _ROOTED_ONLY
    return _MAKERS.get(_ALIASES.get(name, name), _UNKNOWN)
