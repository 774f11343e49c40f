"""The pytest plugin: `pytest --device=ADDRESS` runs the certification suite. Thin: it asks `harness.suite`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harness.suite.fixtures import _bandproof_target, adb, at, carrier, device, operator, parametrize, survey
from harness.suite.option_texts import describe
from harness.suite.options import Options, devices_of, option, split_arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from harness.suite.session import Session

__all__ = ["_bandproof_target", "adb", "at", "carrier", "device", "operator", "survey"]


_OPTIONS = pytest.StashKey[Options]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None, Any, Any]:
    """Add the options when all others have added theirs."""
    options = early_config.stash[_OPTIONS] = Options(describe)
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
    for one in ("evidence", "declared", "bands", "sweep"):
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
    if getattr(report, "bandproof_unjudged", None) == "INCONC" and report.outcome == "failed":
        return "inconclusive", "I", ("INCONC", {"yellow": True})
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
