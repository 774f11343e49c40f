"""Reading what is neither a plain adb shell nor a plain AT port: tools of the host, and the root paths of a handset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.errors import AnswerGarbled, AnswerTimeout, CommandRefused, LinkError
from harness.links.recorded import cut_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.links.base import AtLink, ShellLink
    from harness.links.host_tool import Mode, ToolLink
    from harness.observations import Reading
    from harness.probes.adb.rooted import Family
    from harness.recording.exchange import Exchange, LinkKind
    from harness.recording.writer import RecordingWriter

    Asking = Callable[[str], None] | None
    Kept = list[tuple[str, Exchange]]


def numbered(kept: Kept, kind: LinkKind, exchange: Exchange) -> Exchange:
    """Keep an exchange as it happened; answers it with its number, by which the facts that it tells cite it."""
    exchange = exchange.numbered(len(kept))
    kept.append((kind, exchange))
    return exchange


def read_tools(link: ToolLink, kept: Kept, asking: Asking, *, deadline_s: float) -> Reading:
    """Everything that a QMI or MBIM modem tells; its exchanges are added to `kept`. Raises LinkError."""
    from harness.probes.qmi.session import read_modem

    return read_modem(_NotingTools(link, kept, asking), deadline_s=deadline_s)


class _NotingTools:
    """A tool link that also keeps every exchange in memory, for the survey.

    An error is answered as its recording answers it: by the exchange that it cut short, and nothing behind the end of
    the link. So a run reads what the replay of its evidence reads.
    """

    def __init__(self, link: ToolLink, kept: Kept, asking: Asking) -> None:
        self._link = link
        self._kept = kept
        self._asking = asking
        self._ended = False

    @property
    def address(self) -> str:
        return self._link.address

    @property
    def mode(self) -> Mode:
        return self._link.mode

    @property
    def port(self) -> str | None:
        return self._link.port

    def query(self, command: str, *, deadline_s: float) -> Exchange | None:
        if self._asking is not None:
            self._asking(command)
        from harness.links.host_tool import ToolMissing

        if self._ended:
            return None
        try:
            exchange = self._link.query(command, deadline_s=deadline_s)
        except CommandRefused:
            raise
        except ToolMissing as error:
            numbered(self._kept, "qmi", cut_of(self._link, command, error))
            raise
        except LinkError as error:
            exchange = cut_of(self._link, command, error)
            self._ended = not isinstance(error, AnswerTimeout | AnswerGarbled)
        return None if exchange is None else numbered(self._kept, "qmi", exchange)

    def close(self) -> None:
        self._link.close()


@dataclass(frozen=True, slots=True)
class RootPaths:
    """What a handset's first answers say of root and of its baseband."""

    how: Literal["root", "su"]
    family: Family

    @staticmethod
    def of(answers: Mapping[str, str]) -> RootPaths | None:
        """None for a handset without root, or of a chip that has no path that is known."""
        from harness.probes.adb.rooted import family_of, root_of

        how, family = root_of(answers), family_of(answers.get("getprop", ""))
        return None if how is None or family is None else RootPaths(how, family)

    def ask(
        self, link: ShellLink, writer: RecordingWriter | None, kept: Kept, *, deadline_s: float
    ) -> tuple[dict[str, Reading], tuple[str, ...]]:
        """Ask the AT node and qmicli of a live handset in one round trip; readings by link, and warnings.

        The script itself is not recorded: its answers are, as exchanges of the links `at` and `qmi`. The replay of a
        recording holds no script, so nothing is asked there.
        """
        from harness.links.recorded import RecordingShell
        from harness.probes.adb.rooted import ask_rooted

        shell = link.link if isinstance(link, RecordingShell) else link
        found, warnings = ask_rooted(shell, self.how, self.family, deadline_s=deadline_s)
        written = [
            (kind, numbered(kept, kind, exchange if writer is None else writer.append(kind, exchange)))
            for kind, exchange in found
        ]
        return self._read(written, deadline_s), warnings

    def _read(self, exchanges: list[tuple[LinkKind, Exchange]], deadline_s: float) -> dict[str, Reading]:
        """The exchanges read exactly as their replay would be."""
        from harness.links.host_tool import ReplayTools
        from harness.links.replay import ReplayAt
        from harness.probes.qmi.session import read_modem
        from harness.recording.exchange import Recording, RecordingInfo

        links: dict[str, tuple[Exchange, ...]] = {
            kind: tuple(e for k, e in exchanges if k == kind) for kind in dict.fromkeys(k for k, _ in exchanges)
        }
        recording = Recording(RecordingInfo("root", "recorded"), links)
        parts: dict[str, Reading] = {}
        if "at" in links:
            parts["at"] = self.read_node(ReplayAt(recording), deadline_s=deadline_s)
        if "qmi" in links:
            parts["qmi"] = read_modem(ReplayTools(recording), deadline_s=deadline_s)
        return parts

    def read_node(self, link: AtLink, *, deadline_s: float) -> Reading:
        """What the AT node told."""
        from harness.probes.adb.rooted import read_node

        return read_node(link, self.family, deadline_s=deadline_s)


def is_node_replay(link: object) -> bool:
    """Whether a link replays the AT node of a handset: a node is never asked to identify itself."""
    inner = getattr(link, "link", link)
    recording = getattr(inner, "recording", None)
    return recording is not None and not any(
        exchange.request.upper() in {"ATI", "AT+CGMI", "AT+CGMM"} for exchange in recording.links.get("at", ())
    )
