"""Many commands in one script, each with its own output, errors and exit code; proved by a real shell."""

import shutil
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.links.adb import batch

SHELLS = [shell for shell in ("/bin/sh", shutil.which("bash"), shutil.which("mksh"), shutil.which("busybox")) if shell]


def run(commands, *, shell="/bin/sh", separate=True, pty=False, chunk=None, limit=batch.MAX_SCRIPT):
    out = []
    for script in batch.compose(commands, separate=separate, limit=limit):
        arguments = [shell, "sh"] if shell.endswith("busybox") else [shell]
        done = subprocess.run(
            [*arguments, "-c", script.text], capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
        stdout = done.stdout if separate else done.stdout + done.stderr
        stdout = stdout.replace(b"\n", b"\r\n") if pty else stdout
        splitter = batch.Splitter(script, separate=separate)
        for stream, data in (("stderr", done.stderr), ("stdout", stdout)):
            size = chunk or max(1, len(data))
            for start in range(0, len(data), size):
                out += splitter.feed(stream, data[start : start + size])
        assert splitter.done
    assert [one.index for one in out] == list(range(len(commands)))
    return [(one.stdout, one.stderr, one.exit_code) for one in out]


CASES = [
    ("echo one", b"one\n", b"", 0),
    ("printf no-line-end", b"no-line-end", b"", 0),
    ("echo bad >&2; exit 7", b"", b"bad\n", 7),
    ("false", b"", b"", 1),
    ("printf '\\n\\n'", b"\n\n", b"", 0),
    ("cat", b"", b"", 0),
    ("printf 'a\\000b'", b"a\0b", b"", 0),
    ("true", b"", b"", 0),
    ("echo a | grep b", b"", b"", 1),
    ('echo "it\'s"', b"it's\n", b"", 0),
    ("printf err >&2; printf out", b"out", b"err", 0),
    ("(exit 255)", b"", b"", 255),
    ("cd /; pwd", b"/\n", b"", 0),
    ("x=1; echo $x # a comment", b"1\n", b"", 0),
    ("echo two\necho lines", b"two\nlines\n", b"", 0),
]


@pytest.mark.parametrize("chunk", [None, 1, 7])
@pytest.mark.parametrize("shell", SHELLS)
def test_output_errors_and_exit_codes_stay_apart(shell, chunk):
    assert run([case[0] for case in CASES], shell=shell, chunk=chunk) == [case[1:] for case in CASES]


@pytest.mark.parametrize(
    "broken", ["echo 'open", "if true", "echo $(", ")", "echo `", "}", 'echo "', "<<X", "exit 3; )"]
)
@pytest.mark.parametrize("shell", SHELLS)
def test_a_command_that_breaks_the_grammar_harms_no_other(shell, broken):
    before, middle, after = run(["echo before", broken, "echo after"], shell=shell)
    assert before == (b"before\n", b"", 0)
    assert after == (b"after\n", b"", 0)
    assert b"after" not in middle[0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40), st.integers(0, 255)
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([None, 1, 3]),
)
@example([("bp_m:0:0:\n", 3), ("bp00:1:0:\n$bp_m:1:", 0)], None)
def test_any_text_comes_through(texts, chunk):
    def shown(text):
        return "printf %s '" + text.replace("'", "'\\''") + "'"

    commands = [f"{shown(text)}; {shown(text)} >&2; exit {code}" for text, code in texts]
    assert run(commands, chunk=chunk) == [(text.encode(), text.encode(), code) for text, code in texts]


def test_a_command_that_prints_the_script_itself_prints_no_marker():
    (shown, _, code), after = run(["cat /proc/$PPID/cmdline /proc/$$/cmdline; set", "echo after"])
    assert b"eval" in shown
    assert (code, after) == (0, (b"after\n", b"", 0))


def test_markers_of_another_place_do_not_count():
    script = batch.compose(["a", "b"])[0]
    splitter = batch.Splitter(script)
    mark = script.nonce.encode()
    assert splitter.feed("stdout", b"x" + mark + b":1:0:\n" + mark + b":0:0:\n") == []
    assert splitter.feed("stderr", mark + b":0:\n")[0].stdout == b"x" + mark + b":1:0:\n"


@pytest.mark.parametrize("chunk", [1, 3, 10_000])
@pytest.mark.parametrize("tail", [b":", b":0", b":0:", b":0:x\n", b":1234:\n", b"1:0:\n", b"", b":0:\r", b":0:\rx"])
def test_a_marker_without_its_whole_tail_is_output(tail, chunk):
    script = batch.compose(["a"])[0]
    mark = script.nonce.encode()
    out = mark + b":0" + tail + b"more"
    data = out + mark + b":0:7:\n"
    splitter = batch.Splitter(script)
    splitter.feed("stderr", mark + b":0:\n")
    found = [one for at in range(0, len(data), chunk) for one in splitter.feed("stdout", data[at : at + chunk])]
    assert [(one.stdout, one.exit_code) for one in found] == [(out, 7)]


def test_shell_v1_is_merged_and_its_cr_lf_undone():
    assert run(["echo a; printf b", "printf 'x\\r\\ny'"], separate=False)[0] == (b"a\nb", None, 0)
    assert run(["echo a; echo b; exit 4", "true"], separate=False, pty=True) == [(b"a\nb\n", None, 4), (b"", None, 0)]


def test_long_batches_are_split_and_every_script_fits():
    commands = [f"echo {'x' * 900} {number}" for number in range(200)]
    scripts = batch.compose(commands)
    assert len(scripts) > 2
    assert max(len(script.text.encode()) for script in scripts) <= batch.MAX_SCRIPT
    assert sum(script.count for script in scripts) == 200
    assert [one[0].split()[-1] for one in run(commands)] == [b"%d" % number for number in range(200)]


def test_a_command_that_cannot_fit_is_refused():
    with pytest.raises(ValueError, match="fit"):
        batch.compose(["echo " + "x" * 70_000])
    assert batch.compose([]) == []


def test_what_came_of_an_answer_that_was_cut_off_is_kept():
    script = batch.compose(["a", "b"])[0]
    splitter = batch.Splitter(script)
    mark = script.nonce.encode()
    splitter.feed("stderr", b"warn" + mark + b":0:\nerr")
    assert [one.stdout for one in splitter.feed("stdout", b"one" + mark + b":0:0:\ntw")] == [b"one"]
    assert (splitter.next_index, splitter.done, splitter.partial) == (1, False, (b"tw", b"err"))


def test_equal_commands_have_markers_of_their_own():
    first, second = batch.compose(["id", "getprop"]), batch.compose(["id", "getprop"])
    assert first[0].nonce != second[0].nonce
    assert first[0].text.replace(first[0].nonce, "") == second[0].text.replace(second[0].nonce, "")
    several = batch.compose(["id"] * 40, limit=500)
    assert len({one.nonce for one in several}) == len(several) > 1
    assert all(one.text.count(one.nonce) == 1 and len(one.text.encode()) <= 500 for one in several)


def test_the_way_is_part_of_what_is_remembered_of_a_script():
    assert ">&2" in batch.compose(["id"], separate=True)[0].text
    assert ">&2" not in batch.compose(["id"], separate=False)[0].text
    with pytest.raises(ValueError, match="script of 60 bytes"):
        batch.compose(["id"], limit=60)
