"""Ask a QMI or MBIM modem on the host and read its answers: the one place where this room meets a link."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from harness.errors import AnswerTimeout, LinkError
from harness.links.host_tool import ToolMissing
from harness.observations import Reading, ServingCell, Source, SupportedBands, Unread, topic_of
from harness.plain_text import one_line
from harness.recording.exchange import Exchange, Interruption

from . import read_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.links.host_tool import Mode, ToolLink
    from harness.observations import Observation, Topic

PREFERENCE = "--nas-get-system-selection-preference"
CAPABILITIES = "--dms-get-band-capabilities"
QUERIES = (
    CAPABILITIES,
    "--dms-get-manufacturer",
    "--dms-get-model",
    "--dms-get-revision",
    PREFERENCE,
    "--nas-get-rf-band-info",
    "--nas-get-serving-system",
    "--nas-get-system-info",
    "--nas-get-cell-location-info",
    "--nas-get-lte-cphy-ca-info",
    "--nas-get-home-network",
    "--uim-get-card-status",
)
"""What qmicli is asked, most telling first."""

_TELLING: dict[Topic, tuple[str, ...]] = {
    "supported": (CAPABILITIES,),
    "enabled": (PREFERENCE,),
    "serving": ("--nas-get-rf-band-info", "--nas-get-cell-location-info"),
    "registration": ("--nas-get-serving-system", "--nas-get-system-info"),
}
"""What each query tells, whoever else tells it."""
_MAY_BE_EMPTY = ("--nas-get-rf-band-info", "--nas-get-cell-location-info")
"""Queries that a modem without service answers with nothing, or refuses."""

QMI_PLAN = tuple(f"qmicli {query}" for query in QUERIES)
MBIM_PLAN = ("mbimcli --query-device-caps", "mbimcli --query-registration-state", "mbimcli --query-home-provider")
TUNNEL_PLAN = tuple(f"qmicli --device-open-mbim {query}" for query in QUERIES)
"""QMI inside MBIM, as most Qualcomm modems offer it."""
MODEM_LIST = "mmcli -L -J"
_NOT_KNOWN = re.compile(rb"QMI protocol error \(\d+\): '(?:NotSupported|InvalidQmiCommand)'")
MOST_LATE = 2
"""So many queries in turn without an answer: the modem is silent, and no more are sent."""


def read_modem(link: ToolLink, *, deadline_s: float) -> Reading:
    """Identity, supported and enabled bands, serving cells, registration and SIM of one modem.

    Where neither QMI nor QMI over MBIM tells the supported bands, ModemManager's list is asked. A query that is late or
    refused is a warning. Raises LinkError where the port is lost or nothing could be asked at all.
    """
    asking = _Asking(link, deadline_s)
    if link.mode == "mbim":
        asking.run(MBIM_PLAN)
        asking.run(TUNNEL_PLAN, needs_first=True)
    else:
        asking.run(QMI_PLAN)
    reading = read_all(asking.answers)
    if not any(isinstance(item, SupportedBands) for item in reading.observations):
        asking.ask_modem_manager()
        reading = read_all(asking.answers)
    if not asking.answers and asking.missing is not None:
        raise asking.missing
    reading = Reading((*reading.observations, *asking.unread(reading)), (*asking.warnings, *reading.warnings))
    return reading.placed("qmi", asking.numbers)


class _Asking:
    """Queries under way: answers by request, warnings for what failed."""

    def __init__(self, link: ToolLink, deadline_s: float) -> None:
        self.link = link
        self.deadline_s = deadline_s
        self.answers: dict[str, str] = {}
        self.numbers: dict[str, int | None] = {}
        """The number of the exchange that last answered a request."""
        self.warnings: list[str] = []
        self.missing: ToolMissing | None = None
        self._absent: set[str] = set()
        self._late = 0
        self._asked: dict[str, Exchange] = {}
        self._unanswered: dict[str, str] = {}
        """Why a request has no exchange; one that was never recorded stands nowhere."""
        self._cut = ""
        """Why a query has no answer; empty where all have."""
        self._gone = ""
        """Why nothing more can be asked."""

    def run(self, plan: Sequence[str], *, needs_first: bool = False) -> None:
        """Ask a plan; with `needs_first` no more where its first query is refused."""
        for request in plan:
            answered = self.ask(request) is not None
            if needs_first and request == plan[0] and not answered and request in self._refused:
                return

    @property
    def _refused(self) -> set[str]:
        return {warning.partition(": ")[0] for warning in self.warnings}

    def ask(self, request: str) -> str | None:
        """The answer's text where the modem gave one."""
        if request.partition(" ")[0] in self._absent:
            return None
        if self._gone or self._late >= MOST_LATE:
            self._unanswered[request] = self._gone or self._cut
            return None
        try:
            exchange = self.link.query(request, deadline_s=self.deadline_s)
        except ToolMissing as error:
            self._lacks(request, error)
            return None
        except AnswerTimeout as error:
            exchange = Exchange(request, b"", error=Interruption.of(error))
        cut = exchange.error if exchange else None
        if cut and cut.kind == ToolMissing.__name__:
            self._lacks(request, ToolMissing(cut.message))
            return None
        self._late = self._late + 1 if cut and cut.kind == AnswerTimeout.__name__ else 0
        self._gone = f"{cut}: lost before it was asked" if cut and not cut.passing else ""
        return self._taken(request, exchange)

    def _lacks(self, request: str, error: ToolMissing) -> None:
        self._absent.add(request.partition(" ")[0])
        self.missing = self.missing or error
        self.warnings.append(error.message)

    def unread(self, told: Reading) -> tuple[Unread, ...]:
        """What queries would have told whose answers were lost; a silent modem is not asked for the rest any more.

        Told by another source, or by a modem that does not know the query, it is not lost.
        """
        given = {topic_of(item) for item in told.observations if not _is_bare(item)}
        return tuple(
            Unread(what=topic, request=request, why=why, source=Source(request=request))
            for topic, requests in self._tells.items()
            if topic not in given
            for request, why in [self._lost(requests, told)]
            if why
        )

    @property
    def _tells(self) -> dict[Topic, tuple[str, ...]]:
        """The requests of this modem that tell each topic, most telling first."""
        found = {topic: tuple(f"{_tool(self.link.mode)} {query}" for query in told) for topic, told in _TELLING.items()}
        if self.link.mode == "mbim":
            found["registration"] += MBIM_PLAN[1:2]
        return found

    def _lost(self, requests: tuple[str, ...], told: Reading) -> tuple[str, str]:
        """The first of the requests that was lost, and why; an empty reason where none was."""
        read = {item.source.request for item in told.observations if item.source}
        for request in requests:
            asked = self._asked.get(request)
            if asked is None:
                # Of a recording that misses it, enabled bands are lost where anything was: that only adds a note.
                why = self._unanswered.get(request, self._cut if request.endswith(PREFERENCE) else "")
            elif request in read or _NOT_KNOWN.search(asked.stderr or b""):
                why = ""
            else:
                empty = "" if request.endswith(_MAY_BE_EMPTY) else "no line of the answer tells it"
                why = str(asked.error) if asked.error else empty
            if why:
                return request, why
        return "", ""

    def _taken(self, request: str, exchange: Exchange | None) -> str | None:
        if exchange is None:
            return None
        self.numbers[request] = exchange.number
        self._asked[request] = exchange
        if exchange.error:
            self._cut = self._cut or str(exchange.error)
        if exchange.error or exchange.exit_code not in {0, None}:
            told = (exchange.stderr or b"").decode("utf-8", "replace").strip()
            why = str(exchange.error or "") or told.rpartition("\n")[2].removeprefix("error: ")
            self.warnings.append(f"{request}: {one_line(why, 200) or 'refused'}")
            return None
        self.answers[request] = exchange.text
        return exchange.text

    def ask_modem_manager(self) -> None:
        """ModemManager's account of the modem that has this port; silent where ModemManager is not there."""
        known = list(self.warnings)
        try:
            for number in _modem_numbers(self.ask(MODEM_LIST)):
                request = f"mmcli -m {number} -J"
                text = self.ask(request)
                if text is not None and not _has_port(text, self.link.port):
                    del self.answers[request]
        except LinkError as error:
            self.warnings.append(f"mmcli: {error.message}")
        self.answers.pop(MODEM_LIST, None)
        self.warnings = known + [w for w in self.warnings if w not in known and not w.startswith("mmcli")]


def _is_bare(item: Observation) -> bool:
    """Whether it is a cell without a channel or band: the serving system names one, and no place on the air."""
    return isinstance(item, ServingCell) and item.arfcn is None and item.band is None and item.band_reported is None


def _tool(mode: Mode) -> str:
    return "qmicli --device-open-mbim" if mode == "mbim" else "qmicli"


def _modem_numbers(text: str | None) -> list[int]:
    """The numbers of `{"modem-list": ["/org/freedesktop/ModemManager1/Modem/0"]}`."""
    paths = _json(text).get("modem-list")
    found = (re.fullmatch(r".*/Modem/(\d{1,4})", str(path)) for path in (paths if isinstance(paths, list) else ()))
    return [int(match[1]) for match in found if match]


def _has_port(text: str, port: str | None) -> bool:
    """Whether ModemManager's account is of the modem with this port (`cdc-wdm0 (mbim)`)."""
    modem = _json(text).get("modem")
    generic = modem.get("generic") if isinstance(modem, dict) else None
    ports = generic.get("ports") if isinstance(generic, dict) else None
    names = {str(item).partition(" ")[0] for item in (ports if isinstance(ports, list) else ())}
    return port is not None and port in names


def _json(text: str | None) -> dict[str, Any]:
    try:
        data = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
