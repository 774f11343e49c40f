"""What only a rooted handset tells: its AT node, and qmicli over QRTR (reference adb-reading-paths.md section 4).

Nothing here is tried without root, and nothing is told where a path is absent. Exchanges with a node are AT exchanges
and those of qmicli are of the link `qmi`: they replay as if a port had been asked.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Literal

from harness.capability_facts import BandCombinations
from harness.errors import AnswerTimeout, BandproofError
from harness.observations import EnabledBands, NrState, Reading, Registration, ServingCell, SupportedBands, Unread
from harness.recording.exchange import Exchange, Interruption

from .root_script import RootQuestion, compose, read_output

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.links.base import AtLink, ShellLink
    from harness.recording.exchange import LinkKind

ROOT_CHECK = ("id -u", "command -v su")
"""Asked with the first batch, so that an unrooted handset costs no round trip more."""

ROOT_S = 45.0
"""How long everything that needs root may take; a su that asks its user on the screen gives up by itself before."""

Family = Literal["qualcomm", "shannon", "mediatek", "unisoc"]
NODES: dict[Family, tuple[str, ...]] = {
    "qualcomm": ("/dev/smd7", "/dev/smd8", "/dev/smd11", "/dev/at_mdm0", "/dev/at_usb0", "/dev/at_channel0"),
    "shannon": ("/dev/umts_atc0", "/dev/nr_atc0", "/dev/umts_router", "/dev/umts_router0"),
    "mediatek": ("/dev/radio/pttycmd1", "/dev/radio/atci1", "/dev/ttyC0"),
    "unisoc": ("/dev/stty_lte0",),
}
"""AT nodes by the maker of the baseband, most useful first."""
_REGISTRATION = ("AT+CEREG?", "AT+COPS?")
_UNISOC_NR = 'AT+SP5GCMDS="get nr support_band"'
COMMANDS: dict[Family, tuple[str, ...]] = {
    "qualcomm": ("AT$QCBANDPREF=?", "AT$QCBANDPREF?", *_REGISTRATION),
    "shannon": _REGISTRATION,
    "mediatek": ("AT+EPBSE=?", "AT+EPBSE?", "AT+EPBSEH=?", "AT+EPBSEH?", "AT+ECELL", *_REGISTRATION),
    "unisoc": ("AT+SPLBAND=0", "AT+SPLBAND=3", _UNISOC_NR, *_REGISTRATION),
}
"""Read forms only. No Shannon command is known that tells bands."""
QUERIES = (
    "--dms-get-band-capabilities",
    "--nas-get-system-selection-preference",
    "--nas-get-rf-band-info",
    "--nas-get-cell-location-info",
    "--nas-get-lte-cphy-ca-info",
)
"""What qmicli on a Qualcomm handset is asked."""
_TOLD = (SupportedBands, EnabledBands, ServingCell, Registration, NrState, BandCombinations, Unread)
_FAMILIES: tuple[tuple[Family, re.Pattern[str]], ...] = (
    ("mediatek", re.compile(r"\bmt[68]\d{3}|\bmediatek\b", re.IGNORECASE)),
    ("unisoc", re.compile(r"\b(?:unisoc|spreadtrum|sprd|ums\d{3,4}|sp98\d\d|sc98\d\d|sp\d{4}[a-z])", re.IGNORECASE)),
    ("shannon", re.compile(r"\b(?:exynos|s5e\d{4}|universal\d{4}|gs[12]01|zuma\w*|laguna|shannon)", re.IGNORECASE)),
    (
        "qualcomm",
        re.compile(r"\b(?:qcom|msm\d{4}|sdm\d{3}|sm\d{4}|apq\d{4}|qualcomm|kona|lahaina|taro|kalama)", re.IGNORECASE),
    ),
)
_CHIP_KEYS = re.compile(
    r"^\[?(?:ro\.(?:hardware|board\.platform|soc\.manufacturer|soc\.model|hardware\.chipname|mediatek\.platform)"
    r"|gsm\.version\.ril-impl)\]?\s*[:=]\s*\[?([^\]\r\n]{1,80})",
    re.MULTILINE,
)


def root_of(answers: Mapping[str, str]) -> Literal["root", "su"] | None:
    """How the shell can be root: it is already, there is a su, or (None) not at all. From the answers of ROOT_CHECK."""
    if answers.get("id -u", "").strip() == "0":
        return "root"
    found = answers.get("command -v su", "").strip()
    return "su" if re.fullmatch(r"(?:/[\w./-]+/)?su", found) else None


def family_of(properties: str) -> Family | None:
    """The maker of the baseband from `getprop`; None where the chip names none of the four."""
    chips = " ".join(_CHIP_KEYS.findall(properties))
    return next((family for family, pattern in _FAMILIES if pattern.search(chips)), None)


def ask_rooted(
    shell: ShellLink, how: Literal["root", "su"], family: Family, *, deadline_s: float
) -> tuple[tuple[tuple[LinkKind, Exchange], ...], tuple[str, ...]]:
    """One round trip: the exchanges with the AT node and with qmicli, each with its link, and warnings.

    Empty where no path is there. An answer without its end carries an error and is not read. Never raises LinkError.
    """
    from harness.links.adb.batch import new_nonce

    nonce = new_nonce()
    queries = QUERIES if family == "qualcomm" else ()
    script = compose(nonce, nodes=NODES[family], commands=COMMANDS[family], queries=queries, su=how == "su")
    shell.allow_commands([script])
    try:
        (answer,) = shell.run([script], deadline_s=min(deadline_s, time.monotonic() + ROOT_S))
    except BandproofError as error:
        return (), (f"root paths: {error.message}",)
    if answer is None:
        return (), ()
    asked, held = read_output(answer.response, nonce)
    found: list[tuple[LinkKind, Exchange]] = [
        (
            one.kind,
            Exchange(
                one.request,
                _as_port(one.response) if one.kind == "at" else one.response,
                exit_code=one.exit_code,
                at=answer.at,
                error=None if one.whole else _no_end(one),
            ),
        )
        for one in asked
    ]
    return tuple(found), tuple(f"{node} is in use by another program: not asked" for node in held)


def _no_end(one: RootQuestion) -> Interruption:
    return Interruption(AnswerTimeout.__name__, f"no end of the answer to {one.request!r} on {one.node}")


def _as_port(response: bytes) -> bytes:
    """Lines as an AT port sends them, whatever the node's tty made of CR LF."""
    return re.sub(rb"\r*\n", b"\r\n", response)


def read_node(link: AtLink, family: Family, *, deadline_s: float) -> Reading:
    """What the AT node told, from its exchanges (or their replay).

    Identity and SIM stay those of Android: a baseband names itself otherwise than its handset.
    """
    from harness.probes.at.language import answer
    from harness.probes.at.registry import dialect
    from harness.probes.at.session import read_exchange
    from harness.probes.at.unread import settled

    known = None if family == "shannon" else dialect(family)
    reading = Reading()
    for command in COMMANDS[family]:
        exchange = link.ask(command, deadline_s=deadline_s)
        if exchange is not None:
            reading += read_exchange(exchange, known, answer.Modem())
    told = settled(reading.observations, known)
    return Reading(tuple(item for item in told if isinstance(item, _TOLD)), reading.warnings)
