"""A live capability counts only where place, serial and time tie it to the handset of the run."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from harness.errors import RecordingError
from harness.observations import Identity, SupportedBands
from harness.recording.exchange import Exchange
from harness.survey.evidence_files import with_facts
from harness.survey.evidence_trees import FORMAT
from harness.survey.live.session import REQUEST, LiveSession, session_of
from harness.survey.survey import Survey

sys.path.insert(0, str(Path(__file__).parents[2] / "probes" / "uecap"))

ASKED_AT = "2026-01-01T10:00:00.000Z"
SESSION = LiveSession(
    how="hand", end="enough", adb_path="3-1", diag_path="3-1", interface="3-1 interface 0 (ff/ff/30)", serial="same",
    before="05c6:9091 ff/ff/30 ff/42/01", after="05c6:9091 ff/ff/30 ff/42/01", build="MPSS.TEST",
    began="2026-01-01T10:00:02.000Z", ended="2026-01-01T10:01:00.000Z",
)  # fmt: skip


@pytest.fixture(scope="module")
def records() -> list[str]:
    pytest.importorskip("pycrate_asn1dir", reason="the extra uecap is not installed")
    import uecap_samples as make

    bands = (2, 4, 12)
    answer = make.eutra(bands=bands, combos=tuple(((band, "a", "a"),) for band in bands), nsa=(), sa=())
    return [f"lte_dl {make.lte_enquiry().hex()}", f"lte_ul {make.lte_message(('eutra', answer)).hex()}"]


def survey() -> Survey:
    asked = Exchange("getprop", b"", at=ASKED_AT)
    return Survey("mix", "SERIAL", "handset", (Identity(model="X"),), exchanges=(("adb", asked),))


def read(session: LiveSession, lines: list[str]) -> Survey:
    text = "\n".join((FORMAT, session.line(), *lines, ""))
    return with_facts(survey(), [Exchange(REQUEST, text.encode(), at=session.ended)])


def told(found: Survey) -> tuple[int, ...] | None:
    return next((one.bands for one in found.all(SupportedBands) if one.rat == "lte"), None)


def changed(**values: object) -> LiveSession:
    return msgspec.structs.replace(SESSION, **values)


def test_one_that_is_bound_tells_its_bands_without_a_doubt(records):
    found = read(SESSION, records)
    assert told(found) == (2, 4, 12)
    assert not found.refused
    (fact,) = (one for one in found.all(SupportedBands) if one.rat == "lte")
    assert fact.complete
    assert not any("user's word" in one for one in found.warnings)
    assert any("bound to the handset by its place on USB and its serial" in one for one in found.warnings)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"diag_path": "3-2"}, "the USB device at 3-2"),
        ({"serial": "other"}, "another serial"),
        ({"began": "2026-01-01T09:59:59.000Z"}, "outside the run"),
        ({"ended": "2026-01-01T11:00:00.000Z"}, "outside the run"),
        ({"began": "2026-01-01T10:02:00.000Z"}, "outside the run"),
        ({"began": ""}, "does not tell when"),
        ({"ended": "yesterday"}, "does not tell when"),
        ({"began": "2026-01-01T10:00:02"}, "does not tell when"),
    ],
)
def test_one_of_another_device_or_time_tells_nothing(records, values, why):
    found = read(changed(**values), records)
    assert told(found) is None
    assert why in found.refused


@pytest.mark.parametrize("values", [{"serial": "none"}, {"adb_path": ""}])
def test_one_that_nothing_ties_is_the_users_word(records, values):
    found = read(changed(**values), records)
    assert told(found) == (2, 4, 12)
    assert any("user's word" in one for one in found.warnings)


@pytest.mark.parametrize(
    "end", ["nothing", "late", "refused", "gone", "never_started", "no_port", "no_attach", "no_usb"]
)
def test_one_that_came_to_nothing_says_why_and_leaves_no_other_word(end):
    found = read(changed(end=end, why="for a reason", way_out="do this"), [])
    assert told(found) is None
    assert "for a reason; do this" in found.refused


def test_where_messages_were_lost_absence_proves_nothing(records):
    found = read(SESSION, ["doubt Unknown NR RRC OTA Message packet version 0x99", *records])
    (fact,) = (one for one in found.all(SupportedBands) if one.rat == "lte")
    assert (fact.bands, fact.complete, fact.filtered_by) == ((2, 4, 12), False, None)


def test_with_a_wrong_check_sum_nothing_is_measured(records):
    found = read(SESSION, ["doubt CRC mismatch: expected 0x1, got 0x2", *records])
    (fact,) = (one for one in found.all(SupportedBands) if one.rat == "lte")
    assert fact.grade.word == "observed"
    assert set(fact.told_once) == {2, 4, 12}


def test_an_enquiry_of_one_sim_is_not_that_of_the_other(records):
    together = read(SESSION, ["radio 0", *records])
    apart = read(SESSION, ["radio 0", records[0], "radio 1", records[1]])
    complete = [
        next(one for one in found.all(SupportedBands) if one.rat == "lte").complete for found in (together, apart)
    ]
    assert complete == [True, False]


def test_the_serial_stands_nowhere():
    assert not {"iserial", "number"} & set(LiveSession.__struct_fields__)
    assert LiveSession.__annotations__["serial"].startswith("Literal")


@pytest.mark.parametrize(
    "text", ["", FORMAT, f"{FORMAT}\nsession {{", f'{FORMAT}\nsession {{"how":"magic","end":"x"}}']
)
def test_a_session_that_cannot_be_read_is_an_error_and_no_file(text):
    with pytest.raises(RecordingError):
        session_of(Exchange(REQUEST, text.encode()))


def test_what_was_not_put_back_is_told(records):
    found = read(changed(left="airplane mode is not as before: x"), records)
    assert "airplane mode is not as before: x" in found.warnings
    assert told(found)


def test_a_lost_handset_has_no_capability(records):
    lost = replace(survey(), observations=(), trouble="gone")
    text = "\n".join((FORMAT, SESSION.line(), *records, ""))
    assert with_facts(lost, [Exchange(REQUEST, text.encode())]).all(SupportedBands) == ()
