"""Fixtures for users' own cases: `device`, `survey`, `carrier`, `adb`, `at`, `operator`.

A case that asks for `device` or `survey` (or a link) runs once a device; one that asks for `carrier` once a carrier
that was chosen for the device. Without `--device` such a case is skipped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.carriers.store import Selected
    from harness.suite.asking import Operator
    from harness.suite.own_links import OwnAt, OwnShell
    from harness.suite.session import Session
    from harness.survey.survey import Survey

_Link = TypeVar("_Link")
LINK_OPEN_S = 15.0
_OF_DEVICE = {"device", "survey", "adb", "at"}


@dataclass(frozen=True, slots=True)
class Device:
    """One device of the run: its short name, how the user named it, and what was read of it."""

    name: str
    address: str
    survey: Survey


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Run a user's case once a device, and once a carrier of it where it asks for `carrier`."""
    session: Session | None = metafunc.config.pluginmanager.get_plugin("bandproof-session")
    names = set(metafunc.fixturenames)
    if session is None or not names & (_OF_DEVICE | {"carrier"}):
        return
    devices = list(session.run.surveys)
    if "carrier" in names:
        pairs = list(dict.fromkeys((case.device, case.selected.ref) for case in session.run.cases))
        metafunc.parametrize("_bandproof_target", pairs, indirect=True, ids=["/".join(pair) for pair in pairs])
    else:
        metafunc.parametrize("_bandproof_target", [(name, "") for name in devices], indirect=True, ids=devices)


@pytest.fixture
def _bandproof_target(request: pytest.FixtureRequest) -> tuple[str, str]:
    target: tuple[str, str] | None = getattr(request, "param", None)
    if target is None:
        pytest.skip("no --device given")
    return target


@pytest.fixture
def device(_bandproof_target: tuple[str, str], bandproof_session: Session) -> Device:
    """The device of this case."""
    survey = bandproof_session.run.surveys[_bandproof_target[0]]
    return Device(survey.device, survey.address, survey)


@pytest.fixture
def survey(device: Device) -> Survey:
    """What was read of the device before the cases began."""
    return device.survey


@pytest.fixture
def carrier(_bandproof_target: tuple[str, str], bandproof_session: Session) -> Selected:
    """The carrier, at the edition by which the device is judged."""
    name, ref = _bandproof_target
    return next(
        case.selected for case in bandproof_session.run.cases if case.device == name and case.selected.ref == ref
    )


@pytest.fixture
def adb(device: Device) -> Iterator[OwnShell]:
    """An open shell on the handset; the case is skipped where the device has none."""
    from harness.links.base import ShellLink
    from harness.suite.own_links import OwnShell

    link = _opened(device, ShellLink)  # type: ignore[type-abstract]
    if link is None:
        pytest.skip(f"{device.name} is no handset")
    yield OwnShell(link)
    link.close()


@pytest.fixture
def at(device: Device) -> Iterator[OwnAt]:
    """The open AT port of the modem; the case is skipped where the device has none."""
    from harness.links.base import AtLink
    from harness.suite.own_links import OwnAt

    link = _opened(device, AtLink)  # type: ignore[type-abstract]
    if link is None:
        pytest.skip(f"{device.name} is no modem")
    yield OwnAt(link)
    link.close()


@pytest.fixture
def operator(request: pytest.FixtureRequest, bandproof_session: Session) -> Operator:
    """The person at the bench: `operator.ask("Is the display lit?", within_s=60)`. No answer in time is INCONC."""
    from harness.suite.asking import Operator

    target = request.getfixturevalue("_bandproof_target") if "_bandproof_target" in request.fixturenames else ("", "")
    return Operator(bandproof_session.directory, target[0])


def _opened(device: Device, kind: type[_Link]) -> _Link | None:
    """The link of that kind among the ways to the device; None where it has none."""
    from harness.links.addresses import parse_address
    from harness.links.opening import open_link

    for address in device.address.split(" + "):
        link = open_link(parse_address(address), deadline_s=time.monotonic() + LINK_OPEN_S)
        if isinstance(link, kind):
            return link
        link.close()
    return None
