"""ModemManager reads our simulated modems, and the same bands in them as the probes do."""

import modem_manager
import pytest
from recordings import CINTERION, OPERATOR, TELIT, U_BLOX, modem_recording

from harness.simulation import kit
from harness.survey.reading import read_device

QUICK = kit.ModemOptions(latency_s=0)


@pytest.fixture
def judge(tmp_path):
    if missing := modem_manager.missing():
        pytest.skip(f"not installed here: {', '.join(missing)}")
    try:
        with modem_manager.ModemManager(tmp_path) as running:
            yield running
    except modem_manager.CannotStart as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(
    ("plugin", "answers", "supported", "current"),
    [
        ("telit", TELIT, (2, 4, 5, 12, 13, 14), (4, 12, 14)),
        ("u-blox", U_BLOX, (2, 4, 5, 7, 17), (2, 4, 5, 17)),
        ("cinterion", CINTERION, (1, 2, 3, 4, 5, 7, 8, 12, 20, 28, 38, 39, 40, 41), (2, 4, 20, 28, 41)),
    ],
)
def test_modem_manager_and_the_probes_read_the_same_bands(judge, plugin, answers, supported, current):
    recording = modem_recording(plugin, answers, operator=OPERATOR)
    with kit.serve_modem(recording, "unix", options=QUICK) as served:
        theirs = judge.adopt(plugin, plugin, served.address)
        assert "ATE0" in served.modem.state.asked
    assert theirs.value("modem.generic.model") == answers["AT+CGMM"][0]
    with kit.serve_modem(recording, options=QUICK) as served:
        ours = read_device(served.address)
    assert ours.trouble is None
    assert ours.dialect == plugin
    for which, kind, expected in (("supported", "supported_bands", supported), ("current", "enabled_bands", current)):
        [lte] = [item for item in ours.observations if item.kind == kind and item.rat == "lte"]
        assert lte.bands == theirs.bands(which) == expected
        for umts in (item for item in ours.observations if item.kind == kind and item.rat == "umts"):
            assert umts.bands == theirs.bands(which, "utran")
