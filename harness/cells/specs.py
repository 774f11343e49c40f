"""Sources of cells as users name them, `KIND:ADDRESS,key=value,...`, in `--cells` and in the bench file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import UnknownName, UsageError

from .web import WebChannel, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .source import CellSource

_KEYS = {
    "scpi": frozenset({"map", "power", "bands", "visa"}),
    "amarisoft": frozenset({"core", "gain"}),
    "open5gs": frozenset({"nr"}),
    "minicircuits": frozenset({"ports", "open", "shut"}),
}
EXAMPLES = {
    "scpi": "scpi:TCPIP::192.0.2.7::5025::SOCKET,map=cmw500,power=-85,bands=2/12",
    "amarisoft": "amarisoft:ws://192.0.2.8:9001,core=ws://192.0.2.8:9000",
    "open5gs": "open5gs:http://192.0.2.9:9090",
    "minicircuits": "minicircuits:http://192.0.2.10,ports=1:2/12+2:n71",
}
PLAIN = ("live", "manual")


@dataclass(frozen=True, slots=True)
class CellSpec:
    """One source as it was named. `text` is what its journal keeps to find the instrument again."""

    kind: str
    address: str
    pairs: dict[str, str]
    text: str


def parse_spec(text: str) -> CellSpec:
    """Read one. Raises UsageError, UnknownName."""
    kind, _, rest = text.strip().partition(":")
    if kind not in _KEYS:
        raise UnknownName("source of cells", kind, (*PLAIN, *_KEYS))
    address, *words = (one.strip() for one in rest.split(","))
    pairs = dict(word.partition("=")[::2] for word in words)
    unknown = sorted(set(pairs) - _KEYS[kind])
    if not address or unknown or "" in pairs.values():
        wrong = f"no {unknown[0]!r} here" if unknown else "an address and key=value are needed"
        raise UsageError(f"--cells={text}: {wrong}", way_out=f"write --cells={EXAMPLES[kind]}")
    return CellSpec(kind, address, pairs, text.strip())


def named_cells(texts: Sequence[str], *, journals: Path | None = None) -> CellSource:
    """The sources that were named, as one, for several devices in turn; opened when they are needed. Raises UsageError."""
    from .maps import load_map
    from .turns import CellsInTurn, TogetherCells

    specs = [parse_spec(text) for text in texts]
    for one in specs:
        if one.kind == "scpi":
            load_map(_map_of(one))

    def opened() -> CellSource:
        sources: list[CellSource] = []
        try:
            for one in specs:
                sources.append(open_spec(one, journals=journals))
        except BaseException:
            for source in sources:
                source.close()
            raise
        return sources[0] if len(sources) == 1 else TogetherCells(sources)

    return CellsInTurn(opened, " with ".join(one.kind for one in specs))


def open_spec(spec: CellSpec, *, journals: Path | None = None) -> CellSource:
    """One source, asked what it is. Raises UsageError, LinkError."""
    return _OPENERS[spec.kind](spec, journals)


def _scpi(spec: CellSpec, journals: Path | None) -> CellSource:
    from .instrument import InstrumentCells
    from .maps import load_map, shipped_maps
    from .scpi import BACKEND, ScpiChannel

    named = _map_of(spec)
    told = load_map(named)
    # A map of the laboratory's own is found again from any folder.
    pairs = spec.pairs if named in shipped_maps() else spec.pairs | {"map": str(Path(named).absolute())}
    reached = ",".join((f"scpi:{spec.address}", *(f"{key}={value}" for key, value in pairs.items())))
    power = numbered(spec.pairs, "power", told.power_dbm[0], *told.power_dbm) if "power" in spec.pairs else None
    only = bands_in(spec.pairs["bands"]) if "bands" in spec.pairs else None
    channel = ScpiChannel(spec.address, told, backend=spec.pairs.get("visa", BACKEND))
    return InstrumentCells(channel, told, reached=reached, power_dbm=power, only=only, journals=journals)


def _map_of(spec: CellSpec) -> str:
    if "map" not in spec.pairs:
        raise UsageError(f"--cells={spec.text}: which instrument is it?", way_out=f"write --cells={EXAMPLES['scpi']}")
    return spec.pairs["map"]


def _amarisoft(spec: CellSpec, journals: Path | None) -> CellSource:
    from .amarisoft import AmarisoftCells, AmarisoftChannel

    gain = numbered(spec.pairs, "gain", 0.0, -199.0, 0.0)
    radio = AmarisoftChannel(spec.address)
    core = AmarisoftChannel(spec.pairs["core"]) if "core" in spec.pairs else None
    return AmarisoftCells(radio, reached=spec.text, core=core, gain_db=gain, journals=journals)


def _open5gs(spec: CellSpec, journals: Path | None) -> CellSource:
    from .open5gs import Open5gsWitness

    if spec.pairs.get("nr", "no") not in {"yes", "no"}:
        raise UsageError(f"--cells={spec.text}: nr=yes is an AMF, nr=no an MME")
    return Open5gsWitness(WebChannel(spec.address), nr=spec.pairs.get("nr") == "yes")


def _minicircuits(spec: CellSpec, journals: Path | None) -> CellSource:
    from .attenuators import MiniCircuits

    ports: dict[tuple[str, int], tuple[int, ...]] = {}
    for word in spec.pairs.get("ports", "").split("+"):
        number, _, bands = word.partition(":")
        if not number.isdigit() or not 1 <= int(number) <= 16:
            raise UsageError(f"--cells={spec.text}: which port is whose?", way_out=f"write {EXAMPLES['minicircuits']}")
        for one in bands_in(bands):
            ports[one] = (*ports.get(one, ()), int(number))
    return MiniCircuits(
        WebChannel(spec.address),
        ports,
        reached=spec.text,
        open_db=numbered(spec.pairs, "open", 0.0, 0.0, 120.0),
        shut_db=numbered(spec.pairs, "shut", 0.0, 0.0, 120.0) if "shut" in spec.pairs else None,
        journals=journals,
    )


_OPENERS: dict[str, Callable[[CellSpec, Path | None], CellSource]] = {
    "scpi": _scpi,
    "amarisoft": _amarisoft,
    "open5gs": _open5gs,
    "minicircuits": _minicircuits,
}
_SIGNS = {"": "lte", "b": "lte", "n": "nr", "m": "lte_m", "nb": "nb_iot"}


def bands_in(text: str) -> frozenset[tuple[str, int]]:
    """`2/12/n71`: bands between slashes, for commas part the pairs. Raises UsageError."""
    import re

    from harness.radio.tables import lte_bands, nr_bands

    found = set()
    for word in text.split("/"):
        match = re.fullmatch(r"(nb|b|n|m)?(\d{1,3})", word.strip().lower())
        rat = _SIGNS[match[1] or ""] if match else ""
        if match is None or int(match[2]) not in (nr_bands() if rat == "nr" else lte_bands()):
            raise UsageError(f"{word!r} is no band", way_out="write 2/12/n71")
        found.add((rat, int(match[2])))
    return frozenset(found)
