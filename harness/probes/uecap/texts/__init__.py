"""How a UE capability is written as text."""
