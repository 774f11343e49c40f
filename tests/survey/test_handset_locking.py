"""A handset held to one technology: only what was allowed, to the bit and back, whatever its words say."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from harness import cli
from harness.errors import DeviceGone, StateError
from harness.probes.adb.state import NETWORK_TYPES, STATE
from harness.recording.exchange import Exchange
from harness.state.folder import VARIABLE
from harness.state.gate import Gate, GatedChannel, ShellChannel, unique_items
from harness.state.journal import Journal, left_over
from harness.state.restore import put_back
from harness.survey.handset_locking import hold_to

BEFORE = 0b11001101001110000111
SET = "set-allowed-network-types-for-users"


class Phone:
    """A handset's shell of two SIM slots. `manners`: how its command misbehaves."""

    handset = SimpleNamespace(serial="SERIAL1")

    def __init__(self, manners="") -> None:
        self.user = {0: BEFORE, 1: BEFORE}
        self.manners = manners
        self.carrier = 1048575
        self.asked = []

    def run(self, commands, *, deadline_s):
        assert deadline_s > time.monotonic()
        return [self.answer(one) for one in commands]

    def close(self):
        pass

    def answer(self, command):
        self.asked.append(command)
        if command.startswith("getprop"):
            return Exchange(command, b"phone\n", exit_code=0)
        if command.startswith("content query"):
            if self.manners == "refuses its table":
                return Exchange(command, b"Error: java.lang.SecurityException\n", exit_code=0)
            rows = [
                f"Row: {slot} _id={slot + 1}, sim_id={slot}, allowed_network_types_for_reasons=user={mask}, "
                f"carrier={self.carrier}"
                for slot, mask in self.user.items()
            ]
            return Exchange(command, "".join(f"{row}\n" for row in rows).encode(), exit_code=0)
        slot, mask = int(command.split()[4]), command.split()[5]
        if self.manners == "refuses":
            return Exchange(command, f"{SET} failed\n".encode(), exit_code=0)
        if self.manners != "ignores":
            self.user[slot] = int(mask, 2)
        if self.manners == "goes away":
            self.manners = ""
            raise DeviceGone("it went away")
        return Exchange(command, f"{SET} completed\n".encode(), exit_code=0)


@pytest.fixture(autouse=True)
def journals(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "journal"))
    # A written value settles within moments here.
    usual = [item.settles_s for item in NETWORK_TYPES]
    for item in NETWORK_TYPES:
        object.__setattr__(item, "settles_s", 0.1)
    yield tmp_path / "journal"
    for item, seconds in zip(NETWORK_TYPES, usual, strict=True):
        object.__setattr__(item, "settles_s", seconds)


def back(phone):
    (left,) = left_over()
    journal = Journal.taken_over(left.path)
    channel = GatedChannel(ShellChannel(phone), Gate(STATE, "restore"))
    told = put_back(
        journal, {"adb": channel}, unique_items(STATE), firmware=journal.page.firmware, deadline_s=time.monotonic() + 5
    )
    journal.close()
    return told


@pytest.mark.parametrize(("rat", "left"), [("lte", 0b1000001000000000000), ("nr", 0b10000000000000000000)])
@pytest.mark.parametrize("slot", [0, 1])
def test_one_technology_is_left_and_the_rest_comes_back_to_the_bit(rat, left, slot):
    phone = Phone()
    hold_to(phone, "SERIAL1", rat, slot, words="a phone")
    assert phone.user == {slot: left & BEFORE, 1 - slot: BEFORE}
    (found,) = left_over()
    assert found.page.kept
    assert [one.outcome for one in back(phone)] == ["restored"]
    assert phone.user == {0: BEFORE, 1: BEFORE}
    assert left_over() == ()


def test_it_is_written_with_the_digits_of_the_commands_own_help():
    phone = Phone()
    hold_to(phone, "SERIAL1", "lte", 0, words="a phone")
    assert f"cmd phone {SET} -s 0 {0b1000001000000000000 & BEFORE:020b}" in phone.asked


@pytest.mark.parametrize("manners", ["refuses", "ignores"])
def test_a_word_is_no_proof_what_is_read_again_decides(manners):
    phone = Phone(manners)
    with pytest.raises(StateError, match="after it was set"):
        hold_to(phone, "SERIAL1", "lte", 0, words="a phone")
    assert phone.user[0] == BEFORE
    assert left_over() == ()


def test_what_cannot_be_read_raw_is_not_changed():
    phone = Phone("refuses its table")
    with pytest.raises(StateError, match="cannot be read raw"):
        hold_to(phone, "SERIAL1", "lte", 0, words="a phone")
    assert not any(SET in one for one in phone.asked)
    assert left_over() == ()


def test_a_technology_that_was_not_allowed_is_none_to_hold_it_to():
    phone = Phone()
    phone.user[0] = 0b1000000000000
    with pytest.raises(StateError, match="do not have NR"):
        hold_to(phone, "SERIAL1", "nr", 0, words="a phone")
    assert not any(SET in one for one in phone.asked)


def test_what_another_reason_forbids_is_not_left_alone_for_nothing_would_be_allowed():
    phone = Phone()
    phone.carrier = 0b1111111111111111111
    with pytest.raises(StateError, match="another reason"):
        hold_to(phone, "SERIAL1", "nr", 0, words="a phone")
    assert not any(SET in one for one in phone.asked)
    hold_to(phone, "SERIAL1", "lte", 0, words="a phone")


def test_a_handset_that_goes_away_at_the_write_is_put_back_when_it_is_there_again():
    phone = Phone("goes away")
    with pytest.raises(DeviceGone):
        hold_to(phone, "SERIAL1", "lte", 0, words="a phone")
    assert phone.user[0] == BEFORE
    assert left_over() == ()


def test_only_narrow_columns_are_asked_for():
    phone = Phone()
    hold_to(phone, "SERIAL1", "lte", 0, words="a phone")
    queries = {one for one in phone.asked if one.startswith("content")}
    assert queries == {
        "content query --uri content://telephony/siminfo --projection _id:sim_id:allowed_network_types_for_reasons"
    }


def test_the_command_holds_a_handset_and_says_how_it_is_put_back(monkeypatch, capsys):
    from harness.links.adb import shell

    phone = Phone()
    monkeypatch.setattr(shell, "open_adb", lambda *_, **__: phone)
    assert cli.main(["lock", "SERIAL1", "lte", "--yes"]) == 0
    assert "bandproof restore SERIAL1" in capsys.readouterr().out
    assert phone.user[0] != BEFORE
    assert cli.main(["lock", "SERIAL1", "12", "--yes"]) == 2
    assert "technology" in capsys.readouterr().err
