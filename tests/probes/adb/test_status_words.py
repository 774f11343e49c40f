"""A state of the phone is no operator; what is allowed is what every reason allows."""

import adb_samples as samples
import pytest

from harness.probes.adb import read
from harness.probes.adb.language.status_words import is_status
from harness.probes.adb.modes import allowed_of_reasons
from harness.probes.adb.plan import ALLOWED, ISUB, MODES, read_all

ENTRY = (
    "  {{id=1 iccId=8900[****] simSlotIndex=0 carrierId={id} displayName={display} carrierName={name} nameSource=0 iconTint=-1 "
    "mcc=901 mnc=70 countryIso=null}}\n"
)
STATES = (
    *(
        "Dienst nicht verfügbar",
        "NO SERVICE",
        "No service.",
        "Nur Notrufe",
        "Emergency calls only",
        "没有服务",
        "无服务",
        "圏外",
    ),
    *(
        "Aucun service",
        "Sin servicio",
        "Só chamadas de emergência",
        "Nessun servizio",
        "Geen service",
        "Нет сети",
        "서비스 없음",
    ),
    *("Brak usługi", "Žádná služba", "Δεν υπάρχει υπηρεσία", "لا توجد خدمة", "ไม่มีบริการ", "Servis yok", "Ingen tjänst"),
    *("No SIM card", "Searching for service", "No service — Net", "null", ""),
)


@pytest.mark.parametrize("text", STATES)
def test_a_state_in_any_language(text):
    assert is_status(text)
    (sim,) = read("ActiveSubInfoList:\n" + ENTRY.format(id=1, display="Net", name=text)).observations
    assert sim.operator is None
    assert sim.plmn == "90170"


@pytest.mark.parametrize(
    "text", ["AT&T", "Vodafone.de", "中国移动", "Service Net", "Telia N", "Net 1", "Orange B", "None Mobile"]
)
def test_a_name_is_a_name(text):
    assert not is_status(text)
    (sim,) = read("ActiveSubInfoList:\n" + ENTRY.format(id=1, display="Net", name=text)).observations
    assert sim.operator == text


def test_in_a_language_nobody_knows_the_sim_must_vouch_for_the_name():
    def operator(**fields):
        (sim,) = read("ActiveSubInfoList:\n" + ENTRY.format(**fields)).observations
        return sim.operator

    assert operator(id=-1, display="CARD 1", name="Xyzzy plugh") is None
    assert operator(id=-1, display="Plugh", name="Plugh") == "Plugh"
    assert operator(id=7, display="CARD 1", name="Plugh") == "Plugh"


def test_the_reasons_are_anded():
    nr, lte, gsm = 1 << 19, 1 << 12, 1 << 15
    assert allowed_of_reasons(f"user={nr | lte | gsm}") == (("gsm", "lte", "nr"), ())
    assert allowed_of_reasons(f"user={nr | lte | gsm},carrier={lte | gsm},enable_2g={nr | lte}") == (
        ("lte",),
        ("carrier",),
    )
    assert allowed_of_reasons("user=1,power=0") == ((), ("user", "power"))
    for bad in ("", "user", "user=", "user=-1", "user=x", "USER=1", "user=9999999999999"):
        assert allowed_of_reasons(bad) is None


ISUB_TEXT = samples.ISUB_14.replace(
    "ehplmns= ]", "ehplmns= allowedNetworkTypesForReasons=user=840583,power=316295 userId=-10000]"
)


def test_the_allowed_types_explain_a_missing_nr():
    reading = read(ISUB_TEXT, ISUB)
    (mode,) = [one for one in reading.observations if one.kind == "network_mode"]
    assert (mode.slot, mode.rats, mode.raw) == (1, ("gsm", "umts", "lte"), "user=840583,power=316295")
    assert any("slot 1" in text and "leave NR out (reason: power)" in text for text in reading.warnings)
    assert not any("NR" in text for text in read(ISUB_TEXT.replace("316295", "840583"), ISUB).warnings)


def test_what_all_reasons_allow_counts_before_what_the_user_allows():
    answers = {ISUB: ISUB_TEXT, ALLOWED[1]: "11001101001110000111\n", MODES[0]: "33\n"}
    modes = [one for one in read_all(answers).observations if one.kind == "network_mode"]
    assert [(one.slot, "nr" in one.rats) for one in modes] == [(1, False)]


def test_sim_states_of_isub():
    text = "mSimState[0]=ABSENT\nmSimState[1]=PIN_REQUIRED\n" + samples.ISUB_14
    sims = {one.slot: one.state for one in read(text, ISUB).observations if one.kind == "sim"}
    assert sims == {0: "absent", 1: "pin_required"}
    unknown = {one.slot: one.state for one in read("mSimState[1]=UNKNOWN\n" + samples.ISUB_14, ISUB).observations}
    assert unknown == {1: None}
