"""What a dump tells of one SIM slot, and all its facts: serving cells, registrations, NR state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from harness.observations import Source

from .servicestate import IN_SERVICE

if TYPE_CHECKING:
    from .cell import AdbCell
    from .channel import Channel
    from .servicestate import DomainReg, ServiceState


@dataclass
class Slot:
    """The current state of one slot, gathered while reading. `slot` None: the text does not say which."""

    slot: int | None = None
    line: int | None = None
    service: ServiceState | None = None
    regs: tuple[DomainReg, ...] = ()
    identity: AdbCell | None = None
    cells: list[AdbCell] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    channel_line: int | None = None
    override: str | None = None
    notes: list[str] = field(default_factory=list)
    """Warnings of the reading itself."""

    @property
    def empty(self) -> bool:
        """Whether nothing was gathered."""
        return not (self.service or self.regs or self.identity or self.cells or self.channels)

    def reg(self, domain: Literal["cs", "ps"]) -> DomainReg | None:
        """The registration of a domain over the cellular transport."""
        for reg in self.regs:
            if reg.domain == domain:
                return reg
        return None

    def level(self, domain: Literal["cs", "ps"]) -> int | None:
        """The RegState of a domain as the service state tells it: `IN_SERVICE` and its sisters."""
        if self.service is None:
            return None
        return self.service.voice if domain == "cs" else self.service.data

    def has_service(self, domain: Literal["cs", "ps"]) -> bool | None:
        """Whether a domain has service over a cell. The RegState of data also counts Wi-Fi: registrations come first."""
        reg = self.reg(domain)
        if reg is not None and reg.registered is not None:
            return reg.registered
        state = self.level(domain)
        if state is None or (domain == "ps" and self.service is not None and self.service.data_over_wifi):
            return None
        return state == IN_SERVICE

    @property
    def attached(self) -> bool | None:
        """Whether any domain has service over a cell; None where that is not told."""
        voice, data = self.level("cs"), self.level("ps")
        if voice and data:
            return False
        oks = [self.has_service("cs"), self.has_service("ps")]
        known = [reg.registered for reg in self.regs if reg.registered is not None]
        if True in oks or (oks == [None, None] and any(reg.registered for reg in self.regs if reg.domain is None)):
            return True
        if oks == [False, False] or (known and not any(known)):
            return False
        return None

    @property
    def source(self) -> Source | None:
        """Where its state stands: the line that began it."""
        return Source(line=self.line) if self.line else None
