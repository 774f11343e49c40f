"""A recording that was stopped early proves nothing by what it does not hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.carriers.store import Profiles
from harness.recording.files import load_recording, resolve_recording
from harness.recording.writer import RecordingWriter
from harness.survey.reading import read_device
from harness.verdicts.plan import Run, plan_run

MODEM = "fixture:quectel-rm520n-gl"
HANDSET = "fixture:xiaomi-mi-mix-2-global"


def written(folder, source, kind, *, requests=100, finished=True):
    """The first requests of a recording, as a run that was killed leaves them."""
    whole = load_recording(resolve_recording(source))
    writer = RecordingWriter(folder, replace(whole.info, sha256={}))
    for exchange in whole.links[kind][:requests]:
        writer.append(kind, exchange)
    (writer.finish if finished else writer.close)()
    return str(folder)


def passes(survey, carrier="us/att@2024"):
    run = Run(surveys={survey.device: survey})
    plan_run(run, [carrier], Profiles())
    return {case.rule.id for case in run.cases if run.verdict(case).outcome.name in {"PASS", "PASS_NOTE"}}


def test_what_was_not_asked_any_more_is_not_left_to_the_sheet(tmp_path):
    """Else a modem without B14 would have it, because a run was stopped before it could say so."""
    survey = read_device(written(tmp_path / "cut", MODEM, "at", requests=1, finished=False), device="m")
    assert survey.trouble == "its recording was stopped before everything was asked"
    assert survey.identity.model == "RM520N-GL"
    assert passes(survey) == set()


def test_a_recording_that_is_whole_has_no_trouble(tmp_path):
    survey = read_device(written(tmp_path / "whole", MODEM, "at"), device="m")
    assert survey.trouble is None
    assert passes(survey)


@pytest.mark.parametrize("requests", [1, 2, 3])
def test_a_handset_that_was_stopped_passes_nothing_more(tmp_path, requests):
    whole = read_device(written(tmp_path / "whole", HANDSET, "adb"), device="h")
    cut = read_device(written(tmp_path / "cut", HANDSET, "adb", requests=requests, finished=False), device="h")
    assert cut.trouble
    assert passes(cut) <= passes(whole)


def test_what_is_recorded_of_it_is_stopped_early_too(tmp_path):
    source = written(tmp_path / "cut", MODEM, "at", requests=2, finished=False)
    read_device(source, device="m", evidence=tmp_path / "evidence")
    assert not load_recording(tmp_path / "evidence").info.complete
