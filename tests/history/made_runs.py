"""Finished runs made of the shipped sample: a piece, a build, its bands, its verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from harness.history.rows import encoded_rows, key_of
from harness.observations import Grade, Sim
from harness.reports.document.document import load_document, summary_of
from harness.reports.document.told_facts import facts_of
from harness.requirements.outcomes import Outcome, worst
from harness.trial_facts import BandTrial, RatTrial

if TYPE_CHECKING:
    from harness.history.store import Store
    from harness.observations import Grade, Sim
from harness.reports.document.document import Document

SAMPLE = Path(__file__).parents[2] / "reports" / "sample"
PROFILE = "a" * 64


@cache
def sample() -> Document:
    return load_document(SAMPLE)


def _card(plmn: str) -> dict[str, Any]:
    return Sim(grade=Grade.MEASURED, slot=0, state="ready", plmn=plmn).as_json()


@dataclass(frozen=True)
class MadeRun:
    """One run of one piece by one carrier."""

    day: str = "2026-11-21"
    id: str = "7f3a90c2"
    key: str | None = "S-1"
    device: str = "dut-1"
    model: str | None = "Model X"
    maker: str | None = "Maker"
    hardware: str | None = "rev A"
    firmware: str | None = "BUILD.1"
    layers: dict[str, Any] = field(default_factory=lambda: {"hardware": {"lte": (2, 4, 12)}})
    verdicts: dict[str, str] = field(default_factory=lambda: {"R-1": "PASS"})
    carrier: str = "us/att"
    edition: str = "2024"
    profile: str | None = PROFILE
    policy: str = "strict"
    tester: str | None = None
    time: str = "14:03:11.000Z"
    sim: str | None = None
    """The network of the card in its slot; None: as the sample tells."""
    grade: str = "measured"
    """What the run asked for."""

    def document(self) -> Document:
        base = sample()
        device = replace(
            base.devices[0],
            device=self.device,
            key=self.key,
            sample=None,
            firmware=self.firmware,
            identity={
                **({"manufacturer": self.maker} if self.maker else {}),
                **({"model": self.model} if self.model else {}),
                **({"hardware": self.hardware} if self.hardware else {}),
            },
            layers=self.layers,
            **({"sims": facts_of([_card(self.sim)])} if self.sim else {}),
            # The sample was swept; a made run has the trials that a test gives it.
            observations=tuple(
                one for one in base.devices[0].observations if not isinstance(one, BandTrial | RatTrial)
            ),
        )
        verdicts = tuple(
            replace(
                base.verdicts[0],
                device=self.device,
                carrier=self.carrier,
                edition=self.edition,
                requirement=name,
                verdict=Outcome[word],
                reason=f"{word} of {name}",
                level="mandatory",
            )
            for name, word in self.verdicts.items()
        )
        whole = worst(one.verdict for one in verdicts) if verdicts else Outcome.NA
        result = replace(
            base.results[0], device=self.device, carrier=self.carrier, edition=self.edition, verdict=whole, missing=()
        )
        edition = replace(base.editions[0], carrier=self.carrier, edition=self.edition, profile_sha256=self.profile)
        run = replace(
            base.run,
            id=self.id,
            key=None,
            started=f"{self.day}T{self.time}",
            policy=self.policy,
            require_grade=self.grade,
        )
        return replace(
            base,
            run=run,
            lab=replace(base.lab, tester=self.tester),
            devices=(device,),
            results=(result,),
            editions=(edition,),
            verdicts=verdicts,
            summary=summary_of(verdicts),
        )


def append(store: Store, folder: Path, *runs: MadeRun) -> list[str]:
    """Append runs; what became of each."""
    found = []
    for run in runs:
        document = run.document()
        file = folder / "rows.ndjson"
        file.write_bytes(encoded_rows(document))
        found.append(store.append(file, key_of(document)))
    return found
