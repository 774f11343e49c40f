"""The options of a sweep. A module of its own: every pytest session that has the plugin reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def add_options(add: Callable[..., None]) -> None:
    """The options of a sweep."""
    add(
        "--sweep",
        nargs="?",
        const="required",
        default="",
        metavar="BANDS",
        help="lock the device to one band after another, attach, put it back: 12,66,n71, or required (the default): "
        "the bands that the carriers ask for. Changes the device; of a recording, its sweep is judged again",
    )
    add(
        "--cells",
        action="append",
        default=[],
        metavar="SOURCE",
        help="where the cells of a sweep come from: live (the default), manual (whoever sits at the terminal is asked), "
        "scpi:RESOURCE,map=cmw500 (a call box), amarisoft:ws://HOST:9001, open5gs:http://HOST:9090 (a witness), "
        "minicircuits:http://HOST,ports=1:2/12 (an attenuator); several together",
    )
    add(
        "--resume",
        default="",
        metavar="RUN",
        help="go on with the sweep of an earlier run: its folder. Bands that it decided are taken over with their evidence",
    )
    add(
        "--sweep-data",
        action="append",
        default=[],
        metavar="[DEVICE:]INTERFACE[,ADDRESS]",
        help="behind each attach count the bytes that come over the modem's network device (wwan0, raw IP or PPP), for at most "
        "30 s; with an ADDRESS it is pinged so long, which costs data",
    )
    add(
        "--sweep-settle",
        type=float,
        default=60.0,
        metavar="S",
        help="seconds from putting back to the last look (default 60: some modems initialise again late)",
    )
    add(
        "--sweep-wait",
        type=float,
        default=0.0,
        metavar="S",
        help="seconds that an attach may take (default: 60 for LTE and NR, 180 for LTE-M, 300 for NB-IoT)",
    )
