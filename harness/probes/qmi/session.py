"""Ask a QMI or MBIM modem on the host and read its answers: the one place where this room meets a link."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from harness.errors import AnswerTimeout, LinkError
from harness.links.host_tool import ToolMissing
from harness.observations import EnabledBands, Reading, Source, SupportedBands, Unread
from harness.plain_text import one_line
from harness.recording.exchange import Exchange, Interruption

from . import read_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.links.host_tool import ToolLink

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
        self._preference: Exchange | None = None
        self._cut = ""
        """Why a query has no answer; empty where all have."""

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
        if request.partition(" ")[0] in self._absent or self._late >= MOST_LATE:
            return None
        try:
            exchange = self.link.query(request, deadline_s=self.deadline_s)
        except ToolMissing as error:
            self._lacks(request, error)
            return None
        except AnswerTimeout as error:
            exchange = Exchange(request, b"", error=Interruption.of(error))
        cut_by = exchange.error if exchange else None
        cut = cut_by.kind if cut_by else ""
        if cut == ToolMissing.__name__:
            self._lacks(request, ToolMissing(str(cut_by)))
            return None
        self._late = self._late + 1 if cut == AnswerTimeout.__name__ else 0
        return self._taken(request, exchange)

    def _lacks(self, request: str, error: ToolMissing) -> None:
        self._absent.add(request.partition(" ")[0])
        self.missing = self.missing or error
        self.warnings.append(error.message)

    def unread(self, told: Reading) -> tuple[Unread, ...]:
        """The enabled bands, where the answer that tells them was lost; a silent modem is not asked for them any more.

        Told by another source, or by a modem that does not know the query, they are not lost.
        """
        if any(isinstance(item, EnabledBands) for item in told.observations):
            return ()
        asked = self._preference
        if asked is None:
            why = self._cut
        elif any(item.source and item.source.request == asked.request for item in told.observations):
            why = ""
        else:
            why = "" if _NOT_KNOWN.search(asked.stderr or b"") else self._cut or "no line of the answer tells it"
        request = asked.request if asked else QMI_PLAN[QUERIES.index(PREFERENCE)]
        return (Unread(what="enabled", request=request, why=why, source=Source(request=request)),) if why else ()

    def _taken(self, request: str, exchange: Exchange | None) -> str | None:
        if exchange is None:
            return None
        self.numbers[request] = exchange.number
        if request.endswith(PREFERENCE):
            self._preference = exchange
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
