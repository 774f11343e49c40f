"""Documents of real runs, made in the process, for all tests of writers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from documents import Made, Make, made_of

from harness.survey.reading import read_device
from harness.survey.survey import Survey


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
