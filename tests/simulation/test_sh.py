"""The handset's shell: what clients send must come out as a real sh has it."""

import asyncio
import shutil
import subprocess
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import handset_recording

from harness.recording.exchange import Exchange, Recording
from harness.simulation.handset.state import HandsetOptions, HandsetState
from harness.simulation.shell.grammar import parse
from harness.simulation.shell.jobs import Jobs
from harness.simulation.shell.sh import Shell
from harness.simulation.shell.streams import Buffer, Streams
from harness.simulation.shell.words import ScriptError

ANSWERS = {
    "getprop": b"[ro.build.version.sdk]: [28]\n[ro.product.model]: [Mi MIX 2]\n",
    "dumpsys x": (b"out\n", b"err\n", 3),
    "logcat -d | grep RIL": b"recorded with its filter\n",
    "logcat -d": b"a RIL 1\nb\n",
    "grep '(' /proc/x": b"(\n",
}


def run(script, stdin=b"", state=None):
    state = state or HandsetState(handset_recording("x", ANSWERS), HandsetOptions(latency_s=0))
    out, err = Buffer(), Buffer()
    code = asyncio.run(Shell(state).run_script(script, Streams(Buffer(stdin), out, err)))
    return bytes(out.data), bytes(err.data), code


POSIX = [
    "echo hi; echo err >&2; false",
    "echo a && echo b || echo c",
    "false && echo b || echo c; echo $?",
    "(exit 7); echo $?",
    "x=1; (x=2; echo $x); echo $x",
    "x='a  b'; echo $x; echo \"$x\"; echo '$x'",
    'echo "a\'b" \'c"d\' e\\ f "g\\"h" "i\\j"',
    "eval 'echo one; echo two'; echo $?",
    'eval \'echo "open\'; echo "after:$?:"',
    '(eval \'echo "open\') </dev/null\necho "after"',
    '(eval \'exit 5\') </dev/null\necho "m:0:$?:"\necho "m:0:" >&2',
    "echo one | cat | tr -d e",
    "printf '%s-%s\\n' a b",
    "printf 'b\\na\\nb\\n' | sort | uniq; printf 'b\\na\\n' | sort -r | head -n 1",
    "printf 'a1\\nb2\\nA3\\n' | grep a; printf 'a1\\nb2\\n' | grep -v a",
    "printf 'A\\n' | grep -ci a; printf 'x\\n' | grep y; echo $?",
    "printf 'a|b\\nc(d\\n' | grep 'a|b'; printf 'a|b\\nc(d\\n' | grep -E 'a|c'; printf 'c(d\\n' | grep 'c(d'",
    "printf '1\\n2\\n3\\n' | tail -n 2; printf '1\\n2\\n3\\n' | wc -l | tr -d ' '",
    "if true; then echo y; else echo n; fi; if false; then echo y; elif true; then echo e; fi",
    "for i in 1 2 3; do echo $i; done; for i in a; do echo $i$i; done | cat",
    "i=''; while [ \"$i\" != xxx ]; do i=${i}x; done; echo $i; until true; do echo never; done",
    "echo $(echo a; echo b) `echo c`",
    'x=; y=\'a  b\'; for i in "" \'\' "$x" $x ""$x a""b \'a\'"b"c "a$y"b $y"" ""$y "$y"\'\'; do echo "<$i>"; done',
    'f() { for i in "$@"; do echo "<$i>"; done; echo $# "$1" $*; }; f \'a  b\' \'\' c; f \'@\'; f ""',
    "! true; echo $?; ! false; echo $?",
    "{ echo a; echo b >&2; } 2>&1; { echo gone; } >/dev/null",
    "test -n a && [ 2 -gt 1 ] && [ ! 1 -eq 2 ] && echo ok; [ a = b ]; echo $?",
    "# nothing\necho a # behind\necho b#c",
    "echo a\\\nb; true &&\necho c",
    'nothing=here echo set; unset nothing; echo "[$nothing]"',
    "exit 9; echo never",
    "f() { echo \"$1-$2-$#\"; return 3; echo no; }; f a 'b c'; echo $?; f; g() ( exit 4 ); g; echo $?",
    'f() { for i in "$@"; do echo "<$i>"; done; }; f \'a b\' c; f',
    "case abc in b*) echo b;; a?c|x) echo a;; *) echo other;; esac; case 'a*' in 'a*') echo literal;; esac",
    "case OKx in OK|OK[!A-Za-z]*) echo end;; *) echo more;; esac; case OK1 in OK[!A-Za-z]*) echo end;; esac",
    'x=\'+CME ERROR: 10\'; case "$x" in "+CME ERROR"*) echo cme;; esac; case z in a) echo a;; esac; echo $?',
    "n=0; while [ $n -lt 3 ]; do n=$((n+1)); [ $n -eq 2 ] && continue; echo $n; done; echo $((n - 1 + 5))",
    "for i in 1 2 3; do for j in a b; do [ $j = b ] && break 2; echo $i$j; done; done; echo end",
    "printf 'a  b c\\nnext\\n' | { read -r x y; echo \"$x|$y\"; read z; echo $z; read w; echo $?; }",
    "printf ' keep \\n' | { IFS= read -r x; echo \"[$x]\"; }",
    "(trap 'echo bye' EXIT; echo hi; exit 3); echo $?",
    "sleep 30 & w=$!; kill $w; echo $?; echo done",
    "set -- ; x=$(exit 3); echo $?; true; x=1; echo $?",
    "sh -c 'echo inner; exit 4'; echo $?",
    "echo 'it'\\''s'",
    "echo a 2>&1 >/dev/null; echo b",
    'x="$(printf \'a\\n\\n\')"; echo "[$x]"; a=1 b=2; echo $a$b',
    "",
    ":",
]


@pytest.mark.skipif(shutil.which("sh") is None, reason="no sh here to compare with")
@pytest.mark.parametrize("script", POSIX)
def test_a_script_comes_out_as_in_the_sh_of_this_machine(script):
    real = subprocess.run(["sh", "-c", script], capture_output=True, stdin=subprocess.DEVNULL, check=False)
    out, err, code = run(script)
    assert (out, code) == (real.stdout, real.returncode)
    assert bool(err) == bool(real.stderr)


def test_a_recorded_command_gives_its_output_error_and_code_however_it_is_quoted():
    assert run("dumpsys x") == (b"out\n", b"err\n", 3)
    assert run("(eval 'dumpsys  x') </dev/null; echo $?") == (b"out\n3\n", b"err\n", 0)
    assert run("dumpsys 'x' 2>/dev/null; echo $?") == (b"out\n3\n", b"", 0)


def test_a_recorded_pipe_wins_over_its_parts():
    assert run("logcat -d | grep RIL; echo X4EXIT:$?") == (b"recorded with its filter\nX4EXIT:0\n", b"", 0)
    assert run("logcat -d | grep b") == (b"b\n", b"", 0)
    assert run("grep '(' /proc/x")[0] == b"(\n"


def test_a_command_that_was_never_recorded_is_not_found():
    out, err, code = run("dumpsys isub")
    assert (out, code) == (b"", 127)
    assert err == b"/system/bin/sh: dumpsys: inaccessible or not found\n"


def test_one_property_is_answered_from_the_recorded_list():
    assert run("getprop ro.product.model; getprop ro.nothing") == (b"Mi MIX 2\n\n", b"", 0)


def test_input_reaches_a_command():
    assert run("cat", b"typed\n") == (b"typed\n", b"", 0)
    assert run("grep y", b"x\ny\n") == (b"y\n", b"", 0)


def test_a_pushed_script_runs_and_files_can_be_written_and_read():
    state = HandsetState(
        handset_recording("x", ANSWERS),
        HandsetOptions(latency_s=0, files={"/data/local/tmp/s": b"echo from file; dumpsys x >/data/local/tmp/o\n"}),
    )
    assert run(
        "sh /data/local/tmp/s; cat /data/local/tmp/o; rm /data/local/tmp/o; cat /data/local/tmp/o", state=state
    ) == (
        b"from file\nout\n",
        b"err\ncat: /data/local/tmp/o: No such file or directory\n",
        1,
    )


@pytest.mark.parametrize(
    "script",
    [
        "echo 'open",
        "case x in",
        "cat <<E\nx\nE",
        "f() {",
        "echo $((2*2))",
        "echo ${x:-y}",
        "if true",
    ],
)
def test_what_this_shell_does_not_know_is_a_syntax_error_and_never_a_guess(script):
    out, err, code = run(script)
    assert out == b""
    assert err.startswith(b"/system/bin/sh: ")
    assert code == 2


def test_nothing_that_a_client_sends_runs_here(tmp_path):
    run(f"touch {tmp_path}/x; echo a > {tmp_path}/y; /bin/sh -c 'touch {tmp_path}/z'; $(touch {tmp_path}/w)")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "script",
    [
        "x='eval $x'; eval $x",
        'x=\'(eval "$x")\'; eval "$x"',
        "(" * 20_000 + ")" * 20_000,
        "$(" * 200 + ")" * 200,
        "if a; then b; " + "elif c; then d; " * 5_000 + "fi",
        "{ " * 5_000 + "a; " + "} " * 5_000,
    ],
)
def test_nesting_without_end_ends(script):
    _, err, code = run(script)
    assert code in (2, 127)
    assert b"nested too deeply" in err


@given(st.text(st.sampled_from("ab \n;&|()<>'\"\\$`{}#!=1?if then fi"), max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_tree_or_a_script_error(text):
    with suppress(ScriptError):
        assert parse(text) is not None


def test_root_comes_by_su_only_where_the_recording_has_one():
    plain = {"id -u": b"2000\n"}
    assert run("su -c 'id -u'", state=_state(plain))[2] == 127
    rooted = {**plain, "command -v su": b"/system/bin/su\n"}
    assert run("id -u; su -c 'id -u; whoami'; id -u", state=_state(rooted)) == (b"2000\n0\nroot\n2000\n", b"", 0)
    assert run("command -v su; command -v nothing; echo $?", state=_state(rooted))[0] == b"/system/bin/su\n1\n"


def test_qmicli_is_there_where_its_answers_were_recorded():
    recording = handset_recording("x", {"id -u": b"0\n"})
    with_tool = Recording(
        recording.info, {**recording.links, "qmi": (Exchange("qmicli --nas-get-rf-band-info", b"band\n", 0),)}
    )
    script = "command -v qmicli && qmicli -d qrtr://0 --nas-get-rf-band-info; qmicli -d qrtr://0 --other; echo $?"
    state = HandsetState(with_tool, HandsetOptions(latency_s=0))
    assert run(script, state=state)[0] == b"/data/local/tmp/qmicli\nband\n127\n"
    assert run("command -v qmicli", state=HandsetState(recording, HandsetOptions(latency_s=0))) == (b"", b"", 1)


def test_a_shell_can_be_killed_by_its_number():
    script = "( p=$BASHPID; ( kill -9 $p ) & sleep 20; echo never ); echo $?"
    assert run(script) == (b"137\n", b"", 0)


def test_a_shell_that_is_killed_takes_no_other_with_it():
    within = "( ( p=$BASHPID; ( kill -9 $p; : ); sleep 9; echo never ); echo inner $? ); echo outer $?"
    assert run(within) == (b"inner 137\nouter 0\n", b"", 0)
    assert run("( p=$BASHPID; ( kill -9 $p ); echo never ); echo $?") == (b"137\n", b"", 0)
    itself = "( kill -9 $BASHPID; sleep 9; echo never ); echo $?; ( sleep 0; echo on ); echo $?"
    assert run(itself) == (b"137\non\n0\n", b"", 0)
    both = "( p=$BASHPID; ( q=$BASHPID; ( kill -9 $q $p ) & sleep 9; echo never ); echo never ); echo $?"
    assert run(both) == (b"137\n", b"", 0)
    ended = "( p=$BASHPID; echo $p >/p; exit 3 ); kill $(cat /p); echo $?; sleep 0; echo on"
    assert run(ended) == (b"1\non\n", b"", 0)


def test_a_background_command_gets_its_turn_beside_subshells():
    out = run("echo beside & (echo first); echo second")[0]
    assert sorted(out.split()) == [b"beside", b"first", b"second"]
    assert out.index(b"beside") < out.index(b"second")


@pytest.mark.parametrize(
    ("around", "end"), [(lambda jobs, _: jobs.kill(1), 137), (lambda _, task: task.cancel(), "cancelled")]
)
def test_what_ends_around_a_subshell_that_is_killed_ends_as_well(around, end):
    async def outer(jobs, ran):
        await jobs.run(2, asyncio.sleep(9, 0))
        ran.append("on")
        return 0

    async def both():
        jobs, ran = Jobs(), []
        task = asyncio.ensure_future(jobs.run(1, outer(jobs, ran)))
        await asyncio.sleep(0)
        assert jobs.kill(2)
        around(jobs, task)
        await asyncio.wait({task})
        return ran, "cancelled" if task.cancelled() else task.result()

    assert asyncio.run(both()) == ([], end)


def _state(answers):
    return HandsetState(handset_recording("x", answers), HandsetOptions(latency_s=0))
