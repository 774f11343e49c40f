"""What was declared of one device beside its sheet: filled proformas and a regulator's grants."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.ics.declaration import IcsDeclaration
    from harness.ics.grants import Grant
    from harness.survey.survey import Survey

    from .proforma.granting import HeldGrant
    from .proforma.holding import Held


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of one device. `fcc_id` is what the customer says of the item. Each is held against it once."""

    ics: tuple[IcsDeclaration, ...] = ()
    grants: tuple[Grant, ...] = ()
    fcc_id: str = ""
    _held: dict[str, tuple[Held, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __bool__(self) -> bool:
        return bool(self.ics or self.grants)

    def held_ics(self, survey: Survey) -> tuple[Held, ...]:
        """Each proforma held against the device."""
        if not self.ics:
            return ()
        found = self._held.get(survey.device)
        if found is None:
            from .proforma.holding import hold

            found = self._held[survey.device] = tuple(hold(survey, one) for one in self.ics)
        return found

    def held_grant(self, survey: Survey) -> HeldGrant | None:
        """All grants together held against the device; None where there is none."""
        if not self.grants:
            return None
        from .proforma.granting import hold_grants

        return hold_grants(survey, self.grants, self.fcc_id)


NO_PAPERS = Papers()
"""Nothing was declared."""
