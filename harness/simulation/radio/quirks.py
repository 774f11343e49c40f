"""How modems misbehave at a lock. Each was seen in the field."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """All false: a modem that does what it says."""

    not_in_force: bool = False
    """A lock is accepted, and even read back, and the modem goes on as before."""
    deaf: bool = False
    """A lock is answered OK and nothing is kept."""
    other_mask: bool = False
    """What is read back differs from what was written, in another mask or by a band more."""
    kept_cell: bool = False
    """The modem never leaves its cell, whatever CFUN says."""
    no_final: bool = False
    """A lock is taken, and its answer never ends."""
    refuses: bool = False
    """A lock is refused."""
    wiped_after_s: float = 0.0
    """So long after a lock the modem initialises again and forgets it."""
    unreadable: bool = False
    """The lock reads as an error once it was written."""
    silent: bool = False
    """It tells nothing unasked."""
    restarts_at: int = 0
    """At this request it loses power, and its port."""
    another_writer_after_s: float = 0.0
    """So long after a lock somebody else writes the list as it was."""
    rat_coupled: bool = False
    """Writing one list empties the list of the other technology."""
    bars_card: bool = True
    """Causes 3, 6, 7 and 8 bar the card until the radio is off (TS 24.301 5.5.1.2.5)."""
    vanishes_at: int = 0
    """At this request the port is gone for good."""
    lost_at_restart: bool = False
    """A restart brings the lists back as they were found."""
    hidden_lock: bool = False
    """What was locked holds on after a restart, and the lists read free; only writing them ends it."""
    restarts_after_s: float = 0.0
    """So long after a lock it restarts by itself, and its port goes with it."""
    unlock_unfinished: bool = False
    """Lists that are written back read as before, and hold after a restart alone."""
    another_choice: bool = False
    """A restart takes another of its sets into use than the one that was chosen, though it reads as chosen until then."""
    other_profile: bool = False
    """After a write another profile is in use, with lists of its own."""
    overlapping_cfun: bool = False
    """Somebody else switches the radio off and on as well, some seconds behind each CFUN=1."""
    leg_never: bool = False
    """The network adds no NR leg beside its LTE cells."""
    leg_elsewhere: bool = False
    """The leg is on a band that the list does not have."""
    leg_stale: bool = False
    """It goes on telling of a leg that it once had."""
    not_put_back: bool = False
    """A list that is written as it was found is answered OK and not kept."""
    another_list_after_s: float = 0.0
    """So long after a lock somebody else writes a list of his own."""
