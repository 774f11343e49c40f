"""Cells that a person switches: the word that was said, and no other."""

from __future__ import annotations

import pytest

from harness.cells.manual import ManualCells
from harness.cells.source import LiveCells


def operator(*answers):
    asked, left = [], list(answers)

    def ask(question):
        asked.append(question)
        return left.pop(0)

    return ManualCells(ask), asked


@pytest.mark.parametrize(("word", "on"), [("y\n", True), ("YES", True), ("n", False), ("", None), ("perhaps", None)])
def test_what_was_not_said_is_not_known(word, on):
    cells, asked = operator(word)
    assert cells.on("lte", 12).on is on
    assert "B12" in asked[0]
    assert cells.on_air("lte", 12).on is on
    assert cells.on_air("lte", 66).on is None


@pytest.mark.parametrize(("word", "attached"), [("y", True), ("n", False), ("", None)])
def test_the_networks_word_is_asked_for_where_there_was_a_cell(word, attached):
    cells, asked = operator("y", word)
    cells.on("nr", 71)
    assert cells.network("nr", 71).attached is attached
    assert "n71" in asked[1]


def test_for_a_leg_of_en_dc_the_anchor_is_asked_for_as_well():
    cells, asked = operator("y", "n")
    assert cells.on("nr_nsa", 79).on is True
    assert "an LTE cell with an NR leg (EN-DC) of n79" in asked[0]
    assert cells.network("nr_nsa", 79).attached is False


def test_where_there_was_none_nobody_is_asked():
    cells, asked = operator("n")
    cells.on("lte", 12)
    assert cells.network("lte", 12).attached is None
    assert len(asked) == 1


def test_the_live_network_tells_nothing():
    cells = LiveCells()
    assert cells.on("lte", 12).on is cells.on_air("lte", 12).on is cells.network("lte", 12).attached is None
