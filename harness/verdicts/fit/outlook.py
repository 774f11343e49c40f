"""One device at one carrier in groups of bands: what it has, what decides, what is only noted, what stays open.

RF band fit and everything else that the edition asks stay two results. Works on a declaration alone
(`listing.survey_without_device`), so that a maker sees the gaps before any laboratory and a buyer before the purchase.
Nothing here speaks of acceptance by the carrier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from harness.radio.tables import band_label
from harness.requirements.bands.roles import missing_words
from harness.verdicts.verdict import Outcome, Policy, Verdict, worst

from .ranking import KnownDevice, Offers

if TYPE_CHECKING:
    from harness.carriers.store import Selected
    from harness.requirements.band import BandRule
    from harness.requirements.bound import Bound

    from .ranking import FitBand, Offer

Group = Literal["have", "missing", "missing_extended", "by_alias", "open"]
"""`missing` decides under the policy, `missing_extended` is only noted; `by_alias`: a declared legacy alias serves."""
_GROUPS: tuple[Group, ...] = ("have", "missing", "missing_extended", "by_alias", "open")


@dataclass(frozen=True, slots=True)
class BandAnswer:
    """One band that the edition lists as mandatory or recommended, as the device has it."""

    rule: BandRule
    has: bool | None
    verdict: Verdict
    group: Group

    @property
    def label(self) -> str:
        """B12, n71, and so on."""
        return band_label(self.rule.rat, self.rule.band)

    @property
    def sentence(self) -> str:
        """What a missing band is at this carrier and what comes of it; for another band the verdict's own reason."""
        if self.group not in {"missing", "missing_extended"}:
            return self.verdict.reason
        return missing_words(self.label, self.rule.role, self.rule.note)


@dataclass(frozen=True, slots=True)
class Outlook:
    """One device at one edition."""

    device: str
    carrier: str
    edition: str
    policy: Policy
    bands: tuple[BandAnswer, ...]
    band_fit: Outcome
    service: Outcome
    """The heaviest verdict of everything else that the edition asks: registration, VoLTE, software."""
    best_rat: str
    not_assessed: tuple[str, ...]

    def labels(self, group: Group) -> tuple[str, ...]:
        """Labels of the bands of one group, in the order of the edition."""
        return tuple(answer.label for answer in self.bands if answer.group == group)

    def numbers(self, group: Group, rat: str = "lte") -> tuple[int, ...]:
        """Band numbers of one group and technology, sorted."""
        return tuple(sorted(a.rule.band for a in self.bands if a.rule.rat == rat and a.group == group))

    def as_json(self) -> dict[str, Any]:
        """The shape of reports."""
        return {
            "device": self.device,
            "carrier": self.carrier,
            "edition": self.edition,
            "policy": self.policy,
            "band_fit": self.band_fit.name,
            "service": self.service.name,
            "best_rat": self.best_rat,
            **{group: list(self.labels(group)) for group in _GROUPS},
            "roles": {answer.label: answer.rule.role for answer in self.bands},
            "sentences": [answer.sentence for answer in self.bands if answer.group != "have"],
            "not_assessed": list(self.not_assessed),
        }


def outlook(bound: Bound, selected: Selected, policy: Policy = "strict") -> Outlook:
    """The outlook of a surveyed or only declared device at one edition. Pure."""
    device = KnownDevice(bound)
    [fit] = Offers([selected], policy).fits(device)
    return Outlook(
        device=device.name,
        carrier=selected.carrier.id,
        edition=selected.edition.as_of,
        policy=policy,
        bands=tuple(_answer(device, fit.offer, band) for band in fit.answer.listed),
        band_fit=fit.band_fit,
        service=worst(verdict.outcome for verdict in fit.others),
        best_rat=fit.best_rat,
        not_assessed=selected.edition.not_assessed,
    )


def _answer(device: KnownDevice, offer: Offer, band: FitBand) -> BandAnswer:
    verdict = offer.verdict(device, band.rule)
    return BandAnswer(band.rule, band.has, verdict, _group(device, offer, band, verdict))


def _group(device: KnownDevice, offer: Offer, band: FitBand, verdict: Verdict) -> Group:
    if band.has:
        return "have"
    if _by_alias(device, offer, band):
        return "by_alias"
    if band.has is None:
        return "open"
    return "missing" if verdict.outcome is Outcome.FAIL else "missing_extended"


def _by_alias(device: KnownDevice, offer: Offer, band: FitBand) -> bool:
    """Whether the device has a band that the edition declares a legacy alias of this one."""
    aliases = offer.selected.edition.alias_for(band.rule.rat, band.rule.band)
    own = offer.is_own(device)
    return any(device.fact(alias.rat, alias.satisfied_by, own=own).has for alias in aliases)
