"""The shell of a handset against a server that speaks adb's host protocol: every way it can fail has its own name."""

import threading
import time

import pytest
from fake_adb_server import COMMANDS, packet, within

from harness.errors import (
    AnswerGarbled,
    CommandRefused,
    DeviceGone,
    UsageError,
)
from harness.links.adb.shell import open_adb
from harness.links.base import ShellLink
from harness.links.recorded import recorded
from harness.recording.exchange import RecordingInfo
from harness.recording.files import load_recording
from harness.recording.writer import RecordingWriter


def test_all_commands_take_one_shell_round_trip(serve):
    fake = serve()
    link = open_adb("R58M12ABCDE", server=fake.server, allow_changes=True)
    assert isinstance(link, ShellLink)
    found = link.run(["echo out; echo err >&2; exit 3", "printf x", "false", "cat"], deadline_s=within(5))
    assert [(e.response, e.stderr, e.exit_code, e.error) for e in found] == [
        (b"out\n", b"err\n", 3, None),
        (b"x", b"", 0, None),
        (b"", b"", 1, None),
        (b"", b"", 0, None),
    ]
    assert [e.request for e in found][1] == "printf x"
    assert found[0].at.endswith("Z")
    assert found[0].elapsed_ms >= 0
    assert sum(request.startswith("shell") for request in fake.requests) == 1
    assert not fake.half_closed
    assert link.run([], deadline_s=within(1)) == []


def test_a_command_is_allowed_to_the_letter_and_on_one_link_alone(serve):
    fake = serve()
    own, other = (open_adb("R58M12ABCDE", server=fake.server) for _ in range(2))
    own.allow_commands(["printf x; printf y"])
    (found,) = own.run(["printf x; printf y"], deadline_s=within(5))
    assert found.response == b"xy"
    for link, command in ((own, "printf x; printf z"), (other, "printf x; printf y")):
        with pytest.raises(CommandRefused):
            link.run([command], deadline_s=within(5))


def test_a_handset_without_shell_v2_still_tells_exit_codes(serve):
    fake = serve(features="cmd,stat_v2")
    link = open_adb("R58M12ABCDE", server=fake.server, allow_changes=True)
    found = link.run(["echo out; echo err >&2; exit 3", "printf x"], deadline_s=within(5))
    assert [(e.response, e.stderr, e.exit_code) for e in found] == [(b"out\nerr\n", None, 3), (b"x", None, 0)]
    assert fake.requests[-1].startswith("shell:")


def test_a_handset_that_takes_any_word_for_a_shell_is_asked_again_in_the_old_way(serve):
    def shell(stream, request):
        if request.startswith("shell,v2"):
            stream.sendall(b"/system/bin/sh: raw: not found\n")
        else:
            fake.run_shell(stream, request)

    fake = serve(features="", lenient=True, shell=shell)
    heard = []
    link = open_adb("R58M12ABCDE", server=fake.server)
    found = link.run_each(COMMANDS, deadline_s=within(5), on_exchange=lambda *one: heard.append(one))
    assert [e.error for e in found] == [None] * 3
    assert heard == list(enumerate(found))
    assert link.run(COMMANDS[2:], deadline_s=within(5))[0].text == "done\n"
    asked = [request.split(":")[0] for request in fake.requests if request.startswith("shell")]
    assert asked == ["shell,v2,raw", "shell", "shell"]


def test_what_may_change_something_is_sent_once_only(serve):
    fake = serve(features="")
    open_adb("R58M12ABCDE", server=fake.server, allow_changes=True).run(["setprop a b"], deadline_s=within(5))
    assert [request.split(":")[0] for request in fake.requests if request.startswith("shell")] == ["shell"]


def test_a_handset_that_has_shell_v2_is_not_asked_twice(serve):
    fake = serve(shell=lambda stream, request: stream.sendall(b"no packets"))
    open_adb("R58M12ABCDE", server=fake.server).run(COMMANDS, deadline_s=within(5))
    assert sum(request.startswith("shell") for request in fake.requests) == 1


def test_long_batches_are_split_and_stay_in_order(serve):
    fake = serve(features="")
    link = open_adb("R58M12ABCDE", server=fake.server)
    commands = [f"echo {'x' * 300}.{number}" for number in range(40)]
    assert [e.text.strip().split(".")[1] for e in link.run(commands, deadline_s=within(10))] == [
        str(n) for n in range(40)
    ]
    assert sum(request.startswith("shell:") for request in fake.requests) > 3
    with pytest.raises(UsageError):
        link.run(["echo " + "x" * 5000], deadline_s=within(1))


def first_answers_then(rest):
    """A handset that answers its first command whole, says half of the second, and then does `rest(stream)`."""

    def shell(stream, request):
        nonce = request.split("bp_m=")[1].split("\n")[0].encode()
        stream.sendall(packet(1, b"whole\n" + nonce + b":0:0:\nhalf") + packet(2, nonce + b":0:\noops"))
        rest(stream)

    return shell


def assert_cut_off(found, word):
    assert (found[0].response, found[0].error, found[0].exit_code) == (b"whole\n", None, 0)
    assert (found[1].response, found[1].stderr, found[1].exit_code) == (b"half", b"oops", None)
    assert (found[2].response, found[2].exit_code) == (b"", None)
    assert {e.error.kind for e in found[1:]} == {word}


def test_a_handset_that_drops_cuts_off_what_is_under_way_and_all_after_it(serve):
    fake = serve(shell=first_answers_then(lambda stream: None))
    assert_cut_off(open_adb("R58M12ABCDE", server=fake.server).run(COMMANDS, deadline_s=within(5)), "DeviceGone")


def test_a_handset_that_hangs_meets_the_total_deadline(serve):
    def trickle(stream):
        for _ in range(200):
            stream.sendall(packet(1, b""))
            time.sleep(0.02)

    fake = serve(shell=first_answers_then(trickle))
    link = open_adb("R58M12ABCDE", server=fake.server)
    start = time.monotonic()
    found = link.run(COMMANDS, deadline_s=within(0.4))
    assert time.monotonic() - start < 0.8
    assert_cut_off(found, "AnswerTimeout")


def test_a_shell_that_ends_early_is_no_answer(serve):
    fake = serve(shell=first_answers_then(lambda stream: stream.sendall(packet(3, b"\x89"))))
    assert_cut_off(open_adb("R58M12ABCDE", server=fake.server).run(COMMANDS, deadline_s=within(5)), "AnswerGarbled")


def test_garbage_instead_of_packets_is_garbled(serve):
    fake = serve(shell=lambda stream, request: stream.sendall(b"/system/bin/sh: not found\n" * 3))
    found = open_adb("R58M12ABCDE", server=fake.server).run(COMMANDS, deadline_s=within(5))
    assert [e.error.kind for e in found] == [AnswerGarbled.__name__] * 3


def test_v1_without_last_marker_is_cut_off(serve):
    fake = serve(features="", shell=lambda stream, request: stream.sendall(b"half an answer"))
    found = open_adb("R58M12ABCDE", server=fake.server).run(COMMANDS[:1], deadline_s=within(5))
    assert (found[0].error.kind, found[0].response) == (DeviceGone.__name__, b"half an answer")


def test_exchanges_are_handed_out_and_written_as_they_complete(serve, tmp_path):
    going_on, seen = threading.Event(), []

    def wait(stream):
        going_on.wait(5)

    fake = serve(shell=first_answers_then(wait))
    writer = RecordingWriter(tmp_path, RecordingInfo(id="x", provenance="recorded"))
    link = recorded(open_adb("R58M12ABCDE", server=fake.server), writer)
    thread = threading.Thread(target=lambda: seen.extend(link.run(COMMANDS, deadline_s=within(5))))
    thread.start()
    until = within(3)
    while not load_recording(tmp_path).links.get("adb") and time.monotonic() < until:
        time.sleep(0.01)
    assert [e.response for e in load_recording(tmp_path).links["adb"]] == [b"whole\n"]
    assert thread.is_alive()
    going_on.set()
    thread.join()
    writer.finish()
    assert_cut_off(seen, "DeviceGone")
    assert list(load_recording(tmp_path).links["adb"]) == seen


def test_closing_ends_what_is_under_way(serve):
    fake = serve(shell=first_answers_then(lambda stream: time.sleep(1)))
    link = open_adb("R58M12ABCDE", server=fake.server)
    threading.Timer(0.2, link.close).start()
    assert link.run(COMMANDS, deadline_s=within(5))[2].error


def test_changing_commands_are_refused_and_nothing_is_sent(serve):
    fake = serve()
    link = open_adb("R58M12ABCDE", server=fake.server)
    with pytest.raises(CommandRefused, match="reboot"):
        link.run(["getprop", "reboot"], deadline_s=within(1))
    assert not any(request.startswith("shell") for request in fake.requests)
