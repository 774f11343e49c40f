"""What the operator adds to a run: notes and photographs; and what a repeated case becomes."""

from __future__ import annotations

import base64
import io
import json
import os
import random
import sys
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from test_plugin import MIX2, run

from harness.errors import UsageError
from harness.reports.run.seals.manifest import write_manifest
from harness.reports.run.verify import verify
from harness.suite.photographs import for_the_page, require_pictures, stripped

NAME = "xiaomi-mi-mix-2-global"


def report(folder: Path) -> dict:
    return json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))


def test_notes_are_about_the_run_a_device_or_a_case(tmp_path: Path) -> None:
    case = f"{NAME}/us/att@2017-03/ATT-LTE-B12"
    notes = ("--note=chamber 3: quiet", f"--note={NAME}: display cracked", f"--note={case}: seen twice")
    run(tmp_path, MIX2, "--carrier=us/att@2017-03", "--report-dir=out", *notes)
    assert report(tmp_path)["notes"] == [
        {"about": None, "text": "chamber 3: quiet"},
        {"about": NAME, "text": "display cracked"},
        {"about": case, "text": "seen twice"},
    ]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "display cracked" in page
    assert "seen twice" in page
    assert verify(tmp_path / "out") == []


BENCH = f"""\
format: bandproof.bench/1
devices:
  mix2: {{recording: "fixture:{NAME}", carriers: [us/att@2017-03], notes: [spare], photographs: [front.JPG]}}
"""
PERSONAL = b"GPS-and-owner-490154203237518"


def photograph(file: Path) -> bytes:
    """A picture as a camera leaves it: turned, with place, owner and serial number beside its pixels."""
    image = Image.new("RGB", (40, 20), "#204060")
    exif = Image.Exif()
    exif[0x0112] = 6  # To be shown turned by 90 degrees.
    exif[0x013B] = PERSONAL.decode()  # Artist.
    exif.get_ifd(0x8825)[1] = "N"
    image.save(file, "JPEG", exif=exif, comment=PERSONAL)
    assert file.read_bytes().count(PERSONAL) == 2
    return file.read_bytes()


def test_photographs_of_the_bench_file_go_into_the_run_without_what_the_camera_wrote(tmp_path: Path) -> None:
    photograph(tmp_path / "front.JPG")
    (tmp_path / "bench.yaml").write_text(BENCH)
    run(tmp_path, "--bench=bench.yaml", "--report-dir=out")
    found = report(tmp_path)
    [told] = found["photographs"]
    assert (told["device"], told["file"]) == ("mix2", "attachments/mix2/photograph-1.jpg")
    small = (tmp_path / "out" / "attachments" / "mix2" / "photograph-1.page.jpg").read_bytes()
    assert base64.b64decode(told["picture"]) == small
    assert PERSONAL not in small
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert f'<img src="data:image/jpeg;base64,{told["picture"]}" alt="Photograph of mix2">' in page
    assert found["notes"] == [{"about": "mix2", "text": "spare"}]
    kept = tmp_path / "out" / "attachments" / "mix2" / "photograph-1.jpg"
    with Image.open(kept) as image:
        assert image.size == (20, 40)
        assert not image.getexif()
        assert "comment" not in image.info
    assert PERSONAL not in kept.read_bytes()
    assert verify(tmp_path / "out") == []


def test_a_large_photograph_stands_in_the_page_with_at_most_100_kilobytes(tmp_path: Path) -> None:
    noise = Image.frombytes("RGB", (3000, 2000), random.Random(4).randbytes(3000 * 2000 * 3))
    noise.save(tmp_path / "noise.jpg", quality=92)
    small = for_the_page(tmp_path / "noise.jpg")
    assert small is not None
    assert len(small) <= 100_000
    soft = noise.resize((300, 200)).resize((3000, 2000))
    soft.save(tmp_path / "soft.jpg", quality=92)
    picture = for_the_page(tmp_path / "soft.jpg")
    assert picture is not None
    assert 40_000 < len(picture) <= 100_000
    (tmp_path / "text.jpg").write_bytes(b"no picture")
    assert for_the_page(tmp_path / "text.jpg") is None


@pytest.mark.parametrize("change", ["another picture", "none"])
def test_a_picture_of_the_page_that_is_changed_is_found(tmp_path: Path, change: str) -> None:
    photograph(tmp_path / "front.JPG")
    (tmp_path / "bench.yaml").write_text(BENCH)
    run(tmp_path, "--bench=bench.yaml", "--report-dir=out")
    small = tmp_path / "out" / "attachments" / "mix2" / "photograph-1.page.jpg"
    if change == "none":
        small.unlink()
    else:
        Image.new("RGB", (30, 20), "#ff0000").save(small, "JPEG")
    told = json.loads((tmp_path / "out" / "run.json").read_text())
    write_manifest(tmp_path / "out", run_id=told["id"], tool=told["tool"], key=None)
    assert any("photographs[0].picture" in fault.message for fault in verify(tmp_path / "out"))


def test_photographs_stay_as_taken_where_the_bench_file_says_so(tmp_path: Path) -> None:
    before = photograph(tmp_path / "front.JPG")
    (tmp_path / "bench.yaml").write_text(BENCH + "photographs: as_taken\n")
    run(tmp_path, "--bench=bench.yaml", "--report-dir=out")
    assert (tmp_path / "out" / "attachments" / "mix2" / "photograph-1.jpg").read_bytes() == before


def test_what_is_no_picture_is_told_before_a_device_is_asked(tmp_path: Path) -> None:
    (tmp_path / "front.JPG").write_bytes(b"\xff\xd8\xff\xe0 picture")
    (tmp_path / "bench.yaml").write_text(BENCH)
    result = run(tmp_path, "--bench=bench.yaml", "--report-dir=out")
    told = result.stdout + result.stderr
    assert result.returncode == 4
    assert "front.JPG cannot be encoded anew" in told
    assert "photographs: as_taken" in told
    assert not list((tmp_path / "out").glob("evidence/*"))


def test_without_pillow_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photograph(tmp_path / "front.JPG")
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(UsageError, match=r"without Pillow\n  pip install 'bandproof\[figures\]'"):
        require_pictures([tmp_path / "front.JPG"])


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("GIF", "P"), ("JPEG", "CMYK")]
)
def test_pictures_of_all_forms_lose_what_stands_beside_them(tmp_path: Path, form: str, mode: str) -> None:
    exif = Image.Exif()
    exif[0x013B] = PERSONAL.decode()
    told: dict = {"exif": exif} if form != "GIF" else {"comment": PERSONAL}
    if form == "PNG":
        told["pnginfo"] = PngImagePlugin.PngInfo()
        told["pnginfo"].add_text("Comment", PERSONAL.decode())
    file = tmp_path / "picture"
    Image.new(mode, (4, 3)).save(file, form, **told)
    assert PERSONAL in file.read_bytes()
    data, suffix = stripped(file)
    assert PERSONAL not in data
    assert suffix == {"PNG": ".png", "GIF": ".png", "WEBP": ".webp", "JPEG": ".jpg"}[form]
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (4, 3)


def test_a_note_loses_what_is_personal_and_the_operator_is_told(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(
        BENCH.replace("notes: [spare], photographs: [front.JPG]", 'notes: ["IMEI 490154203237518"]')
    )
    note = "call +4917012345678 about it"
    result = run(tmp_path, "--bench=bench.yaml", "--report-dir=out", f"--note={note}", "--note", f"mix2: {note}")
    assert "warning: taken out of a note: phone" in result.stdout
    assert "warning: taken out of the note on mix2: phone" in result.stdout
    assert "warning: taken out of the note on mix2: imei" in result.stdout
    for name in ("run.json", "report.json", "report.html"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert "4917012345678" not in text
        assert "490154203237518" not in text
    assert verify(tmp_path / "out") == []


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
@pytest.mark.parametrize(("more", "file", "folder"), [("", 0o600, 0o700), ("evidence: shared\n", 0o644, 0o755)])
def test_evidence_is_for_its_user_alone_unless_the_laboratory_says_otherwise(
    tmp_path: Path, more: str, file: int, folder: int
) -> None:
    (tmp_path / "bench.yaml").write_text(BENCH.replace(", photographs: [front.JPG]", "") + more)
    run(tmp_path, "--bench=bench.yaml", "--report-dir=out", "--record=kept")
    for place in (tmp_path / "out" / "evidence", tmp_path / "kept"):
        found = [*place.rglob("*")] + ([place] if place.name == "evidence" else [])
        files = {one.name: one.stat().st_mode & 0o777 for one in found if one.is_file()}
        assert files == {"adb.yaml": file, "recording.yaml": file}
        assert {one.stat().st_mode & 0o777 for one in found if one.is_dir()} == {folder}


def test_attempts_of_a_repeated_case_are_one_verdict(tmp_path: Path) -> None:
    run(tmp_path, MIX2, "--carrier=us/att@2024", "--report-dir=out", "--dist=each", "--tx=2*popen", "-k", "B12 or B14")
    verdicts = {one["requirement"]: one for one in report(tmp_path)["verdicts"]}
    assert len(verdicts) == len(report(tmp_path)["verdicts"]) == 2
    assert [one["verdict"] for one in verdicts["ATT-LTE-B14"]["attempts"]] == ["FAIL", "FAIL"]
    assert verify(tmp_path / "out") == []


def test_what_no_reading_shows_is_listed_in_every_report(tmp_path: Path) -> None:
    run(tmp_path, MIX2, "--carrier=us/att@2017-03", "--report-dir=out")
    (edition,) = report(tmp_path)["editions"]
    assert "the carrier's list of accepted models and IMEI ranges" in edition["not_assessed"]
    assert "accepted models and IMEI ranges" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
