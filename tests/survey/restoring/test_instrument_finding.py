"""The instrument of a journal: where it was, and by what it says that it is."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from harness.cells import specs
from harness.errors import UsageError
from harness.state.journal import SCHEMA, ItemChange, JournalPage
from harness.survey.restoring.instrument_finding import find_instrument


def page(*channels: str, reached: str = "box", device: str = "KEY") -> JournalPage:
    changes = tuple(ItemChange(f"item{n}", one, "a", ("b",), "done", "") for n, one in enumerate(channels))
    return JournalPage(SCHEMA, device, "x", "A", "t", "t", changes=changes, reached=reached)


@pytest.fixture
def source(monkeypatch):
    changer = SimpleNamespace(key="KEY", kind="scpi", gated=lambda why: ("gated", why), items={"rf": 1}, firmware="F")
    told = SimpleNamespace(opened=[], closed=0, changer=changer)

    def close() -> None:
        told.closed += 1

    told.close = close

    def opened(spec):
        told.opened.append(spec)
        return told

    monkeypatch.setattr(specs, "parse_spec", lambda text: f"spec {text}")
    monkeypatch.setattr(specs, "open_spec", opened)
    return told


@pytest.mark.parametrize("channel", ["scpi", "amarisoft", "http"])
def test_it_is_found_where_it_was(source, channel):
    found = find_instrument(page("adb", channel), 5.0)
    assert found is not None
    assert source.opened == ["spec box"]
    assert (dict(found.channels), found.items, found.firmware) == ({"scpi": ("gated", "restore")}, {"rf": 1}, "F")
    assert source.closed == 0
    found.close()
    assert source.closed == 1


@pytest.mark.parametrize("page_", [page("adb", "at"), page(), page("scpi", reached="")])
def test_a_journal_of_something_else_opens_nothing(source, page_):
    assert find_instrument(page_, 5.0) is None
    assert source.opened == []


def test_another_instrument_at_its_place_is_let_go_of(source):
    assert find_instrument(page("scpi", device="ANOTHER"), 5.0) is None
    assert source.closed == 1
    source.changer = None
    assert find_instrument(page("scpi"), 5.0) is None
    assert source.closed == 2


def test_a_spec_that_this_version_does_not_know_is_none(source, monkeypatch):
    def unknown(text):
        raise UsageError("no such source")

    monkeypatch.setattr(specs, "parse_spec", unknown)
    assert find_instrument(page("scpi"), 5.0) is None
