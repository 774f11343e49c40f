"""A bench page in a process of its own, and a browser to look at it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if find_spec("starlette") is None or find_spec("uvicorn") is None:
    collect_ignore_glob = ["test_*.py"]

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BENCH = """format: bandproof.bench/1
name: Rack 3
history: history
devices:
  mix2-1: {recording: fixture:xiaomi-mi-mix-2-global}
  rm520-1: {recording: fixture:quectel-rm520n-gl}
presets:
  Nightly AT&T: {carriers: [us/att]}
  MIX 2 of 2017: {devices: [mix2-1], carriers: [us/att@2017-03]}
"""


@dataclass
class ServedPage:
    """A page that is served."""

    url: str
    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])

    @property
    def live(self) -> Path:
        return self.folder / "live"


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., ServedPage]]:
    """Serve a page of a bench; the process is ended with the test."""
    pages: list[ServedPage] = []

    def start(*options: str, bench: str = BENCH) -> ServedPage:
        (tmp_path / "bench.yaml").write_text(bench)
        told = {
            **{name: value for name, value in os.environ.items() if name != "BANDPROOF_HISTORY"},
            "BANDPROOF_LIVE": str(tmp_path / "live"),
            "BANDPROOF_PROMPTS": str(tmp_path / "prompts"),
            "BANDPROOF_SPOOL": str(tmp_path / "spool"),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "harness.cli", "serve", "--port=0", *options],
            cwd=tmp_path,
            env=told,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("bench page: "), line
        pages.append(ServedPage(line.split()[2], tmp_path, told, process))
        return pages[-1]

    yield start
    for one in pages:
        one.process.kill()
        one.process.communicate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's browser."""
    driver = pytest.importorskip("playwright.sync_api")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no browser is installed")
    with driver.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield found
        found.close()
