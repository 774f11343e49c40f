"""Rooted handsets: when the root paths are tried, the script on a real shell and tty, and what comes of its output."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import threading
import time
import tty

import pytest

from harness.errors import CommandRefused, DeviceGone
from harness.links.adb.batch import compose as batch_compose
from harness.links.read_only import is_shell_read
from harness.observations import EnabledBands, Grade, ServingCell, SupportedBands
from harness.probes.adb import root_script
from harness.probes.adb.rooted import COMMANDS, NODES, QUERIES, ROOT_CHECK, ask_rooted, family_of, root_of
from harness.recording.exchange import Exchange

NONCE = "bp0123456789abcdef"
SHELLS = [shell for shell in ("mksh", "bash", "ksh") if shutil.which(shell)]
ANSWERS = {
    "AT": "\r\nOK\r\n",
    "AT+EPBSE=?": "\r\n+EPBSE: 154,155,134742239,160\r\n\r\nOK\r\n",
    "AT+EPBSE?": "\r\n+ECSQ: 1,2,3\r\n\r\n+EPBSE: 154,155,7,160\r\n\r\nOK\r\n",
    "AT+EPBSEH=?": '\r\n+EPBSEH: "0000009a","00000081","080808DF00000020","0000000100000000"\r\n\r\nOK\r\n',
    "AT+EPBSEH?": "\r\nERROR\r\n",
    "AT+ECELL": "\r\n+CME ERROR: 100\r\n",
    "AT+CEREG?": "\r\n+CEREG: 0,1\r\n\r\nOK\r\n",
    "AT+COPS?": '\r\n+COPS: 0,2,"310260",7\r\n\r\nOK\r\n',
}


class NodeModem:
    """A modem behind a pty: answers whole commands, each sign echoed where `echo` is set."""

    def __init__(self, answers: dict[str, str], *, echo: bool = False) -> None:
        self.asked: list[str] = []
        self._answers = answers
        self._echo = echo
        self._master, slave = pty.openpty()
        self.node = os.ttyname(slave)
        self._slave = slave
        self.settings = subprocess.run(
            ["stty", "-F", self.node, "-g"], capture_output=True, text=True, check=True
        ).stdout
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        # Nobody else may hold the node, and the master must not report that nobody does.
        os.close(self._slave)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop = True
        self._thread.join(2)
        os.close(self._master)

    _stop = False

    def _serve(self) -> None:
        import select

        held = b""
        while not self._stop:
            if not select.select([self._master], [], [], 0.05)[0]:
                continue
            try:
                data = os.read(self._master, 4096)
            except OSError:
                # No slave is open at this moment.
                time.sleep(0.01)
                continue
            held += data
            while b"\r" in held:
                line, _, held = held.partition(b"\r")
                command = line.decode("ascii", "replace")
                self.asked.append(command)
                answer = self._answers.get(command)
                if self._echo:
                    os.write(self._master, line + b"\r\r\n")
                if answer is not None:
                    os.write(self._master, answer.encode())


def script_for(node: str, commands=COMMANDS["mediatek"], **more) -> str:
    return root_script.compose(NONCE, nodes=(node,), commands=commands, queries=(), su=False, **more)


def run(shell: str, script: str, *, timeout: float = 30.0, **environment: str) -> bytes:
    return subprocess.run(
        [shell, "-c", script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
        check=False,
        env={**os.environ, **environment},
    ).stdout


# When


@pytest.mark.parametrize(
    ("answers", "how"),
    [
        ({"id -u": "0\n"}, "root"),
        ({"id -u": "2000\n", "command -v su": "/system/bin/su\n"}, "su"),
        ({"id -u": "2000\n", "command -v su": "su\n"}, "su"),
        ({"id -u": "2000\n"}, None),
        ({"id -u": "2000\n", "command -v su": "\n"}, None),
        ({"command -v su": "/system/bin/sh: su: not found\n"}, None),
        ({}, None),
    ],
)
def test_root_is_told_by_the_shell_itself(answers, how):
    assert root_of(answers) == how


@pytest.mark.parametrize(
    ("line", "family"),
    [
        ("[ro.board.platform]: [mt6785]", "mediatek"),
        ("[ro.hardware]: [qcom]", "qualcomm"),
        ("[ro.soc.model]: [SM8350]", "qualcomm"),
        ("[ro.board.platform]: [gs201]", "shannon"),
        ("[ro.hardware.chipname]: [exynos990]", "shannon"),
        ("[ro.board.platform]: [ums512]", "unisoc"),
        ("[ro.hardware]: [kirin970]", None),
        ("[ro.product.model]: [mt6785]", None),
    ],
)
def test_the_baseband_follows_from_the_chip(line, family):
    assert family_of(f"[a]: [b]\n{line}\n") == family


def test_the_root_check_is_made_of_read_forms():
    assert all(is_shell_read(command) for command in ROOT_CHECK)
    assert not is_shell_read("su -c reboot")
    assert not is_shell_read("command -v su; reboot")


# The script


def test_every_family_has_a_script_of_read_forms_without_single_quotes():
    for family, nodes in NODES.items():
        script = root_script.compose(NONCE, nodes=nodes, commands=COMMANDS[family], queries=QUERIES, su=False)
        assert "'" not in script
        for shell in SHELLS:
            subprocess.run([shell, "-n", "-c", script], check=True, timeout=10)


@pytest.mark.parametrize(
    "bad",
    [
        {"commands": ("AT+CFUN=1,1",)},
        {"commands": ("AT+EPBSE=0,0,1,0",)},
        {"commands": ('AT$QCBANDPREF=1,"3"',)},
        {"queries": ("--dms-reset",)},
        {"nodes": ("/dev/../etc/passwd",)},
        {"nodes": ("/data/x",)},
        {"nodes": ("/dev/x;reboot",)},
    ],
)
def test_what_is_no_read_form_makes_no_script(bad):
    with pytest.raises(ValueError, match="is no"):
        root_script.compose(NONCE, **{"nodes": (), "commands": (), "queries": (), "su": False, **bad})


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("echo", [False, True])
def test_a_node_is_opened_once_and_asked_everything(shell, echo):
    with NodeModem(ANSWERS, echo=echo) as modem:
        asked, held = root_script.read_output(run(shell, script_for(modem.node)), NONCE)
        time.sleep(0.1)
        assert modem.asked == ["AT", *COMMANDS["mediatek"]]
        after = subprocess.run(["stty", "-F", modem.node, "-g"], capture_output=True, text=True, check=True).stdout
        assert after == modem.settings
    assert held == []
    assert [one.request for one in asked] == list(COMMANDS["mediatek"])
    assert all(one.whole for one in asked)
    assert b"+EPBSE: 154,155,134742239,160" in asked[0].response
    assert asked[4].response.strip().endswith(b"+CME ERROR: 100")


@pytest.mark.parametrize("shell", SHELLS[:1])
def test_a_command_without_an_answer_is_marked_and_the_next_ones_are_asked(shell, monkeypatch):
    monkeypatch.setattr(root_script, "SILENCE_S", 1)
    answers = {key: text for key, text in ANSWERS.items() if key != "AT+EPBSE?"}
    with NodeModem(answers) as modem:
        asked, _ = root_script.read_output(run(shell, script_for(modem.node)), NONCE)
    assert [one.whole for one in asked] == [True, False, *(True,) * (len(asked) - 2)]


@pytest.mark.parametrize("shell", SHELLS[:1])
def test_a_silent_node_is_left_and_the_next_one_asked(shell, monkeypatch):
    monkeypatch.setattr(root_script, "SILENCE_S", 1)
    with NodeModem({}) as silent, NodeModem(ANSWERS) as modem:
        script = root_script.compose(
            NONCE, nodes=("/dev/absent", silent.node, modem.node), commands=("AT+CEREG?",), queries=(), su=False
        )
        asked, _ = root_script.read_output(run(shell, script), NONCE)
        assert silent.asked == ["AT"]
    assert [(one.request, one.node) for one in asked] == [("AT+CEREG?", modem.node)]


@pytest.mark.parametrize("shell", SHELLS[:1])
def test_a_node_that_never_stops_talking_comes_to_an_end(shell, monkeypatch):
    monkeypatch.setattr(root_script, "_MOST_LINES", 20)
    with NodeModem({**ANSWERS, "AT+CEREG?": "+CREG: 1\r\n" * 400}) as modem:
        start = time.monotonic()
        asked, _ = root_script.read_output(run(shell, script_for(modem.node, ("AT+CEREG?",))), NONCE)
    assert [(one.request, one.whole) for one in asked] == [("AT+CEREG?", False)]
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("shell", SHELLS[:1])
def test_a_node_that_another_program_holds_is_not_touched(shell):
    with NodeModem(ANSWERS) as modem:
        other = os.open(modem.node, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(other)
        try:
            asked, held = root_script.read_output(run(shell, script_for(modem.node)), NONCE)
        finally:
            os.close(other)
        assert modem.asked == []
    assert (asked, held) == ([], [modem.node])


@pytest.mark.parametrize("shell", SHELLS[:1])
def test_a_node_whose_open_blocks_is_given_up(shell, monkeypatch):
    monkeypatch.setattr(root_script, "NODE_S", 1)
    with NodeModem(ANSWERS) as modem:
        script = script_for(modem.node, ("AT+CEREG?",)).replace('exec 3<>"$1" || return 1', "exec sleep 60")
        start = time.monotonic()
        assert run(shell, script) == b""
    assert 0.9 < time.monotonic() - start < 8


@pytest.mark.parametrize("shell", SHELLS[:1])
@pytest.mark.parametrize("magisk", [True, False])
def test_both_kinds_of_su_are_understood(shell, magisk, tmp_path):
    body = (
        'if [ "$1" = -c ]; then shift; exec {sh} -c "$1"; fi; exit 1'
        if magisk
        else 'if [ "$1" = 0 ]; then shift; exec "$@"; fi; echo "su: invalid uid/gid \'$1\'" >&2; exit 1'
    )
    for name, text in (("su", body.format(sh=shell) if magisk else body), ("id", "echo 0")):
        file = tmp_path / name
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
    (tmp_path / "sh").symlink_to(shutil.which(shell))
    with NodeModem(ANSWERS) as modem:
        script = root_script.compose(NONCE, nodes=(modem.node,), commands=("AT+CEREG?",), queries=(), su=True)
        asked, _ = root_script.read_output(run(shell, script, PATH=f"{tmp_path}:{os.environ['PATH']}"), NONCE)
    assert [(one.request, one.whole) for one in asked] == [("AT+CEREG?", True)]


@pytest.mark.parametrize("shell", SHELLS[:1])
def test_a_su_that_refuses_leaves_everything_silent(shell, tmp_path):
    file = tmp_path / "su"
    file.write_text("#!/bin/sh\necho Permission denied >&2\nexit 13\n")
    file.chmod(0o755)
    script = root_script.compose(NONCE, nodes=("/dev/null",), commands=("AT+CEREG?",), queries=QUERIES, su=True)
    assert run(shell, script, PATH=f"{tmp_path}:{os.environ['PATH']}") == b""


@pytest.mark.parametrize("shell", SHELLS[:1])
def test_qmicli_on_the_handset_is_asked_over_qrtr(shell, tmp_path):
    file = tmp_path / "qmicli"
    file.write_text('#!/bin/sh\ncase "$3" in *capabilities) echo "[$2] $3";; *) echo no >&2; exit 1;; esac\n')
    file.chmod(0o755)
    script = root_script.compose(NONCE, nodes=(), commands=(), queries=QUERIES[:2], su=False)
    asked, _ = root_script.read_output(run(shell, script, PATH=f"{tmp_path}:{os.environ['PATH']}"), NONCE)
    assert [(one.kind, one.request, one.exit_code) for one in asked] == [
        ("qmi", "qmicli --dms-get-band-capabilities", 0),
        ("qmi", "qmicli --nas-get-system-selection-preference", 1),
    ]
    assert asked[0].response == b"[qrtr://0] --dms-get-band-capabilities\n"


def test_output_cut_off_leaves_its_last_question_without_a_whole_answer():
    output = f"{NONCE} node /dev/x\n{NONCE} ask AT\nOK\n{NONCE} end\n{NONCE} ask AT+CEREG?\n+CEREG: 0,1\n".encode()
    (asked,), _ = root_script.read_output(output, NONCE)
    assert (asked.request, asked.whole, asked.node) == ("AT+CEREG?", False, "/dev/x")
    for end in range(len(output)):
        assert all(not one.whole or one.request == "AT" for one in root_script.read_output(output[:end], NONCE)[0])


# In one round trip


class Shell:
    """A handset's shell as a link, on this host."""

    address = "handset"

    def __init__(self, shell: str, nodes: dict[str, str]) -> None:
        self.rounds: list[list[str]] = []
        self._shell, self._nodes = shell, nodes
        self.allowed: list[str] = []

    def allow_commands(self, commands):
        self.allowed += commands

    def run(self, commands, *, deadline_s):
        self.rounds.append(list(commands))
        out = []
        for command in commands:
            assert command in self.allowed
            text = command
            for name, node in self._nodes.items():
                text = text.replace(f"run node {name} ", f"run node {node} ").replace(
                    f"run node {name}\n", f"run node {node}\n"
                )
            (script,) = batch_compose([text])
            found = run(self._shell, script.text).rpartition(script.nonce.encode())[0]
            out.append(Exchange(command, found, exit_code=0, stderr=b""))
        return out

    def close(self):
        pass


@pytest.mark.parametrize("shell", SHELLS[:1])
def test_the_script_survives_the_batch_and_its_answers_are_those_of_a_port(shell):
    with NodeModem(ANSWERS, echo=True) as modem:
        link = Shell(shell, {"/dev/ttyC0": modem.node})
        found, warnings = ask_rooted(link, "root", "mediatek", deadline_s=time.monotonic() + 30)
    assert len(link.rounds) == 1
    assert len(link.rounds[0]) == 1
    assert [(kind, exchange.request) for kind, exchange in found] == [("at", one) for one in COMMANDS["mediatek"]]
    assert all(b"\r\n" in exchange.response and exchange.error is None for _, exchange in found)
    assert warnings == ()


def test_a_script_that_was_not_composed_here_is_refused():
    class Picky(Shell):
        def allow_commands(self, commands):
            self.allowed = commands

        def run(self, commands, *, deadline_s):
            raise DeviceGone("handset went away") if commands == self.allowed else CommandRefused("no read form")

    found, warnings = ask_rooted(Picky("sh", {}), "su", "unisoc", deadline_s=time.monotonic() + 1)
    assert found == ()
    assert warnings == ("root paths: handset went away",)
    script = root_script.compose("bpother", nodes=("/dev/x",), commands=("AT+CEREG?",), queries=(), su=False)
    assert not is_shell_read(script)


# As a recording


def test_a_recording_of_a_rooted_handset_gives_measured_facts():
    from harness.survey.reading import read_device

    survey = read_device("fixture:xiaomi-redmi-note-8-pro-rooted")
    assert (survey.kind, survey.trouble) == ("handset", None)
    supported = {item.rat: item for item in survey.all(SupportedBands)}
    assert supported["lte"].bands == (1, 2, 3, 4, 5, 7, 8, 20, 28, 38, 40)
    assert supported["lte"].grade is Grade.MEASURED
    assert (supported["lte"].source.link, supported["lte"].source.request) == ("at", "AT+EPBSE=?")
    assert {item.rat for item in survey.all(EnabledBands)} == {"umts", "lte"}
    assert survey.identity.codename == "begonia"
    assert {cell.band for cell in survey.all(ServingCell) if cell.band} == {4}
