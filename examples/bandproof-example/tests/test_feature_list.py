"""The laboratory's form: what it writes it reads, and a line that is wrong is told."""

from __future__ import annotations

from pathlib import Path

from harness.extending import fill_ics, hold_ics, ics_form_named, read_declaration, read_device

from bandproof_example.feature_list import FORM

MODEM = Path(__file__).parent.parent / "recordings" / "nowhere-nw200-us"


def test_what_is_written_is_read_and_agrees(tmp_path):
    device = read_device(str(MODEM))
    file = tmp_path / "features.txt"
    file.write_bytes(FORM.write(fill_ics(device)))
    declaration = read_declaration(file)
    assert (declaration.form, declaration.faults) == ("nowhere-lab", ())
    held = hold_ics(device, declaration)
    assert held.agrees
    assert {line.item.mnemonic for line in held.of("agrees") if line.stated == "true"} >= {"pc_eBand12_Supp", "pc_eFDD"}


def test_a_line_that_is_wrong_is_told_with_its_place(tmp_path):
    file = tmp_path / "features.txt"
    file.write_text("NOWHERE LAB FEATURE LIST\npc_eBand12_Supp = perhaps\npc_eBand2_Supp = yes\nB4\n", encoding="utf-8")
    found = read_declaration(file)
    assert [one.place.row for one in found.faults] == [2, 4]
    assert [one.reference.item.label for one in found.statements] == ["B2"]


def test_the_command_line_knows_it():
    assert ics_form_named("nowhere-lab").write is FORM.write
