"""An answer that another handset gave before, word by word, is read as if it were the first."""

from harness.equal_texts import forget_all
from harness.probes.adb import plan, read_packages
from harness.probes.adb.answers import read_answer
from harness.recording.files import find_recordings, load_recording

RECORDED = {
    name: {one.request: one.text for one in load_recording(folder).links.get("adb", ()) if one.error is None}
    for name, folder in find_recordings().items()
}


def test_every_recorded_handset_is_read_again_as_it_was():
    asked = [(text, command) for told in RECORDED.values() for command, text in told.items()]
    first = {}
    for name, told in RECORDED.items():
        forget_all()
        first[name] = repr(plan.read_all(told))
    alone = []
    for one in asked:
        forget_all()
        alone.append(repr(read_answer(*one)))
    for _ in range(2):
        assert {name: repr(plan.read_all(told)) for name, told in RECORDED.items()} == first
        assert [repr(read_answer(*one)) for one in asked] == alone
    assert len(set(alone)) > 50


def test_another_command_slot_or_way_is_another_question():
    read = "cmd phone get-allowed-network-types-for-users -s {}"
    forget_all()
    slots = [read_answer("LTE|NR", read.format(slot)).observations[0] for slot in (0, 1, 0)]
    assert [one.slot for one in slots] == [0, 1, 0]
    assert [one.source.request for one in slots] == [read.format(slot) for slot in (0, 1, 0)]
    pasted = "01-02 03:04:05.678  1000  1234  1234 D X: [ro.product.model]: [M]\n"
    ways = [read_answer(pasted, "getprop", pasted=way) for way in (True, False, True)]
    assert ways[0] == ways[2]
    assert ways[0] != ways[1]


def test_what_is_switched_off_is_no_part_of_another_s_list():
    names = ("android", "com.android.settings", "com.android.systemui", "com.google.android.gms")
    apps = "".join(f"package:{name}\n" for name in (*(f"com.some.app{number}" for number in range(50)), *names))
    off = "package:com.google.android.gms\n"
    told = [read_packages(apps, one).observations[0].services for one in (None, off, "", None)]
    assert told == ["present", "disabled", "present", "present"]
