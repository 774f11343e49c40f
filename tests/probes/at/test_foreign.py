"""Dialects of other packages: found by their entry point; a broken one is named, and nothing else breaks."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any

import pytest

from harness.errors import UnknownName, UsageError
from harness.links import read_only
from harness.observations import EnabledBands, Identity
from harness.probes.at import read, registry
from harness.probes.at.dialect import Dialect, Reader
from harness.probes.at.language.answer import Modem
from harness.probes.at.registry import dialect
from harness.probes.at.session import read_modem
from harness.recording.exchange import Exchange


def _bands(answer: Any) -> Any:
    for record in answer.named("+ACMEBND"):
        yield EnabledBands(rat="lte", bands=tuple(int(part) for part in record.text.split(",")))


def _raise(*_: Any) -> Any:
    raise RuntimeError("its table\nis gone")


GOOD = Dialect(
    "acme",
    lambda modem: modem.is_model(r"\bACME-\d"),
    (Reader(r"AT\+ACMEBND\?", _bands),),
    lambda _: ("AT+ACMEBND?",),
    aliases=("acme corp",),
)
VALUES: dict[str, Any] = {
    "good": GOOD,
    "claims": Dialect("acme", _raise, (), lambda _: ()),
    "plan": Dialect("acme", GOOD.claims, GOOD.readers, _raise),
    "reader": Dialect("acme", GOOD.claims, (Reader(r"AT\+ACMEBND\?", _raise),), GOOD.plan),
    "wide": Dialect("acme", GOOD.claims, (), GOOD.plan, (r"AT\+.*",)),
    "form": Dialect("acme", GOOD.claims, (), GOOD.plan, (r"AT\+(",)),
    "command": Dialect("acme", GOOD.claims, (Reader(r"AT\+(", _bands),), GOOD.plan),
    "other": object(),
}
MODEM = {
    "ATI": "Manufacturer: ACME\r\nModel: ACME-7\r\nRevision: 1.0",
    "AT+CGMM": "ACME-7",
    "AT+ACMEBND?": "+ACMEBND: 2,66",
}


class Link:
    address = "test"

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        text = self.answers.get(command)
        return None if text is None else Exchange(command, f"{text}\r\nOK\r\n".encode())

    def allow_reads(self, forms: Any) -> None:
        """Nothing is refused."""

    def learn_records(self, records: Any) -> None:
        """Nothing is written."""

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a package with one entry point: package("good"); any other word is a module that is not there."""

    def make(*names: str) -> None:
        for name in names:
            if name in VALUES:
                module = ModuleType(f"bandproof_acme.{name}")
                module.DIALECT = VALUES[name]  # type: ignore[attr-defined]
                monkeypatch.setitem(sys.modules, module.__name__, module)
        points = [EntryPoint(name, f"bandproof_acme.{name}:DIALECT", registry.ENTRY_POINT_GROUP) for name in names]
        monkeypatch.setattr("importlib.metadata.entry_points", lambda *, group: points)
        registry.forget()

    yield make
    monkeypatch.undo()
    registry.forget()


def test_a_dialect_of_another_package_reads_its_modem_and_is_found_by_its_names(package: Any) -> None:
    package("good")
    for name in ("good", "acme", "ACME-Corp"):
        assert dialect(name).name == "acme"
    told = read_modem(Link(MODEM), deadline_s=1)
    assert told.dialect == "acme"
    assert [item.bands for item in told.reading.observations if isinstance(item, EnabledBands)] == [(2, 66)]
    assert told.reading.warnings == ()
    assert read("+ACMEBND: 5\r\nOK\r\n", "AT+ACMEBND?").observations[0].bands == (5,)


@pytest.mark.parametrize("name", ["missing", "wide", "form", "command", "other"])
def test_a_broken_one_is_an_error_only_by_its_name_and_a_warning_of_the_survey(package: Any, name: str) -> None:
    package(name, "good")
    assert dialect("quectel").name == "quectel"
    assert dialect("acme").name == "acme"
    with pytest.raises(UsageError, match=f"bandproof_acme.{name}:DIALECT") as caught:
        dialect(name.upper())
    assert not isinstance(caught.value, UnknownName)
    assert "\n" not in caught.value.message
    with pytest.raises(UnknownName):
        dialect("nobody")
    told = read_modem(Link(MODEM), deadline_s=1)
    assert told.dialect == "acme"
    assert told.reading.warnings == (caught.value.message,)


def test_a_broken_one_breaks_no_modem_of_ours(package: Any) -> None:
    package("missing", "claims")
    told = read_modem(
        Link({"ATI": "Quectel\r\nEC25\r\nRevision: EC25AFFAR07A08M4G", 'AT+QCFG="band"': '+QCFG: "band",0x0,0x2,0x0'}),
        deadline_s=1,
    )
    assert told.dialect == "quectel"
    assert any(isinstance(item, Identity) for item in told.reading.observations)
    assert (2,) in [item.bands for item in told.reading.observations if isinstance(item, EnabledBands)]
    assert any("dialect missing of bandproof_acme.missing:DIALECT cannot be loaded" in w for w in told.reading.warnings)
    assert any("claims() failed (RuntimeError: its table is gone)" in w for w in told.reading.warnings)


@pytest.mark.parametrize(("name", "what"), [("plan", "plan() failed"), ("reader", "its reader of AT+ACMEBND? failed")])
def test_code_that_fails_on_its_own_modem_costs_what_it_would_have_read(package: Any, name: str, what: str) -> None:
    package(name)
    told = read_modem(Link(MODEM), deadline_s=1)
    assert told.modem.model == "ACME-7"
    assert not any(isinstance(item, EnabledBands) for item in told.reading.observations)
    assert any(what in warning for warning in told.reading.warnings)


def test_nothing_of_a_broken_one_may_be_sent(package: Any) -> None:
    package("wide")
    assert registry.all_dialects() == registry.our_dialects()
    assert not read_only.is_read("AT+CFUN=0")
    assert registry.dialect_for(Modem("ACME", "ACME-7", None)) is None
