"""How a UE capability travels: packets, fragments, logs, RRC."""
