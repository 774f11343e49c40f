"""What can be changed on a handset without root, as data."""

from __future__ import annotations

import re

from harness.errors import StateError
from harness.state.item import StateItem

from .modes import allowed_of_reasons, type_bits

AIRPLANE_MODE = StateItem(
    name="airplane_mode",
    words="airplane mode",
    channel="adb",
    read="settings get global airplane_mode_on",
    answer=r"^(?P<value>[01])\s*$",
    meanings={"1": "on", "0": "off"},
    write={"on": "cmd connectivity airplane-mode enable", "off": "cmd connectivity airplane-mode disable"},
    takes_effect="now",
    kept_by="nv",
    settles_s=10.0,
    order=10,
)
"""Detaches from all networks and attaches again (Android 11 and newer); it also drops adb over Wi-Fi."""

_SET = "set-allowed-network-types-for-users"
_RAW = "content query --uri content://telephony/siminfo --projection _id:sim_id:allowed_network_types_for_reasons"


def _in_binary(decimal: str) -> str:
    return f"{int(decimal):020b}"


def network_types(slot: int) -> StateItem:
    """The network types that the user of one SIM slot allows, as the bits that the command writes (Android 12 and newer).

    They are read raw from the table of subscriptions: the getter prints names, which hide the bit of LTE_CA and every bit
    above. Of a subscription no other columns are asked, for the others are personal. Written are 20 digits, as the
    command's own help has them. A refusal ends with exit code 0 as well, so the word decides.
    """
    return StateItem(
        name=f"network_types_{slot}",
        words=f"the allowed network types of SIM slot {slot}",
        channel="adb",
        read=_RAW,
        answer=rf"^Row: \d+ _id=\d+, sim_id={slot}, allowed_network_types_for_reasons="
        r"(?:\w+=\d+,\s*)*?user=(?P<value>\d{1,10})\b",
        normal=_in_binary,
        write=f"cmd phone {_SET} -s {slot} {{value}}",
        values=r"(?=[01]*1)[01]{20,32}",
        accepted=rf"^{_SET} completed\s*$",
        settles_s=5.0,
        order=40,
    )


NETWORK_TYPES = (network_types(0), network_types(1))
_ROW = (
    r"^Row: \d+ _id=(?P<sub>\d{{1,9}}), sim_id={slot}, allowed_network_types_for_reasons=(?P<reasons>[^\n\r]{{1,300}})"
)
_NOBODY = "nothing is changed"


def subscription_of(table: str, slot: int) -> int | None:
    """The subscription whose SIM stands in a slot, by the answer to the items' read form; None where not one does."""
    found = {int(one["sub"]) for one in re.finditer(_ROW.format(slot=slot), table, re.MULTILINE)}
    return found.pop() if len(found) == 1 else None


def narrowed(table: str, slot: int, rat: str) -> str:
    """The value that leaves one technology of what a slot's user allows, by the answer to the items' read form.

    Raises StateError where the types cannot be read raw, do not have the technology, or another reason forbids it: all
    reasons together are in force (TelephonyManager.setAllowedNetworkTypesForReason), and nothing at all would be left.
    """
    rows = list(re.finditer(_ROW.format(slot=slot), table, re.MULTILINE))
    if len(rows) != 1 or (user := re.search(r"(?:^|,\s*)user=(\d{1,10})\b", rows[0]["reasons"])) is None:
        raise StateError(
            f"{network_types(slot).words} cannot be read raw, so they could not be put back", way_out=_NOBODY
        )
    bits = int(user[1]) & type_bits(rat)
    if not bits:
        raise StateError(f"{network_types(slot).words} do not have {rat.upper()} among them", way_out=_NOBODY)
    reasons = allowed_of_reasons(re.sub(r"\s", "", rows[0]["reasons"]))
    if reasons is None or rat not in reasons[0]:
        raise StateError(
            f"{rat.upper()} is not allowed on SIM slot {slot} for another reason than its user", way_out=_NOBODY
        )
    return f"{bits:020b}"


STATE = (AIRPLANE_MODE, *NETWORK_TYPES)
