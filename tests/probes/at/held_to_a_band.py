"""How a family would hold a modem to one band, as the lines that it would send; shared by the tests of the locks."""

from __future__ import annotations

from dataclasses import dataclass

from harness.probes.at.language.answer import Modem
from harness.probes.at.locking import BandLock, Locking
from harness.probes.at.registry import dialect
from harness.recording.exchange import Exchange
from harness.state.item import StateItem


@dataclass(frozen=True)
class Held:
    """One modem with what it answers to read forms, and one radio technology of it."""

    locking: Locking
    lock: BandLock
    before: dict[str, str | None]

    def lines(self, band: int) -> list[str | None]:
        """What is sent for a band, in order; None where a value may not be written, or the family has none for it."""
        items = {one.name: one for one in self.locking.items}
        off, on = (self.locking.radio.request(word) for word in (self.locking.off, self.locking.on))
        value = self.lock.only(self.before[self.lock.item.name] or "", band)
        sent = [items[name].request(word) for name, word in self.lock.beside_values(self.before).items()]
        sent.append(None if value is None else self.lock.item.request(value))
        if self.lock.item.restart:
            sent.append(self.lock.item.restart)
        return [off, *sent, on] if self.lock.while_off else [*sent, off, on]

    def back(self) -> list[str | None]:
        """What puts the modem back, in order; items that were not read are left out."""
        known = [(one, self.before[one.name]) for one in reversed(self.locking.items)]
        return [one.request(value) for one, value in known if value is not None]

    @property
    def enabled(self) -> frozenset[int] | None:
        """The bands that the lock's item tells."""
        value = self.before[self.lock.item.name]
        return None if value is None else self.lock.bands(value)

    def refusal(self) -> str:
        """Why the lock must not be set; empty where it may."""
        return self.lock.item.refusal(self.before[self.lock.item.name])


def locking_of(name: str, model: str | None, firmware: str | None = None) -> Locking | None:
    """The family's locks for a model."""
    find = dialect(name).locking
    return None if find is None else find(Modem(model=model, firmware=firmware))


def value_of(item: StateItem, text: str) -> str | None:
    """What an answer says of an item."""
    return item.value_in(Exchange(item.read, f"\r\n{text}\r\n\r\nOK\r\n".encode()))


def held(name: str, model: str, rat: str, *answers: str) -> Held:
    """A modem whose answers are these lines, whichever item reads them."""
    locking = locking_of(name, model)
    assert locking is not None
    lock = locking.lock_of(rat)
    assert lock is not None
    text = "\r\n".join(answers)
    return Held(locking, lock, {one.name: value_of(one, text) for one in locking.items})
