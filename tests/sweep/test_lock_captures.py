"""Every public transcript of a lock: read by its family, held against what it is known to say. Skipped without them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import yaml

from harness.at_commands import at_key
from harness.links.read_only import is_read
from harness.observations import EnabledBands, Registration, ServingCell
from harness.probes.at import read_parts, registry
from harness.probes.at.language.answer import Modem
from harness.probes.at.session import read_exchange
from harness.radio.rats import family as rat_family
from harness.recording.exchange import Exchange
from harness.state.gate import Gate

RATS = {"LTE": "lte", "LTE-M": "lte_m", "NB-IoT": "nb_iot", "NR-SA": "nr", "catm": "lte_m", "nb": "nb_iot"}
BARE_WRITES = ("AT^BAND_PREF", "AT^LTE_LOCK", "AT+CLECELL", "AT+CLEARFCN", "AT+CMSSN")


def transcripts(folder):
    found = {}
    for file in sorted((folder / "lock").glob("*.yaml")):
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
        if told["link"] == "at":
            found[file.stem] = told
    return found


@pytest.fixture(scope="module")
def told(captures_dir):
    found = transcripts(captures_dir)
    assert len(found) > 50
    return found


def modem_of(one):
    return Modem(one["vendor"], str(one["model"]), str(one["firmware"]) if one.get("firmware") else None)


def exchanges(one):
    lines = [(step["request"], step["response"]) for step in one["transcript"]]
    return [Exchange(request, "".join(f"\r\n{line}\r\n" for line in response).encode()) for request, response in lines]


def facts(one):
    """All that the family reads of the answers, in their order; an answer never ends in anything but facts and words."""
    modem = modem_of(one)
    dialect = registry.dialect_for(modem)
    return [(step, read_exchange(step, dialect, modem).observations) for step in exchanges(one)]


def test_every_answer_is_read_without_an_error(told):
    for one in told.values():
        facts(one)


def test_the_serving_cell_of_each_is_the_one_that_it_is_known_to_have(told):
    held = 0
    for name, one in told.items():
        known = one["expected"].get("serving_after")
        if not known or known.get("band") is None:
            continue
        cells = [
            item for _, told_ in facts(one) for item in told_ if isinstance(item, ServingCell) and item.role == "pcell"
        ]
        if not cells:
            continue  # Told beside the transcript, in no answer of it.
        last = cells[-1]
        bands = {cell.band for cell in cells if cell.band is not None}
        assert known["band"] in bands, (name, cells)
        channel = known.get("earfcn") or known.get("arfcn")
        if channel is not None:
            assert channel in {cell.arfcn for cell in cells}, name
        if known.get("pci") is not None:
            assert known["pci"] in {cell.pci for cell in cells}, name
        if known.get("rat") in RATS:
            assert rat_family(last.rat) in {RATS[known["rat"]], "lte"}, name
        held += 1
    assert held >= 8


def test_states_and_causes_are_read_as_they_are_known(told):
    held = 0
    for name, one in told.items():
        expected = one["expected"]
        if "registered" not in expected:
            continue
        states = [
            item for step, told_ in facts(one) if "REG?" in step.request
            for item in told_ if isinstance(item, Registration) and item.domain != "cs"
        ]  # fmt: skip
        if not states:
            continue
        on = any(item.state in {"home", "roaming"} for item in states)
        assert on or not expected["registered"], name
        cause = expected.get("cause")
        if isinstance(cause, int) and any(item.cause for item in states):
            assert cause in {item.cause for item in states}, name
        held += 1
    assert held >= 4


def lockings(told):
    for name, one in told.items():
        modem = modem_of(one)
        dialect = registry.dialect_for(modem)
        locking = dialect.locking(modem) if dialect is not None and dialect.locking is not None else None
        if locking is not None:
            yield name, one, dialect, locking


def asked_of(one, rat):
    asked = (one["expected"].get("lock") or {}).get("asked")
    if not isinstance(asked, dict):
        return None
    found = {RATS.get(key, key.removesuffix("_sa")): bands for key, bands in asked.items()}
    return found.get(rat)


def test_writes_of_bands_are_those_of_the_items_and_read_back_as_known(told):
    held = 0
    for name, one, _, locking in lockings(told):
        lock_told = one["expected"].get("lock") or {}
        for lock in locking.locks:
            asked = asked_of(one, lock.rat)
            for place, step in enumerate(steps := exchanges(one)):
                value = lock.item.value_set_by(_normal(step.request, lock.item))
                if value is None or not asked:
                    continue
                if lock.bands(value) != frozenset(asked):
                    continue
                assert lock.item.was_accepted(step) is lock_told["accepted"], name
                reads = [lock.item.value_in(later) for later in steps[place:] if later.request == lock.item.read]
                if reads and lock_told["in_force"]:
                    assert any(read is not None and lock.bands(read) == frozenset(asked) for read in reads), (
                        name,
                        reads,
                    )
                held += 1
    assert held >= 5


def _normal(request, item):
    """As the item would write it: a transcript may leave out the field that says "now"."""
    if item.value_set_by(request) is None and request.startswith('AT+QCFG="band",'):
        return f"{request},1"
    return request


def test_lists_before_a_lock_are_read_as_they_are_known_and_could_be_written_back(told):
    held = 0
    for name, one, _, locking in lockings(told):
        before = one["expected"].get("before") or {}
        for lock in locking.locks:
            known = next((bands for key, bands in before.items() if _is_list(key, lock.rat) and bands), None)
            first = next((step for step in exchanges(one) if step.request == lock.item.read), None)
            if known is None or first is None:
                continue
            value = lock.item.value_in(first)
            assert value is not None, name
            assert lock.bands(value) == frozenset(known), name
            assert lock.item.value_set_by(lock.item.request(value) or "") == value, name
            held += 1
    assert held >= 3


def _is_list(key, rat):
    return key in {rat, f"enabled_{rat}"} or RATS.get(key) == rat


def test_nothing_passes_the_gate_that_is_no_write_of_an_item(told):
    refused = 0
    for name, one, dialect, locking in lockings(told):
        gate = Gate(locking.items, "a test")
        for step in exchanges(one):
            written = gate.item_written(step.request)
            if written is None and not is_read(step.request, dialect.read_forms) and not gate.permits(step.request):
                refused += 1
            assert not gate.permits(step.request) or written is not None or step.request in _reads(locking), name
        for bare in BARE_WRITES:
            assert not gate.permits(bare)
            assert not is_read(bare, dialect.read_forms)
    assert refused >= 10


def _reads(locking):
    """What passes beside writes: read forms, and what belongs to a write (a restart, a word that lets it through)."""
    beside = {request for item in locking.items for request in (item.restart, item.unlocked_by)} - {""}
    return {item.read for item in locking.items} | beside


def test_a_kept_cell_in_a_transcript_is_no_new_registration(told):
    """The list is written, and the modem is registered before and behind it without a time between."""
    from harness.sweep import marks
    from harness.sweep.reading_back import read_sweep

    one = told["simcom-sim7070-1"]
    modem = modem_of(one)
    dialect = registry.dialect_for(modem)
    locking = dialect.locking(modem)
    at = "2026-01-05T08:00:00.000Z"
    steps = [replace(step, at=at, elapsed_ms=1.0) for step in exchanges(one)]
    # The transcript asks +CREG; a sweep asks +CEREG, of the same state.
    steps = [replace(step, request=step.request.replace("+CREG", "+CEREG"), response=step.response.replace(b"+CREG", b"+CEREG"))
             for step in steps]  # fmt: skip
    plan = marks.mark(marks.PLAN, lines=["bandproof.sweep/1", "lte_m 20 tried"], at=at)
    baseline, trial = marks.mark(marks.BASELINE, at=at), marks.mark(marks.TRIAL, "lte_m", 20, at=at)
    whole = [plan, baseline, *[s for s in steps if "CEREG" in s.request][:1], trial, *steps]
    numbered = [replace(step, number=place) for place, step in enumerate(whole)]
    (found,) = [f for f in read_sweep(numbered, dialect, modem, locking).observations if f.kind == "band_trial"]
    assert found.baseline
    assert found.registered
    assert not found.fresh


def test_what_is_enabled_by_a_transcript_is_what_its_family_reads(told):
    """A list that an item reads, and the family's own reader of the same answer, tell the same bands."""
    held = 0
    for name, one, dialect, locking in lockings(told):
        for step in exchanges(one):
            for lock in locking.locks:
                if at_key(step.request) != at_key(lock.item.read):
                    continue
                value = lock.item.value_in(step)
                read = [
                    item for item in read_parts(step.text, step.request, dialect, modem_of(one)).observations
                    if isinstance(item, EnabledBands) and rat_family(item.rat) == lock.rat and item.bands
                ]  # fmt: skip
                if value is None or not read or (re.search(r"BAND_PREF", step.request) is None and len(read) != 1):
                    continue
                assert lock.bands(value) == frozenset(read[0].bands), (name, step.request)
                held += 1
    assert held >= 5


def test_scans_of_the_field_name_the_bands_that_are_on_air(told):
    """By their channels; a cell without a level is on air for others to see, and is not taken for one."""
    from harness.probes.at.chips.nordic_scans import read_ncellmeas
    from harness.probes.at.makers.quectel.scans import read_qscan
    from harness.radio.channels import lte_band_of, nr_candidates

    readers = {"AT+QSCAN": read_qscan, "AT%NCELLMEAS": read_ncellmeas}
    held = 0
    for name, one in told.items():
        known = one["expected"].get("bands_on_air_by_scan")
        for step in exchanges(one) if known else ():
            read = next((reader for word, reader in readers.items() if step.request.startswith(word)), None)
            if read is None or (heard := read(step.text)) is None:
                continue
            told_of = [nr_candidates(cell.channel) if cell.nr else (lte_band_of(cell.channel),) for cell in heard]
            assert all(set(bands) & set(known) for bands in told_of), name
            assert set(known) <= {band for bands in told_of for band in bands}, name
            assert [cell.has_level for cell in heard].count(False) == step.text.count(",-,-,-"), name
            held += 1
    assert held >= 3
