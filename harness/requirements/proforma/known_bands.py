"""What a device itself told of its bands: each looked up once, whoever's SIM is in it, and no sheet asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.binding.binding import bind
from harness.requirements.bands.facts import band_fact
from harness.requirements.bands.layers import measured_fact

if TYPE_CHECKING:
    from harness.requirements.bands.layers import BandFact
    from harness.survey.survey import Survey


class KnownBands:
    """The bands of one survey. A maker's declaration never answers here: it is what is held against the device."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self._binding = bind(survey)
        self._facts: dict[tuple[str, int], BandFact] = {}

    def fact(self, rat: str, band: int) -> BandFact:
        """What is known of one band by the device's own lists and by where it is attached."""
        key = (rat, band)
        found = self._facts.get(key)
        if found is None:
            found = self._facts[key] = band_fact(self.survey, self._binding, None, rat, band, own_sim=False)
        return found

    def listed(self, rat: str, band: int) -> BandFact | None:
        """What the modem's own lists say of one band; None where it was asked for none."""
        return measured_fact(self.survey, rat, band, f"n{band}", own_sim=False)
