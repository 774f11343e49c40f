"""The certification suite: one item a device, carrier and requirement."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from harness.suite.session import Session
    from harness.verdicts.case import Case


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One item a case."""
    session: Session | None = metafunc.config.pluginmanager.get_plugin("bandproof-session")
    cases = session.run.cases if session else []
    metafunc.parametrize("case", cases, ids=[case.id for case in cases])


def test_requirement(case: Case, bandproof_session: Session, request: pytest.FixtureRequest) -> None:
    """The device meets the requirement."""
    bandproof_session.decide(case, request.node)
