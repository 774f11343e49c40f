"""What a document is made of: frozen structs, encoded as they stand. Their annotations are the published JSON Schema.

Every field without a default is written always and must be there when a document is read; fields that came with a later
schema have a default, so that documents of `bandproof.report/1` and `/2` are read, too.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from harness.observations import GradeWord, Rat, Source
from harness.reports.document.told_facts import ToldFacts
from harness.verdicts.verdict import Outcome, Policy
from harness.verdicts.ways_out import LEADS

LevelWord = Literal["mandatory", "recommended", "informative"]
LayerName = Literal["hardware", "policy", "advertised", "supported", "declared", "enabled", "attached"]

Words = Annotated[str, Meta(min_length=1)]
Count = Annotated[int, Meta(ge=0)]
Line = Annotated[int, Meta(ge=1)]
Moment = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z$")]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
PlmnDigits = Annotated[str, Meta(pattern=r"^[0-9]{5,6}$")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Band = Annotated[int, Meta(ge=1, le=65535)]
_UNIQUE = Meta(extra_json_schema={"uniqueItems": True})
BandList = Annotated[tuple[Band, ...], _UNIQUE]
InsideFile = Annotated[
    str, Meta(pattern=r"^(?!/)(?!(.*/)?\.\.(/|$)).+$", description="a file of the run's folder, never one outside it")
]


class RunEntry(Struct, frozen=True, kw_only=True):
    """What was asked for, when, and by which tool. `finished` None: the run was stopped."""

    adb: str | None
    id: Words
    """Random hex digits: 8, in old documents 4."""
    started: Moment
    finished: Moment | None
    policy: Policy
    require_grade: GradeWord
    as_of: Day | None
    complete: bool = True
    command: tuple[str, ...]
    tool: Annotated[str, Meta(pattern="^bandproof ")]
    key: str | None = None
    """What a history counts by: start and id, `2026-11-21T14-03-11Z-7f3a90c2`."""
    report: str | None = None
    """The report's number, which no other report has: the laboratory's own, else day and id."""
    bench: str | None = None
    """The bench that the run was made on, as its file names it."""
    data: str | None = None
    """Version of the data: a short hash over all profiles and sheets that the run judged by."""
    max_evidence_age: Count | None = None
    """How many days old the evidence of a device might be; None: any."""

    @property
    def number(self) -> str:
        """What the report is called: its number, of an old one the run's id."""
        return self.report or self.id


class EvidencePlace(Struct, frozen=True):
    """Where a fact was read: link, number of the exchange (from 0), its request, line of the answer (from 1)."""

    link: str | None = None
    exchange: Count | None = None
    request: str | None = None
    line: Line | None = None


def place_of(source: Source) -> EvidencePlace:
    """Where a fact was read, as the document keeps it."""
    return EvidencePlace(source.link, source.exchange, source.request, source.line)


class ReasonEntry(Struct, frozen=True, omit_defaults=True):
    """What speaks against a device, or is open."""

    requirement: str
    verdict: Outcome
    reason: str
    ways_out: tuple[str, ...] = ()
    """Of what is open: what would decide it, any one of them."""

    @property
    def bare(self) -> str:
        """The reason without its ways out."""
        return self.reason.partition(LEADS)[0]


class CarrierResult(Struct, frozen=True, kw_only=True):
    """One device judged by one edition, as a whole.

    `asked` counts what can decide: all requirements that are not informative, whatever the device. It is the sum of
    `met`, `failed`, `open`, `not_applicable` and of what was waived. (Before `bandproof.report/3` it left out what did
    not apply to the device.)
    """

    device: str
    carrier: Words
    name: str
    edition: Day
    verdict: Outcome
    met: Count
    asked: Count
    grade: GradeWord | None
    """The weakest grade that the result rests on."""
    bands_asked: str
    missing: tuple[str, ...]
    """Labels of the bands that are missing, mandatory ones first; `missing_roles` says what each is for."""
    missing_roles: tuple[str, ...]
    reasons: tuple[ReasonEntry, ...]
    not_run: Annotated[tuple[str, ...], _UNIQUE]
    sentence: Words
    failed: Count = 0
    open: Count = 0
    not_applicable: Count = 0

    @property
    def ref(self) -> tuple[str, str]:
        """Carrier and edition."""
        return self.carrier, self.edition

    @property
    def is_met(self) -> bool:
        """Whether the device meets the carrier, be it with notes or under waivers."""
        return self.verdict in {Outcome.PASS, Outcome.PASS_NOTE, Outcome.WAIVED}


class ConnectionEntry(Struct, frozen=True):
    """How a device was reached, and how long reading it took."""

    links: Annotated[tuple[str, ...], _UNIQUE]
    dialect: str | None
    elapsed_s: Annotated[float, Meta(ge=0)]


class Said(Struct, frozen=True):
    """One side of a disagreement."""

    what: str
    source: EvidencePlace | None
    grade: GradeWord | None


class Disagreement(Struct, frozen=True):
    """Sources of one device that say different things of the same fact."""

    about: str
    says: Annotated[tuple[Said, ...], Meta(min_length=1)]


class ExchangeEntry(Struct, frozen=True, kw_only=True):
    """The index entry of one exchange; its text is in the evidence."""

    number: Count
    link: Literal["adb", "at", "qmi", "uecap", "sweep"]
    request: str
    at: str | None
    elapsed_ms: float | None
    exit_code: int | None
    bytes: Count
    error: str | None


LayerBands = dict[LayerName, dict[Rat, BandList | Literal["unlimited"]]]
"""Layer -> RAT -> sorted bands, or that nothing is restricted. What nothing tells is absent."""


class DeviceEntry(Struct, frozen=True, kw_only=True):
    """One device: identity card, layers of bands, facts with their sources, index of the exchanges."""

    device: Words
    address: str
    kind: Literal["handset", "modem"] | None
    label: str
    provenance: Literal["recorded", "captured", "composed"] | None
    identity: Annotated[dict[str, str], Meta(extra_json_schema={"properties": {"tac_imei": {"maxLength": 8}}})]
    sims: ToldFacts
    connection: ConnectionEntry
    declared_by: str | None
    declared_bands: dict[Rat, BandList]
    sheet_remark: str | None
    layers: LayerBands
    disagreements: tuple[Disagreement, ...]
    trouble: str | None
    warnings: tuple[str, ...]
    observations: ToldFacts
    exchanges: tuple[ExchangeEntry, ...]
    sample: str | None = None
    """The piece in hand: the number that the customer or the laboratory gave it."""
    key: str | None = None
    """What a history knows the piece by, whatever it is called: its number, else a keyed hash of its serial."""
    firmware: str | None = None
    """The build; of a modem its baseband."""
    declared_confidence: Literal["A", "B", "C", "D"] | None = None
    """Of the sheet that declares: A the maker's own page, B published lists, C one of them, D memory."""
    declared_sources: tuple[str, ...] = ()
    """Where the sheet has its lists from."""
    declared_own: bool = False
    """The sheet is the laboratory's own, that the bench names: supplied by the customer."""
    locks: tuple[str, ...] = ()
    """Locks to cells, channels or one technology that were in force, in words: they qualify what is attached."""
    bonds: tuple[str, ...] = ()
    """What each pair of its links is bound by, in words; of a device that was read over one link there are none."""


def declaration(device: DeviceEntry) -> str:
    """The sheet with its confidence and its sources, in words; empty where none declares."""
    if device.declared_by is None:
        return ""
    doubt = ", from memory, unverified" if device.declared_confidence == "D" else ""
    parts = [f"confidence {device.declared_confidence}{doubt}"] if device.declared_confidence else []
    parts += [f"source: {' / '.join(device.declared_sources)}"] if device.declared_sources else []
    parts += ["supplied by the customer"] if device.declared_own else []
    return device.declared_by + (f" ({'; '.join(parts)})" if parts else "")


class AlternativeEntry(Struct, frozen=True):
    """A band that serves in place of the one asked for."""

    band: Band
    relation: str
    note: str = ""


class RequirementEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One numbered rule. Fields with a default are those of some kinds only."""

    id: str
    kind: str
    text: str
    level: LevelWord
    needed: GradeWord
    publishers: tuple[str, ...]
    authority: str | None
    as_of: str | None
    note: str
    role: str | None = None
    rat: Rat | None = None
    bands: BandList | None = None
    any_of: tuple[AlternativeEntry, ...] | None = None
    nr_mode: str | None = None
    serving: dict[str, tuple[int, ...]] | None = None
    states: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    configuration: Annotated[str, Meta(pattern="^(CA|DC)_")] | None = None
    uplink: str | None = None
    dl_category: int | None = None
    ul_category: int | None = None
    related: tuple[str, ...] | None = None
    """Conformance tests that it is related to; meeting it passes none of them."""


class AliasEntry(Struct, frozen=True):
    """A legacy alias that an edition declares: a band that serves where another is asked."""

    rat: Rat
    band: int
    satisfied_by: int
    since: Day
    reason: str


class VoiceEntry(Struct, frozen=True):
    """What an edition says of calls."""

    volte: str
    fallback: tuple[str, ...]
    note: str


class EditionEntry(Struct, frozen=True, kw_only=True):
    """An edition as the run judged by it."""

    carrier: Words
    name: str
    country: str
    nature: str
    plmns: tuple[PlmnDigits, ...]
    edition: Day
    asked: Day
    """The day that was asked about."""
    stale: bool
    ended: str | None
    confidence: Literal["A", "B", "C", "D"]
    sources: tuple[str, ...]
    note: str
    not_assessed: tuple[str, ...]
    bands_asked: str
    requirements: Annotated[tuple[RequirementEntry, ...], Meta(min_length=1)]
    aliases: tuple[AliasEntry, ...]
    voice: VoiceEntry | None
    profile_sha256: Sha256 | None = None
    """Over the carrier's file and those that it inherits from, as the run kept them."""

    @property
    def ref(self) -> tuple[str, str]:
        """Carrier and edition."""
        return self.carrier, self.edition


class AttemptEntry(Struct, frozen=True):
    """What a case came to once, where it was judged more than once."""

    verdict: Outcome
    reason: str


class VerdictEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One verdict with the lines of evidence that it rests on."""

    device: str
    carrier: Words
    edition: Day
    requirement: str
    text: str
    level: LevelWord
    verdict: Outcome
    reason: Words
    grade: GradeWord | None
    evidence: tuple[EvidencePlace, ...]
    attempts: Annotated[tuple[AttemptEntry, ...], Meta(min_length=2)] | None = None
    ways_out: tuple[str, ...] = ()
    """Of an open verdict: what would decide it, any one of them."""

    @property
    def ref(self) -> tuple[str, str]:
        """Carrier and edition."""
        return self.carrier, self.edition


class OwnCaseEntry(Struct, frozen=True, kw_only=True):
    """What came of one of the laboratory's own cases. It decides nothing about a carrier."""

    device: str
    carrier: str | None
    """Carrier and edition that it was about, where it asked for one."""
    case: str
    """Its pytest id."""
    text: str
    outcome: Literal["passed", "failed", "skipped", "error"]
    reason: str


class FileEntry(Struct, frozen=True):
    """A file of the evidence, with its hash."""

    file: InsideFile
    bytes: Count
    sha256: Sha256
