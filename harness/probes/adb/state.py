"""What can be changed on a handset without root, as data."""

from __future__ import annotations

from harness.state.item import StateItem

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

STATE = (AIRPLANE_MODE,)
