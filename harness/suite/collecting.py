"""Items of our own: a device, its carriers, one item a requirement. They stand in no file, so their ids are the same
wherever the package lies, and no setting of a user's project (`testpaths`, `python_functions`) hides or renames them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self

import pytest

from harness.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from harness.verdicts.case import Case

_NEAREST = 3


class Judge(Protocol):
    """What an item asks: the running session."""

    def prepare(self, case: Case, item: pytest.Item) -> None:
        """Judge a case; an error where its device could not be read."""

    def decide(self, item: pytest.Item) -> None:
        """Turn the verdict into pytest's outcome."""

    def told(self, item: pytest.Item, error: BaseException) -> Any:
        """The reason, as pytest keeps a failure; None for an error that is no verdict."""


class RequirementItem(pytest.Item):
    """One case: `<device>::<carrier>@<edition>::<requirement>`."""

    def __init__(self, *, case: Case, run: Judge, **kw: Any) -> None:
        super().__init__(**kw)
        self.case = case
        self._run = run
        # What plugins look for in every case, a function or not.
        self.funcargs: dict[str, Any] = {}
        self.fixturenames: list[str] = []
        # `-k mix2-1/us/att` chooses as `-k att` does.
        self.extra_keyword_matches |= {case.id, self.nodeid}

    def setup(self) -> None:
        """Judge: a device that could not be read is an error here."""
        self._run.prepare(self.case, self)

    def runtest(self) -> None:
        """Turn the verdict into pytest's outcome."""
        self._run.decide(self)

    def _repr_failure_py(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A verdict has no traceback: to write one and throw it away costs more than all else that a case takes."""
        told = self._run.told(self, excinfo.value)
        return super()._repr_failure_py(excinfo, style) if told is None else told

    def reportinfo(self) -> tuple[Path, None, str]:
        """Its device as the place, so that a run's dots stand in one line a device."""
        return self.path / self.case.device, None, "::".join(self.nodeid.split("::")[1:])

    def __repr__(self) -> str:
        return f"<Requirement {self.name}>"


class _Carrier(pytest.Collector):
    """The requirements of one edition for one device."""

    def __init__(self, *, cases: Sequence[Case], run: Judge, **kw: Any) -> None:
        super().__init__(**kw)
        self._cases = cases
        self._run = run

    def collect(self) -> Iterator[RequirementItem]:
        """One item a requirement, in the order of the edition."""
        for case in self._cases:
            yield RequirementItem.from_parent(self, name=case.rule.id, case=case, run=self._run)

    def __repr__(self) -> str:
        return f"<Carrier {self.name}>"


class DeviceCases(pytest.Collector):
    """The carriers of one device."""

    def __init__(self, *, cases: Sequence[Case], run: Judge, **kw: Any) -> None:
        super().__init__(**kw)
        self._cases = cases
        self._run = run

    @classmethod
    def of(cls, session: pytest.Session, device: str, cases: Sequence[Case], run: Judge) -> Self:
        """The node of one device, right below pytest's session."""
        node: Self = cls.from_parent(session, name=device, nodeid=device, cases=cases, run=run)
        return node

    def collect(self) -> Iterator[_Carrier]:
        """One node an edition."""
        by_ref: dict[str, list[Case]] = {}
        for case in self._cases:
            by_ref.setdefault(case.selected.ref, []).append(case)
        for ref, cases in by_ref.items():
            yield _Carrier.from_parent(self, name=ref, cases=cases, run=self._run)

    def __repr__(self) -> str:
        return f"<Device {self.name}>"


def device_nodes(session: pytest.Session, run: Judge, cases: Sequence[Case]) -> list[DeviceCases]:
    """One node a device, with the cases that were chosen of it."""
    by_device: dict[str, list[Case]] = {}
    for case in cases:
        by_device.setdefault(case.device, []).append(case)
    return [DeviceCases.of(session, device, of_it, run) for device, of_it in by_device.items()]


def picked_cases(cases: Sequence[Case], picked: Sequence[str]) -> list[Case]:
    """The cases that were picked by their ids, or all. Raises UnknownName."""
    if not picked:
        return list(cases)
    wanted = {case.id for one in picked for case in _named(one, cases)}
    return [case for case in cases if case.id in wanted]


def _named(id_: str, cases: Sequence[Case]) -> list[Case]:
    """The cases of an id that somebody pasted, or of the beginning of one."""
    parts = id_.split("::")
    # pytest shows ids from the folder in which it was started.
    parts[0] = parts[0].replace("\\", "/").rpartition("/")[2]
    wanted = "::".join(parts)
    found = [case for case in cases if f"{case.node_id}::".startswith(f"{wanted}::")]
    if not found:
        from difflib import get_close_matches

        near = get_close_matches(wanted, [case.node_id for case in cases], _NEAREST, 0.4)
        raise UnknownName("case of this run", id_, tuple(near))
    return found
