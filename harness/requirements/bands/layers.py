"""What the modem's own lists say of one band, layer by layer: hardware, carrier policy, what is advertised.

Advertised is enabled AND policy AND hardware, so a band that is missing there may only be switched off; and a policy
that was read under another carrier's SIM says nothing about this carrier's. A UE capability answers an enquiry and has
no checksum: a band that nobody asked for is not thereby absent, and one that is named at one place only is not certain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from harness.binding.unread import unread
from harness.observations import Grade, Source
from harness.radio.rats import label as rat_words
from harness.radio.rats import same_rat
from harness.radio.tables import band_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.observations import EnabledBands, SupportedBands
    from harness.survey.survey import Survey

LAYER_WORDS = {
    "hardware": "in hardware",
    None: "listed by the modem",
    "policy": "left by the carrier policy of this SIM",
    "advertised": "told to the network",
}
"""How reasons name the layers, from the inside outwards."""

Because = Literal[
    "lists",
    "conflict",
    "layers",
    "unrestricted",
    "once",
    "silent",
    "list_ends",
    "not_enabled",
    "enabled_unknown",
    "removed",
    "unread",
    "not_listed",
    "lost",
    "seen",
    "contradicted",
    "refused",
    "untold",
    "not_asked",
    "sheet",
    "unverified",
    "in_part",
    "mode_off",
    "other_mode",
]
"""What decides a fact, or leaves it open.

By the modem's lists: `lists` they agree; `conflict` sources disagree; `layers` contradict each other; `unrestricted` no
band is named; `once` at one place only; `silent` none could show it; `list_ends` before it; `not_enabled`,
`enabled_unknown` so not advertised; `removed` by a carrier policy; `unread` an answer was lost; `not_listed` it lists other
technologies only; `lost` with the device. By cells: `seen` in use;
`contradicted` seen although the lists deny it. By neither: `refused` evidence of another device; `untold` no source;
`not_asked` the modem's own answer is missing; `sheet` the maker's; `unverified` a sheet
from memory; `in_part` the hardware has a part of the band only; `mode_off` SA or NSA is
switched off; `other_mode` only the list of the other of the two was told.
"""
OPEN = frozenset({"once", "silent", "list_ends"})
"""The lists leave the band open and nothing speaks against it."""

LayerAnswer = Literal["yes", "once", "no", "unasked", "conflict"]
"""`once`: named, but at one place only of a message without a checksum. `unasked`: none of the lists could show it."""


class BandState(NamedTuple):
    """All of a fact that an outcome can depend on: the fact but for its band, its words and its sources."""

    has: bool | None
    because: Because
    grade: Grade | None
    part: tuple[float, float] | None
    noted: bool
    """There is a remark, of the fact or of what is enabled now."""
    apart: tuple[BandState | bool, ...] = ()
    """Of a device whose links are not all surely its own: what is known without them, and with those of another."""


@dataclass(frozen=True, slots=True)
class BandFact:
    """`has` is None where it cannot be told; `why` says it in words; `grade` is that of the deciding source."""

    band: int
    has: bool | None
    because: Because
    why: str
    grade: Grade | None = None
    evidence: tuple[Source, ...] = ()
    note: str = ""
    part: tuple[float, float] | None = None
    """The part of the band that the hardware has, as its uplink in MHz; None = nobody says that it is not the whole."""

    def state(self, remark: str) -> BandState:
        """What an outcome depends on; `remark`: on what is enabled now."""
        return BandState(self.has, self.because, self.grade, self.part, bool(self.note or (self.has and remark)))

    def only_in_part(self, served: bool | None, wanted: tuple[float, float] | None) -> BandFact:
        """The fact for a carrier whose part (uplink, MHz) does not lie in that of the hardware, or may not: `served`."""
        part = self.part or (0.0, 0.0)
        only = f"{self.why}, but of its uplink only {part[0]:g} to {part[1]:g} MHz"
        if served is None:
            why = f"{only}: whether the carrier's cells lie in it is not known"
            return replace(self, has=None, because="in_part", grade=None, why=why)
        low, high = wanted or part
        grade = min(self.grade, Grade.DECLARED) if self.grade is not None else None
        why = f"{only}, and the carrier uses {low:g} to {high:g} MHz"
        return replace(self, has=False, because="in_part", grade=grade, why=why)


def measured_fact(survey: Survey, rat: str, band: int, label: str, *, own_sim: bool) -> BandFact | None:
    """The answer of the modem's own lists; None where it was not asked for any.

    NR lists for SA and NSA are two chains of layers: the band must come through one of them whole.
    """
    lists = [item for item in survey.supported if same_rat(rat, item.rat)]
    evidence = tuple(dict.fromkeys(item.source for item in lists if item.source))
    if not lists and not unread(survey, "supported", rat):
        return _not_listed(survey, rat, band, label)
    facts = [_chain(survey, mode, band, label, own_sim=own_sim) for mode in _modes(rat, lists)]
    chosen = next((fact for fact in facts if fact.because == "conflict"), None)
    chosen = chosen or next((fact for fact in facts if fact.has is True), None)
    chosen = chosen or next((fact for fact in facts if fact.has is None), facts[0])
    grade = None if chosen.has is None else Grade.MEASURED
    return replace(chosen, grade=grade, evidence=evidence)


def _not_listed(survey: Survey, rat: str, band: int, label: str) -> BandFact | None:
    """A modem that lists its bands over AT, and none of this radio technology: no sheet stands in for its answer."""
    others = [item.source for item in survey.supported if item.source and item.source.link == "at"]
    if not others:
        return None
    what = ", ".join(dict.fromkeys(str(source.request) for source in others))
    why = f"{label}: the modem's list ({what}) names no band of {rat_words(rat)}"
    return BandFact(band, None, "not_listed", why, None, tuple(others))


_DISAGREE = "measured sources disagree"
_ONCE = "told at one place only of a capability without a checksum; give another capture of it"
_UNASKED = (
    "the list cannot show it, or the network did not ask for it (as far as is known), so its absence tells nothing"
)


def _modes(rat: str, lists: Sequence[SupportedBands]) -> tuple[str, ...]:
    if rat == "nr" and any(item.rat != "nr" for item in lists):
        return ("nr_nsa", "nr_sa")
    return (rat,)


def _chain(survey: Survey, mode: str, band: int, label: str, *, own_sim: bool) -> BandFact:
    layers = {layer: _lists(survey.supported, mode, layer, band) for layer in LAYER_WORDS}
    lists = [item for items in layers.values() for item in items]
    told = {layer: answer for layer, items in layers.items() if (answer := _says(items, band))}
    has, because, why = _decided(
        survey, told, _enabled(survey.enabled, mode, band), _sides(lists, band), own_sim=own_sim
    )
    ends = [item.up_to for item in lists if item.up_to is not None and band > item.up_to]
    if because == "silent" and len(ends) == len(lists):
        name = ", ".join(dict.fromkeys(map(_named, lists)))
        last = band_label(mode, max(ends))
        because, why = "list_ends", f": the modem's list ({name}) ends at {last}, so its silence tells nothing"
    if has is not False:
        if lost := unread(survey, "supported", mode):
            what = ", ".join(lost[:3])
            return BandFact(band, None, "unread", f"{label}: {what} was asked, and its answer could not be read")
        if has and survey.trouble and "advertised" not in told:
            why = f"{label}: {why}, but the device was lost before all layers were read"
            return BandFact(band, None, "lost", why)
    return BandFact(band, has, because, f"{label} {why}" if has else f"{label}{why}")


def _lists(supported: Sequence[SupportedBands], mode: str, layer: str | None, band: int) -> list[SupportedBands]:
    """The lists of one layer for this mode; one for NR as a whole counts where none of the mode itself answers."""
    of_layer = [item for item in supported if item.layer == layer and same_rat(mode, item.rat)]
    exact = [item for item in of_layer if item.rat == mode]
    return exact if _says(exact, band) not in {None, "unasked"} else of_layer


def _says(items: Sequence[SupportedBands], band: int) -> LayerAnswer | None:
    """What the lists of one layer say; None where none is a list."""
    lists = [item for item in items if item.bands is not None]
    answers = {answer for item in lists if (answer := _answer(item, band))}
    if len(answers) > 1:
        return "conflict" if "no" in answers else "yes"
    return next(iter(answers), "unasked" if lists else None)


def _answer(item: SupportedBands, band: int) -> Literal["yes", "once", "no"] | None:
    """What one list says of the band; None where its silence tells nothing.

    A list that is in doubt (its grade says so) proves nothing either way.
    """
    certain = item.grade >= Grade.MEASURED
    if band in (item.bands or ()):
        return "yes" if certain and band not in item.told_once else "once"
    return "no" if certain and item.could_show(band) else None


def _sides(lists: Sequence[SupportedBands], band: int) -> str:
    """Which source says what, for a reason: `UE capability a.hex has it, AT#BND=? has it not`."""
    words = {"yes": "has it", "once": "has it at one place", "no": "has it not"}
    told = [(item, answer) for item in lists if item.bands is not None and (answer := _answer(item, band))]
    return ", ".join(dict.fromkeys(f"{_named(item)} {words[answer]}" for item, answer in told))


def _named(item: SupportedBands) -> str:
    """The source of a list, as people name it."""
    source = item.source
    name = (source.request if source and source.request else None) or (source.link if source else None)
    return name or f"the list {LAYER_WORDS[item.layer]}"


def _enabled(lists: Sequence[EnabledBands], rat: str, band: int) -> bool | None:
    """Whether the band is configured now; None where no list says so."""
    known = [item for item in lists if same_rat(rat, item.rat) and (item.unlimited or item.bands is not None)]
    return any(item.unlimited or band in (item.bands or ()) for item in known) if known else None


_Decided = tuple[bool | None, Because, str]


def _decided(
    survey: Survey, told: dict[str | None, LayerAnswer], enabled: bool | None, sides: str, *, own_sim: bool
) -> _Decided:
    """Whether the device has the band, by what, and why in words that follow the band's name."""
    inner = {told[layer] for layer in ("hardware", None) if layer in told}
    policy, advertised = told.get("policy"), told.get("advertised")
    if "conflict" in told.values() or {"yes", "no"} <= inner:
        return None, "conflict", f": {_DISAGREE}: {sides}"
    if not told:
        return None, "unrestricted", ": the modem names no list (no restriction)"
    if "once" in told.values():
        return None, "once", f": {_ONCE}"
    told = {layer: answer for layer, answer in told.items() if answer != "unasked"}
    if not told:
        return None, "silent", f": {_UNASKED}"
    answers = [told[layer] for layer in LAYER_WORDS if layer in told]
    if "no" in answers and "yes" in answers[answers.index("no") :]:
        return None, "layers", f": layers contradict each other ({_yes_and_no(told)}): {sides}"
    if "no" in inner:
        return False, "lists", f" not supported (measured: {_yes_and_no(told)})"
    if policy == "no":
        return _removed(survey, told, "policy", own_sim=own_sim)
    if advertised == "no":
        if enabled is False:
            return None, "not_enabled", f": {_held(told)}not enabled, so not advertised: enable it and read again"
        if enabled is None:
            return None, "enabled_unknown", f": {_held(told)}not advertised, and what is enabled was not observed"
        return _removed(survey, told, "advertised", own_sim=own_sim)
    return True, "lists", f"measured: {_places(told)}"


def _removed(
    survey: Survey, told: dict[str | None, LayerAnswer], layer: Literal["policy", "advertised"], *, own_sim: bool
) -> _Decided:
    config = survey.identity.carrier_config
    policy = f"policy of MBN {config}" if config else "the carrier policy of this SIM"
    by = policy if layer == "policy" else "what the modem advertises"
    if not own_sim:
        return None, "removed", f": {_held(told)}removed by {by}: the modem's carrier policy belongs to another SIM"
    return False, "removed", f": {_held(told)}removed by {by}, so the network will never see it"


def _held(told: dict[str | None, LayerAnswer]) -> str:
    """The layers that have the band, as the beginning of a sentence."""
    words = [LAYER_WORDS[layer] for layer, answer in told.items() if answer == "yes"]
    return f"{', '.join(words)}, " if words else ""


def _places(told: dict[str | None, LayerAnswer]) -> str:
    return ", ".join(LAYER_WORDS[layer] for layer in told)


def _yes_and_no(told: dict[str | None, LayerAnswer]) -> str:
    return ", ".join(f"{'' if answer == 'yes' else 'not '}{LAYER_WORDS[layer]}" for layer, answer in told.items())
