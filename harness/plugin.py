"""The pytest plugin: `pytest --device=ADDRESS` runs the certification suite. Thin: it asks `harness.suite`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import pytest

from harness.suite.fixtures import _bandproof_target, adb, at, carrier, device, operator, parametrize, survey
from harness.suite.options import Options, devices_of, option, split_arguments
from harness.suite.sweep_options import add_options as add_sweep_options

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from harness.suite.session import Session

__all__ = ["_bandproof_target", "adb", "at", "carrier", "device", "operator", "survey"]


def _describe(add: Callable[..., None]) -> None:
    """The options of the suite."""
    add(
        "--device",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="adb serial, port, URL, fixture:NAME, recording; --dut is the same, for where another plugin has --device",
    )
    add(
        "--evidence",
        action="append",
        default=[],
        metavar="[DEVICE:]uecap=FILE",
        help="a UE capability of the device, in any form; ,model=… ,build=… ,date=… say what it was taken from; "
        "uecap=live captures it from the handset's diagnostic port; bands=live looks at MediaTek's band screen",
    )
    add(
        "--bands",
        action="append",
        default=[],
        metavar="[DEVICE:]RAT=BANDS",
        help="what is declared of a device that has no sheet: lte=2,4,5,12,66; decides as declared, never as measured",
    )
    add(
        "--bands-source", default="", metavar="TEXT", help='where those bands are from: "the box", a page with its date'
    )
    add("--act", action="store_true", help="let a live capture switch airplane mode or open an app, once")
    add_sweep_options(add)
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
    add(
        "--deadline", type=_seconds, metavar="S", help="seconds that each device may take (default: the bench's, or 60)"
    )
    add("--as-of", metavar="YYYY-MM-DD", help="judge by the editions of that day")
    add("--max-evidence-age", type=_days, metavar="DAYS", help="INCONC where a device was read longer ago than that")
    add("--policy", choices=("strict", "service"), default="strict", help="which levels decide (default: strict)")
    add(
        "--require-grade",
        choices=("measured", "observed", "declared"),
        default="declared",
        help="weakest evidence taken",
    )
    add(
        "--inconclusive",
        choices=("fail", "pass"),
        default="fail",
        help="whether INCONC fails the run (default: fail); passing, it is shown as INCONC all the same",
    )
    add("--strict-profiles", action="store_true", help="count INCONC that only the carrier's profile leaves open")
    add("--note", action="append", default=[], metavar="[DEVICE:]TEXT", help="the operator's note, for the report")
    add(
        "--own-cases-only",
        action="store_true",
        help="leave the certification out: run the cases of the files named alone",
    )
    add("--waivers", metavar="FILE", help="deviations that somebody answers for: FAIL and INCONC become WAIVED")
    add("--record", metavar="DIR", help="also keep each device's recording in DIR: new or empty")
    add("--scrub-cells", action="store_true", help="keep cell ids and tracking areas out of everything that is written")
    add(
        "--history",
        metavar="URI",
        help="append the run to this table: a folder, s3://… (bench.yaml, BANDPROOF_HISTORY)",
    )
    add("--report-dir", metavar="DIR", help="where the run's files go: new or empty (default: reports/<time>-<id>/)")


def _seconds(text: str) -> float:
    """A number of seconds above 0. Raises ArgumentTypeError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return seconds


def _days(text: str) -> int:
    """A number of days. Raises ArgumentTypeError."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days")
    return int(text)


_OPTIONS = pytest.StashKey[Options]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None, Any, Any]:
    """Add the options when all others have added theirs."""
    options = early_config.stash[_OPTIONS] = Options(_describe)
    options.hide_values(early_config, parser, args)
    result = yield
    options.add(parser)
    return result


def pytest_configure(config: pytest.Config) -> None:
    """Start a session where devices are named; everything heavy is imported only then."""
    if _OPTIONS not in config.stash:
        return  # Named by a conftest's `pytest_plugins`: the options came too late, and there are none.
    if not devices_of(config) and not option(config, "bench"):
        _require_no_half_command(config)
        return
    _load_plainly(config)
    from harness.suite.session import Session

    paths, picked = split_arguments(config)
    alone = not paths
    if alone or picked:
        config.args[:] = paths
        config.args_source = pytest.Config.ArgsSource.ARGS
    if alone and getattr(config.option, "tbstyle", None) == "auto":
        # Reasons stand in the summary; a verdict has no traceback to show.
        config.option.tbstyle = "no"
        if config.option.reportchars == _DEFAULT_REPORT:
            config.option.reportchars = ""
    beside = option(config, "carrier") and not option(config, "own_cases_only")
    session = Session(config, certifies=alone or bool(picked) or bool(beside), picked=picked)
    config.pluginmanager.register(session, "bandproof-session")
    if not alone:
        from harness.suite import asking
        from harness.suite.own_cases import OwnCases

        config.pluginmanager.register(OwnCases(session), "bandproof-own-cases")
        config.pluginmanager.register(asking, "bandproof-asking")


_DEFAULT_REPORT = "fE"
"""What pytest lists at the end where nobody says otherwise."""


def _require_no_half_command(config: pytest.Config) -> None:
    """Raises UsageError where options of ours are given and no device."""
    name = _device_option(config)
    for one in ("evidence", "declared", "bands"):
        if option(config, one):
            raise pytest.UsageError(f"--{one} is of a device: name it with {name} or --bench")
    if any(str(word).partition("=")[0] == "--carrier" for word in config.invocation_params.args):
        # Not where a project's own configuration names a carrier for the runs that have a device.
        raise pytest.UsageError(f"--carrier says by whom to judge, not what: name it with {name} or --bench")


def _renamed(config: pytest.Config) -> dict[str, str]:
    options = config.stash.get(_OPTIONS, None)
    return options.renamed if options else {}


def _device_option(config: pytest.Config) -> str:
    return _renamed(config).get("--device", "--device")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Which names of ours another plugin has taken."""
    return [f"bandproof: another plugin has {name} here; write {ours}" for name, ours in _renamed(config).items()]


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
    """INCONC is an outcome of its own, and so is what only the profile leaves open."""
    told: dict[str, Any] | None = getattr(report, "bandproof", None)
    if told is None or told["verdict"] != "INCONC" or report.outcome not in {"failed", "skipped"}:
        return None  # Another plugin's outcome, as that of a case which will be run again.
    if told["open"]:
        return "profile open", "O", ("OPEN", {"yellow": True})
    return "inconclusive", "I", ("INCONC", {"yellow": True})


@pytest.hookimpl(optionalhook=True)
def pytest_csv_register_columns(columns: dict[str, Any]) -> None:
    """pytest-csv takes ids apart at `.py`; ours are of no file."""

    def of_ours(name: str, number: int, otherwise: Callable[..., Any]) -> Callable[..., Any]:
        def column(item: pytest.Item, report: pytest.TestReport) -> Any:
            if hasattr(item, "case"):
                return [(name, item.nodeid.split("::")[number])]
            return otherwise(item, report)

        return column

    for name, number in (("module", 0), ("class", 1), ("function", 2), ("name", 2)):
        if name in columns:
            columns[name] = of_ours(name, number, columns[name])


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
