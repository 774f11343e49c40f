"""The pages as other programs judge them: html-validate and axe-core in a real browser, no violation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from documents import built

from harness.reports.html.report import write_html
from harness.survey.survey import Survey

WEB = Path(__file__).parents[2] / ".ci" / "web"
PACKAGES = Path(os.environ.get("BANDPROOF_WEB", WEB)) / "node_modules"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NEEDED = ("axe-core", "puppeteer-core", "html-validate")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (BROWSER and shutil.which("node") and all((PACKAGES / name).is_dir() for name in NEEDED)),
        reason="needs Chromium, node and the packages that .ci/run installs",
    ),
]


def checked(*pages: Path) -> list[str]:
    command = ["node", str(WEB / "check.mjs"), str(BROWSER), *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in {0, 1}, done.stderr
    assert not done.stderr, done.stderr
    return done.stdout.splitlines()


def test_no_violation_on_the_fit_page_and_the_comparison(tmp_path: Path) -> None:
    from harness import cli

    words = ["fit", "fixture:xiaomi-mi-mix-2-global", "--country=us,ge", f"--html={tmp_path / 'fit.html'}"]
    assert cli.main(words) == 1
    for name, device in (("a", "xiaomi-mi-mix-2-global"), ("b", "xiaomi-mi-mix-2-china")):
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--device=fixture:{device}"]
        command += ["--carrier=us/att", f"--report-dir={tmp_path / name}"]
        subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    cli.main(["diff", str(tmp_path / "a"), str(tmp_path / "b"), "--html", str(tmp_path / "diff.html")])
    assert checked(tmp_path / "fit.html", tmp_path / "diff.html") == []


def test_the_check_finds_what_is_wrong(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    table = "<table><tr><th>A</th></tr></table>"
    page.write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title></head><body><main><h1>h</h1>'
        f'<p style="color:#999;background:#aaa">some words</p><img src="x.png">{table}'
        '<div style="width:3000px">y</div></main></body></html>'
    )
    found = "\n".join(checked(page))
    for words in ("color-contrast", "image-alt", "without a scope", "wider than the screen"):
        assert words in found


@pytest.mark.parametrize("carriers", [("us/att@2024",), ("us",)])
def test_no_violation_on_the_report(
    carriers: tuple[str, ...], handset: Survey, other_handset: Survey, tmp_path: Path
) -> None:
    surveys = [handset] if "@" in carriers[0] else [handset, other_handset]
    write_html(tmp_path / "report.html", *built(surveys, carriers))
    assert checked(tmp_path / "report.html") == []
