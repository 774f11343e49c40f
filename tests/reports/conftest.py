"""Documents of real runs, made in the process, for all tests of writers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from harness.carriers.sheets import Sheets
from harness.carriers.store import Profiles
from harness.recording.exchange import Exchange
from harness.reports.document.report import build_document
from harness.survey.reading import read_device
from harness.survey.survey import Survey
from harness.verdicts.plan import Run, plan_run

Made = tuple[dict[str, Any], dict[str, Sequence[tuple[str, Exchange]]]]
Make = Callable[..., Made]
RUN = {
    "id": "7f3a",
    "started": "2026-11-21T14:03:11.000Z",
    "finished": "2026-11-21T14:03:12.500Z",
    "policy": "strict",
    "require_grade": "declared",
    "as_of": None,
    "command": ["pytest", "--device=fixture:x"],
}
CARRIERS = ("us/att@2017-03", "us/att@2024", "us/verizon@2024", "us/t-mobile@2024")


def made_of(surveys: Sequence[Survey], carriers: Sequence[str] = CARRIERS, **more: Any) -> Made:
    run = Run(surveys={survey.device: survey for survey in surveys})
    plan_run(run, carriers, Profiles(), None, Sheets())
    document = build_document(
        **{
            "run": RUN,
            "surveys": surveys,
            "plan": [(case.device, case.selected) for case in run.cases],
            "declared": run.declared,
            "verdicts": [run.verdict(case).as_json() for case in run.cases],
            "remarks": run.remarks,
            **more,
        }
    )
    return document, {survey.device: survey.exchanges for survey in surveys}


@pytest.fixture(scope="session")
def handset() -> Survey:
    return replace(read_device("fixture:xiaomi-mi-mix-2-global"), elapsed_s=0.25)


@pytest.fixture(scope="session")
def other_handset() -> Survey:
    return replace(read_device("fixture:xiaomi-mi-mix-china"), elapsed_s=0.25)


@pytest.fixture(scope="session")
def make() -> Make:
    return made_of


@pytest.fixture(scope="session")
def made(handset: Survey) -> Made:
    return made_of([handset])


@pytest.fixture(scope="session")
def document(made: Made) -> Mapping[str, Any]:
    return made[0]
