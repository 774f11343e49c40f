"""Names of dialects, what their plans send, and what the links let them send."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import CommandRefused, UnknownName, UsageError
from harness.links import read_only
from harness.links.at.port import AtPort
from harness.probes.at import registry
from harness.probes.at.dialect import Dialect
from harness.probes.at.language.answer import Modem
from harness.probes.at.page import page, requests_of_kind, rows
from harness.probes.at.registry import dialect, dialects, our_dialects
from harness.probes.at.session import MOST_REQUESTS, read_modem, requests_of
from harness.recording.exchange import Exchange

PAGE = Path(__file__).parents[3] / "docs" / "at-families.md"


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("ublox", "u-blox"),
        ("u-blox", "u-blox"),
        ("U_BLOX", "u-blox"),
        ("Thales", "cinterion"),
        ("gemalto", "cinterion"),
        ("Telit Cinterion", "cinterion"),
        ("TELIT", "telit"),
        ("SimCom", "simcom"),
        ("simtech", "simcom"),
        ("quectel-5g", "quectel"),
        ("Quectel 5G", "quectel"),
        ("Sierra Wireless", "sierra"),
        ("Nordic Semiconductor", "nordic"),
        ("xmm", "intel"),
        ("mtk", "mediatek"),
        ("Spreadtrum", "unisoc"),
        ("hisilicon", "huawei"),
    ],
)
def test_a_dialect_is_found_by_its_usual_spellings(name: str, family: str) -> None:
    assert dialect(name).name == family


def test_every_name_and_alias_leads_to_one_dialect() -> None:
    ours = {name: place for name, place in dialects().items() if place.is_ours}
    for known, place in ours.items():
        for name in (known, known.upper(), *place.aliases):
            assert dialect(name).name.replace("-", "_") == known
        assert dialect(known).aliases == place.aliases
    owners = [
        {re.sub("[-_]", "", name) for name in (known, *place.aliases)} for known, place in ours.items()
    ]  # as they are compared
    assert sum(map(len, owners)) == len(set().union(*owners))


@pytest.mark.parametrize(("name", "nearest"), [("quektel", "quectel"), ("ubloks", "u-blox"), ("thalos", "cinterion")])
def test_an_unknown_name_is_answered_with_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(UnknownName) as caught:
        dialect(name)
    assert nearest in caught.value.nearest


def test_every_plan_is_allowed_and_short() -> None:
    for family in our_dialects():
        assert family.kinds, family.name
        for kind in family.kinds:
            requests = requests_of_kind(family, kind)
            assert len(requests) <= MOST_REQUESTS, (family.name, kind, requests)
            assert all(read_only.is_read(request, family.read_forms) for request in requests), (kind, requests)


def test_what_tells_the_cause_of_a_refusal_is_allowed_alone_and_behind_any_request() -> None:
    for family in our_dialects():
        assert read_only.is_read(family.on_denial, family.read_forms), family.name
        for kind in family.kinds:
            for request in requests_of(family, Modem(model=kind.model)):
                joined = f"{request};{family.on_denial.removeprefix('AT')}"
                assert read_only.is_read(joined, family.read_forms), (family.name, joined)
                assert len(joined) < 400, (family.name, joined)


def test_every_command_of_a_plan_has_a_reader() -> None:
    from harness.at_commands import split_joined
    from harness.probes.at.standard.readers import READERS

    for name, _, requests in rows():
        readers = (*dialect(name).readers, *READERS)
        for part in (part for request in requests for part in split_joined(request)):
            assert any(reader.reads(part) for reader in readers), (name, part)


def test_every_model_is_claimed_by_its_family() -> None:
    for family in our_dialects():
        for kind in family.kinds:
            found = registry.dialect_for(Modem(None, kind.model, None))
            if family.name not in {"zte", "inseego", "mediatek"}:  # these are told by their maker's name
                assert found is not None
                assert found.name == family.name, kind


def test_no_read_form_takes_a_set_command() -> None:
    forms = tuple(form for family in our_dialects() for form in family.read_forms)
    for command in ("AT+CFUN=0", 'AT+QCFG="BAND",0,1,0', "AT#BND=0,0,1", "AT+SPLBAND=1", "AT^BAND_PREF", "AT+COPS=0"):
        assert not read_only.is_read(command, forms), command


def test_the_reads_of_a_family_are_allowed_on_its_own_link_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    command = "AT+ZZFOREIGN=1"
    family = Dialect("zz", lambda _m: True, (), lambda _m: (command,), (r"AT\+ZZFOREIGN=1",))
    monkeypatch.setattr(registry, "dialect_for", lambda _m: family)

    class Port(AtPort):
        sent: list[str]

        def _exchange(self, command: str, deadline_s: float) -> tuple[Exchange, bytes]:
            self.sent.append(command)
            return Exchange(command, b"ZZ\r\nOK\r\n"), b""

        def _into_step(self, command: str, deadline_s: float) -> None:
            pass

    ours, other = Port(object(), "ours"), Port(object(), "other")
    ours.sent, other.sent = [], []
    read_modem(ours, deadline_s=1e9)
    assert command in ours.sent
    with pytest.raises(CommandRefused):
        other.ask(command, deadline_s=1e9)
    assert other.sent == []


@pytest.mark.parametrize("form", [".*", r"AT\+.*", r"AT#BND=.*", r"AT\^[A-Z]+=\d"])
def test_a_read_form_that_takes_anything_is_refused(form: str) -> None:
    foreign = Dialect(f"wide {form}", lambda _m: True, (), lambda _m: (), (form,))
    with pytest.raises(UsageError, match="change a device"):
        foreign.check()


def test_the_page_shows_what_the_code_sends() -> None:
    assert all(len(requests) <= MOST_REQUESTS for _, _, requests in rows())
    if PAGE.read_text(encoding="utf-8") != page():
        pytest.fail("docs/at-families.md is not what the code sends: run `python -m harness.probes.at.page`")


def test_a_named_dialect_loads_its_own_family_and_looks_for_no_other_package(tmp_path: Path) -> None:
    answer = tmp_path / "answer.txt"
    answer.write_bytes(b"+CNBP: 0x0002000000400183,0x000001E000000095\r\n\r\nOK\r\n")
    script = (
        "import sys; from harness import cli; "
        f"cli.main(['decode', 'at', '--dialect', 'simcom', '--command', 'AT+CNBP?', {str(answer)!r}]); "
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = run.stderr.split()
    families = {name for name in loaded if re.match(r"harness\.probes\.at\.(?:makers|chips)\.\w", name)}
    assert families == {f"harness.probes.at.makers.simcom{part}" for part in ("", ".family", ".cells")}
    assert not {"importlib.metadata", "difflib", "serial", "yaml", "adbutils"} & set(loaded)
    assert '"supported_bands"' in run.stdout or '"enabled_bands"' in run.stdout


def test_the_door_to_one_family_costs_little_beside_what_python_itself_loads(tmp_path: Path) -> None:
    """As a ratio, so that a busy machine tells the same: what the standard modules alone cost is the measure."""
    answer = tmp_path / "answer.txt"
    answer.write_bytes(b"#BND: 0,0,40000000\r\n\r\nOK\r\n")
    words = ["decode", "at", "--dialect", "telit", "--model", "LE910C1", "--command", "AT#BND?", str(answer)]
    ours = f"from harness import cli; cli.main({words!r})"
    theirs = "import argparse, dataclasses, enum, functools, json, pathlib, re, shutil, typing, csv"

    def cpu(script: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    ratios = sorted(cpu(ours) / cpu(theirs) for _ in range(5))
    assert ratios[0] < 3
