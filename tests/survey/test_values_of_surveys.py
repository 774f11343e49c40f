"""What a survey says of its facts, how devices are named and known again, and what a file given as evidence is worth."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.errors import (
    AnswerGarbled,
    AnswerTimeout,
    CommandRefused,
    DeviceGone,
    FileError,
    InputError,
    LinkError,
    ParseError,
    RecordingError,
    UnknownName,
    UsageError,
)
from harness.observations import EnabledBands, GoogleApps, Identity, ServingCell, SupportedBands
from harness.recording.exchange import Exchange, Interruption, RecordingInfo
from harness.survey import again
from harness.survey.evidence_files import (
    _PATCH_SLACK_DAYS,
    FORMAT,
    Given,
    _clash,
    _content,
    _days_between,
    _device,
    _record,
    _same,
    keep,
    parse_option,
    with_facts,
)
from harness.survey.evidence_trees import read_tree, tree_text
from harness.survey.given_bands import given_bands
from harness.survey.giving_bands import given_to
from harness.survey.live.band_walk import tap_place
from harness.survey.noting import NotingAt
from harness.survey.other_links import RootPaths, _NotingTools, is_node_replay
from harness.survey.recorded_survey import as_recorded, kept_word
from harness.survey.survey import Survey
from harness.survey.targets import Target, device_name, final_names, plan_targets, unique_names


def survey(*facts, **more):
    return Survey(**{"device": "d", "address": "a", "kind": "handset", "observations": facts, **more})


def lists(*bands, rat="lte", layer=None):
    return SupportedBands(rat=rat, bands=bands[0] if bands == (None,) else bands, layer=layer)


def serving(band, **more):
    return ServingCell(**{"rat": "lte", "band": band, "registered": True, **more})


@pytest.mark.parametrize(
    ("facts", "rat", "layer", "bands"),
    [
        ([], "lte", "supported", None),
        ([lists(2, 4)], "lte", "supported", {2, 4}),
        ([lists(2, 4)], "lte", "hardware", None),
        ([lists(2, 4, layer="hardware")], "lte", "hardware", {2, 4}),
        ([lists(2, 4, layer="hardware")], "lte", "supported", {2, 4}),
        ([lists(2), lists(2, 4, layer="hardware")], "lte", "supported", {2}),
        ([lists(2, layer="policy")], "lte", "policy", {2}),
        ([lists(2, layer="advertised")], "lte", "advertised", {2}),
        ([lists(2, layer="advertised")], "lte", "policy", None),
        ([lists(2), lists(4)], "lte", "supported", None),
        ([lists(2), lists(2)], "lte", "supported", {2}),
        ([lists(2), lists(None)], "lte", "supported", None),
        ([lists(None)], "lte", "supported", None),
        ([lists()], "lte", "supported", set()),
        ([lists(2, rat="nr")], "lte", "supported", None),
        ([lists(78, rat="nr_sa")], "nr", "supported", {78}),
        ([EnabledBands(rat="lte", bands=(2,))], "lte", "enabled", {2}),
        ([EnabledBands(rat="lte", bands=(2,)), EnabledBands(rat="lte", bands=(4,))], "lte", "enabled", None),
        ([EnabledBands(rat="nr", bands=(2,))], "lte", "enabled", None),
        ([lists(2)], "lte", "enabled", None),
        ([serving(12)], "lte", "attached", {12}),
        ([serving(12), serving(2, role="scell", active=True)], "lte", "attached", {2, 12}),
        ([serving(None)], "lte", "attached", set()),
        ([serving(12, registered=None)], "lte", "attached", {12}),
        ([serving(12, registered=False)], "lte", "attached", None),
        ([serving(12, band_source="conflict")], "lte", "attached", None),
        ([serving(12, role="scell", active=False)], "lte", "attached", None),
        ([serving(12, role="scell", active=None, registered=False)], "lte", "attached", {12}),
        ([serving(12, rat=None)], "lte", "attached", None),
        ([serving(78, rat="nr_sa")], "nr", "attached", {78}),
    ],
)
def test_the_bands_of_a_layer(facts, rat, layer, bands):
    assert survey(*facts).bands(rat, layer) == bands


def test_a_layer_that_there_is_not():
    with pytest.raises(ValueError, match="no layer 'told': hardware, supported, policy, advertised, enabled, attached"):
        survey().bands("lte", "told")


def test_facts_by_kind_and_the_first_source_of_each_part():
    told = survey(Identity(model="A", codename=""), Identity(model="B", codename="c"), lists(2), serving(12))
    assert (told.identity.model, told.identity.codename, told.identity.build) == ("A", "c", None)
    assert told.all(SupportedBands) == told.supported == (lists(2),)
    assert told.all(SupportedBands) is told.all(SupportedBands)
    assert told.google_apps is None
    apps = GoogleApps(services="present", store="present", framework="present")
    assert survey(apps).google_apps == apps
    assert survey(serving(2, role="scell"), serving(12)).primary_cells == (serving(12),)


@pytest.mark.parametrize(
    ("identity", "label"),
    [
        ({"manufacturer": "Xiaomi", "model": "Mi MIX 2"}, "Xiaomi Mi MIX 2"),
        ({"brand": "Xiaomi", "model": "Mi MIX 2"}, "Xiaomi Mi MIX 2"),
        ({"manufacturer": "Xiaomi", "brand": "POCO", "model": "F1"}, "Xiaomi F1"),
        ({"manufacturer": "xiaomi", "model": "Xiaomi 13"}, "Xiaomi 13"),
        ({"manufacturer": "Xiaomi", "model": "M2", "market_name": "Mi 9"}, "Xiaomi Mi 9"),
        ({"model": "M2"}, "M2"),
        ({"manufacturer": "Xiaomi"}, "Xiaomi"),
        ({}, "a"),
    ],
)
def test_a_device_in_words(identity, label):
    assert survey(Identity(**identity)).label == label


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("fixture:quectel-rm520n-gl", "quectel-rm520n-gl"),
        ("/dev/ttyUSB2", "ttyUSB2"),
        ("/dev/serial/by-id/usb-Quectel_0123", "modem"),
        ("socket://192.0.2.1:5000", "modem"),
        ("ABCDEF012345", "handset"),
    ],
)
def test_a_name_before_anything_is_read(address, name):
    assert device_name(address) == name


def test_names_in_use_get_a_number_whatever_the_order():
    one, other = "AAAA0001", "BBBB0001"
    assert unique_names([one, other]) == {one: "handset", other: "handset-2"}
    assert unique_names([other, one]) == {other: "handset-2", one: "handset"}
    assert unique_names([one, one]) == {one: "handset"}
    assert unique_names([one], taken={"handset": 1, "handset-2": 1}) == {one: "handset-3"}


def read_as(name, model, *, named=False, key=None, address=None):
    told = survey(Identity(model=model)) if model else survey()
    return Target(name, (address or name,), named=named), replace(told, key=key)


@pytest.mark.parametrize(
    ("read", "names"),
    [
        ([read_as("handset", "Mi MIX 2")], ["mi-mix-2"]),
        ([read_as("handset", "Mi MIX 2", named=True)], ["handset"]),
        ([read_as("handset", None)], ["handset"]),
        ([read_as("handset", " -- ")], ["handset"]),
        ([read_as("handset", "x" * 60)], ["x" * 40]),
        ([read_as("h", "M", key="abcdef99"), read_as("h-2", "M", key="012345aa")], ["m-abcdef", "m-012345"]),
        ([read_as("h", "M", key="abcdef99")], ["m"]),
        ([read_as("h", "M", address="b"), read_as("h-2", "M", address="a")], ["m-2", "m"]),
        ([read_as("m", "Other", named=True), read_as("h", "M")], ["m", "m-2"]),
    ],
)
def test_a_device_is_called_by_its_model(read, names):
    found = final_names(read)
    assert [found[target.device] for target, _ in read] == names


def test_an_entry_of_a_bench_file_needs_one():
    with pytest.raises(UsageError, match="names an entry of a bench file"):
        plan_targets(["a", " bench:dut"])
    (target,) = plan_targets(["fixture:quectel-rm520n-gl"])
    assert target.named
    assert not plan_targets(["ABCDEF012345"])[0].named
    assert Target("d", ("a", "b")).address == "a + b"


def returned(**parts):
    return survey(Identity(**parts))


@pytest.mark.parametrize("part", ["model", "codename", "build", "baseband", "tac_imei"])
def test_another_device_in_its_place_is_known_by_each_part(part):
    assert again._another(returned(**{part: "A"}), returned(**{part: "B"})) == f"{part} was A, is B"
    assert again._another(returned(**{part: "A"}), returned(**{part: "A"})) is None
    assert again._another(returned(**{part: "A"}), returned()) is None
    assert again._another(returned(), returned(**{part: "B"})) is None


class Reads:
    """Stands in for reading, and for the wait: surveys in turn, and whether the device is back."""

    def __init__(self, monkeypatch, *surveys, back=True):
        self.surveys, self.asked, self.waited = list(surveys), [], 0
        self.back = back
        monkeypatch.setattr(again, "read_device", self.read)
        monkeypatch.setattr(again, "wait_until_back", self.wait)

    def read(self, target, **how):
        self.asked.append(target)
        return self.surveys.pop(0)

    def wait(self, where, *, deadline_s, stopped):
        self.waited += 1
        assert 0 < deadline_s - time.monotonic() <= again.RETURN_S
        return SimpleNamespace(value="/dev/ttyUSB9") if self.back else None


TARGET = Target("d", ("/dev/ttyUSB1",))
LOST = survey(Identity(model="A"), trouble="it went away", lost=True, kind="modem")


def retried(**more):
    return again.read_and_retry(TARGET, evidence=None, deadline_s=1e12, **more)


def test_a_device_that_did_not_go_away_is_read_once(monkeypatch):
    whole = survey(Identity(model="A"), trouble="silent")
    reads = Reads(monkeypatch, whole)
    assert retried() is whole
    assert (len(reads.asked), reads.waited) == (1, 0)


def test_one_that_returns_is_read_again_and_says_so(monkeypatch):
    reads = Reads(monkeypatch, LOST, survey(Identity(model="A"), warnings=("w",), address="/dev/ttyUSB9"))
    found = retried()
    assert reads.asked[1].addresses == ("/dev/ttyUSB9",)
    assert (found.address, found.trouble, found.identity.model) == ("/dev/ttyUSB1", None, "A")
    assert found.warnings[0] == found.happened[0]
    assert "it went away" in found.warnings[0]
    assert found.warnings[1:] == ("w",)
    assert 0 <= found.elapsed_s < 60


def test_one_that_does_not_return_keeps_what_it_told(monkeypatch):
    reads = Reads(monkeypatch, LOST, back=False)
    assert retried() is LOST
    assert len(reads.asked) == 1


def test_a_stop_before_or_while_it_is_waited_for_ends_it(monkeypatch):
    reads = Reads(monkeypatch, LOST)
    assert retried(stopped=lambda: True) is LOST
    assert reads.waited == 0
    stops = iter([False, True])
    reads = Reads(monkeypatch, LOST)
    assert retried(stopped=lambda: next(stops)) is LOST
    assert reads.waited == 1


def test_another_one_that_returned_has_no_facts(monkeypatch):
    Reads(monkeypatch, LOST, survey(Identity(model="B"), kind="modem"))
    found = retried()
    assert (found.observations, found.trouble) == ((), "another device came back: model was A, is B")


def test_who_asks_hears_of_the_wait_and_may_fail(monkeypatch):
    heard = []
    Reads(monkeypatch, LOST, survey())
    retried(asking=heard.append)
    assert heard == ["waits for its return: it went away"]

    def fails(_):
        raise LinkError("stopped by the user")

    Reads(monkeypatch, LOST, survey(Identity(model="A")))
    assert retried(asking=fails).identity.model == "A"


def test_what_came_before_stays_beside_the_evidence(monkeypatch, tmp_path):
    evidence = tmp_path / "d"
    evidence.mkdir()
    (evidence / "at.yaml").write_text("x")
    Reads(monkeypatch, LOST, survey())
    again.read_and_retry(TARGET, evidence=evidence, deadline_s=1e12)
    assert (tmp_path / "d.attempt-1" / "at.yaml").read_text() == "x"


# --- links that are listened in on


class Answers:
    """A link whose answers are texts, or the error that cut them."""

    address = "/dev/ttyUSB1"
    mode = "qmi"
    port = None

    def __init__(self, *told):
        self.told, self.asked, self.closed = list(told), [], False

    def ask(self, command, *, deadline_s):
        self.asked.append(command)
        one = self.told.pop(0)
        if isinstance(one, Exception):
            raise one
        return None if one is None else Exchange(command, one.encode())

    query = ask

    def close(self):
        self.closed = True


@pytest.mark.parametrize("noting", [NotingAt, _NotingTools])
def test_an_exchange_is_kept_with_its_number_and_who_asks_hears_of_it(noting):
    kept, heard = [("adb", Exchange("x", b""))], []
    link = noting(Answers("OK", None), kept, heard.append)
    ask = link.ask if noting is NotingAt else link.query
    assert ask("AT", deadline_s=1).number == 1
    assert ask("ATI", deadline_s=1) is None
    assert [(kind, one.request) for kind, one in kept[1:]] == [("at" if noting is NotingAt else "qmi", "AT")]
    assert heard == ["AT", "ATI"]
    assert link.address == "/dev/ttyUSB1"
    link.close()
    assert link._link.closed


@pytest.mark.parametrize("noting", [NotingAt, _NotingTools])
@pytest.mark.parametrize(
    ("error", "ends"), [(AnswerTimeout("late"), False), (AnswerGarbled("noise"), False), (DeviceGone("gone"), True)]
)
def test_an_error_is_the_exchange_that_it_cut_short(noting, error, ends):
    kept = []
    link = noting(Answers(error, "OK"), kept, None)
    ask = link.ask if noting is NotingAt else link.query
    assert ask("AT", deadline_s=1).error is not None
    assert (ask("ATI", deadline_s=1) is None) is ends
    assert len(kept) == (1 if ends else 2)


@pytest.mark.parametrize("noting", [NotingAt, _NotingTools])
def test_what_is_refused_is_no_answer(noting):
    kept = []
    link = noting(Answers(CommandRefused("no"), "OK"), kept, None)
    ask = link.ask if noting is NotingAt else link.query
    with pytest.raises(CommandRefused):
        ask("AT+CFUN=0", deadline_s=1)
    assert not kept
    assert ask("AT", deadline_s=1) is not None


@pytest.mark.parametrize(
    ("requests", "is_node"),
    [(["AT+CGMR"], True), (["ATI"], False), (["at+cgmm"], False), (["AT+CGMI"], False), ([], True)],
)
def test_a_node_is_never_asked_to_identify_itself(requests, is_node):
    recording = SimpleNamespace(links={"at": tuple(Exchange(one, b"") for one in requests)})
    assert is_node_replay(SimpleNamespace(recording=recording)) is is_node
    assert is_node_replay(SimpleNamespace(link=SimpleNamespace(recording=recording))) is is_node
    assert not is_node_replay(SimpleNamespace())


def test_a_handset_without_root_has_no_root_paths():
    assert RootPaths.of({}) is None


# --- what a recording keeps beside the answers


def test_what_a_recording_knows_of_its_links():
    info = RecordingInfo(
        "r",
        "recorded",
        extra={"usb_places": {"at": "1-2"}, "imei_keys": {"at": ["k"]}, "through_shell": ["qmi"], "sample": 7},
    )
    found = as_recorded(survey(through_shell=frozenset({"at"})), info)
    assert (found.usb_places, found.imei_keys) == ({"at": "1-2"}, {"at": ("k",)})
    assert found.through_shell == {"at", "qmi"}
    bare = as_recorded(survey(usb_places={"at": "9"}), RecordingInfo("r", "recorded", extra={"usb_places": "x"}))
    assert (bare.usb_places, bare.imei_keys, bare.through_shell) == ({}, {}, frozenset())
    live = survey(usb_places={"at": "9"})
    assert as_recorded(live, None) is live
    assert kept_word(info, "sample") is None
    assert kept_word(RecordingInfo("r", "recorded", extra={"sample": "S-1"}), "sample") == "S-1"
    assert kept_word(None, "sample") is None


# --- files that are given as evidence


@pytest.mark.parametrize(
    ("text", "device", "given"),
    [
        ("uecap=a.hex", "", Given(Path("a.hex"))),
        ("dut:uecap=a.hex", "dut", Given(Path("a.hex"))),
        ("bench:dut:uecap=a.hex", "bench:dut", Given(Path("a.hex"))),
        ("uecap=a,b.hex", "", Given(Path("a,b.hex"))),
        (
            "uecap=a.hex,model=Mi MIX 2,build=V1,date=2024-02-29",
            "",
            Given(Path("a.hex"), "Mi MIX 2", "V1", "2024-02-29"),
        ),
        ("uecap=a.hex,build=a=b", "", Given(Path("a.hex"), build="a=b")),
    ],
)
def test_an_option_names_device_file_and_where_it_is_from(text, device, given):
    assert parse_option(text) == (device, given)


@pytest.mark.parametrize(
    ("text", "words"),
    [("a.hex", "names no kind and file"), ("uecap=", "names no kind"), ("uecap=a,date=2024-02-30", "is no day")],
)
def test_an_option_that_is_none(text, words):
    with pytest.raises(UsageError, match=words):
        parse_option(text)


def test_which_device_a_file_is_of():
    two = (Target("a", ("/dev/ttyUSB1",)), Target("b", ("/dev/ttyUSB2",)))
    assert _device("", two[:1], "t") == "a"
    assert _device("b", two, "t") == _device("bench:b", two, "t") == _device("/dev/ttyUSB2", two, "t") == "b"
    with pytest.raises(UsageError, match="which of the 2 devices"):
        _device("", two, "t")
    with pytest.raises(UnknownName):
        _device("c", two, "t")


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        _content(Given(tmp_path / "none.hex"))
    (tmp_path / "a.hex").write_bytes(b"x")
    assert _content(Given(tmp_path / "a.hex")) == ("a.hex", b"x")
    assert keep(()) == ()


@pytest.mark.parametrize(
    ("said", "value", "part", "same"),
    [
        ("Mi MIX 2", "mi-mix-2", False, True),
        ("Mi MIX 2", "Mi MIX 2S", False, False),
        ("V9", "Xiaomi/chiron:8/V9:user", True, True),
        ("V9", "Xiaomi/chiron:8/V9:user", False, False),
        ("V9", "Xiaomi/V91", True, False),
    ],
)
def test_names_that_are_the_same(said, value, part, same):
    assert _same(said, value, part=part) is same


def capability(**told):
    return Exchange(Given(Path("a.hex"), **told).request, b"")


PHONE = survey(Identity(model="Mi MIX 2", codename="chiron", build="V9", security_patch="2024-03-01"))


@pytest.mark.parametrize(
    ("told", "clash"),
    [
        ({}, None),
        ({"model": "mi mix 2"}, None),
        ({"model": "chiron"}, None),
        ({"model": "Mi 9"}, "a.hex is of model Mi 9, the device says Mi MIX 2"),
        ({"build": "V9"}, None),
        ({"build": "V8"}, "a.hex is of build V8, the device says V9"),
        ({"date": "2024-02-15"}, None),
        ({"date": "2024-01-30"}, None),
        ({"date": "2024-01-29"}, "was taken 2024-01-29, before the build on the device"),
        ({"date": "2025-01-01"}, None),
    ],
)
def test_a_file_of_another_device_is_known_by_what_was_said_of_it(told, clash):
    found = _clash(capability(**told), PHONE)
    assert found is None if clash is None else clash in found
    assert _clash(capability(**told), survey()) is None


def test_days_between_and_what_is_no_day():
    assert _days_between("2024-01-30", "2024-03-01") == 31 == _PATCH_SLACK_DAYS
    assert _days_between("2024-03-01", "2024-01-30") == -31
    assert _days_between("soon", "2024-01-30") == 0


def test_files_of_another_device_decide_nothing_and_say_so():
    found = with_facts(PHONE, [capability(model="Mi 9"), capability(model="Mi 9")])
    assert (
        found.refused
        == "the UE capability given is of another device: a.hex is of model Mi 9, the device says Mi MIX 2"
    )
    assert found.observations == PHONE.observations
    assert found.loose_files == ()
    assert len(found.exchanges) == 2
    assert found.warnings[-1] == f"{found.refused}; it decides nothing"


@pytest.mark.parametrize("nobody", [survey(kind=None), survey(trouble="gone")])
def test_of_a_device_that_was_not_read_files_tell_nothing(nobody):
    found = with_facts(nobody, [capability()])
    assert (found.observations, found.loose_files, found.refused) == ((), (), "")
    assert len(found.exchanges) == 1


def test_without_files_nothing_changes():
    assert with_facts(PHONE, []) is PHONE


@pytest.mark.parametrize(
    ("told", "loose"),
    [({}, ("a.hex",)), ({"model": "chiron"}, ()), ({"build": "V9"}, ()), ({"date": "2024-03-01"}, ("a.hex",))],
)
def test_what_binds_a_file_is_model_or_build(told, loose):
    found = with_facts(PHONE, [capability(**told)])
    assert found.loose_files == loose
    assert any("the user's word alone" in one for one in found.warnings) is bool(loose)


def test_a_request_that_somebody_else_wrote():
    with pytest.raises(RecordingError, match="is no request of a capability file"):
        with_facts(PHONE, [Exchange("uecap 'a", b"")])


def test_the_same_content_counts_once():
    found = with_facts(PHONE, [capability(), replace(capability(model="chiron"), response=b"")])
    assert any("the same content was given twice; it counts once" in one for one in found.warnings)


class Taken:
    """Notes what an attach is told."""

    def __init__(self):
        self.accounts, self.told = ["one", "two", "three"], []

    def __getattr__(self, name):
        return lambda *args, **how: self.told.append((name, args, how))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("lte_ul 3801", ("message", (b"\x38\x01", "lte_ul", "o"), {})),
        ("eutra DD", ("container", (b"\xdd", "eutra", "o"), {})),
        ("nr DD", ("container", (b"\xdd", "nr", "o"), {})),
        ("mrdc DD", ("container", (b"\xdd", "mrdc", "o"), {})),
        ('enquiry {"a":1}', ("enquiry", ({"a": 1},), {})),
        ('tree eutra 0 {"a":1}', ("decoded", ({"a": 1}, "eutra", "o"), {"numeric": False})),
        ('tree nr 1 {"a":1}', ("decoded", ({"a": 1}, "nr", "o"), {"numeric": True})),
        ("same 2 1", ("same", (1, 2), {})),
        ("same 3 1", ("same", (0, 2), {})),
    ],
)
def test_a_record_of_what_is_kept(line, told):
    attach = Taken()
    _record(attach, line, "o")
    assert attach.told == [told]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("same 4 1", "there is no such container before it"),
        ("same 1 4", "there is no such container before it"),
        ("what 38", "'what' is no kind of record"),
        ("lte_ul zz", "o:"),
        ("tree eutra", "o:"),
        ("enquiry {", "o:"),
    ],
)
def test_a_record_that_is_none(line, words):
    with pytest.raises(ParseError, match=words):
        _record(Taken(), line, "o")


@pytest.mark.parametrize("value", [None, 1, "x", [1, {"a": b"\x00\xff"}], {"b": b""}, {"\0hex": "00", "other": 1}])
def test_a_tree_comes_back_with_its_octets(value):
    text = tree_text(value)
    assert "\n" not in text
    assert read_tree(text) == value
    assert FORMAT == "bandproof.uecap/1"


# --- what an operator gives, and a screen that is looked at


@pytest.mark.parametrize(
    ("text", "way"), [("lte=16", "B14, B17, B18"), ("nr=4", "n2, n3, n5"), ("lte=x", "write numbers: lte=2,4,12")]
)
def test_the_nearest_bands_are_named(text, way):
    with pytest.raises(UsageError) as caught:
        given_bands(text, "box")
    assert way in str(caught.value.way_out)


def test_bands_of_one_device_need_no_name_and_a_text_that_names_none_is_told():
    one = (Target("a", ("/dev/ttyUSB1",)),)
    assert given_to(one, ["lte=2"], "box")[0].given_bands.by_rat == {"lte": (2,)}
    assert given_to(one, ["bench:a:lte=2"], "box")[0].given_bands.words == "box, given by the operator"
    assert given_to(one, [], "") == one
    with pytest.raises(UsageError, match="names no bands"):
        given_to(one, ["what"], "box")


def screen(*nodes):
    told = "".join(f'<node package="{package}" text="{text}" bounds="{bounds}"/>' for text, bounds, package in nodes)
    return f"UI <hierarchy>{told}</hierarchy> dumped"


MINE = "com.mediatek.engineermode"


@pytest.mark.parametrize(
    ("dump", "place"),
    [
        (screen(("Telephony", "[0,0][100,50]", MINE)), (50, 25)),
        (screen(("Telephony", "[0,0][100,50]", MINE), ("BandMode", "[0,100][200,300]", MINE)), (100, 200)),
        (screen(("BandMode", "[0,100][200,300]", MINE), ("Telephony", "[0,0][100,50]", MINE)), (100, 200)),
        (screen(("Telephony", "[0,0][100,50]", "com.android.settings")), None),
        (screen(("SET", "[0,0][100,50]", MINE)), None),
        (screen(("Telephony", "0,0,100,50", MINE)), None),
        (screen(), None),
        ("<hierarchy>", None),
        ("</hierarchy><hierarchy>", None),
        ("<hierarchy><node></hierarchy>", None),
        ("<!DOCTYPE x>" + screen(("Telephony", "[0,0][100,50]", MINE)), None),
    ],
)
def test_where_a_screen_may_be_tapped(dump, place):
    assert tap_place(dump) == place


def test_a_step_of_the_walk_that_failed_in_any_way_is_told():
    from harness.survey.live.band_walk import BACK, LOG, _Walk

    class Phone:
        def __init__(self, answer):
            self.answer = answer

        def run(self, commands, *, deadline_s):
            return [self.answer]

    cut = Exchange(BACK, b"half", exit_code=0, error=Interruption("DeviceGone", "it went away"))
    for answer in (None, cut, Exchange(BACK, b"no such", exit_code=1), Exchange(BACK, b"", exit_code=1, stderr=b"no")):
        with pytest.raises(LinkError):
            _Walk(Phone(answer), 1e12).ask(BACK)
    for answer in (Exchange(BACK, b"x", exit_code=0), Exchange(BACK, b"x")):
        assert _Walk(Phone(answer), 1e12).ask(BACK) == "x"
    with pytest.raises(CommandRefused, match="is no step of the walk"):
        _Walk(Phone(None), 1e12).ask(f"{LOG}; reboot")


def test_a_fact_of_a_walk_names_the_log_or_the_screen(monkeypatch):
    from harness.observations import Grade, Reading
    from harness.survey.live import band_walk

    texts = [Exchange(step, b"x", exit_code=0) for step in band_walk.STEPS]
    for grade, request in ((Grade.MEASURED, band_walk.LOG), (Grade.OBSERVED, band_walk.DUMP)):
        found = Reading((EnabledBands(rat="lte", bands=(3,), grade=grade),))
        monkeypatch.setattr(band_walk, "_reading", lambda dumps, log, found=found: found)
        (item,) = band_walk.reading_of(texts).observations
        assert item.source.request == request
    assert band_walk.reading_of(texts[:2]).observations == ()
    assert band_walk.reading_of([*texts[:2], None]).observations == ()


def test_a_look_at_the_band_screen_needs_a_handset_and_leave_to_act():
    from harness.survey.live.plan import LivePlan
    from harness.survey.live_targets import with_live, with_walk

    phone, port = Target("d", ("ABCDEF012345",)), Target("d", ("/dev/ttyUSB1",))
    assert with_walk(phone, False, None) is phone
    assert with_walk(phone, True, LivePlan(act=True)).walk
    for plan in (None, LivePlan()):
        with pytest.raises(UsageError, match="allow"):
            with_walk(phone, True, plan)
    with pytest.raises(UsageError, match="that of a handset"):
        with_walk(port, True, LivePlan(act=True))
    with pytest.raises(UsageError, match="read from a handset on USB"):
        with_live(port, LivePlan())


def test_each_of_several_options_counts(tmp_path):
    from harness.survey.evidence_files import with_evidence
    from harness.survey.live.plan import LivePlan

    phones = (Target("a", ("ABCDEF012345",)), Target("b", ("ABCDEF012346",)))
    one, other = with_evidence(phones, ["a:bands=live", "b:bands=live"], live=LivePlan(act=True))
    assert (one.walk, other.walk) == (True, True)
    (tmp_path / "no.hex").write_text("nothing")
    with pytest.raises(InputError):
        with_evidence(phones, ["a:bands=live", f"b:uecap={tmp_path / 'no.hex'}"], live=LivePlan(act=True))


def test_evidence_that_could_not_be_finished_is_told_as_far_as_it_stands(tmp_path):
    from harness.survey.together import _kept

    target = Target("d", ("/dev/ttyUSB1",))
    nothing = Survey("d", "/dev/ttyUSB1", None)
    assert _kept(target, None) == nothing
    assert _kept(target, tmp_path) == nothing
    (tmp_path / "at.yaml").write_text("x")
    assert _kept(target, tmp_path) == nothing  # no recording


@pytest.mark.parametrize(
    ("name", "file"),
    [("qxdm log.isf", "qxdm_log.isf"), ("../../x", "_.._x"), ("", "log"), ("..", "log"), ("é.qmdl", "_.qmdl")],
)
def test_the_name_of_a_log_is_a_safe_one(tmp_path, name, file):
    from harness.survey.modem_logs import _free_name, _suffix

    assert _free_name(tmp_path, name) == tmp_path / file
    (tmp_path / "a.isf").write_text("")
    (tmp_path / "a-2.isf").write_text("")
    assert _free_name(tmp_path, "a.isf") == tmp_path / "a-3.isf"
    assert _free_name(tmp_path, "x" * 300) == tmp_path / ("x" * 100)
    assert _suffix("A.ISF") == ".isf"


@pytest.mark.parametrize("part", ["sim", "supplied", "lab", "deadlines", "devices"])
def test_a_bench_file_takes_no_word_that_it_does_not_know(tmp_path, part):
    from harness.survey.bench import load_bench

    told = {
        "sim": "    sim: {plmn: '310410', iccid: x}\n",
        "supplied": "    supplied: {fcc_id: X, colour: red}\n",
        "devices": "    colour: red\n",
    }
    text = f"format: bandproof.bench/1\ndevices:\n  d:\n    at: /dev/ttyUSB1\n{told.get(part, '')}"
    text += "lab: {name: L, colour: red}\n" if part == "lab" else ""
    text += "deadlines: {device_s: 9, colour: 1}\n" if part == "deadlines" else ""
    file = tmp_path / "bench.yaml"
    file.write_text(text)
    with pytest.raises(FileError, match=r"colour|iccid"):
        load_bench(file)
