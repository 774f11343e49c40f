"""A judge over public transcripts of locks: what each is known to say against what our families make of it.

A transcript has `link`, `vendor`, `model`, `transcript` (requests and lines) and `expected`; the words of `expected` are
those of the reference on band locks, section 10. Each claim is held, contradicted, or left open: nothing here tells it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from harness.at_commands import at_key
from harness.observations import EnabledBands, Registration, ServingCell
from harness.probes.at import registry
from harness.probes.at.language.answer import Modem
from harness.probes.at.locking import in_mask
from harness.probes.at.session import read_exchange
from harness.radio.channels import lte_band_of
from harness.radio.rats import family as rat_family
from harness.recording.exchange import Exchange
from harness.requirements.sweep import verdict_of_trial
from harness.state.gate import Gate
from harness.sweep import marks
from harness.sweep.reading_back import read_sweep
from harness.trial_facts import BandTrial

RATS = {
    "LTE": "lte", "LTE-M": "lte_m", "NB-IoT": "nb_iot", "NR-SA": "nr", "catm": "lte_m", "nb": "nb_iot",
    "nr_sa": "nr", "enabled_nr_sa": "nr", "enabled_lte": "lte", "enabled_umts": "umts", "enabled_nr_nsa": "nr_nsa",
}  # fmt: skip
_AT = "2026-01-05T08:00:00.000Z"
_LISTS = {"lte", "lte_m", "nb_iot", "nr", "nr_nsa", "umts"}


@dataclass
class Judged:
    """One transcript's claims: which held, which are contradicted, which nothing here tells."""

    name: str
    held: list[str] = field(default_factory=list)
    contradicted: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def claim(self, words: str, holds: bool | None) -> None:
        {True: self.held, False: self.contradicted, None: self.open}[holds].append(words)


class Transcript:
    """One file, read by its family."""

    def __init__(self, name: str, told: dict) -> None:
        self.name, self.told, self.expected = name, told, told["expected"]
        self.lock = self.expected.get("lock") or {}
        self.modem = Modem(told["vendor"], str(told["model"]), str(told["firmware"]) if told.get("firmware") else None)
        self.dialect = registry.dialect_for(self.modem) if told["link"] == "at" else None
        has = self.dialect is not None and self.dialect.locking is not None
        self.locking = self.dialect.locking(self.modem) if has else None

    @cached_property
    def steps(self) -> list[Exchange]:
        return [
            Exchange(
                " ".join(one["request"].split()),
                "".join(f"\r\n{line}\r\n" for line in one["response"]).encode(),
                elapsed_ms=1.0,
                at=_AT,
            )
            for one in self.told["transcript"]
        ]

    @cached_property
    def facts(self) -> list[tuple[Exchange, tuple]]:
        if self.told["link"] != "at":
            return []
        return [(one, read_exchange(one, self.dialect, self.modem).observations) for one in self.steps]

    def of(self, kind) -> list:
        return [item for _, told in self.facts for item in told if isinstance(item, kind)]

    @property
    def asked(self) -> dict[str, frozenset[int]]:
        """Bands that the lock asks for, by technology."""
        asked = self.lock.get("asked")
        found = asked.items() if isinstance(asked, dict) else ()
        return {
            RATS.get(key, key): frozenset(bands) for key, bands in found if isinstance(bands, list) and _numbers(bands)
        }

    def item_of(self, rat: str):
        if self.locking is None:
            return None
        # Some families tell LTE-M as LTE, having nothing else.
        return self.locking.lock_of(rat) or (self.locking.lock_of("lte") if rat == "lte_m" else None)


def _numbers(values) -> bool:
    return all(isinstance(one, int) for one in values)


def judge(name: str, told: dict) -> Judged:
    """Every claim of one transcript."""
    one, found = Transcript(name, told), Judged(name)
    for part in (
        _accepted,
        _before,
        _after,
        _written,
        _verdicts,
        _restored,
        _served,
        _registered,
        _scanned,
        _masks,
        _handset,
    ):
        part(one, found)
    return found


def _accepted(one: Transcript, found: Judged) -> None:
    """The final result of what was sent to lock."""
    wanted = one.lock.get("accepted")
    if wanted is None:
        return
    ends = [[line.strip() for line in step.text.split("\n") if line.strip()] for step in one.steps]
    good = [
        any(line == "OK" or line.endswith("completed") or "successfully" in line for line in lines) for lines in ends
    ]
    # A boot event stands for the OK of a restart.
    found.claim("accepted", any(good) if wanted else not all(good))


def _lists(expected: dict | None) -> dict[str, frozenset[int]]:
    pairs = expected.items() if isinstance(expected, dict) else ()
    known = (
        (RATS.get(key, key), bands) for key, bands in pairs if isinstance(bands, list) and bands and _numbers(bands)
    )
    return {rat: frozenset(bands) for rat, bands in known if rat in _LISTS}


def _read_lists(one: Transcript, rat: str) -> list[frozenset[int]]:
    """All lists of a technology in their order: by the family's readers, else by the item of its lock."""
    kinds = {rat, "nr_sa"} if rat == "nr" else {rat}
    read = [frozenset(item.bands) for item in one.of(EnabledBands) if item.rat in kinds and item.bands]
    if read or (lock := one.item_of(rat)) is None:
        return read
    values = [lock.item.value_in(step) for step in one.steps if at_key(step.request) == at_key(lock.item.read)]
    return [bands for value in values if value and (bands := lock.bands(value))]


def _before(one: Transcript, found: Judged) -> None:
    for rat, bands in _lists(one.expected.get("before")).items():
        lists = _read_lists(one, rat)
        found.claim(f"before {rat}", bands in lists if lists else None)


def _after(one: Transcript, found: Judged) -> None:
    for key in ("after", "after_restore_by_0"):
        for rat, bands in _lists(one.expected.get(key)).items():
            lists = _read_lists(one, rat)
            found.claim(f"{key} {rat}", lists[-1] == bands if lists else None)


def _written(one: Transcript, found: Judged) -> None:
    """A write of ours is what the transcript wrote: the same bands come out of it."""
    back = {at_key(text) for text in (one.expected.get("restore") or {}).get("commands", ())}
    sent = [step.request for step in one.steps if at_key(step.request) not in back]
    for rat, bands in one.asked.items():
        lock = one.item_of(rat)
        values = [] if lock is None else [_value_set(lock.item, request) for request in sent]
        told = [lock.bands(value) for value in values if value is not None]
        found.claim(f"written {rat}", bands in told if told and bands else None)


def _value_set(item, request: str) -> str | None:
    """What a request sets: a transcript may spell it otherwise, or leave out the field that says "now"."""
    plain = request.replace("at+qnw", "AT+QNW").replace("0X", "0x")
    spellings = (request, plain, f"{plain},1", f"{plain},,")
    return next((value for text in spellings if (value := item.value_set_by(text)) is not None), None)


def _verdicts(one: Transcript, found: Judged) -> None:
    """Replayed as a trial of each asked band: it passes only where the lock is known to be in force and serves there."""
    if one.locking is None:
        return
    serving = (one.expected.get("serving_after") or {}).get("band")
    for rat, bands in one.asked.items():
        lock = one.item_of(rat)
        for band in sorted(bands) if lock is not None else ():
            trial = _trial(one, lock, rat, band)
            word = verdict_of_trial(trial).outcome.name
            may_pass = one.lock["in_force"] is True and serving == band
            found.claim(f"verdict of {rat} {band}: {word}", word == "INCONC" or (word == "PASS" and may_pass))
            if one.lock["in_force"] is False:
                found.claim(f"not in force {rat} {band}", trial.lock != "in_force" or word == "INCONC")


def _trial(one: Transcript, lock, rat: str, band: int) -> BandTrial:
    """The transcript as one trial behind an attach with nothing locked. Times are none of it."""
    registered = Exchange(lock.registration.read, b"\r\n+CEREG: 0,1\r\n\r\nOK\r\n", elapsed_ms=1.0, at=_AT)
    whole = [
        marks.mark(marks.PLAN, lines=["bandproof.sweep/1", f"{rat} {band} tried"], at=_AT),
        marks.mark(marks.BASELINE, at=_AT), registered,
        marks.mark(marks.TRIAL, rat, band, at=_AT), *one.steps,
    ]  # fmt: skip
    numbered = [replace(step, number=place) for place, step in enumerate(whole)]
    told = read_sweep(numbered, one.dialect, one.modem, one.locking).observations
    return next(item for item in told if isinstance(item, BandTrial))


def _restored(one: Transcript, found: Judged) -> None:
    """What goes back to the letter, goes back by an item; what could not is no write that passes our gate."""
    if one.locking is None:
        return
    exact = (one.expected.get("restore") or {}).get("exact")
    commands = [at_key(text) for text in one.expected["restore"]["commands"]]
    for lock in one.locking.locks:
        before = next((v for s in one.steps if s.request == lock.item.read and (v := lock.item.value_in(s))), None)
        if before is None or lock.rat not in one.asked:
            continue
        request = lock.item.request(before)
        found.claim(f"written back {lock.rat}", None if exact is None else request is not None)
        if exact and request and len(commands) == 1 and at_key(request).split("=")[0] in commands[0]:
            same = at_key(request).removesuffix(",1") == commands[0].removesuffix(",1")
            found.claim(f"the same restore {lock.rat}", True if same else None)


def _served(one: Transcript, found: Judged) -> None:
    serving = one.expected.get("serving_after") or {}
    if serving.get("band") is None:
        return
    cells = [item for item in one.of(ServingCell) if item.role == "pcell" and item.band is not None]
    found.claim("serving band", serving["band"] in {item.band for item in cells} if cells else None)
    channel = serving.get("earfcn") or serving.get("arfcn")
    if channel is not None and any(item.arfcn is not None for item in cells):
        found.claim("serving channel", channel in {item.arfcn for item in cells})
    if serving.get("rat") in RATS and cells:
        rats = {rat_family(item.rat) for item in cells}
        found.claim("serving technology", bool(rats & {RATS[serving["rat"]], "lte"}))


def _registered(one: Transcript, found: Judged) -> None:
    if "registered" not in one.expected:
        return
    states = [
        item for step, told in one.facts if "REG?" in step.request.upper()
        for item in told if isinstance(item, Registration) and item.domain != "cs"
    ]  # fmt: skip
    on = [item.state in {"home", "roaming"} for item in states]
    # What came after something else was changed is told apart from it.
    later = any(key.startswith("after") for key in one.expected)
    last = on[0] if later and on else any(on)
    found.claim("registered", last == bool(one.expected["registered"]) if states else None)
    cause = one.expected.get("cause")
    if isinstance(cause, int):
        causes = {item.cause for item in one.of(Registration) if item.cause}
        found.claim("cause", cause in causes if causes else None)


def _scanned(one: Transcript, found: Judged) -> None:
    """A line's band follows from its channel; one with several bands on a frequency names one of them."""
    for entry in one.expected.get("scan") or ():
        if entry.get("band") is None or entry.get("earfcn") is None or entry.get("rat") == "NR":
            continue
        found.claim(f"scan {entry['earfcn']}", lte_band_of(entry["earfcn"]) == entry["band"])


def _masks(one: Transcript, found: Judged) -> None:
    """TLVs of QMI: little-endian masks, whose lowest bit is band 1."""
    lines = [line for step in one.steps for line in step.text.splitlines()]
    tlvs = {
        line.split(":")[0].strip(): line.split(":", 1)[1] for line in lines if line.startswith("0x") and ":" in line
    }
    for key, tlv in (("catm_mask_decoded", "0x25"), ("nb_mask_decoded", "0x26")):
        if key in one.expected and tlv in tlvs:
            mask = int.from_bytes(bytes.fromhex(tlvs[tlv].replace(":", " ")), "little")
            found.claim(key, in_mask(mask) == frozenset(one.expected[key]))


def _handset(one: Transcript, found: Judged) -> None:
    """A handset's modes: read raw, written in binary, and no word of success beside a refusal."""
    if one.told["link"] != "adb":
        return
    from harness.probes.adb.state import NETWORK_TYPES

    raw = f"{one.expected['before']['raw_user']:020b}"
    item = NETWORK_TYPES[0]
    # A transcript may ask for one row of the same columns.
    reads = [step for step in one.steps if step.request.split(" --where")[0] == item.read]
    found.claim("before", [item.value_in(step) for step in reads] == [raw])
    written = [step for step in one.steps if item.value_set_by(step.request) is not None]
    found.claim("accepted by its words", [item.was_accepted(step) for step in written] == [True])
    found.claim("the same restore", item.request(raw) in one.expected["restore"]["commands"])
    others = [step.request for step in one.steps if step not in (*reads, *written)]
    found.claim("no other passes", not any(Gate((item,), "a test").permits(request) for request in others))
