"""Recordings survive the way to disk and back, a killed writer, and people's own spelling."""

import errno
import os
import threading
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import FileError, RecordingError, UnknownName
from harness.recording import files, writer
from harness.recording.exchange import Exchange, Interruption, RecordingInfo
from harness.recording.files import find_recordings, hash_problems, load_recording, resolve_recording
from harness.recording.writer import RecordingWriter, exchange_yaml, info_yaml
from harness.yamlfiles import places

INFO = RecordingInfo(id="test-device", provenance="recorded")

texts = st.text(max_size=60) | st.text(alphabet="ab \t\r\n#:-'\"|>é\x85\u2028\ufeff\x00", max_size=30)
answers = st.binary(max_size=40) | texts.map(lambda text: text.encode("utf-8", "replace"))
requests = texts.filter(bool).map(lambda text: text.encode("utf-8", "replace").decode())


def written(tmp_path, kind, body, **info):
    (tmp_path / "recording.yaml").write_text(info_yaml(replace(INFO, **info)), encoding="utf-8")
    (tmp_path / f"{kind}.yaml").write_bytes(body if isinstance(body, bytes) else body.encode())
    return load_recording(tmp_path)


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(["adb", "at"]),
    request_=requests,
    response=answers,
    stderr=st.none() | answers,
    code=st.none() | st.integers(0, 255),
    error=st.none() | st.builds(Interruption, st.sampled_from(["DeviceGone", ""]), st.just("it left") | requests),
)
def test_every_exchange_reads_back_byte_for_byte(kind, request_, response, stderr, code, error):
    exchange = Exchange(request_, response, code, stderr, 1.5, "2026-11-21T10:00:00.000Z", error)
    text = exchange_yaml(exchange, kind)
    assert files._parse(text * 2, "x", kind) == (exchange, exchange)


@settings(max_examples=100, deadline=None)
@given(
    st.builds(
        RecordingInfo,
        id=requests,
        provenance=st.sampled_from(["recorded", "captured", "composed"]),
        device=st.dictionaries(requests, requests, max_size=3),
        sources=st.lists(requests, max_size=3).map(tuple),
        device_sheet=st.none() | requests,
        description=requests,
        address=st.none() | requests,
        extra=st.dictionaries(
            requests, st.none() | requests | st.integers() | st.booleans() | st.lists(requests, max_size=2), max_size=3
        ),
    )
)
def test_the_description_reads_back(info):
    assert files._info(info_yaml(info), "x") == info


def test_text_stays_readable_text():
    exchange = Exchange('AT+QCFG="band"', b'\r\n+QCFG: "band",0x1\r\n\r\nOK\r\n', elapsed_ms=3)
    assert exchange_yaml(exchange, "at") == (
        '- request: AT+QCFG="band"\n  response: |\n\n    +QCFG: "band",0x1\n\n    OK\n  elapsed_ms: 3.000\n'
    )


@pytest.mark.parametrize(
    ("data", "mark"),
    [
        (b"a\nb\n", "line_end: lf"),
        (b"a\rb\r", "line_end: cr"),
        (b"a\r\r\nb\r\r\n", "line_end: crcrlf"),
        (b"a\r\nb\n", "response_base64: "),
    ],
)
def test_unusual_line_ends_of_at_are_named(data, mark):
    text = exchange_yaml(Exchange("AT", data), "at")
    assert mark in text
    assert files._parse(text, "x", "at")[0].response == data


@pytest.mark.parametrize(
    ("spelling", "response"),
    [
        ("response: OK", b"OK"),
        ("response: |-\n    a\n    OK", b"a\r\nOK"),
        ("response:\n  - a\n  - OK", b"a\r\nOK\r\n"),
        ("response: ''", b""),
        ("response_base64: 'AAE='", b"\x00\x01"),
        ("error: 'DeviceGone: x'", b""),
    ],
)
def test_hand_written_answers_load(tmp_path, spelling, response):
    recording = written(tmp_path, "at", f"- request: AT\n  {spelling}\n")
    assert recording.links["at"][0].response == response
    assert recording.info.complete


@pytest.mark.parametrize(
    ("spelling", "error"),
    [
        ("error: 'DeviceGone: X: went away'", Interruption("DeviceGone", "X: went away")),
        ("error: gone", Interruption("", "gone")),
        ("error: {kind: AnswerTimeout, message: 5 s}", Interruption("AnswerTimeout", "5 s")),
    ],
)
def test_what_cut_an_answer_short_is_read_in_both_its_forms(tmp_path, spelling, error):
    found = written(tmp_path, "at", f"- request: AT\n  {spelling}\n").links["at"][0].error
    assert found == error
    assert str(found) == error.message


@pytest.mark.parametrize(
    ("body", "line", "word"),
    [
        ("- request: AT\n  response: 12\n", 2, "quotes"),
        ("- request: AT\n", 1, "missing"),
        ("- request: AT\n  error: {kind: x}\n", 2, "message"),
        ("- request: AT\n  error: [x]\n", 2, "kind and message"),
        ("- reqest: AT\n", 1, "reqest"),
        ("request: AT\n", 1, "list"),
        ("- request: AT\n  response: a\n  elapsed_ms: true\n", 3, "number"),
        ("- request: AT\n  response: a\n  response: b\n", 3, "twice"),
        ("- &a {request: AT, response: b}\n- *a\n", 2, "alias"),
        ("- request: AT\n  response_base64: '!'\n", 2, "base64"),
        ("- request: AT\n  response: a\n  line_end: dos\n", 3, "crlf"),
    ],
)
def test_what_breaks_the_format_is_named_with_its_line(tmp_path, body, line, word):
    with pytest.raises(FileError, match=word) as caught:
        written(tmp_path, "at", body)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "schema: bandproof.recording/2\n",
        "schema: bandproof.recording/1\nid: x\nprovenance: stolen\n",
        "a: [\n",
        "\x00",
    ],
)
def test_a_broken_description_is_an_error_of_the_tree(tmp_path, text):
    (tmp_path / "recording.yaml").write_text(text)
    with pytest.raises(FileError):
        load_recording(tmp_path)


def test_a_cut_off_file_keeps_the_whole_exchanges_wherever_it_was_cut(tmp_path):
    first = Exchange("getprop", b"[a]: [b]\n", 0, b"", 1.25)
    last = Exchange("dumpsys x", "one\n - two\n\né\n".encode(), 0, b"warn\n", 2.5, "2026-11-21T10:00:00.000Z")
    head, tail = exchange_yaml(first, "adb").encode(), exchange_yaml(last, "adb").encode()
    for cut in range(len(tail)):
        recording = written(tmp_path, "adb", head + tail[:cut], complete=False)
        assert recording.links["adb"] == (first,), tail[:cut]
        assert not recording.info.complete
    assert written(tmp_path, "adb", head + tail, complete=False).links["adb"] == (first, last)


def test_a_cut_off_first_exchange_leaves_none(tmp_path):
    assert written(tmp_path, "adb", "- request: getprop\n  respon", complete=False).links["adb"] == ()


def test_a_finished_recording_is_not_forgiven_a_cut(tmp_path):
    with pytest.raises(FileError):
        written(tmp_path, "adb", "- request: getprop\n  respon", complete=True)


def test_exchanges_are_on_disk_before_the_recording_is_finished(tmp_path):
    out = RecordingWriter(tmp_path / "r", INFO)
    out.append("at", Exchange("AT", b"OK\r\n"))
    recording = load_recording(tmp_path / "r")
    assert [e.request for e in recording.links["at"]] == ["AT"]
    assert not recording.info.complete
    out.finish()
    assert load_recording(tmp_path / "r").info.complete
    assert hash_problems(tmp_path / "r") == ()


def test_hashes_find_a_changed_a_missing_and_an_added_file(tmp_path):
    with RecordingWriter(tmp_path, INFO) as out:
        out.append("at", Exchange("AT", b"OK\r\n"))
        out.append("adb", Exchange("getprop", b"\n"))
    (tmp_path / "at.yaml").write_text((tmp_path / "at.yaml").read_text().replace("OK", "KO"))
    (tmp_path / "adb.yaml").unlink()
    (tmp_path / "qmi.yaml").write_text("[]")
    assert [problem.split()[0] for problem in hash_problems(tmp_path)] == ["adb.yaml", "at.yaml", "qmi.yaml"]


def test_an_error_leaves_the_recording_incomplete(tmp_path):
    def interrupted():
        with RecordingWriter(tmp_path, INFO) as out:
            out.append("at", Exchange("AT", b"OK\r\n"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not load_recording(tmp_path).info.complete


def test_threads_write_whole_exchanges(tmp_path):
    out = RecordingWriter(tmp_path, INFO)
    threads = [
        threading.Thread(
            target=lambda n=n: [out.append("adb", Exchange(f"cmd {n}", b"x\ny\n" * 50)) for _ in range(20)]
        )
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.finish()
    assert len(load_recording(tmp_path).links["adb"]) == 80
    assert hash_problems(tmp_path) == ()


def test_a_full_disk_is_named_and_leaves_whole_exchanges(tmp_path, monkeypatch):
    out = RecordingWriter(tmp_path, INFO)
    out.append("at", Exchange("AT", b"OK\r\n"))
    real, calls = os.write, []

    def full(file, data):
        calls.append(1)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(file, bytes(data)[:5])

    monkeypatch.setattr(writer.os, "write", full)
    with pytest.raises(RecordingError, match="No space left"):
        out.append("at", Exchange("ATI", b"OK\r\n"))
    monkeypatch.setattr(writer.os, "write", real)
    out.append("at", Exchange("AT+CGMM", b"OK\r\n"))
    out.finish()
    assert [e.request for e in load_recording(tmp_path).links["at"]] == ["AT", "AT+CGMM"]
    assert hash_problems(tmp_path) == ()


def test_a_recording_is_never_overwritten(tmp_path):
    RecordingWriter(tmp_path, INFO).close()
    with pytest.raises(RecordingError, match="already holds"):
        RecordingWriter(tmp_path, INFO)


def test_names_resolve_own_directory_first(tmp_path, monkeypatch):
    monkeypatch.setenv("BANDPROOF_FIXTURES", str(tmp_path))
    with RecordingWriter(tmp_path / "some-modem", INFO):
        pass
    assert resolve_recording("fixture:some-modem") == tmp_path / "some-modem"
    assert resolve_recording("some-modem") == tmp_path / "some-modem"
    assert resolve_recording(str(tmp_path / "some-modem")) == tmp_path / "some-modem"
    assert find_recordings()["some-modem"] == tmp_path / "some-modem"
    with pytest.raises(UnknownName) as caught:
        resolve_recording("fixture:some-moden")
    assert caught.value.nearest == ("some-modem",)


@pytest.mark.parametrize("name", ["fixture:../x", "fixture:", "fixture:..", "fixture:/etc"])
def test_a_name_cannot_leave_the_fixtures(name):
    with pytest.raises(UnknownName):
        resolve_recording(name)


def test_a_folder_that_is_no_recording_is_told_so(tmp_path):
    with pytest.raises(RecordingError, match=r"recording\.yaml"):
        resolve_recording(str(tmp_path))
    with pytest.raises(RecordingError, match=r"recording\.yaml"):
        load_recording(tmp_path / "absent")


def test_shipped_finds_the_checkout():
    assert places.shipped("fixtures").name == "fixtures"
    assert places.shipped("fixtures").is_dir()


def test_a_whole_file_is_written_though_the_system_takes_it_in_pieces(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(writer.os, "write", lambda file, data: write(file, bytes(data[:3])))
    writer.write_atomically(tmp_path / "one", b"0123456789")
    assert (tmp_path / "one").read_bytes() == b"0123456789"
    assert [one.name for one in tmp_path.iterdir()] == ["one"]


def test_a_file_that_does_not_fit_leaves_the_one_before_and_nothing_beside_it(tmp_path, monkeypatch):
    (tmp_path / "one").write_bytes(b"before")
    taken = []

    def full(file, data):
        taken.append(bytes(data))
        if len(taken) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return 2

    monkeypatch.setattr(writer.os, "write", full)
    with pytest.raises(OSError, match="No space"):
        writer.write_atomically(tmp_path / "one", b"after")
    assert (tmp_path / "one").read_bytes() == b"before"
    assert [one.name for one in tmp_path.iterdir()] == ["one"]


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_private_file_is_private_from_its_first_octet(tmp_path, monkeypatch):
    """Also where a killed run of the same process id left a wider one beside it."""
    left = tmp_path / f".one.{os.getpid()}-{threading.get_ident()}.tmp"
    left.write_bytes(b"a longer text that was left behind")
    left.chmod(0o666)
    modes, write = [], os.write
    monkeypatch.setattr(
        writer.os, "write", lambda file, data: modes.append(os.fstat(file).st_mode & 0o777) or write(file, data)
    )
    before = os.umask(0o022)
    try:
        writer.write_atomically(tmp_path / "one", b"secret", private=True)
        writer.write_atomically(tmp_path / "two", b"open")
    finally:
        os.umask(before)
    assert modes == [0o600, 0o644]
    assert (tmp_path / "one").read_bytes() == b"secret"
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("one", "two")] == modes


def test_a_folder_that_is_there_is_looked_through_and_a_file_is_no_folder(tmp_path):
    (tmp_path / "empty").mkdir()
    RecordingWriter(tmp_path / "empty", INFO).close()
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "qmi.yaml").write_text("", encoding="utf-8")
    with pytest.raises(RecordingError, match=r"already holds qmi\.yaml"):
        RecordingWriter(tmp_path / "held", INFO)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RecordingError, match="cannot write to"):
        RecordingWriter(tmp_path / "file", INFO)


def test_a_numbered_exchange_is_the_same_in_all_else():
    values = {
        "request": "ATI",
        "response": b"OK",
        "exit_code": 1,
        "stderr": b"e",
        "elapsed_ms": 2.5,
        "at": "2026-11-21T14:03:11.000Z",
        "error": Interruption("DeviceGone", "gone"),
        "number": 3,
    }
    assert values.keys() == {one.name for one in fields(Exchange)}
    found = Exchange(**values).numbered(9)
    assert {name: getattr(found, name) for name in values} == values | {"number": 9}
