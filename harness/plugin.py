"""The pytest plugin: `pytest --device=ADDRESS` runs the certification suite. Thin: it asks `harness.suite`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.suite.fixtures import _bandproof_target, adb, at, carrier, device, parametrize, survey

if TYPE_CHECKING:
    from harness.suite.session import Session

__all__ = ["_bandproof_target", "adb", "at", "carrier", "device", "survey"]

CASES = Path(__file__).parent / "suite" / "test_certification.py"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the suite."""
    group = parser.getgroup("bandproof", "cellular bands of a device against carrier profiles")
    add = group.addoption
    add(
        "--device",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="adb serial, port, URL, fixture:NAME, recording",
    )
    add(
        "--evidence",
        action="append",
        default=[],
        metavar="[DEVICE:]uecap=FILE",
        help="a UE capability of the device, in any form; ,model=… ,build=… ,date=… say what it was taken from; "
        "uecap=live captures it from the handset's diagnostic port",
    )
    add("--act", action="store_true", help="let the run switch airplane mode on and off, once, for a live capability")
    add("--scat", default="", metavar="PROGRAM", help="the program that reads diagnostic ports (default: scat)")
    add(
        "--declared",
        action="append",
        default=[],
        metavar="[DEVICE:]ics=FILE|fcc=FILE",
        help="the maker's filled ICS, or the saved page of an FCC grant: held against the device",
    )
    add("--ics", action="store_true", help="fill the ICS of each device from the evidence, beside the report")
    add("--carrier", action="append", default=[], metavar="NAME", help="us, us/att, us/att@2017-03; default: the SIM's")
    add("--bench", metavar="FILE", help="the lab's devices (bench.yaml): all of them, or those of --device=bench:NAME")
    add("--as-of", metavar="YYYY-MM-DD", help="judge by the editions of that day")
    add("--max-evidence-age", type=_days, metavar="DAYS", help="INCONC where a device was read longer ago than that")
    add("--policy", choices=("strict", "service"), default="strict", help="which levels decide (default: strict)")
    add(
        "--require-grade",
        choices=("measured", "observed", "declared"),
        default="declared",
        help="weakest evidence taken",
    )
    add("--note", action="append", default=[], metavar="[DEVICE:]TEXT", help="the operator's note, for the report")
    add("--waivers", metavar="FILE", help="deviations that somebody answers for: FAIL and INCONC become WAIVED")
    add("--record", metavar="DIR", help="also keep each device's recording in DIR: new or empty")
    add("--scrub-cells", action="store_true", help="keep cell ids and tracking areas out of everything that is written")
    add("--report-dir", metavar="DIR", help="where the run's files go: new or empty (default: reports/<time>-<id>/)")


def _days(text: str) -> int:
    """A number of days. Raises ValueError, which the option parser tells as wrong usage."""
    days = int(text)
    if days < 0:
        raise ValueError(text)
    return days


def pytest_configure(config: pytest.Config) -> None:
    """Start a session where devices are named; everything heavy is imported only then."""
    if not config.getoption("device") and not config.getoption("bench"):
        for option in ("evidence", "declared"):
            if config.getoption(option):
                raise pytest.UsageError(f"--{option} is of a device: name it with --device or --bench")
        if any(str(word).partition("=")[0] == "--carrier" for word in config.invocation_params.args):
            # Not where a project's own configuration names a carrier for the runs that have a device.
            raise pytest.UsageError("--carrier says by whom to judge, not what: name it with --device or --bench")
        return
    _load_plainly(config)
    from harness.suite.session import Session

    config.pluginmanager.register(Session(config), "bandproof-session")
    given = [argument for argument in config.invocation_params.args if not str(argument).startswith("-")]
    named = [str(a) for a in given if Path(str(a).split("::")[0]).exists()]
    if not named:
        config.args[:] = [str(CASES)]
        if config.option.tbstyle == "auto":
            # Reasons stand in the summary; a verdict has no traceback to show.
            config.option.tbstyle = "no"
            config.option.reportchars = ""
    elif config.getoption("carrier"):
        config.args.insert(0, str(CASES))


def _load_plainly(config: pytest.Config) -> None:
    """Have our modules loaded as any others, and not as those that hold asserts of tests.

    pytest takes all modules of a plugin's package for such, reads and hashes each source to find its rewritten code,
    and knows no way to say no: a tenth of a run. Where its set of names is gone one day, nothing is lost but that.
    """
    hook = config.pluginmanager.rewrite_hook
    marked = getattr(hook, "_must_rewrite", None)
    if isinstance(marked, set):
        marked.discard("harness")
        hook.mark_rewrite()  # Of nothing: it forgets what it has looked up.


def pytest_report_teststatus(report: pytest.CollectReport | pytest.TestReport) -> tuple[str, str, object] | None:
    """INCONC is an outcome of its own."""
    if getattr(report, "bandproof", {}).get("verdict") == "INCONC" and report.failed:
        return "inconclusive", "I", ("INCONC", {"yellow": True})
    return None


@pytest.fixture(scope="session")
def bandproof_session(request: pytest.FixtureRequest) -> Session:
    """The running session: surveys, carriers, verdicts."""
    session: Session | None = request.config.pluginmanager.get_plugin("bandproof-session")
    if session is None:
        pytest.skip("no --device given")
    return session


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Users' own cases run once a device."""
    parametrize(metafunc)
