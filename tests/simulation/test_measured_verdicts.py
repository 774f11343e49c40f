"""Devices whose own modem tells its bands give verdicts of grade measured, through the whole chain."""

import time
from datetime import date

import pytest

from harness.carriers.edition import Carrier, Edition
from harness.carriers.store import Selected
from harness.observations import Grade
from harness.requirements.band import BandRule
from harness.requirements.bound import Bound
from harness.survey.reading import read_device
from harness.verdicts.judge import judge


def asked(number):
    rule = BandRule(id="T", level="mandatory", rat="lte", band=number, role="capacity", needed="measured")
    edition = Edition(as_of="2024", sources=("test",), confidence="A", requirements=(rule,))
    carrier = Carrier(format="bandproof.profile/1", id="us/test", name="Test", country="US", editions=(edition,))
    return Selected(carrier, edition, date(2024, 6, 1)), rule


def outcomes(survey, *bands):
    bound = Bound.of(survey)
    found = [judge(bound, *asked(number)) for number in bands]
    return [(one.outcome.name, one.grade) for one in found], {source.link for one in found for source in one.evidence}


def test_a_rooted_handset_behind_a_real_adb_server_tells_its_bands_over_its_at_node(handset, tmp_path):
    served = handset("fixture:xiaomi-redmi-note-8-pro-rooted")
    survey = read_device(served.address, device="rooted", evidence=tmp_path / "run", deadline_s=time.monotonic() + 30)
    assert (survey.kind, survey.trouble) == ("handset", None)
    told, links = outcomes(survey, 4, 12)
    assert told == [("PASS", Grade.MEASURED), ("FAIL", Grade.MEASURED)]
    assert links == {"at"}
    again = read_device(str(tmp_path / "run"), device="rooted")
    assert outcomes(again, 4, 12) == (told, links)


@pytest.mark.parametrize(
    ("name", "has", "lacks"), [("quectel-em12-g-mbim", 13, 48), ("sierra-em7565", 66, 71)], ids=["mbim", "qmi"]
)
def test_a_modem_behind_the_hosts_tools_tells_its_bands(name, has, lacks, tmp_path):
    survey = read_device(f"fixture:{name}", evidence=tmp_path / "run")
    told, links = outcomes(survey, has, lacks)
    assert told == [("PASS", Grade.MEASURED), ("FAIL", Grade.MEASURED)]
    assert "qmi" in links
    assert outcomes(read_device(str(tmp_path / "run")), has, lacks) == (told, links)
