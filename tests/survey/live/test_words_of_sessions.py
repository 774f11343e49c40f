"""What a live session says of itself: its window of time, its remark, its guidance and its options."""

from __future__ import annotations

import msgspec
import pytest

from harness.errors import RecordingError, UsageError
from harness.recording.exchange import Exchange
from harness.survey.live.diag_guidance import NEVER, guidance_for
from harness.survey.live.plan import LivePlan, live_option, walk_option
from harness.survey.live.session import REQUEST, LiveSession, session_of
from harness.survey.live_targets import EXTRA_S, with_live, with_walk
from harness.survey.targets import Target

FIRST = "2026-01-01T10:00:00.000Z"
SESSION = LiveSession(
    how="hand", end="enough", adb_path="3-1", diag_path="3-1", interface="3-1 interface 0 (ff/ff/30)", serial="same",
    before="05c6:9091", after="05c6:9091", build="MPSS.TEST", began="2026-01-01T10:00:00.000Z",
    ended="2026-01-01T10:30:00.000Z",
)  # fmt: skip
ASKED = (("adb", Exchange("getprop", b"", at=FIRST)),)


def changed(**values: object) -> LiveSession:
    return msgspec.structs.replace(SESSION, **values)


@pytest.mark.parametrize(
    ("values", "inside"),
    [
        ({}, True),
        ({"ended": "2026-01-01T10:30:00.001Z"}, False),
        ({"began": "2026-01-01T09:59:59.999Z"}, False),
        ({"began": "2026-01-01T10:30:00.000Z"}, True),
        ({"began": "2026-01-01T10:30:00.000Z", "ended": "2026-01-01T10:29:59.000Z"}, False),
    ],
)
def test_it_lies_within_half_an_hour_from_the_first_answer(values: dict[str, str], inside: bool) -> None:
    assert (changed(**values).clash(ASKED) == "") is inside


def test_the_first_answer_over_adb_counts_and_no_other_link() -> None:
    later = (("at", Exchange("ATI", b"", at="2025-01-01T10:00:00.000Z")), ("adb", Exchange("x", b"", at="")))
    assert changed().clash((*later, *ASKED)) == ""
    assert changed().clash(later) == ""
    early = ("adb", Exchange("x", b"", at="2026-01-01T09:00:00.000Z"))
    assert "outside the run" in changed().clash((*ASKED, early))


@pytest.mark.parametrize(
    ("values", "clash"),
    [
        ({"diag_path": "3-2"}, True),
        ({"diag_path": "", "adb_path": "3-2"}, False),
        ({"adb_path": ""}, False),
        ({"serial": "other"}, True),
        ({"serial": "none"}, False),
    ],
)
def test_two_places_or_two_serials_are_two_devices(values: dict[str, str], clash: bool) -> None:
    assert bool(changed(**values).clash(ASKED)) is clash


@pytest.mark.parametrize(
    ("values", "bound"),
    [
        ({}, True),
        ({"adb_path": "", "diag_path": ""}, False),
        ({"diag_path": "3-2"}, False),
        ({"serial": "none"}, False),
    ],
)
def test_place_and_serial_together_bind_it(values: dict[str, str], bound: bool) -> None:
    assert changed(**values).bound is bound


def test_its_remark_tells_tie_build_and_what_usb_became() -> None:
    whole = "UE capability from 3-1 interface 0 (ff/ff/30), 2026-01-01T10:00:00.000Z to 2026-01-01T10:30:00.000Z, "
    bound = "bound to the handset by its place on USB and its serial; "
    assert changed().remark == f"{whole}{bound}USB 05c6:9091, modem build MPSS.TEST"
    assert changed(build="", after="18d1:4ee7").remark == f"{whole}{bound}USB 05c6:9091 before, 18d1:4ee7 after"
    assert changed(build="", after="").remark.endswith("USB 05c6:9091 before, nothing after")
    assert "of the handset by the user's word; " in changed(serial="none").remark
    told = changed(end="gone", why="it went", way_out="plug it in").remark
    assert told == "no UE capability came over the diagnostic port: it went; plug it in"


@pytest.mark.parametrize(
    ("maker", "words"),
    [
        ("samsung", "*#0808#"), (" Samsung ", "*#0808#"), ("Redmi", "717717"), ("POCO", "717717"), ("realme", "*#899#"),
        ("LG Electronics", "277634"), ("lg", "277634"), ("motorola", "BP Tools"),
    ],
)  # fmt: skip
def test_a_makers_way_is_told_there_and_back_with_a_warning(maker: str, words: str) -> None:
    told = guidance_for(maker)
    assert words in told.do
    assert told.way_out == f"{told.do}; afterwards {told.back}; {NEVER}"


@pytest.mark.parametrize(
    ("maker", "words"), [("Sony", "takes root"), ("Google", "takes root"), ("x", "no way"), (None, "no way")]
)
def test_where_no_way_is_known_nothing_is_dialled(maker: str | None, words: str) -> None:
    told = guidance_for(maker)
    assert told.do == ""
    assert words in told.way_out
    assert NEVER not in told.way_out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("uecap=live", ("", 0.0)),
        ("uecap=live,wait=1", ("", 1.0)),
        ("R58M:uecap=live,wait=999", ("R58M", 999.0)),
        ("bench:a:uecap=live", ("bench:a", 0.0)),
        ("uecap=alive", None),
        ("uecap=live.hex", None),
        ("bands=live", None),
    ],
)
def test_an_option_names_device_and_wait(text: str, found: tuple[str, float] | None) -> None:
    assert live_option(text) == found


@pytest.mark.parametrize("wait", ["", "0", "1000", "1.5", "x"])
def test_a_wait_of_another_kind_is_wrong_usage(wait: str) -> None:
    with pytest.raises(UsageError, match="1 to 999"):
        live_option(f"uecap=live,wait={wait}")


@pytest.mark.parametrize(
    ("text", "device"), [("bands=live", ""), ("a:bands=live", "a"), ("bands=lively", None), ("uecap=live", None)]
)
def test_a_walk_is_asked_for_by_name(text: str, device: str | None) -> None:
    assert walk_option(text) == device


PHONE = Target("a", ("/dev/ttyUSB2", "R58M12ABCDE"), deadline_s=60.0)
MODEM = Target("a", ("/dev/ttyUSB2",))


def test_a_live_capture_is_of_a_handset_and_takes_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    from harness.links.diag import scat_child

    named: list[str] = []
    monkeypatch.setattr(scat_child, "scat_program", named.append)
    plan = LivePlan(scat="/x/scat")
    assert with_live(PHONE, plan) == Target("a", PHONE.addresses, deadline_s=60.0 + EXTRA_S, live=plan)
    assert named == ["/x/scat"]
    with pytest.raises(UsageError, match="handset on USB"):
        with_live(MODEM, plan)


def test_a_walk_needs_leave_to_act_and_a_handset() -> None:
    assert with_walk(MODEM, False, None) is MODEM
    assert with_walk(PHONE, True, LivePlan(act=True)).walk is True
    for plan in (None, LivePlan(act=False)):
        with pytest.raises(UsageError, match="taps in it"):
            with_walk(PHONE, True, plan)
    with pytest.raises(UsageError, match="of a handset"):
        with_walk(MODEM, True, LivePlan(act=True))


def test_a_plan_that_says_nothing_allows_nothing() -> None:
    assert LivePlan() == LivePlan(act=False, scat="", wait_s=0.0, spent=False)
    assert PHONE.walk is False
    assert PHONE.live is None


@pytest.mark.parametrize(
    "line", ['{"how":"hand","end":"enough","iserial":"1"}', '{"how":"hand"}', '{"how":"other","end":"x"}']
)
def test_a_session_holds_what_it_may_and_no_more(line: str) -> None:
    with pytest.raises(RecordingError, match="cannot be read"):
        session_of(Exchange(REQUEST, f"session {line}\n".encode()))
    assert session_of(Exchange(REQUEST, f"x\n{SESSION.line()}\n".encode())) == SESSION
    assert session_of(Exchange("uecap a.hex", b"")) is None
