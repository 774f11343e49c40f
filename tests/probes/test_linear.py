"""Every reader's time grows with the length of a text and no faster: a megabyte of one sign, and of its own delimiters.

Each reader gets all marks and blanks; of letters and digits, which no reader tells apart one by one, each gets one, so
that over all readers every sign comes. A short text screens: what takes long there, and one sign of every fifth reader
whatever it took, is measured at a megabyte and at a tenth of it. Lines are cut before any AT reader: one reader gets them.
"""

from __future__ import annotations

import string
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count, cycle, islice
from pathlib import Path

import pytest
import yaml

from harness.at_commands import split_joined
from harness.errors import BandproofError
from harness.probes import adb, qmi, uecap
from harness.probes.adb.plan import READ_COMMANDS
from harness.probes.at import read_parts
from harness.probes.at.language.answer import Modem
from harness.probes.at.readers import readers_of
from harness.probes.at.registry import all_dialects, dialect
from harness.probes.qmi.session import read_modem  # noqa: F401 - loads what the readers share before any clock runs

pytestmark = pytest.mark.slow
SCREEN, SHORT, LONG = 20_000, 100_000, 1_000_000
MOST = 25.0
"""A megabyte may take this many times as long as a tenth of it: linear is 10, quadratic 100."""
SLOW_S = 0.025
"""What takes longer for the short text is looked at; linear readers take a millisecond or few."""
FAST_S = 0.2
"""What takes less for a megabyte is not quadratic in a way that anyone could feel."""
MARKS = string.punctuation + " \t\n\r"
OTHERS = cycle(string.ascii_letters + string.digits)
SAMPLES = yaml.safe_load((Path(__file__).parent / "at" / "samples.yaml").read_text(encoding="utf-8"))
TURNS = count()
Read = Callable[[str], object]


def signs(marks: str) -> list[str]:
    return [*marks, *islice(OTHERS, 1)]


def timed(read: Read, text: str) -> float:
    start = time.thread_time()
    with suppress(BandproofError):
        read(text)
    return time.thread_time() - start


def assert_linear(read: Read, shape: Callable[[int], str], what: str, *, whole: bool = False) -> None:
    if timed(read, shape(SCREEN)) < SLOW_S and not whole:
        return
    # The best of two: somebody else's work on the machine is no property of the reader.
    short = min(timed(read, shape(SHORT)) for _ in range(2))
    long = timed(read, shape(LONG))
    assert long < FAST_S or long / short < MOST, f"{what}: {SHORT // 1000} kB {short:.3f} s, 1 MB {long:.3f} s"


def assert_all_linear(read: Read, heads: list[str], what: str, marks: str = MARKS) -> None:
    found = shapes(heads, marks)
    one = next(TURNS) % (5 * len(found))
    for number, (name, shape) in enumerate(found):
        assert_linear(read, shape, f"{what} {name}", whole=number == one)


def shapes(heads: list[str], marks: str) -> list[tuple[str, Callable[[int], str]]]:
    """Texts of any length: one sign behind each head, and each head over and over."""
    out: list[tuple[str, Callable[[int], str]]] = []
    for head in heads:
        out += [
            (f"{head[-30:]!r} and {sign!r}", lambda size, head=head, sign=sign: head + sign * (size - len(head)))
            for sign in signs(marks)
        ]
        if head:
            out.append((f"{head[-30:]!r} again", lambda size, head=head: head * (size // len(head))))
    return out


def at_readers() -> dict[str, tuple[str | None, str, str]]:
    """Dialect, command and the beginning of an answer for every reader that a sample answers."""
    found: dict[int, tuple[str | None, str, str]] = {}
    for sample in SAMPLES:
        name = sample.get("dialect")
        known = dialect(name) if name else None
        for part in split_joined(sample["command"]):
            for reader in readers_of(part, known):
                found.setdefault(id(reader), (name, part, sample["lines"][0]))
    return {f"{name} {command}": (name, command, line) for name, command, line in found.values()}


AT = at_readers()


@pytest.mark.parametrize("name", AT)
def test_readers_of_at_answers(name):
    family, command, line = AT[name]
    known = dialect(family) if family else None
    modem = Modem()

    def read(text: str) -> object:
        return read_parts(f"{text}\r\nOK\r\n", command, known, modem)

    head, _, fields = line.partition(" ")
    marks = MARKS if name == next(iter(AT)) else MARKS.rstrip("\r\n")
    assert_all_linear(read, [f"{head} {fields.partition(',')[0]}," if "," in fields else f"{head} "], name, marks)
    for whole in (line, f"{line}\r\n", ",".join(fields.split(",")[:2]) + ","):
        assert_linear(read, lambda size, whole=whole: whole * (size // len(whole)), f"{name} {whole[:40]!r} again")


def test_most_families_have_a_reader_here():
    """Those without one read nothing but what the standard's and others' readers read."""
    assert len({family for family, _, _ in AT.values()}) > len(all_dialects()) // 2


QMI_HEADS = [
    "",
    "[/dev/cdc-wdm0] Device capabilities retrieved:\n",
    "[/dev/cdc-wdm0] Successfully got serving system:\n\tRegistration state: '",
    "\tLTE bands (extended): '",
    "  Hardware |   manufacturer: ",
    '{"modem": {"generic": {"model": "',
    "Band Information:\n\tRadio Interface:   '",
    '{"',
    "<<<<<< TLV:\n<<<<<<   value  = ",
]


@pytest.mark.parametrize("head", QMI_HEADS)
def test_readers_of_qmi_and_mbim_tools(head):
    assert_all_linear(qmi.read_answer, [head], "qmi")


ADB_HEADS = {
    "getprop": "[ro.product.model]: [",
    "dumpsys telephony.registry": "  mServiceState={mVoiceRegState=0(IN_SERVICE), mNetworkRegistrationInfos=[",
    "dumpsys isub": "{id=1 iccId=8900[****] simSlotIndex=0 ",
    "dumpsys carrier_config": "  carrier_volte_available_bool = ",
    "dumpsys connectivity": "NetworkAgentInfo{ni{",
}
LOOSE_HEADS = [
    "",
    "CellInfoLte:{",
    "PhysicalChannelConfig{",
    "ServiceState: ",
    "08-01 10:00:00.000 D RILJ: [1]< ",
    "=== ",
]


@pytest.mark.parametrize("command", [*READ_COMMANDS])
def test_readers_of_a_handsets_answers(command):
    assert_all_linear(lambda text: adb.read_answer(text, command), [ADB_HEADS.get(command, "")], command)


@pytest.mark.parametrize("head", LOOSE_HEADS)
def test_readers_that_recognise_a_handsets_text(head):
    assert_all_linear(adb.read_answer, [head], "adb")


UECAP_HEADS = [
    "",
    "ueCapabilityInformation\n",
    "value UE-EUTRA-Capability ::= {",
    '{"ue-CapabilityRAT',
    "0xB0CD ",
    "38 01 ",
]


@pytest.mark.parametrize("head", UECAP_HEADS)
def test_readers_of_a_capabilitys_text(head):
    pytest.importorskip("pycrate_asn1dir", reason="the extra uecap is not installed")
    assert_all_linear(lambda text: uecap.read([("a.txt", text.encode())]), [head], "uecap")
