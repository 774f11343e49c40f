"""Items for devices that no carrier judges: a run that left a device out must not end as one that judged them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import pytest

from harness.plain_text import one_line
from harness.suite.judging import DeviceError, Inconclusive, Judging, as_failure
from harness.verdicts.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from harness.verdicts.plan import Unjudged

NAME = "carrier"
"""What stands in the place of carrier and requirement: `<device>::carrier`."""


class UnjudgedItem(pytest.Item):
    """A device without a case: an error where it could not be read, else inconclusive."""

    def __init__(self, *, device: str, why: Unjudged, run: Judging, **kw: Any) -> None:
        super().__init__(**kw)
        self._device = device
        self.unjudged = why
        self._run = run
        # What plugins look for in every case, a function or not.
        self.funcargs: dict[str, Any] = {}
        self.fixturenames: list[str] = []
        self.extra_keyword_matches |= {self.nodeid}

    def setup(self) -> None:
        """A device that could not be read is an error, as it is in the cases of one that a carrier judges."""
        if self.unjudged.outcome is Outcome.ERROR:
            raise DeviceError(one_line(self.unjudged.reason))

    def runtest(self) -> None:
        """Nothing tells by whom to judge it."""
        if self._run.inconclusive_passes:
            pytest.skip(one_line(self.unjudged.reason))
        raise Inconclusive(one_line(self.unjudged.reason))

    def _repr_failure_py(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if not isinstance(excinfo.value, Inconclusive | DeviceError):
            return super()._repr_failure_py(excinfo, style)
        reason = one_line(self.unjudged.reason)
        return as_failure(f"{self.unjudged.outcome.name}  {self._device}: {reason}", reason, self.reportinfo()[0])

    def reportinfo(self) -> tuple[Path, None, str]:
        """Its device as the place, as of a case."""
        return self.path / self._device, None, NAME

    def __repr__(self) -> str:
        return f"<Unjudged {self._device}>"


class _Node(pytest.Collector):
    """The device of such an item."""

    def __init__(self, *, why: Unjudged, run: Judging, **kw: Any) -> None:
        super().__init__(**kw)
        self._why = why
        self._run = run

    @classmethod
    def of(cls, session: pytest.Session, device: str, why: Unjudged, run: Judging) -> Self:
        node: Self = cls.from_parent(session, name=device, nodeid=device, why=why, run=run)
        return node

    def collect(self) -> Iterator[UnjudgedItem]:
        yield UnjudgedItem.from_parent(self, name=NAME, device=self.name, why=self._why, run=self._run)

    def __repr__(self) -> str:
        return f"<Device {self.name}>"


def unjudged_nodes(session: pytest.Session, run: Judging, devices: Mapping[str, Unjudged]) -> list[_Node]:
    """One node for each of these devices."""
    return [_Node.of(session, device, why, run) for device, why in devices.items()]


def picked_unjudged(
    unjudged: Mapping[str, Unjudged], picked: Sequence[str]
) -> tuple[dict[str, Unjudged], list[str] | None]:
    """Of picked ids: those devices that they name, and the ids that are left for cases; None where none is left."""
    if not picked:
        return dict(unjudged), []
    ids = {f"{device}::{NAME}": device for device in unjudged}
    named = {ids[one]: unjudged[ids[one]] for one in picked if one in ids}
    return named, [one for one in picked if one not in ids] or None


def unjudged_lines(unjudged: Mapping[str, Unjudged]) -> Iterator[str]:
    """What the summary tells of them."""
    for device, why in unjudged.items():
        yield f"{why.outcome.name}  {one_line(device)}: {one_line(why.reason)}"
