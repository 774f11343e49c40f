"""All verdicts of all recordings as one sorted text: what a change of the rules moves is a `diff` of two of them.

    python -m benchmarks.verdict_table OUT [--captures=DIR] [--as-of=DAY]

A line is survey, policy, carrier with edition, requirement, verdict, grade, reason and evidence. Every recording below
`fixtures/` and `examples/` is judged by all carriers, under both policies, as it is and with SIMs laid into it (in
service, locked, remembered only) and facts taken from it; of captured AT transcripts and dumps (`--captures`) what
their answers tell. Pure but for reading: the same tree writes the same bytes.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.carriers.sheets import Sheets
from harness.carriers.store import Profiles
from harness.errors import InputError, ParseError, UsageError
from harness.observations import EnabledBands, Observation, Registration, ServingCell, Sim, Source, SupportedBands
from harness.recording.exchange import Exchange
from harness.survey.reading import read_device
from harness.survey.survey import Survey
from harness.verdicts.plan import Run, plan_run

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
OWN = "310410"
"""Home network of the SIMs that are laid into a survey; the carriers of its country judge those."""
POLICIES: tuple[Any, ...] = ("strict", "service")


def recorded() -> Iterator[Survey]:
    """The surveys of all recordings that lie in the repository."""
    for about in sorted([*ROOT.glob("fixtures/*/recording.yaml"), *ROOT.glob("examples/*/*/*/recording.yaml")]):
        yield replace(read_device(str(about.parent), device=about.parent.name), elapsed_s=0.0)


def captured(folder: Path) -> Iterator[Survey]:
    """The surveys of captured AT transcripts and of captured texts of handsets."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted(folder.glob("at*/*.yaml")):
        yield _transcript(path.stem, yaml.load(path.read_text(encoding="utf-8"), loader))
    for path in sorted(one for one in folder.glob("adb*/*") if one.is_dir()):
        yield _texts(path)


def _transcript(name: str, data: dict[str, Any]) -> Survey:
    from harness.probes.at import registry
    from harness.probes.at.language.answer import Modem
    from harness.probes.at.session import read_exchange

    firmware = str(data["firmware"]) if data.get("firmware") else None
    modem = Modem(None, str(data.get("model", "")), firmware)
    try:
        dialect = registry.dialect(str(data["vendor"]).split()[0])
    except UsageError:
        dialect = None
    exchanges: list[tuple[str, Exchange]] = []
    facts: list[Observation] = []
    for item in data["transcript"]:
        text = "\r\n".join([*map(str, item["response"]), ""])
        exchange = Exchange(str(item["request"]), text.encode("utf-8", "replace"))
        exchanges.append(("at", exchange))
        facts += read_exchange(exchange, dialect, modem).observations
    dialect_name = dialect.name if dialect else None
    return Survey(name, name, "modem", tuple(facts), exchanges=tuple(exchanges), dialect=dialect_name)


def _texts(path: Path) -> Survey:
    from harness.probes import adb

    facts: list[Observation] = []
    for file in sorted(path.glob("*.txt")):
        try:
            facts += adb.read(file.read_text(encoding="utf-8", errors="replace")).observations
        except ParseError:
            continue
    return Survey(path.name, path.name, "handset", tuple(facts))


def variants(survey: Survey) -> Iterator[tuple[str, Survey]]:
    """The survey with SIMs laid into it, and with facts taken from it."""
    others = tuple(one for one in survey.observations if not isinstance(one, Sim))
    home = Registration(slot=0, domain="eps", state="home", rat="lte", plmn=OWN)
    cell = ServingCell(
        slot=0, rat="lte", arfcn=5110, band=12, band_source="both", registered=True, plmn=OWN, source=Source("cell", 1)
    )
    ready = Sim(slot=0, state="ready", plmn=OWN)
    laid: dict[str, tuple[Observation, ...]] = {
        "own SIM": (ready,),
        "own SIM at home": (ready, home),
        "own SIM attached": (ready, home, cell),
        "own SIM, cell without registration": (ready, cell),
        "own SIM denied": (ready, replace(home, state="denied", cause=11), cell),
        "own SIM locked": (replace(ready, state="pin_required"), home),
        "own SIM of no state": (replace(ready, state=None),),
        "own SIM, slot not told": (replace(ready, slot=None), replace(home, slot=1), replace(cell, slot=2)),
        "another SIM": (replace(ready, plmn="20801"),),
        "no SIM": (Sim(slot=0, state="absent"),),
        "a SIM of nobody": (Sim(slot=0, state="ready"),),
    }
    for name, facts in laid.items():
        yield name, replace(survey, observations=(*others, *facts))
    expecting = replace(survey, observations=(*others, replace(ready, plmn="20801")), expected_sim=OWN)
    yield "another SIM than expected", expecting
    yield "lost", replace(survey, trouble="the device went away", lost=True)
    for type_ in (SupportedBands, EnabledBands, ServingCell, Registration):
        left = tuple(one for one in survey.observations if not isinstance(one, type_))
        if len(left) < len(survey.observations):
            yield f"without {type_.kind}", replace(survey, observations=left)


def lines(survey: Survey, carriers: list[str], profiles: Profiles, day: date, name: str) -> Iterator[str]:
    """Every verdict on a survey."""
    sheets = Sheets()
    for policy in POLICIES:
        run = Run(policy=policy, as_of=day, surveys={survey.device: survey})
        plan_run(run, carriers, profiles, sheets=sheets)
        for case in run.cases:
            told = run.verdict(case)
            where = " ".join(f"[{source}]" for source in told.evidence)
            grade = told.grade.word if told.grade else "-"
            words = (name, policy, case.selected.ref, case.rule.id, told.outcome.name, grade, told.reason, where)
            yield " | ".join(words)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verdict_table", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--captures", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2026, 6, 1))
    given = parser.parse_args()
    profiles = Profiles()
    everywhere = list(profiles.countries())
    told: list[str] = []
    for survey in recorded():
        told += lines(survey, everywhere, profiles, given.as_of, survey.device)
        for what, other in variants(survey):
            told += lines(other, ["us"], profiles, given.as_of, f"{survey.device} + {what}")
    for survey in captured(given.captures) if given.captures else ():
        try:
            told += lines(survey, ["us", "mx"], profiles, given.as_of, survey.device)
        except InputError as error:
            told.append(f"{survey.device} | {error}")
            continue
        for what, other in variants(survey):
            told += lines(other, ["us/att"], profiles, given.as_of, f"{survey.device} + {what}")
    given.out.write_text("\n".join(sorted(told)) + "\n", encoding="utf-8")
    print(f"{len(told)} verdicts in {given.out}")


if __name__ == "__main__":
    main()
