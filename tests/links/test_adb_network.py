"""Handsets on the network that this run makes the adb server know, and a server that ends in the middle."""

import threading
import time

import pytest
from fake_adb_server import PHONE, within

from harness.errors import AnswerTimeout, DeviceAbsent, DeviceUnauthorized
from harness.links.adb import network as adb_network
from harness.links.adb.shell import open_adb

NAME = "127.0.0.1:4711"


def test_what_is_no_adbd_is_forgotten_again(serve):
    def connect(fake, address):
        fake.listing = f"{address}         offline transport_id:7\n"
        return f"connected to {address}"

    fake = serve(listing="", connect=connect)
    with pytest.raises(DeviceAbsent, match="does not speak as adbd does"):
        open_adb(NAME, server=fake.server)
    assert fake.requests[-1] == f"host:disconnect:{NAME}"


def test_what_is_no_adbd_is_forgotten_where_the_server_waited_in_vain_for_its_word(serve):
    """The server waits 10 s for the first word, say that they failed, and keep the address as offline."""

    def connect(fake, address):
        fake.listing = f"{address}         offline transport_id:7\n"
        return f"failed to connect to {address}"

    fake = serve(listing="", connect=connect)
    with pytest.raises(DeviceAbsent, match="does not speak as adbd does"):
        open_adb(NAME, server=fake.server)
    assert fake.requests[-1] == f"host:disconnect:{NAME}"


def test_a_handset_that_the_server_knew_before_is_not_forgotten(serve):
    def connect(fake, address):
        fake.listing = f"{address}         device transport_id:8\n"
        return f"connected to {address}"

    fake = serve(listing=f"{NAME}         offline transport_id:7\n", connect=connect)
    assert open_adb(NAME, server=fake.server).handset.ready
    assert fake.requests.count(f"host:disconnect:{NAME}") == 1  # Of the connection that was dead.


def test_a_person_may_still_accept_this_computer(serve):
    """The server answers `wait-for` when the state has changed: here, when somebody has tapped."""

    def connect(fake, address):
        fake.listing = f"{address}         unauthorized transport_id:7\n"
        return f"failed to authenticate to {address}"

    fake = serve(listing="", connect=connect)
    asked = fake._request

    def request(stream, words):
        if words.endswith("wait-for-any-device"):
            fake.listing = f"{NAME}         device transport_id:7\n"
        return asked(stream, words)

    fake._request = request
    assert open_adb(NAME, server=fake.server).handset.ready


def test_who_does_not_tap_is_told_what_to_tap(serve):
    def connect(fake, address):
        fake.listing = f"{address}         unauthorized transport_id:7\n"
        return f"failed to authenticate to {address}"

    fake = serve(listing="", connect=connect)
    with pytest.raises(DeviceUnauthorized, match="tap Allow"):
        open_adb(NAME, server=fake.server)
    assert f"host:disconnect:{NAME}" not in fake.requests  # Else the question on the handset would go away.


def test_the_wait_for_a_tap_ends_with_the_deadline(serve, monkeypatch):
    def connect(fake, address):
        return f"failed to authenticate to {address}"

    fake = serve(listing="", connect=connect)
    never = threading.Event()
    asked = fake._request
    fake._request = lambda stream, words: (
        never.wait(2) if words.endswith("wait-for-any-device") else asked(stream, words)
    )
    start = time.monotonic()
    with pytest.raises((DeviceUnauthorized, AnswerTimeout)):
        open_adb(NAME, server=fake.server, deadline_s=within(0.3))
    assert time.monotonic() - start < 1.5
    never.set()


@pytest.mark.parametrize("alive", [True, False])
def test_a_server_that_ended_is_named_and_not_the_cable(serve, alive):
    fake = serve(listing=PHONE)

    def shell(stream, request):
        if not alive:
            fake.socket.shutdown(2)
            fake.socket.close()

    fake.shell = shell
    link = open_adb("R58M12ABCDE", server=fake.server)
    found = link.run(["getprop"], deadline_s=within(3))[0]
    assert found.error.kind == "DeviceGone"
    assert ("adb server went away" in found.error.message) is not alive
    assert adb_network.is_there(fake.server) is alive
