"""How a user names a device."""

import os

import pytest

from harness.errors import UsageError
from harness.links import schemes
from harness.links.addresses import parse_address


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("fixture:mi-mix-2", "recording", "fixture:mi-mix-2"),
        ("bench:rack-1", "bench", "rack-1"),
        ("R58M12ABCDE", "adb", "R58M12ABCDE"),
        ("/dev/ttyUSB2", "at", "/dev/ttyUSB2"),
        ("/dev/pts/7", "at", "/dev/pts/7"),
        ("COM7", "at", "COM7"),
        ("socket://10.0.0.1:4000", "at", "socket://10.0.0.1:4000"),
        ("rfc2217://host:4000?ign_set_control", "at", "rfc2217://host:4000?ign_set_control"),
        ("loop://", "at", "loop://"),
        ("spy:///dev/ttyUSB0", "at", "spy:///dev/ttyUSB0"),
        ("127.0.0.1:5555", "adb", "127.0.0.1:5555"),
        ("phone.lab:5555", "adb", "phone.lab:5555"),
        ("[::1]:5555", "adb", "[::1]:5555"),
        ("localfilesystem:/tmp/a/SIM0001", "adb", "localfilesystem:/tmp/a/SIM0001"),
        ("emulator-5554", "adb", "emulator-5554"),
        ("usb:1-1.2", "adb", "usb:1-1.2"),
        ("Pixel_5", "adb", "Pixel_5"),
        (" R58M12ABCDE ", "adb", "R58M12ABCDE"),
    ],
)
def test_every_form_is_known(text, kind, value):
    address = parse_address(text)
    assert (address.kind, address.value, address.text) == (kind, value, text)


def test_an_existing_recording_is_one_by_path_and_by_word(tmp_path, monkeypatch):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "recording.yaml").write_text("")
    assert parse_address(str(tmp_path / "r")).kind == "recording"
    monkeypatch.chdir(tmp_path)
    assert parse_address("r") == parse_address("r")
    assert (parse_address("r").kind, parse_address("./r").kind, parse_address("q").kind) == (
        "recording",
        "recording",
        "adb",
    )


def test_a_link_to_a_port_is_a_port(tmp_path):
    master, slave = os.openpty()
    (tmp_path / "modem").symlink_to(os.ttyname(slave))
    assert parse_address(str(tmp_path / "modem")).kind == "at"
    os.close(master)
    os.close(slave)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "a\nb",
        "fixture:",
        "bench:",
        "http://x",
        "nonsense://x",
        "./absent",
        "/absent/place",
        "~/absent-recording",
    ],
)
def test_what_can_be_no_address_is_told_with_a_way_out(text):
    with pytest.raises(UsageError) as caught:
        parse_address(text)
    assert caught.value.way_out


def test_a_folder_that_is_no_recording_is_told_so(tmp_path):
    with pytest.raises(UsageError, match=r"recording\.yaml"):
        parse_address(str(tmp_path))


def test_a_recording_below_dev_is_a_recording(monkeypatch):
    monkeypatch.setattr("harness.links.addresses.is_recording", lambda path: str(path) == "/dev/shm/run")
    assert parse_address("/dev/shm/run").kind == "recording"
    assert parse_address("/dev/ttyUSB2").kind == "at"


class _Point:
    """An entry point as a package brings it."""

    def __init__(self, name: str, function: object) -> None:
        self.name, self.value, self._function = name, f"package:{name}", function

    def load(self) -> object:
        return self._function


@pytest.fixture
def brings(monkeypatch):
    """Schemes that packages bring, for one test."""

    def bring(**functions):
        points = {name: _Point(name, function) for name, function in functions.items()}
        monkeypatch.setattr(schemes, "_installed", lambda: points)

    return bring


def test_a_scheme_of_a_package_becomes_an_address_that_is_known(brings):
    brings(rack=lambda place: f"/dev/ttyUSB{place}")
    address = parse_address("rack:7")
    assert (address.kind, address.value, address.text) == ("at", "/dev/ttyUSB7", "rack:7")
    assert parse_address("lab:5555").kind == "adb"


@pytest.mark.parametrize("answer", [None, 7, "rack:1", " rack:1"])
def test_a_scheme_that_gives_no_address_is_said_to(brings, answer):
    brings(rack=lambda place: answer)
    with pytest.raises(UsageError, match="rack:7: the scheme rack: of package:rack gave no address"):
        parse_address("rack:7")


def test_a_scheme_that_fails_ends_in_one_line(brings):
    brings(rack=lambda place: 1 / 0)
    with pytest.raises(UsageError, match="failed: division by zero"):
        parse_address("rack:7")


@pytest.mark.parametrize("text", ["fixture:mi-mix-2", "bench:rack-1", "qmi:/dev/cdc-wdm0", "socket://10.0.0.1:4000"])
def test_a_scheme_takes_no_address_that_is_ours(brings, text):
    brings(fixture=str, bench=str, qmi=str, socket=str)
    assert parse_address(text).value.endswith(text.removeprefix("bench:"))
